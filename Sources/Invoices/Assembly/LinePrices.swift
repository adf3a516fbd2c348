internal import Transactions

/// Quantity and prices of a line, from a row's prices where a reading of them fits.
struct LinePrices {
    let quantity: ExactDecimal
    /// BT-146.
    let netPrice: ExactDecimal
    /// BT-147, where there is a discount.
    let discount: ExactDecimal?
    /// BT-148, where there is a discount.
    let grossPrice: ExactDecimal?
    /// For one unit, after discount.
    let priceWithVAT: ExactDecimal?
    /// The discount of the whole line (BG-27), where discounts stand there; not negative.
    let allowance: ExactDecimal?

    /// Largest difference of quantity × price from the line's amount (Peppol R120).
    static let slack = ExactDecimal(significand: 2, scale: 2)

    init(
        _ row: RowReading,
        _ amounts: AmountTaking.Amounts,
        reading: PriceReading?,
        source: AmountSource,
        discounts: InvoiceSettings.Discounts
    ) throws(InvoicesError) {
        // The price is never negative (BR-27), so the quantity carries the amount's sign.
        var size = row.quantity.magnitude.normalized
        if size.isZero, !row.total.isZero { size = .one }
        let isNegative = row.total.isZero ? row.quantity.isNegative : row.total.isNegative
        quantity = size.flipped(isNegative)
        // The row's own rate: a statement has VAT in its prices, whatever the rate is.
        let rate = source == .statement ? ExactDecimal.zero : row.rate
        let stated = try reading.flatMap { reading throws(InvoicesError) in
            try Self.stated(row.transaction, reading, rate, isGross: source == .statement)
        }
        if let stated, try Self.meets(amounts.net, size, stated.net) {
            let before = try stated.net.plus(stated.discount ?? .zero).normalized
            let less = try size.times(before).cents().minus(amounts.net.magnitude)
            if stated.discount != nil, discounts == .line, !less.isNegative {
                netPrice = before
                (discount, grossPrice) = (nil, nil)
                allowance = try less.cents()
            } else {
                netPrice = stated.net
                discount = stated.discount
                grossPrice = stated.discount == nil ? nil : before
                allowance = nil
            }
        } else {
            netPrice = try Self.derived(amounts, size)
            (discount, grossPrice, allowance) = (nil, nil, nil)
        }
        priceWithVAT = size.isZero ? nil : try row.total.magnitude.over(size, to: 6).normalized
    }

    /// Net price and discount as the row's prices say, six decimals; nil where they say nothing usable.
    private static func stated(
        _ row: Transaction,
        _ reading: PriceReading,
        _ rate: ExactDecimal,
        isGross: Bool
    ) throws(InvoicesError) -> (net: ExactDecimal, discount: ExactDecimal?)? {
        guard let price = try reading.price(of: row)?.magnitude else { return nil }
        if isGross, !reading.includesVAT { return nil }
        let isReduced = reading.includesVAT && !isGross
        let net = isReduced ? try price.withoutVAT(rate, to: 6) : price.rounded(to: 6)
        // A surcharge on the price is forbidden (R044): then the price stands alone.
        guard let discount = row.amount(.discountPerUnit)?.exact, !discount.isNegative,
            !discount.isZero
        else { return (net.normalized, nil) }
        let less = isReduced ? try discount.withoutVAT(rate, to: 6) : discount.rounded(to: 6)
        return (net.normalized, less.isZero ? nil : less.normalized)
    }

    /// The line's exact amount divided by the quantity, with as many decimals as the quantity needs.
    private static func derived(_ amounts: AmountTaking.Amounts, _ size: ExactDecimal)
        throws(InvoicesError) -> ExactDecimal
    {
        guard !size.isZero else { return .zero }
        for places in [6, 8, 10] {
            let price = try amounts.exactNet.magnitude.over(size, to: places).normalized
            if try meets(amounts.net, size, price) { return price }
        }
        return try amounts.net.magnitude.over(size, to: 14).normalized
    }

    private static func meets(_ net: ExactDecimal, _ size: ExactDecimal, _ price: ExactDecimal)
        throws(InvoicesError) -> Bool
    {
        try size.times(price).minus(net.magnitude).magnitude <= slack
    }
}
