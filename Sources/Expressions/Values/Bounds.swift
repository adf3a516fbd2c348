internal import Transactions

/// What is known of a value's size beside its type, so that a field's width can be proven.
public struct Bounds: Hashable, Sendable {
    /// The most digits a number has before its point; nil when unknown.
    public var wholeDigits: Int? {
        didSet { wholeDigits = Self.useful(wholeDigits) }
    }
    /// The most characters (code points) a text has; nil when unknown.
    public var length: Int? {
        didSet { length = Self.useful(length) }
    }

    /// Whether a number is known to be zero or more.
    public var isNonNegative = false
    /// Whether a text is known to have characters of ASCII only.
    public var isASCII = false

    /// A bound above it proves no field's width and counts as unknown, so that sums of bounds never overflow.
    static let most = 1_000_000

    /// States what is known.
    public init(
        wholeDigits: Int? = nil,
        length: Int? = nil,
        isNonNegative: Bool = false,
        isASCII: Bool = false
    ) {
        self.wholeDigits = Self.useful(wholeDigits)
        self.length = Self.useful(length)
        self.isNonNegative = isNonNegative
        self.isASCII = isASCII
    }

    /// A count of things in memory, of which there are fewer than a billion.
    public static let count = Bounds(wholeDigits: 9, isNonNegative: true)

    /// The same number without or with its sign turned.
    var withoutSign: Bounds {
        Bounds(wholeDigits: wholeDigits, length: length, isASCII: isASCII)
    }

    private static func useful(_ bound: Int?) -> Int? {
        guard let bound, bound <= most else { return nil }
        return bound
    }

    /// Nothing is known.
    public static let unknown = Bounds()

    /// What is known of a constant.
    public init(of value: Value) {
        switch value {
        case .int(let value):
            self.init(wholeDigits: String(value.magnitude).count, isNonNegative: value >= 0)
        case .decimal(let value):
            let digits = String(value.rounded(to: 0, .towardZero).significand.magnitude)
            self.init(
                wholeDigits: digits == "0" ? 0 : digits.count,
                isNonNegative: value >= .zero
            )
        case .string(let text):
            self.init(
                length: text.unicodeScalars.count,
                isASCII: text.utf8.allSatisfy { $0 < 0x80 }
            )
        case .list(let values):
            guard let first = values.first else {
                self.init()
                return
            }
            self = values.dropFirst().reduce(Bounds(of: first)) { $0.joined(with: Bounds(of: $1)) }
        default: self.init()
        }
    }

    /// What is known of a value that is one or the other.
    public func joined(with other: Bounds) -> Bounds {
        Bounds(
            wholeDigits: Self.combined(wholeDigits, other.wholeDigits, max),
            length: Self.combined(length, other.length, max),
            isNonNegative: isNonNegative && other.isNonNegative,
            isASCII: isASCII && other.isASCII
        )
    }

    static func combined(_ one: Int?, _ two: Int?, _ combine: (Int, Int) -> Int) -> Int? {
        guard let one, let two else { return nil }
        return combine(one, two)
    }
}
