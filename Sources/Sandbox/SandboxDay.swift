internal import Foundation

/// A day of the sandbox's calendar, in UTC.
public struct SandboxDay: Sendable, Comparable, CustomStringConvertible {
    /// Seconds since 1970 at its start.
    let seconds: Int

    init(seconds: Int) { self.seconds = seconds - ((seconds % 86_400) + 86_400) % 86_400 }

    /// Reads `yyyy-MM-dd`; nil when it is no such day.
    public init?(_ text: String) {
        guard text.utf8.count == 10, let date = Self.formatter.date(from: text),
            Self.formatter.string(from: date) == text
        else { return nil }
        self.init(seconds: Int(date.timeIntervalSince1970))
    }

    /// Today by the system's clock.
    public static var systemToday: SandboxDay {
        SandboxDay(seconds: Int(Date().timeIntervalSince1970))
    }

    private static var formatter: DateFormatter {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyy-MM-dd"
        formatter.isLenient = false
        return formatter
    }

    private static var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }

    private var parts: DateComponents {
        Self.calendar.dateComponents(
            [.year, .month, .day],
            from: Date(timeIntervalSince1970: TimeInterval(seconds))
        )
    }

    func adding(_ days: Int) -> SandboxDay { SandboxDay(seconds: seconds + days * 86_400) }

    /// Five calendar months earlier, by the calendar's own rule for short months.
    var fiveMonthsEarlier: SandboxDay {
        let date = Self.calendar.date(
            byAdding: .month,
            value: -5,
            to: Date(timeIntervalSince1970: TimeInterval(seconds))
        )
        return SandboxDay(seconds: Int((date ?? .distantPast).timeIntervalSince1970))
    }

    /// The half-month's invoice: its number and the day it is issued, three days after the end.
    var halfMonth: (number: String, issued: SandboxDay) {
        let (year, month, day) = (parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if day <= 15 {
            return ("\(year)\(two(month))15", adding(15 - day + 3))
        }
        let length =
            Self.calendar.range(
                of: .day,
                in: .month,
                for: Date(timeIntervalSince1970: TimeInterval(seconds))
            )?.count ?? 30
        return ("\(year)\(two(month))\(two(length))", adding(length - day + 3))
    }

    /// ISO 8601.
    public var description: String {
        Self.formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }

    /// Orders by time.
    public static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }
}
