internal import Expressions
public import Transactions

/// A template with its parameters and lookups, checked and resolved: every name known, every type
/// proven, nothing left to go wrong but what only a row's value can break.
public struct Plan: Sendable {
    /// The template it was made of.
    public let template: Template
    /// What may be meant otherwise; `--strict` refuses it.
    public let warnings: [Diagnostic]
    /// The fields that make a change material: those that the template, `when` and lookups use.
    public let materialFields: Set<Field>
    /// The folder's files that take part beside template.yaml, for the manifest's hash.
    public let parameters: [String: String]

    /// The kind of transactions that it maps.
    public var feed: Feed { template.feed }

    let files: [CompiledFile]
    let selection: Selection
    let documents: DocumentsPlan?
    let slots: PlanSlots
    let timeZone: TimeZoneRules
    let programVersion: String
    let parameterRecord: ValuesRecord
    let ids: [String]

    /// The form of names and messages: ISO dates, plain numbers, nothing for an absent value.
    static var plainFormat: FormatDeclaration {
        var format = FormatDeclaration()
        format.absent = ""
        return format
    }
}

/// Where the names that stand everywhere have their values.
struct PlanSlots: Sendable {
    let run: Int
    let batch: Int
    let parameters: Int
    let transactions: Int
    let documents: Int
}

/// How transactions become documents.
struct DocumentsPlan: Sendable {
    let rowSlot: Int
    let keys: [Expression]
    let allowsIncomplete: Bool
}

/// What decides whether a transaction is carried, and what is derived from it.
struct Selection: Sendable {
    let batchSlot: Int
    let rowSlot: Int
    let when: Expression?
    let required: [Field]
    let derived: [(slot: Int, value: Expression)]
    let fields: [Field]
}

/// The batch that a rendering belongs to.
public struct BatchContext: Sendable {
    /// The batch's id, the same for the same inputs.
    public let id: String
    /// The batch's number, counted from 1.
    public let number: Int
    /// When it was made.
    public let created: UTCTimestamp
    /// The local day of the run.
    public let day: CalendarDate

    /// Names a batch.
    public init(id: String, number: Int, created: UTCTimestamp, day: CalendarDate) {
        self.id = id
        self.number = number
        self.created = created
        self.day = day
    }

    static let type = RecordType(
        name: "'batch'",
        members: [
            .init("id", .string), .init("number", .int), .init("created", .timestamp),
            .init("day", .date),
        ]
    )

    var record: Value {
        .record(
            ValuesRecord(values: [
                .string(id), .int(Int64(number)), .timestamp(created), .date(day),
            ])
        )
    }
}
