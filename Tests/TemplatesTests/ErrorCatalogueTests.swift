import Expressions
import Foundation
import TestSupport
import Testing

/// docs/errors.md against the program's own names.
struct `The catalogue of errors` {
    private func known() throws -> Set<String> {
        let text = try String(
            contentsOfFile: "\(Checkout.path)/docs/errors.md",
            encoding: .utf8
        )
        var names: Set<String> = []
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cell = line.split(separator: "|").first ?? ""
            for match in cell.matches(of: /`([a-z-]+)`/) { names.insert(String(match.1)) }
        }
        return names
    }

    /// The names that stand in the sources where diagnostics and reasons are made.
    private func used() throws -> Set<String> {
        var names: Set<String> = []
        let call =
            /(?:diagnostic|Diagnostic|FormError|EvaluationError|Reason)\(\s*(?:name:\s*)?"([a-z][a-z-]+)"/
        for folder in ["Templates", "occ-export"] {
            let root = URL(fileURLWithPath: "\(Checkout.path)/Sources/\(folder)")
                .resolvingSymlinksInPath().path
            let files = try #require(FileManager.default.enumerator(atPath: root))
            for case let file as String in files where file.hasSuffix(".swift") {
                let text = try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)
                for match in text.matches(of: call) { names.insert(String(match.1)) }
            }
        }
        names.formUnion(ExpressionErrorName.allCases.map(\.rawValue))
        names.formUnion(EvaluationErrorName.allCases.map(\.rawValue))
        return names
    }

    @Test func `has every name that the program says`() throws {
        #expect(try used().subtracting(known()).sorted() == [])
    }

    @Test func `has no name that the program does not say`() throws {
        #expect(try known().subtracting(used()).sorted() == [])
    }
}
