internal import ArgumentParser
internal import Delivery
internal import Transactions

/// `status`: what is known, covered, published, due and held.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is covered, published, held and uncollected.",
        discussion: """
            Status 3 when something wants attention: a gap ahead within 14 days, a batch that was not \
            collected in time, a transaction that cannot go out, a correction or conflict that waits for \
            'resolve', a last run that failed; 4 when an operator must decide before a run can go on: a \
            gap, an outbox that is not there or not this ledger's, a batch whose staging is gone.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    private struct Report: Encodable {
        struct Place: Encodable {
            let feed: String
            let contract: String?
            let sureFrom: String
            let sureTo: String
            let daysUntilGap: Int
        }
        struct Export: Encodable {
            let name: String
            let batches: Int
            let last: String?
            let open: [String: Int]
            let held: [Held]
        }
        struct Held: Encodable {
            let transactionId: String
            let kind: String
            let reason: String
            let message: String
        }
        struct Batch: Encodable {
            let name: String
            let export: String
            let days: Int
            let isLate: Bool
        }
        let ledger: String
        var transactions: [String: Int] = [:]
        var lastRun: String?
        var lastStatus: String?
        var coverage: [Place] = []
        var acceptedGaps: [String] = []
        var exports: [Export] = []
        var uncollected: [Batch] = []
        var prepared = 0
        var unread: [String] = []
        var conflicts: [String] = []
        var attention: [String] = []
    }

    /// Days before a gap from which on the status tells.
    private static let nearGap = 14

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let ledger = try Ledger(in: configuration.state)
            let (report, status) = try report(configuration, ledger, Environment.now())
            try console.result(report) { Self.text(report) }
            return status
        }
    }

    private func report(
        _ configuration: Configuration,
        _ ledger: Ledger,
        _ now: UTCTimestamp
    ) throws -> (Report, ExitStatus) {
        var report = Report(ledger: ledger.id)
        for (feed, count) in try ledger.counts() { report.transactions[feed.rawValue] = count }
        if let last = try ledger.lastRun() {
            report.lastRun = "\(last.started)"
            report.lastStatus = last.status
            let fine: [String?] = [ExitStatus.done.name, ExitStatus.partial.name, nil]
            if !fine.contains(last.status) {
                report.attention.append(
                    "the last run, \(last.started), failed (\(last.status ?? "")); \(configuration.state)/reports/\(last.id).json says why; mend it, then 'occ-export run'"
                )
            }
        }
        var status = ExitStatus.done
        for coverage in try ledger.coverage() {
            let days = coverage.daysUntilGap(today: now.date)
            report.coverage.append(
                .init(
                    feed: coverage.feed.rawValue,
                    contract: coverage.contract,
                    sureFrom: "\(coverage.days.from)",
                    sureTo: "\(coverage.days.to)",
                    daysUntilGap: days
                )
            )
            let place =
                coverage.feed.rawValue + (coverage.contract.map { " of contract \($0)" } ?? "")
            if let gap = coverage.gap(today: now.date) {
                report.attention.append(
                    "\(place): \(gap) was never fetched and is out of reach; ask Alexela for these days, then 'occ-export run --accept-gap' once"
                )
                status = .operatorMustDecide
            } else if days <= Self.nearGap {
                report.attention.append(
                    "\(place): sure up to \(coverage.days.to) only, a gap arises in \(days) \(days == 1 ? "day" : "days"); run 'occ-export run' before, and mend what keeps it"
                )
            }
        }
        for claim in try ledger.futureClaims(at: now) {
            report.attention.append("\(claim): the next run reads again what the API answers for")
        }
        report.acceptedGaps = try ledger.acceptedGaps().map {
            "\($0.feed.rawValue) \($0.contract ?? "") \($0.days)"
        }
        let batches = try ledger.batches()
        report.prepared = batches.filter { $0.state == .prepared }.count
        for export in configuration.exports { try add(export, batches, ledger, &report) }
        let outbox = Outbox(path: configuration.outbox)
        do throws(DeliveryError) {
            // In an outbox that is not mounted, everything would look collected.
            try outbox.requireOwner(ledger)
            try addUncollected(outbox, configuration, ledger, now, &report)
            for batch in batches where batch.state == .prepared {
                guard try !outbox.isStaged(batch) else { continue }
                report.attention.append(
                    "\(batch.name): was prepared, and its staging folder is gone; 'occ-export resolve --batch \(batch.number)' decides"
                )
                status = .operatorMustDecide
            }
        } catch {
            report.attention.append("\(error)")
            status = ExitStatus(error)
        }
        report.unread = try ledger.unread().filter { !$0.isReleased }.map { row in
            "\(row.feed.rawValue) \(row.contract ?? "") \(row.window): \(row.transactionId.map { "transaction \($0): " } ?? "")\(row.reason)"
        }
        report.conflicts = try ledger.conflicts().map {
            "transaction \($0.key): known under contract \($0.known), also under \($0.other)"
        }
        report.attention += (report.unread + report.conflicts).map {
            "\($0); 'occ-export resolve' asks what shall become of it"
        }
        if status == .done, !report.attention.isEmpty { status = .partial }
        return (report, status)
    }

    private func add(
        _ export: Configuration.Export,
        _ batches: [BatchEntry],
        _ ledger: Ledger,
        _ report: inout Report
    ) throws {
        let own = batches.filter { $0.export == export.name && $0.state != .void }
        let open = try ledger.open(of: export.name)
        var counts: [String: Int] = [:]
        for candidate in open { counts[candidate.reason, default: 0] += 1 }
        let held = open.filter { ![.waiting, .dropped].contains($0.kind) }
        for candidate in held where candidate.kind == .correction && candidate.choice == nil {
            report.attention.append(
                "\(export.name): transaction \(candidate.key) \(candidate.message); 'occ-export resolve --export \(export.name) --transaction \(candidate.key)\(Question.feed(of: candidate.key))' decides"
            )
        }
        var barred: [String: Int] = [:]
        for candidate in held where candidate.kind != .correction {
            barred[candidate.reason, default: 0] += 1
        }
        for (reason, count) in barred.sorted(by: { $0.key < $1.key }) {
            report.attention.append(
                "\(export.name): \(count) transactions cannot go out [\(reason)]; they are listed above, and 'occ-export resolve' tells what can be done"
            )
        }
        report.exports.append(
            .init(
                name: export.name,
                batches: own.count,
                last: own.last?.name,
                open: counts,
                held: held.map {
                    .init(
                        transactionId: "\($0.key)",
                        kind: $0.kind.rawValue,
                        reason: $0.reason,
                        message: $0.message
                    )
                }
            )
        )
    }

    private func addUncollected(
        _ outbox: Outbox,
        _ configuration: Configuration,
        _ ledger: Ledger,
        _ now: UTCTimestamp,
        _ report: inout Report
    ) throws(DeliveryError) {
        for batch in try Collection(outbox, ledger).waiting {
            let days = Collection.days(batch, until: now)
            let within = configuration.exports.first { $0.name == batch.export }?.collectWithin
            let isLate = within.map { days >= $0 } ?? false
            report.uncollected.append(
                .init(name: batch.name, export: batch.export, days: days, isLate: isLate)
            )
            if isLate {
                report.attention.append(
                    "\(batch.name): not collected for \(days) days; look at its consumer, or put an empty file '\(batch.name).ack' beside it if it has it"
                )
            }
        }
    }

    private static func text(_ report: Report) -> String {
        var lines = ["ledger \(report.ledger)"]
        lines.append(
            "last run: \(report.lastRun ?? "none") \(report.lastRun == nil ? "" : report.lastStatus ?? "did not end")"
        )
        for (feed, count) in report.transactions.sorted(by: { $0.key < $1.key }) {
            lines.append("\(feed): \(count) transactions recorded")
        }
        for place in report.coverage {
            lines.append(
                "\(place.feed)\(place.contract.map { " of contract \($0)" } ?? ""): sure from \(place.sureFrom) to \(place.sureTo)"
            )
        }
        lines += report.acceptedGaps.map { "never fetched, as decided: \($0)" }
        for export in report.exports {
            let waiting = export.open.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let rest =
                waiting.isEmpty ? "nothing waits" : "waiting: \(waiting.joined(separator: ", "))"
            lines.append(
                "\(export.name): \(export.batches) batches, last \(export.last ?? "none"); \(rest)"
            )
            lines += export.held.prefix(20).map {
                "  \($0.kind): transaction \($0.transactionId): \($0.message) [\($0.reason)]"
            }
            if export.held.count > 20 { lines.append("  and \(export.held.count - 20) more") }
        }
        if !report.uncollected.isEmpty {
            lines.append("\(report.uncollected.count) batches are not collected yet")
        }
        if report.prepared > 0 {
            lines.append("\(report.prepared) batches are prepared and not published yet")
        }
        lines += report.attention.map { "attention: \($0)" }
        return Console.lines(lines)
    }
}
