public import Transactions

/// Why a pattern is refused.
public struct PatternError: Error, Hashable {
    /// What is wrong.
    public let message: String
    /// What to write instead.
    public let cure: String?

    /// Describes a refusal.
    public init(message: String, cure: String? = nil) {
        self.message = message
        self.cure = cure
    }
}

/// How days and clock times are written: `yyyy yy MM dd HH mm ss SSS`, `'quoted'` letters, signs as
/// they stand.
public struct DatePattern: Hashable, Sendable {
    private enum Part: Hashable {
        case literal(String)
        case year, shortYear, month, day, hour, minute, second, millisecond
    }

    private let parts: [Part]
    /// Characters that every text by this pattern has.
    public let width: Int
    /// Whether it writes hours, minutes or seconds.
    public let hasTime: Bool

    private static let letters: [(String, Part, Int)] = [
        ("yyyy", .year, 4), ("yy", .shortYear, 2), ("MM", .month, 2), ("dd", .day, 2),
        ("HH", .hour, 2), ("mm", .minute, 2), ("SSS", .millisecond, 3), ("ss", .second, 2),
    ]

    /// Reads a pattern.
    ///
    /// - Parameters:
    ///   - pattern: such as `dd.MM.yyyy`.
    ///   - hasTime: whether what it writes has a clock time; nil when that is not known yet.
    /// - Throws: `PatternError` for letters it does not know, or of a time where there is none.
    public init(_ pattern: String, hasTime: Bool?) throws(PatternError) {
        var parts: [Part] = []
        var width = 0
        var writesTime = false
        var rest = Substring(pattern)
        func literal(_ text: String) {
            parts.append(.literal(text))
            width += text.unicodeScalars.count
        }
        scanning: while let first = rest.first {
            if first == "'" {
                let quoted = rest.dropFirst().prefix { $0 != "'" }
                guard rest.count > quoted.count + 1 else {
                    throw PatternError(message: "the pattern '\(pattern)' has no closing quote")
                }
                literal(quoted.isEmpty ? "'" : String(quoted))
                rest = rest.dropFirst(quoted.count + 2)
                continue
            }
            for (letters, part, size) in Self.letters where rest.hasPrefix(letters) {
                let isTime = [.hour, .minute, .second, .millisecond].contains(part)
                if isTime, hasTime == false {
                    throw PatternError(
                        message: part == .minute
                            ? "'mm' is minutes, and a date has none"
                            : "'\(letters)' is clock time, and a date has none",
                        cure: part == .minute ? "the month is 'MM'" : "take the time: local(...)"
                    )
                }
                writesTime = writesTime || isTime
                parts.append(part)
                width += size
                rest = rest.dropFirst(letters.count)
                continue scanning
            }
            guard !first.isLetter else {
                throw PatternError(
                    message: "the pattern has no letter '\(first)'",
                    cure: "known are yyyy yy MM dd HH mm ss SSS; other letters stand in '...'"
                )
            }
            literal(String(first))
            rest = rest.dropFirst()
        }
        guard !parts.isEmpty else { throw PatternError(message: "the pattern is empty") }
        self.parts = parts
        self.width = width
        self.hasTime = writesTime
    }

    /// A day in this form; clock times are midnight.
    public func text(_ date: CalendarDate) -> String {
        text(LocalTime(UTCTimestamp(startOf: date), offset: 0))
    }

    /// A day and clock time in this form.
    public func text(_ time: LocalTime) -> String {
        let (year, month, day) = time.date.components
        var text = ""
        for part in parts {
            switch part {
            case .literal(let letters): text += letters
            case .year: text += Self.digits(year, 4)
            case .shortYear: text += Self.digits(year % 100, 2)
            case .month: text += Self.digits(month, 2)
            case .day: text += Self.digits(day, 2)
            case .hour: text += Self.digits(time.hour, 2)
            case .minute: text += Self.digits(time.minute, 2)
            case .second: text += Self.digits(time.second, 2)
            case .millisecond: text += Self.digits(Int(time.nanoseconds) / 1_000_000, 3)
            }
        }
        return text
    }

    private static func digits(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
