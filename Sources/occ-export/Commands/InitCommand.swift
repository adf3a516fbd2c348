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
            let isNew = try !Ledger.exists(in: configuration.state)
            if isNew {
                guard try outbox.owner() == nil else {
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
            }
            // Doing it again completes what an interrupted one began; the stamp comes last.
            try Archive(in: configuration.state).create()
            let ledger = try Ledger(in: configuration.state)
            try Self.requireUnstamped(outbox, ledger, configuration)
            try outbox.createFolders()
            try outbox.adopt(ledger)
            let report = Report(
                ledger: ledger.id,
                state: configuration.state,
                outbox: configuration.outbox
            )
            try console.result(report) {
                isNew
                    ? "created the ledger in \(configuration.state) and the outbox \(configuration.outbox); next: occ-export doctor"
                    : "gave the outbox \(configuration.outbox) to the ledger in \(configuration.state)"
            }
            return .done
        }
    }

    /// Refuses what would go on with the wrong outbox.
    private static func requireUnstamped(
        _ outbox: Outbox,
        _ ledger: Ledger,
        _ configuration: Configuration
    ) throws {
        guard try outbox.owner() == nil else {
            throw RunError(
                .inputOutput,
                "\(configuration.state)/ledger.sqlite: there is a ledger already, and the outbox \(configuration.outbox) has its stamp; nothing was changed; 'occ-export status' shows them, and to begin anew set state: and outbox: to new folders"
            )
        }
        // With a volume that is not mounted, a second outbox would begin beside the first.
        let last = try ledger.lastNumber()
        guard try last == 0 || outbox.hasRecords() else {
            throw RunError(
                .operatorMustDecide,
                "\(configuration.outbox): the ledger in \(configuration.state) has published \(last) batches, and this outbox knows none of them; is it mounted? To go on in another outbox, move the old one's folder .occ-export there first"
            )
        }
    }
}
