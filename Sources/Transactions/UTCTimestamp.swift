/// An instant in UTC, to the nanosecond, in the years 1 to 9999.
public struct UTCTimestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    public let seconds: Int64
    /// Nanoseconds after `seconds`, 0 to 999,999,999.
    public let nanoseconds: Int32

    /// Makes an instant; nil outside the years 1 to 9999 or for nanoseconds out of range.
    public init?(seconds: Int64, nanoseconds: Int32 = 0) {
        guard (-62_135_596_800...253_402_300_799).contains(seconds),
            (0...999_999_999).contains(nanoseconds)
        else { return nil }
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The first moment of a day in UTC.
    public init(startOf day: CalendarDate) {
        seconds = Int64(day.daysSinceEpoch) * 86_400
        nanoseconds = 0
    }

    /// What a date-time text of the API holds.
    public enum Reading: Equatable, Sendable {
        /// An instant.
        case instant(UTCTimestamp)
        /// 0001-01-01: how .NET writes "none" (API document, 1.4 trap 37).
        case none
    }

    /// Reads a date-time as the API and its relatives write it; nil when it is no real date-time.
    ///
    /// `T` or a blank between date and time, 0 to 9 decimals of a second, `Z`, `z`, an offset or
    /// nothing (then UTC). Source: API document, 1.4 trap 37.
    public static func reading(_ bytes: some RandomAccessCollection<UInt8>) -> Reading? {
        guard let (date, instant) = parsed(bytes) else { return nil }
        return date == .first ? Reading.none : instant.map(Reading.instant)
    }

    /// Reads RFC 3339 and nothing else: `T`, seconds, and `Z` or an offset; nil when it is no instant of
    /// the years 1 to 9999.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == 0x74 else { return nil }
        let isZulu = bytes[bytes.count - 1] | 0x20 == 0x7A
        guard isZulu || (bytes.count >= 25 && bytes[bytes.count - 3] == 0x3A),
            let instant = Self.parsed(bytes)?.instant
        else { return nil }
        self = instant
    }

    /// The day as written and the instant, which may lie beyond the calendar.
    private static func parsed(_ bytes: some RandomAccessCollection<UInt8>)
        -> (date: CalendarDate, instant: UTCTimestamp?)?
    {
        var position = bytes.startIndex
        func digits(_ count: Int) -> Int? {
            var value = 0
            for _ in 0..<count {
                guard position < bytes.endIndex, (0x30...0x39).contains(bytes[position]) else {
                    return nil
                }
                value = value * 10 + Int(bytes[position] - 0x30)
                position = bytes.index(after: position)
            }
            return value
        }
        func take(_ accepted: UInt8...) -> Bool {
            guard position < bytes.endIndex, accepted.contains(bytes[position]) else {
                return false
            }
            position = bytes.index(after: position)
            return true
        }
        guard let year = digits(4), take(0x2D), let month = digits(2), take(0x2D),
            let day = digits(2), let date = CalendarDate(year: year, month: month, day: day),
            take(0x54, 0x74, 0x20), let hour = digits(2), hour <= 23, take(0x3A),
            let minute = digits(2), minute <= 59, take(0x3A), let second = digits(2), second <= 59
        else { return nil }
        var nanoseconds = 0
        if take(0x2E) {
            var places = 0
            while places < 9, let digit = digits(1) {
                nanoseconds = nanoseconds * 10 + digit
                places += 1
            }
            guard places > 0 else { return nil }
            for _ in places..<9 { nanoseconds *= 10 }
        }
        var offset = 0
        if position < bytes.endIndex, !take(0x5A, 0x7A) {
            let isNegative = bytes[position] == 0x2D
            guard take(0x2B, 0x2D), let hours = digits(2), hours <= 18 else { return nil }
            _ = take(0x3A)
            guard let minutes = digits(2), minutes <= 59 else { return nil }
            offset = (hours * 3_600 + minutes * 60) * (isNegative ? -1 : 1)
        }
        guard position == bytes.endIndex else { return nil }
        let start = Int64(date.daysSinceEpoch) * 86_400
        let seconds = start + Int64(hour * 3_600 + minute * 60 + second - offset)
        return (date, UTCTimestamp(seconds: seconds, nanoseconds: Int32(nanoseconds)))
    }

    /// Reads a date-time; nil when it is none, or means "none".
    public init?(_ text: String) {
        guard case .instant(let instant)? = Self.reading(Array(text.utf8)) else { return nil }
        self = instant
    }

    /// The day in UTC.
    public var date: CalendarDate {
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        return CalendarDate(uncheckedDays: Int32(day))
    }

    /// The instant so many seconds later; nil outside the years 1 to 9999.
    public func adding(seconds more: Int64) -> UTCTimestamp? {
        let (sum, overflow) = seconds.addingReportingOverflow(more)
        return overflow ? nil : UTCTimestamp(seconds: sum, nanoseconds: nanoseconds)
    }

    /// Orders by time.
    public static func < (left: Self, right: Self) -> Bool {
        left.seconds == right.seconds
            ? left.nanoseconds < right.nanoseconds : left.seconds < right.seconds
    }
}

extension UTCTimestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with as few decimals as needed: `2026-11-01T05:06:07.5Z`.
    public var description: String {
        "\(LocalTime(self, offset: 0))Z"
    }
}
