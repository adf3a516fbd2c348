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
    /// A length of time.
    case duration
    /// CEL's `null` and nothing else.
    case null
    /// Values of one type, in order.
    case list(ValueType)
    /// Values of one type by keys of one type.
    case map(ValueType, ValueType)
    /// Named members.
    case record(RecordType)
    /// A value that may be absent.
    case optional(ValueType)
    /// Whatever its place needs: the element of an empty list, the value of `optional.none()`.
    case unknown

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

    /// Whether it is an int or a decimal, or may become one.
    public var isNumber: Bool {
        switch self {
        case .int, .decimal, .unknown: true
        default: false
        }
    }

    /// Whether it is a list or map.
    var isCollection: Bool {
        switch present {
        case .list, .map: true
        default: false
        }
    }

    /// Whether it is a list or map that may hold lists or maps.
    var mayNest: Bool {
        switch present {
        case .list(let element), .map(_, let element):
            element.isCollection || element.present == .unknown
        default: false
        }
    }

    /// Whether values of it have an order.
    var isOrdered: Bool {
        switch self {
        case .int, .decimal, .string, .bool, .date, .datetime, .timestamp, .duration, .unknown: true
        default: false
        }
    }

    /// Whether both are the same but for the places of decimals.
    public func isSame(as other: ValueType) -> Bool {
        switch (self, other) {
        case (.unknown, _), (_, .unknown), (.decimal, .decimal): true
        case (.list(let one), .list(let two)), (.optional(let one), .optional(let two)):
            one.isSame(as: two)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            key.isSame(as: otherKey) && value.isSame(as: otherValue)
        default: self == other
        }
    }

    /// Whether a value of this type can stand where `other` is wanted: an int is a decimal too.
    public func fits(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.int, .decimal): true
        case (_, .optional(let wanted)): present.fits(wanted)
        case (.list(let one), .list(let two)): one.fits(two)
        case (.map(let key, let value), .map(let wantedKey, let wantedValue)):
            key.fits(wantedKey) && value.fits(wantedValue)
        default: isSame(as: other)
        }
    }

    /// The type that holds values of both; nil when there is none.
    func joined(with other: ValueType) -> ValueType? {
        switch (self, other) {
        case (.unknown, let type), (let type, .unknown): type
        case (.int, .decimal(let places)), (.decimal(let places), .int):
            .decimal(places: places)
        case (.decimal(let one), .decimal(let two)):
            .decimal(places: one.flatMap { one in two.map { max(one, $0) } })
        case (.optional(let one), .optional(let two)): one.joined(with: two).map(ValueType.optional)
        case (.optional(let one), let two), (let two, .optional(let one)):
            one.joined(with: two).map(ValueType.optional)
        case (.list(let one), .list(let two)): one.joined(with: two).map(ValueType.list)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            key.joined(with: otherKey).flatMap { key in
                value.joined(with: otherValue).map { .map(key, $0) }
            }
        default: self == other ? self : nil
        }
    }

    /// How many lists, maps and optionals stand inside one another.
    var depth: Int {
        switch self {
        case .list(let inner), .optional(let inner): inner.depth + 1
        case .map(let key, let value): max(key.depth, value.depth) + 1
        default: 0
        }
    }

    /// Whether any part of it is not decided yet.
    var isOpen: Bool {
        switch self {
        case .unknown: true
        case .list(let inner), .optional(let inner): inner.isOpen
        case .map(let key, let value): key.isOpen || value.isOpen
        default: false
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
        case .duration: "duration"
        case .null: "null"
        case .unknown: "unknown"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .record(let record): record.name
        case .optional(let inner): "optional \(inner)"
        }
    }
}

extension ValueType {
    /// As messages name it with its article: `an int`, `a list(decimal)`, `a transaction`.
    public var withArticle: String { Checker.article(self) }
}

/// The members of a record, known when an expression is checked.
public struct RecordType: Hashable, Sendable {
    /// One member.
    public struct Member: Hashable, Sendable {
        /// The name after the point.
        public let name: String
        /// What it holds.
        public let type: ValueType
        /// What is known of its size.
        public let bounds: Bounds

        /// Names a member.
        public init(_ name: String, _ type: ValueType, bounds: Bounds = .unknown) {
            self.name = name
            self.type = type
            self.bounds = bounds
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
