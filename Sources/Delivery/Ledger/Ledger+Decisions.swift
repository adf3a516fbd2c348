internal import FoundationEssentials
internal import GRDB
public import Transactions

/// A row of an answer of which no transaction could be made.
public struct UnreadRow: Sendable, Hashable {
    /// The kind of transactions.
    public let feed: Feed
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// Its id, as far as it could be read.
    public let transactionId: String?
    /// Why; never a value of the row.
    public let reason: String
    /// The days asked for.
    public let window: Window
    /// Whether an operator let it go.
    public let isReleased: Bool
}

/// An id that stands under two contracts with other content.
public struct ContractConflict: Sendable, Hashable {
    /// The transaction as it is known.
    public let key: TransactionKey
    /// The contract under which it is known.
    public let known: String
    /// The other one.
    public let other: String
}

extension Ledger {
    /// Rows that could not be read, oldest first; coverage does not pass one that was not let go.
    public func unread() throws(DeliveryError) -> [UnreadRow] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM unread ORDER BY first_seen, first_day")
                .compactMap { row -> UnreadRow? in
                    guard let feed = Feed(number: row["feed"]),
                        let window = Self.window(row["first_day"], row["last_day"])
                    else { return nil }
                    let id: String = row["transaction_id"]
                    return UnreadRow(
                        feed: feed,
                        contract: Self.contract(row["contract"]),
                        transactionId: id.isEmpty ? nil : id,
                        reason: row["reason"],
                        window: window,
                        isReleased: (row["released"] as Int64?) != nil
                    )
                }
        }
    }

    /// Lets rows go that never read well, so that coverage passes them; returns how many.
    ///
    /// `transactionId`: the id; nil for those whose id could not be read.
    public func releaseUnread(_ transactionId: String?, at instant: UTCTimestamp)
        throws(DeliveryError) -> Int
    {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE unread SET released = ? WHERE transaction_id = ? AND released IS NULL
                    """,
                arguments: [instant.seconds, transactionId ?? ""]
            )
            let count = database.changesCount
            if count > 0 {
                try Self.note(database, "unread \(transactionId ?? "")", "released", instant)
            }
            return count
        }
    }

    /// Ids under two contracts that wait for a decision.
    public func conflicts() throws(DeliveryError) -> [ContractConflict] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.feed, t.transaction_id, t.line, t.contract AS known,
                    c.contract AS other FROM conflicts AS c JOIN transactions AS t ON t.id = c.item
                    WHERE c.choice IS NULL ORDER BY t.transaction_id, t.line
                    """
            ).compactMap { row in
                Self.key(row).map {
                    ContractConflict(key: $0, known: row["known"], other: row["other"])
                }
            }
        }
    }

    /// Decides under which contract an id counts; returns whether there was something to decide.
    public func settleConflict(
        _ key: TransactionKey,
        contract: String,
        at instant: UTCTimestamp
    ) throws(DeliveryError) -> Bool {
        try write { database in
            guard let item = try Self.item(key, database),
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT contract, version, fingerprint FROM transactions WHERE id = ?",
                    arguments: [item]
                )
            else { return false }
            let known: String = row["contract"]
            let others = try Row.fetchAll(
                database,
                sql: "SELECT * FROM conflicts WHERE item = ? AND choice IS NULL ORDER BY seen",
                arguments: [item]
            )
            guard !others.isEmpty else { return false }
            if let taken = others.last(where: { ($0["contract"] as String) == contract }) {
                let version = (row["version"] as Int) + 1
                // What was known becomes the other side of the conflict, so that it is not asked again.
                let old = try Data.fetchOne(
                    database,
                    sql: "SELECT record FROM versions WHERE item = ? AND version = ?",
                    arguments: [item, version - 1]
                )
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO conflicts VALUES (?, ?, ?, ?, ?, 'kept')
                        """,
                    arguments: [
                        item, known, row["fingerprint"] as Data, old ?? Data(), instant.seconds,
                    ]
                )
                try database.execute(
                    sql: """
                        INSERT INTO versions (item, version, record, seen)
                        VALUES (?, ?, ?, ?)
                        """,
                    arguments: [
                        item, version, taken["record"] as Data, instant.seconds,
                    ]
                )
                try database.execute(
                    sql: """
                        UPDATE transactions SET contract = ?, version = ?, fingerprint = ?
                        WHERE id = ?
                        """,
                    arguments: [contract, version, taken["fingerprint"] as Data, item]
                )
            } else if known != contract {
                return false
            }
            try database.execute(
                sql: """
                    UPDATE conflicts SET choice = iif(contract = ?, 'taken', 'kept')
                    WHERE item = ? AND choice IS NULL
                    """,
                arguments: [contract, item]
            )
            try Self.note(database, "contract of \(key)", contract, instant)
            return true
        }
    }

    /// Decides on a correction: `send` it, or `keep` what was sent; false when there is none.
    ///
    /// Besides those that are held, a change that was only reported may be sent after all.
    public func settleCorrection(
        _ key: TransactionKey,
        of export: String,
        choice: String,
        at instant: UTCTimestamp
    ) throws(DeliveryError) -> Bool {
        try write { database in
            guard let item = try Self.item(key, database) else { return false }
            try database.execute(
                sql: """
                    UPDATE candidates SET choice = ? WHERE item = ? AND kind = 'correction'
                    AND export = (SELECT id FROM exports WHERE name = ?)
                    """,
                arguments: [choice, item, export]
            )
            if database.changesCount == 0 {
                guard choice == "send",
                    try Self.reopenCorrection(item, of: export, database, instant)
                else { return false }
            }
            try Self.note(database, "correction of \(key) for \(export)", choice, instant)
            return true
        }
    }

    /// Makes a correction due of a change that was reported and not sent; false when there is none.
    private static func reopenCorrection(
        _ item: Int64,
        of export: String,
        _ database: Database,
        _ instant: UTCTimestamp
    ) throws -> Bool {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO candidates
                SELECT e.id, t.id, 'correction', 'changed', 'a change that was only reported', ?, 'send',
                NULL FROM exports AS e JOIN transactions AS t ON t.id = ?
                WHERE e.name = ? AND t.version > (
                    SELECT max(version) FROM carried WHERE export = e.id AND item = t.id AND role <> ?)
                """,
            arguments: [instant.seconds, item, export, CarriedRole.reversal.rawValue]
        )
        return database.changesCount > 0
    }

    /// Lets go a transaction that cannot be sent, or takes that back; false when there is none.
    ///
    /// `isDropped`: it is left out as long as it stays as it is; otherwise it is tried again.
    public func settleHeld(
        _ key: TransactionKey,
        of export: String,
        isDropped: Bool,
        at instant: UTCTimestamp
    ) throws(DeliveryError) -> Bool {
        try write { database in
            guard let item = try Self.item(key, database) else { return false }
            try database.execute(
                sql: """
                    UPDATE candidates SET choice = ?1,
                    decided = (SELECT version FROM transactions WHERE id = ?2)
                    WHERE item = ?2 AND kind IN (\(isDropped ? "'rejected', 'held'" : "'dropped'"))
                    AND export = (SELECT id FROM exports WHERE name = ?3)
                    """,
                arguments: [isDropped ? "drop" : nil, item, export]
            )
            guard database.changesCount > 0 else { return false }
            try Self.note(
                database,
                "transaction \(key) of \(export)",
                isDropped ? "let go" : "tried again",
                instant
            )
            return true
        }
    }

    /// Settles a prepared batch whose staging is gone, as an operator knows it.
    ///
    /// `wentOut`: it counts as published; otherwise it never went out, what it carried is due again,
    /// and its number stays used up.
    func settleBatch(_ number: Int, wentOut: Bool, at instant: UTCTimestamp)
        throws(DeliveryError) -> Bool
    {
        try write { database in
            try database.execute(
                sql: "UPDATE batches SET state = ? WHERE number = ? AND state = 'prepared'",
                arguments: [wentOut ? "published" : "void", number]
            )
            guard database.changesCount > 0 else { return false }
            if !wentOut {
                try database.execute(
                    sql: "DELETE FROM carried WHERE batch = ?",
                    arguments: [number]
                )
                try database.execute(
                    sql: "UPDATE events SET batch = NULL WHERE batch = ?",
                    arguments: [number]
                )
                // Its rows must be considered again.
                try database.execute(
                    sql: """
                        UPDATE exports SET cursor = 0, selection = x''
                        WHERE name = (SELECT export FROM batches WHERE number = ?)
                        """,
                    arguments: [number]
                )
            }
            try Self.note(
                database,
                "batch \(number)",
                wentOut ? "went out" : "never went out",
                instant
            )
            return true
        }
    }
}
