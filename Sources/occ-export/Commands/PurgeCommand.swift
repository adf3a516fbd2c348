internal import ArgumentParser
internal import Delivery
internal import Transactions

/// `purge`: deletes values, answers and copies that are older than the retention.
struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Delete values, answers and copies of batches that are past their retention.",
        discussion: """
            Keys and batch numbers stay, so that nothing is exported twice. The outbox is its consumers': \
            nothing of it is deleted.

            --driver and --card delete the values of one person's purchases whatever their age, with the \
            answers and copies of batches that hold them. The name or number is read from standard input, \
            so that it stands in no list of processes:
              printf %s "$NAME" | occ-export purge --driver --yes
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Flag(help: "Delete what is one driver's; the name comes on standard input.")
    var driver = false

    @Flag(help: "Delete what is one card's; the number comes on standard input.")
    var card = false

    @Flag(help: "Do it; without this nothing is deleted.")
    var yes = false

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            guard !(driver && card) else {
                throw ValidationError(
                    "--driver and --card exclude each other; purge one after the other"
                )
            }
            let now = Environment.now()
            let cutoff = UTCTimestamp(startOf: configuration.retention.before(now.date))
            guard yes else {
                console.note(
                    driver || card
                        ? "would delete one person's values; add --yes to do it"
                        : "would delete what is older than \(cutoff.date); add --yes to do it"
                )
                return .usage
            }
            let store = try Store(configuration)
            _ = try store.recover()
            let outcome: PurgeOutcome
            if driver || card {
                guard let value = readLine(strippingNewline: true), !value.isEmpty else {
                    throw ValidationError(
                        "there is no name or number on standard input; pipe it in: printf %s \"$NAME\" | occ-export purge --driver --yes"
                    )
                }
                let field = driver ? Field.driverName : .cardNumber
                outcome = try store.ledger.purge(
                    where: { $0.text(field) == value },
                    store.archive,
                    at: now
                )
            } else {
                outcome = try store.ledger.purge(before: cutoff, store.archive, at: now)
            }
            try console.result(outcome) {
                "deleted the values of \(outcome.versions) versions, \(outcome.answers) answers, the copies of \(outcome.batches) batches"
            }
            return .done
        }
    }
}
