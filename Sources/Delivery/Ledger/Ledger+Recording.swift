internal import FoundationEssentials
internal import GRDB
public import Transactions

/// What an answer told the ledger.
public struct RecordOutcome: Sendable {
    /// Transactions seen for the first time.
    public var new = 0
    /// Transactions whose content differs from the version known so far.
    public var changed = 0
    /// Transactions known as they are.
    public var unchanged = 0
    /// Ids that stand under two contracts with different content: an operator looks at them.
    public var conflicts: [TransactionKey] = []
}

extension Ledger {
    /// Begins a run; returns its number.
    public func beginRun(at instant: UTCTimestamp) throws(DeliveryError) -> Int64 {
        try write { database in
            try database.execute(
                sql: "INSERT INTO run (started) VALUES (?)",
                arguments: [instant.seconds]
            )
            return database.lastInsertedRowID
        }
    }

    /// Ends a run with the name of its exit status.
    public func endRun(_ run: Int64, at instant: UTCTimestamp, status: String) throws(DeliveryError)
    {
        try write { database in
            try database.execute(
                sql: "UPDATE run SET ended = ?, status = ? WHERE id = ?",
                arguments: [instant.seconds, status, run]
            )
        }
    }

    /// Records what the API said for a feed, contract and window, in one commit (TX0).
    ///
    /// `transactions`: the rows of whole answers; lines of one id in their order.
    /// `covered`: whether all of the window was answered and read, so that coverage advances.
    public func record(
        _ transactions: [Transaction],
        feed: Feed,
        contract: String?,
        window: Window,
        covered: Bool,
        run: Int64
    ) throws(DeliveryError) -> RecordOutcome {
        try write { database in
            var outcome = RecordOutcome()
            let known = try database.makeStatement(
                sql: """
                    SELECT line, version, contract, record FROM version AS latest
                    WHERE feed = ? AND transaction_id = ? AND version = (
                        SELECT max(version) FROM version
                        WHERE feed = latest.feed AND transaction_id = latest.transaction_id
                        AND line = latest.line)
                    ORDER BY line
                    """
            )
            let insert = try database.makeStatement(
                sql: "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            )
            let seen = try database.makeStatement(
                sql: """
                    UPDATE version SET last_run = ?
                    WHERE feed = ? AND transaction_id = ? AND line = ? AND version = ?
                    """
            )
            var lines: [String: [Transaction]] = [:]
            var order: [String] = []
            for transaction in transactions {
                let id = transaction.key.transactionId
                if lines[id] == nil { order.append(id) }
                lines[id, default: []].append(transaction)
            }
            for id in order {
                var rows = try Row.fetchAll(known, arguments: [feed.rawValue, id]).map { row in
                    KnownLine(
                        line: row["line"],
                        version: row["version"],
                        contract: row["contract"],
                        record: [UInt8](row["record"] as Data)
                    )
                }
                let arrived = lines[id] ?? []
                if let other = rows.first(where: { $0.contract != contract }) {
                    // Trap 30: the same content under two contracts counts once, other content is
                    // for an operator; the first one stays as it is.
                    if arrived.allSatisfy({ row in rows.contains { $0.record == row.record } }) {
                        outcome.unchanged += arrived.count
                    } else {
                        outcome.conflicts.append(
                            TransactionKey(feed: feed, transactionId: id, line: other.line)
                        )
                    }
                    continue
                }
                // Lines are matched to known ones by content first, then by order.
                var rest: [Transaction] = []
                for transaction in arrived {
                    guard let match = rows.firstIndex(where: { $0.record == transaction.record })
                    else {
                        rest.append(transaction)
                        continue
                    }
                    try seen.execute(
                        arguments: [run, feed.rawValue, id, rows[match].line, rows[match].version])
                    rows.remove(at: match)
                    outcome.unchanged += 1
                }
                for transaction in rest {
                    let line: Int
                    let version: Int
                    if let old = rows.first {
                        rows.removeFirst()
                        (line, version) = (old.line, old.version + 1)
                        outcome.changed += 1
                    } else {
                        let lastLine =
                            try Int.fetchOne(
                                database,
                                sql:
                                    "SELECT max(line) FROM version WHERE feed = ? AND transaction_id = ?",
                                arguments: [feed.rawValue, id]
                            ) ?? 0
                        (line, version) = (lastLine + 1, 1)
                        outcome.new += 1
                    }
                    try insert.execute(
                        arguments: [
                            feed.rawValue, id, line, version, contract,
                            transaction.timestamp(.transactionTime)?.seconds ?? 0,
                            Data(transaction.record), run, run,
                        ])
                }
            }
            if covered {
                try database.execute(
                    sql: """
                        INSERT INTO coverage VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET first_day = min(first_day, excluded.first_day),
                        last_day = max(last_day, excluded.last_day), run = excluded.run
                        """,
                    arguments: [
                        feed.rawValue, contract ?? "", window.from.description,
                        window.to.description, run,
                    ]
                )
            }
            return outcome
        }
    }

    private struct KnownLine {
        let line: Int
        let version: Int
        let contract: String?
        let record: [UInt8]
    }

    /// The last day that is covered for a feed and contract; nil when nothing was fetched yet.
    public func coverage(of feed: Feed, contract: String?) throws(DeliveryError) -> (
        first: CalendarDate, last: CalendarDate
    )? {
        try read { database in
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT first_day, last_day FROM coverage WHERE feed = ? AND contract = ?",
                    arguments: [feed.rawValue, contract ?? ""]
                ),
                let first = CalendarDate(row["first_day"] as String),
                let last = CalendarDate(row["last_day"] as String)
            else { return nil }
            return (first, last)
        }
    }
}
