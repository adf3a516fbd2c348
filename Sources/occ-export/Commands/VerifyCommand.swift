internal import ArgumentParser
internal import Delivery

/// `verify`: the outbox against manifests and ledger.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold the outbox against its manifests and the ledger.",
        discussion:
            "Status 65 when something differs; batches that were collected are no difference."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    private struct Report: Encodable {
        let intact: Int
        let collected: Int
        let findings: [OutboxVerification.Finding]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let outbox = Outbox(path: configuration.outbox)
            let ledger = try Ledger(in: configuration.state)
            // In an outbox that is not mounted, everything would look collected.
            try outbox.requireOwner(ledger)
            let verification = try OutboxVerification(outbox, ledger)
            let report = Report(
                intact: verification.intact,
                collected: verification.collected,
                findings: verification.findings
            )
            try console.result(report) {
                Console.lines(
                    report.findings.map { "\($0.batch): \($0.message)" }
                        + [
                            "\(report.intact) batches intact, \(report.collected) collected, \(report.findings.count) findings"
                        ]
                )
            }
            return report.findings.isEmpty ? .done : .data
        }
    }
}
