internal import Expressions
internal import Invoices

/// An invoice, or a group of its terms, as expressions see it.
///
/// The terms and their types come from `TermGroupDescription`; none is known here by name.
final class InvoiceRecord: RecordValue {
    private let group: TermGroup
    /// The rows that the invoice was made of, by the place that `TermValue.transaction` says.
    private let rows: [Value]

    init(_ group: TermGroup, rows: [Value]) {
        self.group = group
        self.rows = rows
    }

    func member(_ index: Int) throws(EvaluationError) -> Value {
        value(group.value(at: index))
    }

    private func value(_ term: TermValue) -> Value {
        switch term {
        case .absent: .absent
        case .string(let text): .string(text)
        case .decimal(let number): .decimal(number)
        case .date(let day): .date(day)
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .group(let inner): .record(InvoiceRecord(inner, rows: rows))
        case .list(let groups): .list(groups.map { .record(InvoiceRecord($0, rows: rows)) })
        case .transaction(let place): rows.indices.contains(place) ? rows[place] : .absent
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
