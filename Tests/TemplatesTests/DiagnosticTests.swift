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
        var format = "{ kind: delimited, encoding: utf-8, absent: \"\" }"
        var files = """
              - name: x.csv
                records:
                  - id: row
                    for_each: transactions
                    fields: [transactionId]
            """
        var extra: [String: String] = [:]

        var yaml: String {
            "version: 1\ntitle: a test\n\(head.isEmpty ? "" : head + "\n")format: \(format)\nfiles:\n\(files)\n"
        }
    }

    struct Case: CustomTestStringConvertible {
        let name: String
        var head = ""
        var format = "{ kind: delimited, encoding: utf-8, absent: \"\" }"
        var fields = "[transactionId]"
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

    private func refusal(_ draft: Draft) async throws -> Diagnostic {
        try await withTemporaryDirectory { folder in
            do {
                let plan = try TemplateHarness.plan(draft.yaml, files: draft.extra, in: folder)
                return try #require(plan.warnings.first)
            } catch let error as Diagnostic {
                return Diagnostic(
                    error.name,
                    error.message,
                    cure: error.cure,
                    severity: error.severity,
                    file: error.file.replacing("\(folder)/t", with: "T"),
                    line: error.line,
                    column: error.column,
                    length: error.length,
                    path: error.path,
                    excerpt: error.excerpt
                )
            }
        }
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
                "      - { for_each: transactions, lines: x, checks: [{ that: written.row.map(r, r.amount).sum() == 0, message: m }] }",
            line:
                "T/template.yaml:7:81: files[1].records[1].checks[1]: no key 'r.amount).sum() == 0' [unknown-key]; inside { } a comma ends the value before it: quote the expression",
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
            fields: "[netAmount, { name: a, value: netAmount }]",
            line:
                "T/template.yaml:9:47: files[1].records[1].fields[2].value: the value has up to 4 decimals, 2 are written [decimals]; round it: round(..., 2), or write more decimals",
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
            name: "too-deep",
            head: "extends: t",
            line:
                "T/template.yaml:3:10: extends: 't' extends itself [too-deep]; extend a template that stands on its own",
            marked: "t"
        ),
    ])
    func `say what is wrong, where, and what to do`(_ test: Case) async throws {
        let found = try await refusal(test.draft)
        let line = found.oneLine.split(separator: "/t/", maxSplits: 1)
        let shown =
            found.oneLine.hasPrefix("T/") || line.count < 2
            ? found.oneLine : "T/" + line[1]
        #expect(shown.replacing(/\/[^ ]*\/t\/template/, with: "T/template") == test.line)
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
}
