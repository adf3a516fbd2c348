import Expressions
import Foundation
import TestSupport
import Testing

/// docs/expressions.md says what is so: its examples are run, and it leaves nothing out.
struct `The reference of expressions` {
    private static let page: String = {
        let path = Checkout.path + "/docs/expressions.md"
        return FileManager.default.contents(atPath: path).map {
            String(decoding: $0, as: UTF8.self)
        }
            ?? ""
    }()

    /// The JSON block that names the values of the examples.
    private static let bindings: String = {
        guard let start = page.range(of: "```json\n"),
            let end = page.range(of: "\n```", range: start.upperBound..<page.endIndex)
        else { return "{}" }
        return String(page[start.upperBound..<end.lowerBound])
    }()

    /// Each `` `expression` → `value` `` of the page.
    static let examples: [CELCase] = {
        var cases: [CELCase] = []
        for line in page.split(separator: "\n") {
            let pieces = line.replacingOccurrences(of: "\\|", with: "\u{1}")
                .components(separatedBy: "` → `")
            for (before, after) in zip(pieces, pieces.dropFirst()) {
                let source = before.components(separatedBy: "`").last ?? ""
                var expected = after.components(separatedBy: "`").first ?? ""
                if expected.hasPrefix("error ") { expected = "!" + expected.dropFirst(6) }
                cases.append(
                    CELCase(
                        source: source.replacingOccurrences(of: "\u{1}", with: "|"),
                        expected: expected.replacingOccurrences(of: "\u{1}", with: "|"),
                        bindings: bindings
                    )
                )
            }
        }
        return cases
    }()

    @Test(arguments: examples)
    func `has examples that come out as it says`(_ one: CELCase) throws {
        #expect(try one.outcome() == one.expected)
    }

    @Test func `has many examples`() {
        #expect(Self.examples.count > 130)
    }

    @Test(arguments: LanguageReference.functionNames)
    func `describes every function and runs an example of it`(_ name: String) {
        let isShown = Self.examples.contains { example in
            example.source.contains("\(name)(")
        }
        #expect(isShown, "no example uses \(name)")
    }

    @Test func `names every error with its meaning`() {
        let names =
            ExpressionErrorName.allCases.map { ($0.rawValue, $0.meaning) }
            + EvaluationErrorName.allCases.map { ($0.rawValue, $0.meaning) }
        for (name, meaning) in names {
            #expect(Self.page.contains("| `\(name)` | \(meaning) |"), "\(name)")
        }
    }
}
