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
