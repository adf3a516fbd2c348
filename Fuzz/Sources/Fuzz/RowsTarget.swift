internal import OCCClient
internal import Transactions

/// JSON answers: rows or a problem, the same wherever the bytes are cut.
struct RowsTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        for feed in [Feed.contractTransactions, .evTransactions] {
            let whole = outcome(bytes, feed, chunk: max(1, bytes.count))
            let step = bytes.count > 64 ? 1 + Int(bytes[bytes.count / 2] % 61) : 1
            let pieces = outcome(bytes, feed, chunk: step)
            claim(whole == pieces, "in chunks of \(step): \(pieces), whole: \(whole)")
        }
    }

    private func outcome(_ bytes: [UInt8], _ feed: Feed, chunk: Int) -> String {
        var reader = TransactionReader(
            feed: feed,
            contractNumber: "22297",
            acceptsContractNumber: true,
            largestRow: 2_048
        )
        var text = ""
        func take(_ row: ReadRow) {
            switch row {
            case .transaction(let transaction, let warnings):
                let record = transaction.record
                let again = Transaction(
                    feed: feed,
                    contractNumber: transaction.contractNumber,
                    line: 1,
                    restoring: record
                )
                claim(again?.record == record, "a transaction that does not come back")
                text += "\(transaction.contractNumber ?? "-") \(record) \(warnings)\n"
            case .rejected(let rejected): text += "\(rejected)\n"
            }
        }
        do throws(TransactionReader.Problem) {
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + chunk)
                try reader.consume(bytes[start..<end], take)
                start = end
            }
            // The end may complete rows, so what they said is put together after it.
            let count = try reader.finish(take)
            return text + "\(count) rows"
        } catch {
            // What came before a problem is never used.
            return "\(error.kind): \(error.description)"
        }
    }
}
