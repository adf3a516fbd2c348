internal import Transactions

/// One way to understand a row's prices (API document, trap 33).
///
/// Which of netPricePerUnit, pricePerUnit and discountPerUnit include VAT, and whether the discount is
/// taken off already, the API does not say; a row's amounts tell.
struct PriceReading: Hashable, Sendable {
    /// The field that holds the price.
    let field: Field
    /// Whether discountPerUnit is still to be taken off it.
    let isBeforeDiscount: Bool
    /// Whether it includes VAT.
    let includesVAT: Bool

    /// In the order in which they are tried.
    static let all: [PriceReading] = [
        PriceReading(field: .pricePerUnit, isBeforeDiscount: false, includesVAT: true),
        PriceReading(field: .pricePerUnit, isBeforeDiscount: true, includesVAT: true),
        PriceReading(field: .pricePerUnit, isBeforeDiscount: false, includesVAT: false),
        PriceReading(field: .pricePerUnit, isBeforeDiscount: true, includesVAT: false),
        PriceReading(field: .netPricePerUnit, isBeforeDiscount: false, includesVAT: false),
        PriceReading(field: .netPricePerUnit, isBeforeDiscount: true, includesVAT: false),
        PriceReading(field: .netPricePerUnit, isBeforeDiscount: false, includesVAT: true),
        PriceReading(field: .netPricePerUnit, isBeforeDiscount: true, includesVAT: true),
    ]

    /// The price after discount; nil when the row lacks it.
    func price(of row: Transaction) throws(InvoicesError) -> ExactDecimal? {
        guard let price = row.amount(field)?.exact else { return nil }
        guard isBeforeDiscount else { return price }
        return try price.minus(row.amount(.discountPerUnit)?.exact ?? .zero)
    }

    /// The amount of the row that quantity times price must meet; nil when the row lacks it.
    func amount(of row: Transaction) -> ExactDecimal? {
        row.amount(includesVAT ? .totalPrice : .netAmount)?.exact
    }

    /// By how much quantity times price misses the amount; nil when the row lacks one of them.
    func difference(in row: Transaction) throws(InvoicesError) -> ExactDecimal? {
        guard let quantity = row.amount(.quantity)?.exact, let price = try price(of: row),
            let amount = amount(of: row)
        else { return nil }
        return try quantity.times(price).magnitude.minus(amount.magnitude)
    }

    /// Whether quantity times price meets the amount.
    ///
    /// Prices have four decimals, so a large quantity may miss by half a ten-thousandth a unit.
    func fits(_ row: Transaction, tolerance: ExactDecimal) throws(InvoicesError) -> Bool {
        guard let difference = try difference(in: row), let quantity = row.amount(.quantity)?.exact
        else { return false }
        let slack = try quantity.magnitude.times(ExactDecimal(significand: 5, scale: 5))
        return try difference.magnitude <= tolerance.plus(slack)
    }
}
