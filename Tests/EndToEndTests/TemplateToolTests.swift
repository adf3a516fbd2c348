import Foundation
import TestSupport
import Testing

/// `template test`, `preview` and `list`, run as an integrator runs them.
struct `The integrator's tools` {
    private let program = Checkout.program("occ-export")

    /// A copy of a shipped template that a test may spoil.
    private func withCopy(_ name: String, _ body: (String) throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let copy = "\(folder)/\(name)"
            try FileManager.default.copyItem(
                atPath: "\(Checkout.path)/templates/\(name)",
                toPath: copy
            )
            try body(copy)
        }
    }

    private func replace(_ old: String, with new: String, in path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try #require(text.firstRange(of: old) != nil)
        try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func template(_ arguments: String..., columns: Int? = nil) throws -> ProgramResult {
        try run(
            program,
            ["template"] + arguments,
            environment: columns.map { ["COLUMNS": "\($0)"] } ?? [:]
        )
    }

    // MARK: test

    @Test func `show the lines that differ and the byte where they part`() async throws {
        try await withCopy("bonuscard-csv") { copy in
            try replace(
                "name: quantity, value: quantity, decimals: 4",
                with: "name: quantity, value: \"round(quantity, 1)\", decimals: 1",
                in: "\(copy)/template.yaml"
            )
            let result = try template("test", copy)
            #expect(result.status == 65)
            let expected = """
                --- \(copy)/tests/basic/expected/bonuscards_EUR_42.csv
                +++ rendered now
                @@ -1,3 +1,3 @@
                 transaction_id,date,card,station,product,quantity,total,currency
                -7000000001,2026-11-01,9233450000000011,S101,1005,50.0000,74.56,EUR
                -7000000002,2026-11-02,9233450000000011,S101,1001,12.5000,21.00,EUR
                +7000000001,2026-11-01,9233450000000011,S101,1005,50.0,74.56,EUR
                ?                                                     ^ byte 54: 30 is expected, 2C is rendered
                +7000000002,2026-11-02,9233450000000011,S101,1001,12.5,21.00,EUR
                ?                                                     ^ byte 54: 30 is expected, 2C is rendered
                """
            #expect(result.output.contains(expected), "\(result.output)")
            #expect(result.output.contains("0 tests passed, 3 differences"))
        }
    }

    @Test func `show bytes where only the encoding differs`() async throws {
        try await withCopy("general-ledger-fixed") { copy in
            try replace(
                "encoding: windows-1257",
                with: "encoding: cp775",
                in: "\(copy)/template.yaml"
            )
            let result = try template("test", copy)
            #expect(result.status == 65)
            #expect(result.output.contains("Diislik\\xFCtus"), "\(result.output)")
            #expect(result.output.contains("Diislik\\x81tus"), "\(result.output)")
            #expect(result.output.contains("FC is expected, 81 is rendered"), "\(result.output)")
        }
    }

    @Test func `record what is rendered, and fail all the same`() async throws {
        try await withCopy("ev-csv") { copy in
            try replace("kwh", with: "energy", in: "\(copy)/template.yaml")
            #expect(try template("test", copy).status == 65)
            let recorded = try template("test", "--record", copy)
            #expect(recorded.status == 65)
            #expect(recorded.output.contains("recorded: read what changed, then test once more"))
            #expect(try template("test", copy).status == 0)
        }
    }

    @Test func `tell rejections that are expected from those that are not`() async throws {
        try await withCopy("ev-csv") { copy in
            let rows = "\(copy)/tests/basic/transactions.json"
            try replace("\"quantity\": 10.5", with: "\"quantity\": \"many\"", in: rows)
            let result = try template("test", copy)
            #expect(result.status == 65)
            #expect(
                result.output.contains("+++ rendered now\n@@ -0,0 +1,1 @@\n+row 1: "),
                "\(result.output)"
            )
            #expect(try template("test", "--record", copy).status == 65)
            let notes = try String(
                contentsOfFile: "\(copy)/tests/basic/expected/NOTES",
                encoding: .utf8
            )
            #expect(notes.hasPrefix("row 1: "))
            #expect(try template("test", copy).status == 0)
        }
    }

    @Test func `go on when one template does not hold, and say so by the status`() async throws {
        try await withCopy("ev-csv") { copy in
            try replace("value: chargerId", with: "value: charger", in: "\(copy)/template.yaml")
            let good = "\(Checkout.path)/templates/bonuscard-csv"
            let result = try template("test", copy, good)
            #expect(result.status == 78)
            #expect(result.output.contains("a transaction has no field 'charger'"))
            #expect(result.output.contains("1 test passed, 1 difference"))
        }
    }

    @Test func `skip nothing in silence`() async throws {
        try await withCopy("ev-csv") { copy in
            try FileManager.default.removeItem(atPath: "\(copy)/tests/basic")
            let none = try template("test", copy)
            #expect(none.status == 65)
            #expect(none.output.contains("has no tests; add tests/basic/transactions.json"))
            try "x".write(toFile: "\(copy)/tests/stray.txt", atomically: true, encoding: .utf8)
            let stray = try template("test", copy)
            #expect(stray.status == 65)
            #expect(stray.output.contains("tests/stray.txt: is no test's folder; move it away"))
        }
    }

    // MARK: preview

    @Test func `preview values with their expressions, personal ones masked`() throws {
        let path = "\(Checkout.path)/templates/accountant-csv"
        let result = try template("preview", path, "--limit", "1", columns: 80)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("Juht       Aaaa Aaaaaaaa"), "\(result.output)")
        #expect(result.output.contains("Kaart      0000000000000000"), "\(result.output)")
        #expect(!result.output.contains("Mari"))
        #expect(result.output.contains("date(transactionTime)"))
        #expect(result.output.contains("personal values are masked; --show-personal shows them"))
        for line in result.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        let shown = try template("preview", path, "--limit", "1", "--show-personal")
        #expect(shown.output.contains("Mari Maasikas"))
    }

    @Test(arguments: ["general-ledger-fixed", "transaction-list-xml", "ev-csv"])
    func `preview every kind of file as JSON too`(_ name: String) throws {
        struct Report: Decodable {
            struct Record: Decodable {
                struct Value: Decodable {
                    let value: String
                    let expression: String
                }
                let values: [Value]
            }
            let rows: Int
            let records: [Record]
        }
        let path = "\(Checkout.path)/templates/\(name)"
        let result = try template("preview", path, "--limit", "2", "--output", "json")
        #expect(result.status == 0, "\(result.error)")
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        #expect(report.rows == 2)
        let expressions = report.records.flatMap(\.values).map(\.expression)
        #expect(expressions.contains { $0.contains("transactionId") })
    }

    // MARK: list

    @Test func `list what each template needs`() throws {
        let result = try template("list", "\(Checkout.path)/templates")
        #expect(result.status == 0, "\(result.error)")
        let ledger = """
            general-ledger-fixed
              General ledger import, header, detail and trailer records of 160 bytes
              contract-transactions, fixed_width
              parameters: company* (string)
              lookup products: productCode, account; by productCode
            """
        #expect(result.output.contains(ledger), "\(result.output)")
        #expect(result.output.contains("parameters: cardPrefix? (string)"))
    }

    @Test func `list the others when one cannot be read`() async throws {
        try await withCopy("ev-csv") { copy in
            let folder = URL(fileURLWithPath: copy).deletingLastPathComponent().path
            try FileManager.default.createDirectory(
                atPath: "\(folder)/broken",
                withIntermediateDirectories: true
            )
            try "version: 9".write(
                toFile: "\(folder)/broken/template.yaml",
                atomically: true,
                encoding: .utf8
            )
            let result = try template("list", folder)
            #expect(result.status == 78)
            #expect(result.output.contains("ev-csv"))
            #expect(result.error.contains("template version '9' is not known"))
            let none = try template("list", "\(copy)/tests")
            #expect(none.status == 65)
            #expect(
                none.error.contains("holds no template; a template is a folder with template.yaml")
            )
        }
    }

    // MARK: new

    struct Refusal: CustomTestStringConvertible {
        let arguments: [String]
        let message: String
        var testDescription: String { message }
    }

    @Test(arguments: [
        Refusal(
            arguments: ["x"],
            message: "give one of --infer FILE, --starter KIND, --from TEMPLATE"
        ),
        Refusal(
            arguments: ["x", "--starter", "pdf"],
            message: "there is no starter 'pdf'; one of csv, fixed, xml, text, json"
        ),
        Refusal(
            arguments: ["x", "--starter", "csv", "--feed", "cards"],
            message:
                "there is no feed 'cards'; one of contract-transactions, bonuscard-transactions, ev-transactions"
        ),
        Refusal(
            arguments: ["x", "--from", "y", "--feed", "ev-transactions"],
            message: "--feed does not go with --from: a copy keeps its feed"
        ),
    ])
    func `refuse what they cannot begin with`(_ refusal: Refusal) throws {
        let result = try run(program, ["template", "new"] + refusal.arguments)
        #expect(result.status == 64)
        #expect(result.error.contains(refusal.message), "\(result.error)")
    }

    @Test func `check tells the mistakes of all templates at once, the first fifty of them`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            for (name, count) in [("many", 60), ("few", 2)] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)",
                    withIntermediateDirectories: true
                )
                let fields = (1...count).map { "{ name: f\($0), value: nothing\($0) }" }
                try """
                version: 1
                title: \(name)
                format: { kind: delimited, formulas: keep }
                files: [{ name: \(name).csv, records: [{ for_each: transactions, fields: [\(fields.joined(separator: ", "))] }] }]
                """.write(
                    toFile: "\(folder)/\(name)/template.yaml",
                    atomically: true,
                    encoding: .utf8
                )
            }
            let program = Checkout.program("occ-export")
            let few = try run(program, ["template", "check", "\(folder)/few"])
            #expect(few.status == 78)
            #expect(few.output == "1 template checked, 2 mistakes, 0 warnings\n")
            #expect(
                few.error.replacing("\(folder)/", with: "") == """
                    error: few/template.yaml:4:90: files[1].records[1].fields[1].value: a transaction has no field 'nothing1' [unknown-name]; mend the expression
                    error: few/template.yaml:4:121: files[1].records[1].fields[2].value: a transaction has no field 'nothing2' [unknown-name]; mend the expression

                    """
            )
            let all = try run(program, ["template", "check", "\(folder)/few", "\(folder)/many"])
            #expect(all.status == 78)
            #expect(all.output == "2 templates checked, 62 mistakes, 0 warnings\n")
            let lines = all.error.split(separator: "\n")
            #expect(lines.count == 51)
            #expect(lines.last == "and 12 more mistakes")
        }
    }
}
