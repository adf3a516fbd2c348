internal import ArgumentParser
internal import Delivery

/// `reconcile`: reads in from the outbox what a lost or old ledger does not know.
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Rebuild what a lost or restored ledger does not know from the outbox's records.",
        discussion: """
            For a ledger that was restored from a backup, or is lost. Reads .occ-export/records, which \
            no consumer deletes: which transactions which batch carried. What the API said in between is \
            fetched again by the next run, as far back as the API answers.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    private struct Report: Encodable {
        let ledger: String
        let isNew: Bool
        let batches: [Int]
        let carried: Int
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let outbox = Outbox(path: configuration.outbox)
            let isNew = try !Ledger.exists(in: configuration.state)
            if isNew {
                guard let owner = try outbox.owner() else {
                    throw RunError(
                        .operatorMustDecide,
                        "\(configuration.outbox): there is nothing to reconcile: the outbox belongs to no ledger; run 'occ-export init'"
                    )
                }
                try DurableFolder.create(configuration.state, code: .inputOutput)
                try Archive(in: configuration.state).create()
                try Ledger.create(in: configuration.state, id: owner, at: Environment.now())
            }
            let store = try Store(configuration, isOwnerChecked: false)
            guard try outbox.owner() == store.ledger.id else {
                throw RunError(
                    .operatorMustDecide,
                    "\(configuration.outbox): the outbox belongs to another ledger than the one in \(configuration.state); nothing was changed; mend state: or outbox: in the configuration"
                )
            }
            let done = try Reconciliation(outbox, store.ledger, at: Environment.now())
            let report = Report(
                ledger: store.ledger.id,
                isNew: isNew,
                batches: done.batches,
                carried: done.carried
            )
            try console.result(report) {
                report.batches.isEmpty && !isNew
                    ? "the ledger knows all batches of the outbox; nothing was changed"
                    : "\(isNew ? "made a new ledger; " : "")read \(report.batches.count) batches with \(report.carried) rows from the outbox"
            }
            return .done
        }
    }
}
