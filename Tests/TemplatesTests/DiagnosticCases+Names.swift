extension `Diagnostics` {
    /// One case for each name that the other tables lack.
    static let names: [Case] = [
        Case(
            name: "N0",
            whole:
                "version: 1\ntitle: &t a test\nformat: { kind: delimited }\nfiles: [{ name: x.csv, records: [{ fields: [{ text: a }] }] }]\n",
            line:
                "N0",
            marked: ""
        ),
        Case(
            name: "N1",
            whole:
                "version: 2\ntitle: a test\nformat: { kind: delimited }\nfiles: [{ name: x.csv, records: [{ fields: [{ text: a }] }] }]\n",
            line:
                "N1",
            marked: ""
        ),
        Case(
            name: "N2",
            whole: "",
            line:
                "N2",
            marked: ""
        ),
        Case(
            name: "N3",
            head: "documents: { model: invoice }\nfeed: ev-transactions",
            format: "{ kind: delimited }",
            line:
                "N3",
            marked: ""
        ),
        Case(
            name: "N4",
            head: "lookups: { products: { columns: { product: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).product }]",
            line:
                "N4",
            marked: ""
        ),
        Case(
            name: "N5",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,account\n1,2\n1,3\n"],
            line:
                "N5",
            marked: ""
        ),
        Case(
            name: "N6",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,account\n1\n"],
            line:
                "N6",
            marked: ""
        ),
        Case(
            name: "N7",
            head:
                "lookups: { products: { columns: { product: string, account: string }, key: [product] } }",
            fields: "[{ name: a, value: lookups.products(occProductCode).account }]",
            extra: ["lookups/products.csv": "product,acount\n1,2\n"],
            line:
                "N7",
            marked: ""
        ),
        Case(
            name: "N8",
            head: "layouts: { line: { file: ../line.csv } }",
            records: "      - { for_each: transactions, layout: line }",
            line:
                "N8",
            marked: ""
        ),
        Case(
            name: "N9",
            head: "layouts: { line: { file: line.csv } }",
            records: "      - { for_each: transactions, layout: line }",
            line:
                "N9",
            marked: ""
        ),
        Case(
            name: "N10",
            file: "\n    for_each: transactions\n    group_by: [cardNumber]",
            records: "      - fields: [{ value: batch.number }]",
            fileName: "\"${group.cardNumber}.csv\"",
            line:
                "N10",
            marked: ""
        ),
        Case(
            name: "N11",
            fileName: "\"x ${batch.number}.csv\"",
            line:
                "N11",
            marked: ""
        ),
        Case(
            name: "N12",
            fields: "[{ name: a, value: \"netAmount / 3\" }]",
            line:
                "N12",
            marked: ""
        ),
        Case(
            name: "N13",
            fields: "[{ name: a, value: \"1 / 0\" }]",
            line:
                "N13",
            marked: ""
        ),
        Case(
            name: "N14",
            fields: "[{ name: a, value: \"9223372036854775807 + 1\" }]",
            line:
                "N14",
            marked: ""
        ),
        Case(
            name: "N15",
            fields: "[{ name: a, value: \"round(netAmount)\" }]",
            line:
                "N15",
            marked: ""
        ),
        Case(
            name: "N16",
            format: "{ kind: xml }",
            extra: ["s.xml": "<a/>", "s.xsd": "<a/>"],
            files: "  - { name: x.xml, skeleton: s.xml, schemas: [s.xsd] }",
            line:
                "N16",
            marked: ""
        ),
    ]
}
