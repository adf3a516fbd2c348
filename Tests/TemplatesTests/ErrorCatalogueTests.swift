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

    /// Names whose message stands word for word in a test of its own, by that test's file.
    private static let elsewhere = [
        "address": "EndToEndTests/ConfigurationTests",
        "contract": "EndToEndTests/ConfigurationTests",
        "secret": "EndToEndTests/ConfigurationTests",
        "time-zone": "EndToEndTests/ConfigurationTests",
        "flat-name": "EndToEndTests/ConfigurationTests",
        "folders": "EndToEndTests/ConfigurationTests",
        "totals": "EndToEndTests/ConfigurationTests",
        "reversals": "EndToEndTests/CorrectionTests", "example": "TemplatesTests/StarterTests",
        "invoice": "EndToEndTests/InvoiceCommandTests",
        "invoice-format": "EndToEndTests/InvoiceCommandTests",
        "read-back": "EndToEndTests/ReadBackTests",
        "lookup-key": "TemplatesTests/DiagnosticTests", "encoding": "TemplatesTests/FindingsTests",
        "too-long": "TemplatesTests/FindingsTests",
        "missing-column": "TemplatesTests/FindingsTests",
    ]

    @Test func `has a message word for word in a test for every name`() throws {
        var proven = Set(`Diagnostics`.all.map(\.name)).union(
            `Messages about rows`.cases.map(\.name)
        )
        let tests = Checkout.path + "/Tests"
        let tables = try String(
            contentsOfFile: "\(tests)/ExpressionsTests/DiagnosticTables.swift",
            encoding: .utf8
        )
        for line in tables.split(separator: "\n") {
            let cells = line.components(separatedBy: "¦")
            if cells.count > 2 { proven.insert(cells[1].trimmingCharacters(in: .whitespaces)) }
        }
        for (name, file) in Self.elsewhere {
            let text = try String(contentsOfFile: "\(tests)/\(file).swift", encoding: .utf8)
            #expect(text.contains("[\(name)]"), "\(file) has no message [\(name)]")
            proven.insert(name)
        }
        #expect(try known().subtracting(proven).sorted() == [])
    }
}
