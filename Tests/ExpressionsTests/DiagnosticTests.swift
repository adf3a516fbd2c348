import Expressions
import Foundation
import Testing
import Transactions

/// What an integrator reads when an expression does not check: each message by its words, its cure and the
/// place it marks.
struct `Diagnostics of expressions` {
    static let record = RecordType(
        name: "a transaction",
        memberNoun: "field",
        members: [
            .init("netAmount", .decimal(places: 4), bounds: Bounds(wholeDigits: 14)),
            .init("plateNumber", .optional(.string)), .init("transactionTime", .timestamp),
            .init("occProductName", .string), .init("odometerReadout", .optional(.int)),
        ]
    )

    static let party = RecordType(name: "a party", members: [.init("name", .string)])

    static func scope() throws -> Scope {
        var scope = Scope(timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"))
        let slot = scope.declare("row", .record(record))
        scope.declareMembers(of: slot, record)
        _ = scope.declare("transactions", .list(.record(record)))
        _ = scope.declare("delivery", .optional(.record(party)))
        scope.declareFunction(
            namespace: "lookups",
            name: "products",
            parameters: [.optional(.string)],
            result: .record(party)
        ) { _ throws(EvaluationError) in .absent }
        return scope
    }

    /// An expression with its message in the three lines of a terminal.
    struct Case: CustomTestStringConvertible {
        let source: String
        let name: String
        let message: String
        let cure: String?
        /// The source with `^` and `~` under what is marked.
        let marked: String
        var testDescription: String { source }

        /// Cases from lines `expression ¦ name ¦ message ¦ cure ¦ what is marked`; the last two may be
        /// empty.
        static func lines(_ text: String) -> [Case] {
            text.split(separator: "\n").map { line in
                var cells = line.components(separatedBy: "¦").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                cells += [String](repeating: "", count: 5 - cells.count)
                return Case(
                    source: cells[0],
                    name: cells[1],
                    message: cells[2],
                    cure: cells[3].isEmpty ? nil : cells[3],
                    marked: cells[4]
                )
            }
        }
    }

    @Test(arguments: cases)
    func `say what, where and what to do`(_ one: Case) throws {
        let scope = try Self.scope()
        let error = #expect(throws: ExpressionError.self) {
            _ = try Expressions.Expression(one.source, in: scope)
        }
        let found = try #require(error)
        #expect(found.name == one.name)
        #expect(found.message == one.message)
        #expect(found.cure == one.cure)
        let place = SourcePlace(found.range, in: one.source)
        let start = place.text.index(place.text.startIndex, offsetBy: place.column - 1)
        let rest = place.text[start...]
        #expect(String(rest.prefix(rest.isEmpty ? 0 : place.length)) == one.marked)
    }
}
