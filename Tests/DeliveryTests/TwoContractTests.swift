import Delivery
import TestSupport
import Testing
import Transactions

/// Ids that stand under two contracts, or move from one to another.
struct `Two contracts` {
    private static let key = TransactionKey(feed: .contractTransactions, transactionId: "1")

    @Test(arguments: [["22297", "123"], ["123", "22297"]])
    func `a row that moves before it was exported is exported under the new one`(
        _ order: [String]
    ) async throws {
        try await Place.with { place in
            try place.record([.purchase("1")], at: "2026-11-24T03:00:00Z")
            for day in 25...28 {
                for contract in order {
                    let rows = [Transaction.purchase("1", contract: contract)]
                    try place.record(
                        contract == "123" ? rows : [],
                        contract: contract,
                        at: "2026-11-\(day)T03:00:00Z",
                        to: "2026-11-29"
                    )
                }
            }
            let candidate = try #require(try place.candidates().first)
            #expect(candidate.bar == nil)
            #expect(candidate.transaction.contractNumber == "123")
        }
    }

    @Test func `the contract that an operator chose is not asked for again at the next change`()
        async throws
    {
        try await Place.with { place in
            try place.record([.purchase("1")])
            let other = Transaction.purchase("1", total: 7, contract: "123")
            #expect(try place.record([other], contract: "123").conflicts.count == 1)
            #expect(
                try place.ledger.settleConflict(
                    Self.key,
                    contract: "22297",
                    at: .at("2026-11-24T04:00:00Z")
                )
            )
            let invoiced = Transaction.purchase("1", total: 7, invoice: "I1", contract: "123")
            #expect(try place.record([invoiced], contract: "123").conflicts.isEmpty)
            #expect(try place.record([.purchase("1", invoice: "I1")]).changed == 1)
            #expect(try place.ledger.conflicts().isEmpty)
            #expect(try place.candidates().map(\.bar) == [nil])
        }
    }

    @Test func `one question is asked, however often the other side changes`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            for total in [7, 8] as [Int64] {
                let row = Transaction.purchase("1", total: total, contract: "123")
                try place.record([row], contract: "123")
            }
            #expect(try place.ledger.conflicts().map(\.other) == ["123"])
        }
    }

    @Test func `the question is gone once both contracts have the same content`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.record([.purchase("1", contract: "123")], contract: "123")
            // Both change alike; the other contract is asked first.
            let row = Transaction.purchase("1", total: 7, contract: "123")
            try place.record([row], contract: "123")
            #expect(try place.candidates().map(\.bar) == [.twoContracts])
            try place.record([.purchase("1", total: 7)])
            #expect(try place.ledger.conflicts().isEmpty)
            #expect(try place.candidates().map(\.bar) == [nil])
            // And once the other side is as it was.
            try place.record([.purchase("1", total: 9, contract: "123")], contract: "123")
            #expect(try place.ledger.conflicts().count == 1)
            try place.record([row], contract: "123")
            #expect(try place.ledger.conflicts().isEmpty)
        }
    }
}
