internal import Delivery
internal import Templates
internal import Transactions

/// What a run did, for people and programs.
struct RunReport: Encodable {
    /// One contract or feed asked.
    struct Fetched: Encodable {
        var feed: String
        var contract: String?
        var window: String?
        var transactions = 0
        var new = 0
        var changed = 0
        /// Rows of which no transaction could be made.
        var rejected = 0
        /// How many of those an operator has let go.
        var released = 0
        /// Transactions that are gone at the source.
        var vanished: [String] = []
        /// Transactions that were gone and are back.
        var returned: [String] = []
        /// Ids that stand under two contracts with other content.
        var conflicts: [String] = []
        var warnings: [String] = []
        var error: String?
        var days: Window?

        private enum CodingKeys: String, CodingKey {
            case feed, contract, window, transactions, new, changed, rejected, released, vanished
            case returned, conflicts, warnings, error
        }

        init(feed: String, contract: String?, error: String? = nil) {
            self.feed = feed
            self.contract = contract
            self.error = error
        }

        /// Whether the run's status tells of it.
        var isPartial: Bool {
            error != nil || rejected > released || !vanished.isEmpty || !conflicts.isEmpty
        }
    }

    /// One batch of an export, or that there was none.
    struct Exported: Encodable {
        /// A transaction that cannot be mapped.
        struct Rejection: Encodable {
            let key: String
            let reason: String
            let message: String
        }

        var export: String
        var batch: String?
        var number: Int?
        var transactions = 0
        var files: [String] = []
        /// Kept back or waiting, by reason.
        var held: [String: Int] = [:]
        var notMatching: [String: Int] = [:]
        var rejections: [Rejection] = []
        /// Rejected while rendering, with their documents.
        var rejected: [String: String] = [:]
        var changed: [String] = []
        var invoiced: [String] = []
        var vanished: [String] = []
        /// What people must know of the documents: texts cut, rows left out.
        var notices: [String] = []
        /// By lookup, the products that it has no row for: they went where the template says.
        var unknownProducts: [String: [String]] = [:]
        /// By lookup, what it was asked in this run.
        var lookups: [String: LookupReport] = [:]
        /// Held by a rule, or a correction that waits for `resolve`.
        var needsAttention = 0
        /// Whether a contract or the feed could not be read, so that there may be more to send.
        var sourceFailed = false
        var error: String?

        init(export: String) { self.export = export }

        /// Takes over what stays behind, and what happened.
        mutating func take(_ verdicts: Verdicts, _ events: [TransactionEvent]) {
            notMatching = verdicts.notMatching
            for candidate in verdicts.open { leave(candidate) }
            for event in events {
                switch event.kind {
                case "changed": changed.append("\(event.key)")
                case "invoiced": invoiced.append("\(event.key)")
                default: vanished.append("\(event.key): \(event.kind)")
                }
            }
        }

        /// Takes over which products the lookups of a plan do not know.
        mutating func take(_ lookups: [LookupUse]) {
            for lookup in lookups {
                self.lookups[lookup.name] = LookupReport(lookup)
                guard !lookup.unknownProducts.isEmpty else { continue }
                unknownProducts[lookup.name] = lookup.unknownProducts
            }
        }

        /// What a lookup was asked: rows that nobody asks for any more, and questions without a row.
        struct LookupReport: Encodable {
            /// Rows of its file.
            let rows: Int
            /// How many of them no transaction of this run asked for.
            let unusedRows: Int
            /// The lines of those, counted from 1, the first 100.
            let unusedLines: [Int]
            /// Questions that found no row.
            let misses: Int
            /// How many products have no row.
            let unknownProducts: Int

            init(_ use: LookupUse) {
                rows = use.rows
                unusedRows = use.unusedLines.count
                unusedLines = Array(use.unusedLines.prefix(100))
                misses = use.misses
                unknownProducts = use.unknownProductCount
            }
        }

        /// Counts a transaction that stays behind.
        mutating func leave(_ candidate: OpenCandidate) {
            switch candidate.kind {
            case .waiting, .dropped: held[candidate.reason, default: 0] += 1
            case .held, .correction:
                held[candidate.reason, default: 0] += 1
                needsAttention += 1
            case .rejected:
                rejections.append(
                    Rejection(
                        key: "\(candidate.key)",
                        reason: candidate.reason,
                        message: candidate.message
                    )
                )
            }
        }

        /// Whether the run's status tells of it.
        var isPartial: Bool {
            error != nil || !rejections.isEmpty || !rejected.isEmpty || !changed.isEmpty
                || !vanished.isEmpty || needsAttention > 0
        }
    }

    var dryRun = false
    var window = ""
    var recovered: [String] = []
    var collected: [String] = []
    var fetched: [Fetched] = []
    var exports: [Exported] = []
    var status = ExitStatus.done.name
    /// What ended the run before its end.
    var error: String?

    /// The report for a terminal.
    var text: String {
        var lines: [String] = recovered.map { "settled batch \($0) of an interrupted run" }
        for item in fetched { lines += Self.fetchedLines(item) }
        for item in exports { lines += exportedLines(item) }
        return Console.lines(lines)
    }

    private static func fetchedLines(_ item: Fetched) -> [String] {
        let place = item.feed + (item.contract.map { " of contract \($0)" } ?? "")
        if let error = item.error { return ["\(place): \(error)"] }
        var line = "\(place): \(item.transactions) transactions, \(item.new) new"
        if item.changed > 0 { line += ", \(item.changed) changed" }
        if item.rejected > 0 { line += ", \(item.rejected) rows set aside" }
        if item.released > 0 { line += ", \(item.released) of them let go" }
        var lines = [line]
        lines += item.vanished.prefix(20).map { "  gone at the source: transaction \($0)" }
        lines += item.returned.prefix(20).map { "  back at the source: transaction \($0)" }
        lines += item.conflicts.prefix(20).map {
            "  transaction \($0) stands under two contracts with different content; decide with 'occ-export resolve'"
        }
        lines += item.warnings.map { "  \($0)" }
        return lines
    }

    private func exportedLines(_ item: Exported) -> [String] {
        var lines: [String] = []
        if let error = item.error {
            lines.append("\(item.export): \(error)")
        } else if let batch = item.batch {
            lines.append(
                "\(item.export): \(dryRun ? "would publish" : "published") \(batch) with \(item.transactions) transactions"
            )
            lines += item.files.map { "  \($0)" }
        } else {
            lines.append(
                item.sourceFailed
                    ? "\(item.export): nothing to publish; what could not be read is due when it answers again"
                    : "\(item.export): nothing new to publish"
            )
        }
        for (reason, count) in item.held.sorted(by: { $0.key < $1.key }) {
            lines.append("  held: \(count) (\(reason))")
        }
        var rejected = item.rejections.map { ($0.key, "\($0.message) [\($0.reason)]") }
        rejected += item.rejected.map { ($0.key, $0.value) }
        rejected.sort { $0.0 < $1.0 }
        for (key, reason) in rejected.prefix(20) {
            lines.append("  rejected: transaction \(key): \(reason)")
        }
        if rejected.count > 20 { lines.append("  and \(rejected.count - 20) more") }
        lines += item.notices.prefix(20).map { "  note: \($0)" }
        if item.notices.count > 20 { lines.append("  and \(item.notices.count - 20) notes more") }
        for key in item.changed.prefix(20) {
            lines.append("  changed at the source after export: transaction \(key)")
        }
        if item.changed.count > 20 { lines.append("  and \(item.changed.count - 20) more") }
        for event in item.vanished.prefix(20) {
            lines.append("  after export: transaction \(event)")
        }
        for (lookup, products) in item.unknownProducts.sorted(by: { $0.key < $1.key }) {
            let more = (item.lookups[lookup]?.unknownProducts ?? 0) - products.count
            lines.append(
                "  lookup '\(lookup)' has no row for product \(products.joined(separator: ", "))"
                    + (more > 0 ? " and \(more) more" : "")
            )
        }
        return lines
    }
}
