internal import ArgumentParser
internal import Delivery
internal import FoundationEssentials
internal import Transactions

/// `explain`: from a line of a published file to its transactions, and from a transaction to all that
/// became of it.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell where a line comes from, or what became of a transaction.",
        discussion: """
            Examples:
              occ-export explain outbox/2026-11-23_ledger_000042/postings.csv:17
              occ-export explain --transaction 7000000123

            A line is told field by field: the value, the expression of the template that made it, the row \
            and the archived answer that the row came in. A transaction is told with all its versions, \
            batches, and the lines of their files that it stands in. A file is known by its name and \
            content, wherever its consumer has put it. Cards show their last four digits; drivers, plates \
            and odometers show with --personal.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "A file and the number of a line, from 1: FILE:LINE.")
    var place: String?

    @Option(help: "The id of a transaction.")
    var transaction: String?

    @Flag(help: "Show personal values too.")
    var personal = false

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let ledger = try Ledger(in: configuration.state)
            let lineage = Lineage(ledger, configuration, showsPersonal: personal)
            var report = Explanation()
            var ids: [String] = []
            if let transaction {
                ids = [transaction.split(separator: "#").first.map(String.init) ?? transaction]
            } else if let place {
                ids = try lineage.explain(place, &report)
            } else {
                throw ValidationError("say FILE:LINE or --transaction ID, such as postings.csv:17")
            }
            for id in ids {
                for history in try ledger.histories(of: id) {
                    var item = Explanation.Item(
                        history,
                        state: configuration.state,
                        showsPersonal: personal
                    )
                    if transaction != nil { item.lines = try lineage.lines(of: history) }
                    report.transactions.append(item)
                }
            }
            guard !report.transactions.isEmpty || report.line != nil else {
                throw RunError(
                    .data,
                    "the ledger knows no transaction '\(ids.first ?? "")'; is the id whole, and was its day fetched ('occ-export status')?"
                )
            }
            try console.result(report) { report.text }
            return .done
        }
    }
}
