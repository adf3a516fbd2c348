/// A closed range of UTC dates asked for.
public struct Window: Hashable, Sendable {
    /// The first day.
    public let from: CalendarDate
    /// The last day, included.
    public let to: CalendarDate

    /// Makes a window; nil when it ends before it begins.
    public init?(from: CalendarDate, to: CalendarDate) {
        guard from <= to else { return nil }
        self.from = from
        self.to = to
    }

    /// Days in the window, at least 1.
    public var days: Int { Int(to.daysSinceEpoch - from.daysSinceEpoch) + 1 }

    /// The window in parts of at most `days` days, in order and without overlap.
    ///
    /// The API allows 60 days at one time; 31 is right whether both ends count or one (trap 42).
    public func slices(ofAtMost days: Int = 31) -> [Window] {
        var slices: [Window] = []
        var start = from
        while start <= to {
            let end = min(start.adding(days: max(days, 1) - 1) ?? to, to)
            slices.append(Window(uncheckedFrom: start, to: end))
            guard let next = end.adding(days: 1) else { break }
            start = next
        }
        return slices
    }

    /// The earliest day the API still answers for: 5 calendar months before today, and two days more
    /// for its unknown idea of "today" (trap 43).
    public static func earliestDay(today: CalendarDate) -> CalendarDate {
        today.adding(months: -5)?.adding(days: 2) ?? .first
    }

    init(uncheckedFrom from: CalendarDate, to: CalendarDate) {
        self.from = from
        self.to = to
    }
}

extension Window: CustomStringConvertible {
    /// `2026-10-01..2026-10-31`.
    public var description: String { "\(from)..\(to)" }
}
