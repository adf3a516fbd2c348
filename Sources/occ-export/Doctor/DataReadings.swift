internal import OCCClient
internal import Transactions

/// What the prices and VAT rates of real rows mean, tried on the last days' rows.
///
/// The API document does not say whether a rate is 24 or 0.24, nor whether a price has VAT and discount
/// in it (trap 33), so each reading is counted on the rows for which it holds to the cent.
struct DataReadings {
    /// A way to read the amounts, and how many rows agree with it.
    private struct Reading {
        let says: String
        let holds: @Sendable (Transaction) -> Bool?
        var agree = 0
        var tried = 0

        init(_ says: String, _ holds: @escaping @Sendable (Transaction) -> Bool?) {
            self.says = says
            self.holds = holds
        }
    }

    private var readings: [Reading] = [
        Reading("netAmount + vatAmount = totalPrice") { row in
            near(row.exact(.netAmount)?.adding(row.exact(.vatAmount)), row.exact(.totalPrice))
        },
        Reading("vatRate is a percentage (24)") { row in
            vat(row, dividedBy: 100)
        },
        Reading("vatRate is a fraction (0.24)") { row in
            vat(row, dividedBy: 1)
        },
        Reading("quantity x pricePerUnit = totalPrice: the discount is in the price") { row in
            near(
                row.exact(.quantity)?.multiplied(by: row.exact(.pricePerUnit)),
                row.exact(.totalPrice)
            )
        },
        Reading("quantity x (pricePerUnit - discountPerUnit) = totalPrice") { row in
            near(
                row.exact(.quantity)?.multiplied(
                    by: row.exact(.pricePerUnit)?.subtracting(row.exact(.discountPerUnit))
                ),
                row.exact(.totalPrice)
            )
        },
        Reading("quantity x netPricePerUnit = netAmount") { row in
            near(
                row.exact(.quantity)?.multiplied(by: row.exact(.netPricePerUnit)),
                row.exact(.netAmount)
            )
        },
    ]
    private var rows = 0

    /// Asks for the last 31 days of each contract and tries the readings on every row.
    ///
    /// - Throws: `OCCClientError` when a contract cannot be asked.
    init(_ client: OCCClient, _ configuration: Configuration, today: UTCTimestamp) async throws {
        let day = today.date
        guard let from = day.adding(days: -30), let window = Window(from: from, to: day) else {
            return
        }
        var contracts = configuration.source.contracts ?? []
        if contracts.isEmpty { contracts = try await client.contractNumbers() }
        for contract in contracts {
            let slice = try await client.transactions(
                .contractTransactions,
                contract: contract,
                window
            )
            for transaction in slice.transactions { take(transaction) }
        }
    }

    private mutating func take(_ transaction: Transaction) {
        rows += 1
        for index in readings.indices {
            guard let holds = readings[index].holds(transaction) else { continue }
            readings[index].tried += 1
            if holds { readings[index].agree += 1 }
        }
    }

    /// A line a reading, under a line that counts the rows.
    var text: String {
        (["\(rows) rows of the last 31 days"]
            + readings.map { "\($0.agree) of \($0.tried): \($0.says)" })
            .joined(separator: "\n      ")
    }

    /// What an accountant should know before trusting a template.
    var remarks: [String] {
        guard rows > 0 else {
            return ["there was no row to look at yet"]
        }
        let odd = readings[0].tried - readings[0].agree
        return odd == 0
            ? [] : ["\(odd) rows do not add up: netAmount + vatAmount is not totalPrice"]
    }

    /// Whether the VAT agrees with the rate, in hundredths or as it is, to the cent.
    private static func vat(_ row: Transaction, dividedBy divisor: Int64) -> Bool? {
        guard let rate = row.exact(.vatRate), rate != .zero else { return nil }
        return near(
            row.exact(.netAmount)?.multiplied(by: rate)?.divided(
                by: ExactDecimal(divisor),
                to: 8,
                .halfUp
            ),
            row.exact(.vatAmount)
        )
    }

    /// Whether two amounts differ by at most a cent; nil when one of them is not there.
    private static func near(_ one: ExactDecimal?, _ two: ExactDecimal?) -> Bool? {
        guard let one, let two, let difference = one.subtracting(two) else { return nil }
        let cent = ExactDecimal(significand: 1, scale: 2)
        return !(cent < difference) && !(difference < ExactDecimal(significand: -1, scale: 2))
    }
}

extension Transaction {
    /// An amount as a number to calculate with; nil when the row does not have it.
    fileprivate func exact(_ field: Field) -> ExactDecimal? { amount(field)?.exact }
}

extension ExactDecimal {
    fileprivate func adding(_ other: ExactDecimal?) -> ExactDecimal? { other.flatMap(adding) }

    fileprivate func subtracting(_ other: ExactDecimal?) -> ExactDecimal? {
        other.flatMap(subtracting)
    }

    fileprivate func multiplied(by other: ExactDecimal?) -> ExactDecimal? {
        other.flatMap { multiplied(by: $0) }
    }
}
