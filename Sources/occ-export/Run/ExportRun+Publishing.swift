internal import Delivery
internal import Templates
internal import Transactions

extension ExportRun {
    /// Selects, renders and publishes the batches of one export (steps 5 to 10).
    ///
    /// What is wrong with one export is in its report and leaves the others alone; a failing disk or
    /// ledger ends the run.
    func publish(
        _ exportPlan: ExportPlan,
        _ store: Store,
        _ source: Source,
        _ started: UTCTimestamp,
        _ run: Int64
    ) throws -> [RunReport.Exported] {
        let export = exportPlan.export
        let day = configuration.timeZone.localTime(at: started).date
        let (candidates, last) = try store.ledger.candidates(
            of: export.name,
            feed: exportPlan.plan.feed,
            selection: exportPlan.selection
        )
        let verdicts = Verdicts(
            candidates,
            of: exportPlan,
            zone: configuration.timeZone,
            batch: BatchContext(
                id: "",
                number: try store.ledger.lastNumber() + 1,
                created: started,
                day: day
            ),
            sentInvoices: try sentInvoices(of: exportPlan, candidates, store.ledger)
        )
        var outgoing = Outgoing(exportPlan, verdicts, source.window, started, day, run)
        outgoing.mayBeEmpty = export.emptyBatch && source.isWhole
        var news = verdicts.events
        if !options.isDryRun {
            news = try store.ledger.tell(verdicts.events, of: export.name, at: started)
            outgoing.events = try store.ledger.eventsToTell(of: export.name)
        }
        var entries: [RunReport.Exported] = []
        var first = RunReport.Exported(export: export.name)
        first.sourceFailed = !source.isWhole
        first.take(verdicts, news)
        do {
            let isOwn = export.corrections == .own
            let regular =
                isOwn ? verdicts.originals : Self.ordered(verdicts.originals + verdicts.corrections)
            if !regular.isEmpty || outgoing.mayBeEmpty {
                try send(regular, .regular, &outgoing, store, &first)
            }
            entries.append(first)
            if isOwn, !verdicts.corrections.isEmpty {
                var second = RunReport.Exported(export: export.name)
                try send(verdicts.corrections, .corrections, &outgoing, store, &second)
                entries.append(second)
            }
        } catch {
            guard Self.concernsOneExport(error) else { throw error }
            exportFailure.set(error)
            first.error = "\(error)"
            return [first]
        }
        if !options.isDryRun {
            try store.ledger.consider(
                export.name,
                selection: exportPlan.selection,
                last: last,
                open: verdicts.open + outgoing.rejected,
                at: started
            )
        }
        return entries
    }

    /// Days around the new rows in which rows of the same invoices are looked for.
    private static let invoiceReach: Int64 = 100

    /// The invoices that the export has sent, where it makes invoices and has something new.
    private func sentInvoices(
        of exportPlan: ExportPlan,
        _ candidates: [Candidate],
        _ ledger: Ledger
    ) throws -> [String: Int] {
        guard exportPlan.makesInvoices else { return [:] }
        let times = candidates.filter { $0.standing == nil }.compactMap {
            $0.transaction.timestamp(.transactionTime)?.seconds
        }
        guard let first = times.min(), let last = times.max() else { return [:] }
        return try ledger.sentInvoices(
            of: exportPlan.export.name,
            feed: exportPlan.plan.feed,
            from: first - Self.invoiceReach * 86_400,
            to: last + Self.invoiceReach * 86_400
        )
    }

    /// A template's failure, or a file that does not reconcile, leaves the other exports alone.
    private static func concernsOneExport(_ error: any Error) -> Bool {
        switch error {
        case is RenderingError, is Diagnostic: true
        case let error as DeliveryError: error.code == .difference
        default: false
        }
    }

    /// By time and key, a reversal before what replaces it.
    private static func ordered(_ wanted: [Wanted]) -> [Wanted] {
        func time(_ row: Wanted) -> Int64 {
            row.transaction.timestamp(.transactionTime)?.seconds ?? 0
        }
        return wanted.sorted { left, right in
            let (first, second) = (time(left), time(right))
            if first != second { return first < second }
            if left.transaction.key != right.transaction.key {
                return left.transaction.key < right.transaction.key
            }
            return left.version < right.version
        }
    }
}
