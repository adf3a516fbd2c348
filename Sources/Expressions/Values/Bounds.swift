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

    /// A bound above it proves no field's width and counts as unknown, so that sums of bounds never overflow.
    static let most = 1_000_000

    /// States what is known.
    public init(wholeDigits: Int? = nil, length: Int? = nil) {
        self.wholeDigits = Self.useful(wholeDigits)
        self.length = Self.useful(length)
    }

    private static func useful(_ bound: Int?) -> Int? {
        guard let bound, bound <= most else { return nil }
        return bound
    }

    /// Nothing is known.
    public static let unknown = Bounds()

    /// What is known of a constant.
    init(of value: Value) {
        switch value {
        case .int(let value): self.init(wholeDigits: String(value.magnitude).count)
        case .decimal(let value):
            let digits = String(value.rounded(to: 0, .towardZero).significand.magnitude)
            self.init(wholeDigits: digits == "0" ? 0 : digits.count)
        case .string(let text): self.init(length: text.unicodeScalars.count)
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
    func joined(with other: Bounds) -> Bounds {
        Bounds(
            wholeDigits: Self.combined(wholeDigits, other.wholeDigits, max),
            length: Self.combined(length, other.length, max)
        )
    }

    static func combined(_ one: Int?, _ two: Int?, _ combine: (Int, Int) -> Int) -> Int? {
        guard let one, let two else { return nil }
        return combine(one, two)
    }
}
