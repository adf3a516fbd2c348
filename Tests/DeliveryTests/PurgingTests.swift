import Delivery
import Foundation
import TestSupport
import Testing
import Transactions

/// What a purge leaves in the ledger.
struct `Purging` {
    private static func driven(_ id: String, by driver: String, contract: String = "22297")
        -> Transaction
    {
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, id)
        builder.set(.transactionTime, .at("2026-11-20T10:00:00Z"))
        builder.set(.occProductName, "Diesel")
        builder.set(.driverName, driver)
        return builder.build(contractNumber: contract)
    }

    private static func bytes(_ place: Place) throws -> String {
        let file = try #require(
            FileManager.default.contents(atPath: "\(place.folder)/state/ledger.sqlite")
        )
        return String(decoding: file, as: UTF8.self)
    }

    @Test func `a person's leaves nothing of them, and all of the others`() async throws {
        try await Place.with { place in
            try place.record([
                Self.driven("1", by: "Mari Maasikas"), Self.driven("2", by: "Jaan Tamm"),
            ])
            // The same purchase under another contract, with another driver.
            try place.record(
                [Self.driven("2", by: "Mari M"), Self.driven("3", by: "Jaan Tamm")],
                contract: "123"
            )
            #expect(try place.ledger.conflicts().count == 1)
            #expect(try Self.bytes(place).contains("Mari Maasikas"))
            let now = UTCTimestamp.at("2026-11-25T03:00:00Z")
            let outcome = try place.ledger.purge(
                where: { $0.text(.driverName)?.hasPrefix("Mari") ?? false },
                place.archive,
                at: now
            )
            #expect(outcome.versions == 2)
            #expect(try place.ledger.conflicts().isEmpty)
            let left = try Self.bytes(place)
            #expect(!left.contains("Mari"))
            #expect(left.contains("Jaan Tamm"))
            let row = try #require(try place.ledger.histories(of: "3").first)
            #expect(row.versions.first?.transaction?.text(.occProductName) == "Diesel")
            // What is gone is known by its content, and stays gone.
            let again = try place.record([Self.driven("1", by: "Mari Maasikas")])
            #expect((again.new, again.changed) == (0, 0))
            #expect(!(try Self.bytes(place)).contains("Mari"))
        }
    }

    @Test func `by age keeps what an answer has shown since`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1", at: "2026-11-02T10:00:00Z", product: "Washing")])
            try place.record(
                [.purchase("2", at: "2026-11-20T10:00:00Z")],
                at: "2026-11-26T03:00:00Z",
                from: "2026-11-10",
                to: "2026-11-26"
            )
            let ledger = place.ledger
            let cutoff = UTCTimestamp.at("2026-11-25T00:00:00Z")
            let outcome = try ledger.purge(before: cutoff, place.archive, at: cutoff)
            #expect(outcome.versions == 1)
            #expect(try ledger.histories(of: "1").first?.versions.first?.transaction == nil)
            #expect(try ledger.histories(of: "2").first?.versions.first?.transaction != nil)
            #expect(!(try Self.bytes(place)).contains("Washing"))
        }
    }

    @Test func `by age keeps a row that was seen unchanged since, and tells when`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1", at: "2026-11-20T10:00:00Z")])
            try place.answer(
                [.purchase("1", at: "2026-11-20T10:00:00Z")],
                at: "2026-11-26T03:00:00Z"
            )
            let history = try #require(try place.ledger.histories(of: "1").first)
            #expect(history.lastSeen == .at("2026-11-26T03:00:00Z"))
            let cutoff = UTCTimestamp.at("2026-11-25T00:00:00Z")
            let outcome = try place.ledger.purge(before: cutoff, place.archive, at: cutoff)
            #expect(outcome.versions == 0)
            // Missing since, it was seen last by the answer before.
            try place.answer([], at: "2026-11-27T03:00:00Z")
            let missing = try #require(try place.ledger.histories(of: "1").first)
            #expect(missing.lastSeen == .at("2026-11-26T03:00:00Z"))
            #expect(missing.missingSince == .at("2026-11-27T03:00:00Z"))
        }
    }
}
