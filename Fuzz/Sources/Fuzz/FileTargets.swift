internal import Configuration
internal import Delivery

/// Text of occ-export.yaml.
struct ConfigurationsTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        Scratch.write(bytes, "occ-export.yaml")
        onlyDocumentedErrors {
            try readConfiguration(file: "\(Scratch.folder)/occ-export.yaml")
        }
    }
}

/// A manifest that is found in the outbox: read or refused, and what is read comes back.
struct ManifestsTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        let manifest: Manifest
        do throws(DeliveryError) {
            manifest = try Manifest(bytes, path: "manifest.json")
        } catch {
            claim(error.code == .difference, "\(error)")
            return
        }
        do throws(DeliveryError) {
            let encoded = try manifest.encoded()
            let again = try Manifest(encoded, path: "manifest.json")
            claim(try again.encoded() == encoded, "a manifest that does not come back")
        } catch {
            complain("a manifest that was read cannot be written: \(error)")
        }
    }
}

/// A record of a batch that is found in the outbox: read or refused, and what is read stays in the
/// outbox and comes back.
struct RecordsTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        let record: BatchRecord
        do throws(DeliveryError) {
            record = try BatchRecord(bytes, path: "records/000001.jsonl")
        } catch {
            claim(error.code == .operatorMustDecide, "\(error)")
            return
        }
        claim(record.batch.number == 1, "batch \(record.batch.number) in the file of 1")
        for path in [record.batch.name] + record.batch.files.map(\.path) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            claim(
                parts.allSatisfy { !["", ".", ".."].contains($0) } && parts[0] != ".occ-export",
                "\(path) lies elsewhere"
            )
        }
        let path = "\(Scratch.folder)/000001.jsonl"
        do throws(DeliveryError) {
            try DurableFolder.removeIfThere(path, code: .outbox)
            try record.write(to: path)
            let again = try BatchRecord(
                try DurableFolder.contents(of: path, code: .outbox) ?? [],
                path: path
            )
            // An operator's word is noted in it later.
            claim(
                again.batch.files == record.batch.files && again.batch.name == record.batch.name
                    && again.carried == record.carried,
                "a record that does not come back"
            )
        } catch {
            complain("a record that was read cannot be written: \(error)")
        }
    }
}
