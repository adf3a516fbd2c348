/// Settles what a run that was interrupted left: the first thing that a run does (step 3).
public struct Recovery {
    /// Batches that were published now.
    public private(set) var published: [BatchEntry] = []

    /// Rolls prepared batches forward, then removes what no commit names.
    ///
    /// `checkpoint`: told of each step, so that a test may fail there too.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` when a staging folder is gone.
    public init(
        _ outbox: Outbox,
        _ ledger: Ledger,
        _ archive: Archive,
        checkpoint: @escaping (Publication.Step) throws(DeliveryError) -> Void = { _ in }
    ) throws(DeliveryError) {
        let last = try ledger.lastNumber()
        let publication = Publication(outbox: outbox, ledger: ledger, checkpoint: checkpoint)
        for batch in try ledger.batches(onlyOpen: true) where batch.state == .prepared {
            try publication.show(batch)
            published.append(batch)
        }
        // Records before staging: a record without its staging folder would say that it went out.
        for number in try outbox.recordNumbers() where number > last {
            try DurableFolder.remove(outbox.recordPath(number), code: .outbox)
        }
        for name in try DurableFolder.names(in: outbox.stagingFolder, code: .outbox) {
            let path = "\(outbox.stagingFolder)/\(name)"
            guard let number = Int(name), let batch = try ledger.batch(number) else {
                try DurableFolder.remove(path, code: .outbox)
                continue
            }
            if batch.state == .void {
                try DurableFolder.remove(path, code: .outbox)
            } else if try DurableFolder.names(in: path, code: .outbox).isEmpty {
                try DurableFolder.removeEmpty(path, code: .outbox)
            } else {
                // Published by the ledger, and back in staging: a power cut took the rename away.
                try publication.show(batch)
                published.append(batch)
            }
        }
        if let stamp = try outbox.readStamp(), stamp.lastNumber < last {
            try outbox.stamp(ledger.id, lastNumber: last)
        }
        try archive.removeBatches(after: last)
        try ledger.settleRuns(archive)
    }
}
