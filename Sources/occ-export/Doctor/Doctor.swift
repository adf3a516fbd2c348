internal import Delivery
internal import Foundation
internal import OCCClient
internal import Templates
internal import Transactions

/// Looks for whatever would make tonight's run fail, each thing by itself, and changes nothing.
struct Doctor {
    let setup: Setup
    let output: OutputOptions
    /// Whether real rows are read to find what their prices and VAT rates mean.
    let readsData: Bool

    private var configuration: Configuration { setup.configuration }

    /// Looks at everything, in the order in which a run would meet it.
    func examine() async -> Diagnosis {
        var diagnosis = Diagnosis()
        await diagnosis.look("configuration") {
            .fine("\(configuration.file), \(configuration.exports.count) exports")
        }
        await diagnosis.look("templates") { try templates() }
        await diagnosis.look("pre-shared key") { try preSharedKey() }
        await places(&diagnosis)
        await diagnosis.look("API") { try await api() }
        if readsData, diagnosis.firstFailure == nil {
            await diagnosis.look("data") { try await data() }
        }
        return diagnosis
    }

    /// Looks at the folders; before `init` there is nothing to find in them.
    private func places(_ diagnosis: inout Diagnosis) async {
        let files = FileManager.default
        let hasState = files.fileExists(atPath: configuration.state)
        let hasOutbox = files.fileExists(atPath: configuration.outbox)
        guard hasState || hasOutbox else {
            await diagnosis.look("state") {
                Finding(verdict: .warning, says: "not initialised; run 'occ-export init'")
            }
            return
        }
        await diagnosis.look("state") { try state() }
        // Without it there is no ledger, and no telling whose the outbox is.
        guard hasState else { return }
        await diagnosis.look("ledger") { try ledger() }
        await diagnosis.look("outbox") { try outbox() }
        if hasOutbox { await diagnosis.look("disk") { try disk() } }
    }

    private func templates() throws -> Finding {
        let plans = try setup.plans()
        return .fine("\(plans.count) proven", but: plans.flatMap(\.plan.warnings).map(\.oneLine))
    }

    private func preSharedKey() throws -> Finding {
        let found = try PreSharedKey.find(
            file: configuration.source.pskFile,
            variable: configuration.source.pskVariable,
            environment: Environment.variables
        )
        return .fine("from \(found.origin)", but: found.warnings)
    }

    private func state() throws -> Finding {
        let path = configuration.state
        guard FileManager.default.fileExists(atPath: path) else { throw SetupError.noState(path) }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw SetupError.stateNotWritable(path)
        }
        guard mode & 0o022 == 0 else { throw SetupError.stateOpen(path) }
        return .fine(
            path,
            but: mode & 0o005 == 0 ? [] : ["others can read it; chmod 0700 it"]
        )
    }

    private func ledger() throws -> Finding {
        let ledger = try Ledger(in: configuration.state)
        return .fine("id \(ledger.id), \(try ledger.lastNumber()) batches")
    }

    private func outbox() throws -> Finding {
        let outbox = Outbox(path: configuration.outbox)
        try outbox.requireWritable()
        try outbox.requireOwner(try Ledger(in: configuration.state))
        return .fine("\(configuration.outbox) belongs to the ledger and can be written")
    }

    /// Less free room than this is not enough for a night, in bytes.
    private static let leastRoom: Int64 = 50 << 20

    private func disk() throws -> Finding {
        var rooms: [String] = []
        for (name, path) in [("state", configuration.state), ("outbox", configuration.outbox)] {
            let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
            let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
            guard free >= Self.leastRoom else {
                throw name == "outbox"
                    ? SetupError.outboxFull(path, free: free >> 20)
                    : SetupError.stateFull(path, free: free >> 20)
            }
            rooms.append("\(free >> 20) MiB free at the \(name)")
        }
        return .fine(rooms.joined(separator: ", "))
    }

    private func api() async throws -> Finding {
        let client = try setup.client(output)
        let probe: OCCClient.Probe
        do {
            probe = try await client.probe()
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
        let listed: [String]
        do {
            listed = try probe.contracts.get()
        } catch {
            throw DoctorError(
                underlying: error,
                description: "\(error); what was signed: \(probe.canonicalString)"
            )
        }
        var remarks: [String] = []
        for contract in configuration.source.contracts ?? [] where !listed.contains(contract) {
            remarks.append("contract \(contract) is configured, and this access id may not see it")
        }
        return .fine(
            "answers, takes the signature, lists \(listed.count) contracts; the clocks agree within 300 s",
            but: remarks
        )
    }

    private func data() async throws -> Finding {
        let client = try setup.client(output)
        do {
            let readings = try await DataReadings(client, configuration, today: Environment.now())
            try await client.shutdown()
            return .fine(readings.text, but: readings.remarks)
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}

/// An error with more words to it; its status is the one of what is behind it.
struct DoctorError: Error, CustomStringConvertible {
    let underlying: any Error
    let description: String
}

/// What is wrong with the folders that a configuration names.
enum SetupError: Error, CustomStringConvertible {
    case noState(String)
    case stateNotWritable(String)
    case stateOpen(String)
    case stateFull(String, free: Int64)
    case outboxFull(String, free: Int64)

    var description: String {
        switch self {
        case .noState(let path):
            "\(path): there is no state folder; run 'occ-export init' once, or mount the volume"
        case .stateNotWritable(let path):
            "\(path): this user cannot write the state folder; give it to the job's user"
        case .stateOpen(let path):
            "\(path): others can write the state folder; chmod 0700 it"
        case .stateFull(let path, let free):
            "\(path): \(free) MiB are free at the state, 50 are wanted; make room"
        case .outboxFull(let path, let free):
            "\(path): \(free) MiB are free at the outbox, 50 are wanted; make room"
        }
    }
}
