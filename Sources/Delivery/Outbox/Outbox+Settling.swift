public import Transactions

/// What an operator says of a prepared batch whose staging is gone.
extension Outbox {
    /// Whether a prepared batch still has its staging folder, so that the next run settles it.
    public func isStaged(_ batch: BatchEntry) throws(DeliveryError) -> Bool {
        try DurableFolder.exists(mark(batch.number), code: .outbox)
    }

    /// Settles a prepared batch as an operator knows it.
    ///
    /// `wentOut`: it counts as published; otherwise it never went out, what it carried is due again,
    /// and its number stays used up.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` while staging is there, or when a batch
    ///   that never went out lies in the outbox.
    public func settle(
        _ batch: BatchEntry,
        in ledger: Ledger,
        wentOut: Bool,
        at instant: UTCTimestamp
    ) throws(DeliveryError) {
        guard try !isStaged(batch) else {
            throw DeliveryError(
                .operatorMustDecide,
                mark(batch.number),
                "batch \(batch.number) lies in staging, so there is nothing to decide: the next run settles it"
            )
        }
        if !wentOut, let path = try shownFile(of: batch, among: try ledger.batches()) {
            throw DeliveryError(
                .operatorMustDecide,
                "\(self.path)/\(path)",
                "batch \(batch.number) lies in the outbox; say --went-out, or move it away first when no consumer has it"
            )
        }
        // The record first: a ledger that is lost behind this line is rebuilt as it was decided.
        _ = try restoreRecord(of: batch, from: ledger)
        try BatchRecord.note(wentOut ? .published : .void, in: recordPath(batch.number))
        guard try ledger.settleBatch(batch.number, wentOut: wentOut, at: instant) else {
            throw DeliveryError(
                .operatorMustDecide,
                ledger.path,
                "batch \(batch.number) is not prepared; 'occ-export status' says what waits"
            )
        }
    }

    /// A file of a batch that lies in the outbox and is no other batch's; nil when there is none.
    func shownFile(of batch: BatchEntry, among batches: [BatchEntry]) throws(DeliveryError)
        -> String?
    {
        let others = Set(
            batches.filter { $0.number != batch.number && $0.state != .void }
                .flatMap { $0.files.map(\.path) }
        )
        for file in batch.files where !others.contains(file.path) {
            if try DurableFolder.exists("\(path)/\(file.path)", code: .outbox) { return file.path }
        }
        return nil
    }
}
