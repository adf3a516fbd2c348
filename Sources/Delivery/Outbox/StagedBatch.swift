public import Transactions

/// A batch being written inside the outbox, where only a rename is missing to show it (step 5).
public struct StagedBatch: Sendable {
    /// The batch's number.
    public let number: Int
    /// The path from the outbox on: of its directory, or of its flat files without their endings.
    public let name: String
    /// How it will lie in the outbox.
    public let layout: BatchEntry.Layout
    private let export: String
    private let outbox: Outbox
    private let archive: Archive
    private let folder: String
    /// Whether consumers of the outbox's group may move and delete the batch.
    private let isShared: Bool
    private var files: [BatchEntry.File] = []

    /// Begins a batch: `2026-11-23_purchase-invoices_000042` in a folder of the outbox.
    ///
    /// - Throws: `DeliveryError` when the outbox cannot be written.
    public init(
        in outbox: Outbox,
        _ archive: Archive,
        number: Int,
        export: String,
        day: CalendarDate,
        folder subfolder: String,
        layout: BatchEntry.Layout
    ) throws(DeliveryError) {
        self.outbox = outbox
        self.archive = archive
        self.number = number
        self.export = export
        self.layout = layout
        let own = "\(day)_\(export)_\(padded(number))"
        name = subfolder.isEmpty ? own : "\(subfolder)/\(own)"
        let mark = outbox.mark(number)
        folder = layout == .directory ? "\(mark)/\(own)" : mark
        isShared = try outbox.isShared()
        if !subfolder.isEmpty {
            // Found out before anything is prepared.
            try DurableFolder.create(
                "\(outbox.path)/\(subfolder)",
                below: outbox.path,
                isShared: isShared,
                code: .outbox
            )
        }
        try DurableFolder.create(mark, code: .outbox)
        try DurableFolder.create(folder, isShared: isShared, code: .outbox)
    }

    /// The batch's own name, the last part of its path.
    public var ownName: String { DurableFolder.name(of: name) }

    /// The name of the page for people.
    public var summaryName: String {
        layout == .directory ? "summary.html" : "\(ownName).summary.html"
    }

    private var sumsName: String { layout == .directory ? "SHA256SUMS" : "\(ownName).sha256" }
    private var manifestName: String {
        layout == .directory ? "manifest.json" : "\(ownName).manifest.json"
    }

    /// Begins a file of the batch.
    ///
    /// - Throws: `DeliveryError` when the name is one of ours, or the file cannot be made.
    public func newFile(_ name: String) throws(DeliveryError) -> DurableFile {
        let lower = name.lowercased()
        guard ![summaryName, sumsName, manifestName].contains(where: { $0.lowercased() == lower }),
            layout == .directory || lower != ".occ-export"
        else {
            throw DeliveryError(
                .outbox,
                name,
                "a data file may not have this name, for the batch has such a file of its own; rename it in the template's 'files'"
            )
        }
        return try DurableFile(creating: "\(folder)/\(name)", isShared: isShared, code: .outbox)
    }

    /// Takes a finished file into the batch.
    public mutating func add(
        _ name: String,
        hash: String,
        size: Int,
        role: BatchEntry.File.Role = .data
    ) {
        let shown =
            layout == .directory
            ? "\(self.name)/\(name)"
            : self.name.contains("/") ? "\(DurableFolder.parent(of: self.name))/\(name)" : name
        files.append(BatchEntry.File(path: shown, hash: hash, bytes: size, role: role))
    }

    /// Writes a small file of the batch and takes it in.
    public mutating func write(_ bytes: [UInt8], to name: String, role: BatchEntry.File.Role)
        throws(DeliveryError)
    {
        var file = try DurableFile(creating: "\(folder)/\(name)", isShared: isShared, code: .outbox)
        try file.write(bytes)
        add(name, hash: try file.finish(), size: bytes.count, role: role)
    }

    /// The path of a file of the batch, to read it back.
    public func path(of name: String) -> String { "\(folder)/\(name)" }

    /// Reads every file back, keeps copies, then writes sums, manifest and record, and syncs all.
    ///
    /// `serials`: where running numbers then stand, by name.
    ///
    /// - Returns: the batch, ready for TX1.
    /// - Throws: `DeliveryError` with code `difference` when a file is not what was written.
    public mutating func finish(
        _ manifest: Manifest,
        kind: BatchEntry.Kind,
        carried: [Carried],
        serials: [String: Int] = [:],
        at instant: UTCTimestamp
    ) throws(DeliveryError) -> BatchEntry {
        var sums = ""
        for file in files {
            let found = try FileHash.of("\(folder)/\(file.name)", code: .outbox)
            guard found.hash == file.hash, found.size == file.bytes else {
                throw DeliveryError(
                    .difference,
                    file.name,
                    "read back as \(found.size) bytes with another hash, \(file.bytes) were written; nothing was published; look at the disk"
                )
            }
            sums += "\(file.hash)  \(file.name)\n"
        }
        let data = files.filter { $0.role == .data }
        try write(Array(sums.utf8), to: sumsName, role: .sums)
        try write(try manifest.encoded(), to: manifestName, role: .manifest)
        try archive.keep(
            batch: number,
            files: data.map { ($0.name, "\(folder)/\($0.name)") } + [
                (Archive.manifestName, "\(folder)/\(manifestName)")
            ]
        )
        let batch = BatchEntry(
            number: number,
            id: manifest.id,
            export: export,
            kind: kind,
            layout: layout,
            state: .prepared,
            name: name,
            manifestHash: files.last?.hash ?? "",
            prepared: instant,
            collected: nil,
            files: files
        )
        try BatchRecord(batch, carried: carried, serials: serials).write(
            to: outbox.recordPath(number)
        )
        // Innermost first, so that no folder is durable before what is in it.
        try DurableFolder.sync(folder, code: .outbox)
        if layout == .directory { try DurableFolder.sync(outbox.mark(number), code: .outbox) }
        try DurableFolder.sync(outbox.stagingFolder, code: .outbox)
        try DurableFolder.sync(outbox.recordsFolder, code: .outbox)
        return batch
    }

    /// Takes the batch away before the point of no return: the record first, for alone it would say
    /// that the batch went out.
    public func discard() throws(DeliveryError) {
        try DurableFolder.remove(outbox.recordPath(number), code: .outbox)
        try DurableFolder.remove(outbox.mark(number), code: .outbox)
        try archive.removeBatches(after: number - 1)
    }
}
