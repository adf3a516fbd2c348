internal import Expressions
internal import Synchronization
internal import Transactions

/// A record of values at hand: parameters, a batch, a lookup's row, a written record.
struct ValuesRecord: RecordValue {
    let values: [Value]

    func member(_ index: Int) throws(EvaluationError) -> Value { values[index] }
}

/// A transaction with its derived fields, as expressions see it.
final class TransactionRow: RecordValue {
    let transaction: Transaction
    let fields: [Field]
    let derived: [Value]

    init(_ transaction: Transaction, fields: [Field], derived: [Value]) {
        self.transaction = transaction
        self.fields = fields
        self.derived = derived
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        guard index < fields.count else { return derived[index - fields.count] }
        return try Self.value(fields[index], of: transaction)
    }

    static func value(_ field: Field, of transaction: Transaction) throws(EvaluationError) -> Value
    {
        guard transaction.has(field) else {
            if field.isOptional { return .absent }
            throw EvaluationError("missing-field", "field '\(field.name)' is absent")
        }
        switch field.kind {
        case .text: return transaction.text(field).map(Value.string) ?? .absent
        case .amount: return transaction.amount(field).map { .decimal($0.exact) } ?? .absent
        case .timestamp: return transaction.timestamp(field).map(Value.timestamp) ?? .absent
        case .integer: return transaction.integer(field).map(Value.int) ?? .absent
        }
    }

    /// The members that a feed's transactions have before `derive` adds to them.
    static func members(of feed: Feed) -> [RecordType.Member] {
        fields(of: feed).map { field in
            let type: ValueType =
                switch field.kind {
                case .text: .string
                case .amount: .decimal(places: FixedDecimal.scale)
                case .timestamp: .timestamp
                case .integer: .int
                }
            return RecordType.Member(field.name, field.isOptional ? .optional(type) : type)
        }
    }

    static func fields(of feed: Feed) -> [Field] { feed.fields }
}

/// What the records of each id wrote so far within a file, group or document.
final class WrittenRecords: RecordValue {
    private let ids: [String]
    private let records: Mutex<[[Value]]>

    init(ids: [String]) {
        self.ids = ids
        records = Mutex([[Value]](repeating: [], count: ids.count))
    }

    func append(_ record: Value, id: String) {
        guard let index = ids.firstIndex(of: id) else { return }
        records.withLock { $0[index].append(record) }
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        .list(records.withLock { $0[index] })
    }
}

/// Transactions with equal keys: a group, or a document.
final class GroupRecord: RecordValue {
    let keys: [Value]
    let rows: [Value]
    /// The documents of the group, where it groups documents.
    let documents: [Value]?
    let position: Int
    let written: WrittenRecords

    init(keys: [Value], rows: [Value], documents: [Value]?, position: Int, written: WrittenRecords)
    {
        self.keys = keys
        self.rows = rows
        self.documents = documents
        self.position = position
        self.written = written
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        if index < keys.count { return keys[index] }
        switch index - keys.count {
        case 0: return .list(rows)
        case 1: return .int(Int64(position))
        case 2: return .record(written)
        default: return .list(documents ?? [])
        }
    }
}
