extension `Diagnostics` {
    /// One case for each name that the other tables lack.
    static let names: [Case] = [
        Case(
            name: "anchor",
            whole:
                "version: 1\ntitle: &t a test\nformat: { kind: delimited }\nfiles: [{ name: x.csv, records: [{ fields: [{ text: a }] }] }]\n",
            line:
                "T/template.yaml:2:8: title: anchors and aliases are not taken [anchor]; write it out",
            marked: "&"
        ),
        Case(
            name: "version",
            whole:
                "version: 2\ntitle: a test\nformat: { kind: delimited }\nfiles: [{ name: x.csv, records: [{ fields: [{ text: a }] }] }]\n",
            line:
                "T/template.yaml:1:10: version: template version '2' is not known [version]; the highest version this program reads is 1",
            marked: "2"
        ),
        Case(
            name: "empty",
            whole: "",
            line:
                "T/template.yaml: is empty [empty]; see docs/templates.md",
            marked: ""
        ),
        Case(
            name: "type",
            head: "documents: { model: invoice }\nfeed: ev-transactions",
            format: "{ kind: delimited }",
            line:
                "T/template.yaml:3:21: documents.model: only contract transactions are invoiced, and the feed is ev-transactions [type]; feed: contract-transactions",
            marked: "invoice"
        ),
        Case(
            name: "missing-lookup",
            head: "lookups: { products: { columns: { product: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).product }]",
            line:
                "T/template.yaml:3:12: lookups: template 't' needs lookup 'products' [missing-lookup]; add lookups: { products: FILE.csv }",
            marked: "products"
        ),
        Case(
            name: "doubled-key",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,account\n1,2\n1,3\n"],
            line:
                "T/lookups/products.csv:3:1: a second row for the same product, the first is in line 2 [doubled-key]; leave one",
            marked: ""
        ),
        Case(
            name: "columns",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,account\n1\n"],
            line:
                "T/lookups/products.csv:2:1: has 1 cells, the first line has 2 [columns]; a cell with a comma stands in quotes",
            marked: ""
        ),
        Case(
            name: "unknown-name",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,acount\n1,2\n"],
            line:
                "T/lookups/products.csv:1:1: has no column 'account' [unknown-name]; it has 'acount'",
            marked: ""
        ),
        Case(
            name: "file-name",
            head: "layouts: { line: { file: ../line.csv } }",
            records: "      - { for_each: transactions, layout: line }",
            line:
                "T/template.yaml:3:26: layouts.line.file: '../line.csv' is no name of a file in the template's folder [file-name]; put the file beside template.yaml",
            marked: "../line.csv"
        ),
        Case(
            name: "unreadable",
            head: "layouts: { line: { file: line.csv } }",
            records: "      - { for_each: transactions, layout: line }",
            line:
                "T/template.yaml:3:26: layouts.line.file: 'T/line.csv' cannot be read [unreadable]; is it there, and may this user read it?",
            marked: "line.csv"
        ),
        Case(
            name: "file-name",
            file: "\n    for_each: transactions\n    group_by: [cardNumber]",
            records: "      - fields: [{ value: batch.number }]",
            fileName: "\"${group.cardNumber}.csv\"",
            line:
                "T/template.yaml:5:14: files[1].name: 'cardNumber' may not stand in a file's name [file-name]; only contract, invoice number, currency, dates and the batch may",
            marked: "group.cardNumber"
        ),
        Case(
            name: "file-name",
            fileName: "\"x ${batch.number}.csv\"",
            line:
                "T/template.yaml:5:11: files[1].name: a file's name has no ' ' [file-name]; letters without marks, digits, '.', '_' and '-'",
            marked: "\"x ${batch.number}.csv\""
        ),
        Case(
            name: "division-rounding",
            fields: "[{ name: a, value: \"netAmount / 3\" }]",
            line:
                "T/template.yaml:9:37: files[1].records[1].fields[1].value: a decimal division must say how it is rounded [division-rounding]; write round(netAmount / 3, 2)",
            marked: "netAmount / 3"
        ),
        Case(
            name: "division-by-zero",
            fields: "[{ name: a, value: \"1 / 0\" }]",
            line:
                "T/template.yaml:9:37: files[1].records[1].fields[1].value: '/' by zero [division-by-zero]; mend the expression",
            marked: "1 / 0"
        ),
        Case(
            name: "overflow",
            fields: "[{ name: a, value: \"9223372036854775807 + 1\" }]",
            line:
                "T/template.yaml:9:37: files[1].records[1].fields[1].value: '+' goes beyond the range of numbers [overflow]; mend the expression",
            marked: "9223372036854775807 + 1"
        ),
        Case(
            name: "arguments",
            fields: "[{ name: a, value: \"round(netAmount)\" }]",
            line:
                "T/template.yaml:9:37: files[1].records[1].fields[1].value: 'round' does not take (decimal) [arguments]; it is round(number, int) or round(number, int, 'half_even') -> decimal",
            marked: "round"
        ),
        Case(
            name: "schema",
            format: "{ kind: xml }",
            extra: ["s.xml": "<a/>", "s.xsd": "<a/>"],
            files: "  - { name: x.xml, skeleton: s.xml, schemas: [s.xsd] }",
            line:
                "T/s.xsd: is no XSD, or includes what is not there [schema]; install the schema whole, with what it includes: scripts/schemas",
            marked: ""
        ),
    ]
}
