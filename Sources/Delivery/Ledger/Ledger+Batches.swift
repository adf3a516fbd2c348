internal import FoundationEssentials
internal import GRDB
public import Transactions

/// A transaction that an export has not carried yet, or that changed since it did.
public struct DueTransaction: Sendable {
    /// The latest version.
    public let transaction: Transaction
    /// The number of that version, counted from 1.
    public let version: Int
}

/// A batch as the ledger knows it.
public struct BatchEntry: Sendable, Hashable {
    /// Whether it is on its way or out.
    public enum State: String, Sendable {
        /// Written and recorded; the rename may still be due.
        case prepared
        /// In the outbox, or collected from it.
        case published
    }

    /// Counted from 1 over all exports.
    public let number: Int
    /// The same for the same inputs.
    public let id: String
    /// The export's name.
    public let export: String
    /// How far it is.
    public let state: State
    /// Where it lies in the outbox: the path of its directory from the outbox on.
    public let name: String
    /// SHA-256 of its manifest.
    public let manifestHash: String

    /// Describes a batch.
    public init(
        number: Int,
        id: String,
        export: String,
        state: State,
        name: String,
        manifestHash: String
    ) {
        self.number = number
        self.id = id
        self.export = export
        self.state = state
        self.name = name
        self.manifestHash = manifestHash
    }
}

extension Ledger {
    /// The transactions of a feed that an export has not carried, in order of time and key.
    ///
    /// `earliest`: seconds since 1970; what happened before is recorded, never exported.
    public func due(export: String, feed: Feed, earliest: Int64) throws(DeliveryError)
        -> [DueTransaction]
    {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT transaction_id, line, version, contract, record FROM version AS latest
                    WHERE feed = ? AND time >= ? AND version = (
                        SELECT max(version) FROM version
                        WHERE feed = latest.feed AND transaction_id = latest.transaction_id
                        AND line = latest.line)
                    AND NOT EXISTS (
                        SELECT 1 FROM carried WHERE export = ? AND feed = latest.feed
                        AND transaction_id = latest.transaction_id AND line = latest.line
                        AND role = 'original')
                    ORDER BY time, transaction_id, line
                    """,
                arguments: [feed.rawValue, earliest, export]
            )
            return try Self.transactions(rows, feed)
        }
    }

    /// The transactions that an export carried whose latest version is another than the carried one,
    /// with the material fingerprint of what was carried.
    public func changed(since export: String, feed: Feed) throws(DeliveryError) -> [(
        due: DueTransaction, material: [UInt8]
    )] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT v.transaction_id, v.line, v.version, v.contract, v.record, c.material
                    FROM carried AS c JOIN version AS v
                    ON v.feed = c.feed AND v.transaction_id = c.transaction_id AND v.line = c.line
                    WHERE c.export = ? AND c.feed = ? AND c.role = 'original'
                    AND v.version > c.version AND v.version = (
                        SELECT max(version) FROM version WHERE feed = v.feed
                        AND transaction_id = v.transaction_id AND line = v.line)
                    ORDER BY v.time, v.transaction_id, v.line
                    """,
                arguments: [export, feed.rawValue]
            )
            return try rows.map { row in
                (try Self.transaction(row, feed), [UInt8](row["material"] as Data))
            }
        }
    }

    private static func transactions(_ rows: RowCursor, _ feed: Feed) throws -> [DueTransaction] {
        var due: [DueTransaction] = []
        while let row = try rows.next() { due.append(try transaction(row, feed)) }
        return due
    }

    private static func transaction(_ row: Row, _ feed: Feed) throws -> DueTransaction {
        guard
            let transaction = Transaction(
                feed: feed,
                contractNumber: row["contract"],
                line: row["line"],
                restoring: [UInt8](row["record"] as Data)
            )
        else {
            throw DeliveryError(
                .inputOutput,
                "ledger.sqlite",
                "transaction \(row["transaction_id"] as String) is no record of this version"
            )
        }
        return DueTransaction(transaction: transaction, version: row["version"])
    }

    /// The highest batch number; 0 before the first.
    public func lastNumber() throws(DeliveryError) -> Int {
        try read { database in
            try Int.fetchOne(database, sql: "SELECT max(number) FROM batch") ?? 0
        }
    }

    /// All batches, in order.
    public func batches() throws(DeliveryError) -> [BatchEntry] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM batch ORDER BY number").map { row in
                BatchEntry(
                    number: row["number"],
                    id: row["id"],
                    export: row["export"],
                    state: BatchEntry.State(rawValue: row["state"]) ?? .prepared,
                    name: row["name"],
                    manifestHash: row["manifest_hash"]
                )
            }
        }
    }

    /// Records a batch as prepared with all it carries, in one commit (TX1): the point of no return.
    ///
    /// `carried`: each transaction's key, version and material fingerprint.
    public func prepare(
        _ batch: BatchEntry,
        carried: [(key: TransactionKey, version: Int, material: [UInt8])],
        run: Int64
    ) throws(DeliveryError) {
        try write { database in
            try database.execute(
                sql: "INSERT INTO batch VALUES (?, ?, ?, 'prepared', ?, ?, ?)",
                arguments: [
                    batch.number, batch.id, batch.export, batch.name, batch.manifestHash, run,
                ]
            )
            let insert = try database.makeStatement(
                sql: "INSERT INTO carried VALUES (?, ?, ?, ?, ?, 'original', ?, ?)"
            )
            for (key, version, material) in carried {
                try insert.execute(
                    arguments: [
                        batch.export, key.feed.rawValue, key.transactionId, key.line, version,
                        Data(material), batch.number,
                    ])
            }
        }
    }

    /// Records a batch as published (TX2).
    public func publish(_ number: Int) throws(DeliveryError) {
        try write { database in
            try database.execute(
                sql: "UPDATE batch SET state = 'published' WHERE number = ?",
                arguments: [number]
            )
        }
    }

    /// How many transactions each feed has, and when the last run ended how.
    public func summary() throws(DeliveryError) -> (
        transactions: [String: Int], lastRun: (started: Int64, status: String?)?
    ) {
        try read { database in
            var counts: [String: Int] = [:]
            let rows = try Row.fetchAll(
                database,
                sql:
                    "SELECT feed, count(DISTINCT transaction_id || '#' || line) AS n FROM version GROUP BY feed"
            )
            for row in rows { counts[row["feed"] as String] = row["n"] }
            let last = try Row.fetchOne(
                database,
                sql: "SELECT started, status FROM run ORDER BY id DESC LIMIT 1"
            )
            return (counts, last.map { (started: $0["started"], status: $0["status"]) })
        }
    }
}
