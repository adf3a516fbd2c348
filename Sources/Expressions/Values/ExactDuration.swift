/// A length of time in whole nanoseconds: CEL's `duration`, at most about 292 years either way.
public struct ExactDuration: Hashable, Comparable, Sendable {
    /// The length; negative for a step back.
    public let nanoseconds: Int64

    /// Makes a length of time.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whole seconds; what is left over is dropped.
    public var seconds: Int64 { nanoseconds / 1_000_000_000 }

    /// Reads CEL's form: signed numbers with units, `1h30m`, `-1.5s`, `20ms`; nil when it is none or too
    /// long.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        let isNegative = bytes.first == 0x2D
        if bytes.first == 0x2D || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        if Array(bytes) == [0x30] {
            self.init(nanoseconds: 0)
            return
        }
        guard !bytes.isEmpty else { return nil }
        var total: Int128 = 0
        while !bytes.isEmpty {
            let whole = bytes.prefix { (0x30...0x39).contains($0) }
            bytes = bytes.dropFirst(whole.count)
            var fraction: ArraySlice<UInt8> = []
            if bytes.first == 0x2E {
                bytes = bytes.dropFirst()
                fraction = bytes.prefix { (0x30...0x39).contains($0) }
                bytes = bytes.dropFirst(fraction.count)
            }
            guard whole.count + fraction.count > 0, whole.count <= 20,
                let unit = Self.units.first(where: { bytes.starts(with: $0.letters) })
            else { return nil }
            bytes = bytes.dropFirst(unit.letters.count)
            var part: Int128 = 0
            for digit in whole { part = part * 10 + Int128(digit - 0x30) }
            part *= Int128(unit.size)
            var place = Int128(unit.size)
            for digit in fraction.prefix(18) {
                place /= 10
                part += Int128(digit - 0x30) * place
            }
            total += part
            guard total <= Int128(Int64.max) + 1 else { return nil }
        }
        guard let nanoseconds = Int64(exactly: isNegative ? -total : total) else { return nil }
        self.init(nanoseconds: nanoseconds)
    }

    /// Units in nanoseconds, those whose letters begin another's after it.
    private static let units: [(letters: [UInt8], size: Int64)] = [
        (Array("ns".utf8), 1), (Array("us".utf8), 1_000), (Array("µs".utf8), 1_000),
        (Array("ms".utf8), 1_000_000), (Array("s".utf8), 1_000_000_000),
        (Array("m".utf8), 60_000_000_000), (Array("h".utf8), 3_600_000_000_000),
    ]

    /// Orders by length.
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension ExactDuration: CustomStringConvertible {
    /// Seconds with as few decimals as needed and `s`: `5400s`, `-0.5s`.
    public var description: String {
        let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var text = (nanoseconds < 0 ? "-" : "") + String(whole)
        if rest > 0 {
            var digits = String(rest)
            digits = String(repeating: "0", count: 9 - digits.count) + digits
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text + "s"
    }
}
