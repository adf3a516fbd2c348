internal import Expressions
internal import Invoices
internal import Transactions

extension Renderer {
    /// Makes invoices of the rows, before anything is written; what cannot be one is rejected.
    ///
    /// Invoices look at all their rows at once, so the rows of the batch are kept while they are made.
    mutating func makeInvoices(_ invoices: InvoicePlan, firstSerial: Int64) throws {
        guard let assembler = invoices.assembler else {
            throw RenderingError(
                diagnostic: invoices.node.diagnostic(
                    "missing-key",
                    "invoices need parties, payment and products",
                    cure: "add invoice: { seller: ..., buyer: ..., payment: ... } to the export"
                )
            )
        }
        var places: [Int] = []
        var rows: [Transaction] = []
        try visit(.transactions) { _, row in
            places.append(row.position)
            rows.append(row.transaction)
        }
        if try source.settle() {
            (places, rows, count, isCounted) = ([], [], 0, false)
            try visit(.transactions) { _, row in
                places.append(row.position)
                rows.append(row.transaction)
            }
        }
        let missing = try missingRows()
        for group in InvoiceAssembler.groups(of: rows) {
            let positions = group.sources.map { places[$0] }
            if let cause = missing[[group.number, group.currency]] {
                try reject(
                    positions,
                    Reason(name: "document", message: "its document waits for transaction \(cause)")
                )
                continue
            }
            for outcome in assembler.outcomes(of: group.sources.map { rows[$0] }) {
                switch outcome {
                case .invoice(let invoice, let notices):
                    self.notices += notices.map {
                        "invoice \(invoice.number ?? group.number): \($0)"
                    }
                    try note(invoice, group.number, positions)
                    add(invoice, positions, firstSerial)
                case .leftOut(_, _, let notice): notices.append("\(notice)")
                case .refused(let refusal):
                    try reject(
                        refusal.sources.map { positions[$0] },
                        Reason(
                            name: "invoice",
                            message: refusal.summary,
                            isHeld: refusal.kind == .held
                        )
                    )
                }
            }
        }
    }

    /// Keeps the exact sum of an invoice's rows, for whoever reads the invoice back.
    private mutating func note(_ invoice: Invoice, _ number: String, _ positions: [Int]) throws {
        var total: ExactDecimal? = .zero
        for line in invoice.lines {
            let row = try source.transaction(at: positions[line.source]).transaction
            if let amount = row.amount(.totalPrice)?.exact { total = total?.adding(amount) }
        }
        if let total { invoices.append(.init(number: invoice.number ?? number, total: total)) }
    }

    /// Invoices that lack a row which an earlier pass rejected, with that row.
    private func missingRows() throws -> [[String]: TransactionKey] {
        var missing: [[String]: TransactionKey] = [:]
        for position in excluded.sorted() {
            let row = try source.transaction(at: position).transaction
            guard let number = row.text(.invoiceNo) else { continue }
            let key = [number, row.text(.currency) ?? ""]
            missing[key] = missing[key] ?? row.key
        }
        return missing
    }

    /// Adds a document, whose lines say which of the places their rows have.
    mutating func add(_ invoice: Invoice, _ positions: [Int], _ firstSerial: Int64) {
        let record = InvoiceRecord(invoice.group, positions: positions, lister: lister)
        documents.append(
            GroupRecord(
                keys: record.values,
                positions: invoice.lines.map { positions[$0.source] }.sorted(),
                documents: [],
                position: documents.count + 1,
                serial: firstSerial + Int64(documents.count),
                rows: lister
            )
        )
    }
}
