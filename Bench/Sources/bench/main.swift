internal import OCCClient
internal import Templates
internal import Transactions

/// One step of the product each, so that instructions counted tell which has become dearer.
///
/// `bench rows COUNT` makes up rows as JSON, `bench read FILE` scans them, `bench render FOLDER LEDGER FILE`
/// renders them by a template, into nothing.
let words = CommandLine.arguments.dropFirst()
switch words.first {
case "rows": print(MadeUpRows.json(Int(words.last ?? "") ?? 10))
case "read":
    let file = try RowFile(
        path: words.last ?? "",
        feed: .contractTransactions,
        contractNumber: nil
    )
    var rows = 0
    try file.visit(rejected: { _ in }, { _, _, _ in rows += 1 })
    print("\(rows) rows")
case "render" where words.count == 4:
    let arguments = Array(words)
    let plan = try Plan(
        template: try Template(folder: arguments[1]),
        parameters: nil,
        lookups: ["ledger": arguments[2]],
        owner: nil,
        timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
        when: nil,
        programVersion: "1"
    )
    let batch = BatchContext(
        id: "bench",
        number: 1,
        created: UTCTimestamp(startOf: .first),
        day: .first
    )
    let file = try RowFile(path: arguments[3], feed: plan.feed, contractNumber: nil)
    var sink = CountingSink()
    let rows = SelectedRows(FileRows(file: file), plan, batch: batch)
    let rendering = try plan.render(rows, batch: batch, to: &sink)
    print("\(rendering.count) rows, \(rendering.files.count) files, \(sink.bytes) bytes")
default: print("bench rows COUNT | read FILE | render FOLDER LEDGER FILE")
}

/// Rows of a file.
struct FileRows: RowReading {
    let file: RowFile

    func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws {
        try file.visit(rejected: { _ in }, body)
    }

    func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int {
        try file.read(at: position, &row, &bytes, from: start)
    }
}

/// Counts bytes, so that no disk takes part.
struct CountingSink: FileSink {
    private(set) var bytes = 0

    mutating func begin(_ name: String) {}
    mutating func write(_ bytes: [UInt8]) { self.bytes += bytes.count }
    mutating func end() {}
    mutating func restart() { bytes = 0 }
}

/// Rows like the API's, the same each time: many invoices at once, odd names among plain ones.
enum MadeUpRows {
    /// As they stand in JSON.
    private static let drivers = [
        "Mari Maasikas", "Jüri Õunapuu", #"\"Šarūnas\"; Ž"#, #"J\u00fcri Tamm"#, "A & B <c>",
    ]

    static func json(_ count: Int) -> String {
        var rows: [String] = []
        for index in 0..<count {
            let net = 10_000 + index * 7_919 % 900_000
            let vat = net * 24 / 100
            func amount(_ value: Int) -> String {
                let places = String(value % 10_000 + 10_000).dropFirst()
                return "\(value / 10_000).\(places)"
            }
            let driver = drivers[index % 17 < 13 ? 0 : index % 5]
            let day = 1 + index * 27 / max(count, 1)
            let time =
                "2026-10-\(day < 10 ? "0" : "")\(day)T\(10 + index % 14):\(10 + index % 50):07Z"
            let invoice =
                index % 8 == 0
                ? ""
                : "\"invoiceNo\":\"2026-\(index % 40)\",\"invoiceDate\":\"2026-10-31T10:00:00Z\","
            rows.append(
                "{\"transactionId\":\"\(7_000_000_000 + index)\",\"statusDate\":\"\(time)\","
                    + "\"transactionTime\":\"\(time)\",\"terminalId\":\"T\(index % 9)\","
                    + "\"stationId\":\"EE-\(index % 200)\",\"receiptNo\":\"\(index)\","
                    + "\"authorizationCode\":null,\"cardNumber\":\"92334500000\(10_000 + index % 97)\","
                    + "\"currency\":\"EUR\",\"occProductCode\":\"\(1_005 + index % 2)\","
                    + "\"occProductName\":\"Diislikütus\",\"occProductType\":\"Fuel\","
                    + "\"plateNumber\":\(index % 9 == 0 ? "null" : "\"\(100 + index % 900)ABC\""),"
                    + "\"driverName\":\"\(driver)\",\(invoice)"
                    + "\"quantity\":\(amount(net / 2)),\"netPricePerUnit\":1.2345,"
                    + "\"discountPerUnit\":0.05,\"pricePerUnit\":1.5308,"
                    + "\"totalPrice\":\(amount(net + vat)),\"vatRate\":\(index % 6 == 0 ? "0.0000" : "24.0000"),"
                    + "\"vatAmount\":\(amount(vat)),\"netAmount\":\(amount(net)),"
                    + "\"odometerReadout\":\(index % 3 == 0 ? "null" : "\(50_000 + index)")}"
            )
        }
        return "[" + rows.joined(separator: ",\n") + "]"
    }
}
