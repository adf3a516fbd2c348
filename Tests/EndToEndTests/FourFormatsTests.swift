internal import Foundation
import TestSupport
import Testing

/// The same rows in four formats, added up by Python's own readers of each.
struct `Four formats of the same rows` {
    private static let amounts = """
        { name: net, value: "round(netAmount, 2)", decimals: 2 }, { name: vat, value: "round(vatAmount, 2)", decimals: 2 }, \
        { name: total, value: "round(totalPrice, 2)", decimals: 2 }
        """

    private static func template(_ format: String, _ file: String, _ records: String) -> String {
        """
        version: 1
        title: Amounts
        format: { \(format), absent: "" }
        files:
          - name: \(file)
            mixed_currencies: true
            records: [\(records){ id: row, for_each: transactions, fields: [\(amounts)] }]

        """
    }

    /// A template's files by their names.
    private static let templates = [
        "csv": [
            "template.yaml": template(
                "kind: delimited, encoding: utf-8, line_end: lf, delimiter: \";\"",
                "rows.csv",
                "{ names_of: row }, "
            )
        ],
        "json": [
            "template.yaml": template(
                "kind: json, encoding: utf-8, line_end: lf, framing: lines",
                "rows.json",
                ""
            )
        ],
        "fixed": [
            "template.yaml": template(
                "kind: fixed_width, encoding: utf-8, line_end: lf, number: { align: right, overflow: reject }",
                "rows.txt",
                ""
            ).replacing("decimals: 2 }", with: "decimals: 2, width: 14 }")
        ],
        "xml": [
            "template.yaml": """
            version: 1
            title: Amounts
            format: { kind: xml, encoding: utf-8, number: { decimals: 2, decimal_mark: "." } }
            files: [{ name: rows.xml, mixed_currencies: true, skeleton: rows.xml }]

            """,
            "rows.xml": """
            <t:skeleton xmlns:t="urn:occ-export:template"><rows>
            <row t:for-each="transactions" t:as="row"><net>${round(row.netAmount, 2)}</net>\
            <vat>${round(row.vatAmount, 2)}</vat><total>${round(row.totalPrice, 2)}</total></row>
            </rows></t:skeleton>

            """,
        ],
    ]

    private static let script = """
        import csv, decimal, json, xml.etree.ElementTree as tree
        D, keys = decimal.Decimal, ("net", "vat", "total")
        found = {
            "csv": [{k: D(r[k]) for k in keys} for r in csv.DictReader(open("csv.out/rows.csv", newline=""), delimiter=";")],
            "json": [json.loads(line, parse_float=D, parse_int=D) for line in open("json.out/rows.json")],
            "fixed": [{k: D(line[14 * i:14 * i + 14].strip()) for i, k in enumerate(keys)} for line in open("fixed.out/rows.txt")],
            "xml": [{k: D(r.find(k).text) for k in keys} for r in tree.parse("xml.out/rows.xml").getroot()],
        }
        for name in sorted(found):
            rows = found[name]
            print(name, len(rows), *(format(sum(row[k] for row in rows), ".2f") for k in keys))
        """

    @Test func `give the same sums to independent readers`() async throws {
        try await withTemporaryDirectory { folder in try Self.compare(in: folder) }
    }

    private static func compare(in folder: String) throws {
        let input = "\(Checkout.path)/samples/api/contract-transactions-22297.json"
        for (name, files) in templates {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)",
                withIntermediateDirectories: true
            )
            for (file, text) in files {
                try text.write(
                    toFile: "\(folder)/\(name)/\(file)",
                    atomically: true,
                    encoding: .utf8
                )
            }
            let rendered = try run(
                Checkout.program("occ-export"),
                [
                    "render", "--template", name, "--contract", "22297", "--output-folder",
                    "\(name).out", input,
                ],
                in: folder
            )
            #expect(rendered.status == 0, "\(name): \(rendered.output)\(rendered.error)")
        }
        let sums = try run("/usr/bin/env", ["python3", "-c", script], in: folder)
        try #require(sums.status == 0, "\(sums.error)")
        let lines = sums.output.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(lines.map { $0[0] } == ["csv", "fixed", "json", "xml"])
        let first = try #require(lines.first?.dropFirst())
        #expect(first.first.flatMap { Int($0) } ?? 0 > 5)
        #expect(first.contains { $0 != "0.00" })
        for line in lines { #expect(line.dropFirst() == first, "\(line)") }
    }
}
