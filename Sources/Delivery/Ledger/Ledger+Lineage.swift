internal import FoundationEssentials
internal import GRDB
public import Transactions

/// All that the ledger knows of a transaction.
public struct TransactionHistory: Sendable {
    /// One version.
    public struct Version: Sendable {
        /// Counted from 1.
        public let number: Int
        /// When it was first seen.
        public let seen: UTCTimestamp
        /// Its values; nil once they are purged.
        public let transaction: Transaction?
        /// The raw answer that brought it, from the archive on; nil once it is purged.
        public let answer: String?
    }

    /// One appearance in a batch.
    public struct Appearance: Sendable {
        /// The export.
        public let export: String
        /// The batch's number.
        public let batch: Int
        /// The batch's name.
        public let name: String
        /// The version that was carried.
        public let version: Int
        /// As what.
        public let role: CarriedRole
    }

    /// The transaction.
    public let key: TransactionKey
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// When it was first and last seen.
    public let firstSeen: UTCTimestamp
    /// The last run that saw it.
    public let lastSeen: UTCTimestamp
    /// Since when it is missing at the source; nil while it is there.
    public let missingSince: UTCTimestamp?
    /// Its versions, oldest first.
    public let versions: [Version]
    /// The batches that carried it.
    public let appearances: [Appearance]
    /// What happened to it, oldest first, and which export noticed.
    public let events: [(event: TransactionEvent, export: String, seen: UTCTimestamp)]
    /// The exports that considered it and did not carry it, and why.
    public let open: [(export: String, reason: String)]
}

/// One row of a batch with its values.
public struct CarriedRow: Sendable {
    /// The transaction.
    public let key: TransactionKey
    /// The version that was carried.
    public let version: Int
    /// As what.
    public let role: CarriedRole
    /// Its values; nil once they are purged.
    public let transaction: Transaction?
    /// The batch that a reversal takes back; nil for other roles.
    public let reverses: Int?
}

extension Ledger {
    /// The histories of all lines of an id, in any feed.
    public func histories(of transactionId: String) throws(DeliveryError) -> [TransactionHistory] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM transactions WHERE transaction_id = ? AND feed IN (1, 2, 3)
                    ORDER BY feed, line
                    """,
                arguments: [transactionId]
            ).compactMap { try Self.history($0, database) }
        }
    }

    /// What is seen as it is known writes nothing: it was there in each answer for its day, up to the
    /// first that lacks it.
    private static func lastSeen(_ row: Row, _ database: Database) throws -> Int64 {
        let answered = try Int64.fetchOne(
            database,
            sql: """
                SELECT max(received) FROM answers WHERE feed = ? AND contract = ? AND received < ?
                AND date(?, 'unixepoch') BETWEEN first_day AND last_day
                """,
            arguments: [
                row["feed"] as Int, row["contract"] as String,
                (row["missing_since"] as Int64?) ?? Int64.max, row["time"] as Int64,
            ]
        )
        return max(row["last_seen"], answered ?? 0)
    }

    private static func history(_ row: Row, _ database: Database) throws -> TransactionHistory? {
        guard let key = key(row), let first = UTCTimestamp(seconds: row["first_seen"]),
            let last = UTCTimestamp(seconds: try lastSeen(row, database))
        else { return nil }
        let item: Int64 = row["id"]
        let contract = contract(row["contract"])
        let texts = try SharedTexts(database)
        let versions = try Row.fetchAll(
            database,
            sql: """
                SELECT v.version, v.seen, v.record, a.file FROM versions AS v
                LEFT JOIN answers AS a ON a.id = v.answer WHERE v.item = ? ORDER BY v.version
                """,
            arguments: [item]
        ).compactMap { version -> TransactionHistory.Version? in
            guard let seen = UTCTimestamp(seconds: version["seen"]) else { return nil }
            return TransactionHistory.Version(
                number: version["version"],
                seen: seen,
                transaction: try (version["record"] as Data?).flatMap {
                    try texts.transaction(key, contract, $0)
                },
                answer: version["file"]
            )
        }
        let appearances = try Row.fetchAll(
            database,
            sql: """
                SELECT e.name AS export, c.batch, b.name, c.version, c.role FROM carried AS c
                JOIN exports AS e ON e.id = c.export JOIN batches AS b ON b.number = c.batch
                WHERE c.item = ? ORDER BY c.batch, c.role
                """,
            arguments: [item]
        ).map { carried in
            TransactionHistory.Appearance(
                export: carried["export"],
                batch: carried["batch"],
                name: carried["name"],
                version: carried["version"],
                role: CarriedRole(rawValue: carried["role"]) ?? .original
            )
        }
        let events = try Row.fetchAll(
            database,
            sql: """
                SELECT v.kind, v.version, v.detail, v.seen, e.name FROM events AS v
                JOIN exports AS e ON e.id = v.export WHERE v.item = ? ORDER BY v.id
                """,
            arguments: [item]
        ).compactMap { row in
            UTCTimestamp(seconds: row["seen"]).map { seen in
                (
                    event: TransactionEvent(
                        kind: row["kind"],
                        key: key,
                        version: row["version"],
                        detail: row["detail"]
                    ),
                    export: row["name"] as String,
                    seen: seen
                )
            }
        }
        let open = try Row.fetchAll(
            database,
            sql: """
                SELECT e.name, c.kind, c.message FROM candidates AS c
                JOIN exports AS e ON e.id = c.export WHERE c.item = ? ORDER BY e.name
                """,
            arguments: [item]
        ).map {
            (
                export: $0["name"] as String,
                reason: "\($0["kind"] as String): \($0["message"] as String)"
            )
        }
        return TransactionHistory(
            key: key,
            contract: contract,
            firstSeen: first,
            lastSeen: last,
            missingSince: (row["missing_since"] as Int64?).flatMap { UTCTimestamp(seconds: $0) },
            versions: versions,
            appearances: appearances,
            events: events,
            open: open
        )
    }

    /// What a batch carried, in the order in which it was written: by time and key, reversals first.
    public func carried(in batch: Int) throws(DeliveryError) -> [CarriedRow] {
        try read { database in
            let texts = try SharedTexts(database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT t.feed, t.transaction_id, t.line, t.contract, c.version, c.role, v.record,
                    (SELECT max(batch) FROM carried AS o WHERE o.export = c.export
                    AND o.item = c.item AND o.version = c.version AND o.role <> c.role) AS sent
                    FROM carried AS c JOIN transactions AS t ON t.id = c.item
                    LEFT JOIN versions AS v ON v.item = c.item AND v.version = c.version
                    WHERE c.batch = ? ORDER BY t.time, t.transaction_id, t.line, c.version, c.role
                    """,
                arguments: [batch]
            ).compactMap { row in
                guard let key = Self.key(row), let role = CarriedRole(rawValue: row["role"]) else {
                    return nil
                }
                let transaction = try (row["record"] as Data?).flatMap {
                    try texts.transaction(key, Self.contract(row["contract"]), $0)
                }
                return CarriedRow(
                    key: key,
                    version: row["version"],
                    role: role,
                    transaction: transaction,
                    reverses: role == .reversal ? row["sent"] : nil
                )
            }
        }
    }

    /// The archived answers of the last run that asked for a feed, in order.
    public func lastAnswers(of feed: Feed) throws(DeliveryError) -> [(
        contract: String?, file: String
    )] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT contract, file FROM answers WHERE feed = ?1 AND file IS NOT NULL
                    AND run = (SELECT max(run) FROM answers WHERE feed = ?1) ORDER BY id
                    """,
                arguments: [feed.number]
            ).map { (contract: Self.contract($0["contract"]), file: $0["file"]) }
        }
    }

    /// How many transactions each feed has.
    public func counts() throws(DeliveryError) -> [Feed: Int] {
        try read { database in
            var counts: [Feed: Int] = [:]
            for row in try Row.fetchAll(
                database,
                sql: "SELECT feed, count(*) AS n FROM transactions GROUP BY feed"
            ) {
                if let feed = Feed(number: row["feed"]) { counts[feed] = row["n"] }
            }
            return counts
        }
    }

    /// How many rows batches carried, by batch.
    func carriedCounts() throws(DeliveryError) -> [Int: Int] {
        try read { database in
            Dictionary(
                try Row.fetchAll(
                    database,
                    sql: "SELECT batch, count(*) AS n FROM carried GROUP BY batch"
                ).map { (($0["batch"] as Int), ($0["n"] as Int)) }
            ) { first, _ in first }
        }
    }
}

extension Ledger {
    /// The batch that published a file with this content, wherever the file is now, and its name there.
    public func batch(ofFile path: String) throws(DeliveryError) -> (
        batch: BatchEntry, file: String
    )? {
        let found = try FileHash.of(path, code: .inputOutput)
        let place = try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT batch, path FROM batch_files WHERE hash = ? ORDER BY batch",
                arguments: [found.hash]
            ).map { (number: $0["batch"] as Int, path: $0["path"] as String) }
        }
        // Two batches may have files of one content: the name decides.
        let name = DurableFolder.name(of: path)
        let folder = DurableFolder.name(of: DurableFolder.parent(of: path))
        guard
            let best = place.first(where: { $0.path.hasSuffix("\(folder)/\(name)") })
                ?? place.first(where: { DurableFolder.name(of: $0.path) == name }) ?? place.first,
            let batch = try batch(best.number)
        else { return nil }
        return (batch, DurableFolder.name(of: best.path))
    }
}
