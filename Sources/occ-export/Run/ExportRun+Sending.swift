internal import Delivery
internal import FoundationEssentials
internal import Templates
internal import Transactions

extension ExportRun {
    /// Renders, reads back and publishes one batch.
    func send(
        _ wanted: [Wanted],
        _ kind: BatchEntry.Kind,
        _ outgoing: inout Outgoing,
        _ store: Store,
        _ entry: inout RunReport.Exported
    ) throws {
        let exportPlan = outgoing.exportPlan
        let number = try store.ledger.lastNumber() + 1
        let batch = BatchContext(
            id: exportPlan.batchId(wanted, kind: kind) + (wanted.isEmpty ? "-\(number)" : ""),
            number: number,
            created: outgoing.started,
            day: outgoing.day,
            nextSerial: try store.ledger.serial(Self.documents, of: exportPlan.export.name)
        )
        if options.isDryRun {
            let (rendering, _) = try exportPlan.plan.rendered(wanted.map(\.selected), batch: batch)
            entry.batch = "\(batch.day)_\(exportPlan.export.name)_…"
            entry.transactions = rendering.count
            entry.files = rendering.files.map { "\($0.name) (\($0.records) records)" }
            entry.notices = rendering.notices
            for one in rendering.rejected { entry.rejected["\(one.key)"] = "\(one.reason)" }
            entry.take(exportPlan.plan.lookupUses)
            return
        }
        var staged = try StagedBatch(
            in: store.outbox,
            store.archive,
            number: number,
            export: exportPlan.export.name,
            day: batch.day,
            folder: exportPlan.export.folder,
            layout: exportPlan.export.layout
        )
        let entryBefore = entry
        do {
            guard
                let finished = try fill(
                    &staged,
                    wanted,
                    kind,
                    batch,
                    &outgoing,
                    store,
                    &entry
                )
            else { return try staged.discard() }
            try Publication(
                outbox: store.outbox,
                ledger: store.ledger,
                checkpoint: Rehearsal.checkpoint
            ).publish(
                staged,
                finished.batch,
                carried: finished.carried,
                events: finished.events,
                serials: finished.serials,
                run: outgoing.run
            )
        } catch {
            // From TX1 on the batch is the ledger's, and the next run takes it on.
            if try store.ledger.batch(number) == nil { try staged.discard() }
            entry = entryBefore
            throw error
        }
        outgoing.events = []
        entry.batch = staged.name
        entry.number = number
    }

    private struct Finished {
        let batch: BatchEntry
        let carried: [Carried]
        let events: [TransactionEvent]
        let serials: [String: Int]
    }

    /// The ledger's name for the running number of documents.
    private static let documents = "documents"

    /// Writes all that a batch consists of; nil when everything was rejected and nothing is left to say.
    private func fill(
        _ staged: inout StagedBatch,
        _ wanted: [Wanted],
        _ kind: BatchEntry.Kind,
        _ batch: BatchContext,
        _ outgoing: inout Outgoing,
        _ store: Store,
        _ entry: inout RunReport.Exported
    ) throws -> Finished? {
        let exportPlan = outgoing.exportPlan
        var sink = StagedSink(staged: staged)
        var behind: [TransactionKey: OpenCandidate] = [:]
        let (rendering, rows) = try render(wanted, batch, outgoing, to: &sink, &behind)
        for candidate in behind.values.sorted(by: { $0.key < $1.key }) {
            outgoing.rejected.append(candidate)
            entry.leave(candidate)
        }
        guard !rows.isEmpty || outgoing.mayBeEmpty else { return nil }
        let readBack = try BatchReadBack(
            rendering,
            staged,
            exportPlan.plan,
            batch: batch,
            makesInvoices: exportPlan.makesInvoices
        )
        for file in sink.finished { staged.add(file.name, hash: file.hash, size: file.size) }
        var totals = BatchTotals()
        for row in rows where !totals.add(row.transaction, isReversal: row.role == .reversal) {
            throw RunError(
                .unexpected,
                "a control total no longer fits 38 digits; nothing was published; report it, with the amounts"
            )
        }
        let manifest = try ManifestMaking(
            outgoing: outgoing,
            batch: batch,
            kind: kind,
            staged: staged,
            ledger: store.ledger
        ).manifest(
            rendering,
            sink.finished,
            rows,
            totals,
            readBack,
            try readBack.invoices.controlTotals(rendering.invoices),
            entry
        )
        try staged.write(
            Array(
                SummaryPage(
                    manifest,
                    totals,
                    zone: configuration.timeZone,
                    showsVehicles: exportPlan.plan.materialFields.contains(.plateNumber)
                ).text.utf8
            ),
            to: staged.summaryName,
            role: .summary
        )
        let carried = rows.map { row in
            Carried(
                row.transaction,
                version: row.version,
                role: row.role,
                material: exportPlan.material(row.transaction)
            )
        }
        let serials = rendering.nextSerial.map { [Self.documents: $0] } ?? [:]
        entry.transactions = rows.count
        entry.files = rendering.files.map(\.name)
        entry.notices = rendering.notices
        entry.take(exportPlan.plan.lookupUses)
        return Finished(
            batch: try staged.finish(
                manifest,
                kind: kind,
                carried: carried,
                serials: serials,
                at: outgoing.started
            ),
            carried: carried,
            events: outgoing.events,
            serials: serials
        )
    }

    /// Renders until what belongs together stays together: a reversal and its replacement go out both
    /// or not at all.
    private func render(
        _ wanted: [Wanted],
        _ batch: BatchContext,
        _ outgoing: Outgoing,
        to sink: inout StagedSink,
        _ behind: inout [TransactionKey: OpenCandidate]
    ) throws -> (Rendering, [Wanted]) {
        var rows = wanted
        while true {
            let rendering = try outgoing.exportPlan.plan.render(
                rows.map(\.selected),
                batch: batch,
                to: &sink
            )
            let gone = Set(rendering.rejected.map(\.position))
            for one in rendering.rejected {
                behind[one.key] = OpenCandidate(
                    key: one.key,
                    kind: one.reason.isHeld ? .held : .rejected,
                    reason: one.reason.name,
                    message: one.reason.message
                )
            }
            let carried = rows.indices.filter { !gone.contains($0) }.map { rows[$0] }
            let halves = carried.filter { behind[$0.transaction.key] != nil }
            guard !halves.isEmpty else { return (rendering, carried) }
            let invoices = Set(halves.compactMap { $0.transaction.text(.invoiceNo) })
            rows = carried.filter { row in
                if behind[row.transaction.key] != nil { return false }
                guard outgoing.exportPlan.plan.hasDocuments,
                    let invoice = row.transaction.text(.invoiceNo), invoices.contains(invoice)
                else { return true }
                behind[row.transaction.key] = OpenCandidate(
                    key: row.transaction.key,
                    kind: .held,
                    reason: "document",
                    message: "a transaction of its invoice is kept back"
                )
                return false
            }
            try sink.restart()
        }
    }
}
