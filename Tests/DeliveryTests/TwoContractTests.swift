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
}
