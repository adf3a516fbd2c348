internal import Foundation

/// A day of the sandbox's calendar, in UTC.
public struct SandboxDay: Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    let number: Int

    init(number: Int) { self.number = number }

    init(seconds: Int) { number = Int((Double(seconds) / 86_400).rounded(.down)) }

    /// Year, month and day as a day; days beyond the month's end run on into the next.
    init(year: Int, month: Int, day: Int) {
        // Days from civil: howardhinnant.github.io/date_algorithms.html
        let shifted = month > 2 ? year : year - 1
        let era = Int((Double(shifted) / 400).rounded(.down))
        let yearOfEra = shifted - era * 400
        let monthOfYear = (month + 9) % 12
        let dayOfYear = (153 * monthOfYear + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `yyyy-MM-dd`; nil when it is no such day.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            year > 0, (1...12).contains(month), day > 0
        else { return nil }
        self.init(year: year, month: month, day: day)
        // A day that the calendar lacks has become another one.
        guard description == text else { return nil }
    }

    /// Today by the system's clock.
    public static var systemToday: SandboxDay {
        SandboxDay(seconds: Int(Date().timeIntervalSince1970))
    }

    var parts: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = Int((Double(shifted) / 146_097).rounded(.down))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthOfYear = (5 * dayOfYear + 2) / 153
        let month = monthOfYear < 10 ? monthOfYear + 3 : monthOfYear - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthOfYear + 2) / 5 + 1
        )
    }

    func adding(_ days: Int) -> SandboxDay { SandboxDay(number: number + days) }

    private var daysOfMonth: Int {
        let (year, month, _) = parts
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        return SandboxDay(year: next.0, month: next.1, day: 1).number
            - SandboxDay(year: year, month: month, day: 1).number
    }

    /// The same day five calendar months earlier, or that month's last one.
    var fiveMonthsEarlier: SandboxDay {
        let (year, month, day) = parts
        let months = year * 12 + month - 1 - 5
        let first = SandboxDay(year: months / 12, month: months % 12 + 1, day: 1)
        return first.adding(min(day, first.daysOfMonth) - 1)
    }

    /// The half-month's invoice: its number and the day it is issued, three days after the end.
    var halfMonth: (number: String, issued: SandboxDay) {
        let (_, _, day) = parts
        let end = adding((day <= 15 ? 15 : daysOfMonth) - day)
        return (end.description.replacing("-", with: ""), end.adding(3))
    }

    /// ISO 8601.
    public var description: String {
        let (year, month, day) = parts
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Orders by time.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
