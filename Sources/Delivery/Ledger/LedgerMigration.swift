internal import FoundationEssentials
internal import GRDB
internal import Transactions

/// Brings a ledger of an earlier version on to this one, whole or not at all.
enum LedgerMigration {
    /// The earliest version that it brings on.
    static let first = 3

    /// Runs within one commit.
    static func run(_ database: Database, from version: Int) throws {
        if version == 3 { try packRecords(database) }
        try database.execute(sql: "PRAGMA user_version = \(LedgerSchema.version)")
    }

    /// Version 3 had each record at its full length, and fingerprints of SHA-256 twice.
    ///
    /// Where the values are gone, the old fingerprint stays: it is recognized when the row comes again.
    private static func packRecords(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE texts (
                    id INTEGER PRIMARY KEY, text BLOB NOT NULL UNIQUE) STRICT;
                ALTER TABLE versions RENAME TO versions_3;
                CREATE TABLE versions (
                    id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES transactions,
                    version INTEGER NOT NULL, record BLOB, seen INTEGER NOT NULL,
                    answer INTEGER REFERENCES answers, UNIQUE (item, version)) STRICT
                """
        )
        let texts = try SharedTexts(database)
        let insert = try RowStatement(
            database,
            sql: "INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?)"
        )
        let renew = try RowStatement(
            database,
            sql: "UPDATE transactions SET fingerprint = ? WHERE id = ? AND version = ?"
        )
        let old = try Row.fetchCursor(
            database,
            sql: """
                SELECT v.id, v.item, v.version, v.record, v.seen, v.answer, t.feed
                FROM versions_3 AS v JOIN transactions AS t ON t.id = v.item ORDER BY v.id
                """
        )
        while let row = try old.next() {
            for (place, column) in [(1, 0), (2, 1), (3, 2), (5, 4)] {
                insert.bind(CInt(place), row[column] as Int64)
            }
            insert.bind(6, row[5] as Int64?)
            if let record = (row[3] as Data?).map({ [UInt8]($0) }) {
                try texts.bind(try restored(record, row[6]), to: insert, 4)
                renew.bind(1, Fingerprint(of: record))
                renew.bind(2, row[1] as Int64)
                renew.bind(3, row[2] as Int64)
                try renew.run()
            } else {
                insert.bind(4, nil)
            }
            try insert.run()
        }
        try packConflicts(database, texts)
        try database.execute(sql: "DROP TABLE versions_3")
    }

    private static func packConflicts(_ database: Database, _ texts: SharedTexts) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT c.item, c.contract, c.fingerprint, c.record, t.feed FROM conflicts AS c
                JOIN transactions AS t ON t.id = c.item WHERE length(c.record) > 0
                """
        )
        for row in rows {
            let record = [UInt8](row[3] as Data)
            try database.execute(
                sql: """
                    UPDATE conflicts SET fingerprint = ?, record = ?
                    WHERE item = ? AND contract = ? AND fingerprint = ?
                    """,
                arguments: [
                    Data(Fingerprint(of: record).bytes),
                    Data(try texts.packed(try restored(record, row[4]))), row[0] as Int64,
                    row[1] as String, row[2] as Data,
                ]
            )
        }
    }

    private static func restored(_ record: [UInt8], _ feed: Int) throws -> Transaction {
        guard let feed = Feed(number: feed),
            let transaction = Transaction(
                feed: feed,
                contractNumber: nil,
                line: 1,
                restoring: record
            )
        else {
            throw DeliveryError(
                .inputOutput,
                "ledger.sqlite",
                "a record of the earlier version cannot be read; nothing was changed; bring a backup of the ledger back, then run 'occ-export reconcile'"
            )
        }
        return transaction
    }
}
