internal import Delivery
internal import FoundationEssentials
internal import Logging
internal import OCCClient
internal import Synchronization
internal import Templates
internal import Transactions

extension ExportRun {
    /// Days that are read again each night to catch late and changed rows (API document, trap 44).
    static let overlap = 35
    /// Days after which all that is covered and still answered for is read again.
    static let rescan: Int64 = 7
    /// Days before a gap from which on it is warned of.
    static let warning = 30

    /// One place to ask, and for which days.
    private struct Place {
        let feed: Feed
        let contract: String?
        let days: Window
        let isAll: Bool
    }

    /// Asks for each feed and contract, and records each in a commit of its own (step 4).
    func fetch(into store: Store, _ started: UTCTimestamp, run: Int64) async throws
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
            var places: [Place] = []
            for feed in feeds {
                for contract in try await contracts(of: feed, client, &fetched) {
                    places.append(try place(feed, contract, store.ledger, started))
                }
            }
            try settleGaps(places, store.ledger, started)
            for place in places {
                try requireNotInterrupted()
                fetched.append(try await fetch(place, client, store, started, run))
            }
        } catch {
            try await client.shutdown()
            throw error
        }
        console.clearProgress()
        try await client.shutdown()
        return fetched
    }

    /// The feeds that the exports need, each once.
    private var feeds: [Feed] {
        Feed.allCases.filter { feed in plans.contains { $0.plan.feed == feed } }
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
            fetched.append(
                .init(
                    feed: feed.rawValue,
                    contract: contract,
                    error:
                        "is not among the contracts that this access id may see; ask Alexela, or take it out of source.contracts"
                )
            )
        }
        for contract in listed where !configured.contains(contract) {
            logger.notice(
                "contract \(contract) is listed by the API and not configured; add it to source.contracts, or nothing of it is exported"
            )
        }
        return configured.filter { listed.contains($0) }
    }

    // MARK: Days

    /// The days to ask for: what the command line says, else the overlap up to tomorrow in UTC.
    private func place(
        _ feed: Feed,
        _ contract: String?,
        _ ledger: Ledger,
        _ started: UTCTimestamp
    ) throws -> Place {
        let today = started.date
        let earliest = Window.earliestDay(today: today)
        let usual = today.adding(days: -Self.overlap) ?? earliest
        // A day earlier than the exports' first, for the zone; an invoice has purchases of weeks before.
        let wanted =
            plans.filter { $0.plan.feed == feed }.compactMap {
                $0.export.start.adding(days: $0.startsByInvoiceDate ? -62 : -1)
            }.min() ?? usual
        var from: CalendarDate
        var isAll = false
        if let coverage = try ledger.coverage(of: feed, contract: contract) {
            from = min(usual, coverage.days.to)
            let last = coverage.scannedAll?.seconds ?? 0
            if started.seconds - last > Self.rescan * 86_400 - 3_600 {
                from = min(from, coverage.days.from)
                isAll = true
            }
            // An export that begins earlier than what is known.
            if max(wanted, earliest) < coverage.days.from { from = min(from, wanted) }
        } else {
            from = min(usual, wanted)
            isAll = true
            if wanted < earliest {
                logger.warning(
                    "\(feed.rawValue)\(contract.map { " of contract \($0)" } ?? ""): an export begins on \(wanted), the API answers from \(earliest) on; what was bought before cannot be fetched, ask Alexela for it"
                )
            }
        }
        from = options.from ?? max(earliest, from)
        let to = options.to ?? today.adding(days: 1) ?? today
        guard let days = Window(from: from, to: to) else {
            throw DeliveryWindowError(from: from, to: to)
        }
        return Place(feed: feed, contract: contract, days: days, isAll: isAll)
    }

    /// Stops before anything is fetched when days are out of reach, unless an operator lets them go.
    private func settleGaps(_ places: [Place], _ ledger: Ledger, _ started: UTCTimestamp) throws {
        let known = try ledger.coverage()
        var gaps: [AcceptedGap] = []
        for place in places {
            guard
                let coverage = known.first(where: {
                    $0.feed == place.feed && $0.contract == place.contract
                })
            else { continue }
            if let gap = coverage.gap(today: started.date) {
                gaps.append(AcceptedGap(feed: place.feed, contract: place.contract, days: gap))
            } else if coverage.daysUntilGap(today: started.date) <= Self.warning {
                logger.warning(
                    "\(place.feed.rawValue)\(place.contract.map { " of contract \($0)" } ?? ""): sure up to \(coverage.days.to) only; in \(coverage.daysUntilGap(today: started.date)) days the API no longer answers for what comes after; if this run does not close it, 'occ-export status' says what is in the way"
                )
            }
        }
        guard !gaps.isEmpty else { return }
        guard options.acceptsGap else { throw GapError(gaps: gaps) }
        for gap in gaps { try ledger.acceptGap(gap, at: started) }
    }

    // MARK: Answers

    private func fetch(
        _ place: Place,
        _ client: OCCClient,
        _ store: Store,
        _ started: UTCTimestamp,
        _ run: Int64
    ) async throws -> RunReport.Fetched {
        var entry = RunReport.Fetched(feed: place.feed.rawValue, contract: place.contract)
        entry.days = place.days
        entry.window = "\(place.days)"
        let windows = place.days.slices()
        let intake = AnswerIntake(store.archive, run: run)
        let slices: [OCCClient.Slice]
        do {
            slices = try await client.transactions(
                place.feed,
                contract: place.contract,
                windows,
                archive: intake.sink,
                progress: { done in
                    console.progress(
                        "\(place.feed.rawValue) \(place.contract ?? "")",
                        done: done,
                        of: windows.count
                    )
                }
            )
        } catch {
            // Nothing of it is recorded, so nothing of it is kept.
            try intake.discard()
            guard let error = error as? OCCClientError, error.code != .clock, error.status != 401
            else { throw error }
            // One failing contract or feed does not stop the others.
            firstFailure.set(error)
            entry.error = "\(error)"
            return entry
        }
        try store.archive.sync(run: run)
        // Days to come may have been refused: what was asked in the end is what counts (trap 40).
        let last = slices.map(\.window.to).max() ?? place.days.to
        var answered = Answered(
            feed: place.feed,
            contract: place.contract,
            asked: Window(from: place.days.from, to: last) ?? place.days,
            isAll: place.isAll
        )
        answered.parts = intake.answers.map { answer in
            Answered.Part(
                answer: answer,
                rows: slices.first { $0.window == answer.window }?.rows ?? 0
            )
        }
        let released = Set(
            try store.ledger.unread().filter {
                $0.isReleased && $0.feed == place.feed && $0.contract == place.contract
            }.map { [$0.transactionId ?? "", $0.reason] }
        )
        for slice in slices { take(slice, released, &answered, &entry) }
        let outcome = try store.ledger.record(answered, run: run, at: started)
        entry.transactions = outcome.new + outcome.changed + outcome.unchanged
        tell(outcome, place, &entry)
        return entry
    }

    /// `released`: ids and reasons of rows that an operator let go; they are counted, and bar nothing.
    private func take(
        _ slice: OCCClient.Slice,
        _ released: Set<[String]>,
        _ answered: inout Answered,
        _ entry: inout RunReport.Fetched
    ) {
        answered.transactions += slice.transactions
        entry.rejected += slice.rejected.count
        entry.warnings += slice.warnings.filter { !entry.warnings.contains($0) }
        for row in slice.rejected {
            answered.unread.append(
                Answered.Unread(
                    transactionId: row.transactionId,
                    reason: row.reason,
                    window: slice.window
                )
            )
        }
        let open = slice.rejected.filter {
            !released.contains([$0.transactionId ?? "", $0.reason])
        }
        entry.released += slice.rejected.count - open.count
        for row in open.prefix(20) {
            entry.warnings.append(
                "row \(row.position) of \(slice.window)\(row.transactionId.map { " (transaction \($0))" } ?? ""): \(row.reason)"
            )
        }
    }

    private func tell(_ outcome: RecordOutcome, _ place: Place, _ entry: inout RunReport.Fetched) {
        entry.new = outcome.new
        entry.changed = outcome.changed
        entry.vanished = outcome.vanished.map(\.description)
        entry.returned = outcome.returned.map(\.description)
        entry.conflicts = outcome.conflicts.map(\.description)
        if outcome.shared > 0 {
            entry.warnings.append(
                "\(outcome.shared) transactions stand under another contract too, with the same content; they count once"
            )
        }
        for window in outcome.shrunk {
            entry.warnings.append(
                "the answer for \(window) has less than half the rows known of its days; if tomorrow's has not more, ask Alexela"
            )
        }
    }
}

/// Takes the raw answers of one feed and contract into the archive.
final class AnswerIntake: Sendable {
    private let archive: Archive
    private let run: Int64
    private let state = Mutex((begun: 0, answers: [ArchivedAnswer]()))

    init(_ archive: Archive, run: Int64) {
        self.archive = archive
        self.run = run
    }

    /// Makes the sink of one answer.
    var sink: OCCClient.Archive {
        { [self] label in
            let part = state.withLock { state in
                state.begun += 1
                return state.begun
            }
            let entry = try archive.begin(
                run: run,
                feed: label.feed,
                contract: label.contract,
                window: label.window,
                part: part
            )
            return AnswerSink(
                write: { try entry.write($0) },
                end: { [self] ending in
                    switch ending {
                    case .whole:
                        if let answer = try entry.finish() {
                            state.withLock { $0.answers.append(answer) }
                        }
                    case .discarded: try entry.discard()
                    }
                }
            )
        }
    }

    /// The whole answers, in the order of their days.
    var answers: [ArchivedAnswer] {
        state.withLock { $0.answers }.sorted {
            ($0.window.from, $0.window.to) < ($1.window.from, $1.window.to)
        }
    }

    /// Throws away what was taken.
    func discard() throws {
        for answer in answers { try archive.remove(answer.file) }
    }
}
