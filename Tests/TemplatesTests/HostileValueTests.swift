import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// Values that would do harm where a file is opened (reliability, sections 6.3 and 6.4).
struct `Hostile values` {
    private func row(_ id: String, driver: String, invoice: String? = nil, total: String = "-1.5")
        throws -> Transaction
    {
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, id)
        builder.set(.currency, "EUR")
        builder.set(.driverName, driver)
        if let invoice { builder.set(.invoiceNo, invoice) }
        builder.set(.totalPrice, try #require(FixedDecimal(total)))
        builder.set(.transactionTime, try #require(UTCTimestamp("2026-10-31T22:30:00Z")))
        return builder.build(contractNumber: "1")
    }

    private func rendered(_ format: String, _ fields: String, _ rows: [Transaction]) async throws
        -> TemplateHarness.Outcome
    {
        let yaml = """
            version: 1
            title: a test
            format: \(format)
            files:
              - name: x.txt
                records:
                  - id: row
                    for_each: transactions
                    fields: [\(fields)]
            """
        return try await withTemporaryDirectory { folder in
            try TemplateHarness.render(try TemplateHarness.plan(yaml, in: folder), rows)
        }
    }

    static let formulas = [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM",
        "x;=1+1", "x,\"=1", "x\";=cmd|' /C calc'!A0", "x\t+1", "x|@SUM(A1)",
    ]

    @Test(arguments: formulas) func `a formula gets an apostrophe and is counted`(_ text: String)
        async throws
    {
        let outcome = try await rendered(
            "{ kind: delimited, formulas: apostrophe, control_characters: keep, quote: always, line_end: lf }",
            "{ name: a, value: \"driverName.orValue('')\" }, { name: b, value: totalPrice }",
            [try row("1", driver: text)]
        )
        let cell = text.replacing("\"", with: "\"\"")
        #expect(outcome.text("x.txt") == "\"'\(cell)\",\"-1.5\"\n")
        #expect(outcome.rendering.files[0].substitutions == ["formulas": 1])
    }

    @Test(arguments: formulas) func `a formula rejects its row where nothing is said`(
        _ text: String
    )
        async throws
    {
        let outcome = try await rendered(
            "{ kind: delimited, control_characters: keep }",
            "{ name: a, value: \"driverName.orValue('')\" }",
            [try row("1", driver: text)]
        )
        #expect(outcome.rendering.rejected.map(\.reason.name) == ["formula"])
    }

    @Test(arguments: ["Mari-Liis", "a = b", "A; b", "1,5", "mari@example.com", "'=1", "A, B", ""])
    func `a usual text is left as it is`(_ text: String) async throws {
        let outcome = try await rendered(
            "{ kind: delimited, formulas: apostrophe, quote: always, line_end: lf }",
            "{ name: a, value: \"driverName.orValue('')\" }",
            [try row("1", driver: text)]
        )
        #expect(outcome.text("x.txt") == "\"\(text)\"\n")
        #expect(outcome.rendering.files[0].substitutions.isEmpty)
    }

    @Test func `quotes, delimiters and line ends stay inside their cell`() async throws {
        let texts = ["a\"b", "a,b", "a\r\nb", "a\nb", "\"\"", "a\",\"b"]
        let outcome = try await rendered(
            "{ kind: delimited, control_characters: keep, line_end: crlf }",
            "{ name: id, value: transactionId }, { name: a, value: \"driverName.orValue('')\" }",
            try texts.enumerated().map { try row("\($0 + 1)", driver: $1) }
        )
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/x.csv"
            try Data(outcome.contents["x.txt"] ?? []).write(to: URL(fileURLWithPath: path))
            let read = try run(
                "/usr/bin/env",
                [
                    "python3", "-c",
                    "import csv, json, sys; print(json.dumps(list(csv.reader(open(sys.argv[1], newline='')))))",
                    path,
                ]
            )
            let rows = try JSONDecoder().decode([[String]].self, from: Data(read.output.utf8))
            #expect(rows.map { $0[1] } == texts)
        }
    }

    @Test func `control characters are blanked and counted, or reject their row`() async throws {
        let text = "a\u{0}b\u{7}c\u{1B}d\u{7F}e\nf"
        let fields = "{ name: a, value: \"driverName.orValue('')\" }"
        let blanked = try await rendered(
            "{ kind: delimited, control_characters: blank, line_end: lf }",
            fields,
            [try row("1", driver: text)]
        )
        #expect(blanked.text("x.txt") == "a b c d e f\n")
        #expect(blanked.rendering.files[0].substitutions == ["characters": 5])
        let refused = try await rendered(
            "{ kind: delimited }",
            fields,
            [try row("1", driver: text)]
        )
        #expect(refused.rendering.rejected.map(\.reason.name) == ["control-character"])
    }

    @Test func `a character that the encoding lacks is an error or the stated replacement`()
        async throws
    {
        let fields = "{ name: a, value: \"driverName.orValue('')\" }"
        let rows = [try row("1", driver: "Mari 名")]
        let refused = try await rendered(
            "{ kind: delimited, encoding: windows-1257 }",
            fields,
            rows
        )
        #expect(refused.rendering.rejected.map(\.reason.name) == ["unmappable"])
        let replaced = try await rendered(
            "{ kind: delimited, encoding: windows-1257, unmappable: { replace: \"_\" }, line_end: lf }",
            fields,
            rows
        )
        #expect(replaced.text("x.txt") == "Mari _\n")
        #expect(replaced.rendering.files[0].substitutions == ["characters": 1])
    }

    @Test(arguments: [
        // In bytes: "Žõ" has four, and half a letter is never written.
        (unit: "bytes", width: 4, text: "Žõx", cut: "Žõ"), ("bytes", 3, "Žõx", "Ž "),
        ("bytes", 1, "Ž", " "), ("characters", 3, "Žõxy", "Žõx"), ("bytes", 5, "a😀b", "a😀"),
        ("bytes", 4, "a😀b", "a   "),
    ])
    func `fixed width is cut between characters, in the stated unit`(
        _ one: (unit: String, width: Int, text: String, cut: String)
    ) async throws {
        let outcome = try await rendered(
            "{ kind: fixed_width, line_end: none, counted_in: \(one.unit), text: { overflow: cut } }",
            "{ value: \"driverName.orValue('')\", width: \(one.width) }",
            [try row("1", driver: one.text)]
        )
        #expect(outcome.text("x.txt") == one.cut)
        #expect(outcome.rendering.files.first?.substitutions == ["cuts": 1])
    }

    @Test func `a number is never cut, whatever texts may be`() async throws {
        let outcome = try await rendered(
            "{ kind: fixed_width, line_end: none, text: { overflow: cut }, number: { decimals: 2 } }",
            "{ value: \"round(totalPrice, 2)\", width: 6 }",
            [
                try row("1", driver: "x", total: "12345.67"),
                try row("2", driver: "x", total: "123.45"),
            ]
        )
        #expect(outcome.text("x.txt") == "123.45")
        #expect(outcome.rendering.rejected.map(\.reason.name) == ["width"])
    }

    // MARK: File names

    /// Names of every forbidden kind, as an invoice number would bring them.
    static let names = [
        "../../etc/passwd", "..", ".", "/etc/passwd", "a/b", "a\\b", "C:\\x", "\\\\server\\share",
        ".hidden", "-rf", "--", "con", "CON", "nul", "Aux.txt", "com1", "LPT9", "con.txt.txt",
        "a\u{0}b", "a\nb", "a\tb", "a b", " a", "a ", "a.", "a:b", "a*b?", "<a>|\"b\"", "$(id)",
        "`id`",
        "%2e%2e", "~root", "a\u{202E}gpj", "ﬁle", "名前", "é", "e\u{301}", "😀", "\u{FEFF}a", "#x",
        "a&b;c",
        "manifest.json", "SHA256SUMS", ".occ-export", "summary.html",
        String(repeating: "x", count: 300), String(repeating: "é", count: 100),
    ]

    @Test func `names of every forbidden kind are made plain, each its own`() async throws {
        let yaml = """
            version: 1
            title: a test
            format: { kind: delimited }
            files:
              - name: "${file.invoiceNo.orValue('none')}.csv"
                for_each: transactions
                group_by: [invoiceNo]
                as: file
                records:
                  - id: row
                    for_each: file.transactions
                    fields: [{ name: id, value: transactionId }]
            """
        let outcome = try await withTemporaryDirectory { folder in
            try TemplateHarness.render(
                try TemplateHarness.plan(yaml, in: folder),
                try Self.names.enumerated().map {
                    try row("\($0 + 1)", driver: "x", invoice: $1)
                }
            )
        }
        let written = outcome.contents.keys.sorted()
        let rejected = outcome.rendering.rejected
        #expect(written.count + rejected.count == Self.names.count, "\(written) \(rejected)")
        #expect(Set(written.map { $0.lowercased() }).count == written.count, "\(written)")
        for name in written {
            #expect(name.utf8.count <= 120, "\(name)")
            #expect(name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]*/) != nil, "\(name)")
            let stem = name.split(separator: ".")[0].lowercased()
            #expect(stem.wholeMatch(of: /con|prn|aux|nul|(com|lpt)[0-9]/) == nil, "\(name)")
            #expect(!name.contains(".."), "\(name)")
        }
        // A name of 120 bytes and a value with control characters are no names: their rows are reported.
        #expect(
            Set(rejected.map(\.reason.name)) == ["file-name", "control-character"],
            "\(rejected)"
        )
        #expect(rejected.count == 4, "\(rejected)")
    }
}
