import Invoices
import Transactions

/// Chance from a seed (SplitMix64), so that a failing invoice can be made again.
struct SeededChance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func isTrue(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[number(0...choices.count - 1)]
    }
}

/// Made-up rows of invoices of every kind.
struct InvoiceSweep {
    /// A product with its VAT rates in hundredths of a percent, old ones included.
    struct Product {
        let code: String
        let name: String
        let type: String
        /// In ten-thousandths.
        let price: ClosedRange<Int>
        let rates: [Int]
        let isMeasured: Bool
    }

    static let products = [
        Product(
            code: "1005",
            name: "Diislikütus",
            type: "Fuel",
            price: 12_000...19_999,
            rates: [2_400, 2_200, 2_000],
            isMeasured: true
        ),
        Product(
            code: "1001",
            name: "Bensiin 95 E10",
            type: "Fuel",
            price: 13_000...21_000,
            rates: [2_400, 2_200],
            isMeasured: true
        ),
        Product(
            code: "1010",
            name: "CNG biogaas",
            type: "Fuel",
            price: 9_000...15_000,
            rates: [2_400, 2_200],
            isMeasured: true
        ),
        Product(
            code: "5001",
            name: "Elektrilaadimine kWh",
            type: "Service",
            price: 1_500...6_900,
            rates: [2_400, 2_550],
            isMeasured: true
        ),
        Product(
            code: "2001",
            name: "Autopesu \"Täispesu\"",
            type: "Service",
            price: 40_000...190_000,
            rates: [2_400],
            isMeasured: false
        ),
        Product(
            code: "3001",
            name: "Kohv; suur & <kuum>",
            type: "Merchandise",
            price: 12_000...49_000,
            rates: [2_400, 2_200],
            isMeasured: false
        ),
        Product(
            code: "3002",
            name: "Raamat",
            type: "Merchandise",
            price: 50_000...250_000,
            rates: [900, 500],
            isMeasured: false
        ),
        Product(
            code: "6001",
            name: "Pakett",
            type: "Package",
            price: 90_000...990_000,
            rates: [2_400],
            isMeasured: false
        ),
        Product(
            code: "7001",
            name: "Margid",
            type: "Stamps",
            price: 6_500...19_000,
            rates: [0],
            isMeasured: false
        ),
        Product(
            code: "4001",
            name: "Kindlustus",
            type: "Insurance",
            price: 30_000...990_000,
            rates: [0],
            isMeasured: false
        ),
        Product(
            code: "9001",
            name: "Saldo ülekanne",
            type: "Balance transfer",
            price: 100_000...9_900_000,
            rates: [0],
            isMeasured: false
        ),
    ]

    static let drivers: [String?] = [
        "Mari Maasikas", "Jüri Õunapuu", "Žanna Šmidt", "O'Brien, Pat", "=1+1", "Иван Тест",
        "Lena <Test> & Co", "Kadri \"Kiire\" Kask", "]]>", "Emoji 🚗 👩🏽‍🚒", "\u{1}\u{B}control\u{7F}",
        "  blanks  ", "e\u{301}\u{301}", "&#0;", String(repeating: "Pikk nimi ", count: 80), nil,
        "",
    ]

    /// How the supplier states prices.
    enum Pricing: CaseIterable {
        case withVAT, withVATBeforeDiscount, withoutVAT, fourDecimalTotals
    }

    private(set) var chance: SeededChance

    init(seed: UInt64) { chance = SeededChance(state: seed) }

    /// The rows of one invoice.
    mutating func invoice(_ serial: Int, lines: Int? = nil) -> [Transaction] {
        let count =
            lines ?? [1, 2, 3, chance.number(4...20), chance.number(20...90)][chance.number(0...4)]
        let currency = chance.pick(["EUR", "EUR", "SEK", "PLN"])
        let pricing = chance.pick(Pricing.allCases)
        let isCredit = chance.isTrue(oneIn: 6)
        let isOutside = chance.isTrue(oneIn: 25)
        let contracts = chance.isTrue(oneIn: 5) ? ["22297", "123"] : ["22297"]
        // Only one rate of a product on an invoice, or old and new ones at a change of law.
        let isMixed = chance.isTrue(oneIn: 4)
        let chosen = Self.products.filter { product in
            isOutside
                ? product.type == "Balance transfer"
                : product.type != "Balance transfer" || serial % 9 == 0
        }
        return (0..<count).map { place in
            let product = chance.pick(chosen)
            let rate = isMixed ? chance.pick(product.rates) : product.rates[0]
            let isRefund = isCredit || chance.isTrue(oneIn: 15)
            return row(
                id: 7_000_000_000 + serial * 10_000 + place,
                number: "2026\(1_000 + serial % 9_000)-\(19_000 + serial)",
                product: product,
                rate: rate,
                isRefund: isRefund,
                pricing: pricing,
                currency: currency,
                contract: chance.pick(contracts)
            )
        }
    }

    private mutating func row(
        id: Int,
        number: String,
        product: Product,
        rate: Int,
        isRefund: Bool,
        pricing: Pricing,
        currency: String,
        contract: String
    ) -> Transaction {
        let sign = isRefund ? -1 : 1
        // In ten-thousandths.
        let quantity =
            sign
            * (product.isMeasured
                ? chance.number(100...90_000) * 10 : chance.number(1...4) * 10_000)
        let price = chance.number(product.price)
        let discount = chance.isTrue(oneIn: 3) ? chance.number(1...price / 10) : 0
        let final = pricing == .withVATBeforeDiscount ? price - discount : price
        let net: Int
        let total: Int
        switch pricing {
        case .withoutVAT:
            net = Self.rounded(quantity * final, 1_000_000) * 100
            total = net + Self.rounded(net * rate, 1_000_000) * 100
        case .fourDecimalTotals:
            total = Self.rounded(quantity * final, 10_000)
            net = Self.rounded(total * 10_000, 10_000 + rate)
        case .withVAT, .withVATBeforeDiscount:
            total = Self.rounded(quantity * final, 1_000_000) * 100
            net = Self.rounded(total * 10_000, 10_000 + rate)
        }
        var row = Transaction.Builder(feed: .contractTransactions)
        func amount(_ value: Int) -> FixedDecimal {
            FixedDecimal(tenThousandths: Int64(value)) ?? .zero
        }
        row.set(.transactionId, String(id))
        row.set(.occProductCode, product.code)
        row.set(
            .occProductName,
            chance.isTrue(oneIn: 40)
                ? String(repeating: "Väga pikk nimi ", count: 40) : product.name
        )
        row.set(.occProductType, product.type)
        row.set(.currency, currency)
        row.set(.invoiceNo, number)
        row.set(.quantity, amount(quantity))
        row.set(.pricePerUnit, amount(price))
        row.set(.discountPerUnit, amount(discount))
        row.set(.totalPrice, amount(total))
        row.set(.netAmount, amount(net))
        row.set(.vatAmount, amount(total - net))
        row.set(.vatRate, amount(rate * 100))
        row.set(.stationId, "S\(chance.number(100...120))")
        row.set(.receiptNo, "000\(chance.number(10_000...99_999))")
        row.set(.cardNumber, "923345000000\(chance.number(1_000...1_009))")
        if !chance.isTrue(oneIn: 10) { row.set(.plateNumber, "\(chance.number(100...119))ABC") }
        if let driver = chance.pick(Self.drivers) { row.set(.driverName, driver) }
        if !chance.isTrue(oneIn: 3) { row.set(.odometerReadout, Int64(chance.number(1...900_000))) }
        // 1 October 2026, 00:00 in Tallinn, and the 31 days after it.
        let start: Int64 = 1_790_802_000
        row.set(
            .transactionTime,
            UTCTimestamp(seconds: start + Int64(chance.number(0...2_674_799)))
                ?? UTCTimestamp(startOf: .first)
        )
        row.set(.invoiceDate, UTCTimestamp("2026-11-02T00:00:00Z") ?? UTCTimestamp(startOf: .first))
        return row.build(contractNumber: contract)
    }

    /// The quotient, halves away from zero.
    private static func rounded(_ value: Int, _ divisor: Int) -> Int {
        (value.magnitude + UInt(divisor) / 2) / UInt(divisor) > 0
            ? value.signum() * Int((value.magnitude + UInt(divisor) / 2) / UInt(divisor)) : 0
    }
}

/// Settings with which every document of the sweep can be made, in every format.
enum SampleSettings {
    static var all: InvoiceSettings {
        var settings = InvoiceSettings()
        settings.seller = party("Näidiskütus AS", "10000001", "EE100000001", "Tallinn", "10111")
        settings.seller.contact = contact
        settings.buyer = party("Näidisvedu OÜ", "10000002", "EE100000002", "Tartu", "51007")
        settings.payment.iban = "EE382200221020145685"
        settings.payment.bic = "HABAEE2X"
        settings.payment.accountName = "Näidiskütus AS"
        settings.payment.due = PaymentSettings.DuePeriod("P14D")
        settings.payment.reference = .fixed("22297105")
        settings.buyerReference = "LEPING-22297"
        settings.products = [
            "1010": ProductRule(unit: "KGM"), "5001": ProductRule(unit: "KWH"),
            "7001": ProductRule(zeroCategory: .zeroRated),
            "4001": ProductRule(exemptionReason: "Kindlustusteenus (KMS § 16)"),
        ]
        settings.propertyNames[.driver] = "Driver"
        return settings
    }

    private static var contact: Contact {
        var contact = Contact()
        contact.name = "Arved"
        contact.phone = "+372 6000000"
        contact.email = "arved@example.com"
        return contact
    }

    private static func party(
        _ name: String,
        _ registration: String,
        _ vat: String,
        _ city: String,
        _ postCode: String
    ) -> Party {
        var party = Party()
        party.name = name
        party.registrationNumber = registration
        party.registrationScheme = "0191"
        party.vatNumber = vat
        party.endpoint = ElectronicAddress(scheme: "0191", id: registration)
        party.address.street = "Näite 1"
        party.address.city = city
        party.address.postCode = postCode
        party.address.country = "EE"
        return party
    }

    static func assembler(
        _ source: AmountSource,
        profile: InvoiceProfile = .peppol,
        _ change: (inout InvoiceSettings) -> Void = { _ in }
    ) throws -> InvoiceAssembler {
        var settings = all
        change(&settings)
        return InvoiceAssembler(
            settings: settings,
            profile: profile,
            source: source,
            zone: try TimeZoneRules(identifier: "Europe/Tallinn")
        )
    }
}
