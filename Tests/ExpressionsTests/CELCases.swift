import Expressions
import Testing
import Transactions

/// One expression with what it must come to.
struct CELCase: CustomTestStringConvertible, Sendable {
    let source: String
    /// The value as JSON, or `!` and the name of the error.
    let expected: String
    let bindings: String?

    var testDescription: String { source }

    /// Cases from lines `expression => value`; `bindings` holds for all of them.
    static func lines(_ text: String, bindings: String? = nil) -> [CELCase] {
        text.split(separator: "\n").map { line in
            let sides = line.split(separator: " => ", maxSplits: 1).map(String.init)
            return CELCase(
                source: sides[0],
                expected: sides.count == 2 ? sides[1] : "no value given",
                bindings: bindings
            )
        }
    }

    /// What it comes to, in the notation of `expected`.
    func outcome() throws -> String {
        let zone = try TimeZoneRules(identifier: "Europe/Tallinn")
        let pad = try ScratchPad(bindings: bindings, timeZone: zone)
        let checked: Expressions.Expression
        do throws(ExpressionError) {
            checked = try pad.check(source)
        } catch {
            return "!\(error.name)"
        }
        do throws(EvaluationError) {
            return try pad.evaluate(checked).json
        } catch {
            return "!\(error.name)"
        }
    }
}

/// The language as the CEL specification has it: our own cases after its chapters and after the sections
/// of its conformance suite.
struct `CEL is kept` {
    @Test(
        arguments: CELCase.lines(basics) + CELCase.lines(integers) + CELCase.lines(decimals)
            + CELCase.lines(comparisons) + CELCase.lines(logic)
    )
    func `in arithmetic and logic`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(literals) + CELCase.lines(grammar))
    func `in its grammar`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(lists) + CELCase.lines(maps) + CELCase.lines(optionals))
    func `in lists, maps and optionals`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(macros) + CELCase.lines(twoVariableMacros))
    func `in macros`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(strings) + CELCase.lines(stringExtension))
    func `in texts`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(formats))
    func `in formats`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(conversions) + CELCase.lines(mathExtension))
    func `in conversions and the math extension`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test(arguments: CELCase.lines(times))
    func `in times`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    static let named =
        #"{"a": [0], "t": true, "x": {"name": 1024}, "a.b.c": "longest", "d.e": {"f": "inner"}, "#
        + #""record": {"name": "one", "size": 2}, "none": null}"#

    @Test(arguments: CELCase.lines(bindings, bindings: named))
    func `in names and bindings`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }
}
