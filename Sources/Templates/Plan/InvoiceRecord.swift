internal import Expressions
internal import Invoices

/// An invoice, or a group of its terms, as expressions see it.
///
/// The terms and their types come from `TermGroupDescription`; none is known here by name.
final class InvoiceRecord: RecordValue {
    private let group: TermGroup
    /// The rows that the invoice was made of, by the place that `TermValue.transaction` says: their
    /// places in the source.
    private let positions: [Int]
    private let lister: RowLister

    init(_ group: TermGroup, positions: [Int], lister: RowLister) {
        self.group = group
        self.positions = positions
        self.lister = lister
    }

    /// The values of all terms, rows of lines left where they are.
    var values: [Value] {
        group.description.terms.indices.map { index in
            if case .transaction = group.description.terms[index].type { return .absent }
            return inner(group.value(at: index))
        }
    }

    /// The places of the rows that the lines in it were made of; none for what has no lines.
    var rowPositions: [Int] { Self.places(in: group).map { positions[$0] } }

    private static func places(in group: TermGroup) -> [Int] {
        group.description.terms.indices.flatMap { index -> [Int] in
            switch group.value(at: index) {
            case .transaction(let place): [place]
            case .group(let inner): places(in: inner)
            case .list(let groups): groups.flatMap(places)
            default: []
            }
        }
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        let value = group.value(at: index)
        guard case .transaction(let place) = value else { return inner(value) }
        return try lister.rows(at: [positions[place]])[0]
    }

    private func inner(_ term: TermValue) -> Value {
        func record(_ group: TermGroup) -> Value {
            .record(InvoiceRecord(group, positions: positions, lister: lister))
        }
        return switch term {
        case .absent, .transaction: .absent
        case .string(let text): .string(text)
        case .decimal(let number): .decimal(number)
        case .date(let day): .date(day)
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .group(let group): record(group)
        case .list(let groups): .list(groups.map(record))
        }
    }

    /// The members of a record of a group's terms, where a row is of the type `row`.
    static func members(of description: TermGroupDescription, row: RecordType)
        -> [RecordType.Member]
    {
        description.terms.map { term in
            let type = type(of: term.type, row: row)
            return RecordType.Member(term.name, term.isOptional ? .optional(type) : type)
        }
    }

    private static func type(of term: TermType, row: RecordType) -> ValueType {
        func record(_ description: TermGroupDescription) -> ValueType {
            .record(
                RecordType(
                    name: description.name,
                    memberNoun: "term",
                    members: members(of: description, row: row)
                )
            )
        }
        return switch term {
        case .string: .string
        case .decimal(let places): .decimal(places: places)
        case .date: .date
        case .bool: .bool
        case .int: .int
        case .group(let description): record(description)
        case .list(let description): .list(record(description))
        case .transaction: .record(row)
        }
    }
}
