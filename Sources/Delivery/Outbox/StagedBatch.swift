internal import FoundationEssentials
internal import Glibc
public import Transactions

/// A batch being written inside the outbox, where only a rename is missing to show it.
public struct StagedBatch {
    /// The batch's number.
    public let number: Int
    /// The path of its directory from the outbox on.
    public let name: String
    private let outbox: Outbox
    private let folder: String
    private var files: [(path: String, hash: String, size: Int)] = []

    /// Begins a batch: `2026-11-23_purchase-invoices_000042` in a folder of the outbox.
    ///
    /// - Throws: `DeliveryError` when the outbox cannot be written.
    public init(
        in outbox: Outbox,
        number: Int,
        export: String,
        day: CalendarDate,
        folder subfolder: String
    ) throws(DeliveryError) {
        self.outbox = outbox
        self.number = number
        let own = "\(day)_\(export)_\(padded(number))"
        name = subfolder.isEmpty ? own : "\(subfolder)/\(own)"
        folder = "\(outbox.stagingFolder)/\(number)/\(own)"
        try DurableFolder.create(folder, code: .outbox)
    }

    /// Begins a file of the batch.
    public func newFile(_ name: String) throws(DeliveryError) -> DurableFile {
        try DurableFile(creating: "\(folder)/\(name)", code: .outbox)
    }

    /// Takes a finished file into the batch.
    public mutating func add(_ name: String, hash: String, size: Int) {
        files.append((name, hash, size))
    }

    /// The path of a file of the batch, to read it back.
    public func path(of name: String) -> String { "\(folder)/\(name)" }

    /// Reads every file back, then writes `SHA256SUMS`, the manifest and the record of what is carried.
    ///
    /// - Returns: the manifest's SHA-256.
    /// - Throws: `DeliveryError` with code `difference` when a file is not what was written.
    public mutating func finish(
        _ manifest: Manifest,
        carried: [(key: TransactionKey, version: Int)]
    ) throws(DeliveryError) -> String {
        var sums = ""
        for (path, hash, size) in files {
            let found = try DurableFolder.hash(of: "\(folder)/\(path)", code: .outbox)
            guard found.hash == hash, found.size == size else {
                throw DeliveryError(
                    .difference,
                    path,
                    "read back as \(found.size) bytes with another hash, \(size) were written"
                )
            }
            sums += "\(hash)  \(path)\n"
        }
        var sumsFile = try newFile("SHA256SUMS")
        try sumsFile.write(Array(sums.utf8))
        _ = try sumsFile.finish()
        var manifestFile = try newFile("manifest.json")
        try manifestFile.write(try manifest.encoded())
        let manifestHash = try manifestFile.finish()
        var record = try DurableFile(
            creating: "\(outbox.recordsFolder)/\(padded(number)).jsonl",
            code: .outbox
        )
        var lines = #"{"batch":\#(number),"manifest":"\#(manifestHash)"}"# + "\n"
        for (key, version) in carried {
            // Ids are texts of the API: JSON takes quotes and backslashes only escaped.
            let id = key.transactionId.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            lines +=
                #"{"feed":"\#(key.feed.rawValue)","id":"\#(id)","line":\#(key.line),"role":"original","version":\#(version)}"#
                + "\n"
        }
        try record.write(Array(lines.utf8))
        _ = try record.finish()
        // Innermost first, so that no folder is durable before what is in it.
        try DurableFolder.sync(folder, code: .outbox)
        try DurableFolder.sync(DurableFolder.parent(of: folder), code: .outbox)
        try DurableFolder.sync(outbox.stagingFolder, code: .outbox)
        try DurableFolder.sync(outbox.recordsFolder, code: .outbox)
        return manifestHash
    }

    /// Takes the batch away before the point of no return.
    public func discard() throws(DeliveryError) {
        try DurableFolder.remove("\(outbox.stagingFolder)/\(number)", code: .outbox)
        let record = "\(outbox.recordsFolder)/\(padded(number)).jsonl"
        if DurableFolder.exists(record) { try DurableFolder.remove(record, code: .outbox) }
    }
}
