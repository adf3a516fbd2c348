extension `Diagnostics` {
    /// What the analysis finds: what may not fit, what is unused, what is called alike, what would be lost.
    static let analysis: [Case] = [
        Case(
            name: "writing",
            fields: "[transactionId]",
            line:
                "T/template.yaml:9:18: files[1].records[1].fields[1]: 'transactionId' names a column, and nothing says what is written there [writing]; { value: transactionId } for a value, { name: transactionId } for a column that stays empty",
            marked: "transactionId"
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields: "[{ value: \"round(totalPrice, 2)\", width: 12 }]",
            line:
                "T/template.yaml:9:58: warning: files[1].records[1].fields[1]: field 1 may take 18 columns, the field has 12, and nothing says what becomes of what does not fit [width]; widen it, or overflow: reject",
            marked: "12"
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields: "[{ value: written.all.size(), width: 5 }]",
            line:
                "T/template.yaml:9:54: warning: files[1].records[1].fields[1]: field 1 may take 9 columns, the field has 5, and nothing says what becomes of what does not fit [width]; widen it, or overflow: reject",
            marked: "5"
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields:
                "[{ name: a, value: transactionId, width: 12 }, { name: b, value: occProductName, width: 9 }, { name: c, value: \"'abc' + currency\", width: 9 }]",
            line:
                "T/template.yaml:9:58: warning: files[1].records[1].fields[1]: 'a' may have any length, the field has 12, and nothing says what becomes of what does not fit; likewise 'b', 'c' [width]; widen it, truncate(...), or overflow: cut or reject",
            marked: "12"
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            fields:
                "[{ value: \"string(date(transactionTime), 'yyyyMMdd') + '-' + string(transactions.size())\", width: 12 }]",
            line:
                "T/template.yaml:9:115: warning: files[1].records[1].fields[1]: field 1 may take 19 columns, the field has 12, and nothing says what becomes of what does not fit [width]; widen it, truncate(...), or overflow: cut or reject",
            marked: "12"
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }",
            file: "\n    mixed_currencies: true",
            records:
                "      - { id: row, for_each: transactions, fields: [{ name: net, value: \"round(netAmount, 2)\", width: 18 }] }\n      - fields: [{ name: total, value: \"written.row.map(r, r.net).sum()\", width: 17 }]",
            line:
                "T/template.yaml:9:82: warning: files[1].records[2].fields[1]: 'total' may take 27 columns, the field has 17, and nothing says what becomes of what does not fit [width]; widen it, or overflow: reject",
            marked: "17"
        ),
        Case(
            name: "sign",
            format: "{ kind: delimited, number: { decimals: 2, sign: unsigned } }",
            fields: "[{ name: a, value: \"round(netAmount, 2)\" }]",
            line:
                "T/template.yaml:9:37: warning: files[1].records[1].fields[1].value: the value may be negative, and no sign is written [sign]; math.abs(...), another sign, or overflow: reject",
            marked: "round(netAmount, 2)"
        ),
        Case(
            name: "decimals",
            head: "parameters: { rate: { type: decimal, default: 1.5 } }",
            format: "{ kind: delimited, number: { decimals: 1 } }",
            fields:
                "[{ name: a, value: \"parameters.rate * transactions.map(t, round(t.netAmount, 2)).avg(transactions.size())\" }]",
            line:
                "T/template.yaml:10:37: warning: files[1].records[1].fields[1].value: the value may have any number of decimals, 1 are written [decimals]; round it: round(..., 1)",
            marked:
                "parameters.rate * transactions.map(t, round(t.netAmount, 2)).avg(transactions.size())"
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: none, text: { overflow: reject }, number: { decimals: 2, decimal_mark: implied, overflow: reject } }",
            fields: "[{ value: plateNumber, width: 3 }]",
            line:
                "T/template.yaml:9:47: files[1].records[1].fields[1]: the text takes 4 columns, the field has 3 [width]; width: 4",
            marked: "3"
        ),
        Case(
            name: "width",
            head: "parameters: { company: { type: string, default: NAIDIS } }",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", text: { overflow: reject }, number: { decimals: 2, decimal_mark: implied, overflow: reject } }",
            fields: "[{ value: parameters.company, width: 5 }]",
            line:
                "T/template.yaml:10:54: files[1].records[1].fields[1]: the text takes 6 columns, the field has 5 [width]; width: 6",
            marked: "5"
        ),
        Case(
            name: "written-later",
            records:
                "      - fields: [{ name: n, value: written.row.size() }]\n      - { id: row, for_each: transactions, fields: [{ value: transactionId }] }",
            line:
                "T/template.yaml:7:36: warning: files[1].records[1].fields[1].value: no record 'row' is written before this, it never finds one [written-later]; take transactions instead, or put this behind them",
            marked: "written.row.size()"
        ),
        Case(
            name: "written-later",
            format: "{ kind: delimited, formulas: keep, absent: \"\", number: { decimals: 2 } }",
            records:
                "      - for_each: transactions\n        group_by: [currency]\n        as: part\n        records:\n          - fields: [{ name: n, value: \"part.written.row.map(r, r.net).sum()\" }]\n          - { id: row, for_each: part.transactions, fields: [{ name: net, value: \"round(netAmount, 2)\" }] }",
            line:
                "T/template.yaml:11:41: files[1].records[1].records[1].fields[1].value: no record 'row' is written before this, it never finds one [written-later]; take part.transactions instead, or put this behind them",
            marked: "part.written.row.map(r, r.net).sum()"
        ),
        Case(
            name: "unused",
            head:
                "lookups: { products: { columns: { product: string, account: string, name: string }, key: [product], missing: default, default: { account: \"1\", name: \"\" } } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,account,name\n1,2,3\n"],
            line:
                "T/template.yaml:3:69: warning: lookups.products.columns: lookup 'products': column 'name' is never used [unused]; leave it out",
            marked: "name"
        ),
        Case(
            name: "unused",
            head: "derive: { net: \"round(netAmount, 2)\" }",
            line:
                "T/template.yaml:3:16: warning: derive.net: derived field 'net' is never used [unused]; leave it out",
            marked: "\"round(netAmount, 2)\""
        ),
        Case(
            name: "unused",
            node: "\n        let: { net: \"round(netAmount, 2)\" }",
            line:
                "T/template.yaml:10:21: warning: files[1].records[1].let.net: name 'net' is never used [unused]; leave it out",
            marked: "\"round(netAmount, 2)\""
        ),
        Case(
            name: "unused",
            head: "records: [{ id: other, fields: [{ value: batch.number }] }]",
            line:
                "T/template.yaml:3:11: warning: records[1]: record 'other' is never used [unused]; leave it out",
            marked: "{"
        ),
        Case(
            name: "unused",
            head: "fragments: [shared.yaml]",
            extra: ["shared.yaml": "derive: { net: \"round(netAmount, 2)\" }\n"],
            line:
                "T/template.yaml:3:13: warning: fragments[1]: fragment 'shared.yaml' is never used [unused]; leave it out",
            marked: "shared.yaml"
        ),
        Case(
            name: "doubled-name",
            file: "\n    for_each: transactions\n    group_by: [currency]\n    as: part",
            records: "      - { for_each: part.transactions, fields: [{ value: transactionId }] }",
            line:
                "T/template.yaml:5:11: files[1].name: two files may have one name: 'part.currency' is not in it [doubled-name]; put ${part.currency} into it, or ${part.position}",
            marked: "x.csv"
        ),
        Case(
            name: "doubled-name",
            file: "\n    for_each: transactions",
            records: "      - fields: [{ value: transactionId }]",
            line:
                "T/template.yaml:5:11: files[1].name: the files of two transactions would have one name: nothing that tells them apart may stand in it [doubled-name]; group them: group_by: [...], as: part",
            marked: "x.csv"
        ),
        Case(
            name: "doubled-name",
            head: "documents: { group_by: [invoiceNo, currency], as: bill }",
            file: "\n    for_each: documents",
            records: "      - { for_each: bill.transactions, fields: [{ value: transactionId }] }",
            fileName: "x_${bill.invoiceNo}.csv",
            line:
                "T/template.yaml:6:11: files[1].name: two files may have one name: 'bill.currency' is not in it [doubled-name]; put ${bill.currency} into it, or ${bill.position}",
            marked: "x_${bill.invoiceNo}.csv"
        ),
        Case(
            name: "doubled-name",
            records:
                "      - { for_each: transactions, fields: [{ value: transactionId }] }\n  - name: x.csv\n    records: [{ for_each: transactions, fields: [{ value: transactionId }] }]",
            line:
                "T/template.yaml:8:11: files[2].name: two files are called 'x.csv' [doubled-name]; rename one",
            marked: "x.csv"
        ),
        Case(
            name: "doubled-name",
            head: "layouts: { line: { fields: [Date, Account] } }",
            records:
                "      - { for_each: transactions, layout: line, values: { Account: currency, 2: stationId } }",
            line:
                "T/template.yaml:8:78: files[1].records[1].values: 'Account' is set twice, by its name and by its number 2 [doubled-name]; leave one",
            marked: "2"
        ),
        Case(
            name: "writing",
            format: "{ kind: delimited, formulas: keep, text: { pad: \" \" } }",
            line:
                "T/template.yaml:3:57: format.text.pad: pad belongs to kind: fixed_width, this is delimited [writing]; leave it out",
            marked: "\" \""
        ),
        Case(
            name: "writing",
            format: "{ kind: json, framing: lines }",
            node: "\n        format: { delimiter: \";\" }",
            line:
                "T/template.yaml:10:30: files[1].records[1].format.delimiter: delimiter belongs to kind: delimited, this is json [writing]; leave it out",
            marked: "\";\""
        ),
        Case(
            name: "writing",
            node: "\n        format: { encoding: utf-16 }",
            line:
                "T/template.yaml:10:29: files[1].records[1].format.encoding: encoding is one for the whole file [writing]; put it into the format of the file or of the template",
            marked: "utf-16"
        ),
        Case(
            name: "writing",
            format: "{ kind: text }",
            records:
                "      - { for_each: transactions, lines: \"${currency}\", format: { quote: never } }",
            line:
                "T/template.yaml:7:74: files[1].records[1].format.quote: quote belongs to kind: delimited, this is text [writing]; leave it out",
            marked: "never"
        ),
        Case(
            name: "writing",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", text: { overflow: reject }, number: { decimals: 2, decimal_mark: implied, overflow: reject } }",
            fields: "[{ value: transactionId, width: 12, quote: always }]",
            line:
                "T/template.yaml:9:60: files[1].records[1].fields[1].quote: quote belongs to kind: delimited, this is fixed_width [writing]; leave it out",
            marked: "always"
        ),
        Case(
            name: "writing",
            format: "{ kind: xml, line_end: crlf }",
            extra: ["s.xml": "<a/>"],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "T/template.yaml:3:32: format.line_end: line_end belongs to kind: delimited, fixed_width, text, json, this is xml [writing]; leave it out",
            marked: "crlf"
        ),
        Case(
            name: "type",
            head: "parameters: { n: { type: int, default: 1, pattern: \"1\" } }",
            fields: "[{ value: parameters.n }]",
            line:
                "T/template.yaml:3:52: parameters.n.pattern: pattern belongs to a string, this is an int [type]; leave it out",
            marked: "\"1\""
        ),
        Case(
            name: "type",
            head: "parameters: { n: { type: bool, default: true, min: 1 } }",
            fields: "[{ value: parameters.n }]",
            line:
                "T/template.yaml:3:52: parameters.n.min: min belongs to an int, decimal or date, this is a bool [type]; leave it out",
            marked: "1"
        ),
        Case(
            name: "xml",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><a><b t:for-each=\"transactions\" t:as=\"row\">${row.plateNumber}</b></a></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "T/s.xml:1:42: the root element vanishes where everything in it is absent, a document has one [xml]; put an element into it that is always written",
            marked: "a"
        ),
        Case(
            name: "xml",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><t:choose>lost<a t:if=\"transactions.size() > 1\"/><b/></t:choose></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "T/s.xml:1:57: text stands between the branches of <t:choose>, and would not be written [xml]; put it into an element",
            marked: "lost"
        ),
        Case(
            name: "xml",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><t:choose><b/><a t:if=\"transactions.size() > 1\"/></t:choose></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "T/s.xml:1:42: the branch is never taken, the one before it has no t:if [xml]; put the branch without t:if last",
            marked: "a"
        ),
        Case(
            name: "xml",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><a><t:use part=\"p\"><c/></t:use></a><t:part name=\"p\"><b/></t:part></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "T/s.xml:1:27: <c> stands in <t:use>, and would not be written [xml]; put it behind, or into the part",
            marked: "c"
        ),
        Case(
            name: "unknown-key",
            format: "{ kind: xml }",
            extra: [
                "s.xml":
                    "<t:skeleton xmlns:t=\"urn:occ-export:template\"><a><t:choose t:if=\"true\"><b/></t:choose></a></t:skeleton>"
            ],
            files: "  - { name: x.xml, skeleton: s.xml }",
            line:
                "T/s.xml:1:60: there is no t:if on <t:choose> [unknown-key]; put it on the elements inside",
            marked: "t:if"
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
