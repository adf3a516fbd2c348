internal import ArgumentParser
internal import Delivery
internal import Foundation
internal import OCCClient
internal import Templates
internal import Transactions

/// `doctor`: looks for what would go wrong tonight.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, templates, key, API, clock, ledger, outbox and disk."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    private struct Check: Encodable {
        let name: String
        let isFine: Bool
        let says: String
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            var checks: [Check] = []
            var worst: (any Error)?
            func check(_ name: String, _ work: () async throws -> String) async {
                do {
                    checks.append(Check(name: name, isFine: true, says: try await work()))
                } catch {
                    // The error is in the report, and the first one decides the status.
                    checks.append(Check(name: name, isFine: false, says: "\(error)"))
                    worst = worst ?? error
                }
            }
            let setup = try Setup(file)
            let configuration = setup.configuration
            checks.append(
                Check(
                    name: "configuration",
                    isFine: true,
                    says: "\(configuration.file), \(configuration.exports.count) exports"
                )
            )
            await check("templates") {
                let plans = try setup.plans()
                return "\(plans.count) proven, \(plans.flatMap(\.plan.warnings).count) warnings"
            }
            await check("pre-shared key") {
                let found = try PreSharedKey.find(
                    file: configuration.source.pskFile,
                    variable: configuration.source.pskVariable,
                    environment: Environment.variables
                )
                return (["from \(found.origin)"] + found.warnings).joined(separator: "; ")
            }
            await check("API") {
                let client = try setup.client(output)
                do {
                    let count = try await client.contractNumbers().count
                    try await client.shutdown()
                    return "answers, the signature is taken, \(count) contracts, the clock is right"
                } catch {
                    try await client.shutdown()
                    throw error
                }
            }
            await check("ledger") { "id \(try Ledger(in: configuration.state).id)" }
            await check("outbox") {
                try Outbox(path: configuration.outbox).requireOwner(
                    try Ledger(in: configuration.state)
                )
                return "belongs to the ledger and can be written"
            }
            await check("disk") {
                let attributes = try FileManager.default.attributesOfFileSystem(
                    forPath: configuration.outbox
                )
                let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
                guard free > 50 << 20 else {
                    throw RunError("\(free >> 20) MiB are free at the outbox; make room")
                }
                return "\(free >> 20) MiB free at the outbox"
            }
            try console.result(checks) {
                checks.map { "\($0.isFine ? "ok  " : "FAIL") \($0.name): \($0.says)" }
                    .joined(separator: "\n")
            }
            return worst.map { ExitStatus($0) } ?? .done
        }
    }
}
