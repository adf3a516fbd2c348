internal import Foundation
import TestSupport
import Testing

/// Strangers read the manifests: the shipped JSON Schema, Frictionless, sha256sum.
struct `Manifests` {
    private static func has(_ module: String) -> Bool {
        (try? run("/usr/bin/env", ["python3", "-c", "import \(module)"]))?.status == 0
    }

    /// Batches of each kind: with files of each format, reissued, flat.
    private static func with(_ body: (Partner, [String]) throws -> Void) async throws {
        let exports =
            Partner.accountant + """

                  - name: flat
                    template: \(Checkout.path)/templates/accountant-csv
                    start: 2026-07-01
                    layout: flat
                  - name: list
                    template: \(Checkout.path)/templates/transaction-list-xml
                    start: 2026-07-01
                """
        try await Partner.with(exports: exports) { partner in
            try partner.sell("7000000001", ["occProductName": "\"Kohv; suur \\\"XL\\\"\""])
            try partner.sell("7000000002", contract: "123")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("reissue", "1").status == 0)
            let manifests = try partner.shownFiles().filter { $0.hasSuffix("manifest.json") }
            #expect(manifests.count == 4)
            try body(partner, manifests.map { "\(partner.folder)/outbox/\($0)" })
        }
    }

    @Test(.enabled(if: has("jsonschema"), "python3 has no module jsonschema"))
    func `are what the shipped JSON Schema says`() async throws {
        let script = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1]))
            for path in sys.argv[2:]:
                jsonschema.Draft202012Validator(schema).validate(json.load(open(path)))
            """
        try await Self.with { _, manifests in
            let result = try run(
                "/usr/bin/env",
                ["python3", "-c", script, "\(Checkout.path)/docs/manifest.schema.json"] + manifests
            )
            #expect(result.status == 0, "\(result.error)")
        }
    }

    @Test(.enabled(if: has("frictionless"), "python3 has no module frictionless"))
    func `are Data Packages whose files are what they say`() async throws {
        let script = """
            import sys
            from frictionless import validate
            for path in sys.argv[1:]:
                report = validate(path)
                assert report.valid, report.flatten(["type", "note"])
            """
        try await Self.with { _, manifests in
            let result = try run("/usr/bin/env", ["python3", "-c", script] + manifests)
            #expect(result.status == 0, "\(result.error)")
        }
    }

    @Test func `have sums beside them that sha256sum agrees with`() async throws {
        try await Self.with { partner, _ in
            let sums = try partner.shownFiles().filter {
                $0.hasSuffix("SHA256SUMS") || $0.hasSuffix(".sha256")
            }
            #expect(sums.count == 4)
            for file in sums {
                let script =
                    "cd \"$(dirname \"$1\")\" && sha256sum -c --strict --quiet \"$(basename \"$1\")\""
                let result = try run(
                    "/bin/sh",
                    ["-c", script, "sh", "\(partner.folder)/outbox/\(file)"]
                )
                #expect(result.status == 0, "\(file): \(result.output)\(result.error)")
            }
        }
    }

    @Test func `name the columns of a template that takes its files from the one it extends`()
        async throws
    {
        let base = """
            version: 1
            title: Ids
            format: { kind: delimited, line_end: lf }
            layouts: { row: { fields: [id] } }
            files:
              - name: rows_${batch.number}.csv
                records:
                  - names_of: row
                  - { id: row, for_each: transactions, layout: row, values: { id: transactionId } }
            """
        let exports = "  - { name: heir, template: heir, start: 2026-11-01 }"
        try await Partner.with(exports: exports) { partner in
            for (name, text) in [
                ("base", base), ("heir", "version: 1\ntitle: Heir\nextends: base\n"),
            ] {
                try FileManager.default.createDirectory(
                    atPath: "\(partner.folder)/\(name)",
                    withIntermediateDirectories: false
                )
                try partner.write("\(name)/template.yaml", text)
            }
            try partner.sell("7000000001")
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            let batch = try #require(try partner.batches().first)
            #expect(try partner.text("\(batch)/rows_1.csv") == "id\n7000000001\n")
            let manifest = try partner.text("\(batch)/manifest.json")
            #expect(manifest.contains("\"header\" : true"), "\(manifest)")
            #expect(manifest.contains("\"name\" : \"id\""), "\(manifest)")
        }
    }

    @Test func `hold nothing personal`() async throws {
        try await Self.with { partner, manifests in
            for path in manifests {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                for value in ["9233450000000011", "Mari Maasikas", "123ABC", "50123"] {
                    #expect(!text.contains(value), "\(path)")
                }
            }
        }
    }
}
