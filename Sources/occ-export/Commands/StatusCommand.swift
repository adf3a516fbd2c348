internal import ArgumentParser
internal import Delivery
internal import Templates
internal import Transactions

/// `status`: what is known, covered and published.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is recorded, covered, published and due."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    private struct Report: Encodable {
        struct Export: Encodable {
            let name: String
            let batches: Int
            let last: String?
            let due: Int
        }
        let ledger: String
        let transactions: [String: Int]
        let lastRun: String?
        let lastStatus: String?
        let exports: [Export]
        let prepared: Int
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let setup = try Setup(file)
            let ledger = try Ledger(in: setup.configuration.state)
            let batches = try ledger.batches()
            let summary = try ledger.summary()
            var exports: [Report.Export] = []
            for plan in try setup.plans() {
                let own = batches.filter { $0.export == plan.export.name }
                let due = try ledger.due(
                    export: plan.export.name,
                    feed: plan.plan.feed,
                    earliest: UTCTimestamp(startOf: plan.export.start).seconds
                )
                exports.append(
                    .init(
                        name: plan.export.name,
                        batches: own.count,
                        last: own.last?.name,
                        due: due.count
                    )
                )
            }
            let report = Report(
                ledger: ledger.id,
                transactions: summary.transactions,
                lastRun: summary.lastRun.flatMap { UTCTimestamp(seconds: $0.started) }.map {
                    "\($0)"
                },
                lastStatus: summary.lastRun?.status,
                exports: exports,
                prepared: batches.filter { $0.state == .prepared }.count
            )
            try console.result(report) { Self.text(report) }
            return .done
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
        for export in report.exports {
            lines.append(
                "\(export.name): \(export.batches) batches, last \(export.last ?? "none"), \(export.due) transactions not exported"
            )
        }
        if report.prepared > 0 {
            lines.append("\(report.prepared) batches wait for the next run to publish them")
        }
        return lines.joined(separator: "\n")
    }
}
