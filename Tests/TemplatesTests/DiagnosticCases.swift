extension `Diagnostics` {
    private static let fixed =
        "{ kind: fixed_width, encoding: windows-1257, absent: \"\", number: { decimals: 2, decimal_mark: implied } }"

    /// What stands wrong in a template.
    static let cases: [Case] = [
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
            node: "\n\twhen: netAmount > 1.0",
            line:
                "T/template.yaml:10:1: found character that cannot start any token [yaml]; indent with blanks; YAML takes no tabs",
            marked: "\t"
        ),
        Case(
            name: "yaml",
            node: "\n         when: netAmount > 1.0",
            line:
                "T/template.yaml:10:10: did not find expected key [yaml]; look at the indent: keys of one level begin in one column; and does a bracket or quote stay open above?",
            marked: "w"
        ),
        Case(
            name: "yaml",
            node: "\n        when: invoiceNo.orValue('a: b') == 'x'",
            line:
                "T/template.yaml:10:35: mapping values are not allowed in this context [yaml]; quote the expression",
            marked: ":"
        ),
        Case(
            name: "yaml",
            head: "documents: { group_by: { a: !!str invoiceNo } }",
            line:
                "T/template.yaml:3:29: documents.group_by.a: '!!str' is a YAML tag, no text [yaml]; leave it out",
            marked: "!!str"
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
    ]
}
