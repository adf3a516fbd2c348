import Invoices
import Testing
import Transactions

/// Good invoices for tests to break.
enum SampleInvoices {
    /// Amounts as texts.
    struct Row {
        var product = "1005"
        var name = "Diislikütus"
        var type = "Fuel"
        var quantity = "52.34"
        var price = "1.554"
        var discount = "0"
        var total = "81.34"
        var net = "65.60"
        var vat = "15.74"
        var rate = "24"
        var plate: String? = "123ABC"
        var time = "2026-10-14T06:12:31Z"
        var contract: String? = "22297"
        var number = "20261031-19091"
        var invoiceDate = "2026-11-02T00:00:00Z"
        var currency = "EUR"
        var id = "7000000001"
    }

    static let fuel = Row()
    static let insurance = Row(
        product: "4001",
        name: "Kindlustus",
        type: "Insurance",
        quantity: "1",
        price: "15",
        total: "15",
        net: "15",
        vat: "0",
        rate: "0",
        plate: nil,
        id: "7000000002"
    )
    static let zeroRated = Row(
        product: "7001",
        name: "Margid",
        type: "Stamps",
        quantity: "2",
        price: "5",
        total: "10",
        net: "10",
        vat: "0",
        rate: "0",
        id: "7000000003"
    )
    static let transfer = Row(
        product: "9001",
        name: "Saldo ülekanne",
        type: "Balance transfer",
        quantity: "1",
        price: "100",
        total: "100",
        net: "100",
        vat: "0",
        rate: "0",
        plate: nil,
        id: "7000000004"
    )

    static func transaction(_ row: Row) throws -> Transaction {
        var builder = Transaction.Builder(feed: .contractTransactions)
        for (field, text) in [
            (Field.transactionId, row.id), (.occProductCode, row.product),
            (.occProductName, row.name), (.occProductType, row.type), (.currency, row.currency),
            (.invoiceNo, row.number), (.cardNumber, "9233450000002345"), (.stationId, "S100"),
            (.receiptNo, "00123456"), (.driverName, "Mari Maasikas"),
        ] { builder.set(field, text) }
        if let plate = row.plate { builder.set(.plateNumber, plate) }
        for (field, text) in [
            (Field.quantity, row.quantity), (.pricePerUnit, row.price),
            (.discountPerUnit, row.discount), (.totalPrice, row.total), (.netAmount, row.net),
            (.vatAmount, row.vat), (.vatRate, row.rate),
        ] { builder.set(field, try #require(FixedDecimal(text))) }
        builder.set(.odometerReadout, 154_320)
        builder.set(.transactionTime, try #require(UTCTimestamp(row.time)))
        builder.set(.invoiceDate, try #require(UTCTimestamp(row.invoiceDate)))
        return builder.build(contractNumber: row.contract)
    }

    /// The documents of rows, which must be fine.
    static func documents(
        _ rows: [Row],
        _ source: AmountSource = .gross,
        profile: InvoiceProfile = .peppol,
        _ change: (inout InvoiceSettings) -> Void = { _ in }
    ) throws -> [Invoice] {
        let assembler = try SampleSettings.assembler(source, profile: profile, change)
        let outcomes = assembler.outcomes(of: try rows.map(transaction))
        return try outcomes.compactMap { outcome in
            switch outcome {
            case .invoice(let invoice, _): return invoice
            case .leftOut: return nil
            case .refused(let refusal):
                Issue.record("\(refusal.summary)")
                throw refusal.violations.first.map { Refused(description: $0.description) }
                    ?? Refused(description: refusal.summary)
            }
        }
    }

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// Fuel at 24 %, insurance exempt, stamps zero rated.
    static func mixed() throws -> Invoice {
        try #require(try documents([fuel, insurance, zeroRated]).first)
    }

    /// A document outside VAT.
    static func outside() throws -> Invoice {
        try #require(try documents([transfer]).first)
    }

    /// A document of a product that a setting puts into a category.
    static func special(_ category: VATCategory) throws -> Invoice {
        let documents = try documents([zeroRated]) {
            $0.products["7001"] = ProductRule(zeroCategory: category)
        }
        return try #require(documents.first)
    }
}
