internal import Glibc

/// The steps from a staged batch to a published one, in their order (reliability: steps 6 to 10).
public struct Publication {
    /// What has just been done; a crash may come behind each.
    public enum Step: String, CaseIterable, Sendable {
        /// All files, the manifest and the record are written and synced.
        case staged
        /// The ledger has the batch as prepared: from here it only goes forward.
        case prepared
        /// One entry of the batch is in the outbox; flat layouts have several.
        case renamed
        /// All are, and both folders are synced.
        case shown
        /// The ledger has the batch as published.
        case published
        /// The stamp tells the new number.
        case stamped
        /// The empty staging folder is gone.
        case cleaned
    }

    private let outbox: Outbox
    private let ledger: Ledger
    private let checkpoint: (Step) throws(DeliveryError) -> Void

    /// Makes a publication; `checkpoint` is told of each step, and a test may fail there.
    public init(
        outbox: Outbox,
        ledger: Ledger,
        checkpoint: @escaping (Step) throws(DeliveryError) -> Void = { _ in }
    ) {
        self.outbox = outbox
        self.ledger = ledger
        self.checkpoint = checkpoint
    }

    /// Publishes a staged batch; when TX1 fails, nothing of it stays and its number is not used up.
    public func publish(
        _ staged: StagedBatch,
        _ batch: BatchEntry,
        carried: [Carried],
        events: [TransactionEvent] = [],
        serials: [String: Int] = [:],
        run: Int64?
    ) throws(DeliveryError) {
        try checkpoint(.staged)
        do {
            try ledger.prepare(batch, carried: carried, events: events, serials: serials, run: run)
        } catch {
            // A commit whose answer was lost may have happened: only the ledger knows.
            if try ledger.batch(batch.number) == nil { try staged.discard() }
            throw error
        }
        try checkpoint(.prepared)
        try show(batch)
    }

    /// Takes a prepared batch the rest of the way; doing it again changes nothing.
    func show(_ batch: BatchEntry) throws(DeliveryError) {
        let mark = outbox.mark(batch.number)
        guard try DurableFolder.exists(mark, code: .outbox) else {
            // Staging is our own mark: without it nobody knows whether the batch ever went out.
            throw DeliveryError(
                .operatorMustDecide,
                mark,
                "batch \(batch.number) was prepared, and its staging folder is gone; look whether '\(batch.name)' reached its consumer, then say so with 'occ-export resolve --batch \(batch.number)'"
            )
        }
        let folder = batch.shownIn.isEmpty ? outbox.path : "\(outbox.path)/\(batch.shownIn)"
        try DurableFolder.create(
            folder,
            below: outbox.path,
            isShared: try outbox.isShared(),
            code: .outbox
        )
        for entry in batch.entries {
            let staged = "\(mark)/\(entry)"
            // What is not in staging was renamed before, wherever its consumer has it now.
            guard try DurableFolder.exists(staged, code: .outbox) else { continue }
            try requireWhole(batch, entry, in: mark)
            try rename(batch, entry, staged, to: "\(folder)/\(entry)", folder)
            try checkpoint(.renamed)
        }
        // Also when a run before did the renames: it may have been killed before it could sync them.
        try DurableFolder.sync(folder, code: .outbox)
        try DurableFolder.sync(mark, code: .outbox)
        try checkpoint(.shown)
        try ledger.publish(batch.number)
        try checkpoint(.published)
        try outbox.stamp(ledger.id, lastNumber: try ledger.lastNumber())
        try checkpoint(.stamped)
        try DurableFolder.removeEmpty(mark, code: .outbox)
        try checkpoint(.cleaned)
    }

    private func rename(
        _ batch: BatchEntry,
        _ entry: String,
        _ staged: String,
        to target: String,
        _ folder: String
    ) throws(DeliveryError) {
        let result = try DurableFolder.move(staged, to: target)
        switch result {
        case 0: break
        case EEXIST:
            // A share may have renamed and lost the answer, and kept both for a while.
            guard try isWhole(batch, entry, in: folder) else {
                throw DeliveryError(
                    .operatorMustDecide,
                    target,
                    "something else is there under the name of batch \(batch.number); move it away, the next run goes on"
                )
            }
            try DurableFolder.remove(staged, code: .outbox)
        case ENOENT:
            // The same, when the answer to a rename that was done is lost and it is sent again.
            guard try DurableFolder.exists(target, code: .outbox),
                try isWhole(batch, entry, in: folder)
            else { throw .system(.outbox, target, "cannot be published", result) }
        default: throw .system(.outbox, target, "cannot be published", result)
        }
        // Each name is durable before the next is shown: the manifest never comes first.
        try DurableFolder.sync(folder, code: .outbox)
        try DurableFolder.sync(DurableFolder.parent(of: staged), code: .outbox)
    }

    private func requireWhole(_ batch: BatchEntry, _ entry: String, in folder: String)
        throws(DeliveryError)
    {
        guard try isWhole(batch, entry, in: folder) else {
            throw DeliveryError(
                .operatorMustDecide,
                "\(folder)/\(entry)",
                "what lies in staging is not what the ledger knows as batch \(batch.number); nothing was published: put the files back, or remove '\(outbox.mark(batch.number))' and run 'occ-export resolve --batch \(batch.number) --never-went-out'"
            )
        }
    }

    /// Whether an entry has just the files of the batch, each with its hash.
    private func isWhole(_ batch: BatchEntry, _ entry: String, in folder: String)
        throws(DeliveryError) -> Bool
    {
        let own = batch.layout == .directory ? batch.files : batch.files.filter { $0.name == entry }
        for file in own {
            let path =
                batch.layout == .directory
                ? "\(folder)/\(entry)/\(file.name)" : "\(folder)/\(entry)"
            guard
                try FileHash.matches(path, hash: file.hash, bytes: file.bytes, code: .outbox)
            else { return false }
        }
        return true
    }
}
