internal import Crypto
internal import FoundationEssentials
internal import Templates
internal import Transactions

/// An export with its template proven.
struct ExportPlan: Sendable {
    let export: Configuration.Export
    let plan: Plan
    /// SHA-256 over the template's files by name.
    let templateHash: String

    /// Proves the template of an export; nothing was fetched yet.
    init(_ export: Configuration.Export, timeZone: TimeZoneRules) throws {
        self.export = export
        let template = try Template(folder: export.template)
        plan = try Plan(
            template: template,
            parameters: export.parameters,
            lookups: export.lookups,
            owner: export.node,
            timeZone: timeZone,
            when: export.when,
            programVersion: Program.version
        )
        var hash = SHA256()
        let names = try FileManager.default.contentsOfDirectory(atPath: export.template).sorted()
        for name in names {
            // Folders (tests) and notes have no part in what is written.
            guard [".yaml", ".xml", ".xsd", ".csv"].contains(where: name.hasSuffix),
                let data = FileManager.default.contents(atPath: "\(export.template)/\(name)")
            else { continue }
            hash.update(data: Data(name.utf8))
            hash.update(data: data)
        }
        // What it extends stands elsewhere.
        for file in template.sources where !file.hasPrefix(export.template + "/") {
            guard let data = FileManager.default.contents(atPath: file) else { continue }
            hash.update(data: Data(file.utf8))
            hash.update(data: data)
        }
        templateHash = Self.hexadecimal(hash.finalize())
    }

    /// The fingerprint of what an export makes of a transaction: its material fields.
    func material(_ transaction: Transaction) -> [UInt8] {
        var hash = SHA256()
        for field in plan.materialFields.sorted(by: { $0.rawValue < $1.rawValue }) {
            hash.update(data: [field.rawValue, transaction.has(field) ? 1 : 0])
            switch field.kind {
            case .text:
                let text = transaction.text(field) ?? ""
                hash.update(data: Data("\(text.utf8.count):\(text)".utf8))
            default:
                let text = [
                    transaction.amount(field).map { "\($0)" },
                    transaction.integer(field).map { "\($0)" },
                    transaction.timestamp(field).map { "\($0)" },
                ]
                hash.update(data: Data("\(text.compactMap { $0 }.first ?? "")|".utf8))
            }
        }
        return Array(hash.finalize())
    }

    /// A batch's id from what goes into it: the same inputs give the same id.
    func batchId(_ versions: [(key: TransactionKey, version: Int)]) -> String {
        var hash = SHA256()
        hash.update(data: Data("\(export.name)|\(templateHash)|".utf8))
        for name in plan.parameters.keys.sorted() {
            hash.update(data: Data("\(name)=\(plan.parameters[name] ?? "")|".utf8))
        }
        for (key, version) in versions {
            hash.update(data: Data("\(key.feed.rawValue)|\(key)|\(version)|".utf8))
        }
        return "\(export.name)-\(Self.hexadecimal(hash.finalize()).prefix(16))"
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
