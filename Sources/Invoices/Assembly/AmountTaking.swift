internal import Transactions

/// The amounts of one VAT category and rate, taken from its rows in order.
///
/// Line amounts come by carry rounding: the rounded sum up to a row less the rounded sum before it. Each
/// line is less than a cent off its exact amount, and together they are the rounded sum exactly.
struct AmountTaking {
    let source: AmountSource
    let category: VATCategory
    /// In percent.
    let rate: ExactDecimal
    private var gross = ExactDecimal.zero
    private var net = ExactDecimal.zero
    private var vat = ExactDecimal.zero
    /// Sum of the lines' net amounts: BT-116.
    private(set) var taxable = ExactDecimal(significand: 0, scale: 2)
    /// Sum of the lines' VAT: BT-117.
    private(set) var tax = ExactDecimal(significand: 0, scale: 2)

    init(source: AmountSource, category: VATCategory, rate: ExactDecimal) {
        self.source = source
        self.category = category
        self.rate = rate
    }

    /// What one row becomes.
    struct Amounts {
        /// BT-131, two decimals.
        let net: ExactDecimal
        /// VAT of the line, two decimals.
        let vat: ExactDecimal
        /// The row's own amount that `net` was rounded from, to 12 decimals.
        let exactNet: ExactDecimal
    }

    mutating func take(_ row: RowReading) throws(InvoicesError) -> Amounts {
        gross = try gross.plus(row.total)
        net = try net.plus(row.net ?? .zero)
        vat = try vat.plus(row.vat ?? .zero)
        let exact: ExactDecimal
        let sum: ExactDecimal
        switch source {
        case .gross:
            exact = try row.total.withoutVAT(rate, to: 12)
            sum = try gross.withoutVAT(rate, to: 2)
        case .net, .supplierVAT:
            exact = row.net ?? .zero
            sum = try net.cents()
        case .statement:
            exact = row.total
            sum = try gross.cents()
        }
        let line = try sum.minus(taxable).cents()
        taxable = sum
        // The VAT that the standard computes on the sum, or the sum of what the supplier computed.
        let vatSum =
            source == .supplierVAT ? try vat.cents() : try sum.times(rate).over(.hundred, to: 2)
        let lineVAT = try vatSum.minus(tax).cents()
        tax = try vatSum.cents()
        return Amounts(net: line, vat: lineVAT, exactNet: exact)
    }
}
