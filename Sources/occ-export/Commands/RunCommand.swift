internal import ArgumentParser
internal import Delivery
internal import OCCClient
internal import Transactions

/// `run`: the nightly job.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Fetch, map and publish what is new: the nightly job.",
        discussion: """
            Examples:
              occ-export run
              occ-export run --dry-run
              occ-export run --export purchases --from 2026-10-01

            A second run at once finds nothing new; only an export with empty_batch publishes, a batch \
            without transactions. A run that was interrupted is settled by the next.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Flag(help: "Fetch and record, render in memory, publish nothing.")
    var dryRun = false

    @Option(name: .customLong("export"), help: "Only this export; may be given several times.")
    var exports: [String] = []

    @Option(help: "First day to ask for, in UTC: yyyy-MM-dd.", transform: RunCommand.day)
    var from: CalendarDate?

    @Option(help: "Last day to ask for, in UTC: yyyy-MM-dd.", transform: RunCommand.day)
    var to: CalendarDate?

    @Flag(
        help:
            "Let days go that the API no longer answers for; recorded in the ledger and in manifests."
    )
    var acceptGap = false

    func validate() throws {
        guard !(dryRun && acceptGap) else {
            throw ValidationError(
                "--accept-gap lets days go for good, and a dry run decides nothing; say one of them"
            )
        }
    }

    static func day(_ text: String) throws -> CalendarDate {
        guard let day = CalendarDate(text) else {
            throw ValidationError("'\(text)' is no day as yyyy-MM-dd, such as 2026-11-23")
        }
        return day
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let setup = try Setup(file)
            for name in exports
            where !setup.configuration.exports.contains(where: { $0.name == name }) {
                throw setup.configuration.unknownExport(name)
            }
            let plans = try setup.plans(named: exports)
            let key = try setup.key()
            Interruption.listen()
            let run = ExportRun(
                configuration: setup.configuration,
                plans: plans,
                options: .init(
                    isDryRun: dryRun,
                    exports: exports,
                    from: from,
                    to: to,
                    acceptsGap: acceptGap
                ),
                clock: Environment.clock,
                key: key,
                console: console,
                logger: output.logger
            )
            do {
                let (report, status) = try await run.run()
                try console.result(report) { report.text }
                return status
            } catch is CancellationError where Interruption.isRequested {
                console.note("interrupted; nothing is half done, the next run goes on")
                return Interruption.status
            }
        }
    }
}

/// What the commands that work for exports begin with.
struct Setup {
    let configuration: Configuration

    init(_ options: ConfigurationOptions) throws {
        configuration = try Configuration(file: options.path(environment: Environment.variables))
        try Environment.requireRehearsal(of: configuration.source.client)
    }

    /// The exports' templates, proven; all of them, or those named.
    func plans(named names: [String] = []) throws -> [ExportPlan] {
        try configuration.exports.filter { names.isEmpty || names.contains($0.name) }.map {
            try ExportPlan($0, timeZone: configuration.timeZone)
        }
    }

    func key() throws -> PreSharedKey {
        try PreSharedKey.find(
            file: configuration.source.pskFile,
            variable: configuration.source.pskVariable,
            environment: Environment.variables
        ).key
    }

    func client(_ output: OutputOptions) throws -> OCCClient {
        try OCCClient(
            configuration.source.client,
            key: try key(),
            clock: Environment.clock,
            logger: output.logger
        )
    }
}
