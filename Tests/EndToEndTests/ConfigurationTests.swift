internal import Foundation
import TestSupport
import Testing

/// What is wrong in a configuration is said with its place and its cure, before anything is fetched.
struct `A wrong configuration` {
    struct Case: CustomTestStringConvertible, Sendable {
        /// What is replaced in the right configuration, and by what.
        let change: (from: String, to: String)
        let says: String
        var testDescription: String { change.to }
    }

    static let right = """
        version: 1
        source:
          base_url: http://127.0.0.1:1/api/v1
          access_id: ERP-TEST-1
          psk_file: psk
          contracts: [ "22297" ]
        time_zone: Europe/Tallinn
        state: ./state
        outbox: ./outbox
        exports:
          - name: accountant
            template: TEMPLATES/accountant-csv
            start: 2026-11-01
            parameters: { cardPrefix: K }
        """

    @Test(arguments: [
        Case(
            change: ("version: 1", "version: 2"),
            says:
                "occ-export.yaml:1:10: version: configuration version '2' is not known [version]; the highest version this program reads is 1"
        ),
        Case(
            change: ("time_zone:", "timezone:"),
            says: "occ-export.yaml:7:1: no key 'timezone' [unknown-key]; did you mean 'time_zone'?"
        ),
        Case(
            change: ("Europe/Tallinn", "Europe/Talin"),
            says:
                "occ-export.yaml:7:12: time_zone: no time zone 'Europe/Talin' in /usr/share/zoneinfo; is tzdata installed? [time-zone]"
        ),
        Case(
            change: ("  psk_file: psk", "  psk: 0123456789abcdef"),
            says:
                "occ-export.yaml:5:3: source.psk: the pre-shared key itself never stands in a configuration [secret]; write it to a file that only the job's user reads, and name it: psk_file"
        ),
        Case(
            change: ("http://127.0.0.1:1", "http://occ.example.com"),
            says:
                "occ-export.yaml:3:13: source.base_url: 'http://occ.example.com/api/v1' is not encrypted; only https leaves this machine [address]"
        ),
        Case(
            change: ("\"22297\"", "\"22 297\""),
            says:
                "occ-export.yaml:6:16: source.contracts[1]: '22 297' is no contract number [contract]; letters, digits and . _ - only, at most 64"
        ),
        Case(
            change: ("2026-11-01", "2026-11-31"),
            says:
                "occ-export.yaml:13:12: exports[1].start: '2026-11-31' is no day as yyyy-MM-dd [type]"
        ),
        Case(
            change: ("name: accountant", "name: Accountant"),
            says:
                "occ-export.yaml:11:11: exports[1].name: 'Accountant' is no name of an export [name]; lower-case letters, digits and dashes, at most 40"
        ),
        Case(
            change: ("start: 2026-11-01", "start: 2026-11-01\n    folder: ../secret"),
            says:
                "occ-export.yaml:14:13: exports[1].folder: '../secret' is no folder of the outbox [name]; letters, digits and dashes, '/' between; nothing outside the outbox"
        ),
        Case(
            change: ("start: 2026-11-01", "start: 2026-11-01\n    when: invoiceNr.hasValue()"),
            says:
                "occ-export.yaml:14:11: exports[1].when: a transaction has no field 'invoiceNr' [unknown-name]; did you mean 'invoiceNo'?"
        ),
        Case(
            change: ("cardPrefix: K", "cardprefix: K"),
            says:
                "occ-export.yaml:14:19: exports[1].parameters: no key 'cardprefix' [unknown-key]; did you mean 'cardPrefix'?"
        ),
        Case(
            change: ("exports:\n", "exports:\n  \tbad\n"),
            says: "occ-export.yaml:11:3:"
        ),
        Case(
            change: ("state: ./state\n", ""),
            says: "[missing-key]; add state: ./state"
        ),
    ])
    func `is refused with place and cure`(_ example: Case) async throws {
        try await withTemporaryDirectory { folder in
            let text = Self.right.replacing(example.change.from, with: example.change.to)
                .replacing("TEMPLATES", with: "\(Checkout.path)/templates")
            #expect(text != Self.right)
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/occ-export.yaml"))
            try Data("0123456789abcdef".utf8).write(to: URL(fileURLWithPath: "\(folder)/psk"))
            for command in ["run", "doctor"] {
                let result = try run(
                    Checkout.program("occ-export"),
                    [command],
                    environment: ["OCC_EXPORT_NOW": Partner.now],
                    in: folder
                )
                #expect(result.status == 78, "\(result.output)\(result.error)")
                #expect((result.output + result.error).contains(example.says), "\(result.error)")
            }
        }
    }

    /// What a run says of an export of invoices, with more keys of the export and of its invoices.
    private func refusal(_ export: String, _ invoice: String) async throws -> String {
        try await withTemporaryDirectory { folder in
            let root = "\(Checkout.path)/templates/ubl-peppol"
            let test = try #require(
                FileManager.default.contentsOfDirectory(atPath: "\(root)/tests").sorted().first
            )
            let settings = try String(
                contentsOfFile: "\(root)/tests/\(test)/invoice.yaml",
                encoding: .utf8
            )
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/tests/\(test)")
            where name.hasSuffix(".csv") {
                try FileManager.default.copyItem(
                    atPath: "\(root)/tests/\(test)/\(name)",
                    toPath: "\(folder)/\(name)"
                )
            }
            let lines = (settings + invoice).split(separator: "\n").map { "      \($0)\n" }
            let start = try #require(Self.right.firstRange(of: "  - name: accountant"))
            let text =
                Self.right[..<start.lowerBound]
                + "  - name: invoices\n    template: \(root)\n    start: 2026-11-01\n\(export)    invoice:\n"
                + lines.joined()
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/occ-export.yaml"))
            try Data("0123456789abcdef".utf8).write(to: URL(fileURLWithPath: "\(folder)/psk"))
            try Data("number,currency,total\n1,EUR,2.00\n1,EUR,3.00\n".utf8).write(
                to: URL(fileURLWithPath: "\(folder)/totals.csv")
            )
            let result = try run(
                Checkout.program("occ-export"),
                ["run"],
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: folder
            )
            #expect(result.status == 78)
            return result.error
        }
    }

    @Test func `with a table of totals that says two things is refused`() async throws {
        let error = try await refusal("", "supplier_totals: totals.csv\n")
        #expect(error.contains("invoice 1 has two totals, 2 and 3 [totals]"), "\(error)")
    }

    @Test func `of a flat outbox needs names that carry the batch`() async throws {
        let error = try await refusal("    layout: flat\n", "")
        #expect(
            error.contains(
                "the layout is flat, and the file names of template 'ubl-peppol' do not carry the batch number [flat-name]; put ${batch.number} into each name of the template, or use layout: directory"
            ),
            "\(error)"
        )
    }

    @Test func `is not there at all`() async throws {
        try await withTemporaryDirectory { folder in
            let result = try run(Checkout.program("occ-export"), ["run"], in: folder)
            #expect(result.status == 78)
            #expect(result.error.contains("occ-export.yaml"), "\(result.error)")
            #expect(result.error.contains("--config"), "\(result.error)")
        }
    }

    @Test func `the schema for editors takes the samples and refuses an unknown key`() async throws
    {
        try await withTemporaryDirectory { folder in
            try Data(
                """
                import json, sys, yaml, jsonschema
                schema = json.load(open(sys.argv[1]))
                class Loader(yaml.SafeLoader): pass
                Loader.yaml_implicit_resolvers = {k: [r for r in v if r[0] != "tag:yaml.org,2002:timestamp"]
                                                  for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
                for path in sys.argv[2:]:
                    document = yaml.load(open(path), Loader)
                    jsonschema.Draft202012Validator(schema).validate(document)
                    document["surprise"] = 1
                    assert list(jsonschema.Draft202012Validator(schema).iter_errors(document))
                print("fine")
                """.utf8
            ).write(to: URL(fileURLWithPath: "\(folder)/check.py"))
            let result = try run(
                "/usr/bin/env",
                [
                    "python3", "\(folder)/check.py", "docs/configuration.schema.json",
                    "samples/occ-export.yaml", "deploy/occ-export.yaml",
                ],
                in: Checkout.path
            )
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output == "fine\n")
        }
    }

    /// `RECORD_DOCS=1` writes the tables anew and fails, so that the difference is read.
    @Test(.tags(.golden)) func `the page of the configuration has every key as the schema does`()
        throws
    {
        let schema = try #require(
            JSONSerialization.jsonObject(
                with: Data(
                    contentsOf: URL(
                        fileURLWithPath: "\(Checkout.path)/docs/configuration.schema.json"
                    )
                )
            ) as? [String: Any]
        )
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        let exports = try #require(properties["exports"]?["items"] as? [String: Any])
        let tables = [
            try Self.table("The file", schema),
            try Self.table("`source`", try #require(properties["source"])),
            try Self.table("`exports`, each", exports),
        ]
        let marks = ("<!-- keys -->\n", "<!-- end of keys -->\n")
        let url = URL(fileURLWithPath: "\(Checkout.path)/docs/configuration.md")
        let page = try String(contentsOf: url, encoding: .utf8)
        let start = try #require(page.range(of: marks.0)?.upperBound)
        let end = try #require(page.range(of: marks.1)?.lowerBound)
        let text = tables.joined()
        guard page[start..<end] != text else { return }
        Issue.record("docs/configuration.md is not what the schema says; RECORD_DOCS=1 writes it")
        if ProcessInfo.processInfo.environment["RECORD_DOCS"] == "1" {
            try Data((page[..<start] + text + page[end...]).utf8).write(to: url)
        }
    }

    /// The keys of an object of the schema, those that must be there first.
    private static func table(_ title: String, _ object: [String: Any]) throws -> String {
        let properties = try #require(object["properties"] as? [String: [String: Any]])
        let required = object["required"] as? [String] ?? []
        var lines = ["", "## \(title)", "", "| key | |", "| --- | --- |"]
        for key in required + properties.keys.filter({ !required.contains($0) }).sorted() {
            let property = try #require(properties[key])
            let what = try #require(property["description"] as? String, "\(key) has no description")
            let words = (property["enum"] as? [String])?.map { "`\($0)`" }.joined(separator: ", ")
            let most = (property["maximum"] as? Int).map { "1 to \($0)" }
            let notes = [
                required.contains(key) ? "required" : nil, words, most,
                property["default"].map { "default `\(Self.text($0))`" },
            ].compactMap { $0 }
            lines.append(
                "| `\(key)` | \(what)"
                    + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
                    + " |"
            )
            for (inner, value) in (property["properties"] as? [String: [String: Any]] ?? [:])
                .sorted(by: { $0.key < $1.key }) where key == "signing"
            {
                let words = (value["enum"] as? [String] ?? []).map { "`\($0)`" }
                let what = try #require(value["description"] as? String)
                lines.append("| `\(key).\(inner)` | \(what) (\(words.joined(separator: ", "))) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ value: Any) -> String {
        if let bool = value as? Bool, "\(type(of: value))".contains("Bool") { return "\(bool)" }
        return "\(value)"
    }
}
