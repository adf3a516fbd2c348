internal import ArgumentParser
internal import OCCClient
internal import Templates
internal import Transactions

/// `template preview`: a few rows through a template, with the expression beside each value.
struct TemplatePreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show what a few rows become, value by value, with the expressions.",
        discussion: """
            Without --rows the rows, parameters and lookups of the template's first test are taken. \
            Values of cards, drivers, plates and odometers are masked, their form kept \
            ('Aaaa Aaaaaaa'); --show-personal shows them.

            Examples:
              occ-export template preview templates/accountant-csv
              occ-export template preview erp --rows rows.json --contract 22297 --limit 2
              occ-export template preview erp --lookup products=products.csv --output json

            Exit status: 0; 3 some of the rows cannot be mapped; 65 none can, or the rows are not \
            understood; 78 the template does not hold.
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "The template's folder.")
    var template: String

    @Option(help: "A JSON file of rows as the API answers them; default: the first test's.")
    var rows: String?

    @Option(help: "The contract number of rows that have none of their own.")
    var contract: String?

    @Option(help: "A YAML file with the template's parameters; default: the first test's.")
    var parameters: String?

    @Option(
        name: .customLong("lookup"),
        help: "A lookup's file as NAME=FILE; may be given several times; default: the first test's."
    )
    var lookups: [String] = []

    @Option(help: "A YAML file with the invoice section of an export; default: the first test's.")
    var invoice: String?

    @Option(help: "How many rows.")
    var limit = 5

    @Flag(help: "Show cards, drivers, plates and odometers as they are.")
    var showPersonal = false

    @Option(help: "The zone of accounting dates.")
    var timeZone = "Europe/Tallinn"

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit \(limit): at least 1 row") }
    }

    private struct Report: Encodable {
        struct Value: Encodable {
            let name: String
            let value: String
            let expression: String
            let form: String
            let isMasked: Bool
        }
        struct Record: Encodable {
            let record: String
            let values: [Value]
        }
        let rows: Int
        let records: [Record]
        let rejected: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let test = try TemplateTest.all(in: template).first
            guard let path = rows ?? test.map({ "\($0.folder)/transactions.json" }) else {
                throw ValidationError(
                    "\(template): has no test whose rows to take; give --rows FILE"
                )
            }
            let plan = try Rendered.plan(
                template,
                parameters ?? test?.parameters,
                lookups.isEmpty ? try test?.lookups() ?? [] : lookups,
                timeZone,
                invoice: invoice ?? test?.invoice
            )
            let read = try Rendered.rows(in: path, feed: plan.feed, contract: contract)
            let batch = try TemplateTest.batch()
            var notes = read.rejected.map { "row \($0.position): \($0.reason)" }
            var selector = plan.selector(batch: batch)
            var selected: [SelectedTransaction] = []
            for transaction in read.transactions where selected.count < limit {
                switch selector.outcome(of: transaction) {
                case .selected(let transaction): selected.append(transaction)
                case .notMatching: break
                case .held(let reason):
                    notes.append("transaction \(transaction.key) held: \(reason)")
                case .rejected(let reason):
                    notes.append("transaction \(transaction.key) rejected: \(reason)")
                }
            }
            let preview = try plan.preview(selected, batch: batch)
            notes += preview.rejected.map { "transaction \($0.key) rejected: \($0.reason)" }
            let report = Report(
                rows: selected.count - preview.rejected.count,
                records: preview.records.map { record in
                    Report.Record(
                        record: record.name,
                        values: record.values.map { value in
                            let isMasked = value.isPersonal && !showPersonal
                            return Report.Value(
                                name: value.name,
                                value: isMasked ? value.masked : value.text,
                                expression: value.expression,
                                form: value.form,
                                isMasked: isMasked
                            )
                        }
                    )
                },
                rejected: notes
            )
            try console.result(report) { Self.text(report, width: TemplateTable.terminalWidth()) }
            return report.rows == 0 ? .data : notes.isEmpty ? .done : .partial
        }
    }

    private static func text(_ report: Report, width: Int?) -> String {
        var lines: [String] = []
        for (number, record) in report.records.enumerated() {
            if number > 0 { lines.append("") }
            lines.append("record \(number + 1): \(record.record)")
            let rows = record.values.enumerated().map { index, value in
                [
                    value.name.isEmpty ? "#\(index + 1)" : value.name, value.value,
                    value.expression, value.form,
                ]
            }
            lines += TemplateTable(
                headings: ["name", "value", "expression", "form"],
                rows: rows,
                width: width
            ).lines.map { "  " + $0 }
        }
        if report.records.contains(where: { $0.values.contains(where: \.isMasked) }) {
            lines.append("")
            lines.append("personal values are masked; --show-personal shows them")
        }
        lines += report.rejected
        return Console.lines(lines)
    }
}
