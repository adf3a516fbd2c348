public import Transactions

/// When the rows of an invoice count as complete.
///
/// The API never says that an invoice has all its rows; rows of an invoice that no longer come are the
/// best sign. Days are counted by local date, so that a job that starts a second early does not wait a
/// night more.
public struct Settling: Hashable, Sendable {
    /// Days without a new row, 0 to 366; 0 takes an invoice as soon as it is seen.
    public let quietDays: Int
    /// The zone whose dates are counted.
    public let zone: TimeZoneRules

    /// A quiet time in days.
    public init(quietDays: Int, zone: TimeZoneRules) {
        self.quietDays = quietDays
        self.zone = zone
    }

    /// The local day from which an invoice whose last row arrived then is complete.
    ///
    /// Nil where the calendar has no such day.
    public func completeFrom(lastArrival: UTCTimestamp) -> CalendarDate? {
        zone.localTime(at: lastArrival).date.adding(days: quietDays)
    }

    /// Whether an invoice is complete at an instant.
    public func isComplete(lastArrival: UTCTimestamp, now: UTCTimestamp) -> Bool {
        guard let day = completeFrom(lastArrival: lastArrival) else { return false }
        return zone.localTime(at: now).date >= day
    }
}
