internal import Expressions
internal import Transactions

/// The sums over a level's transactions, kept from their columns.
struct RowSums {
    private enum Kind {
        case size
        case amount(places: Int)
        case integer
        case sameText
        case sameDate(clock: Int)
    }

    private struct Entry {
        let kind: Kind
        let field: Field
        var total: Int64 = 0
        var text: [UInt8] = []
    }

    private var entries: [Entry] = []
    private var clocks: [RowClock] = []
    private var count: Int64 = 0

    /// Nil where a sum asks for more than a field.
    init?(_ sums: [AccumulatorPlan], _ plan: Plan) {
        for sum in sums {
            guard sum.condition == nil else { return nil }
            guard let body = sum.body else {
                guard sum.result == .size else { return nil }
                entries.append(Entry(kind: .size, field: .transactionId))
                continue
            }
            guard let shape = body.shape else { return nil }
            switch (sum.result, RowValues(plan: plan, rowSlot: sum.slot).value(shape)) {
            case (.sum, .amount(let field, let places)?) where !plan.selection.isOptional(field):
                entries.append(Entry(kind: .amount(places: places), field: field))
            case (.sum, .integer(let field)?) where !plan.selection.isOptional(field):
                entries.append(Entry(kind: .integer, field: field))
            case (.same, .text(let field)?):
                entries.append(Entry(kind: .sameText, field: field))
            case (.same, .date(let field, let zone)?):
                entries.append(Entry(kind: .sameDate(clock: clocks.count), field: field))
                clocks.append(RowClock(zone))
            default: return nil
            }
        }
    }

    /// Takes a row; false where nothing was taken, because the general path must judge it.
    mutating func add(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>) -> Bool {
        guard !row.isReversal else { return false }
        for index in entries.indices {
            guard fits(index, row, bytes) else { return false }
        }
        for index in entries.indices {
            let value = Int64(bitPattern: row[2 * Int(entries[index].field.rawValue)])
            switch entries[index].kind {
            case .amount(let places):
                entries[index].total &+= RowProgram.rounded(value, Int8(places))
            case .integer: entries[index].total &+= value
            default: break
            }
        }
        count += 1
        return true
    }

    private mutating func fits(
        _ index: Int,
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>
    ) -> Bool {
        let entry = entries[index]
        guard row.has(entry.field) else { return false }
        let word = 2 * Int(entry.field.rawValue)
        let value = Int64(bitPattern: row[word])
        switch entry.kind {
        case .size: return true
        case .amount(let places):
            let rounded = RowProgram.rounded(value, Int8(places))
            return !entry.total.addingReportingOverflow(rounded).overflow
        case .integer: return !entry.total.addingReportingOverflow(value).overflow
        case .sameText:
            guard count > 0 else {
                entries[index].text = row.text(entry.field, bytes) ?? []
                return true
            }
            let length = Int(row[word + 1])
            guard length == entry.text.count else { return false }
            let start = Int(row[word] & ~ScannedRow.decodedMark)
            let isDecoded = row[word] & ScannedRow.decodedMark != 0
            for place in 0..<length {
                let byte = isDecoded ? row.decoded[start + place] : bytes[start + place]
                if byte != entry.text[place] { return false }
            }
            return true
        case .sameDate(let clock):
            guard clocks[clock].set(value) else { return false }
            let day = clocks[clock].days
            guard count > 0 else {
                entries[index].total = day
                return true
            }
            return entry.total == day
        }
    }

    /// Adds what was taken to accumulators, and begins anew.
    mutating func settle(
        into sums: inout [Accumulator],
        _ plans: [AccumulatorPlan]
    ) throws(EvaluationError) {
        guard count > 0 else { return }
        for index in entries.indices {
            let value: Value?
            switch entries[index].kind {
            case .size: value = nil
            case .amount(let places):
                let digits = Int128(entries[index].total)
                value = .decimal(ExactDecimal(significand: digits, scale: places))
            case .integer: value = .int(entries[index].total)
            case .sameText: value = .string(String(decoding: entries[index].text, as: UTF8.self))
            case .sameDate:
                value = CalendarDate(daysSinceEpoch: Int(entries[index].total)).map(Value.date)
            }
            try sums[index].merge(count, value, plans[index].result)
            entries[index].total = 0
        }
        count = 0
    }
}
