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

    /// Parameters and lookups that were not given, and that a check did without.
    public let standIns: [String]

    /// Whether each file's name carries the batch's number or id, as a flat outbox needs.
    public let namesCarryBatch: Bool

    /// The kind of transactions that it maps.
    public var feed: Feed { template.feed }

    /// What each lookup was asked since the plan was made.
    public var lookupUses: [LookupUse] { lookups.map(\.use) }

    let files: [CompiledFile]
    let selection: Selection
    let documents: DocumentsPlan?
    /// The documents' own checks; nil where they have none.
    let documentChecks: CompiledNode?
    let slots: PlanSlots
    let timeZone: TimeZoneRules
    let programVersion: String
    let parameterRecord: ValuesRecord
    /// The ids of records.
    let ids: [String]
    let levels: [LevelPlan]
    let package: (name: TextTemplate, node: YAMLNode)?
    /// Whether expressions need all transactions, or all documents, as one list.
    let lists: (transactions: Bool, documents: Bool)
    let lookups: [LookupTable]

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
    let keys: [Formula]
    let allowsIncomplete: Bool
    let numberedFrom: Formula?
    /// How rows become invoices, with `model: invoice`.
    let invoices: InvoicePlan?
    let node: YAMLNode
}

/// What decides whether a transaction is carried, and what is derived from it.
struct Selection: Sendable {
    let batchSlot: Int
    let rowSlot: Int
    let when: Expression?
    let required: [Field]
    let derived: [(slot: Int, value: Expression)]
    let fields: [Field]
    /// Fields that the template takes for present.
    let wanted: [Field]
    /// Fields that the template can do without, beside those that are always optional.
    let mayLack: Set<Field>

    /// Whether a row may be without the field here.
    func isOptional(_ field: Field) -> Bool { field.isOptional || mayLack.contains(field) }
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
    /// The serial of the first document, where earlier batches gave some; nil begins with the
    /// template's own.
    public let nextSerial: Int?

    /// Names a batch.
    public init(
        id: String,
        number: Int,
        created: UTCTimestamp,
        day: CalendarDate,
        nextSerial: Int? = nil
    ) {
        self.nextSerial = nextSerial
        self.id = id
        self.number = number
        self.created = created
        self.day = day
    }

    static let type = RecordType(
        name: "'batch'",
        members: [
            .init("id", .string), .init("number", .int, bounds: .count),
            .init("created", .timestamp),
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
