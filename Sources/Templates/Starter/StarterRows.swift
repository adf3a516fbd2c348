internal import Transactions

/// Made-up rows for a new template's first test: absences, a refund, two currencies, signs that need care.
enum StarterRows {
    /// The rows as the API answers them.
    static func json(_ feed: Feed) -> String {
        let rows = feed == .evTransactions ? charging : purchases
        let lists = rows.map { row in
            row.filter { field, _ in
                Field(name: field).map(feed.fields.contains) ?? false
            }.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n")
        }
        return "[\n" + lists.map { " {\n\($0)\n }" }.joined(separator: ",\n") + "\n]\n"
    }

    private static func purchase(
        _ id: String,
        _ time: String,
        _ product: (code: String, name: String, type: String),
        _ amounts: (quantity: String, price: String, net: String, vat: String, total: String),
        _ rest: [(String, String)]
    ) -> [(String, String)] {
        [
            ("transactionId", "\"\(id)\""), ("statusDate", "\"\(time)\""),
            ("transactionTime", "\"\(time)\""), ("terminalId", "\"T1\""), ("stationId", "\"S101\""),
            ("receiptNo", "\"000\(id.suffix(4))\""), ("authorizationCode", "\"123456\""),
            ("cardNumber", "\"9233450000000011\""), ("occProductCode", "\"\(product.code)\""),
            ("occProductName", "\"\(product.name)\""), ("occProductType", "\"\(product.type)\""),
            ("quantity", amounts.quantity), ("netPricePerUnit", amounts.price),
            ("discountPerUnit", "0"), ("pricePerUnit", amounts.price),
            ("totalPrice", amounts.total),
            ("vatRate", "24"), ("vatAmount", amounts.vat), ("netAmount", amounts.net),
            ("contractNumber", "\"22297\""),
        ] + rest
    }

    /// The first was bought on 1 November by Tallinn's clocks, on 31 October by UTC.
    private static let purchases: [[(String, String)]] = [
        purchase(
            "7000000001",
            "2026-10-31T22:30:00Z",
            ("1005", "Diislikütus", "Fuel"),
            ("50", "1.488", "60.125", "14.43", "74.555"),
            [
                ("currency", "\"EUR\""), ("plateNumber", "\"123ABC\""),
                ("driverName", "\"Mari Maasikas\""), ("odometerReadout", "120345"),
                ("invoiceNo", "\"20261031-19001\""), ("invoiceDate", "\"2026-11-03T00:00:00Z\""),
            ]
        ),
        purchase(
            "7000000002",
            "2026-11-02T05:06:07.994Z",
            ("1001", "Bensiin; 95 \\\"E10\\\"", "Fuel"),
            ("12.5", "1.68", "16.9355", "4.0645", "21"),
            [("currency", "\"EUR\""), ("plateNumber", "\"456DEF\""), ("driverName", "\"=1+1\"")]
        ),
        purchase(
            "7000000003",
            "2026-11-02T09:00:00Z",
            ("3001", "Kohv & sai", "Merchandise"),
            ("-1", "2.95", "-2.379", "-0.571", "-2.95"),
            [("currency", "\"SEK\"")]
        ),
    ]

    private static let charging: [[(String, String)]] = [
        [
            ("transactionId", "\"9000001\""), ("stationId", "\"500\""), ("chargerId", "\"EV-1\""),
            ("transactionStatus", "\"COMPLETED\""), ("transactionTime", "\"2026-11-01T10:00:00Z\""),
            ("transactionStartTime", "\"2026-11-01T09:00:00Z\""), ("quantity", "10.5"),
            ("connectorNumber", "1"),
        ],
        [
            ("transactionId", "\"9000002\""), ("stationId", "\"500\""), ("chargerId", "\"EV-1\""),
            ("transactionStatus", "\"COMPLETED\""), ("transactionTime", "\"2026-11-02T10:00:00Z\""),
            ("transactionStartTime", "\"2026-11-02T09:00:00Z\""), ("quantity", "0.25"),
        ],
    ]
}
