internal import ArgumentParser
internal import Delivery
internal import FoundationEssentials
internal import Transactions

/// `reissue`: the same data files once more, under a new number.
struct ReissueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reissue",
        abstract: "Publish a batch's data files again, byte for byte, under a new number.",
        discussion: """
            Example:
              occ-export reissue 42

            The manifest says 'kind: reissue' and 'of: [42]', so that a consumer can refuse what it has \
            already. The files come from the archive: what became of template, lookups or parameters \
            since changes nothing. In the flat layout they get the new number in their names; names that \
            stand inside of files, as in a data package, stay those of the first issue.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "The batch's number.")
    var number: Int

    private struct Report: Encodable {
        let batch: String
        let number: Int
        let of: Int
        let files: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let store = try Store(configuration)
            _ = try store.recover()
            Interruption.listen()
            let reissue = try Reissue(number, store, configuration.timeZone, at: Environment.now())
            let report = Report(
                batch: reissue.name,
                number: reissue.number,
                of: number,
                files: reissue.files
            )
            try console.result(report) {
                "published \(report.batch), which repeats batch \(report.of)"
            }
            return .done
        }
    }
}
