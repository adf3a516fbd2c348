internal import Delivery
internal import FoundationEssentials
internal import Templates
internal import Transactions

/// Puts together what a batch's manifest says.
struct ManifestMaking {
    let outgoing: Outgoing
    let batch: BatchContext
    let kind: BatchEntry.Kind
    let staged: StagedBatch
    let ledger: Ledger

    func manifest(
        _ rendering: Rendering,
        _ finished: [StagedSink.Finished],
        _ rows: [Wanted],
        _ totals: BatchTotals,
        _ readBack: BatchReadBack,
        _ invoices: [String: [Manifest.ControlTotal]],
        _ entry: RunReport.Exported
    ) throws -> Manifest {
        let exportPlan = outgoing.exportPlan
        var manifest = Manifest()
        manifest.name = staged.ownName.lowercased()
        manifest.id = batch.id
        manifest.title = exportPlan.plan.template.title
        manifest.created = "\(batch.created)"
        manifest.kind = kind.rawValue
        manifest.layout = staged.layout.rawValue
        manifest.program = "occ-export \(Program.version)"
        manifest.ledger = ledger.id
        manifest.number = batch.number
        manifest.previous = try ledger.lastManifestHash()
        manifest.export = exportPlan.export.name
        manifest.template = exportPlan.plan.template.name
        manifest.templateHash = "sha256:\(exportPlan.templateHash)"
        manifest.feed = exportPlan.plan.feed.rawValue
        manifest.window = outgoing.window.map { ["\($0.from)", "\($0.to)"] } ?? []
        manifest.held = entry.held
        manifest.notMatching = outgoing.verdicts.notMatching
        manifest.rejected = entry.rejections.map {
            .init(transactionId: $0.key, reason: $0.reason, message: $0.message)
        }
        manifest.rejected.sort { $0.transactionId < $1.transactionId }
        manifest.tell(outgoing.events)
        manifest.notices = rendering.notices.isEmpty ? nil : rendering.notices
        manifest.acceptedGaps = try ledger.acceptedGaps()
            .filter { $0.feed == exportPlan.plan.feed }
            .map { "\($0.feed.rawValue) \($0.contract ?? "") \($0.days)" }
        manifest.set(totals)
        for row in rows {
            switch row.role {
            case .original: manifest.rows.originals += 1
            case .reversal: manifest.rows.reversals += 1
            case .replacement: manifest.rows.replacements += 1
            }
        }
        manifest.summary = staged.summaryName
        manifest.numberDocuments(of: rendering)
        for written in finished {
            if let file = rendering.files.first(where: {
                $0.package == nil && $0.name == written.name
            }) {
                var made = resource(file, written, readBack)
                made.controlTotals += invoices[file.name] ?? []
                manifest.resources.append(made)
            } else {
                let inside = rendering.files.filter { $0.package == written.name }
                var made = Manifest.Resource.package(written, of: inside)
                made.members = inside.compactMap { member($0, readBack) }
                for file in inside {
                    made.controlTotals += (invoices[file.name] ?? []).map { total in
                        var total = total
                        total.name = "\(file.name): \(total.name)"
                        return total
                    }
                }
                manifest.resources.append(made)
            }
        }
        return manifest
    }

    /// A file in a package, as it was unpacked again.
    private func member(_ file: RenderedFile, _ readBack: BatchReadBack) -> Manifest.Resource? {
        readBack.members[file.name].map { found in
            var resource = Manifest.Resource.file(file, size: found.size, hash: found.hash)
            resource.validatedBy = readBack.validatedBy[file.name].map { [$0] } ?? []
            resource.describe(readBack.tables[file.name])
            return resource
        }
    }

    private func resource(
        _ file: RenderedFile,
        _ written: StagedSink.Finished,
        _ readBack: BatchReadBack
    ) -> Manifest.Resource {
        var resource = Manifest.Resource.file(file, size: written.size, hash: written.hash)
        resource.validatedBy = readBack.validatedBy[file.name].map { [$0] } ?? []
        resource.describe(readBack.tables[file.name])
        return resource
    }
}
