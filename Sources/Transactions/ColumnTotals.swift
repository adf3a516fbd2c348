/// What rows add up to by currency and VAT rate, summed from their columns.
public struct ColumnTotals: Sendable {
    /// The rows of one currency and rate.
    public struct Part: Sendable {
        /// As the rows have it; empty where they have none.
        public let currency: String
        /// As the rows have it; nil where they have none.
        public let vatRate: FixedDecimal?
        /// Rows.
        public fileprivate(set) var count = 0
        fileprivate var net: Int128 = 0
        fileprivate var vat: Int128 = 0
        fileprivate var total: Int128 = 0

        @inline(__always)
        fileprivate mutating func add(
            _ times: Int,
            _ net: Int128,
            _ vat: Int128,
            _ total: Int128
        ) {
            count += times
            self.net += net
            self.vat += vat
            self.total += total
        }

        /// Sum of `netAmount`.
        public var netAmount: ExactDecimal { .init(significand: net, scale: FixedDecimal.scale) }
        /// Sum of `vatAmount`.
        public var vatAmount: ExactDecimal { .init(significand: vat, scale: FixedDecimal.scale) }
        /// Sum of `totalPrice`.
        public var totalPrice: ExactDecimal {
            .init(significand: total, scale: FixedDecimal.scale)
        }
    }

    /// The parts, in the order in which they were met.
    public private(set) var parts: [Part] = []
    /// Rows counted.
    public private(set) var count = 0
    private var quantity: Int128 = 0
    /// Where each part stands.
    private var places: [Key: Int] = [:]
    /// What the first parts are of, to be compared without a text.
    private var shortKeys: [ShortKey] = []
    private static let usual = 16

    /// A currency of at most 8 bytes as a word, and a rate.
    private struct ShortKey: Equatable {
        let currency: UInt64
        let length: Int
        let rate: UInt64
        let hasRate: Bool
    }

    private struct Key: Hashable {
        let currency: [UInt8]
        let rate: UInt64?
    }

    /// Sum of all quantities, whatever their units: a hash total, only there to detect loss.
    public var hashTotal: ExactDecimal { .init(significand: quantity, scale: FixedDecimal.scale) }

    /// Nothing counted.
    public init() {}

    /// Counts a row; or, with `times` -1, takes one back that was counted.
    ///
    /// Amounts are below 10^18, so 128 bits hold the sums of more rows than there can be.
    public mutating func add(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>, times: Int = 1) {
        let place = self.place(row, bytes)
        func amount(_ field: Field) -> Int128 {
            guard row.has(field) else { return 0 }
            let amount = Int128(Int64(bitPattern: row[2 * Int(field.rawValue)]))
            return times < 0 ? -amount : amount
        }
        count += times
        quantity += amount(.quantity)
        parts[place].add(times, amount(.netAmount), amount(.vatAmount), amount(.totalPrice))
    }

    private mutating func place(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>) -> Int {
        let rate = row.has(.vatRate) ? row[2 * Int(Field.vatRate.rawValue)] : nil
        // Nearly all rows are of a few parts: these are compared one by one, without a text.
        let short = shortCurrency(row, bytes).map {
            ShortKey(currency: $0, length: $1, rate: rate ?? 0, hasRate: rate != nil)
        }
        if let short {
            for place in 0..<shortKeys.count where shortKeys[place] == short { return place }
        }
        let key = Key(currency: row.text(.currency, bytes) ?? [], rate: rate)
        if let place = places[key] { return place }
        let place = parts.count
        places[key] = place
        if let short, place == shortKeys.count, place < Self.usual { shortKeys.append(short) }
        parts.append(
            Part(
                currency: String(decoding: key.currency, as: UTF8.self),
                vatRate: rate.map { FixedDecimal(unchecked: Int64(bitPattern: $0)) }
            )
        )
        return place
    }

    /// The currency as a word, the first letter lowest, and its length; nil where it is long or was escaped.
    private func shortCurrency(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>) -> (UInt64, Int)?
    {
        let slot = 2 * Int(Field.currency.rawValue)
        guard row.has(.currency) else { return (0, 0) }
        let start = Int(truncatingIfNeeded: row[slot])
        let count = Int(truncatingIfNeeded: row[slot + 1])
        // A text in `decoded` has a negative start here.
        guard start >= 0, count <= 8 else { return nil }
        var word: UInt64 = 0
        for index in 0..<count {
            word |= UInt64(bytes[start &+ index]) &<< UInt64(truncatingIfNeeded: 8 &* index)
        }
        return (word, count)
    }
}
