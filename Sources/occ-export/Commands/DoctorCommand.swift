internal import ArgumentParser

/// `doctor`: looks for what would go wrong tonight.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for whatever would make tonight's run fail; change nothing.",
        discussion: """
            Looks at configuration, templates, pre-shared key, state folder, ledger, outbox, disk, API \
            and clock, each by itself. The exit status is that of the first thing that failed; things \
            that are only worth a look do not change it.

            Examples:
              occ-export doctor
              occ-export doctor --data     what do prices and VAT rates of real rows mean?
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Flag(help: "Read the last 31 days' rows and say what their prices and VAT rates mean.")
    var data = false

    func run() async throws {
        let console = output.console
        try await console.run {
            let doctor = Doctor(setup: try Setup(file), output: output, readsData: data)
            let diagnosis = await doctor.examine()
            try console.result(diagnosis.examinations) {
                diagnosis.examinations.map(\.line).joined(separator: "\n")
            }
            return diagnosis.firstFailure.map { ExitStatus($0) } ?? .done
        }
    }
}
