/// Counts and sums that prove nothing was lost on the way: per currency the sum of each amount, and a
/// hash total over quantities of all currencies.
public struct ControlTotals: Hashable, Sendable {
    /// What one currency adds up to; exact, 4 decimals.
    public struct Sums: Hashable, Sendable {
        /// Transactions of the currency.
        public var count = 0
        /// Sum of `netAmount`.
        public var netAmount = ExactDecimal.zero
        /// Sum of `vatAmount`.
        public var vatAmount = ExactDecimal.zero
        /// Sum of `totalPrice`.
        public var totalPrice = ExactDecimal.zero
    }

    /// Transactions counted.
    public private(set) var count = 0
    /// Sums by currency; `""` stands for rows without one.
    public private(set) var sums: [String: Sums] = [:]
    /// Sum of all quantities, whatever their units: a hash total, only there to detect loss.
    public private(set) var hashTotal = ExactDecimal.zero

    /// Nothing counted.
    public init() {}

    /// Counts a transaction; false when a sum no longer fits 38 digits, and then nothing was counted.
    public mutating func add(_ transaction: Transaction) -> Bool {
        let currency = transaction.text(.currency) ?? ""
        var sum = sums[currency] ?? Sums()
        func added(_ total: ExactDecimal, _ field: Field) -> ExactDecimal? {
            transaction.amount(field).map { total.adding($0.exact) } ?? total
        }
        guard let net = added(sum.netAmount, .netAmount),
            let vat = added(sum.vatAmount, .vatAmount),
            let total = added(sum.totalPrice, .totalPrice), let hash = added(hashTotal, .quantity)
        else { return false }
        sum.count += 1
        sum.netAmount = net
        sum.vatAmount = vat
        sum.totalPrice = total
        sums[currency] = sum
        hashTotal = hash
        count += 1
        return true
    }
}
