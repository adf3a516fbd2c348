internal import Crypto
internal import Delivery
internal import FoundationEssentials
internal import Templates
internal import Transactions

/// A published batch rendered once more, to tell which field of the template wrote what.
///
/// Only what comes out byte for byte as it was published is believed.
struct BatchReplay {
    /// The number of the batch, or of the first issue of one that repeats it.
    let number: Int
    private let plan: Plan
    private let rows: [SelectedTransaction]
    private let keys: [TransactionKey]
    private let context: BatchContext
    /// The files as published: hash by name.
    private let published: [String: String]

    /// Why a batch cannot be rendered as it was, in words.
    struct Obstacle: Error {
        let reason: String
    }

    init(
        _ batch: BatchEntry,
        _ ledger: Ledger,
        _ archive: Archive,
        _ configuration: Configuration
    ) throws {
        guard let export = configuration.exports.first(where: { $0.name == batch.export }) else {
            throw Obstacle(reason: "export '\(batch.export)' is no longer in the configuration")
        }
        guard try archive.keeps(batch: batch.number) else {
            throw Obstacle(
                reason: "the archive does not have the batch: it was purged, or lost with the state"
            )
        }
        var bytes: [UInt8] = []
        try archive.read(batch: batch.number, file: Archive.manifestName) { bytes += $0 }
        let manifest = try Manifest(bytes, path: "batch \(batch.number)")
        number = manifest.of?.first ?? batch.number
        do {
            plan = try ExportPlan(export, timeZone: configuration.timeZone).plan
        } catch {
            throw Obstacle(
                reason: "the template of '\(batch.export)' is no longer there, or is refused now"
            )
        }
        let carried = try ledger.carried(in: number)
        rows = carried.compactMap { row in
            row.transaction.map { SelectedTransaction($0, reverses: row.reverses) }
        }
        keys = carried.map(\.key)
        guard rows.count == carried.count else {
            throw Obstacle(
                reason: "values of its rows are purged, or only 'reconcile' knows of them"
            )
        }
        guard let first = try number == batch.number ? batch : ledger.batch(number),
            let day = CalendarDate(String(DurableFolder.lastPart(of: first.name).prefix(10)))
        else { throw Obstacle(reason: "the ledger does not know its first issue") }
        var original = manifest
        if number != batch.number, try archive.keeps(batch: number) {
            bytes = []
            try archive.read(batch: number, file: Archive.manifestName) { bytes += $0 }
            original = try Manifest(bytes, path: "batch \(number)")
        }
        context = BatchContext(
            id: original.id,
            number: number,
            created: first.prepared,
            day: day,
            nextSerial: original.documentNumbers?.first
        )
        published = Dictionary(
            original.resources.map { ($0.path, String($0.hash.dropFirst(7))) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The records that wrote some bytes of a file.
    ///
    /// - Throws: `Obstacle` when the file does not come out as it was published.
    func records(of file: String, bytes: Range<Int>) throws -> [TracedRecord] {
        try replay(.bytes(file: file, bytes), checking: file)
    }

    /// The records that a transaction was written to.
    func records(of key: TransactionKey) throws -> [TracedRecord] {
        var found: [TracedRecord] = []
        for (position, known) in keys.enumerated() where known == key {
            found += try replay(.row(position), checking: nil)
        }
        return found
    }

    /// `checking`: the file that must come out as published; nil for all of them.
    private func replay(_ query: TraceQuery, checking file: String?) throws -> [TracedRecord] {
        let changed = Obstacle(
            reason:
                "template, parameters or lookups of '\(plan.template.name)' are no longer what they were, so which field wrote what cannot be told"
        )
        var sink = HashingSink()
        let records: [TracedRecord]
        do {
            records = try plan.trace(query, rows, batch: context, to: &sink)
        } catch is RenderingError {
            throw changed
        }
        let wanted = published.filter { file == nil || $0.key == file }
        guard !wanted.isEmpty, wanted.allSatisfy({ sink.hashes[$0.key] == $0.value }) else {
            throw changed
        }
        return records
    }
}

/// Takes files for their hashes alone.
private struct HashingSink: FileSink {
    private(set) var hashes: [String: String] = [:]
    private var name = ""
    private var hash = SHA256()

    mutating func begin(_ name: String) {
        self.name = name
        hash = SHA256()
    }

    mutating func write(_ bytes: [UInt8]) { hash.update(data: bytes) }

    mutating func end() { hashes[name] = hexadecimal(hash.finalize()) }

    mutating func restart() { hashes = [:] }
}
