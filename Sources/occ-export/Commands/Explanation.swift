internal import Delivery
internal import Templates
internal import Transactions

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
        /// The lines of files that it stands in.
        var lines: [String] = []

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

    /// A record that wrote the line, field by field.
    struct Record: Encodable {
        struct Value: Encodable {
            let name: String
            let value: String
            let expression: String
            let form: String
            let isMasked: Bool
        }

        let record: String
        let place: String
        let values: [Value]
        let transactions: [String]

        init(_ record: TracedRecord, showsPersonal: Bool) {
            self.record = record.record.name
            place = record.place
            values = record.record.values.map { value in
                let isMasked = value.isPersonal && !showsPersonal
                return Value(
                    name: value.name,
                    value: isMasked ? value.masked : value.text,
                    expression: value.expression,
                    form: value.form,
                    isMasked: isMasked
                )
            }
            transactions = record.transactions.map(\.description)
        }

        /// A table of the values, as `template preview` shows it.
        func lines(width: Int?) -> [String] {
            let rows = values.enumerated().map { index, value in
                [
                    value.name.isEmpty ? "#\(index + 1)" : value.name, value.value,
                    value.expression,
                    value.form,
                ]
            }
            let table = TemplateTable(
                headings: ["name", "value", "expression", "form"],
                rows: rows,
                width: width
            )
            return ["record \(record), \(place)"] + table.lines.map { "  " + $0 }
        }
    }

    var file: String?
    var line: Int?
    var batch: String?
    var number: Int?
    var export: String?
    var prepared: String?
    var note: String?
    var records: [Record] = []
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
        for record in records { lines += record.lines(width: TemplateTable.terminalWidth()) }
        if records.contains(where: { $0.values.contains(where: \.isMasked) }) {
            lines.append("personal values are masked; --personal shows them")
        }
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
            lines += item.lines.map { "  at \($0)" }
            lines += item.events.map { "  \($0)" }
            lines += item.open.map { "  not carried: \($0)" }
        }
        return Console.lines(lines)
    }
}
