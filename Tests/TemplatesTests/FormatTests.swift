import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// Values in their forms, byte for byte.
struct `Formats` {
    private func row(
        _ id: String,
        total: String = "10.5",
        driver: String? = "Mari",
        currency: String = "EUR",
        invoice: String? = nil
    ) throws -> Transaction {
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, id)
        builder.set(.currency, currency)
        builder.set(.cardNumber, "0042")
        builder.set(.occProductCode, "1005")
        if let driver { builder.set(.driverName, driver) }
        if let invoice { builder.set(.invoiceNo, invoice) }
        builder.set(.totalPrice, try #require(FixedDecimal(total)))
        builder.set(.transactionTime, try #require(UTCTimestamp("2026-10-31T22:30:00Z")))
        return builder.build(contractNumber: "1")
    }

    private func rendered(
        _ yaml: String,
        _ rows: [Transaction],
        files: [String: String] = [:],
        batch: BatchContext? = nil
    ) async throws -> TemplateHarness.Outcome {
        try await withTemporaryDirectory { folder in
            try TemplateHarness.render(
                try TemplateHarness.plan(yaml, files: files, in: folder),
                rows,
                batch: batch
            )
        }
    }

    private func yaml(_ format: String, _ fields: String, head: String = "") -> String {
        """
        version: 1
        title: a test
        \(head)
        format: \(format)
        files:
          - name: x.txt
            records:
              - id: row
                for_each: transactions
                fields: [\(fields)]
        """
    }

    struct Number: CustomTestStringConvertible {
        let number: String
        let total: String
        let text: String
        var testDescription: String { "\(number) of \(total)" }
    }

    @Test(arguments: [
        Number(number: "decimals: 2", total: "-0.05", text: "   -0.05"),
        Number(number: "decimals: 2, decimal_mark: \",\"", total: "1234.5", text: " 1234,50"),
        Number(number: "decimals: 2, decimal_mark: implied", total: "0.05", text: "       5"),
        Number(
            number: "decimals: 2, decimal_mark: implied, sign: plus_minus, pad: \"0\"",
            total: "-567.89",
            text: "-0056789"
        ),
        Number(
            number: "decimals: 2, decimal_mark: implied, sign: trailing_minus, pad: \"0\"",
            total: "-1.25",
            text: "0000125-"
        ),
        Number(
            number: "decimals: 2, sign: trailing_plus_minus, align: left",
            total: "1.25",
            text: "1.25+   "
        ),
        Number(
            number: "decimals: 2, decimal_mark: implied, sign: overpunch, pad: \"0\"",
            total: "-1.25",
            text: "0000012N"
        ),
        Number(
            number: "decimals: 2, decimal_mark: implied, sign: overpunch, pad: \"0\"",
            total: "1.20",
            text: "0000012{"
        ),
    ])
    func `numbers of fixed width have every published sign style`(_ test: Number) async throws {
        let outcome = try await rendered(
            yaml(
                "{ kind: fixed_width, encoding: ascii, line_end: none, number: { \(test.number) } }",
                "{ value: \"round(totalPrice, 2)\", width: 8 }"
            ),
            [try row("1", total: test.total)]
        )
        #expect(outcome.text("x.txt") == test.text)
    }

    struct Encoded: CustomTestStringConvertible {
        let encoding: String
        let bytes: [UInt8]
        var testDescription: String { encoding }
    }

    @Test(arguments: [
        Encoded(encoding: "utf-8", bytes: [0x41, 0xC3, 0xB6]),
        Encoded(encoding: "utf-16", bytes: [0x41, 0x00, 0xF6, 0x00]),
        Encoded(encoding: "utf-16be", bytes: [0x00, 0x41, 0x00, 0xF6]),
        Encoded(encoding: "iso-8859-1", bytes: [0x41, 0xF6]),
        Encoded(encoding: "iso-8859-4", bytes: [0x41, 0xF6]),
        Encoded(encoding: "iso-8859-13", bytes: [0x41, 0xF6]),
        Encoded(encoding: "iso-8859-15", bytes: [0x41, 0xF6]),
        Encoded(encoding: "windows-1250", bytes: [0x41, 0xF6]),
        Encoded(encoding: "windows-1252", bytes: [0x41, 0xF6]),
        Encoded(encoding: "windows-1257", bytes: [0x41, 0xF6]),
        Encoded(encoding: "cp437", bytes: [0x41, 0x94]),
        Encoded(encoding: "cp775", bytes: [0x41, 0x94]),
        Encoded(encoding: "cp850", bytes: [0x41, 0x94]),
        Encoded(encoding: "cp037", bytes: [0xC1, 0xCC]),
        Encoded(encoding: "cp500", bytes: [0xC1, 0xCC]),
        Encoded(encoding: "cp1140", bytes: [0xC1, 0xCC]),
    ])
    func `texts are written in every encoding offered`(_ test: Encoded) async throws {
        let outcome = try await rendered(
            yaml(
                "{ kind: delimited, encoding: \(test.encoding), line_end: none }",
                "{ name: a, value: \"driverName.orValue('')\" }"
            ),
            [try row("1", driver: "Aö")]
        )
        #expect(outcome.contents["x.txt"] == test.bytes)
    }

    @Test func `JSON lines have typed members and leave absent ones out`() async throws {
        let outcome = try await rendered(
            yaml(
                "{ kind: json, number: { decimals: 2 } }",
                "transactionId, { name: driver, value: driverName }, { name: total, value: \"round(totalPrice, 2)\" }, { name: day, value: date(transactionTime) }, { name: big, value: totalPrice > 5.0 }"
            ).replacing("[transactionId,", with: "[{ name: id, value: transactionId },"),
            [try row("1", driver: "a\"b\n"), try row("2", driver: nil)]
        )
        #expect(
            outcome.text("x.txt") == """
                {"id":"1","driver":"a\\"b\\n","total":10.50,"day":"2026-11-01","big":true}
                {"id":"2","total":10.50,"day":"2026-11-01","big":true}

                """
        )
    }

    @Test func `a JSON array is one document, even when it is empty`() async throws {
        let text = yaml("{ kind: json, framing: array }", "{ name: id, value: transactionId }")
        let some = try await rendered(text, [try row("1"), try row("2")])
        let parsed = try JSONSerialization.jsonObject(with: Data(some.contents["x.txt"] ?? []))
        #expect((parsed as? [[String: String]])?.map { $0["id"] } == ["1", "2"])
        let none = try await rendered(text, [])
        #expect(none.text("x.txt").filter { !$0.isWhitespace } == "[]")
    }

    @Test func `text is cut only where the template allows it, and counted`() async throws {
        let fields =
            "{ value: transactionId, width: 2 }, { value: \"driverName.orValue('')\", width: 3 }"
        let format = "{ kind: fixed_width, line_end: none, encoding: windows-1257"
        let refused = try await rendered(
            yaml(format + " }", fields),
            [try row("1", driver: "Žanna")]
        )
        #expect(refused.rendering.rejected.map(\.reason.name) == ["width"])
        let cut = try await rendered(
            yaml(format + ", text: { overflow: cut } }", fields),
            [try row("1", driver: "Žanna")]
        )
        #expect(cut.contents["x.txt"] == [0x31, 0x20, 0xDE, 0x61, 0x6E])
        #expect(cut.rendering.files[0].substitutions == ["cuts": 1])
    }

    @Test func `a quote that transliteration brings is quoted`() async throws {
        let outcome = try await rendered(
            yaml(
                "{ kind: delimited, encoding: ascii, unmappable: transliterate, line_end: lf }",
                "{ name: a, value: \"driverName.orValue('')\" }"
            ),
            [try row("1", driver: "“Õ”")]
        )
        #expect(outcome.text("x.txt") == "\"\"\"O\"\"\"\n")
    }

    @Test func `a rejected transaction takes its document along, and the rest is written anew`()
        async throws
    {
        let text = yaml(
            "{ kind: fixed_width, line_end: lf }",
            "{ value: transactionId, width: 2 }",
            head:
                "documents: { group_by: [invoiceNo], as: doc, numbered_from: 7 }\nrequires: [invoiceNo]"
        ).replacing("for_each: transactions", with: "for_each: documents").replacing(
            "{ value: transactionId, width: 2 }",
            with:
                "{ value: doc.serial, width: 3 }, { value: \"doc.transactions.map(t, t.transactionId).max()\", width: 2 }"
        )
        let outcome = try await rendered(
            text,
            [
                try row("1", invoice: "A"), try row("999", invoice: "B"),
                try row("2", invoice: "B"),
                try row("3", invoice: "C"), try row("4"),
            ]
        )
        #expect(outcome.text("x.txt") == "  71 \n  83 \n")
        #expect(outcome.rendering.rejected.map(\.key.transactionId) == ["999", "2"])
        #expect(outcome.rendering.nextSerial == 9)
        #expect(outcome.rendering.passes == 2)
        #expect(outcome.held.count == 1)
    }

    @Test func `on_reject stop publishes nothing`() async throws {
        await #expect(throws: RenderingError.self) {
            _ = try await rendered(
                yaml(
                    "{ kind: fixed_width }",
                    "{ value: transactionId, width: 1 }",
                    head: "on_reject: stop"
                ),
                [try row("12")]
            )
        }
    }

    @Test func `a dated lookup takes the row of the day, by the first key that finds one`()
        async throws
    {
        let head = """
            lookups:
              cars: { columns: { card: optional string, product: optional string, centre: string, from: date, to: optional date }, key: [card, product],
                match: first, valid: [from, to], missing: none }
            """
        let outcome = try await rendered(
            yaml(
                "{ kind: delimited, absent: \"-\", line_end: lf }",
                "{ name: a, value: \"lookups.cars(cardNumber, occProductCode, date(transactionTime)).?centre\" }",
                head: head
            ),
            [try row("1")],
            files: [
                "lookups/cars.csv":
                    "card,product,centre,from,to\n0042,,old,2026-01-01,2026-10-31\n,1005,new,2026-01-01,\n"
            ]
        )
        #expect(outcome.text("x.txt") == "new\n")
    }

    @Test func `two rows of a lookup for one key and day are refused`() async throws {
        await #expect(throws: Diagnostic.self) {
            _ = try await rendered(
                yaml(
                    "{ kind: delimited }",
                    "{ name: a, value: lookups.p(occProductCode).account }",
                    head:
                        "lookups: { p: { columns: { product: string, account: string }, key: [product] } }"
                ),
                [],
                files: ["lookups/p.csv": "product,account\n1,2\n1,3\n"]
            )
        }
    }

    @Test func `equal inputs give equal packages`() async throws {
        let text = yaml("{ kind: delimited }", "{ name: a, value: transactionId }")
            .replacing("title: a test", with: "title: a test\npackage: { kind: zip, name: p.zip }")
        let one = try await rendered(text, [try row("1")])
        let two = try await rendered(text, [try row("1")])
        #expect(one.contents["p.zip"] == two.contents["p.zip"])
        #expect(one.contents["p.zip"]?.prefix(4) == [0x50, 0x4B, 3, 4])
    }

    @Test func `an included record is written in the form that stands beside the include`()
        async throws
    {
        let text =
            yaml(
                "{ kind: delimited, line_end: lf }",
                "{ name: a, value: \"round(totalPrice, 2)\" }"
            )
            .replacing(
                "files:",
                with: """
                    records:
                      - { id: price, fields: [{ name: b, value: totalPrice }] }
                    files:
                    """
            )
            + "\n      - { include: price, for_each: transactions, format: { number: { decimals: 4 } } }"
            + "\n      - for_each: transactions\n        records: [{ include: price, format: { number: { decimals: 5 } } }]"
        let outcome = try await rendered(text, [try row("1")])
        #expect(outcome.text("x.txt") == "10.5\n10.5000\n10.50000\n")
    }

    @Test(arguments: [
        (invoice: "..", name: "export.txt"), ("-.-", "export.txt"), ("-7", "7.txt"),
        ("../../etc/7", "etc-7.txt"), ("con", "_con.txt"),
    ])
    func `a file is named whatever an invoice is called`(_ invoice: String, _ name: String)
        async throws
    {
        let text = yaml("{ kind: delimited, line_end: lf }", "{ name: a, value: currency }")
            .replacing(
                "  - name: x.txt",
                with: "  - for_each: transactions\n    group_by: [invoiceNo]\n    as: part\n"
                    + "    name: \"${part.invoiceNo.orValue('none')}.txt\""
            ).replacing(
                "for_each: transactions\n        fields",
                with: "for_each: part.transactions\n        fields"
            )
        let outcome = try await rendered(text, [try row("1", invoice: invoice)])
        #expect(Array(outcome.contents.keys) == [name])
    }

    @Test func `a template that extends another replaces its records by id`() async throws {
        let base = yaml("{ kind: delimited, line_end: lf }", "{ name: a, value: transactionId }")
        try await withTemporaryDirectory { folder in
            _ = try TemplateHarness.plan(base, in: folder)
            try FileManager.default.createDirectory(
                atPath: "\(folder)/u",
                withIntermediateDirectories: true
            )
            try """
            version: 1
            title: another
            extends: t
            records: [{ id: row, for_each: transactions, fields: [{ name: a, value: currency }] }]
            """.write(toFile: "\(folder)/u/template.yaml", atomically: true, encoding: .utf8)
            let plan = try TemplateHarness.plan("\(folder)/u")
            let outcome = try TemplateHarness.render(plan, [try row("1")])
            #expect(outcome.text("x.txt") == "EUR\n")
            #expect(plan.template.folders == ["\(folder)/u", "\(folder)/t"])
        }
    }

    @Test(arguments: [
        "cardNumber", "driverName.orValue('x')", "occProductName", "string(totalPrice, '0.0000')",
    ])
    func `only contract, invoice, currency, dates and the batch stand in a name`(_ text: String)
        async throws
    {
        let error = await #expect(throws: Diagnostic.self) {
            _ = try await rendered(
                yaml("{ kind: delimited }", "{ name: a, value: transactionId }").replacing(
                    "name: x.txt",
                    with: "for_each: transactions\n    name: \"${\(text)}.txt\""
                ).replacing("for_each: transactions\n        fields", with: "fields"),
                []
            )
        }
        #expect(error?.name == "file-name")
    }

    /// What the check promises holds for any row: a field whose bounds are known to fit never overflows,
    /// and no value is of another type than its field's.
    @Test(arguments: 1...20) func `a clean check keeps its promises for random rows`(_ seed: Int)
        async throws
    {
        var maker = RowMaker(seed: UInt64(seed))
        let pool = [
            ("date(transactionTime)", 10), ("local(transactionTime)", 19),
            ("truncate(driverName.orValue(''), 5)", 5), ("mask(truncate(cardNumber, 6), 2, 2)", 6),
            ("monthEnd(date(transactionTime))", 10), ("reversalFree ? 'yes' : 'no'", 3),
            ("string(date(transactionTime), 'yyyyMM')", 6), ("currency == 'EUR' ? 1 : 22", 2),
        ].filter { !$0.0.contains("reversalFree") }
        let fields = (0..<6).map { _ in pool[maker.next(pool.count)] }
        let outcome = try await rendered(
            yaml(
                "{ kind: fixed_width, counted_in: characters, control_characters: blank, line_end: lf }",
                fields.map { "{ value: \"\($0.0)\", width: \($0.1) }" }.joined(separator: ", ")
            ),
            try RowMaker.rows(50)
        )
        #expect(outcome.rendering.diagnostics.map(\.oneLine) == [])
        let width = fields.reduce(0) { $0 + $1.1 }
        let lines = outcome.text("x.txt").split(separator: "\n")
        #expect(lines.count == 50)
        #expect(lines.allSatisfy { $0.unicodeScalars.count == width })
    }
}
