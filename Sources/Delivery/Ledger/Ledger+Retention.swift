internal import FoundationEssentials
internal import GRDB
public import Transactions

/// What a purge removed.
public struct PurgeOutcome: Sendable, Hashable, Encodable {
    /// Versions whose values were deleted; keys and batch numbers stay.
    public var versions = 0
    /// Raw answers deleted.
    public var answers = 0
    /// Copies of batches deleted.
    public var batches = 0
}

extension Ledger {
    /// Deletes what is older than the retention: values, raw answers, copies of batches.
    ///
    /// Keys, fingerprints and batch numbers stay, so that nothing is exported twice. The ledger file is
    /// written anew, so that nothing deleted is left in it.
    ///
    /// `cutoff`: what happened, or was answered, before this instant goes.
    public func purge(before cutoff: UTCTimestamp, _ archive: Archive, at instant: UTCTimestamp)
        throws(DeliveryError) -> PurgeOutcome
    {
        var outcome = PurgeOutcome()
        // Files first: what is named and gone is found by the next purge, what is not named would stay.
        let (answers, batches) = try read { database in
            (
                try String.fetchAll(
                    database,
                    sql: "SELECT file FROM answers WHERE received < ? AND file IS NOT NULL",
                    arguments: [cutoff.seconds]
                ),
                try Int.fetchAll(
                    database,
                    sql: "SELECT number FROM batches WHERE prepared < ?",
                    arguments: [cutoff.seconds]
                )
            )
        }
        for file in answers {
            try archive.remove(file)
            outcome.answers += 1
        }
        for number in batches where try archive.keeps(batch: number) {
            try archive.remove("batches/\(padded(number))")
            outcome.batches += 1
        }
        outcome.versions = try write { database in
            try database.execute(
                sql: "UPDATE answers SET file = NULL WHERE received < ? AND file IS NOT NULL",
                arguments: [cutoff.seconds]
            )
            try database.execute(
                sql: """
                    UPDATE versions SET record = NULL WHERE record IS NOT NULL AND item IN (
                        SELECT t.id FROM transactions AS t
                        -- A row that is not missing was seen by each answer for its day.
                        LEFT JOIN (
                            SELECT feed, contract, unixepoch(min(first_day)) AS first FROM answers
                            WHERE received >= ?1 GROUP BY feed, contract) AS a
                        ON a.feed = t.feed AND a.contract = t.contract
                        WHERE t.time < ?1 AND t.last_seen < ?1
                        AND (a.first IS NULL OR t.time < a.first OR t.missing_since < ?1))
                    """,
                arguments: [cutoff.seconds]
            )
            let count = database.changesCount
            try database.execute(
                sql: "UPDATE conflicts SET record = x'' WHERE choice IS NOT NULL AND seen < ?",
                arguments: [cutoff.seconds]
            )
            try SharedTexts.sweep(database)
            try Self.note(database, "purge before \(cutoff.date)", "\(count) versions", instant)
            return count
        }
        try vacuum()
        return outcome
    }

    /// Deletes the values of a driver's transactions, and the answers and copies that hold them.
    ///
    /// `matches`: whether a transaction is the person's.
    public func purge(
        where matches: (Transaction) -> Bool,
        _ archive: Archive,
        at instant: UTCTimestamp
    ) throws(DeliveryError) -> PurgeOutcome {
        var outcome = PurgeOutcome()
        let (items, answers, batches) = try read { database in
            var items: Set<Int64> = []
            // The other side of a conflict counts, too: it is the same purchase under another contract.
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT t.feed, t.contract, t.line, v.item, v.record, t.transaction_id
                    FROM (SELECT item, record FROM versions WHERE record IS NOT NULL
                        UNION ALL SELECT item, record FROM conflicts) AS v
                    JOIN transactions AS t ON t.id = v.item
                    """
            )
            let texts = try SharedTexts(database)
            while let row = try rows.next() {
                guard let feed = Feed(number: row[0]),
                    let transaction = try texts.transaction(
                        TransactionKey(feed: feed, transactionId: row[5], line: row[2]),
                        Self.contract(row[1]),
                        row[4]
                    )
                else { continue }
                if matches(transaction) { items.insert(row[3]) }
            }
            var answers: [String: Set<String>] = [:]
            var batches: Set<Int> = []
            for item in items {
                // Rescans brought the same row again: every answer whose days may hold it goes.
                for row in try Row.fetchAll(
                    database,
                    sql: """
                        SELECT a.file FROM transactions AS t JOIN answers AS a
                        ON a.feed = t.feed AND a.contract = t.contract
                        WHERE t.id = ? AND a.file IS NOT NULL
                        AND a.received >= t.first_seen AND (a.received <= t.last_seen OR
                            date(t.time, 'unixepoch') BETWEEN a.first_day AND a.last_day)
                        """,
                    arguments: [item]
                ) { answers[row[0], default: []].insert("") }
                batches.formUnion(
                    try Int.fetchAll(
                        database,
                        sql: "SELECT batch FROM carried WHERE item = ?",
                        arguments: [item]
                    )
                )
            }
            return (items, answers.keys.sorted(), batches.sorted())
        }
        for file in answers {
            try archive.remove(file)
            outcome.answers += 1
        }
        for number in batches where try archive.keeps(batch: number) {
            try archive.remove("batches/\(padded(number))")
            outcome.batches += 1
        }
        outcome.versions = try write { database in
            var count = 0
            for item in items.sorted() {
                try database.execute(
                    sql: "UPDATE versions SET record = NULL WHERE item = ? AND record IS NOT NULL",
                    arguments: [item]
                )
                count += database.changesCount
                // What is not decided is asked again if the API still shows it.
                try database.execute(
                    sql: "DELETE FROM conflicts WHERE item = ? AND choice IS NULL",
                    arguments: [item]
                )
                try database.execute(
                    sql: "UPDATE conflicts SET record = x'' WHERE item = ?",
                    arguments: [item]
                )
            }
            for file in answers {
                try database.execute(
                    sql: "UPDATE answers SET file = NULL WHERE file = ?",
                    arguments: [file]
                )
            }
            try SharedTexts.sweep(database)
            try Self.note(database, "purge of a person", "\(count) versions", instant)
            return count
        }
        try vacuum()
        return outcome
    }

    private func vacuum() throws(DeliveryError) {
        try Self.guarded(path) {
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA secure_delete = ON")
                try database.execute(sql: "VACUUM")
            }
        }
    }
}
