internal import Transactions

/// The records of batches: each number has one, for numbers run without gaps.
extension Outbox {
    /// Whether the last batch that a ledger published was published here; true before the first.
    public func knowsLast(of ledger: Ledger) throws(DeliveryError) -> Bool {
        guard let last = try ledger.batches().last(where: { $0.state == .published }) else {
            return true
        }
        guard try hasRecord(last.number) else { return false }
        return try BatchRecord(reading: recordPath(last.number)).batch.manifestHash
            == last.manifestHash
    }

    func hasRecord(_ number: Int) throws(DeliveryError) -> Bool {
        try DurableFolder.exists(recordPath(number), code: .outbox)
    }

    /// Checks that each batch up to the highest number is known: to a ledger, by its record, or given up.
    ///
    /// `lost`: numbers whose records an operator gives up.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` that names the numbers.
    public func requireRecords(knownTo ledger: Ledger?, but lost: Set<Int> = [])
        throws(DeliveryError)
    {
        let known = try ledger?.numbers() ?? []
        let recorded = try recordNumbers()
        let highest = max(
            try readStamp()?.lastNumber ?? 0,
            known.max() ?? 0,
            recorded.max() ?? 0
        )
        let there = known.union(recorded)
        if let number = lost.filter({ there.contains($0) || $0 > highest }).min() {
            throw DeliveryError(
                .operatorMustDecide,
                recordPath(number),
                "batch \(number) is not lost: its record is there, or the ledger knows it, or there was none; nothing was changed"
            )
        }
        let missing = Self.ranges(there.union(lost).sorted(), upTo: highest)
        guard let first = missing.first else { return }
        let names = missing.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }
        let list = names.joined(separator: ", ")
        let flags = names.map { "--lost \($0)" }.joined(separator: " ")
        throw DeliveryError(
            .operatorMustDecide,
            recordPath(first.lowerBound),
            "the records of batches \(list) are missing, and nothing else says what they carried, so that it would be exported again; bring them back from a backup of the outbox, or, if they are lost for good, say so with 'occ-export reconcile \(flags)'; nothing was changed"
        )
    }

    /// The numbers from 1 on that are not among sorted ones.
    private static func ranges(_ numbers: [Int], upTo highest: Int) -> [ClosedRange<Int>] {
        var missing: [ClosedRange<Int>] = []
        var next = 1
        for number in numbers + [highest + 1] where number >= next {
            if number > next { missing.append(next...(number - 1)) }
            next = number + 1
        }
        return missing
    }

    /// Writes a batch's record from the ledger where the outbox lacks it; says whether it did.
    ///
    /// Not of a prepared batch: a record without staging says that it went out.
    func restoreRecord(of batch: BatchEntry, from ledger: Ledger) throws(DeliveryError) -> Bool {
        let path = recordPath(batch.number)
        guard !batch.isLost, try !hasRecord(batch.number) else { return false }
        let temporary = path + ".new"
        try DurableFolder.remove(temporary, code: .outbox)
        try ledger.record(of: batch).write(to: temporary)
        if batch.state == .void { try BatchRecord.note(.void, in: temporary) }
        let result = try DurableFolder.move(temporary, to: path)
        guard result == 0 else { throw .system(.outbox, path, "cannot be written", result) }
        try DurableFolder.sync(recordsFolder, code: .outbox)
        return true
    }

    /// Gives an outbox without a stamp to a ledger that has had one; `reconcile` then brings its records on.
    public func restamp(_ ledger: String) throws(DeliveryError) {
        try createFolders()
        try stamp(ledger, lastNumber: 0)
    }
}
