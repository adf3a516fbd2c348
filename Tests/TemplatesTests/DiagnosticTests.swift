import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// What a user sees, word for word: the place, what is wrong, the cure.
struct `Diagnostics` {
    /// A template whose parts a case replaces.
    struct Draft {
        var head = ""
        var format = "{ kind: delimited, encoding: utf-8, formulas: keep, absent: \"\" }"
        var files = """
              - name: x.csv
                records:
                  - id: row
                    for_each: transactions
                    fields: [{ value: transactionId }]
            """
        var extra: [String: String] = [:]

        var yaml: String {
            "version: 1\ntitle: a test\n\(head.isEmpty ? "" : head + "\n")format: \(format)\nfiles:\n\(files)\n"
        }
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        var head = ""
        var format = "{ kind: delimited, encoding: utf-8, formulas: keep, absent: \"\" }"
        var fields = "[{ value: transactionId }]"
        var node = ""
        var file = ""
        var records: String?
        var extra: [String: String] = [:]
        /// The message as a pipe gets it; `T` stands for the template's folder.
        let line: String
        /// What is marked in the source.
        let marked: String
        var testDescription: String { name + ": " + marked }

        var draft: Draft {
            var draft = Draft(head: head, format: format, extra: extra)
            let body =
                records
                ?? "      - id: row\n        for_each: transactions\n        fields: \(fields)\(node)"
            draft.files = "  - name: x.csv\(file)\n    records:\n\(body)"
            return draft
        }
    }

    /// All that a check finds, its files called `T/...`.
    private func findings(_ draft: Draft) async throws -> [Diagnostic] {
        try await withTemporaryDirectory { folder in
            let findings = try TemplateHarness.findings(
                draft.yaml,
                files: draft.extra,
                in: folder
            )
            return (findings.errors.isEmpty ? findings.warnings : findings.errors).map {
                Diagnostic(
                    $0.name,
                    $0.message.replacing("\(folder)/t", with: "T"),
                    cure: $0.cure?.replacing("\(folder)/t", with: "T"),
                    severity: $0.severity,
                    file: $0.file.replacing("\(folder)/t", with: "T"),
                    line: $0.line,
                    column: $0.column,
                    length: $0.length,
                    path: $0.path,
                    excerpt: $0.excerpt
                )
            }
        }
    }

    private func refusal(_ draft: Draft) async throws -> Diagnostic {
        try #require(try await findings(draft).first)
    }

    private func marked(_ diagnostic: Diagnostic) -> String {
        let line = Array(diagnostic.excerpt)
        guard diagnostic.column - 1 < line.count else { return "" }
        let end = min(line.count, diagnostic.column - 1 + diagnostic.length)
        return String(line[(diagnostic.column - 1)..<end])
    }

    private static let fixed =
        "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }"

    @Test(arguments: [
        Case(
            name: "unknown-name",
            head: "derive: { gross: \"round(totalprice, 2)\" }",
            line:
                "T/template.yaml:3:25: derive.gross: a transaction has no field 'totalprice' [unknown-name]; did you mean 'totalPrice'?",
            marked: "totalprice"
        ),
        Case(
            name: "absent-value",
            fields: "[{ name: a, value: occProductName + ' ' + plateNumber }]",
            line:
                "T/template.yaml:9:59: files[1].records[1].fields[1].value: 'plateNumber' may be absent, '+' needs a string [absent-value]; say what stands for an absent one: plateNumber.orValue('')",
            marked: "plateNumber"
        ),
        Case(
            name: "width",
            format: fixed,
            fields:
                "[{ value: local(transactionTime), width: 12, pattern: yyyyMMddHHmmss }]",
            line:
                "T/template.yaml:9:58: files[1].records[1].fields[1]: 'yyyyMMddHHmmss' writes 14 characters, the field has 12 [width]; width: 14, or a shorter pattern",
            marked: "12"
        ),
        Case(
            name: "pattern",
            format: "{ kind: delimited, date: { pattern: dd.mm.yyyy } }",
            fields: "[{ name: d, value: date(transactionTime) }]",
            line:
                "T/template.yaml:3:48: format.date.pattern: 'mm' is minutes, and a date has none [pattern]; the month is 'MM'",
            marked: "mm"
        ),
        Case(
            name: "overlap",
            head:
                "layouts: { D: { fields: [{ text: D, at: 1 }, { name: description, at: 2-101 }, { name: side, at: 101-102 }] } }",
            format: fixed,
            records: "      - { for_each: transactions, layout: D, values: { side: currency } }",
            line:
                "T/template.yaml:3:98: layouts.D.fields[3]: 'side' (101-102) overlaps 'description' (2-101) [overlap]; at: 102-103",
            marked: "101-102"
        ),
        Case(
            name: "gap",
            head: "layouts: { D: { fields: [{ text: D, at: 1 }, { name: side, at: 3 }] } }",
            format: fixed,
            records: "      - { for_each: transactions, layout: D, values: { side: currency } }",
            line:
                "T/template.yaml:3:64: layouts.D.fields[2]: 'side' begins in column 3, the field before it ends in 1 [gap]; at: 2, or a field of blanks between them: { at: 2 }",
            marked: "3"
        ),
        Case(
            name: "unreachable",
            head: "requires: [invoiceNo]",
            node: "\n        when: \"1 == 2\"",
            line:
                "T/template.yaml:11:16: warning: files[1].records[1].when: always false [unreachable]; drop the record",
            marked: "1 == 2"
        ),
        Case(
            name: "unknown-key",
            records:
                "      - { for_each: transactions, fields: [], checks: [{ that: written.row.map(r, r.amount).sum() == 0, message: m }] }",
            line:
                "T/template.yaml:7:83: files[1].records[1].checks[1]: no key 'r.amount).sum() == 0' [unknown-key]; inside { } a comma ends the value before it: quote the expression",
            marked: "r.amount).sum() == 0"
        ),
        Case(
            name: "record-length",
            format: "{ kind: fixed_width, record_length: 10 }",
            fields: "[{ value: currency, width: 3 }]",
            line:
                "T/template.yaml:7:9: files[1].records[1]: the fields take 3 columns, the record has 10 [record-length]; add { width: rest }",
            marked: "i"
        ),
        Case(
            name: "decimals",
            format: "{ kind: delimited, number: { decimals: 2 } }",
            fields: "[{ name: a, value: netAmount }]",
            line:
                "T/template.yaml:9:36: files[1].records[1].fields[1].value: the value has up to 4 decimals, 2 are written [decimals]; round it: round(..., 2), or write more decimals",
            marked: "netAmount"
        ),
        Case(
            name: "unmappable",
            format: fixed,
            fields: "[{ text: Ж, width: 1 }]",
            line:
                "T/template.yaml:9:18: files[1].records[1].fields[1]: U+0416 is not in windows-1257 [unmappable]; write it with other characters, or choose another encoding",
            marked: "{"
        ),
        Case(
            name: "hidden-name",
            node: "\n        let: { currency: \"1\" }",
            line:
                "T/template.yaml:10:26: files[1].records[1].let.currency: 'currency' has a meaning here already [hidden-name]; choose another name",
            marked: "\"1\""
        ),
        Case(
            name: "mixed-currencies",
            records:
                "      - { id: row, for_each: transactions, fields: [{ name: total, value: totalPrice }] }\n      - fields: [{ value: \"written.row.map(r, r.total).sum()\" }]",
            line:
                "T/template.yaml:8:28: warning: files[1].records[2].fields[1].value: amounts are summed, and no group around them has one currency [mixed-currencies]; add currency to group_by, or mixed_currencies: true on the file",
            marked: "written.row.map(r, r.total).sum()"
        ),
        Case(
            name: "written",
            records:
                "      - { id: row, for_each: transactions, fields: [{ name: total, value: currency }] }\n      - fields: [{ value: \"written.row[0].total\" }]",
            line:
                "T/template.yaml:8:27: files[1].records[2].fields[1].value: what was written is only counted and summed [written]; size(), or map(r, ...) and then sum(), min(), max() or same()",
            marked: "\"written.row[0].total\""
        ),
        Case(
            name: "unused",
            head: "parameters: { company: { type: string, default: a } }",
            line:
                "T/template.yaml:3:15: warning: parameters.company: parameter 'company' is never used [unused]; leave it out",
            marked: "company"
        ),
        Case(
            name: "missing-parameter",
            head: "parameters: { company: string }",
            line:
                "T/template.yaml:3:15: parameters: template 't' needs 'company' (string) [missing-parameter]; add company: ... (declared in T/template.yaml:3)",
            marked: "company"
        ),
        Case(
            name: "type",
            node: "\n        when: currency",
            line:
                "T/template.yaml:10:15: files[1].records[1].when: a condition is a bool, this is a string [type]; compare it: ... == ...",
            marked: "currency"
        ),
        Case(
            name: "unknown-word",
            format: "{ kind: delimitted }",
            line:
                "T/template.yaml:3:17: format.kind: 'delimitted' is not one of delimited, fixed_width, xml, text, json [unknown-word]; did you mean 'delimited'?",
            marked: "delimitted"
        ),
        Case(
            name: "writing",
            node: "\n        lines: x",
            line:
                "T/template.yaml:10:16: files[1].records[1].lines: fields and lines exclude each other [writing]; give the node one of them",
            marked: "x"
        ),
        Case(
            name: "missing-key",
            node: "\n        checks: [{ message: m }]",
            line:
                "T/template.yaml:10:18: files[1].records[1].checks[1]: 'that' is missing [missing-key]; add that: a condition",
            marked: "{"
        ),
        Case(
            name: "name",
            node: "\n        group_by: [\"currency + 'a'\"]",
            line:
                "T/template.yaml:10:20: files[1].records[1].group_by[1]: the key has no name [name]; write { name: expression }",
            marked: "\"currency + 'a'\""
        ),
        Case(
            name: "syntax",
            format: "{ kind: text }",
            records: "      - { for_each: transactions, lines: \"${currency\" }",
            line:
                "T/template.yaml:7:43: files[1].records[1].lines: '${' has no closing '}' [syntax]; write $${ for the two characters",
            marked: "${"
        ),
        Case(
            name: "doubled-name",
            head: "layouts: { D: { fields: [a, a] } }",
            line:
                "T/template.yaml:3:29: layouts.D.fields[2]: layout 'D' has two columns 'a' [doubled-name]; rename one",
            marked: "a"
        ),
        Case(
            name: "parameter",
            head: "parameters: { n: { type: int, min: 5, default: 3 } }",
            line:
                "T/template.yaml:3:48: parameters.n.default: 3 is below 5 [parameter]; declared in T/template.yaml:3",
            marked: "3"
        ),
        Case(
            name: "pattern",
            head: "parameters: { n: { type: string, pattern: \"(\", default: a } }",
            line:
                "T/template.yaml:3:43: parameters.n.pattern: the pattern is no regular expression: missing ): ( [pattern]; a sign that means itself stands behind a backslash: r'\\.'",
            marked: "\"(\""
        ),
        Case(
            name: "writing",
            format:
                "{ kind: fixed_width, number: { decimals: 4, decimal_mark: implied, align: left, pad: \"0\" } }",
            fields: "[{ value: totalPrice, width: 12 }]",
            line:
                "T/template.yaml:3:94: format.number.pad: zeros behind a number change it [writing]; align: right",
            marked: "\"0\""
        ),
        Case(
            name: "writing",
            format: fixed,
            fields: "[{ value: written.all.size(), width: 9, pad: \"1\" }]",
            line:
                "T/template.yaml:9:62: files[1].records[1].fields[1].pad: the digit 1 beside a number changes it [writing]; pad: \"0\", or a blank",
            marked: "\"1\""
        ),
        Case(
            name: "doubled-name",
            fields: "[{ name: a, value: quantity }, { name: a, value: totalPrice }]",
            line:
                "T/template.yaml:9:48: files[1].records[1].fields[2]: the record has two columns 'a' [doubled-name]; rename one",
            marked: "{"
        ),
        Case(
            name: "width",
            format: "{ kind: fixed_width, text: { overflow: cut } }",
            fields: "[{ text: HEAD, width: 1 }]",
            line:
                "T/template.yaml:9:39: files[1].records[1].fields[1]: the text takes 4 columns, the field has 1 [width]; width: 4",
            marked: "1"
        ),
        Case(
            name: "writing",
            format:
                "{ kind: delimited, delimiter: \",\", quote: never, absent: \"\", number: { decimal_mark: \",\" } }",
            fields: "[{ name: a, value: totalPrice }]",
            line:
                "T/template.yaml:9:18: files[1].records[1].fields[1]: ',' is both the delimiter and the decimal mark, and quote is never [writing]; quote: when_needed, or another delimiter or decimal_mark",
            marked: "{"
        ),
        Case(
            name: "name",
            head: "derive: { gross: round(totalPrice, 2) }",
            line:
                "T/template.yaml:3:36: derive: '2)' is no name [name]; inside { } a comma ends the value before it: quote the expression",
            marked: "2)"
        ),
        Case(
            name: "yaml",
            fields: "[{ name: a, value: 'a' + 'b' }]",
            line:
                "T/template.yaml:9:40: did not find expected ',' or '}' [yaml]; quote the expression",
            marked: "+"
        ),
        Case(
            name: "yaml",
            node: "\n        when: !invoiceNo.hasValue()",
            line:
                "T/template.yaml:10:15: files[1].records[1].when: '!invoiceNo.hasValue()' is a YAML tag, no text [yaml]; quote the expression",
            marked: "!invoiceNo.hasValue()"
        ),
        Case(
            name: "unknown-name",
            head: "derive: { a: b, b: totalPrice }",
            line:
                "T/template.yaml:3:14: derive.a: 'b' is derived later [unknown-name]; put it before 'a'",
            marked: "b"
        ),
        Case(
            name: "unknown-name",
            head: "derive: { a: b, b: a }",
            line:
                "T/template.yaml:3:14: derive.a: 'a' and 'b' are derived from each other [unknown-name]; derive one of them without the other",
            marked: "b"
        ),
        Case(
            name: "formula",
            format: "{ kind: delimited }",
            fields: "[{ name: a, value: occProductName }]",
            line:
                "T/template.yaml:9:18: warning: files[1].records[1].fields[1]: a text that begins like a formula (= + - @) rejects its row, and nothing says that it shall [formula]; formulas: apostrophe for people, keep for machines, or reject",
            marked: "{"
        ),
        Case(
            name: "writing",
            format: "{ kind: fixed_width, delimiter: \";\", text: { overflow: reject } }",
            fields: "[{ value: transactionId, width: 10 }]",
            line:
                "T/template.yaml:3:41: format.delimiter: delimiter belongs to kind: delimited, this is fixed_width [writing]; leave it out",
            marked: "\";\""
        ),
        Case(
            name: "writing",
            format: "{ kind: delimited, encoding: windows-1252, byte_order_mark: true }",
            line:
                "T/template.yaml:3:38: format.encoding: windows-1252 has no byte order mark [writing]; byte_order_mark: false, or another encoding",
            marked: "windows-1252"
        ),
        Case(
            name: "writing",
            fields: "[{ name: a, value: currency, decimals: 2 }]",
            line:
                "T/template.yaml:9:18: files[1].records[1].fields[1]: decimals belongs to a number, the value is none [writing]; leave it out",
            marked: "{"
        ),
        Case(
            name: "too-deep",
            head: "extends: t",
            line:
                "T/template.yaml:3:10: extends: 't' extends itself [too-deep]; extend a template that stands on its own",
            marked: "t"
        ),
    ])
    func `say what is wrong, where, and what to do`(_ test: Case) async throws {
        let all = try await findings(test.draft)
        // One mistake is told once: nothing that only follows from it.
        #expect(all.map(\.oneLine) == [test.line])
        let found = try #require(all.first)
        #expect(found.name == test.name)
        #expect(marked(found) == test.marked)
        #expect(found.cure != nil)
    }

    @Test func `three lines on a terminal mark the place and cut a long line around it`() {
        let long =
            "  detail: " + String(repeating: "x", count: 90) + " plateNumber "
            + String(repeating: "y", count: 90)
        let diagnostic = Diagnostic(
            "absent-value",
            "'plateNumber' may be absent",
            cure: "say so",
            file: "f.yaml",
            line: 7,
            column: 102,
            length: 11,
            path: "a.b",
            excerpt: long
        )
        let lines = diagnostic.threeLines.split(separator: "\n").map(String.init)
        #expect(lines[0] == "f.yaml:7:102: a.b: 'plateNumber' may be absent [absent-value]")
        #expect(lines[1].hasPrefix("   7 | …xxx"))
        #expect(lines[1].hasSuffix("…"))
        #expect(lines[2].hasSuffix("^~~~~~~~~~~ say so"))
        let mark = lines[2].distance(
            from: lines[2].startIndex,
            to: lines[2].firstIndex(of: "^") ?? lines[2].endIndex
        )
        #expect(lines[1].dropFirst(mark).hasPrefix("plateNumber"))
    }

    @Test func `a check without lookups and parameters still finds what is wrong`() async throws {
        let head = """
            parameters: { company: string, house: { no: int } }
            lookups: { products: { columns: { code: string, account: string }, key: [code] } }
            """
        let records =
            "{ name: a, value: lookups.products(occProductCode).account + parameters.company }"
        try await withTemporaryDirectory { folder in
            var draft = Draft(head: head)
            draft.files =
                "  - name: x.csv\n    records:\n      - for_each: transactions\n        fields: [\(records)]"
            _ = try? TemplateHarness.plan(draft.yaml, in: folder)
            let plan = try TemplateHarness.plan("\(folder)/t", standingIn: true)
            #expect(
                plan.standIns == [
                    "parameter 'company'", "parameter 'house.no'", "lookup 'products'",
                ]
            )
        }
        try await withTemporaryDirectory { folder in
            var draft = Draft(head: head)
            draft.files =
                "  - name: x.csv\n    records:\n      - for_each: transactions\n        fields: [{ name: b, value: totalprice }]"
            _ = try? TemplateHarness.plan(draft.yaml, in: folder)
            let error = #expect(throws: Diagnostic.self) {
                try TemplateHarness.plan("\(folder)/t", standingIn: true)
            }
            #expect(error?.name == "unknown-name")
        }
    }

    @Test(arguments: [
        (
            "productCode,productCode,account\nA,A,1\n",
            "products.csv:1:13: the first line names 'productCode' twice [doubled-name]; rename one"
        ),
        (
            "productCode,account\n,1\n",
            "products.csv:2:1: the row has no key [lookup-key]; fill in productCode, or leave the row out"
        ),
        (
            "productCode,account\n A,1\n",
            "products.csv:2:1: the key 'productCode' has a blank around it, or a control character in it [lookup-key]; mend the cell"
        ),
        (
            "productCode,account\nA\u{0},1\n",
            "products.csv:2:1: the key 'productCode' has a blank around it, or a control character in it [lookup-key]; mend the cell"
        ),
        (
            "productCode;account\nA;1\n",
            "products.csv:1:1: the file is separated by ';', a lookup by ',' [columns]; save it with commas"
        ),
        (
            "productCode\taccount\nA\t1\n",
            "products.csv:1:1: the file is separated by tabs, a lookup by ',' [columns]; save it with commas"
        ),
    ])
    func `refuse a lookup that could not answer`(_ table: String, _ line: String) async throws {
        var draft = Draft(
            head:
                "lookups: { products: { columns: { productCode: string, account: string }, key: [productCode] } }"
        )
        draft.extra = ["lookups/products.csv": table]
        let found = try await refusal(draft).oneLine
        #expect(found.replacing(/^.*\//, with: "") == line)
    }

    @Test func `warn of a schema that is nowhere`() async throws {
        var draft = Draft(format: "{ kind: xml }")
        draft.files = "  - name: x.xml\n    skeleton: s.xml\n    schemas: [Finvoice3.xsd, no.xsd]"
        draft.extra = ["s.xml": "<a/>"]
        try await withTemporaryDirectory { folder in
            let warnings = try TemplateHarness.plan(draft.yaml, files: draft.extra, in: folder)
                .warnings
            #expect(warnings.map(marked) == ["Finvoice3.xsd", "no.xsd"])
            #expect(warnings.first?.cure == "did you mean 'Finvoice3.0.xsd'?")
            #expect(
                warnings.last?.oneLine.hasSuffix(
                    "template.yaml:7:30: warning: files[1].schemas[2]: no.xsd is neither in the folder nor in schemas/; files will not be validated [schema]; put it beside template.yaml"
                ) == true
            )
        }
    }
}
