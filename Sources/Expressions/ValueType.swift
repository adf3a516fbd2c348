/// The static type of an expression.
public indirect enum ValueType: Hashable, Sendable {
    /// True or false.
    case bool
    /// A 64-bit whole number.
    case int
    /// An exact decimal; `places` is the most decimals it can have, nil when unknown.
    case decimal(places: Int?)
    /// Unicode text.
    case string
    /// A calendar day without a zone.
    case date
    /// A calendar day and clock time without a zone.
    case datetime
    /// An instant.
    case timestamp
    /// Values of one type, in order.
    case list(ValueType)
    /// Named members.
    case record(RecordType)
    /// A value that may be absent.
    case optional(ValueType)

    /// The type without "may be absent".
    public var present: ValueType {
        if case .optional(let inner) = self { return inner }
        return self
    }

    /// Whether a value of this type may be absent.
    public var isOptional: Bool {
        if case .optional = self { return true }
        return false
    }

    /// Whether it is an int or a decimal.
    public var isNumber: Bool {
        switch self {
        case .int, .decimal: true
        default: false
        }
    }

    /// Whether both are the same but for the places of decimals.
    public func isSame(as other: ValueType) -> Bool {
        switch (self, other) {
        case (.decimal, .decimal): true
        case (.list(let one), .list(let two)), (.optional(let one), .optional(let two)):
            one.isSame(as: two)
        default: self == other
        }
    }

    /// Whether a value of this type can stand where `other` is wanted: an int is a decimal too.
    public func fits(_ other: ValueType) -> Bool {
        if case .int = self, case .decimal = other { return true }
        if case .optional(let wanted) = other { return present.fits(wanted) }
        return isSame(as: other)
    }

    /// The type that holds values of both; nil when there is none.
    func joined(with other: ValueType) -> ValueType? {
        switch (self, other) {
        case (.int, .decimal(let places)), (.decimal(let places), .int):
            .decimal(places: places)
        case (.decimal(let one), .decimal(let two)):
            .decimal(places: one.flatMap { one in two.map { max(one, $0) } })
        case (.optional(let one), .optional(let two)): one.joined(with: two).map(ValueType.optional)
        case (.optional(let one), let two), (let two, .optional(let one)):
            one.joined(with: two).map(ValueType.optional)
        case (.list(let one), .list(let two)): one.joined(with: two).map(ValueType.list)
        default: self == other ? self : nil
        }
    }
}

extension ValueType: CustomStringConvertible {
    /// As messages name it: `optional string`, `list(decimal)`.
    public var description: String {
        switch self {
        case .bool: "bool"
        case .int: "int"
        case .decimal: "decimal"
        case .string: "string"
        case .date: "date"
        case .datetime: "datetime"
        case .timestamp: "timestamp"
        case .list(let element): "list(\(element))"
        case .record(let record): record.name
        case .optional(let inner): "optional \(inner)"
        }
    }
}

/// The members of a record, known when an expression is checked.
public struct RecordType: Hashable, Sendable {
    /// One member.
    public struct Member: Hashable, Sendable {
        /// The name after the point.
        public let name: String
        /// What it holds.
        public let type: ValueType

        /// Names a member.
        public init(_ name: String, _ type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    /// What messages call a record of this type, with its article: `a transaction`.
    public let name: String
    /// What messages call one member: `field`, `column`, `member`.
    public let memberNoun: String
    /// The members, in the order by which `RecordValue.member(_:)` counts them.
    public let members: [Member]
    private let places: [String: Int]

    /// Describes a record; a name that stands twice means its first member.
    public init(name: String, memberNoun: String = "member", members: [Member]) {
        self.name = name
        self.memberNoun = memberNoun
        self.members = members
        places = Dictionary(zip(members.map(\.name), members.indices)) { first, _ in first }
    }

    /// The place of a member by name.
    public func index(of name: String) -> Int? { places[name] }
}
