internal import ArgumentParser
internal import Delivery

/// `backup`: a whole copy of the ledger, while nothing writes it.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the ledger to a file, whole and checked.",
        discussion: """
            Example:
              occ-export backup /mnt/backup/ledger-$(date +%F).sqlite

            The archive is a folder of files that never change: copy it with any tool. After a copy was \
            put back, 'reconcile' reads the batches since from the outbox.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "The copy; it must not be there yet.")
    var target: String

    private struct Report: Encodable {
        let file: String
        let lastBatch: Int
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let lock = try FileLock("\(configuration.state)/lock", code: .inputOutput)
            defer { withExtendedLifetime(lock) {} }
            let ledger = try Ledger(in: configuration.state)
            try ledger.backup(to: target)
            let report = Report(file: target, lastBatch: try ledger.lastNumber())
            try console.result(report) {
                "copied the ledger to \(report.file); its last batch is \(report.lastBatch)"
            }
            return .done
        }
    }
}
