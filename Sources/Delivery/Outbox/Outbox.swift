internal import FoundationEssentials
internal import Glibc

/// The public directory, with what is ours in it under `.occ-export`.
public struct Outbox: Sendable {
    /// The folder.
    public let path: String

    /// What tells that a ledger belongs to an outbox, and how far it is.
    struct Stamp: Codable {
        var version = 1
        var ledger: String
        var lastNumber: Int
    }

    var ownFolder: String { "\(path)/.occ-export" }
    var stagingFolder: String { "\(ownFolder)/staging" }
    var recordsFolder: String { "\(ownFolder)/records" }
    var stampPath: String { "\(ownFolder)/stamp.json" }
    /// Where the lock of the outbox is.
    public var lockPath: String { "\(ownFolder)/lock" }

    func mark(_ number: Int) -> String { "\(stagingFolder)/\(number)" }
    func recordPath(_ number: Int) -> String { "\(recordsFolder)/\(padded(number)).jsonl" }

    /// Names an outbox.
    public init(path: String) { self.path = path }

    /// Whether the outbox is given to a group that moves and deletes: its folder is mode 2770.
    func isShared() throws(DeliveryError) -> Bool {
        try DurableFolder.isOpenToGroup(path, code: .outbox)
    }

    /// Makes the folders; `init` does.
    public func createFolders() throws(DeliveryError) {
        for folder in [path, ownFolder, stagingFolder, recordsFolder] {
            try DurableFolder.create(folder, code: .outbox)
        }
    }

    /// Gives the outbox to a ledger: the last thing that `init` does.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` when the outbox has another ledger.
    public func adopt(_ ledger: Ledger) throws(DeliveryError) {
        if let stamp = try readStamp() {
            guard stamp.ledger == ledger.id else { throw foreign() }
            return
        }
        try stamp(ledger.id, lastNumber: 0)
    }

    /// The id of the ledger that the outbox belongs to; nil while it belongs to none.
    public func owner() throws(DeliveryError) -> String? { try readStamp()?.ledger }

    func stamp(_ ledger: String, lastNumber: Int) throws(DeliveryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes: Data
        do {
            bytes = try encoder.encode(Stamp(ledger: ledger, lastNumber: lastNumber))
        } catch {
            throw DeliveryError(.outbox, stampPath, "cannot be encoded: \(error); report it")
        }
        try DurableFolder.replace(stampPath, with: Array(bytes) + [0x0A], code: .outbox)
    }

    func readStamp() throws(DeliveryError) -> Stamp? {
        guard
            let bytes = try DurableFolder.contents(of: stampPath, most: 65_536, code: .outbox)
        else { return nil }
        let stamp: Stamp?
        do {
            stamp = try JSONDecoder().decode(Stamp.self, from: Data(bytes))
        } catch {
            stamp = nil
        }
        guard let stamp, stamp.version == 1,
            (0...RecordReading.highestNumber).contains(stamp.lastNumber)
        else {
            throw DeliveryError(
                .operatorMustDecide,
                stampPath,
                "is no stamp; bring it back from a backup of the outbox, or take it away and run 'occ-export init'"
            )
        }
        return stamp
    }

    private func foreign() -> DeliveryError {
        DeliveryError(
            .operatorMustDecide,
            stampPath,
            "the outbox belongs to another ledger; bring that one back, choose another outbox, or rebuild the ledger with 'occ-export reconcile'"
        )
    }

    private func oldCopy(_ ledger: Ledger, _ last: Int, _ known: Int) -> DeliveryError {
        DeliveryError(
            .operatorMustDecide,
            ledger.path,
            "the ledger knows batches up to \(last), the outbox has \(known): it is an old copy; bring back the newest, or run 'occ-export reconcile' to read the batches in between from the outbox"
        )
    }

    /// Checks that the outbox is there and may be written: before anything is locked or fetched.
    public func requireWritable() throws(DeliveryError) {
        guard try DurableFolder.exists(stampPath, code: .outbox) else {
            throw DeliveryError(
                .operatorMustDecide,
                stampPath,
                "there is no stamp; is the outbox mounted? If this is the first time, or the stamp alone is lost, run 'occ-export init'"
            )
        }
        for folder in [path, ownFolder, stagingFolder, recordsFolder] {
            guard unsafe access(folder, W_OK | X_OK) == 0 else {
                throw .system(.outbox, folder, "cannot be written")
            }
        }
    }

    /// Checks that the outbox belongs to this ledger and knows no batch that the ledger does not.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` for another ledger or an old copy.
    public func requireOwner(_ ledger: Ledger) throws(DeliveryError) {
        guard let stamp = try readStamp() else {
            throw DeliveryError(
                .operatorMustDecide,
                stampPath,
                "there is no stamp; is the outbox mounted? If this is the first time, or the stamp alone is lost, run 'occ-export init'"
            )
        }
        guard stamp.ledger == ledger.id else { throw foreign() }
        let last = try ledger.lastNumber()
        guard stamp.lastNumber <= last else { throw oldCopy(ledger, last, stamp.lastNumber) }
        try requireNewest(stamp, ledger)
        // The stamp comes last: a batch may have gone out that only its record tells of.
        for number in try recordNumbers() where number > last {
            guard let record = try finishedRecord(number) else { continue }
            if try wentOut(record.batch) { throw oldCopy(ledger, last, number) }
        }
    }

    /// The stamp may be behind the ledger by a crash, but never the records: those come first.
    private func requireNewest(_ stamp: Stamp, _ ledger: Ledger) throws(DeliveryError) {
        for number in try ledger.numbers().sorted() where number > stamp.lastNumber {
            guard let batch = try ledger.batch(number), batch.state == .published,
                try !hasRecord(number)
            else { continue }
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "the ledger published batch \(number), and this outbox has no record of it: it is an older copy, or another volume was mounted here; bring back the one that has it, or run 'occ-export reconcile' to write its record from the ledger, and 'occ-export reissue \(number)' if its consumer lacks it"
            )
        }
    }

    /// A batch's record; nil when a crash cut its writing off, long before the batch could go out.
    ///
    /// - Throws: `DeliveryError` when it is damaged and no staging folder tells why.
    func finishedRecord(_ number: Int) throws(DeliveryError) -> BatchRecord? {
        do throws(DeliveryError) {
            return try BatchRecord(reading: recordPath(number))
        } catch {
            // The record is whole and synced before TX1; with staging there, the batch never got so far.
            guard error.code == .operatorMustDecide,
                try DurableFolder.exists(mark(number), code: .outbox)
            else { throw error }
            return nil
        }
    }

    /// Whether batches went out from here: their records stay when the stamp is lost.
    public func hasRecords() throws(DeliveryError) -> Bool {
        guard try DurableFolder.exists(recordsFolder, code: .outbox) else { return false }
        return try !recordNumbers().isEmpty
    }

    func recordNumbers() throws(DeliveryError) -> [Int] {
        try DurableFolder.names(in: recordsFolder, code: .outbox).compactMap { name in
            // A number that is spelt otherwise is none of ours.
            guard let number = Int(name.prefix { $0 != "." }),
                (1...RecordReading.highestNumber).contains(number),
                name == DurableFolder.name(of: recordPath(number))
            else { return nil }
            return number
        }
    }

    /// Whether a part of a batch has left staging; only a whole rest there says that none has.
    func wentOut(_ batch: BatchEntry) throws(DeliveryError) -> Bool {
        for entry in batch.entries
        where !(try DurableFolder.exists("\(mark(batch.number))/\(entry)", code: .outbox)) {
            return true
        }
        return false
    }
}

extension BatchEntry {
    /// The names in staging that are renamed one by one: the directory, or the flat files.
    var entries: [String] {
        layout == .directory ? [DurableFolder.name(of: name)] : files.map(\.name)
    }

    /// The folder of the outbox where it is shown, from the outbox on; empty for the outbox itself.
    var shownIn: String {
        guard let slash = name.lastIndex(of: "/") else { return "" }
        return String(name[..<slash])
    }

    /// The path of its manifest from the outbox on.
    public var manifestPath: String {
        layout == .directory ? "\(name)/manifest.json" : "\(name).manifest.json"
    }
}

/// A batch number as names show it: six digits, so that they sort.
func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}
