/// A calendar day and a clock time, without a zone.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// The day.
    public let date: CalendarDate
    /// Seconds since midnight, 0 to 86,399.
    public let secondOfDay: Int32
    /// Nanoseconds after the second, 0 to 999,999,999.
    public let nanoseconds: Int32

    /// What a clock `offset` seconds east of UTC shows at an instant.
    public init(_ instant: UTCTimestamp, offset: Int) {
        let shifted = instant.seconds + Int64(offset)
        let day = (shifted >= 0 ? shifted : shifted - 86_399) / 86_400
        // The offset may carry an instant of the last or first day over the calendar's edge.
        let kept = min(
            max(day, Int64(CalendarDate.first.daysSinceEpoch)),
            Int64(CalendarDate.last.daysSinceEpoch)
        )
        date = CalendarDate(uncheckedDays: Int32(kept))
        secondOfDay = Int32(shifted - day * 86_400)
        nanoseconds = instant.nanoseconds
    }

    /// Hour, 0 to 23.
    public var hour: Int { Int(secondOfDay) / 3_600 }
    /// Minute, 0 to 59.
    public var minute: Int { Int(secondOfDay) / 60 % 60 }
    /// Second, 0 to 59.
    public var second: Int { Int(secondOfDay) % 60 }

    /// Orders by day, then by clock.
    public static func < (left: Self, right: Self) -> Bool {
        (left.date, left.secondOfDay, left.nanoseconds)
            < (right.date, right.secondOfDay, right.nanoseconds)
    }
}

extension LocalTime: CustomStringConvertible {
    /// ISO 8601 without a zone, with as few decimals as needed: `2026-11-01T07:06:07.5`.
    public var description: String {
        var text = "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        if nanoseconds != 0 {
            var decimals = Substring(padded(Int(nanoseconds), 9))
            while decimals.last == "0" { decimals.removeLast() }
            text += "." + decimals
        }
        return text
    }
}
