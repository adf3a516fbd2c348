import Delivery
import Foundation
import TestSupport
import Testing
import Transactions

/// Ledgers that were lost or restored: refused, and rebuilt from the outbox's own records.
struct `Reconciling` {
    private static let instant = UTCTimestamp.at("2026-11-25T03:00:00Z")

    @Test func `an old copy of the ledger is refused, and knows all after reconciling`()
        async throws
    {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            try place.ledger.backup(to: "\(place.folder)/copy.sqlite")
            try place.record([.purchase("1", total: 5), .purchase("2")])
            try place.publish(try place.candidates().filter { $0.standing == nil })
            let state = "\(place.folder)/state/ledger.sqlite"
            try FileManager.default.removeItem(atPath: state)
            try FileManager.default.copyItem(atPath: "\(place.folder)/copy.sqlite", toPath: state)
            let old = try Place(openingIn: place.folder)
            let error = #expect(throws: DeliveryError.self) {
                try old.outbox.requireOwner(old.ledger)
            }
            #expect(error?.code == .operatorMustDecide)
            let done = try Reconciliation(old.outbox, old.ledger, at: Self.instant)
            #expect(done.batches == [2])
            #expect(done.carried == 1)
            try old.outbox.requireOwner(old.ledger)
            // What the API said in between comes again, and is not due again.
            try old.record([.purchase("1", total: 5), .purchase("2")])
            let candidates = try old.candidates()
            #expect(candidates.map(\.transaction.key.transactionId) == ["1"])
            #expect(candidates.first?.standing?.version == 1)
            #expect(try OutboxVerification(old.outbox, old.ledger).findings.isEmpty)
        }
    }

    @Test func `a lost ledger is made anew under its own id`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1"), .purchase("2")])
            try place.publish(try place.candidates())
            try FileManager.default.removeItem(atPath: "\(place.folder)/state")
            try DurableFolder.create("\(place.folder)/state", code: .inputOutput)
            let owner = try #require(try place.outbox.owner())
            try Archive(in: "\(place.folder)/state").create()
            try Ledger.create(in: "\(place.folder)/state", id: owner, at: Self.instant)
            let new = try Place(openingIn: place.folder)
            let done = try Reconciliation(new.outbox, new.ledger, at: Self.instant)
            #expect(done.batches == [1])
            try new.record([.purchase("1"), .purchase("2", total: 3), .purchase("3")])
            let candidates = try new.candidates()
            // The changed one is known by its fingerprints, though its old values are not.
            #expect(candidates.map(\.transaction.key.transactionId) == ["2", "3"])
            #expect(candidates[0].standing?.transaction == nil)
            #expect(candidates[0].standing?.material == [7])
            #expect(candidates[1].standing == nil)
        }
    }

    @Test func `another export gets its rows although it looked before they came again`()
        async throws
    {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            try FileManager.default.removeItem(atPath: "\(place.folder)/state")
            try DurableFolder.create("\(place.folder)/state", code: .inputOutput)
            let owner = try #require(try place.outbox.owner())
            try Archive(in: "\(place.folder)/state").create()
            try Ledger.create(in: "\(place.folder)/state", id: owner, at: Self.instant)
            let new = try Place(openingIn: place.folder)
            _ = try Reconciliation(new.outbox, new.ledger, at: Self.instant)
            // A night on which the contract does not answer.
            let seen = try new.ledger.candidates(
                of: "other",
                feed: .contractTransactions,
                selection: [1]
            )
            #expect(seen.candidates.isEmpty)
            try new.ledger.consider(
                "other",
                selection: [1],
                last: seen.last,
                open: [],
                at: Self.instant
            )
            try new.record([.purchase("1")])
            #expect(try new.candidates("other").map(\.transaction.key.transactionId) == ["1"])
            #expect(try new.candidates().isEmpty)
        }
    }

    @Test func `a record whose batch still lies whole in staging is not read in`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try? place.publish(try place.candidates()) { step throws(DeliveryError) in
                if step == .staged { _ = try FileLock("/nowhere/lock", code: .outbox) }
            }
            #expect(try Reconciliation(place.outbox, place.ledger, at: Self.instant).batches == [])
            try place.outbox.requireOwner(place.ledger)
        }
    }
}
