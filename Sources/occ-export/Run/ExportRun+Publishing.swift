internal import Delivery
internal import FoundationEssentials
internal import Synchronization
internal import Templates
internal import Transactions

extension ExportRun {
    /// Selects, renders and publishes the batch of one export.
    ///
    /// What is wrong with one export is in its report and leaves the others alone; a failing disk or
    /// ledger ends the run.
    func publish(
        _ exportPlan: ExportPlan,
        from ledger: Ledger,
        to outbox: Outbox,
        _ window: Window,
        _ started: UTCTimestamp,
        _ run: Int64
    ) throws -> RunReport.Exported {
        let (export, plan) = (exportPlan.export, exportPlan.plan)
        var entry = RunReport.Exported(export: export.name)
        let day = configuration.timeZone.localTime(at: started).date
        let number = try ledger.lastNumber() + 1
        // Selection: what is due, and why the rest is not carried.
        var due = try ledger.due(
            export: export.name,
            feed: plan.feed,
            earliest: UTCTimestamp(startOf: export.start).seconds - 86_400
        )
        due.removeAll { item in
            guard let instant = item.transaction.timestamp(.transactionTime) else { return true }
            return configuration.timeZone.localTime(at: instant).date < export.start
        }
        let preliminary = BatchContext(id: "", number: number, created: started, day: day)
        var selector = plan.selector(batch: preliminary)
        var selected: [SelectedTransaction] = []
        var versions: [TransactionKey: Int] = [:]
        for item in due {
            let key = item.transaction.key
            // Charging sessions are exported once they are confirmed (trap 34).
            if let state = item.transaction.text(.transactionStatus), state != "confirmed" {
                entry.held["waiting", default: 0] += 1
                continue
            }
            switch selector.outcome(of: item.transaction) {
            case .selected(let transaction):
                selected.append(transaction)
                versions[key] = item.version
            case .notMatching: entry.notMatching += 1
            case .held(let reason): entry.held[reason.name, default: 0] += 1
            case .rejected(let reason): entry.rejected["\(key)"] = "\(reason)"
            }
        }
        for (changed, material) in try ledger.changed(since: export.name, feed: plan.feed)
        where exportPlan.material(changed.transaction) != material {
            entry.changed.append("\(changed.transaction.key)")
        }
        guard !selected.isEmpty || export.emptyBatch else { return entry }
        let batch = BatchContext(
            id: exportPlan.batchId(
                selected.map { ($0.transaction.key, versions[$0.transaction.key] ?? 1) }
            ) + (selected.isEmpty ? "-\(number)" : ""),
            number: number,
            created: started,
            day: day
        )
        do {
            try write(
                selected,
                versions,
                of: exportPlan,
                batch,
                outbox,
                ledger,
                window,
                run,
                &entry
            )
        } catch let error as RenderingError {
            exportFailure.set(error)
            entry.error = "\(error)"
        } catch let error as Diagnostic {
            exportFailure.set(error)
            entry.error = "\(error)"
        }
        return entry
    }

    private func write(
        _ selected: [SelectedTransaction],
        _ versions: [TransactionKey: Int],
        of exportPlan: ExportPlan,
        _ batch: BatchContext,
        _ outbox: Outbox,
        _ ledger: Ledger,
        _ window: Window,
        _ run: Int64,
        _ entry: inout RunReport.Exported
    ) throws {
        let export = exportPlan.export
        if options.isDryRun {
            let (rendering, _) = try exportPlan.plan.rendered(selected, batch: batch)
            entry.batch = "\(batch.day)_\(export.name)_…"
            entry.transactions = rendering.count
            entry.files = rendering.files.map { "\($0.name) (\($0.records) records)" }
            for one in rendering.rejected { entry.rejected["\(one.key)"] = "\(one.reason)" }
            return
        }
        var staged = try StagedBatch(
            in: outbox,
            number: batch.number,
            export: export.name,
            day: batch.day,
            folder: export.folder
        )
        var sink = StagedSink(staged: staged)
        let rendering: Rendering
        do {
            rendering = try exportPlan.plan.render(selected, batch: batch, to: &sink)
            for one in rendering.rejected { entry.rejected["\(one.key)"] = "\(one.reason)" }
            guard rendering.count > 0 || export.emptyBatch else {
                try staged.discard()
                return
            }
            try readBack(rendering, staged)
            for file in sink.finished { staged.add(file.name, hash: file.hash, size: file.size) }
        } catch {
            try staged.discard()
            throw error
        }
        let manifest = try self.manifest(
            rendering,
            rendering.carried(of: selected).map(\.transaction),
            sink.finished,
            of: exportPlan,
            batch,
            staged.name,
            ledger,
            window,
            entry
        )
        let carried = rendering.carried(of: selected).map(\.transaction).map { transaction in
            (
                key: transaction.key, version: versions[transaction.key] ?? 1,
                material: exportPlan.material(transaction)
            )
        }
        let hash: String
        do {
            hash = try staged.finish(manifest, carried: carried.map { ($0.key, $0.version) })
        } catch {
            try staged.discard()
            throw error
        }
        try Publication(outbox: outbox, ledger: ledger, checkpoint: Rehearsal.checkpoint).publish(
            BatchEntry(
                number: batch.number,
                id: batch.id,
                export: export.name,
                state: .prepared,
                name: staged.name,
                manifestHash: hash
            ),
            carried: carried,
            run: run
        )
        entry.batch = staged.name
        entry.number = batch.number
        entry.transactions = rendering.count
        entry.files = rendering.files.map(\.name)
    }

    /// Reads written XML back and validates it, before anything is published.
    private func readBack(_ rendering: Rendering, _ staged: StagedBatch) throws {
        for file in rendering.files where file.kind == "xml" {
            let path = staged.path(of: file.name)
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            try XMLValidation.check(Array(data), schema: file.schemas.first, file: file.name)
            for schema in file.schemas.dropFirst() {
                try XMLValidation.check(Array(data), schema: schema, file: file.name)
            }
        }
    }

    private func manifest(
        _ rendering: Rendering,
        _ carried: [Transaction],
        _ finished: [StagedSink.Finished],
        of exportPlan: ExportPlan,
        _ batch: BatchContext,
        _ name: String,
        _ ledger: Ledger,
        _ window: Window,
        _ entry: RunReport.Exported
    ) throws -> Manifest {
        var manifest = Manifest()
        manifest.name = name.split(separator: "/").last.map(String.init) ?? name
        manifest.created = "\(batch.created)"
        manifest.program = "occ-export \(Program.version)"
        manifest.ledger = ledger.id
        manifest.batch = batch.id
        manifest.number = batch.number
        manifest.previous = try ledger.batches().last?.manifestHash
        manifest.export = exportPlan.export.name
        manifest.template = exportPlan.plan.template.name
        manifest.templateHash = "sha256:\(exportPlan.templateHash)"
        manifest.feed = exportPlan.plan.feed.rawValue
        manifest.window = ["\(window.from)", "\(window.to)"]
        manifest.held = entry.held
        manifest.notMatching = entry.notMatching
        manifest.rejected = entry.rejected.sorted { $0.key < $1.key }.map {
            .init(transactionId: $0.key, reason: $0.value)
        }
        manifest.changed = entry.changed.map {
            .init(transactionId: $0, reason: "changed at the source after it was exported")
        }
        var totals = ControlTotals()
        for transaction in carried where !totals.add(transaction) {
            throw RunError("a control total no longer fits 38 digits")
        }
        manifest.set(totals)
        for (file, written) in zip(rendering.files, finished) {
            let ending = file.name.split(separator: ".").last.map(String.init) ?? ""
            manifest.resources.append(
                .init(
                    name: file.name.lowercased(),
                    path: file.name,
                    bytes: written.size,
                    hash: "sha256:\(written.hash)",
                    encoding: file.encoding,
                    format: file.kind == "delimited" ? "csv" : file.kind == "xml" ? "xml" : ending,
                    records: file.records,
                    controlTotals: file.controlTotals.map {
                        .init(name: $0.name, selected: $0.selected, written: $0.written)
                    },
                    substitutions: file.substitutions,
                    schemaFile: file.schemas.first.flatMap {
                        $0.split(separator: "/").last.map(String.init)
                    }
                )
            )
        }
        return manifest
    }
}

/// Something that ends a run and belongs to no library.
struct RunError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
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
        if let writer { finished.append(try writer.finish()) }
        writer = nil
        for file in finished {
            try FileManager.default.removeItem(atPath: staged.path(of: file.name))
        }
        finished = []
    }
}

/// Holds the one open file: a durable file cannot be copied, and a sink may be.
final class FileWriter {
    private let name: String
    private var file: DurableFile?

    init(_ name: String, _ file: consuming DurableFile) {
        self.name = name
        self.file = consume file
    }

    func write(_ bytes: [UInt8]) throws { try file?.write(bytes) }

    func finish() throws -> StagedSink.Finished {
        guard let file = file.take() else { throw RunError("file '\(name)' was ended twice") }
        let size = file.size
        return StagedSink.Finished(name: name, hash: try file.finish(), size: size)
    }
}

/// Remembers the first error of several.
final class FailureBox: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    var value: (any Error)? { first.withLock { $0 } }

    func set(_ error: any Error) { first.withLock { $0 = $0 ?? error } }
}
