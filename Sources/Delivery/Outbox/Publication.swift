public import Transactions

/// The steps from a staged batch to a published one, in their order.
public struct Publication {
    /// What has just been done; a crash may come behind each.
    public enum Step: String, CaseIterable, Sendable {
        /// All files, the manifest and the record are written and synced.
        case staged
        /// The ledger has the batch as prepared: from here it only goes forward.
        case prepared
        /// The batch's directory is in the outbox.
        case renamed
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

    /// Publishes a staged batch.
    public func publish(
        _ batch: BatchEntry,
        carried: [(key: TransactionKey, version: Int, material: [UInt8])],
        run: Int64
    ) throws(DeliveryError) {
        try checkpoint(.staged)
        try ledger.prepare(batch, carried: carried, run: run)
        try checkpoint(.prepared)
        try publish(batch)
    }

    /// Takes a prepared batch the rest of the way; doing it again changes nothing.
    func publish(_ batch: BatchEntry) throws(DeliveryError) {
        let mark = "\(outbox.stagingFolder)/\(batch.number)"
        let ownName = batch.name.split(separator: "/").last.map(String.init) ?? batch.name
        let staged = "\(mark)/\(ownName)"
        let target = "\(outbox.path)/\(batch.name)"
        if DurableFolder.exists(staged) {
            let found = try DurableFolder.hash(of: "\(staged)/manifest.json", code: .outbox)
            guard found.hash == batch.manifestHash else {
                throw DeliveryError(
                    .operatorMustDecide,
                    staged,
                    "the manifest in staging is not the one that the ledger knows"
                )
            }
            try DurableFolder.create(DurableFolder.parent(of: target), code: .outbox)
            try DurableFolder.move(staged, to: target)
        } else if !DurableFolder.exists(mark) {
            // Staging is our own mark: without it nobody knows whether the batch ever went out.
            throw DeliveryError(
                .operatorMustDecide,
                mark,
                "batch \(batch.number) was prepared, and its staging folder is gone"
            )
        }
        try checkpoint(.renamed)
        try ledger.publish(batch.number)
        try checkpoint(.published)
        try outbox.stamp(ledger.id, lastNumber: batch.number)
        try checkpoint(.stamped)
        try DurableFolder.remove(mark, code: .outbox)
        try checkpoint(.cleaned)
    }
}
