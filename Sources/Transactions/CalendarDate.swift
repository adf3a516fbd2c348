/// A day of the proleptic Gregorian calendar, 0001-01-01 to 9999-12-31, without a time zone.
public struct CalendarDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let daysSinceEpoch: Int32

    /// The first day there is.
    public static let first = CalendarDate(uncheckedDays: -719_162)
    /// The last day there is.
    public static let last = CalendarDate(uncheckedDays: 2_932_896)

    init(uncheckedDays: Int32) { daysSinceEpoch = uncheckedDays }

    /// Makes a date from days since 1970-01-01; nil outside the years 1 to 9999.
    public init?(daysSinceEpoch: Int) {
        guard let days = Int32(exactly: daysSinceEpoch),
            days >= Self.first.daysSinceEpoch, days <= Self.last.daysSinceEpoch
        else { return nil }
        self.daysSinceEpoch = days
    }

    /// Makes a date; nil when the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, year: year)
        else { return nil }
        // Days from civil: howardhinnant.github.io/date_algorithms.html
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceEpoch = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Reads `yyyy-MM-dd` and nothing else; nil when it is no real day.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// Year, month (1 to 12) and day (1 to 31).
    public var components: (year: Int, month: Int, day: Int) {
        let days = Int(daysSinceEpoch) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Days in a month of a year.
    public static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day so many days later (or earlier); nil outside the years 1 to 9999.
    public func adding(days: Int) -> CalendarDate? {
        let (sum, overflow) = Int(daysSinceEpoch).addingReportingOverflow(days)
        return overflow ? nil : CalendarDate(daysSinceEpoch: sum)
    }

    /// The same day so many months later, or that month's last day where it has no such day.
    public func adding(months: Int) -> CalendarDate? {
        let (year, month, day) = components
        let (sum, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !overflow, sum >= 0 else { return nil }
        let (newYear, newMonth) = (sum / 12, sum % 12 + 1)
        return CalendarDate(
            year: newYear,
            month: newMonth,
            day: min(day, Self.daysIn(month: newMonth, year: newYear))
        )
    }

    /// The first day of the month.
    public var monthStart: CalendarDate {
        CalendarDate(uncheckedDays: daysSinceEpoch - Int32(components.day) + 1)
    }

    /// The last day of the month.
    public var monthEnd: CalendarDate {
        let (year, month, day) = components
        return CalendarDate(
            uncheckedDays: daysSinceEpoch + Int32(Self.daysIn(month: month, year: year) - day)
        )
    }

    /// Day of the week, 0 for Sunday to 6 for Saturday.
    public var dayOfWeek: Int { ((Int(daysSinceEpoch) + 4) % 7 + 7) % 7 }

    /// Day of the year, 1 to 366.
    public var dayOfYear: Int {
        var start = 0
        let (year, month, day) = components
        for earlier in 1..<month { start += Self.daysIn(month: earlier, year: year) }
        return start + day
    }

    /// Orders by day.
    public static func < (left: Self, right: Self) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }
}

extension CalendarDate: CustomStringConvertible {
    /// ISO 8601: `2026-11-01`.
    public var description: String {
        let (year, month, day) = components
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// A number of at least so many digits, zeros in front.
func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
