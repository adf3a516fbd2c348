internal import ArgumentParser
internal import Delivery
internal import Foundation

/// `init`: makes the ledger and the outbox; `run` never does.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the ledger and the outbox, once.",
        discussion: """
            'run' never creates a ledger: with a state volume that is not mounted it would export \
            everything again. So this is done once, by hand.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    private struct Report: Encodable {
        let ledger: String
        let state: String
        let outbox: String
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let outbox = Outbox(path: configuration.outbox)
            let owner = try outbox.owner()
            if try !Ledger.exists(in: configuration.state) {
                guard owner == nil else {
                    throw RunError(
                        .operatorMustDecide,
                        "\(configuration.outbox): the outbox belongs to a ledger that is not in \(configuration.state); bring that one back, rebuild it with 'occ-export reconcile', or choose an empty outbox"
                    )
                }
                try DurableFolder.create(configuration.state, code: .inputOutput)
                try Ledger.create(
                    in: configuration.state,
                    id: UUID().uuidString.lowercased(),
                    at: Environment.now()
                )
            } else if owner != nil {
                throw RunError(
                    .inputOutput,
                    "\(configuration.state)/ledger.sqlite: there is a ledger already; nothing was changed"
                )
            }
            // Doing it again completes what an interrupted one began; the stamp comes last.
            try Archive(in: configuration.state).create()
            let ledger = try Ledger(in: configuration.state)
            try outbox.createFolders()
            try outbox.adopt(ledger)
            let report = Report(
                ledger: ledger.id,
                state: configuration.state,
                outbox: configuration.outbox
            )
            try console.result(report) {
                "created the ledger in \(configuration.state) and the outbox \(configuration.outbox)"
            }
            return .done
        }
    }
}
