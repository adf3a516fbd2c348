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
            try DurableFolder.create(configuration.state, code: .inputOutput)
            let id = UUID().uuidString.lowercased()
            let outbox = Outbox(path: configuration.outbox)
            try Ledger.create(in: configuration.state, id: id, at: Environment.now())
            try outbox.create(for: id)
            let report = Report(
                ledger: id,
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
