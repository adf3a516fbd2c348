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
            is ERP-TEST-1, its key 0123456789abcdef eight times over. Everything follows from the \
            seed and the day: as the day is moved on, purchases appear, get invoiced and corrected.

            Examples:
              occ-sandbox
              occ-sandbox --port 0 --seed 7 --rows 2000 --today 2026-11-24
              occ-sandbox --events late,corrected,vanished --row-limit 500
              curl -d '{"now":"2026-11-25T03:00:00Z"}' http://127.0.0.1:8085/sandbox/clock
              curl -d '[{"operation":"ContractTransactions","status":503}]' http://127.0.0.1:8085/sandbox/faults
              curl http://127.0.0.1:8085/sandbox/sums

            docs/sandbox.md tells of all faults, of the books and of how to rehearse a month of nights.
            """
    )

    @Option(help: "The port on 127.0.0.1; 0 for one that the kernel picks.")
    var port: UInt16 = 8085

    @Option(help: "Where all chance comes from.")
    var seed: UInt64 = 1

    @Option(help: "The day it is, yyyy-MM-dd; default: today.")
    var today: String?

    @Option(help: "Purchases of the 150 days up to today; they go on at the same rate.")
    var rows = 400

    @Option(help: "How many contracts there are.")
    var contracts = 3

    @Option(
        help: ArgumentHelp(
            "What befalls purchases: late, corrected, lines, vanished, shared, doubled; or usual, all, none.",
            discussion: "Names with commas between; usual is late,corrected,lines."
        )
    )
    var events = "usual"

    @Option(help: "The most rows an answer has, silently; default: no limit.")
    var rowLimit: Int?

    @Flag(help: "A window that ends after today is refused.")
    var refuseFuture = false

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
        guard (0...10_000_000).contains(rows), (1...1_000).contains(contracts) else {
            throw ValidationError("--rows is 0 to 10000000, --contracts 1 to 1000")
        }
        var settings = SandboxServer.Settings(today: day)
        settings.seed = seed
        settings.rows = rows
        settings.contracts = contracts
        settings.accessId = accessId
        settings.clockOffset = clockOffset
        settings.hasChargingSessions = !noEv
        settings.rowLimit = rowLimit
        settings.refusesFutureDays = refuseFuture
        settings.events = []
        for name in events.split(separator: ",") {
            guard let known = SandboxEvents.names.first(where: { $0.name == name }) else {
                let names = SandboxEvents.names.map(\.name).joined(separator: ", ")
                throw ValidationError("'--events \(name)' is not known; there are \(names)")
            }
            settings.events.formUnion(known.event)
        }
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
