extension `Diagnostics` {
    /// What the analysis finds: what may not fit, what is unused, what is called alike, what would be lost.
    static let analysis: [Case] = [
        Case(
            name: "A0",
            fields: "[transactionId]",
            line:
                "A0",
            marked: ""
        ),
        Case(
            name: "A1",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields: "[{ value: \"round(totalPrice, 2)\", width: 12 }]",
            line:
                "A1",
            marked: ""
        ),
        Case(
            name: "A2",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields: "[{ value: written.all.size(), width: 5 }]",
            line:
                "A2",
            marked: ""
        ),
        Case(
            name: "A3",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields:
                "[{ name: a, value: transactionId, width: 12 }, { name: b, value: occProductName, width: 9 }, { name: c, value: \"'abc' + currency\", width: 9 }]",
            line:
                "A3",
            marked: ""
        ),
        Case(
            name: "A4",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields:
                "[{ value: \"string(date(transactionTime), 'yyyyMMdd') + '-' + string(transactions.size())\", width: 12 }]",
            line:
                "A4",
            marked: ""
        ),
        Case(
            name: "A5",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            file: "\n    mixed_currencies: true",
            records:
                "      - { id: row, for_each: transactions, fields: [{ name: net, value: \"round(netAmount, 2)\", width: 18 }] }\n      - fields: [{ name: total, value: \"written.row.map(r, r.net).sum()\", width: 17 }]",
            line:
                "A5",
            marked: ""
        ),
        Case(
            name: "A6",
            format: "{ kind: delimited, number: { decimals: 2, sign: unsigned } }",
            fields: "[{ name: a, value: \"round(netAmount, 2)\" }]",
            line:
                "A6",
            marked: ""
        ),
        Case(
            name: "A7",
            head: "parameters: { rate: { type: decimal, default: 1.5 } }",
            format: "{ kind: delimited, number: { decimals: 1 } }",
            fields:
                "[{ name: a, value: \"parameters.rate * transactions.map(t, round(t.netAmount, 2)).avg(transactions.size())\" }]",
            line:
                "A7",
            marked: ""
        ),
        Case(
            name: "A8",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: none, text: { overflow: reject }, number: { decimals: 2, decimal_mark: implied, overflow: reject } }",
            fields: "[{ value: plateNumber, width: 3 }]",
            line:
                "A8",
            marked: ""
        ),
        Case(
            name: "A9",
            head: "parameters: { company: { type: string, default: NAIDIS } }",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", text: { overflow: reject }, number: { decimals: 2, decimal_mark: implied, overflow: reject } }",
            fields: "[{ value: parameters.company, width: 5 }]",
            line:
                "A9",
            marked: ""
        ),
        Case(
            name: "A10",
            head:
                "lookups: { products: { columns: { product: string, account: string, name: string }, key: [product], missing: default, default: { account: \"1\", name: \"\" } } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,account,name\n1,2,3\n"],
            line:
                "A10",
            marked: ""
        ),
        Case(
            name: "A11",
            head: "derive: { net: \"round(netAmount, 2)\" }",
            line:
                "A11",
            marked: ""
        ),
        Case(
            name: "A12",
            node: "\n        let: { net: \"round(netAmount, 2)\" }",
            line:
                "A12",
            marked: ""
        ),
        Case(
            name: "A13",
            head: "records: [{ id: other, fields: [{ value: batch.number }] }]",
            line:
                "A13",
            marked: ""
        ),
        Case(
            name: "A14",
            head: "fragments: [shared.yaml]",
            extra: ["shared.yaml": "derive: { net: \"round(netAmount, 2)\" }\n"],
            line:
                "A14",
            marked: ""
        ),
        Case(
            name: "A15",
            file: "\n    for_each: transactions\n    group_by: [currency]\n    as: part",
            records: "      - { for_each: part.transactions, fields: [{ value: transactionId }] }",
            line:
                "A15",
            marked: ""
        ),
        Case(
            name: "A16",
            file: "\n    for_each: transactions",
            records: "      - fields: [{ value: transactionId }]",
            line:
                "A16",
            marked: ""
        ),
        Case(
            name: "A17",
            head: "documents: { group_by: [invoiceNo, currency], as: bill }",
            file: "\n    for_each: documents",
            records: "      - { for_each: bill.transactions, fields: [{ value: transactionId }] }",
            fileName: "x_${bill.invoiceNo}.csv",
            line:
                "A17",
            marked: ""
        ),
        Case(
            name: "A18",
            records:
                "      - { for_each: transactions, fields: [{ value: transactionId }] }\n  - name: x.csv\n    records: [{ for_each: transactions, fields: [{ value: transactionId }] }]",
            line:
                "A18",
            marked: ""
        ),
        Case(
            name: "A19",
            head: "layouts: { line: { fields: [Date, Account] } }",
            records:
                "      - { for_each: transactions, layout: line, values: { Account: currency, 2: stationId } }",
            line:
                "A19",
            marked: ""
        ),
        Case(
            name: "A20",
            format: "{ kind: delimited, formulas: keep, text: { pad: \" \" } }",
            line:
                "A20",
            marked: ""
        ),
        Case(
            name: "A21",
            format: "{ kind: json, framing: lines }",
            node: "\n        format: { delimiter: \";\" }",
            line:
                "A21",
            marked: ""
        ),
        Case(
            name: "A22",
            node: "\n        format: { encoding: utf-16 }",
            line:
                "A22",
            marked: ""
        ),
        Case(
            name: "A23",
            format: "{ kind: text }",
            records:
                "      - { for_each: transactions, lines: \"${currency}\", format: { quote: never } }",
            line:
                "A23",
            marked: ""
        ),
        Case(
            name: "A24",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", text: { overflow: reject }, number: { decimals: 2, decimal_mark: implied, overflow: reject } }",
            fields: "[{ value: transactionId, width: 12, quote: always }]",
            line:
                "A24",
            marked: ""
        ),
        Case(
            name: "A25",
            format: "{ kind: xml, line_end: crlf }",
            extra: ["s.xml": "<a/>"],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "A25",
            marked: ""
        ),
        Case(
            name: "A26",
            head: "parameters: { n: { type: int, default: 1, pattern: \"1\" } }",
            fields: "[{ value: parameters.n }]",
            line:
                "A26",
            marked: ""
        ),
        Case(
            name: "A27",
            head: "parameters: { n: { type: bool, default: true, min: 1 } }",
            fields: "[{ value: parameters.n }]",
            line:
                "A27",
            marked: ""
        ),
        Case(
            name: "A28",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><a><b t:for-each=\"transactions\" t:as=\"row\">${row.plateNumber}</b></a></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "A28",
            marked: ""
        ),
        Case(
            name: "A29",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><t:choose>lost<a t:if=\"transactions.size() > 1\"/><b/></t:choose></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "A29",
            marked: ""
        ),
        Case(
            name: "A30",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><t:choose><b/><a t:if=\"transactions.size() > 1\"/></t:choose></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "A30",
            marked: ""
        ),
        Case(
            name: "A31",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><a><t:use part=\"p\"><c/></t:use></a><t:part name=\"p\"><b/></t:part></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "A31",
            marked: ""
        ),
        Case(
            name: "A32",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><a><t:choose t:if=\"true\"><b/></t:choose></a></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "A32",
            marked: ""
        ),
        Case(
            name: "unmappable",
            format: "{ kind: delimited, encoding: ascii, formulas: keep, absent: \"–\" }",
            line:
                "T/template.yaml:3:69: format.absent: U+2013 is not in ascii [unmappable]; write it with other characters, or choose another encoding",
            marked: "\"–\""
        ),
        Case(
            name: "unmappable",
            format: "{ kind: delimited, encoding: ascii, formulas: keep }",
            fields:
                "[{ name: a, value: plateNumber, absent: puudub, control_characters: keep }, { name: b, value: driverName, absent: \"õ\" }]",
            line:
                "T/template.yaml:9:131: files[1].records[1].fields[2].absent: U+00F5 is not in ascii [unmappable]; write it with other characters, or choose another encoding",
            marked: "\"õ\""
        ),
        Case(
            name: "unmappable",
            format: "{ kind: text, encoding: cp437, transliterate: { õ: \"ő\" } }",
            records: "      - { for_each: transactions, lines: \"${currency}\" }",
            line:
                "T/template.yaml:3:55: format.transliterate: U+0151 is not in cp437 [unmappable]; write it with other characters, or choose another encoding",
            marked: "{"
        ),
        Case(
            name: "decimals",
            format: "{ kind: delimited, formulas: keep, number: { decimals: 1 } }",
            fields: "[{ name: a, value: \"1.25\" }]",
            line:
                "T/template.yaml:9:37: files[1].records[1].fields[1].value: the value has up to 2 decimals, 1 are written [decimals]; round it: round(..., 1), or write more decimals",
            marked: "1.25"
        ),
        Case(
            name: "sign",
            format: "{ kind: delimited, number: { sign: unsigned } }",
            fields: "[{ name: a, value: \"-7\" }]",
            line:
                "T/template.yaml:9:37: files[1].records[1].fields[1].value: value is negative, the field is unsigned [sign]; write its size: math.abs(...), or choose a sign",
            marked: "-7"
        ),
    ]
}
