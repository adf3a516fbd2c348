internal import Foundation

/// The sandbox's own rows: made up from a seed, kept as texts so that they go out as they were written.
struct SandboxBooks: Sendable {
    /// A row as ordered keys and JSON texts, with the instant by which windows find it.
    struct Row: Sendable {
        var id: String
        var day: String
        var fields: [(key: String, json: String)]

        var json: String {
            "{" + fields.map { "\"\($0.key)\":\($0.json)" }.joined(separator: ",") + "}"
        }
    }

    /// Rows by feed, or by feed and contract: `contract-transactions/22297`.
    private(set) var rows: [String: [Row]] = [:]
    /// The contracts there are, in order.
    let contracts: [String]

    private static let products:
        [(code: String, name: String, type: String, price: Int, rate: Int)] = [
            ("1005", "Diislikütus", "Fuel", 15_490, 240_000),
            ("1001", "Bensiin 95 E10", "Fuel", 16_790, 240_000),
            ("1010", "CNG biogaas", "Fuel", 13_900, 220_000),
            ("2001", "Autopesu \"Täispesu\"", "Service", 125_000, 240_000),
            ("3001", "Kohv; suur", "Merchandise", 29_500, 240_000),
            ("3002", "Raamat & ajaleht", "Merchandise", 52_300, 90_000),
            ("4001", "Kindlustus", "Insurance", 85_000, 0),
        ]
    private static let drivers = [
        "Mari Maasikas", "Jüri Õunapuu", "Žanna Šmidt", "O'Brien, Pat", "=1+1", "Иван Тест",
        "Lena <Test> & Co", "Kadri \"Kiire\" Kask", "Semi;kolon", "Emoji 🚗 Driver",
    ]

    /// Makes the books.
    ///
    /// `today`: the last day with rows; they spread over the 150 days up to it.
    /// `rows`: rows of contract transactions in all.
    init(seed: UInt64, today: SandboxDay, rows count: Int, contracts: Int) {
        var chance = SplitMix64(state: seed)
        self.contracts = (0..<contracts).map {
            ["22297", "123", "30051"].indices.contains($0)
                ? ["22297", "123", "30051"][$0] : "\(40_000 + $0)"
        }
        let currencies = ["EUR", "SEK", "PLN"]
        let span = 150
        for index in 0..<count {
            let place = index % max(1, contracts)
            let contract = self.contracts[place]
            let day = today.adding(-(span - 1) + index * span / max(1, count))
            let row = Self.purchase(
                index,
                day,
                today,
                currency: currencies[place % 3],
                isInvoiced: true,
                &chance
            )
            self.rows["contract-transactions/\(contract)", default: []].append(row)
        }
        for index in 0..<max(1, count / 8) {
            let day = today.adding(-(span - 1) + index * span / max(1, count / 8))
            var row = Self.purchase(
                5_000_000 + index,
                day,
                today,
                currency: "EUR",
                isInvoiced: false,
                &chance
            )
            row.fields.removeAll {
                ["occProductType", "invoiceNo", "invoiceDate"].contains($0.key)
            }
            self.rows["bonuscard-transactions", default: []].append(row)
            self.rows["ev-transactions", default: []].append(
                Self.charging(9_000_000 + index, day, &chance)
            )
        }
    }

    private static func text(_ value: String) -> String {
        // JSONEncoder escapes as RFC 8259 asks; a text always encodes.
        guard let data = try? JSONEncoder().encode(value) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Ten-thousandths as a JSON number, with four places or as few as needed.
    static func amount(_ value: Int, isShort: Bool) -> String {
        let digits = String(abs(value))
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        var text = (value < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
        if isShort {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return text
    }

    private static func time(_ day: SandboxDay, _ second: Int, _ style: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\"\(day)T\(clock)\(["Z", ".994Z", ".1234567Z"][style % 3])\""
    }

    private static func purchase(
        _ index: Int,
        _ day: SandboxDay,
        _ today: SandboxDay,
        currency: String,
        isInvoiced: Bool,
        _ chance: inout SplitMix64
    ) -> Row {
        let product = products[Int(chance.next() % UInt64(products.count))]
        let isRefund = chance.next() % 40 == 0
        let quantity =
            (isRefund ? -1 : 1)
            * (product.type == "Fuel" ? Int(5_0000 + chance.next() % 600_000) : 1_0000)
        // total = quantity * price to four places; net by the rate; vat is the rest, so sums agree.
        let total = (quantity * product.price + (isRefund ? -5_000 : 5_000)) / 10_000
        let net = total * 1_000_000 / (1_000_000 + product.rate)
        let second = Int(chance.next() % 86_400)
        let card = 9_233_450_000_000_000 + Int(chance.next() % 12)
        let driver =
            chance.next() % 20 == 0 ? nil : drivers[Int(chance.next() % UInt64(drivers.count))]
        let plate = chance.next() % 20 == 0 ? nil : "\(100 + chance.next() % 20)ABC"
        let isShort = index % 2 == 0
        var fields: [(key: String, json: String)] = [
            ("transactionId", "\"\(7_000_000_000 + index)\""),
            ("statusDate", time(day, second, index)),
            ("transactionTime", time(day, second, index)),
            ("terminalId", "\"T\(10 + index % 7)\""), ("stationId", "\"S\(100 + index % 9)\""),
            ("receiptNo", "\"000\(10_000 + index)\""),
            ("authorizationCode", "\"\(100_000 + index % 900_000)\""),
            ("cardNumber", "\"\(card)\""), ("currency", "\"\(currency)\""),
            ("occProductCode", "\"\(product.code)\""), ("occProductName", text(product.name)),
            (index % 5 == 0 ? "occProdyctType" : "occProductType", text(product.type)),
            ("quantity", amount(quantity, isShort: isShort)),
            (
                "netPricePerUnit",
                amount(product.price * 1_000_000 / (1_000_000 + product.rate), isShort: isShort)
            ),
            ("discountPerUnit", "0"), ("pricePerUnit", amount(product.price, isShort: isShort)),
            ("totalPrice", amount(total, isShort: isShort)),
            ("vatRate", amount(product.rate, isShort: isShort)),
            ("vatAmount", amount(total - net, isShort: isShort)),
            ("netAmount", amount(net, isShort: isShort)),
        ]
        if let plate { fields.append(("plateNumber", "\"\(plate)\"")) }
        if let driver {
            fields.append(("driverName", text(driver)))
        } else if isShort {
            fields.append(("driverName", "null"))
        }
        fields.append(("odometerReadout", chance.next() % 3 == 0 ? "null" : "\(50_000 + index)"))
        // Half-month invoices come a few days after the period ends.
        let period = day.halfMonth
        if isInvoiced, period.issued < today {
            fields.append(("invoiceNo", "\"\(period.number)-\(19_000 + currency.utf8.count)\""))
            fields.append(("invoiceDate", "\"\(period.issued)T00:00:00Z\""))
        }
        return Row(id: "\(7_000_000_000 + index)", day: "\(day)", fields: fields)
    }

    private static func charging(_ id: Int, _ day: SandboxDay, _ chance: inout SplitMix64) -> Row {
        let states = ["confirmed", "confirmed", "confirmed", "unconfirmed", "cancelled"]
        let second = Int(chance.next() % 80_000)
        return Row(
            id: "\(id)",
            day: "\(day)",
            fields: [
                ("transactionId", "\(id)"), ("stationId", "\(500 + id % 4)"),
                ("chargerId", "\"EV-\(id % 9)\""),
                ("transactionStatus", "\"\(states[Int(chance.next() % 5)])\""),
                ("transactionTime", time(day, second + 3_600, id)),
                ("transactionStartTime", time(day, second, id)),
                ("quantity", amount(Int(10_000 + chance.next() % 600_000), isShort: true)),
                ("connectorNumber", id % 3 == 0 ? "null" : "\(1 + id % 2)"),
            ]
        )
    }

    /// The answer to a query: the rows of a place whose day is in the window, as a JSON list.
    func answer(_ place: String, from: String, to: String) -> String {
        let found = (rows[place] ?? []).filter { $0.day >= from && $0.day <= to }
        return "[" + found.map(\.json).joined(separator: ",") + "]"
    }

    /// Changes fields of a row, or adds a whole row; false when there is no such row.
    mutating func set(_ place: String, id: String, _ changes: [(key: String, json: String)]) -> Bool
    {
        guard let index = rows[place]?.firstIndex(where: { $0.id == id }) else { return false }
        for change in changes {
            rows[place]?[index].fields.removeAll { $0.key == change.key }
            rows[place]?[index].fields.append(change)
        }
        return true
    }

    /// Adds a row.
    mutating func add(
        _ place: String,
        id: String,
        day: String,
        _ fields: [(key: String, json: String)]
    ) {
        rows[place, default: []].append(Row(id: id, day: day, fields: fields))
    }

    /// Takes a row away; false when there is no such row.
    mutating func remove(_ place: String, id: String) -> Bool {
        guard let index = rows[place]?.firstIndex(where: { $0.id == id }) else { return false }
        rows[place]?.remove(at: index)
        return true
    }
}

/// Chance from a seed (Steele, Lea, Flood: SplitMix64).
struct SplitMix64: Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
