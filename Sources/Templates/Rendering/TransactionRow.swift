internal import Expressions
internal import Transactions

/// A record of values at hand: parameters, a batch, a lookup's row, a written record.
struct ValuesRecord: RecordValue {
    let values: [Value]

    func member(_ index: Int) throws(EvaluationError) -> Value {
        index < values.count ? values[index] : .absent
    }
}

/// A transaction with its derived fields, as expressions see it.
final class TransactionRow: RecordValue {
    let transaction: Transaction
    /// Its place in the source.
    let position: Int
    private let fields: [Field]
    /// The batch that a negated copy takes back; nil for what is sent as it is.
    private let reverses: Int?
    /// Where the derived fields begin: behind the feed's, and `reversal` and `reverses` if the
    /// template accepts them.
    private let derivedStart: Int
    private let derived: [Value]
    private let mayLack: Set<Field>

    init(
        _ selected: SelectedTransaction,
        position: Int,
        fields: [Field],
        acceptsReversals: Bool,
        mayLack: Set<Field>,
        derived: [Value]
    ) {
        self.mayLack = mayLack
        transaction = selected.transaction
        reverses = selected.reverses
        self.position = position
        self.fields = fields
        derivedStart = fields.count + (acceptsReversals ? 2 : 0)
        self.derived = derived
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        if index < fields.count { return try value(fields[index]) }
        if index >= derivedStart {
            let place = index - derivedStart
            return place < derived.count ? derived[place] : .absent
        }
        if index == fields.count { return .bool(reverses != nil) }
        return reverses.map { .int(Int64($0)) } ?? .absent
    }

    /// The number at a place, nil when absent.
    func number(_ index: Int) throws(EvaluationError) -> ExactDecimal? {
        guard index < fields.count, fields[index].kind == .amount else {
            return try member(index).number
        }
        guard let amount = transaction.amount(fields[index]) else {
            return try absent(fields[index]).number
        }
        return signed(amount.exact, fields[index])
    }

    /// Appends the UTF-8 of the text at a place and says whether there is one.
    func appendText(_ index: Int, to output: inout [UInt8]) throws(EvaluationError) -> Bool {
        guard index < fields.count, fields[index].kind == .text,
            fields[index] != .contractNumber
        else {
            guard case .string(let text) = try member(index) else { return false }
            output.append(contentsOf: text.utf8)
            return true
        }
        guard let bytes = transaction.bytes(fields[index]) else {
            _ = try absent(fields[index])
            return false
        }
        output.append(contentsOf: bytes)
        return true
    }

    private func absent(_ field: Field) throws(EvaluationError) -> Value {
        if field.isOptional || mayLack.contains(field) { return .absent }
        throw EvaluationError("missing-field", "field '\(field.name)' is absent")
    }

    private func value(_ field: Field) throws(EvaluationError) -> Value {
        guard transaction.has(field) else { return try absent(field) }
        switch field.kind {
        case .text: return transaction.text(field).map(Value.string) ?? .absent
        case .amount:
            return transaction.amount(field).map { .decimal(signed($0.exact, field)) } ?? .absent
        case .timestamp: return transaction.timestamp(field).map(Value.timestamp) ?? .absent
        case .integer: return transaction.integer(field).map(Value.int) ?? .absent
        }
    }

    /// A reversal carries the exported version with its amounts negated; prices and rates stay.
    private func signed(_ amount: ExactDecimal, _ field: Field) -> ExactDecimal {
        guard reverses != nil else { return amount }
        switch field {
        case .quantity, .totalPrice, .vatAmount, .netAmount: return amount.negated ?? amount
        default: return amount
        }
    }

    /// The members that a template's transactions have before `derive` adds to them.
    static func members(of template: Template, mayLack: Set<Field>) -> [RecordType.Member] {
        var members = template.feed.fields.map { field in
            let type: ValueType =
                switch field.kind {
                case .text: .string
                case .amount: .decimal(places: FixedDecimal.scale)
                case .timestamp: .timestamp
                case .integer: .int
                }
            // Decimal(18,4): 14 digits before the point.
            let digits = field.kind == .amount ? 18 - FixedDecimal.scale : nil
            return RecordType.Member(
                field.name,
                field.isOptional || mayLack.contains(field) ? .optional(type) : type,
                bounds: Bounds(wholeDigits: digits)
            )
        }
        if template.acceptsReversals {
            members.append(.init("reversal", .bool))
            members.append(.init("reverses", .optional(.int), bounds: .count))
        }
        return members
    }
}

/// Transactions with equal keys: a group, or a document.
final class GroupRecord: RecordValue {
    /// Members that every group has before its keys: transactions, position, written, serial,
    /// documents.
    static let fixedMembers = 5

    let keys: [Value]
    /// The places of its transactions in the source.
    let positions: [Int]
    /// The documents of the group, where it groups documents.
    let documents: [GroupRecord]
    let position: Int
    let serial: Int64
    private let rows: RowLister

    init(
        keys: [Value],
        positions: [Int],
        documents: [GroupRecord],
        position: Int,
        serial: Int64,
        rows: RowLister
    ) {
        self.keys = keys
        self.positions = positions
        self.documents = documents
        self.position = position
        self.serial = serial
        self.rows = rows
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        switch index {
        case 0: return .list(try rows.rows(at: positions))
        case 1: return .int(Int64(position))
        case 2: return .absent
        case 3: return .int(serial)
        case 4: return .list(documents.map { .record($0) })
        default:
            let place = index - Self.fixedMembers
            return place < keys.count ? keys[place] : .absent
        }
    }
}

/// Makes a list of transactions where an expression needs one as a whole: `distinct()`, indexing.
///
/// A class, because every group has it and a selector takes 2.7 KB: 14 MB of 5,000 documents.
final class RowLister: Sendable {
    let source: any TransactionSource
    let selector: Selector

    init(source: any TransactionSource, selector: Selector) {
        self.source = source
        self.selector = selector
    }

    func rows(at positions: [Int]) throws(EvaluationError) -> [Value] {
        var selector = selector
        var rows: [Value] = []
        for position in positions {
            let selected: SelectedTransaction
            do {
                selected = try source.transaction(at: position)
            } catch {
                throw EvaluationError("unreadable", "a transaction cannot be read again: \(error)")
            }
            rows.append(.record(try selector.row(selected, position: position)))
        }
        return rows
    }
}
