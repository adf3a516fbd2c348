internal import Delivery
internal import FoundationEssentials
internal import Synchronization
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
                try write(regular, .regular, &outgoing, store, &first)
            }
            entries.append(first)
            if isOwn, !verdicts.corrections.isEmpty {
                var second = RunReport.Exported(export: export.name)
                try write(verdicts.corrections, .corrections, &outgoing, store, &second)
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

    /// Renders, reads back and publishes one batch.
    private func write(
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
                serials: finished.nextSerial.map { [Self.documents: $0] } ?? [:],
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
        let nextSerial: Int?
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
            hasHeaders: exportPlan.hasHeaders,
            makesInvoices: exportPlan.makesInvoices
        )
        for file in sink.finished { staged.add(file.name, hash: file.hash, size: file.size) }
        var totals = BatchTotals()
        for row in rows where !totals.add(row.transaction, isReversal: row.role == .reversal) {
            throw RunError(.unexpected, "a control total no longer fits 38 digits")
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
        entry.transactions = rows.count
        entry.files = rendering.files.map(\.name)
        entry.notices = rendering.notices
        entry.take(exportPlan.plan.lookupUses)
        return Finished(
            batch: try staged.finish(
                manifest,
                kind: kind,
                carried: carried,
                at: outgoing.started
            ),
            carried: carried,
            events: outgoing.events,
            nextSerial: rendering.nextSerial
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
                guard outgoing.exportPlan.hasDocuments,
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

/// Something that ends a command and belongs to no library.
struct RunError: Error, CustomStringConvertible {
    /// The status that it means.
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus = .unexpected, _ description: String) {
        self.status = status
        self.description = description
    }
}

/// Rendered files on their way into a staged batch.
struct StagedSink: FileSink {
    /// A file that is written and synced.
    struct Finished {
        let name: String
        let hash: String
        let size: Int
    }

    private let staged: StagedBatch
    private var writer: FileWriter?
    private(set) var finished: [Finished] = []

    init(staged: StagedBatch) { self.staged = staged }

    mutating func begin(_ name: String) throws {
        writer = FileWriter(name, try staged.newFile(name))
    }

    mutating func write(_ bytes: [UInt8]) throws { try writer?.write(bytes) }

    mutating func end() throws {
        if let writer { finished.append(try writer.finish()) }
        writer = nil
    }

    mutating func restart() throws {
        // A file that is open is closed first; nothing of it stays.
        try end()
        for file in finished {
            try FileManager.default.removeItem(atPath: staged.path(of: file.name))
        }
        finished = []
    }
}

/// Holds the one open file: a durable file cannot be copied, and a sink may be.
final class FileWriter: Sendable {
    private let name: String
    private let file: Mutex<DurableFile?>

    init(_ name: String, _ file: consuming sending DurableFile) {
        self.name = name
        self.file = Mutex(consume file)
    }

    func write(_ bytes: [UInt8]) throws { try file.withLock { try $0?.write(bytes) } }

    func finish(syncs: Bool = true) throws -> StagedSink.Finished {
        guard let file = file.withLock({ $0.take() }) else {
            throw RunError(.unexpected, "file '\(name)' was ended twice")
        }
        let size = file.size
        return StagedSink.Finished(name: name, hash: try file.finish(syncs: syncs), size: size)
    }
}

/// Remembers the first error of several.
final class FailureBox: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    var value: (any Error)? { first.withLock { $0 } }

    func set(_ error: any Error) { first.withLock { $0 = $0 ?? error } }
}
