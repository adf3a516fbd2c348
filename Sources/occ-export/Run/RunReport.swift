/// What a run did, for people and programs.
struct RunReport: Encodable {
    /// One contract or feed asked.
    struct Fetched: Encodable {
        var feed: String
        var contract: String?
        var transactions = 0
        var new = 0
        var changed = 0
        var rejected = 0
        var warnings: [String] = []
        var error: String?
    }

    /// One export.
    struct Exported: Encodable {
        var export: String
        var batch: String?
        var number: Int?
        var transactions = 0
        var files: [String] = []
        var held: [String: Int] = [:]
        var notMatching = 0
        var rejected: [String: String] = [:]
        var changed: [String] = []
        var error: String?
    }

    var dryRun = false
    var window = ""
    var recovered: [String] = []
    var fetched: [Fetched] = []
    var exports: [Exported] = []
    var status = ExitStatus.done.name

    /// The report for a terminal.
    var text: String {
        var lines: [String] = recovered.map { "settled batch \($0) of an interrupted run" }
        for item in fetched {
            let place = item.feed + (item.contract.map { " of contract \($0)" } ?? "")
            if let error = item.error {
                lines.append("\(place): \(error)")
                continue
            }
            var line = "\(place): \(item.transactions) transactions, \(item.new) new"
            if item.changed > 0 { line += ", \(item.changed) changed" }
            if item.rejected > 0 { line += ", \(item.rejected) rows set aside" }
            lines.append(line)
            lines += item.warnings.map { "  \($0)" }
        }
        for item in exports {
            if let error = item.error {
                lines.append("\(item.export): \(error)")
            } else if let batch = item.batch {
                lines.append(
                    "\(item.export): \(dryRun ? "would publish" : "published") \(batch) with \(item.transactions) transactions"
                )
                lines += item.files.map { "  \($0)" }
            } else {
                lines.append("\(item.export): nothing new to publish")
            }
            for (reason, count) in item.held.sorted(by: { $0.key < $1.key }) {
                lines.append("  held: \(count) (\(reason))")
            }
            for (key, reason) in item.rejected.sorted(by: { $0.key < $1.key }).prefix(20) {
                lines.append("  rejected: transaction \(key): \(reason)")
            }
            if item.rejected.count > 20 { lines.append("  and \(item.rejected.count - 20) more") }
            for key in item.changed.prefix(20) {
                lines.append("  changed at the source after export: transaction \(key)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
