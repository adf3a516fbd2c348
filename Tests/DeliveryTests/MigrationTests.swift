import Foundation
import GRDB
import TestSupport
import Testing
import Transactions

@testable import Delivery

/// Ledgers that an earlier program wrote, and those that it did not.
struct `Earlier ledgers` {
    /// A state folder with the ledger of version 3, and what `change` made of it.
    private static func with<Result>(
        _ change: String = "",
        _ body: (String) throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { folder in
            let sql = try String(
                contentsOfFile: "\(Checkout.path)/Tests/DeliveryTests/Ledgers/version-3.sql",
                encoding: .utf8
            )
            var settings = GRDB.Configuration()
            // The tables stand in the order of a dump.
            settings.foreignKeysEnabled = false
            let queue = try DatabaseQueue(
                path: "\(folder)/ledger.sqlite",
                configuration: settings
            )
            try queue.write { try $0.execute(sql: sql + change) }
            try queue.close()
            return try body(folder)
        }
    }

    /// The rows of a contract as the API gives them, from the ledger.
    private static func rows(_ ledger: Ledger, _ ids: [String]) throws -> [Transaction] {
        try ids.flatMap { try ledger.histories(of: $0) }.compactMap {
            $0.versions.last?.transaction
        }
    }

    private static func record(_ rows: [Transaction], in ledger: Ledger, _ folder: String) throws
        -> RecordOutcome
    {
        let now = UTCTimestamp.at("2026-11-26T03:00:00Z")
        let run = try ledger.beginRun(at: now, Archive(in: folder))
        var answered = Answered(
            feed: .contractTransactions,
            contract: "123",
            asked: .days("2026-06-27", "2026-11-26"),
            isAll: true
        )
        answered.transactions = rows
        return try ledger.record(answered, run: run, at: now)
    }

    @Test func `are brought on with all that they know`() async throws {
        try await Self.with { folder in
            let ledger = try Ledger(in: folder)
            #expect(try ledger.counts().values.reduce(0, +) == 14)
            let history = try #require(try ledger.histories(of: "7000000001").first)
            #expect(history.versions.map(\.number) == [1, 2])
            #expect(history.versions.allSatisfy { $0.transaction?.key == history.key })
            #expect(history.versions.allSatisfy { $0.transaction?.contractNumber == "123" })
            #expect(history.appearances.isEmpty == false)
            let charging = try #require(try ledger.histories(of: "9000000").first)
            #expect(charging.versions.first?.transaction?.text(.transactionStatus) != nil)
            let purged = try #require(try ledger.histories(of: "7000000004").first)
            #expect(purged.versions.count == 1)
            #expect(purged.versions.first?.transaction == nil)
            #expect(try ledger.conflicts().map(\.other) == ["999"])
            // Opened again, it is of this version and stays as it is.
            let again = try #require(try Ledger(in: folder).histories(of: "7000000001").first)
            #expect(again.versions.map(\.transaction) == history.versions.map(\.transaction))
        }
    }

    @Test func `know their rows again, those without values by the fingerprint of then`()
        async throws
    {
        let sent = try await Self.with { folder in
            let queue = try DatabaseQueue(path: "\(folder)/ledger.sqlite")
            let record = try #require(
                try queue.read {
                    try Data.fetchOne($0, sql: "SELECT record FROM versions WHERE item = 4")
                }
            )
            return try #require(
                Transaction(
                    feed: .contractTransactions,
                    contractNumber: "123",
                    line: 1,
                    restoring: [UInt8](record)
                )
            )
        }
        let purge = """
            UPDATE transactions SET fingerprint = (
                SELECT fingerprint FROM versions WHERE item = 4) WHERE id = 4;
            UPDATE versions SET record = NULL WHERE item = 4;
            """
        try await Self.with(purge) { folder in
            let ledger = try Ledger(in: folder)
            var rows = try Self.rows(ledger, ["7000000001", "7000000007"])
            rows.append(sent)
            let outcome = try Self.record(rows, in: ledger, folder)
            #expect((outcome.new, outcome.changed, outcome.unchanged) == (0, 0, 3))
            // From now on it is known by its fingerprint of today.
            let again = try Self.record(rows, in: ledger, folder)
            #expect((again.new, again.changed, again.unchanged) == (0, 0, 3))
            let changed = try Self.record(
                [Transaction.purchase(sent.key.transactionId)],
                in: ledger,
                folder
            )
            #expect((changed.new, changed.changed) == (0, 1))
        }
    }

    @Test func `that cannot be read are left as they are`() async throws {
        try await Self.with("UPDATE versions SET record = x'09' WHERE item = 5;") { folder in
            let error = #expect(throws: DeliveryError.self) { try Ledger(in: folder) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("nothing was changed"))
            let queue = try DatabaseQueue(path: "\(folder)/ledger.sqlite")
            let (version, records) = try queue.read {
                (
                    try Int.fetchOne($0, sql: "PRAGMA user_version"),
                    try Int.fetchOne($0, sql: "SELECT count(record) FROM versions")
                )
            }
            #expect((version, records) == (3, 14))
        }
    }

    @Test(arguments: [
        (
            "2",
            "use the program that wrote it, or move the file away and run 'occ-export reconcile'"
        ),
        ("5", "of a later program"),
    ])
    func `of other versions are refused with a way out`(_ version: String, _ words: String)
        async throws
    {
        try await Self.with("PRAGMA user_version = \(version);") { folder in
            let error = #expect(throws: DeliveryError.self) { try Ledger(in: folder) }
            #expect(
                "\(error.map { "\($0)" } ?? "")".contains(words),
                "\(String(describing: error))"
            )
        }
    }
}
