/// An exact decimal of any number of places: a 128-bit significand and a count of decimals.
///
/// Computed values (unit prices without VAT, shares, sums) use it. Arithmetic that would not fit
/// says so by returning nil; nothing is ever rounded but by `rounded(to:_:)` and `divided(by:to:_:)`.
public struct ExactDecimal: Sendable {
    /// The digits, so that the value is `significand` / 10^`scale`.
    public let significand: Int128
    /// Decimals, 0 to 36.
    public let scale: Int

    /// Most decimals a value may have.
    public static let maximumScale = 36
    /// Zero.
    public static let zero = ExactDecimal(significand: 0, scale: 0)

    /// How the digits that are not kept decide the last one that is.
    public enum Rounding: String, CaseIterable, Sendable {
        /// Halves go away from zero: the accounting default.
        case halfUp = "half_up"
        /// Halves go to the even neighbour.
        case halfEven = "half_even"
        /// Digits are dropped.
        case towardZero = "toward_zero"
        /// To the next lower value.
        case floor
        /// To the next higher value.
        case ceiling
    }

    /// Makes a decimal; `scale` must be 0 to 36.
    public init(significand: Int128, scale: Int) {
        precondition((0...Self.maximumScale).contains(scale), "a decimal has 0 to 36 places")
        self.significand = significand
        self.scale = scale
    }

    /// A whole number.
    public init(_ value: Int64) { self.init(unchecked: Int128(value), scale: 0) }

    private init(unchecked significand: Int128, scale: Int) {
        self.significand = significand
        self.scale = scale
    }

    /// Reads JSON number text (sign, digits, point, exponent); nil when it is none or does not fit.
    public init?(_ text: some Sequence<UInt8>) {
        var digits: Int128 = 0
        var decimals = 0
        var isNegative = false
        var pendingZeros = 0
        var exponent = 0
        var exponentIsNegative = false
        var place = NumberPlace.start
        for byte in text {
            switch (place, byte) {
            case (.start, 0x2D):
                isNegative = true
                place = .sign
            case (.start, 0x30), (.sign, 0x30): place = .zero
            case (.start, 0x31...0x39), (.sign, 0x31...0x39):
                digits = Int128(byte - 0x30)
                place = .whole
            case (.whole, 0x30...0x39):
                let (tenfold, overflow) = digits.multipliedReportingOverflow(by: 10)
                let (sum, more) = tenfold.addingReportingOverflow(Int128(byte - 0x30))
                guard !overflow, !more else { return nil }
                digits = sum
            case (.zero, 0x2E), (.whole, 0x2E): place = .point
            case (.point, 0x30...0x39), (.fraction, 0x30...0x39):
                place = .fraction
                // Zeros at the end of a fraction carry no value and must not overflow the digits.
                if byte == 0x30 {
                    pendingZeros += 1
                    guard pendingZeros <= 100_000 else { return nil }
                    continue
                }
                for digit in repeatElement(UInt8(0x30), count: min(pendingZeros, 60)) + [byte] {
                    let (tenfold, overflow) = digits.multipliedReportingOverflow(by: 10)
                    let (sum, more) = tenfold.addingReportingOverflow(Int128(digit - 0x30))
                    guard !overflow, !more else { return nil }
                    digits = sum
                }
                decimals += pendingZeros + 1
                pendingZeros = 0
            case (.zero, 0x45), (.zero, 0x65), (.whole, 0x45), (.whole, 0x65), (.fraction, 0x45),
                (.fraction, 0x65):
                place = .e
            case (.e, 0x2B): place = .exponentSign
            case (.e, 0x2D):
                exponentIsNegative = true
                place = .exponentSign
            case (.e, 0x30...0x39), (.exponentSign, 0x30...0x39), (.exponent, 0x30...0x39):
                place = .exponent
                exponent = min(exponent * 10 + Int(byte - 0x30), 100_000)
            default: return nil
            }
        }
        switch place {
        case .zero, .whole, .fraction, .exponent: break
        default: return nil
        }
        if digits == 0 {
            self.init(significand: 0, scale: 0)
            return
        }
        var places = decimals - (exponentIsNegative ? -exponent : exponent)
        while places < 0 {
            let (tenfold, overflow) = digits.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            digits = tenfold
            places += 1
        }
        while places > Self.maximumScale {
            guard digits % 10 == 0 else { return nil }
            digits /= 10
            places -= 1
        }
        self.init(significand: isNegative ? -digits : digits, scale: places)
    }

    /// The same, from a string.
    public init?(_ text: String) { self.init(text.utf8) }

    /// The same value with no zeros at the end of its decimals.
    public var normalized: ExactDecimal {
        var digits = significand
        var places = scale
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        return ExactDecimal(significand: digits, scale: places)
    }

    /// The digits at another scale; nil when decimals would be lost or the digits do not fit.
    public func significand(atScale target: Int) -> Int128? {
        if target == scale { return significand }
        if target > scale {
            guard let factor = Self.power(target - scale) else {
                return significand == 0 ? 0 : nil
            }
            return Self.product(significand, factor)
        }
        let reduced = normalized
        guard reduced.scale <= target else { return nil }
        return reduced.significand(atScale: target)
    }

    /// The sum; nil when it does not fit.
    public func adding(_ other: ExactDecimal) -> ExactDecimal? {
        if scale == other.scale {
            let (sum, overflow) = significand.addingReportingOverflow(other.significand)
            if !overflow { return ExactDecimal(unchecked: sum, scale: scale) }
        }
        let places = max(scale, other.scale)
        guard let left = significand(atScale: places),
            let right = other.significand(atScale: places)
        else {
            let (small, smaller) = (normalized, other.normalized)
            guard small.scale != scale || smaller.scale != other.scale else { return nil }
            return small.adding(smaller)
        }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : ExactDecimal(significand: sum, scale: places)
    }

    /// The value with the other sign; nil for the one significand that has none.
    public var negated: ExactDecimal? {
        let (digits, overflow) = Int128.zero.subtractingReportingOverflow(significand)
        return overflow ? nil : ExactDecimal(significand: digits, scale: scale)
    }

    /// The difference; nil when it does not fit.
    public func subtracting(_ other: ExactDecimal) -> ExactDecimal? {
        other.negated.flatMap { adding($0) }
    }

    /// The product; nil when it does not fit.
    public func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        if scale + other.scale <= Self.maximumScale,
            let product = Self.product(significand, other.significand)
        {
            return ExactDecimal(unchecked: product, scale: scale + other.scale)
        }
        let (small, smaller) = (normalized, other.normalized)
        guard small.scale != scale || smaller.scale != other.scale else { return nil }
        return small.multiplied(by: smaller)
    }

    /// The quotient rounded to `places` decimals (0 to 36); nil when `other` is zero or it does not fit.
    public func divided(by other: ExactDecimal, to places: Int, _ rounding: Rounding)
        -> ExactDecimal?
    {
        guard other.significand != 0, (0...Self.maximumScale).contains(places) else { return nil }
        // significand / 10^scale / (other / 10^otherScale) * 10^places
        let shift = places + other.scale - scale
        var numerator = significand
        var denominator = other.significand
        guard let factor = Self.power(abs(shift)) else { return nil }
        if shift >= 0 {
            let (digits, overflow) = numerator.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            numerator = digits
        } else {
            let (digits, overflow) = denominator.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            denominator = digits
        }
        return Self.quotient(numerator, denominator, rounding).map {
            ExactDecimal(significand: $0, scale: places)
        }
    }

    /// The value with at most `places` decimals (0 to 36).
    public func rounded(to places: Int, _ rounding: Rounding = .halfUp) -> ExactDecimal {
        guard places < scale else { return self }
        let shift = scale - max(places, 0)
        // A row's amounts fit 64 bits, where a division costs a tenth of one of 128.
        if shift <= 18, let small = Int64(exactly: significand), let factor = Self.power(shift),
            let digits = Self.quotient(small, Int64(truncatingIfNeeded: factor), rounding)
        {
            return ExactDecimal(unchecked: Int128(digits), scale: max(places, 0))
        }
        guard let factor = Self.power(shift),
            let digits = Self.quotient(significand, factor, rounding)
        else { return self }
        return ExactDecimal(unchecked: digits, scale: max(places, 0))
    }

    private static func quotient<Whole: FixedWidthInteger & SignedInteger>(
        _ numerator: Whole,
        _ denominator: Whole,
        _ rounding: Rounding
    ) -> Whole? {
        let (whole, overflow) = numerator.dividedReportingOverflow(by: denominator)
        guard !overflow else { return nil }
        let rest = numerator - whole * denominator
        guard rest != 0 else { return whole }
        let isNegative = (numerator < 0) != (denominator < 0)
        let away: Whole = isNegative ? -1 : 1
        // Compare twice the rest with the divisor without doubling it.
        let restSize = rest.magnitude
        let other = denominator.magnitude - restSize
        switch rounding {
        case .towardZero: return whole
        case .floor: return isNegative ? whole - 1 : whole
        case .ceiling: return isNegative ? whole : whole + 1
        case .halfUp: return restSize >= other ? whole + away : whole
        case .halfEven:
            if restSize == other { return whole % 2 == 0 ? whole : whole + away }
            return restSize > other ? whole + away : whole
        }
    }

    /// The product; nil when it does not fit.
    ///
    /// Two factors of 64 bits always fit, unchecked.
    private static func product(_ one: Int128, _ two: Int128) -> Int128? {
        if Int64(exactly: one) != nil, Int64(exactly: two) != nil { return one &* two }
        let (product, overflow) = one.multipliedReportingOverflow(by: two)
        return overflow ? nil : product
    }

    /// 10^exponent; nil when it does not fit (exponent over 38).
    static func power(_ exponent: Int) -> Int128? {
        guard (0...38).contains(exponent) else { return nil }
        return powers[exponent]
    }

    private static let powers: [Int128] = {
        var powers: [Int128] = [1]
        for _ in 0..<38 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()
}

extension ExactDecimal: Comparable, Hashable {
    /// Compares by value: 1.50 equals 1.5.
    public static func == (left: Self, right: Self) -> Bool {
        if left.scale == right.scale { return left.significand == right.significand }
        // What does not fit at the finer scale is larger than anything that does.
        return left.scale < right.scale
            ? left.significand(atScale: right.scale) == right.significand
            : right.significand(atScale: left.scale) == left.significand
    }

    /// Orders by value, whatever the scales.
    public static func < (left: Self, right: Self) -> Bool {
        if left.scale == right.scale { return left.significand < right.significand }
        let places = max(left.scale, right.scale)
        if let digits = left.significand(atScale: places),
            let other = right.significand(atScale: places)
        {
            return digits < other
        }
        // One side is too large for the common scale: whole parts decide, then fractions.
        let (whole, otherWhole) = (left.rounded(to: 0, .floor), right.rounded(to: 0, .floor))
        if whole.significand != otherWhole.significand {
            return whole.significand < otherWhole.significand
        }
        guard let fraction = left.subtracting(whole), let otherFraction = right.subtracting(whole),
            let digits = fraction.significand(atScale: places),
            let other = otherFraction.significand(atScale: places)
        else { return false }
        return digits < other
    }

    /// Hashes the value, so that equal values hash alike.
    public func hash(into hasher: inout Hasher) {
        let reduced = normalized
        hasher.combine(reduced.significand)
        hasher.combine(reduced.scale)
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// Plain notation with exactly `scale` decimals: `-0.50`.
    public var description: String {
        let digits = String(significand.magnitude)
        let sign = significand < 0 ? "-" : ""
        guard scale > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
    }
}

/// Where in a JSON number (RFC 8259, 6) the reader stands.
private enum NumberPlace {
    case start, sign, zero, whole, point, fraction, e, exponentSign, exponent
}
