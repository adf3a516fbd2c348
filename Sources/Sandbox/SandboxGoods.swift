/// Makes the rows up: each from the seed and its number alone.
struct SandboxGoods: Sendable {
    let seed: UInt64
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
    private static let currencies = ["EUR", "SEK", "PLN"]

    /// A purchase; `line` 1 is the first of its receipt, `isCorrected` its later version.
    func purchase(
        _ number: Int,
        place: Int,
        _ day: SandboxDay,
        line: Int = 1,
        isCorrected: Bool = false
    ) -> SandboxRow {
        var chance = SplitMix64(seed, 1, number)
        var product = Self.products[chance.below(Self.products.count)]
        let isRefund = chance.below(40) == 0
        var quantity = product.type == "Fuel" ? 50_000 + chance.below(600_000) : 10_000
        if isRefund { quantity = -quantity }
        let second = chance.below(86_400)
        let card = 9_233_450_000_000_000 + chance.below(12)
        let driver = chance.below(20) == 0 ? nil : Self.drivers[chance.below(Self.drivers.count)]
        let plate = chance.below(20) == 0 ? nil : "\(100 + chance.below(20))ABC"
        let odometer = chance.below(3) == 0 ? "null" : "\(50_000 + number)"
        if line > 1 {
            product = Self.products[(Self.products.count + number) % Self.products.count]
            quantity = 10_000 * line
        }
        if isCorrected { quantity += quantity / 10 }
        // total = quantity * price to four places; net by the rate; vat is the rest, so sums agree.
        let total = (quantity * product.price + (quantity < 0 ? -5_000 : 5_000)) / 10_000
        let net = total * 1_000_000 / (1_000_000 + product.rate)
        let isShort = number % 2 == 0
        func amount(_ value: Int) -> String { SandboxRow.amount(value, isShort: isShort) }
        let id = "\(7_000_000_000 + number)"
        var fields: [(key: String, json: String)] = [
            ("transactionId", "\"\(id)\""),
            ("statusDate", Self.time(isCorrected ? day.adding(4) : day, second, number)),
            ("transactionTime", Self.time(day, second, number)),
            ("terminalId", "\"T\(10 + number % 7)\""), ("stationId", "\"S\(100 + number % 9)\""),
            ("receiptNo", "\"000\(10_000 + number)\""),
            ("authorizationCode", "\"\(100_000 + number % 900_000)\""),
            ("cardNumber", "\"\(card)\""),
            ("currency", "\"\(Self.currencies[place % Self.currencies.count])\""),
            ("occProductCode", "\"\(product.code)\""),
            ("occProductName", SandboxRow.text(product.name)),
            (
                number % 5 == 0 ? "occProdyctType" : "occProductType",
                SandboxRow.text(product.type)
            ),
            ("quantity", amount(quantity)),
            ("netPricePerUnit", amount(product.price * 1_000_000 / (1_000_000 + product.rate))),
            ("discountPerUnit", "0"), ("pricePerUnit", amount(product.price)),
            ("totalPrice", amount(total)), ("vatRate", amount(product.rate)),
            ("vatAmount", amount(total - net)), ("netAmount", amount(net)),
        ]
        if let plate { fields.append(("plateNumber", "\"\(plate)\"")) }
        if let driver {
            fields.append(("driverName", SandboxRow.text(driver)))
        } else if isShort {
            fields.append(("driverName", "null"))
        }
        fields.append(("odometerReadout", odometer))
        return SandboxRow(id: id, day: day, fields: fields)
    }

    /// Invoice number and date, once the half-month is invoiced.
    func invoice(_ row: inout SandboxRow, place: Int, on today: SandboxDay) {
        let period = row.day.halfMonth
        guard period.issued < today else { return }
        row.set([
            ("invoiceNo", "\"\(period.number)-\(19_000 + place)\""),
            ("invoiceDate", "\"\(period.issued)T00:00:00Z\""),
        ])
    }

    /// A bonus-card purchase: no product type, no invoice.
    func bonus(_ number: Int, _ day: SandboxDay) -> SandboxRow {
        var row = purchase(5_000_000 + number, place: 0, day)
        row.fields.removeAll { ["occProductType", "occProdyctType"].contains($0.key) }
        return row
    }

    /// A charging session: unconfirmed at first, then confirmed or cancelled; one in twelve confirmed
    /// ones is cancelled a week later.
    func charging(_ number: Int, _ day: SandboxDay, on today: SandboxDay) -> SandboxRow {
        var chance = SplitMix64(seed, 3, number)
        let id = 9_000_000 + number
        let second = chance.below(80_000)
        let quantity = 10_000 + chance.below(600_000)
        let settles = day.adding(1 + chance.below(3))
        let isCancelled = chance.below(8) == 0
        let isTakenBack = chance.below(12) == 0
        let status =
            today < settles
            ? "unconfirmed"
            : isCancelled || (isTakenBack && today >= settles.adding(7))
                ? "cancelled" : "confirmed"
        return SandboxRow(
            id: "\(id)",
            day: day,
            fields: [
                ("transactionId", "\(id)"), ("stationId", "\(500 + id % 4)"),
                ("chargerId", "\"EV-\(id % 9)\""), ("transactionStatus", "\"\(status)\""),
                ("transactionTime", Self.time(day, second + 3_600, id)),
                ("transactionStartTime", Self.time(day, second, id)),
                ("quantity", SandboxRow.amount(quantity, isShort: true)),
                ("connectorNumber", id % 3 == 0 ? "null" : "\(1 + id % 2)"),
            ]
        )
    }

    private static func time(_ day: SandboxDay, _ second: Int, _ style: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\"\(day)T\(clock)\(["Z", ".994Z", ".1234567Z"][style % 3])\""
    }
}
