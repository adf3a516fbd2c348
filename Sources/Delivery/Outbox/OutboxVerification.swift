/// The outbox held against manifests, chain and ledger.
public struct OutboxVerification: Sendable {
    /// Something that is not as it was published.
    public struct Finding: Codable, Hashable, Sendable {
        /// The batch's path from the outbox on, or the file's.
        public let batch: String
        /// What is wrong.
        public let message: String
    }

    /// Batches that lie complete and unchanged in the outbox.
    public private(set) var intact = 0
    /// Batches that a consumer has taken, or taken a part of.
    public private(set) var collected = 0
    /// What is wrong.
    public private(set) var findings: [Finding] = []

    private let outbox: Outbox
    private let carriedCounts: [Int: Int]

    /// Reads the whole outbox.
    ///
    /// - Throws: `DeliveryError` when ledger or outbox cannot be read.
    public init(_ outbox: Outbox, _ ledger: Ledger) throws(DeliveryError) {
        self.outbox = outbox
        carriedCounts = try ledger.carriedCounts()
        var previous: String?
        var isChained = true
        let batches = try ledger.batches()
        for batch in batches {
            switch batch.state {
            case .prepared: note(batch, "is prepared and not published; the next run settles it")
            case .void:
                if let path = try outbox.shownFile(of: batch, among: batches) {
                    note(
                        batch,
                        "never went out, as was decided, and '\(path)' lies in the outbox: its transactions are sent under another number; move it away from its consumers"
                    )
                }
                // What came behind a batch that is lost names a manifest that nobody knows.
                if batch.isLost { isChained = false }
                continue
            case .published: try verify(batch, previous, isChained: isChained)
            }
            previous = batch.manifestHash
            isChained = true
        }
        for batch in batches where batch.state != .prepared && !batch.isLost {
            guard try !outbox.hasRecord(batch.number) else { continue }
            note(
                batch,
                "its record .occ-export/records/\(padded(batch.number)).jsonl is missing, so that a lost ledger could not be rebuilt; bring it back from a backup of the outbox, or run 'occ-export reconcile' to write it from the ledger"
            )
        }
        for (index, batch) in batches.enumerated() where batch.number != index + 1 {
            note(
                batch,
                "number \(index + 1) is missing in the ledger; run 'occ-export reconcile' to read it from the outbox"
            )
            break
        }
        try findStrangers(batches)
    }

    private mutating func note(_ batch: BatchEntry, _ message: String) {
        note(batch.name, message)
    }

    private mutating func note(_ place: String, _ message: String) {
        findings.append(Finding(batch: place, message: message))
    }

    private mutating func verify(_ batch: BatchEntry, _ previous: String?, isChained: Bool)
        throws(DeliveryError)
    {
        let manifestPath = "\(outbox.path)/\(batch.manifestPath)"
        guard try DurableFolder.exists(manifestPath, code: .outbox) else {
            collected += 1
            return
        }
        let before = findings.count
        let size = batch.files.last { $0.role == .manifest }?.bytes ?? 0
        guard
            try FileHash.matches(
                manifestPath,
                hash: batch.manifestHash,
                bytes: size,
                code: .outbox
            ), let bytes = try DurableFolder.contents(of: manifestPath, most: size, code: .outbox)
        else {
            note(
                batch,
                "\(DurableFolder.name(of: batch.manifestPath)) is not the one that was published; 'occ-export reissue \(batch.number)' makes the files anew"
            )
            return
        }
        let manifest: Manifest
        do throws(DeliveryError) {
            manifest = try Manifest(bytes, path: batch.manifestPath)
        } catch {
            note(batch, error.message)
            return
        }
        if isChained, manifest.previous != previous {
            note(
                batch,
                "the chain is broken: 'previous' is not the hash of the batch before; the ledger is not the one that made it, bring that one back"
            )
        }
        let rows = carriedCounts[batch.number] ?? 0
        if batch.kind != .reissue, manifest.transactions != rows {
            note(
                batch,
                "the manifest says \(manifest.transactions) rows, the ledger has \(rows); bring back the newest ledger, or run 'occ-export reconcile' beside an older copy"
            )
        }
        var isTaken = false
        for file in batch.files where file.role != .manifest {
            let path = "\(outbox.path)/\(file.path)"
            guard try DurableFolder.exists(path, code: .outbox) else {
                if batch.collected == nil {
                    note(
                        batch,
                        "\(file.name) is missing; if its consumer took it, the next run notes that, else 'occ-export reissue \(batch.number)'"
                    )
                }
                isTaken = true
                continue
            }
            // A consumer that has taken a file over may write into it, as SIE importers do.
            if try !FileHash.matches(path, hash: file.hash, bytes: file.bytes, code: .outbox) {
                if batch.collected == nil {
                    note(
                        batch,
                        "\(file.name) was changed after publication; if its consumer did that, the next run notes it, else 'occ-export reissue \(batch.number)'"
                    )
                }
                isTaken = true
            }
        }
        // A consumer that has taken a file may leave it there under another name.
        if batch.layout == .directory, batch.collected == nil {
            let own = Set(batch.files.map(\.name))
            for name in try DurableFolder.names(in: "\(outbox.path)/\(batch.name)", code: .outbox)
            where !own.contains(name) && !name.hasSuffix(".ack") {
                note(batch, "\(name) is no file of the batch; move it away")
            }
        }
        guard findings.count == before else { return }
        if isTaken { collected += 1 } else { intact += 1 }
    }

    /// Manifests anywhere in the outbox that are at no batch's place.
    ///
    /// A consumer may file a batch away below the outbox: known by its hash, that is no difference.
    private mutating func findStrangers(_ batches: [BatchEntry]) throws(DeliveryError) {
        let places = Set(batches.map(\.manifestPath))
        let hashes = Dictionary(batches.map { ($0.manifestHash, $0) }) { first, _ in first }
        // What has another size is no copy of ours, and need not be read.
        let sizes = Set(batches.compactMap { $0.files.last { $0.role == .manifest }?.bytes })
        var folders = [""]
        while let folder = folders.popLast() {
            let full = folder.isEmpty ? outbox.path : "\(outbox.path)/\(folder)"
            for name in try DurableFolder.names(in: full, code: .outbox) where !name.hasPrefix(".")
            {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                if try DurableFolder.isFolder("\(outbox.path)/\(path)", code: .outbox) {
                    folders.append(path)
                    continue
                }
                guard name == "manifest.json" || name.hasSuffix(".manifest.json"),
                    !places.contains(path)
                else { continue }
                let full = "\(outbox.path)/\(path)"
                let size = try DurableFolder.size(of: full, code: .outbox)
                let hash =
                    try size.map(sizes.contains) == true
                    ? FileHash.of(full, code: .outbox).hash : ""
                let own = name == "manifest.json" && !folder.isEmpty ? folder : path
                try objectTo(hashes[hash], at: own)
            }
        }
    }

    /// Says what is wrong with a manifest at a place that is no batch's own; nothing, where the batch was
    /// moved there.
    private mutating func objectTo(_ batch: BatchEntry?, at place: String) throws(DeliveryError) {
        guard let batch else {
            note(
                place,
                "is a batch that the ledger does not know; keep it from consumers, and find out who put it there"
            )
            return
        }
        if batch.state == .void {
            note(
                place,
                "is batch \(batch.number), which never went out, as was decided: its transactions are sent under another number; take it from its consumers"
            )
        } else if try DurableFolder.exists("\(outbox.path)/\(batch.manifestPath)", code: .outbox) {
            note(
                place,
                "is a copy of batch \(batch.number), which lies in the outbox too; a consumer may take both, move one away"
            )
        }
    }
}
