import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// What a check without mistakes and warnings promises holds for rows of every look.
struct `A clean check` {
    /// What only a value can break, and no type or bound foretells.
    private static let permitted: Set<String> = [
        "overflow", "division-by-zero", "arguments", "index", "empty-list", "too-large",
        "too-much-work", "conversion", "document",
    ]

    private struct Tally {
        var refused = 0
        var warned = 0
        var clean = 0
    }

    private static func rows() throws -> [Transaction] { try RowMaker.rows(12) }

    private func prove(_ seed: UInt64) async throws {
        var generator = TemplateGenerator(seed: seed)
        let made = generator.template()
        try await withTemporaryDirectory { folder in
            let findings = try TemplateHarness.findings(made.yaml, in: folder)
            guard findings.errors.isEmpty else {
                // Refused before the first row, for what the analysis proves and never as ill-typed.
                let names = Set(findings.errors.map(\.name))
                #expect(
                    names.isSubset(of: [
                        "width", "decimals", "sign", "division-by-zero", "overflow",
                    ]),
                    "seed \(seed): \(findings.errors.map(\.oneLine))\n\(made.yaml)"
                )
                return
            }
            let meant: Set<String> = ["unused", "unreachable"]
            let isClean = findings.warnings.allSatisfy { meant.contains($0.name) }
            let plan = try TemplateHarness.plan("\(folder)/t")
            let outcome = try TemplateHarness.render(plan, try Self.rows())
            let reasons = outcome.rendering.rejected.map { "\($0.reason)" } + outcome.rejected
            let names = Set(outcome.rendering.rejected.map(\.reason.name))
            #expect(!names.contains("type"), "seed \(seed): \(reasons)\n\(made.yaml)")
            guard isClean else { return }
            #expect(
                names.isSubset(of: Self.permitted),
                "seed \(seed): \(reasons)\n\(made.yaml)"
            )
            let contents = outcome.contents["x.txt"] ?? []
            for line in contents.split(separator: 0x0A) {
                if let width = made.width {
                    #expect(line.count == width, "seed \(seed)\n\(made.yaml)")
                }
                if made.kind == "json" {
                    _ = try JSONSerialization.jsonObject(with: Data(line))
                }
            }
        }
    }

    private func classify(_ seed: UInt64, _ tally: inout Tally) async throws {
        var generator = TemplateGenerator(seed: seed)
        let made = generator.template()
        let findings = try await withTemporaryDirectory { folder in
            try TemplateHarness.findings(made.yaml, in: folder)
        }
        if !findings.errors.isEmpty { tally.refused += 1 }
        if findings.errors.isEmpty { tally.clean += findings.warnings.isEmpty ? 1 : 0 }
        if findings.errors.isEmpty, !findings.warnings.isEmpty { tally.warned += 1 }
    }

    @Test(arguments: 0..<8) func `leaves nothing to fail but what only a value can break`(
        _ part: Int
    ) async throws {
        for seed in 0..<60 { try await prove(UInt64(part * 1000 + seed)) }
    }

    @Test func `is given to some random templates, and refused or warned of for others`()
        async throws
    {
        var tally = Tally()
        for seed in 0..<100 { try await classify(UInt64(seed), &tally) }
        #expect(tally.clean >= 15, "\(tally)")
        #expect(tally.warned >= 15, "\(tally)")
        #expect(tally.refused >= 5, "\(tally)")
    }
}
