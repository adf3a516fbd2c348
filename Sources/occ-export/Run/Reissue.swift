internal import Delivery
internal import FoundationEssentials
internal import Transactions

/// A batch's data files published once more, from the archive.
struct Reissue {
    let name: String
    let number: Int
    let files: [String]

    init(_ of: Int, _ store: Store, _ zone: TimeZoneRules, at instant: UTCTimestamp) throws {
        guard let batch = try store.ledger.batch(of), batch.state == .published else {
            throw RunError(
                .usage,
                "there is no published batch \(of); the number stands at the end of a batch's name"
            )
        }
        guard try store.archive.keeps(batch: of) else {
            throw RunError(
                .inputOutput,
                "batch \(of): its files are no longer in the archive; 'purge' or another tool deleted them, or the state was lost; take them from the outbox or its consumer"
            )
        }
        number = try store.ledger.lastNumber() + 1
        let folder = batch.name.split(separator: "/").dropLast().joined(separator: "/")
        var staged = try StagedBatch(
            in: store.outbox,
            store.archive,
            number: number,
            export: batch.export,
            day: zone.localTime(at: instant).date,
            folder: folder,
            layout: batch.layout
        )
        name = staged.name
        var files: [String] = []
        do {
            // What the first issue said of itself, with a new number and place in the chain.
            var bytes: [UInt8] = []
            try store.archive.read(batch: of, file: Archive.manifestName) { bytes += $0 }
            var manifest = try Manifest(bytes, path: "batch \(of)")
            for (index, resource) in manifest.resources.enumerated() {
                let target = Self.newName(resource.path, of, number, batch.layout)
                var file = try staged.newFile(target)
                try store.archive.read(batch: of, file: resource.path) {
                    bytes throws(DeliveryError) in
                    try file.write(bytes)
                }
                let size = file.size
                let hash = try file.finish()
                guard "sha256:\(hash)" == resource.hash, size == resource.bytes else {
                    throw RunError(
                        .inputOutput,
                        "batch \(of): the archive's copy of '\(resource.path)' is damaged; nothing was published; bring it back from a copy of the archive"
                    )
                }
                staged.add(target, hash: hash, size: size)
                manifest.resources[index].rename(target)
                files.append(target)
            }
            manifest.name = staged.ownName.lowercased()
            manifest.id = "\(manifest.id)-reissue-\(number)"
            manifest.created = "\(instant)"
            manifest.kind = BatchEntry.Kind.reissue.rawValue
            manifest.of = (manifest.of ?? []) + [of]
            manifest.number = number
            manifest.previous = try store.ledger.lastManifestHash()
            manifest.summary = staged.summaryName
            var totals = BatchTotals()
            for row in try store.ledger.carried(in: manifest.of?.first ?? of) {
                guard let transaction = row.transaction else { continue }
                guard totals.add(transaction, isReversal: row.role == .reversal) else {
                    throw RunError(
                        .unexpected,
                        "a control total no longer fits 38 digits; nothing was published; report it, with the amounts"
                    )
                }
            }
            try staged.write(
                Array(SummaryPage(manifest, totals, zone: zone, showsVehicles: false).text.utf8),
                to: staged.summaryName,
                role: .summary
            )
            let entry = try staged.finish(manifest, kind: .reissue, carried: [], at: instant)
            try Publication(
                outbox: store.outbox,
                ledger: store.ledger,
                checkpoint: Rehearsal.checkpoint
            ).publish(staged, entry, carried: [], run: nil)
        } catch {
            if try store.ledger.batch(number) == nil { try staged.discard() }
            throw error
        }
        self.files = files
    }

    /// In a flat layout the names carry the number; elsewhere they stay.
    private static func newName(
        _ name: String,
        _ old: Int,
        _ new: Int,
        _ layout: BatchEntry.Layout
    ) -> String {
        guard layout == .flat else { return name }
        let digits = String(old)
        // The number as it stands, with whatever zeros the template put before it.
        var parts: [Substring] = []
        var rest = Substring(name)
        while let start = rest.firstIndex(where: \.isNumber) {
            let end = rest[start...].firstIndex { !$0.isNumber } ?? rest.endIndex
            let run = rest[start..<end]
            parts.append(rest[..<start])
            if run.drop(while: { $0 == "0" }) == digits[...] {
                let text = String(new)
                let zeros = String(repeating: "0", count: max(0, run.count - text.count))
                return parts.joined() + zeros + text + rest[end...]
            }
            parts.append(run)
            rest = rest[end...]
        }
        return "reissue-\(new)_\(name)"
    }
}
