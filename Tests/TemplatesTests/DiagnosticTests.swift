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
        /// The whole text, instead of its parts.
        var whole: String?

        var yaml: String {
            whole
                ?? "version: 1\ntitle: a test\n\(head.isEmpty ? "" : head + "\n")format: \(format)\nfiles:\n\(files)\n"
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
        var fileName = "x.csv"
        /// All files, instead of one with its parts.
        var files: String?
        /// The whole template, instead of its parts.
        var whole: String?
        /// The message as a pipe gets it; `T` stands for the template's folder.
        let line: String
        /// What is marked in the source.
        let marked: String
        var testDescription: String { name + ": " + marked }

        var draft: Draft {
            var draft = Draft(head: head, format: format, extra: extra, whole: whole)
            let body =
                records
                ?? "      - id: row\n        for_each: transactions\n        fields: \(fields)\(node)"
            draft.files = files ?? "  - name: \(fileName)\(file)\n    records:\n\(body)"
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

    static let all = cases + analysis + names

    @Test(arguments: all)
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
            "productCode,account\nA,\n",
            "products.csv:2:1: column 'account' needs a string [type]; fill it in, or declare it optional"
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
