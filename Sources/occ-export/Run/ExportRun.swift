internal import Delivery
internal import FoundationEssentials
internal import Glibc
internal import Logging
internal import OCCClient
internal import Templates
internal import Transactions

/// One run: fetch, record, select, render, publish.
///
/// `run()` tells the story from top to bottom.
struct ExportRun: Sendable {
    /// What the command line asks for.
    struct Options: Sendable {
        var isDryRun = false
        /// Fetch and record, publish nothing.
        var isFetchOnly = false
        var exports: [String] = []
        var from: CalendarDate?
        var to: CalendarDate?
        /// Whether days that the API no longer answers for are let go.
        var acceptsGap = false
    }

    let configuration: Configuration
    let plans: [ExportPlan]
    let options: Options
    let clock: ClientClock
    let key: PreSharedKey
    let console: Console
    let logger: Logger

    @concurrent
    func run() async throws -> (report: RunReport, status: ExitStatus) {
        let store = try Store(configuration)
        var report = RunReport()
        report.dryRun = options.isDryRun
        report.recovered = try store.recover(Rehearsal.checkpoint).map(\.name)
        let started = try instant(store.ledger)
        let run = try store.ledger.beginRun(at: started, store.archive)
        let status: ExitStatus
        do {
            try await work(store, started, run, &report)
            status = self.status(of: report)
            report.status = status.name
            try store.keep(report, of: run)
        } catch {
            report.error = "\(error)"
            report.status = ExitStatus(error).name
            try keepFailure(report, store, run, error)
            throw error
        }
        try store.ledger.endRun(run, at: max(clock.now(), started), status: status.name)
        return (report, status)
    }

    private func work(
        _ store: Store,
        _ started: UTCTimestamp,
        _ run: Int64,
        _ report: inout RunReport
    ) async throws {
        try noteCollected(store, started, &report)
        report.fetched = try await fetch(into: store, started, run: run)
        report.window = report.fetched.compactMap(\.window).min() ?? ""
        if !options.isFetchOnly {
            for plan in plans {
                try requireNotInterrupted()
                report.exports += try publish(plan, store, source(of: plan, report), started, run)
            }
        }
    }

    /// Records that a run failed; its answers that no commit names go with the next run.
    private func keepFailure(
        _ report: RunReport,
        _ store: Store,
        _ run: Int64,
        _ cause: any Error
    ) throws {
        do {
            try store.ledger.failRun(run, status: report.status)
            try store.keep(report, of: run)
        } catch {
            // What broke the run matters more, and is most likely what broke this too.
            logger.error(
                "the failure of run \(run) could not be recorded: \(error); 'occ-export status' shows it as a run that did not end"
            )
            throw cause
        }
    }

    /// The first error of fetching and of publishing, which decide the status when nothing went well.
    let firstFailure = FailureBox()
    let exportFailure = FailureBox()

    func requireNotInterrupted() throws {
        guard !Interruption.isRequested else { throw CancellationError() }
    }

    /// The current instant, and never one before the last run: windows only go forward.
    private func instant(_ ledger: Ledger) throws -> UTCTimestamp {
        let now = clock.now()
        guard let last = try ledger.lastRun()?.started, now < last else { return now }
        if now.seconds < last.seconds - 3_600 {
            logger.warning(
                "the clock stands before the last run, \(last); set it right, the run counts from then"
            )
        }
        return last
    }

    private func noteCollected(_ store: Store, _ started: UTCTimestamp, _ report: inout RunReport)
        throws
    {
        let collection = try Collection(store.outbox, store.ledger)
        try store.ledger.markCollected(collection.taken.map(\.batch.number), at: started)
        report.collected = collection.taken.map { "\($0.batch.name): \($0.sign.rawValue)" }
    }

    /// What of an export's feed was read tonight.
    struct Source {
        /// The days that were read; nil when nothing was.
        let window: Window?
        /// Whether every contract answered.
        let isWhole: Bool
    }

    private func source(of plan: ExportPlan, _ report: RunReport) -> Source {
        let asked = report.fetched.filter { $0.feed == plan.plan.feed.rawValue }
        let days = asked.filter { $0.error == nil }.compactMap(\.days)
        var window: Window?
        if let first = days.map(\.from).min(), let last = days.map(\.to).max() {
            window = Window(from: first, to: last)
        }
        return Source(window: window, isWhole: asked.allSatisfy { $0.error == nil })
    }

    private func status(of report: RunReport) -> ExitStatus {
        let failures = report.fetched.filter { $0.error != nil }
        if !failures.isEmpty, failures.count == report.fetched.count, let first = firstFailure.value
        {
            return ExitStatus(first)
        }
        if !report.exports.isEmpty, report.exports.allSatisfy({ $0.error != nil }),
            let first = exportFailure.value
        {
            return ExitStatus(first)
        }
        let isPartial =
            report.fetched.contains { $0.isPartial } || report.exports.contains { $0.isPartial }
        return isPartial ? .partial : .done
    }
}
