public import Transactions

/// How a number is written: `0` a digit always, `#` a digit if needed, one point: `0.00##`.
///
/// A value with more decimals than the pattern holds is not rounded: `fits` says so first.
public struct NumberPattern: Hashable, Sendable {
    /// Digits before the point, at least.
    public let wholeDigits: Int
    /// Decimals always written.
    public let leastPlaces: Int
    /// Decimals written at most.
    public let mostPlaces: Int

    /// Reads a pattern.
    ///
    /// - Throws: `PatternError` when it is not of the form `#0.00##`.
    public init(_ pattern: String) throws(PatternError) {
        let sides = pattern.split(separator: ".", omittingEmptySubsequences: false)
        let whole = sides.first ?? ""
        let places = sides.count == 2 ? sides[1] : ""
        let wholeZeros = whole.drop { $0 == "#" }
        let placeZeros = places.prefix { $0 == "0" }
        guard (1...2).contains(sides.count), !whole.isEmpty, wholeZeros.allSatisfy({ $0 == "0" }),
            places.dropFirst(placeZeros.count).allSatisfy({ $0 == "#" }),
            sides.count == 1 || !places.isEmpty, places.count <= ExactDecimal.maximumScale
        else {
            throw PatternError(
                message: "'\(pattern)' is no number pattern",
                cure: "write 0 for a digit always there, # for one if needed: 0.00##"
            )
        }
        wholeDigits = wholeZeros.count
        leastPlaces = placeZeros.count
        mostPlaces = places.count
    }

    /// Whether the number is written without losing a decimal.
    public func fits(_ number: ExactDecimal) -> Bool { number.normalized.scale <= mostPlaces }

    /// The number in this form, with a point; rounded half up where it does not fit.
    public func text(_ number: ExactDecimal) -> String {
        let reduced = number.rounded(to: mostPlaces).normalized
        let digits = reduced.significand(atScale: max(reduced.scale, leastPlaces)) ?? 0
        let value = ExactDecimal(significand: digits, scale: max(reduced.scale, leastPlaces))
        var text = value.description
        let isNegative = text.first == "-"
        if isNegative { text.removeFirst() }
        let whole = text.prefix { $0 != "." }
        if wholeDigits == 0, whole == "0", text.count > 1 { text.removeFirst() }
        text = String(repeating: "0", count: max(0, wholeDigits - whole.count)) + text
        return (isNegative ? "-" : "") + text
    }
}
