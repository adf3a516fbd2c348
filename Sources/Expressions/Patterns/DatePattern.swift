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
    /// A part of a pattern.
    public enum Step: Hashable, Sendable {
        /// Signs as they stand.
        case literal(String)
        /// Digits: four of the year, its last two, two of the others, three of the millisecond.
        case year, shortYear, month, day, hour, minute, second, millisecond
    }

    /// The parts, in order.
    public let steps: [Step]
    /// Characters that every text by this pattern has.
    public let width: Int
    /// Whether it writes hours, minutes or seconds.
    public let hasTime: Bool

    private static let letters: [(String, Step, Int)] = [
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
        var parts: [Step] = []
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
        steps = parts
        self.width = width
        self.hasTime = writesTime
    }

    /// A day in this form; clock times are midnight.
    public func text(_ date: CalendarDate) -> String {
        text(LocalTime(UTCTimestamp(startOf: date), offset: 0))
    }

    /// A day and clock time in this form.
    public func text(_ time: LocalTime) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(width * 2)
        append(time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a day in this form as UTF-8; clock times are midnight.
    public func append(_ date: CalendarDate, to output: inout [UInt8]) {
        append(LocalTime(UTCTimestamp(startOf: date), offset: 0), to: &output)
    }

    /// Appends a day and clock time in this form as UTF-8.
    public func append(_ time: LocalTime, to output: inout [UInt8]) {
        let (year, month, day) = time.date.components
        for part in steps {
            switch part {
            case .literal(let letters): output.append(contentsOf: letters.utf8)
            case .year: Self.append(year, 4, to: &output)
            case .shortYear: Self.append(year % 100, 2, to: &output)
            case .month: Self.append(month, 2, to: &output)
            case .day: Self.append(day, 2, to: &output)
            case .hour: Self.append(time.hour, 2, to: &output)
            case .minute: Self.append(time.minute, 2, to: &output)
            case .second: Self.append(time.second, 2, to: &output)
            case .millisecond: Self.append(Int(time.nanoseconds) / 1_000_000, 3, to: &output)
            }
        }
    }

    /// A number of 0 or more with its digits counted from the right, zeros before it.
    private static func append(_ value: Int, _ width: Int, to output: inout [UInt8]) {
        let start = output.count
        var rest = value
        for _ in 0..<width { output.append(0x30) }
        for place in (start..<start + width).reversed() {
            output[place] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
    }
}
