internal import FoundationEssentials
internal import GRDB
public import Transactions

extension Ledger {
    /// The invoices of which an export has sent something that stands, and the batch of each.
    ///
    /// `from`, `to`: seconds since 1970 of the purchases looked at; rows whose values are purged tell no
    /// invoice.
    public func sentInvoices(
        of export: String,
        feed: Feed,
        from: Int64,
        to: Int64
    ) throws(DeliveryError) -> [String: Int] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT t.contract, t.line, v.record, c.batch, t.transaction_id
                    FROM carried AS c
                    JOIN exports AS e ON e.id = c.export
                    JOIN transactions AS t ON t.id = c.item
                    JOIN versions AS v ON v.item = c.item AND v.version = c.version
                    WHERE e.name = ? AND t.feed = ? AND t.time BETWEEN ? AND ?
                    AND v.record IS NOT NULL AND c.role <> ?
                    AND NOT EXISTS (
                        SELECT 1 FROM carried AS r WHERE r.export = c.export AND r.item = c.item
                        AND r.version = c.version AND r.role = ?)
                    ORDER BY c.batch DESC
                    """,
                arguments: [
                    export, feed.number, from, to, CarriedRole.reversal.rawValue,
                    CarriedRole.reversal.rawValue,
                ]
            )
            var invoices: [String: Int] = [:]
            let texts = try SharedTexts(database)
            while let row = try rows.next() {
                let transaction = try texts.transaction(
                    TransactionKey(feed: feed, transactionId: row[4], line: row[1]),
                    Self.contract(row[0]),
                    row[2]
                )
                if let invoice = transaction?.text(.invoiceNo) { invoices[invoice] = row[3] }
            }
            return invoices
        }
    }
}
