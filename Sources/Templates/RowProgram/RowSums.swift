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
        /// The field's first word, and its bit.
        let word: Int
        let bit: UInt32
        var total: Int64 = 0
        /// The text that all rows have, in `texts`.
        var text = 0..<0

        init(kind: Kind, field: Field) {
            self.kind = kind
            self.field = field
            word = 2 * Int(field.rawValue)
            bit = 1 << UInt32(field.rawValue)
        }
    }

    private var entries: [Entry] = []
    /// The texts of `sameText`, one behind the other; apart from the entries, so that looking at one
    /// counts no references.
    private var texts: [UInt8] = []
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
        if count == 0, !texts.isEmpty { texts.removeAll(keepingCapacity: true) }
        for index in entries.indices {
            guard row.present & entries[index].bit != 0, fits(index, row, bytes) else {
                return false
            }
        }
        for index in entries.indices {
            let value = Int64(bitPattern: row[entries[index].word])
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

    @inline(__always)
    private mutating func fits(
        _ index: Int,
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>
    ) -> Bool {
        let word = entries[index].word
        let value = Int64(bitPattern: row[word])
        switch entries[index].kind {
        case .size: return true
        case .amount(let places):
            let rounded = RowProgram.rounded(value, Int8(places))
            return !entries[index].total.addingReportingOverflow(rounded).overflow
        case .integer: return !entries[index].total.addingReportingOverflow(value).overflow
        case .sameText:
            guard count > 0 else {
                let text = row.text(entries[index].field, bytes) ?? []
                entries[index].text = texts.count..<texts.count + text.count
                texts.append(contentsOf: text)
                return true
            }
            let length = Int(row[word + 1])
            let start = Int(row[word] & ~ScannedRow.decodedMark)
            return row[word] & ScannedRow.decodedMark == 0
                ? isSame(index, bytes, start, length)
                : isSame(index, row.decoded.span, start, length)
        case .sameDate(let clock):
            guard clocks[clock].covers(value) || clocks[clock].cover(value) else { return false }
            let day = clocks[clock].local(value).day
            guard count > 0 else {
                entries[index].total = day
                return true
            }
            return entries[index].total == day
        }
    }

    /// Whether a text is that of the rows before.
    @inline(__always)
    private func isSame(_ index: Int, _ source: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        let text = entries[index].text
        guard length == text.count else { return false }
        let known = texts.span
        for place in 0..<length where source[start &+ place] != known[text.lowerBound &+ place] {
            return false
        }
        return true
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
            case .sameText:
                value = .string(String(decoding: texts[entries[index].text], as: UTF8.self))
            case .sameDate:
                value = CalendarDate(daysSinceEpoch: Int(entries[index].total)).map(Value.date)
            }
            try sums[index].merge(count, value, plans[index].result)
            entries[index].total = 0
        }
        count = 0
    }
}
