import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// What `template check --strict templates/*` proves.
struct `Shipped templates` {
    static let all: [String] = {
        let root = URL(fileURLWithPath: "\(Checkout.path)/templates").resolvingSymlinksInPath()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { "\(root.path)/\($0)" }
    }()

    /// The template with the inputs of its first test.
    static func findings(_ folder: String) throws -> Findings {
        let tests = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/tests").sorted()
        let test = "\(folder)/tests/\(try #require(tests.first))"
        let findings = Findings()
        do {
            try TemplateHarness.plan(folder, inputs: test, findings: findings)
                .proveSkeletons(findings)
        } catch let error as Diagnostic {
            findings.report(error)
        }
        return findings
    }

    @Test func `are 28`() { #expect(Self.all.count >= 28) }

    @Test(arguments: all) func `have neither mistakes nor warnings`(_ folder: String) throws {
        let findings = try Self.findings(folder)
        #expect(findings.errors.map(\.oneLine) == [])
        #expect(findings.warnings.map(\.oneLine) == [])
    }
}
