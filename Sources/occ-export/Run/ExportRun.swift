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
        var exports: [String] = []
        var from: CalendarDate?
        var to: CalendarDate?
    }

    let configuration: Configuration
    let plans: [ExportPlan]
    let options: Options
    let clock: ClientClock
    let key: PreSharedKey
    let console: Console
    let logger: Logger

    /// Days that are read again each night to catch late and changed rows (API document, trap 44).
    static let overlap = 35

    @concurrent
    func run() async throws -> (report: RunReport, status: ExitStatus) {
        let outbox = Outbox(path: configuration.outbox)
        let ledger = try Ledger(in: configuration.state)
        let locks = [
            try FileLock("\(configuration.state)/lock", code: .inputOutput),
            try FileLock(outbox.lockPath, code: .outbox),
        ]
        defer { withExtendedLifetime(locks) {} }
        try outbox.requireOwner(ledger)
        var report = RunReport()
        report.dryRun = options.isDryRun
        report.recovered = try outbox.recover(ledger).map(\.name)
        let started = clock.now()
        let run = try ledger.beginRun(at: started)
        let window = try window(at: started)
        report.window = "\(window)"
        report.fetched = try await fetch(window, into: ledger, run: run)
        var status = ExitStatus.done
        if report.fetched.contains(where: { $0.error != nil || $0.rejected > 0 }) {
            status = .partial
        }
        for plan in plans {
            try requireNotInterrupted()
            let exported = try publish(plan, from: ledger, to: outbox, window, started, run)
            if exported.error != nil || !exported.rejected.isEmpty || !exported.changed.isEmpty
                || exported.held.contains(where: { $0.key != "waiting" })
            {
                status = status == .done ? .partial : status
            }
            report.exports.append(exported)
        }
        let failures = report.fetched.filter { $0.error != nil }
        if !failures.isEmpty, failures.count == report.fetched.count, let first = firstFailure.value
        {
            status = ExitStatus(first)
        } else if report.exports.allSatisfy({ $0.error != nil }), let first = exportFailure.value {
            status = ExitStatus(first)
        }
        report.status = status.name
        try ledger.endRun(run, at: clock.now(), status: status.name)
        return (report, status)
    }

    /// The first error of fetching and of publishing, which decide the status when nothing went well.
    private let firstFailure = FailureBox()
    let exportFailure = FailureBox()

    private func requireNotInterrupted() throws {
        guard !Interruption.isRequested else { throw CancellationError() }
    }

    /// The days to ask for: what the command line says, else the overlap up to tomorrow in UTC.
    private func window(at instant: UTCTimestamp) throws -> Window {
        let today = instant.date
        let earliest = Window.earliestDay(today: today)
        let usual = today.adding(days: -Self.overlap) ?? earliest
        let starts = plans.map(\.export.start)
        // The first night goes back to the earliest start of an export, a day earlier for the zone.
        let wanted = starts.min()?.adding(days: -1) ?? usual
        let from = options.from ?? max(earliest, min(usual, wanted))
        let to = options.to ?? today.adding(days: 1) ?? today
        guard let window = Window(from: from, to: to) else {
            throw DeliveryWindowError(from: from, to: to)
        }
        return window
    }

    // MARK: Fetching

    private func fetch(_ window: Window, into ledger: Ledger, run: Int64) async throws
        -> [RunReport.Fetched]
    {
        let client = try OCCClient(
            configuration.source.client,
            key: key,
            clock: clock,
            logger: logger
        )
        var fetched: [RunReport.Fetched] = []
        do {
            var feeds: [Feed] = []
            for plan in plans where !feeds.contains(plan.plan.feed) { feeds.append(plan.plan.feed) }
            for feed in feeds {
                for contract in try await contracts(of: feed, client, &fetched) {
                    try requireNotInterrupted()
                    fetched.append(
                        try await fetch(feed, contract, window, client, ledger, run)
                    )
                }
            }
        } catch {
            try await client.shutdown()
            throw error
        }
        console.clearProgress()
        try await client.shutdown()
        return fetched
    }

    /// The contracts to ask for; one nil for a feed that is not asked by contract.
    private func contracts(
        of feed: Feed,
        _ client: OCCClient,
        _ fetched: inout [RunReport.Fetched]
    ) async throws -> [String?] {
        guard feed.isAskedByContract else { return [nil] }
        let listed = try await client.contractNumbers()
        guard let configured = configuration.source.contracts else { return listed }
        for contract in configured where !listed.contains(contract) {
            let error = "is not among the contracts that this access id may see"
            fetched.append(.init(feed: feed.rawValue, contract: contract, error: error))
        }
        for contract in listed where !configured.contains(contract) {
            logger.notice("contract \(contract) is listed by the API and not configured")
        }
        return configured.filter { listed.contains($0) }
    }

    private func fetch(
        _ feed: Feed,
        _ contract: String?,
        _ window: Window,
        _ client: OCCClient,
        _ ledger: Ledger,
        _ run: Int64
    ) async throws -> RunReport.Fetched {
        var entry = RunReport.Fetched(feed: feed.rawValue, contract: contract)
        var slices: [OCCClient.Slice] = []
        let windows = window.slices()
        do {
            slices = try await client.transactions(
                feed,
                contract: contract,
                windows,
                progress: { done in
                    console.progress(
                        "\(feed.rawValue) \(contract ?? "")",
                        done: done,
                        of: windows.count
                    )
                }
            )
        } catch let error as OCCClientError where error.code != .clock && error.status != 401 {
            // One failing contract or feed does not stop the others; nothing of it was recorded.
            firstFailure.set(error)
            entry.error = "\(error)"
            return entry
        }
        var transactions: [Transaction] = []
        for slice in slices {
            transactions += slice.transactions
            entry.rejected += slice.rejected.count
            entry.warnings += slice.warnings.filter { !entry.warnings.contains($0) }
            for row in slice.rejected.prefix(20) {
                entry.warnings.append(
                    "row \(row.position) of \(slice.window)\(row.transactionId.map { " (transaction \($0))" } ?? ""): \(row.reason)"
                )
            }
        }
        // Days are asked once, but a row may stand in two answers at a border.
        var seen: Set<Transaction> = []
        transactions = transactions.filter { seen.insert($0).inserted }
        let outcome = try ledger.record(
            transactions,
            feed: feed,
            contract: contract,
            window: window,
            covered: entry.rejected == 0,
            run: run
        )
        entry.transactions = transactions.count
        entry.new = outcome.new
        entry.changed = outcome.changed
        for key in outcome.conflicts {
            entry.warnings.append(
                "transaction \(key) stands under two contracts with different content"
            )
        }
        return entry
    }
}

/// A window that ends before it begins.
struct DeliveryWindowError: Error, CustomStringConvertible {
    let from: CalendarDate
    let to: CalendarDate

    var description: String { "there are no days from \(from) to \(to); check --from and --to" }
}
