internal import Transactions

/// The totals of the supplier's own invoices, as the accountant keeps them.
///
/// A table with the columns `number`, `currency`, `total` and, where single rows are known, `transaction`:
/// a line with a transaction is one row of the invoice, a line without is its total.
public struct SupplierTotals: Hashable, Sendable {
    private struct Key: Hashable {
        let number: String
        let currency: String
    }

    private struct Entry: Hashable {
        var total: ExactDecimal?
        var rows: [String: ExactDecimal] = [:]
    }

    private let entries: [Key: Entry]

    /// Reads the table.
    ///
    /// - Throws: `InvoicesError` for a missing column, a line of another length, a total that is no number, or
    ///   two different totals of one invoice.
    public init(
        header: [String],
        rows: [(line: Int, cells: [String])],
        file: String
    ) throws(InvoicesError) {
        var places: [String: Int] = [:]
        for (place, name) in header.enumerated() { places[name] = place }
        guard let numberPlace = places["number"], let currency = places["currency"],
            let total = places["total"]
        else {
            throw InvoicesError(
                .totals,
                at: "\(file):1",
                "the columns number, currency and total are wanted; found are "
                    + header.joined(separator: ", ")
            )
        }
        var entries: [Key: Entry] = [:]
        for (number, cells) in rows {
            let line = "\(file):\(number)"
            guard cells.count == header.count else {
                throw InvoicesError(
                    .totals,
                    at: line,
                    "\(cells.count) cells, the header has \(header.count)"
                )
            }
            // An accountant's list has commas as often as points.
            guard let amount = ExactDecimal(cells[total].replacing(",", with: ".")) else {
                throw InvoicesError(.totals, at: line, "'\(cells[total])' is no amount")
            }
            let key = Key(number: cells[numberPlace], currency: cells[currency])
            let transaction = places["transaction"].map { cells[$0] } ?? ""
            if transaction.isEmpty {
                if let known = entries[key]?.total, known != amount {
                    throw InvoicesError(
                        .totals,
                        at: line,
                        "invoice \(key.number) has two totals, \(known) and \(amount)"
                    )
                }
                entries[key, default: Entry()].total = amount
            } else {
                let known = entries[key]?.rows[transaction] ?? .zero
                guard let sum = known.adding(amount) else {
                    throw InvoicesError(.totals, at: line, "the amounts are too large")
                }
                entries[key, default: Entry()].rows[transaction] = sum
            }
        }
        self.entries = entries
    }

    /// What differs between the supplier's invoice and its rows; nothing where they agree.
    func findings(number: String, currency: String, rows: [Transaction]) -> [Finding] {
        guard let entry = entries[Key(number: number, currency: currency)] else {
            return [
                Finding(
                    .noSupplierTotal,
                    "the supplier's totals have no invoice \(number) in \(currency)"
                )
            ]
        }
        let totals = rows.map { $0.amount(.totalPrice)?.exact ?? .zero }
        guard let sum = Invoice.sum(totals)?.rounded(to: 2),
            let wanted = entry.total ?? Invoice.sum(entry.rows.values),
            let difference = sum.subtracting(wanted)
        else { return [Finding(.tooLarge, "the totals of invoice \(number) are too large")] }
        let lines = lines(of: entry, rows)
        if difference == .zero, lines.isEmpty { return [] }
        let total = Finding(
            .supplierTotal,
            "the rows of invoice \(number) add up to \(sum) \(currency), the supplier's total is "
                + "\(wanted): \(difference.normalized)",
            difference: difference.normalized
        )
        guard lines.isEmpty, entry.rows.isEmpty else { return [total] + lines }
        // Without the supplier's rows, one of ours that is exactly the difference is worth a look.
        let suspects = zip(rows, totals).filter { $0.1 == difference }.map(\.0)
        return [total]
            + suspects.prefix(3).map {
                Finding(
                    .supplierTotal,
                    "the row's total is exactly the difference",
                    transaction: $0.key,
                    difference: difference.normalized
                )
            }
    }

    private func lines(of entry: Entry, _ rows: [Transaction]) -> [Finding] {
        guard !entry.rows.isEmpty else { return [] }
        var ours: [String: (key: TransactionKey, total: ExactDecimal)] = [:]
        for row in rows {
            let id = row.text(.transactionId) ?? ""
            let total = row.amount(.totalPrice)?.exact ?? .zero
            ours[id] = (row.key, (ours[id]?.total ?? .zero).adding(total) ?? total)
        }
        var findings: [Finding] = []
        for id in Set(ours.keys).union(entry.rows.keys).sorted() {
            let (mine, theirs) = (ours[id], entry.rows[id])
            guard mine?.total != theirs else { continue }
            let detail =
                if let mine, let theirs {
                    "the row has \(mine.total.normalized), the supplier's invoice \(theirs)"
                } else if let mine {
                    "the supplier's invoice lacks the row of \(mine.total.normalized)"
                } else {
                    "the supplier's invoice has \(theirs?.description ?? "it"), no row has come"
                }
            findings.append(
                Finding(
                    .supplierTotal,
                    detail,
                    transaction: mine?.key
                        ?? TransactionKey(feed: .contractTransactions, transactionId: id),
                    difference: (mine?.total ?? .zero).subtracting(theirs ?? .zero)?.normalized
                )
            )
        }
        return findings
    }
}
