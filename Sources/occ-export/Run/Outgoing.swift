internal import Delivery
internal import Transactions

/// What one export sends tonight, on its way into batches.
struct Outgoing {
    let exportPlan: ExportPlan
    let verdicts: Verdicts
    let window: Window?
    let started: UTCTimestamp
    let day: CalendarDate
    let run: Int64
    /// Whether a batch without transactions is published: a heartbeat, and none while the source fails.
    var mayBeEmpty = false
    /// Events that no manifest tells yet.
    var events: [TransactionEvent] = []
    /// What rendering rejected.
    var rejected: [OpenCandidate] = []

    init(
        _ exportPlan: ExportPlan,
        _ verdicts: Verdicts,
        _ window: Window?,
        _ started: UTCTimestamp,
        _ day: CalendarDate,
        _ run: Int64
    ) {
        self.exportPlan = exportPlan
        self.verdicts = verdicts
        self.window = window
        self.started = started
        self.day = day
        self.run = run
    }
}
