import OCCClient
import Testing
import Transactions

struct `The reader` {
    private func read(_ text: String, chunk: Int = .max, feed: Feed = .contractTransactions) throws
        -> (transactions: [Transaction], rejected: [RejectedRow])
    {
        var reader = TransactionReader(feed: feed, contractNumber: "22297")
        var transactions: [Transaction] = []
        var rejected: [RejectedRow] = []
        func take(_ row: ReadRow) {
            switch row {
            case .transaction(let transaction, _): transactions.append(transaction)
            case .rejected(let row): rejected.append(row)
            }
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try reader.consume(rest.prefix(chunk), take)
            rest = rest.dropFirst(chunk)
        }
        _ = try reader.finish(take)
        return (transactions, rejected)
    }

    static let row =
        #"{"transactionId":"7","transactionTime":"2026-11-01T00:00:00Z","quantity":1.5,"totalPrice":12.3400,"driverName":"J\u00fcri \"\ud83d\ude97\"","odometerReadout":null}"#

    @Test func `gives the same whatever the chunks are`() throws {
        let text = #"{"success":true,"data":[\#(Self.row), \#(Self.row)],"error":null}"#
        let whole = try read(text)
        #expect(whole.transactions.count == 2)
        #expect(whole.transactions[0].text(.driverName) == "Jüri \"🚗\"")
        for chunk in 1...text.utf8.count {
            let parts = try read(text, chunk: chunk)
            #expect(parts.transactions == whole.transactions)
        }
    }

    @Test func `refuses an answer that is cut off, at every byte`() {
        let text = "[\(Self.row)]"
        for length in 0..<text.utf8.count {
            let cut = String(decoding: Array(text.utf8).prefix(length), as: UTF8.self)
            #expect(throws: TransactionReader.Problem.self) { try read(cut) }
        }
    }

    @Test(arguments: [
        "{}", "null", "", "[1]", "[{},]", "[{\"a\":1,\"a\":2}]", "<html>", "[]x",
        "{\"success\":false,\"data\":null,\"error\":\"Wrong Date format\",\"message\":null}",
        "{\"success\":true,\"data\":null,\"error\":null}",
        "{\"success\":true,\"data\":[],\"error\":\"x\"}", "[{\"a\":\"\\ud800\"}]",
        "[{\"a\":01}]", "\u{FEFF}[]", "[[[]]]",
    ])
    func `refuses what is no answer`(_ text: String) {
        #expect(throws: TransactionReader.Problem.self) { try read(text) }
    }

    @Test(arguments: [
        (#""totalPrice":12.34"#, #""totalPrice":"12,34""#, "no Decimal(18,4)"),
        (#""totalPrice":12.34"#, #""totalPrice":0.12345"#, "no Decimal(18,4)"),
        (#""totalPrice":12.34"#, #""totalPrice":null"#, "field 'totalPrice' is absent"),
        (#""quantity":1"#, #""quantity":true"#, "field 'quantity' is no number"),
    ])
    func `sets a bad row aside and keeps the rest`(
        _ good: String,
        _ bad: String,
        _ reason: String
    ) throws {
        let base =
            #"{"transactionId":"7","transactionTime":"2026-11-01T00:00:00Z","quantity":1,"totalPrice":12.34}"#
        let found = try read("[\(base.replacing(good, with: bad)),\(base)]")
        #expect(found.transactions.count == 1)
        #expect(found.rejected.count == 1)
        #expect(found.rejected.first?.reason.contains(reason) == true)
        #expect(found.rejected.first?.transactionId == "7")
    }

    @Test func `takes charging sessions with ids as numbers`() throws {
        let found = try read(
            #"[{"transactionId":9007199254740993,"stationId":5,"transactionTime":"2026-11-01T00:00:00Z","quantity":1}]"#,
            feed: .evTransactions
        )
        #expect(found.transactions.first?.text(.transactionId) == "9007199254740993")
        #expect(found.transactions.first?.text(.stationId) == "5")
    }
}
