internal import ArgumentParser
internal import Delivery
internal import FoundationEssentials
internal import Transactions

/// `explain`: from a line of a published file to its transactions, and from a transaction to all that
/// became of it.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell where a line comes from, or what became of a transaction.",
        discussion: """
            Examples:
              occ-export explain outbox/2026-11-23_ledger_000042/postings.csv:17
              occ-export explain --transaction 7000000123

            A file is known by its name and content, wherever its consumer has put it. Cards show their \
            last four digits; drivers, plates and odometers show with --personal.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "A file and the number of a line, from 1: FILE:LINE.")
    var place: String?

    @Option(help: "The id of a transaction.")
    var transaction: String?

    @Flag(help: "Show personal values too.")
    var personal = false

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let ledger = try Ledger(in: configuration.state)
            var report = Explanation()
            var ids: [String] = []
            if let transaction {
                ids = [transaction.split(separator: "#").first.map(String.init) ?? transaction]
            } else if let place {
                ids = try explain(place, ledger, configuration, &report)
            } else {
                throw ValidationError("say FILE:LINE or --transaction ID")
            }
            for id in ids {
                for history in try ledger.histories(of: id) {
                    report.transactions.append(
                        .init(history, state: configuration.state, showsPersonal: personal)
                    )
                }
            }
            guard !report.transactions.isEmpty || report.line != nil else {
                throw RunError(.data, "the ledger knows no transaction '\(ids.first ?? "")'")
            }
            try console.result(report) { report.text }
            return .done
        }
    }

    /// Finds the batch of a file and the transactions whose ids stand in a line of it.
    private func explain(
        _ place: String,
        _ ledger: Ledger,
        _ configuration: Configuration,
        _ report: inout Explanation
    ) throws -> [String] {
        guard let colon = place.lastIndex(of: ":"),
            let number = Int(place[place.index(after: colon)...]), number > 0
        else { throw ValidationError("'\(place)' is not FILE:LINE") }
        let path = String(place[..<colon])
        guard let bytes = try DurableFolder.contents(of: path, code: .inputOutput) else {
            throw RunError(.usage, "\(path): there is no such file")
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard number <= lines.count, !(number == lines.count && lines[number - 1].isEmpty) else {
            throw RunError(.usage, "\(path): has no line \(number)")
        }
        guard let (batch, published) = try ledger.batch(ofFile: path) else {
            throw RunError(
                .data,
                "\(path): the ledger knows no published file with this content; was it changed after publication?"
            )
        }
        let carried = try ledger.carried(in: batch.number)
        let line = lines[number - 1]
        let inLine = carried.filter { Self.stands($0.key.transactionId, in: line) }
        report.file = published
        report.line = number
        report.batch = batch.name
        report.number = batch.number
        report.export = batch.export
        report.prepared = "\(batch.prepared)"
        report.note =
            inLine.isEmpty
            ? "no transaction id stands in this line: it is a header, a sum or a record of several; the batch carries \(carried.count) rows"
            : nil
        let rows = inLine.isEmpty ? Array(carried.prefix(20)) : inLine
        var ids: [String] = []
        for row in rows where !ids.contains(row.key.transactionId) {
            ids.append(row.key.transactionId)
        }
        return ids
    }

    /// Whether an id stands in a line as a whole, not as a part of a longer one.
    private static func stands(_ id: String, in line: ArraySlice<UInt8>) -> Bool {
        let wanted = Array(id.utf8)
        guard !wanted.isEmpty, line.count >= wanted.count else { return false }
        func isPart(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        for start in line.startIndex...(line.endIndex - wanted.count)
        where line[start] == wanted[0] {
            let end = start + wanted.count
            guard line[start..<end].elementsEqual(wanted) else { continue }
            let before = start > line.startIndex && isPart(line[start - 1])
            let after = end < line.endIndex && isPart(line[end])
            if !before && !after { return true }
        }
        return false
    }
}

/// What `explain` found.
struct Explanation: Encodable {
    /// A transaction with its history.
    struct Item: Encodable {
        struct Version: Encodable {
            let version: Int
            let seen: String
            /// Whether its values are there: not once they are purged, nor when only `reconcile` knows of it.
            let isKnown: Bool
            let answer: String?
            let fields: [String: String]
        }

        let transactionId: String
        let feed: String
        let contract: String?
        let firstSeen: String
        let lastSeen: String
        let missingSince: String?
        let versions: [Version]
        let batches: [String]
        let events: [String]
        let open: [String]

        init(_ history: TransactionHistory, state: String, showsPersonal: Bool) {
            transactionId = "\(history.key)"
            feed = history.key.feed.rawValue
            contract = history.contract
            firstSeen = "\(history.firstSeen)"
            lastSeen = "\(history.lastSeen)"
            missingSince = history.missingSince.map { "\($0)" }
            versions = history.versions.map { version in
                Version(
                    version: version.number,
                    seen: "\(version.seen)",
                    isKnown: version.transaction != nil,
                    answer: version.answer.map { "\(state)/archive/\($0)" },
                    fields: version.transaction.map {
                        Self.fields($0, showsPersonal: showsPersonal)
                    } ?? [:]
                )
            }
            batches = history.appearances.map {
                "\($0.name): version \($0.version) as \($0.role.name) (export \($0.export))"
            }
            events = history.events.map { event, export, seen in
                "\(event.kind) with version \(event.version)\(event.detail.isEmpty ? "" : ": \(event.detail)") (export \(export), \(seen))"
            }
            open = history.open.map { "\($0.export): \($0.reason)" }
        }

        private static func fields(_ transaction: Transaction, showsPersonal: Bool) -> [String:
            String]
        {
            var fields: [String: String] = [:]
            for field in transaction.feed.fields where transaction.has(field) {
                var text: String
                switch field.kind {
                case .text: text = transaction.text(field) ?? ""
                case .amount: text = transaction.amount(field).map { "\($0)" } ?? ""
                case .integer: text = transaction.integer(field).map { "\($0)" } ?? ""
                case .timestamp: text = transaction.timestamp(field).map { "\($0)" } ?? ""
                }
                if field.isPersonal, !showsPersonal {
                    text = field == .cardNumber ? "…\(text.suffix(4))" : "(personal)"
                }
                fields[field.name] = text
            }
            return fields
        }
    }

    var file: String?
    var line: Int?
    var batch: String?
    var number: Int?
    var export: String?
    var prepared: String?
    var note: String?
    var transactions: [Item] = []

    /// The explanation for a terminal.
    var text: String {
        var lines: [String] = []
        if let file, let line, let batch {
            lines.append(
                "\(file), line \(line): batch \(batch) of export \(export ?? ""), made \(prepared ?? "")"
            )
        }
        if let note { lines.append(note) }
        for item in transactions {
            lines.append(
                "transaction \(item.transactionId) (\(item.feed)\(item.contract.map { ", contract \($0)" } ?? "")): first seen \(item.firstSeen), last seen \(item.lastSeen)"
            )
            if let missing = item.missingSince { lines.append("  missing since \(missing)") }
            for version in item.versions {
                lines.append(
                    "  version \(version.version), seen \(version.seen)\(version.answer.map { ", from \($0)" } ?? "")"
                )
                if !version.isKnown {
                    lines.append("    its values are purged, or only 'reconcile' knows of it")
                }
                for (name, value) in version.fields.sorted(by: { $0.key < $1.key }) {
                    lines.append("    \(name): \(value)")
                }
            }
            lines += item.batches.map { "  in \($0)" }
            lines += item.events.map { "  \($0)" }
            lines += item.open.map { "  not carried: \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}
