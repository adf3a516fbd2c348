extension `Messages about rows` {
    /// What is said of rows that cannot be mapped, name by name.
    static let cases: [Case] = [
        Case(
            name: "missing-field",
            value: "terminalId",
            lines: ["7000000002: field 'terminalId' is absent [missing-field]"]
        ),
        Case(
            name: "waiting",
            head: "requires: [invoiceNo]",
            value: "invoiceNo",
            lines: ["7000000002: waits for 'invoiceNo' [waiting]"]
        ),
        Case(
            name: "lookup-miss",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product], missing: reject } }",
            value: "lookups.products(occProductCode).account",
            extra: ["lookups/products.csv": "product,account\n9,9\n"],
            lines: [
                "7000000001: field 'a': lookup 'products' has no row for this product '1005' [lookup-miss]",
                "7000000002: field 'a': lookup 'products' has no row for this product '1005' [lookup-miss]",
            ]
        ),
        Case(
            name: "lookup-miss",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product], missing: hold } }",
            value: "lookups.products(occProductCode).account",
            extra: ["lookups/products.csv": "product,account\n9,9\n"],
            lines: [
                "7000000001: field 'a': lookup 'products' has no row for this product '1005' [lookup-miss]",
                "7000000002: field 'a': lookup 'products' has no row for this product '1005' [lookup-miss]",
            ]
        ),
        Case(
            name: "document",
            head: "documents: { group_by: [currency], as: bill }",
            format: "{ kind: delimited, formulas: reject }",
            value: "driverName.orValue(occProductCode)",
            lines: [
                "7000000001: its document waits for transaction 7000000002 [document]",
                "7000000002: field 'a': value begins like a spreadsheet formula [formula]; formulas: apostrophe for people, keep for machines",
            ]
        ),
        Case(
            name: "formula",
            format: "{ kind: delimited, formulas: reject }",
            value: "driverName.orValue('')",
            lines: [
                "7000000002: field 'a': value begins like a spreadsheet formula [formula]; formulas: apostrophe for people, keep for machines"
            ]
        ),
        Case(
            name: "delimiter",
            format: "{ kind: delimited, formulas: keep, quote: never, control_characters: keep }",
            value: "occProductName",
            lines: [
                "7000000002: field 'a': value holds a delimiter, quote or line end, and quote is never [delimiter]; quote: when_needed"
            ]
        ),
        Case(
            name: "control-character",
            format: "{ kind: delimited, formulas: keep }",
            value: "receiptNo",
            lines: [
                "7000000002: field 'a': value has a control character [control-character]; control_characters: blank, or keep"
            ]
        ),
        Case(
            name: "unmappable",
            format: "{ kind: delimited, encoding: windows-1257, formulas: keep }",
            value: "authorizationCode",
            lines: [
                "7000000002: field 'a': U+0416 is not in windows-1257 [unmappable]; unmappable: transliterate, or unmappable: { replace: \"?\" }"
            ]
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", text: { overflow: reject }, number: { decimals: 2, overflow: reject } }",
            value: "transactionId",
            width: 5,
            lines: [
                "7000000001: field 'a': value needs 10 columns, field has 5 [width]; widen the field, or set overflow: cut",
                "7000000002: field 'a': value needs 10 columns, field has 5 [width]; widen the field, or set overflow: cut",
            ]
        ),
        Case(
            name: "width",
            format:
                "{ kind: fixed_width, encoding: windows-1257, absent: \"\", text: { overflow: reject }, number: { decimals: 2, overflow: reject } }",
            value: "round(totalPrice, 2)",
            width: 4,
            lines: [
                "7000000001: field 'a': value needs 5 columns, field has 4 [width]; widen the field",
                "7000000002: field 'a': value needs 7 columns, field has 4 [width]; widen the field",
            ]
        ),
        Case(
            name: "width",
            format: "{ kind: delimited, formulas: keep }",
            value: "occProductName",
            form: "max: 3",
            lines: [
                "7000000001: field 'a': value has 6 characters, 3 are allowed [width]; raise max, or set overflow: cut",
                "7000000002: field 'a': value has 11 characters, 3 are allowed [width]; raise max, or set overflow: cut",
            ]
        ),
        Case(
            name: "sign",
            format:
                "{ kind: delimited, number: { decimals: 2, sign: unsigned, overflow: reject } }",
            value: "round(netAmount, 2)",
            lines: [
                "7000000002: field 'a': value is negative, the field is unsigned [sign]; write its size: math.abs(...), or choose a sign"
            ]
        ),
        Case(
            name: "decimals",
            format: "{ kind: delimited, number: { decimals: 1 } }",
            value: "decimal('1.2' + occProductCode)",
            lines: [
                "7000000001: field 'a': value has more decimals than are written [decimals]; round it: round(..., n)",
                "7000000002: field 'a': value has more decimals than are written [decimals]; round it: round(..., n)",
            ]
        ),
        Case(
            name: "conversion",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "int(occProductName)",
            lines: [
                "7000000001: field 'a': 'int' needs the digits of a whole number within 64 bits [conversion]",
                "7000000002: field 'a': 'int' needs the digits of a whole number within 64 bits [conversion]",
            ]
        ),
        Case(
            name: "division-by-zero",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "17 / (transactions.size() - 2)",
            lines: [
                "7000000001: field 'a': '/' by zero [division-by-zero]",
                "7000000002: field 'a': '/' by zero [division-by-zero]",
            ]
        ),
        Case(
            name: "overflow",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "9223372036854775806 + transactions.size()",
            lines: [
                "7000000001: field 'a': '+' goes beyond the range of numbers [overflow]",
                "7000000002: field 'a': '+' goes beyond the range of numbers [overflow]",
            ]
        ),
        Case(
            name: "no-value",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "plateNumber.value()",
            lines: ["7000000002: field 'a': 'value' of what is absent [no-value]"]
        ),
        Case(
            name: "index",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "occProductCode.charAt(7)",
            lines: [
                "7000000001: field 'a': the text has 4 characters, there is no place 7 [index]",
                "7000000002: field 'a': the text has 4 characters, there is no place 7 [index]",
            ]
        ),
        Case(
            name: "empty-list",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "transactions.filter(t, t.netAmount > 1000000).map(t, t.netAmount).max()",
            lines: [
                "7000000001: field 'a': 'max' of an empty list [empty-list]",
                "7000000002: field 'a': 'max' of an empty list [empty-list]",
            ]
        ),
        Case(
            name: "not-same",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "transactions.map(t, t.transactionId).same()",
            lines: [
                "7000000001: field 'a': 'same' finds more than one value [not-same]",
                "7000000002: field 'a': 'same' finds more than one value [not-same]",
            ]
        ),
        Case(
            name: "too-large",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value:
                "(occProductCode.replace('1', pad('', 60000, 'x')) + pad('', 60000, 'x')).size()",
            lines: [
                "7000000001: field 'a': the text would be longer than 65536 bytes [too-large]",
                "7000000002: field 'a': the text would be longer than 65536 bytes [too-large]",
            ]
        ),
        Case(
            name: "too-much-work",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value:
                "transactions.map(a, transactions.map(b, transactions.map(c, transactions.map(d, transactions.map(e, transactions.map(f, transactions.map(g, transactions.map(h, transactions.map(i, transactions.map(j, transactions.map(k, transactions.map(l, transactions.map(m, transactions.map(n, transactions.map(o, transactions.map(p, transactions.map(q, transactions.map(r, transactions.map(s, transactions.map(u, 1).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()).size()",
            lines: [
                "7000000001: field 'a': the expression takes more steps than its data can need [too-much-work]",
                "7000000002: field 'a': the expression takes more steps than its data can need [too-much-work]",
            ]
        ),
        Case(
            name: "arguments",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "truncate(occProductCode, transactions.size() - 3)",
            lines: [
                "7000000001: field 'a': 'truncate' needs a length of 0 or more, not -1 [arguments]",
                "7000000002: field 'a': 'truncate' needs a length of 0 or more, not -1 [arguments]",
            ]
        ),
        Case(
            name: "pattern",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "occProductCode.matches('(' + occProductCode)",
            lines: [
                "7000000001: field 'a': the pattern is no regular expression: missing ): (1005 [pattern]",
                "7000000002: field 'a': the pattern is no regular expression: missing ): (1005 [pattern]",
            ]
        ),
        Case(
            name: "check-failed",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "transactionId",
            node:
                "\n        checks: [{ that: netAmount > 0, message: \"net of ${transactionId} is not positive\" }]",
            lines: ["7000000002: net of 7000000002 is not positive [check-failed]"]
        ),
        Case(
            name: "check-failed",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "transactionId",
            node: "\n        checks: [{ that: netAmount == vatAmount }]",
            lines: [
                "7000000001: the check does not hold: netAmount == vatAmount: 12 == 3 is false [check-failed]",
                "7000000002: the check does not hold: netAmount == vatAmount: -120 == -30 is false [check-failed]",
            ]
        ),
        Case(
            name: "check-failed",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "transactionId",
            checks:
                "\n    checks: [{ that: \"transactions.size() == 3\", message: \"not three\" }]",
            lines: [
                "template.yaml:11:23: files[1].checks[1].that: not three: 2 == 3 is false [check-failed]; the batch is not published"
            ]
        ),
        Case(
            name: "control-total",
            format: "{ kind: delimited, absent: \"\", formulas: keep }",
            value: "transactionId",
            checks:
                "\n    mixed_currencies: true\n    control_totals: { net: { selected: \"transactions.map(t, t.netAmount).sum()\", written: written.all.size() } }",
            lines: [
                "template.yaml:12:91: files[1].control_totals.net.written: control total 'net' differs: selected -108, written 2 [control-total]; the batch is not published; mend the template"
            ]
        ),
    ]
}
