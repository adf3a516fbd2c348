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

    /// Names an outbox.
    public init(path: String) { self.path = path }

    /// Makes the folders, and the stamp of a new ledger; `init` does.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` when the outbox has another ledger.
    public func create(for ledger: String) throws(DeliveryError) {
        for folder in [path, ownFolder, stagingFolder, recordsFolder] {
            try DurableFolder.create(folder, code: .outbox)
        }
        guard !DurableFolder.exists(stampPath) else {
            throw DeliveryError(
                .operatorMustDecide,
                stampPath,
                "the outbox belongs to another ledger; bring that one back, or choose an empty outbox"
            )
        }
        try stamp(ledger, lastNumber: 0)
    }

    func stamp(_ ledger: String, lastNumber: Int) throws(DeliveryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes: Data
        do {
            bytes = try encoder.encode(Stamp(ledger: ledger, lastNumber: lastNumber))
        } catch {
            throw DeliveryError(.outbox, stampPath, "cannot be encoded: \(error)")
        }
        try DurableFolder.replace(stampPath, with: Array(bytes) + [0x0A], code: .outbox)
    }

    /// Checks that the outbox is there, may be written and belongs to this ledger and no later state of it.
    public func requireOwner(_ ledger: Ledger) throws(DeliveryError) {
        guard let data = FileManager.default.contents(atPath: stampPath) else {
            throw DeliveryError(
                .operatorMustDecide,
                stampPath,
                "there is no stamp; is the outbox mounted? If this is the first time, run 'occ-export init'"
            )
        }
        let stamp: Stamp
        do {
            stamp = try JSONDecoder().decode(Stamp.self, from: data)
        } catch {
            throw DeliveryError(.operatorMustDecide, stampPath, "is no stamp; bring back the file")
        }
        guard stamp.ledger == ledger.id else {
            throw DeliveryError(
                .operatorMustDecide,
                stampPath,
                "the outbox belongs to another ledger; bring that one back, or choose another outbox"
            )
        }
        let last = try ledger.lastNumber()
        guard stamp.lastNumber <= last else {
            throw DeliveryError(
                .operatorMustDecide,
                ledger.path,
                "the ledger knows batches up to \(last), the outbox has \(stamp.lastNumber): it is an old copy; bring back the newest"
            )
        }
        guard unsafe access(stagingFolder, W_OK) == 0 else {
            throw .system(.outbox, stagingFolder, "cannot be written")
        }
    }

    /// Settles what an interrupted run left: prepared batches go out, other staging goes away.
    ///
    /// - Returns: the batches that were published now.
    public func recover(_ ledger: Ledger) throws(DeliveryError) -> [BatchEntry] {
        var recovered: [BatchEntry] = []
        let batches = try ledger.batches()
        for batch in batches where batch.state == .prepared {
            try Publication(outbox: self, ledger: ledger, checkpoint: { _ in }).publish(batch)
            recovered.append(batch)
        }
        for name in try DurableFolder.names(in: stagingFolder, code: .outbox) {
            try DurableFolder.remove("\(stagingFolder)/\(name)", code: .outbox)
        }
        let known = Set(batches.map { "\(padded($0.number)).jsonl" })
        for name in try DurableFolder.names(in: recordsFolder, code: .outbox)
        where !known.contains(name) {
            try DurableFolder.remove("\(recordsFolder)/\(name)", code: .outbox)
        }
        return recovered
    }
}

/// A batch number as names show it: six digits, so that they sort.
func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
}
