public import Transactions

/// What a batch adds up to: per currency, VAT rate and product; a reversal counts negative.
public struct BatchTotals: Sendable, Hashable {
    /// Exact sums, 4 decimals.
    public struct Sums: Sendable, Hashable {
        /// Rows.
        public var count = 0
        /// Sum of `quantity`.
        public var quantity = ExactDecimal.zero
        /// Sum of `netAmount`.
        public var netAmount = ExactDecimal.zero
        /// Sum of `vatAmount`.
        public var vatAmount = ExactDecimal.zero
        /// Sum of `totalPrice`.
        public var totalPrice = ExactDecimal.zero

        fileprivate mutating func add(_ row: Transaction, isReversal: Bool) -> Bool {
            func added(_ total: ExactDecimal, _ field: Field) -> ExactDecimal? {
                guard let amount = row.amount(field)?.exact else { return total }
                return isReversal ? total.subtracting(amount) : total.adding(amount)
            }
            guard let quantity = added(quantity, .quantity),
                let net = added(netAmount, .netAmount), let vat = added(vatAmount, .vatAmount),
                let total = added(totalPrice, .totalPrice)
            else { return false }
            count += 1
            self.quantity = quantity
            netAmount = net
            vatAmount = vat
            totalPrice = total
            return true
        }
    }

    /// One currency.
    public struct Currency: Sendable, Hashable {
        /// All of it.
        public var all = Sums()
        /// By `vatRate`, as a plain decimal; `none` where a row has none.
        public var byRate: [String: Sums] = [:]
        /// By product name.
        public var byProduct: [String: Sums] = [:]
        /// By plate number, empty for rows without one; for files that show it.
        public var byVehicle: [String: Sums] = [:]
    }

    /// Rows counted.
    public private(set) var count = 0
    /// By currency; `""` stands for rows without one.
    public private(set) var byCurrency: [String: Currency] = [:]
    /// Sum of all quantities, whatever their units: a hash total, only there to detect loss.
    public private(set) var hashTotal = ExactDecimal.zero

    /// Nothing counted.
    public init() {}

    /// Counts a row; false when a sum no longer fits 38 digits, and then the totals are of no use.
    public mutating func add(_ row: Transaction, isReversal: Bool = false) -> Bool {
        let code = row.text(.currency) ?? ""
        let rate = row.amount(.vatRate).map { "\($0)" } ?? "none"
        let product = row.text(.occProductName) ?? row.text(.occProductCode) ?? ""
        let vehicle = row.text(.plateNumber) ?? ""
        let quantity = row.amount(.quantity)?.exact ?? .zero
        guard let hash = isReversal ? hashTotal.subtracting(quantity) : hashTotal.adding(quantity),
            byCurrency[code, default: Currency()].all.add(row, isReversal: isReversal),
            byCurrency[code]?.byRate[rate, default: Sums()].add(row, isReversal: isReversal)
                ?? false,
            byCurrency[code]?.byProduct[product, default: Sums()].add(row, isReversal: isReversal)
                ?? false,
            byCurrency[code]?.byVehicle[vehicle, default: Sums()].add(row, isReversal: isReversal)
                ?? false
        else { return false }
        hashTotal = hash
        count += 1
        return true
    }
}
