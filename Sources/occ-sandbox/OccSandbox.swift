internal import ArgumentParser
internal import Foundation
internal import Sandbox

/// `occ-sandbox`: the mock API as a program.
@main
struct OccSandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "occ-sandbox",
        abstract: "A mock OCC Partners API on loopback, with made-up data.",
        discussion: """
            Prints its address once it listens, and answers until it is ended. The default access id \
            is ERP-TEST-1, its key 0123456789abcdef eight times over.

            Examples:
              occ-sandbox
              occ-sandbox --port 0 --seed 7 --rows 2000 --today 2026-11-24
              curl -d '[{"operation":"ContractTransactions","status":503}]' http://127.0.0.1:8085/sandbox/faults
            """
    )

    @Option(help: "The port on 127.0.0.1; 0 for one that the kernel picks.")
    var port: UInt16 = 8085

    @Option(help: "Where all chance comes from.")
    var seed: UInt64 = 1

    @Option(help: "The last day with rows, yyyy-MM-dd; default: today.")
    var today: String?

    @Option(help: "Rows of contract transactions in all.")
    var rows = 400

    @Option(help: "How many contracts there are.")
    var contracts = 3

    @Option(help: "The access id it knows.")
    var accessId = "ERP-TEST-1"

    @Option(help: "A file with the pre-shared key of that access id.")
    var pskFile: String?

    @Option(help: "Seconds that its clock is ahead of the system's; may be negative.")
    var clockOffset = 0

    @Flag(help: "Charging sessions are not enabled for the access id.")
    var noEv = false

    func run() async throws {
        guard let day = today.map({ SandboxDay($0) }) ?? SandboxDay.systemToday else {
            throw ValidationError("'--today \(today ?? "")' is no day as yyyy-MM-dd")
        }
        guard rows >= 0, (1...1_000).contains(contracts) else {
            throw ValidationError("--rows is 0 or more, --contracts 1 to 1000")
        }
        var settings = SandboxServer.Settings(today: day)
        settings.seed = seed
        settings.rows = rows
        settings.contracts = contracts
        settings.accessId = accessId
        settings.clockOffset = clockOffset
        settings.hasChargingSessions = !noEv
        if let pskFile {
            settings.key = try String(contentsOfFile: pskFile, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let sandbox = try SandboxServer(settings, port: port)
        let serving = Task { try await sandbox.run() }
        let line = "listening on http://127.0.0.1:\(try await sandbox.port())/api/v1\n"
        try FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        try await serving.value
    }
}
