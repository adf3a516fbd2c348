public import Transactions

/// The type of a term, as templates see it.
public indirect enum TermType: Sendable {
    /// Unicode text.
    case string
    /// An exact number with at most so many decimals; nil where they are not bounded.
    case decimal(places: Int?)
    /// A day.
    case date
    /// True or false.
    case bool
    /// A whole number.
    case int
    /// One group of terms.
    case group(TermGroupDescription)
    /// Groups in order.
    case list(TermGroupDescription)
    /// The row that a line was made of; the reader of the description has its own form of it.
    case transaction
}

/// The value of a term.
public enum TermValue: Sendable {
    /// There is none.
    case absent
    /// Text.
    case string(String)
    /// A number.
    case decimal(ExactDecimal)
    /// A day.
    case date(CalendarDate)
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case int(Int64)
    /// A group of terms.
    case group(TermGroup)
    /// Groups in order.
    case list([TermGroup])
    /// The place of a row in the transactions that the invoice was made of.
    case transaction(Int)
}

/// One term: its name in templates and its number in EN 16931-1.
public struct Term: Sendable {
    /// The name after the point: `issueDate`.
    public let name: String
    /// BT or BG number; several with a slash where a group serves twice; empty for what the standard lacks.
    public let number: String
    /// What it holds.
    public let type: TermType
    /// Whether it may be absent in an invoice that obeys the rules.
    public let isOptional: Bool
}

/// The terms of a group, in the order of `TermGroup.value(at:)`.
public struct TermGroupDescription: Sendable {
    /// What messages call one, with its article: `an invoice`.
    public let name: String
    /// Its terms.
    public let terms: [Term]

    /// The place of a term by name.
    public func index(of name: String) -> Int? { terms.firstIndex { $0.name == name } }
}

/// A group of an invoice with its values.
public struct TermGroup: Sendable {
    /// Its terms.
    public let description: TermGroupDescription
    private let read: @Sendable (Int) -> TermValue

    init(_ description: TermGroupDescription, _ read: @escaping @Sendable (Int) -> TermValue) {
        self.description = description
        self.read = read
    }

    /// The value of the term at a place of the description.
    public func value(at index: Int) -> TermValue { read(index) }

    /// The value of a term by name; nil when there is no such term.
    public func value(_ name: String) -> TermValue? { description.index(of: name).map(read) }
}

/// The terms of a model type, each with the way to read it.
struct TermTable<Root: Sendable>: Sendable {
    struct Entry: Sendable {
        let term: Term
        let read: @Sendable (Root) -> TermValue
    }

    let description: TermGroupDescription
    private let entries: [Entry]

    init(_ name: String, _ entries: [Entry]) {
        self.entries = entries
        description = TermGroupDescription(name: name, terms: entries.map(\.term))
    }

    func group(_ root: Root) -> TermGroup {
        let entries = entries
        return TermGroup(description) { entries[$0].read(root) }
    }
}

extension TermTable.Entry {
    /// A text that is always there.
    static func text(
        _ name: String,
        _ number: String,
        _ read: @escaping @Sendable (Root) -> String?
    ) -> Self {
        Self(term: Term(name: name, number: number, type: .string, isOptional: false)) {
            read($0).map(TermValue.string) ?? .absent
        }
    }

    /// A text that may be absent.
    static func maybeText(
        _ name: String,
        _ number: String,
        _ read: @escaping @Sendable (Root) -> String?
    ) -> Self {
        Self(term: Term(name: name, number: number, type: .string, isOptional: true)) {
            read($0).map(TermValue.string) ?? .absent
        }
    }

    /// A number that is always there.
    static func number(
        _ name: String,
        _ number: String,
        places: Int? = 2,
        _ read: @escaping @Sendable (Root) -> ExactDecimal?
    ) -> Self {
        let term = Term(
            name: name,
            number: number,
            type: .decimal(places: places),
            isOptional: false
        )
        return Self(term: term) { read($0).map(TermValue.decimal) ?? .absent }
    }

    /// A number that may be absent.
    static func maybeNumber(
        _ name: String,
        _ number: String,
        places: Int? = 2,
        _ read: @escaping @Sendable (Root) -> ExactDecimal?
    ) -> Self {
        let term = Term(
            name: name,
            number: number,
            type: .decimal(places: places),
            isOptional: true
        )
        return Self(term: term) { read($0).map(TermValue.decimal) ?? .absent }
    }

    /// A day.
    static func date(
        _ name: String,
        _ number: String,
        isOptional: Bool = false,
        _ read: @escaping @Sendable (Root) -> CalendarDate?
    ) -> Self {
        Self(term: Term(name: name, number: number, type: .date, isOptional: isOptional)) {
            read($0).map(TermValue.date) ?? .absent
        }
    }

    /// A group that is always there, or may be absent.
    static func group<Group: Sendable>(
        _ name: String,
        _ number: String,
        _ table: TermTable<Group>,
        isOptional: Bool = false,
        _ read: @escaping @Sendable (Root) -> Group?
    ) -> Self {
        let type = TermType.group(table.description)
        return Self(term: Term(name: name, number: number, type: type, isOptional: isOptional)) {
            read($0).map { TermValue.group(table.group($0)) } ?? .absent
        }
    }

    /// Groups in order.
    static func list<Group: Sendable>(
        _ name: String,
        _ number: String,
        _ table: TermTable<Group>,
        _ read: @escaping @Sendable (Root) -> [Group]
    ) -> Self {
        let type = TermType.list(table.description)
        return Self(term: Term(name: name, number: number, type: type, isOptional: false)) {
            TermValue.list(read($0).map { table.group($0) })
        }
    }
}
