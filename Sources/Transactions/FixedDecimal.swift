/// An exact amount as the API has it: Decimal(18,4), counted in ten-thousandths.
///
/// Range: |value| < 10^14 with at most 4 decimals (API document, 1.4 trap 32). There is no way to
/// make one from a floating-point number.
public struct FixedDecimal: Hashable, Comparable, Sendable {
    /// The value in units of 0.0001; |tenThousandths| < 10^18.
    public let tenThousandths: Int64

    /// Decimals that the representation keeps.
    public static let scale = 4
    static let limit: Int64 = 1_000_000_000_000_000_000

    /// Zero.
    public static let zero = FixedDecimal(unchecked: 0)

    /// Makes an amount from ten-thousandths; nil when it is not below 10^14.
    public init?(tenThousandths: Int64) {
        guard tenThousandths > -Self.limit, tenThousandths < Self.limit else { return nil }
        self.tenThousandths = tenThousandths
    }

    init(unchecked: Int64) { tenThousandths = unchecked }

    /// Reads the text of a JSON number, exponents included; nil when it is no number, is 10^14 or
    /// more, or has a fifth decimal that is not zero.
    public init?(_ text: some Sequence<UInt8>) {
        guard let wide = ExactDecimal(text), let scaled = wide.significand(atScale: Self.scale),
            let narrow = Int64(exactly: scaled)
        else { return nil }
        self.init(tenThousandths: narrow)
    }

    /// The same, from a string.
    public init?(_ text: String) { self.init(text.utf8) }

    /// The amount as a decimal of 4 places.
    public var exact: ExactDecimal {
        ExactDecimal(significand: Int128(tenThousandths), scale: Self.scale)
    }

    /// Orders by value.
    public static func < (left: Self, right: Self) -> Bool {
        left.tenThousandths < right.tenThousandths
    }
}

extension FixedDecimal: CustomStringConvertible {
    /// Plain notation with as few decimals as the value needs: `-12.5`.
    public var description: String { exact.normalized.description }
}
