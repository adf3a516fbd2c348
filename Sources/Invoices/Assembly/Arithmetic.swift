internal import Transactions

/// Checked arithmetic of the assembly: what does not fit is an error, never a wrong amount.
extension ExactDecimal {
    static let hundred = ExactDecimal(100)
    static let one = ExactDecimal(1)

    var isNegative: Bool { significand < 0 }
    var isZero: Bool { significand == 0 }
    var magnitude: ExactDecimal {
        // Int128.min has no positive counterpart, but no amount comes near it.
        significand == .min
            ? ExactDecimal(significand: .max, scale: scale)
            : ExactDecimal(significand: Swift.abs(significand), scale: scale)
    }

    func plus(_ other: ExactDecimal) throws(InvoicesError) -> ExactDecimal {
        guard let sum = adding(other) else { throw .outOfRange }
        return sum
    }

    func minus(_ other: ExactDecimal) throws(InvoicesError) -> ExactDecimal {
        guard let difference = subtracting(other) else { throw .outOfRange }
        return difference
    }

    func times(_ other: ExactDecimal) throws(InvoicesError) -> ExactDecimal {
        guard let product = normalized.multiplied(by: other.normalized) else { throw .outOfRange }
        return product
    }

    func over(_ other: ExactDecimal, to places: Int) throws(InvoicesError) -> ExactDecimal {
        let quotient = normalized.divided(by: other.normalized, to: places, .halfUp)
        guard let quotient else { throw .outOfRange }
        return quotient
    }

    /// Exactly two decimals, halves away from zero.
    func cents() throws(InvoicesError) -> ExactDecimal {
        let rounded = rounded(to: 2)
        guard let digits = rounded.significand(atScale: 2) else { throw .outOfRange }
        return ExactDecimal(significand: digits, scale: 2)
    }

    /// The value times -1 where `isFlipped`.
    func flipped(_ isFlipped: Bool) -> ExactDecimal {
        isFlipped ? ExactDecimal(significand: 0 - significand, scale: scale) : self
    }

    /// VAT included in an amount of a rate in percent, taken out and rounded: amount / (1 + rate/100).
    func withoutVAT(_ rate: ExactDecimal, to places: Int) throws(InvoicesError) -> ExactDecimal {
        try times(.hundred).over(try ExactDecimal.hundred.plus(rate), to: places)
    }
}

extension InvoicesError {
    static let outOfRange = InvoicesError(
        .tooLarge,
        at: "",
        "an amount has more digits than can be counted exactly"
    )
}
