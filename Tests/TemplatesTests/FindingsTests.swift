import Foundation
import Templates
import TestSupport
import Testing

/// One check names all mistakes, and none twice.
struct `One check` {
    /// What a step throws.
    private static func thrown(_ step: () throws -> Void) throws -> Diagnostic {
        var thrown: Diagnostic?
        do { try step() } catch let error as Diagnostic { thrown = error }
        return try #require(thrown)
    }

    private func lines(_ yaml: String, files: [String: String] = [:]) async throws -> [String] {
        try await withTemporaryDirectory { folder in
            try TemplateHarness.findings(yaml, files: files, in: folder).errors.map {
                $0.oneLine.replacing("\(folder)/t/", with: "")
            }
        }
    }

    @Test func `name mistakes of all parts of a template at once`() async throws {
        let lines = try await lines(
            """
            version: 1
            title: a test
            requires: [invoicNo]
            parameters: { company: strin, days: { type: int, min: 5, default: 3 } }
            lookups:
              products: { columns: { product: string, account: string }, key: [produkt] }
              units: { columns: { code: string, unit: string }, key: [code] }
            derive: { net: "round(netamount, 2)", vat: "round(vatAmount, 2)", gross: net + vat }
            layouts: { line: { fields: [a, a] } }
            format: { kind: delimited, colour: red, absent: "", formulas: keep }
            files:
              - name: x ${batch.number}.csv
                records:
                  - { id: one, for_each: transactions, when: netAmount, fields: [{ value: net }, { value: gross }, { value: plateNumbr }] }
                  - { for_each: transactions, fields: [{ value: "vat / 3" }, transactionId], checks: [{ that: currency }] }
                  - { for_each: transaction, fields: [{ value: transactionId }] }
                  - { fields: [{ value: "written.one.map(r, r.net).sum()" }, { value: "written.two.size()" }] }
              - { name: y.csv, records: [{ lines: "a" }, { layout: lin }] }
            """,
            files: ["lookups/units.csv": "code,unit\n1,l\n1,kg\n2\n"]
        )
        #expect(lines == Self.expected)
    }

    private static let expected: [String] = [
        "template.yaml:4:24: parameters.company: 'strin' is no type of a parameter [unknown-word]; did you mean 'string'?",
        "template.yaml:6:68: lookups.products.key[1]: lookup 'products' has no column 'produkt' [unknown-name]; did you mean 'product'?",
        "template.yaml:9:32: layouts.line.fields[2]: layout 'line' has two columns 'a' [doubled-name]; rename one",
        "template.yaml:10:28: format: no key 'colour' [unknown-key]; known are kind, encoding, line_end, unmappable, transliterate, control_characters, absent, delimiter, quote, formulas, byte_order_mark, record_length, counted_in, escape, indent, framing, text, date, number",
        "template.yaml:15:66: files[1].records[2].fields[2]: 'transactionId' names a column, and nothing says what is written there [writing]; { value: transactionId } for a value, { name: transactionId } for a column that stays empty",
        "template.yaml:4:67: parameters.days.default: 3 is below 5 [parameter]; declared in template.yaml:4",
        "lookups/units.csv:4:1: has 1 cells, the first line has 2 [columns]; a cell with a comma stands in quotes",
        "lookups/units.csv:3:1: a second row for the same code, the first is in line 2 [doubled-key]; leave one",
        "template.yaml:3:12: requires[1]: a transaction has no field 'invoicNo' [unknown-name]; did you mean 'invoiceNo'?",
        "template.yaml:8:23: derive.net: a transaction has no field 'netamount' [unknown-name]; did you mean 'netAmount'?",
        "template.yaml:12:11: files[1].name: a file's name has no ' ' [file-name]; letters without marks, digits, '.', '_' and '-'",
        "template.yaml:14:50: files[1].records[1].when: a condition is a bool, this is a decimal [type]; compare it: ... == ...",
        "template.yaml:14:113: files[1].records[1].fields[3].value: a transaction has no field 'plateNumbr' [unknown-name]; did you mean 'plateNumber'?",
        "template.yaml:15:54: files[1].records[2].fields[1].value: a decimal division must say how it is rounded [division-rounding]; write round(vat / 3, 2)",
        "template.yaml:15:99: files[1].records[2].checks[1].that: a condition is a bool, this is a string [type]; compare it: ... == ...",
        "template.yaml:16:21: files[1].records[3].for_each: there is no 'transaction' here [unknown-name]; did you mean 'transactions'?",
        "template.yaml:17:84: files[1].records[4].fields[2].value: 'written' has no record id 'two' [unknown-name]; mend the expression",
        "template.yaml:18:39: files[2].records[1].lines: lines belongs to kind: text, this file is delimited [writing]; choose another way to write, or another kind",
        "template.yaml:18:56: files[2].records[2].layout: there is no layout 'lin' [unknown-name]; did you mean 'line'?",
    ]

    @Test func `leave out what only follows from a lost name`() async throws {
        let lines = try await lines(
            """
            version: 1
            title: a test
            derive: { net: "round(netamount, 2)", twice: net + net, thrice: twice + net }
            format: { kind: delimited, number: { decimals: 2 } }
            files:
              - name: ${part.currency}_${first}.csv
                for_each: transactions
                group_by: [{ currency: curency }]
                as: part
                let: { first: "part.transactions.map(t, t.net).min()" }
                records:
                  - { id: row, for_each: part.transactions, fields: [{ value: net }, { value: thrice }] }
                  - { fields: [{ value: "part.written.row.map(r, r.thrice).sum()" }] }
                control_totals: { net: { selected: "part.transactions.map(t, t.net).sum()", written: "part.written.row.map(r, r.net).sum()" } }
            """
        )
        #expect(
            lines == [
                "template.yaml:3:23: derive.net: a transaction has no field 'netamount' [unknown-name]; did you mean 'netAmount'?",
                "template.yaml:8:28: files[1].group_by[1].currency: a transaction has no field 'curency' [unknown-name]; did you mean 'currency'?",
            ]
        )
    }

    @Test func `go on behind a wrong condition without guessing what it would have shown`()
        async throws
    {
        let lines = try await lines(
            """
            version: 1
            title: a test
            format: { kind: text }
            files:
              - name: x.txt
                records:
                  - { for_each: transactions, when: plateNumbr.hasValue(), lines: "${plateNumber} ${nothing}" }
            """
        )
        #expect(
            lines == [
                "template.yaml:7:41: files[1].records[1].when: a transaction has no field 'plateNumbr' [unknown-name]; did you mean 'plateNumber'?",
                "template.yaml:7:89: files[1].records[1].lines: a transaction has no field 'nothing' [unknown-name]; mend the expression",
            ]
        )
    }

    /// What is misspelled, and the one line that it is told by.
    @Test(arguments: [
        (
            "group_by: [currency]", "groupby: [currency]",
            "template.yaml:7:5: files[1]: no key 'groupby' [unknown-key]; did you mean 'group_by'?"
        ),
        (
            "for_each: transactions", "foreach: transactions",
            "template.yaml:6:5: files[1]: no key 'foreach' [unknown-key]; did you mean 'for_each'?"
        ),
        (
            "as: part", "az: part",
            "template.yaml:8:5: files[1]: no key 'az' [unknown-key]; did you mean 'as'?"
        ),
        (
            "when: plateNumber.hasValue()", "wen: plateNumber.hasValue()",
            "template.yaml:12:9: files[1].records[1]: no key 'wen' [unknown-key]; did you mean 'when'?"
        ),
        (
            "value: \"round(netAmount, 2)\"", "value: round(netAmount, 2)",
            "template.yaml:13:79: files[1].records[1].fields[2]: no key '2)' [unknown-key]; inside { } a comma ends the value before it: quote the expression"
        ),
        (
            "fields: [{ value: plateNumber", "feilds: [{ value: plateNumber",
            "template.yaml:13:9: files[1].records[1]: no key 'feilds' [unknown-key]; did you mean 'fields'?"
        ),
    ])
    func `tells a misspelled key once, and nothing that follows`(
        _ right: String,
        _ wrong: String,
        _ line: String
    ) async throws {
        let template = """
            version: 1
            title: a test
            format: { kind: delimited, formulas: keep, number: { decimals: 2 } }
            files:
              - name: x_${part.currency}.csv
                for_each: transactions
                group_by: [currency]
                as: part
                records:
                  - id: row
                    for_each: part.transactions
                    when: plateNumber.hasValue()
                    fields: [{ value: plateNumber }, { name: net, value: "round(netAmount, 2)" }]
                  - { fields: [{ value: "part.written.row.map(r, r.net).sum()" }] }
                control_totals: { net: { selected: "part.transactions.filter(t, t.plateNumber.hasValue()).map(t, round(t.netAmount, 2)).sum()", written: "part.written.row.map(r, r.net).sum()" } }
            """
        #expect(try await lines(template) == [])
        #expect(template.contains(right))
        #expect(try await lines(template.replacing(right, with: wrong)) == [line])
    }

    @Test func `counts a mistake once, though it is thrown as the first of several`() async throws {
        try await withTemporaryDirectory { folder in
            let findings = try TemplateHarness.findings(
                "version: 1\ntitle: a test\nformat: { kind: text, a: 1, b: 2 }\nfiles: [{ name: x.txt, lines: a }]",
                in: folder
            )
            #expect(findings.errors.map(\.path) == ["format", "format"])
        }
    }

    @Test func `takes a count of what is written where it may have been written before`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let findings = try TemplateHarness.findings(
                """
                version: 1
                title: a test
                format: { kind: text, number: { decimals: 0 } }
                files:
                  - name: x_${part.currency}.txt
                    for_each: transactions
                    group_by: [currency]
                    as: part
                    records:
                      - lines: "line ${part.written.all.size() + 1}"
                      - for_each: part.transactions
                        group_by: [contractNumber]
                        as: contract
                        records:
                          - lines: "so far ${part.written.row.size()} ${written.row.size()}"
                          - { id: row, for_each: contract.transactions, lines: "${part.written.row.size() + 1} ${transactionId}" }
                          - lines: "${contract.written.row.size()} of ${part.written.row.size()}"
                        checks: [{ that: contract.written.row.size() == contract.transactions.size() }]
                """,
                in: folder
            )
            #expect(findings.errors == [])
            #expect(findings.warnings == [])
        }
    }

    @Test func `takes a template that begins with a byte-order mark`() throws {
        let node = try YAMLReader.read(text: "\u{FEFF}version: 1\n", file: "f")
        #expect(try node.fields(["version"])["version"]?.text() == "1")
        #expect(node.column == 1)
    }

    @Test func `name all mistakes of a skeleton`() async throws {
        let lines = try await lines(
            """
            version: 1
            title: a test
            format: { kind: xml }
            files: [{ name: x.xml, skeleton: s.xml }]
            """,
            files: [
                "s.xml": """
                <t:skeleton xmlns:t="urn:occ-export:template"><a id="${nothing}">
                  <b t:if="1">${transactions.size() + 'x'}</b>
                  <t:use part="q"/>
                  <c t:for-each="transactions" t:as="row">${row.plate} ${row.netAmount}</c>
                </a></t:skeleton>
                """
            ]
        )
        #expect(
            lines == [
                "s.xml:1:56: there is no 'nothing' here [unknown-name]; mend the expression",
                "s.xml:2:12: t:if needs a bool, this is an int [type]; compare it: ... == ...",
                "s.xml:2:37: '+' does not go between an int and a string [type]; make it text first: string(...)",
                "s.xml:3:16: there is no part 'q' [unknown-name]; add <t:part name=\"q\">",
                "s.xml:4:49: a transaction has no field 'plate' [unknown-name]; mend the expression",
            ]
        )
    }

    @Test func `is refused where a file cannot be text`() async throws {
        try await withTemporaryDirectory { folder in
            func line(_ data: Data) throws -> String {
                try data.write(to: URL(fileURLWithPath: "\(folder)/template.yaml"))
                let error = try Self.thrown { _ = try Template(folder: folder) }
                return error.oneLine.replacing("\(folder)/", with: "")
            }
            let broken = try line(Data([0x61, 0xFF]))
            #expect(broken == "template.yaml: is not UTF-8 [encoding]; save it as UTF-8")
            let long = try line(Data(repeating: 0x61, count: 1 << 20 + 1))
            #expect(long == "template.yaml: is larger than 1 MiB [too-long]; make it smaller")
        }
    }

    @Test func `of a table says which column it lacks`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/totals.csv"
            try "number,total\n".write(toFile: path, atomically: true, encoding: .utf8)
            let error = try Self.thrown {
                _ = try CSVTable(file: path, needs: ["number", "currency", "total"])
            }
            #expect(
                error.oneLine.replacing("\(folder)/", with: "")
                    == "totals.csv:1:1: there is no column 'currency' [missing-column]; add it to the header: number,currency,total"
            )
        }
    }

    @Test func `refuses anchors and aliases before they can grow`() async throws {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<40 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        let error = try Self.thrown {
            _ = try YAMLReader.read(text: text, file: "f")
        }
        #expect(
            error.oneLine == "f:1:5: a0: anchors and aliases are not taken [anchor]; write it out"
        )
    }
}
