internal import FoundationEssentials

/// The outbox held against manifests and ledger.
public struct OutboxVerification: Sendable {
    /// Something that is not as it was published.
    public struct Finding: Codable, Hashable, Sendable {
        /// The batch's path from the outbox on.
        public let batch: String
        /// What is wrong.
        public let message: String
    }

    /// Batches that lie complete and unchanged in the outbox.
    public private(set) var intact = 0
    /// Batches that a consumer has taken.
    public private(set) var collected = 0
    /// What is wrong.
    public private(set) var findings: [Finding] = []

    /// Reads the whole outbox.
    ///
    /// - Throws: `DeliveryError` when ledger or outbox cannot be read.
    public init(_ outbox: Outbox, _ ledger: Ledger) throws(DeliveryError) {
        var previous: String?
        let batches = try ledger.batches()
        for batch in batches {
            if batch.state == .prepared {
                note(batch, "is prepared and not published; the next run settles it")
                continue
            }
            try verify(batch, "\(outbox.path)/\(batch.name)", previous)
            previous = batch.manifestHash
        }
        let known = Set(batches.map(\.name))
        for folder in Set(batches.map { DurableFolder.parent(of: "\(outbox.path)/\($0.name)") })
            .sorted()
        where DurableFolder.exists(folder) {
            for name in try DurableFolder.names(in: folder, code: .outbox) {
                let path = "\(folder)/\(name)"
                let relative = String(path.dropFirst(outbox.path.count + 1))
                if DurableFolder.exists("\(path)/manifest.json"), !known.contains(relative) {
                    findings.append(
                        Finding(
                            batch: relative,
                            message: "is a batch that the ledger does not know"
                        )
                    )
                }
            }
        }
    }

    private mutating func note(_ batch: BatchEntry, _ message: String) {
        findings.append(Finding(batch: batch.name, message: message))
    }

    private mutating func verify(_ batch: BatchEntry, _ path: String, _ previous: String?)
        throws(DeliveryError)
    {
        guard DurableFolder.exists("\(path)/manifest.json") else {
            collected += 1
            return
        }
        let before = findings.count
        let found = try DurableFolder.hash(of: "\(path)/manifest.json", code: .outbox)
        guard found.hash == batch.manifestHash,
            let data = FileManager.default.contents(atPath: "\(path)/manifest.json")
        else {
            note(batch, "manifest.json is not the one that was published")
            return
        }
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: data)
        } catch {
            note(batch, "manifest.json cannot be read")
            return
        }
        if manifest.previous != previous {
            note(batch, "the chain is broken: 'previous' is not the hash of the batch before")
        }
        for resource in manifest.resources {
            let file = "\(path)/\(resource.path)"
            guard DurableFolder.exists(file) else {
                note(batch, "\(resource.path) is missing")
                continue
            }
            let found = try DurableFolder.hash(of: file, code: .outbox)
            if "sha256:\(found.hash)" != resource.hash || found.size != resource.bytes {
                note(batch, "\(resource.path) was changed after publication")
            }
        }
        let expected = Set(manifest.resources.map(\.path) + ["manifest.json", "SHA256SUMS"])
        for name in try DurableFolder.names(in: path, code: .outbox) where !expected.contains(name)
        {
            note(batch, "\(name) is no file of the batch")
        }
        if findings.count == before { intact += 1 }
    }
}
