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

    var configuration: Configuration { setup.configuration }

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
