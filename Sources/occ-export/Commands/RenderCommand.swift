internal import ArgumentParser
internal import Delivery
internal import Foundation
internal import OCCClient
internal import Templates
internal import Transactions

/// `render`: template and JSON file to files, without a ledger.
struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Map a JSON file of rows through a template; no API, no ledger.",
        discussion: """
            Example:
              occ-export render --template templates/accountant-csv --contract 22297 \\
                --output-folder out samples/api/contract-transactions-22297.json

            The JSON file holds the API's list of rows. Rows of the API carry no contract number: \
            --contract names it, or each row has a key contractNumber.
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "The JSON file.")
    var input: String

    @Option(help: "The template's folder.")
    var template: String

    @Option(help: "The folder for the files; it must be empty or not there yet.")
    var outputFolder: String

    @Option(help: "The contract number of rows that have none of their own.")
    var contract: String?

    @Option(help: "A YAML file with the template's parameters.")
    var parameters: String?

    @Option(
        name: .customLong("lookup"),
        help: "A lookup's file as NAME=FILE; may be given several times."
    )
    var lookups: [String] = []

    @Option(
        help: "A YAML file like the configuration's invoice section, for templates of invoices."
    )
    var invoice: String?

    @Option(help: "The zone of accounting dates.")
    var timeZone = "Europe/Tallinn"

    private struct Report: Encodable {
        let transactions: Int
        let files: [String]
        let rejected: [String: String]
        let held: Int
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let plan = try Rendered.plan(
                template,
                parameters,
                lookups,
                timeZone,
                invoice: invoice
            )
            let now = Environment.now()
            let day = try TimeZoneRules(identifier: timeZone).localTime(at: now).date
            let batch = BatchContext(id: "render", number: 1, created: now, day: day)
            let rows = try FileRows(input, feed: plan.feed, contract: contract)
            let selected = SelectedRows(rows, plan, batch: batch)
            try DurableFolder.create(outputFolder, code: .outbox)
            guard try !DurableFolder.exists("\(outputFolder)/manifest.json", code: .outbox) else {
                throw DeliveryError(
                    .outbox,
                    "\(outputFolder)/manifest.json",
                    "cannot be created: File exists; choose an empty folder"
                )
            }
            var sink = FolderSink(folder: outputFolder)
            let rendering: Rendering
            var validatedBy: [String: String] = [:]
            do {
                rendering = try plan.render(selected, batch: batch, to: &sink)
                validatedBy = try validated(rendering)
            } catch {
                // What is there of the files is no whole: nothing of it stays.
                try sink.restart()
                throw error
            }
            var rejected: [String: (reason: String, message: String)] = [:]
            for row in rows.aside {
                rejected["row \(row.position)"] = ("not-understood", row.reason)
            }
            for one in selected.verdicts.rejected {
                rejected["\(one.key)"] = (one.reason.name, one.reason.message)
            }
            for one in rendering.rejected {
                rejected["\(one.key)"] = (one.reason.name, one.reason.message)
            }
            let held = selected.verdicts.held
            try RenderedManifest(plan: plan, batch: batch, folder: outputFolder).write(
                rendering,
                sink.finished,
                try selected.totals(without: rendering.rejected),
                held: held,
                rejected: rejected,
                validatedBy: validatedBy
            )
            let reasons = rejected.mapValues { "\($0.message) [\($0.reason)]" }
            let heldCount = held.values.reduce(0, +)
            let report = Report(
                transactions: rendering.count,
                files: rendering.files.map(\.name),
                rejected: reasons,
                held: heldCount
            )
            try console.result(report) {
                Console.lines(
                    rendering.files.map { "\(outputFolder)/\($0.name): \($0.records) records" }
                        + reasons.sorted { $0.key < $1.key }.map {
                            "rejected: \($0.key): \($0.value)"
                        }
                        + (heldCount > 0 ? ["held: \(heldCount)"] : [])
                )
            }
            return rejected.isEmpty ? .done : .partial
        }
    }
}

extension RenderCommand {
    /// Validates XML files whose template names schemas; which schema each obeys.
    private func validated(_ rendering: Rendering) throws -> [String: String] {
        var schemas: [[String]: XMLSchemas] = [:]
        var validatedBy: [String: String] = [:]
        for file in rendering.files
        where file.kind == "xml" && file.package == nil && !file.schemas.isEmpty {
            let path = "\(outputFolder)/\(file.name)"
            guard let bytes = try DurableFolder.contents(of: path, code: .outbox) else { continue }
            let known = try schemas[file.schemas] ?? XMLSchemas(file.schemas)
            schemas[file.schemas] = known
            validatedBy[file.name] = try known.check(bytes, file: path)
        }
        return validatedBy
    }
}

/// What `render` and `template` commands share: plans and rows from files.
enum Rendered {
    static func plan(
        _ folder: String,
        _ parameters: String?,
        _ lookups: [String],
        _ timeZone: String,
        version: String = Program.version,
        invoice: String? = nil,
        findings: Findings? = nil
    ) throws -> Plan {
        var files: [String: String] = [:]
        for text in lookups {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError("'--lookup \(text)' is not NAME=FILE")
            }
            files[String(parts[0])] = String(parts[1])
        }
        let template = try Template(folder: folder, findings: findings)
        return try Plan(
            template: template,
            parameters: try parameters.map { try YAMLReader.read(file: $0) },
            lookups: files,
            owner: nil,
            timeZone: try TimeZoneRules(identifier: timeZone),
            when: nil,
            programVersion: version,
            invoices: try invoice.flatMap { file in
                try InvoiceConfiguration.options(
                    InvoiceConfiguration(file: file),
                    for: template,
                    owner: nil
                )
            },
            findings: findings
        )
    }

    static func rows(in path: String, feed: Feed, contract: String? = nil) throws -> (
        transactions: [Transaction], rejected: [RejectedRow]
    ) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw DataError("\(path): cannot be read; is it there, and may this user read it?")
        }
        // In parts, so that only the rows are kept, not the text they stand in.
        return try rows(path, feed, contract) {
            try file.read(upToCount: 256 << 10).map { Array($0) }
        }
    }

    static func rows(_ bytes: [UInt8], _ path: String, _ feed: Feed, _ contract: String?) throws
        -> (transactions: [Transaction], rejected: [RejectedRow])
    {
        var rest: [UInt8]? = bytes
        return try rows(path, feed, contract) { rest.take() }
    }

    private static func rows(
        _ path: String,
        _ feed: Feed,
        _ contract: String?,
        next: () throws -> [UInt8]?
    ) throws -> (transactions: [Transaction], rejected: [RejectedRow]) {
        var reader = TransactionReader(
            feed: feed,
            contractNumber: contract,
            acceptsContractNumber: true
        )
        var transactions: [Transaction] = []
        var rejected: [RejectedRow] = []
        func take(_ row: ReadRow) {
            switch row {
            case .transaction(let transaction, _): transactions.append(transaction)
            case .rejected(let row): rejected.append(row)
            }
        }
        while let part = try next(), !part.isEmpty {
            do throws(TransactionReader.Problem) {
                try reader.consume(part, take)
            } catch {
                throw DataError("\(path): \(error)")
            }
        }
        do throws(TransactionReader.Problem) {
            _ = try reader.finish(take)
        } catch {
            throw DataError("\(path): \(error)")
        }
        return (transactions, rejected)
    }
}

/// Data that is not understood: status 65.
struct DataError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
