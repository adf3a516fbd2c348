internal import FoundationEssentials
internal import GRDB
public import Transactions

/// Rebuilds what a lost or old ledger does not know from the records in the outbox.
public struct Reconciliation: Sendable {
    /// Batches read in.
    public private(set) var batches: [Int] = []
    /// Rows that they carried.
    public private(set) var carried = 0

    /// Reads the records of batches that went out and that the ledger does not know.
    ///
    /// A record whose batch still lies whole in staging never went out and is left to recovery.
    ///
    /// - Throws: `DeliveryError` when a record is damaged or its number is already another batch's.
    public init(_ outbox: Outbox, _ ledger: Ledger, at instant: UTCTimestamp) throws(DeliveryError)
    {
        for number in try outbox.recordNumbers() {
            if let known = try ledger.batch(number) {
                // What is known was compared by its manifest when it was published.
                guard known.state != .void else { continue }
                let record = try BatchRecord(reading: outbox.recordPath(number))
                guard record.batch.manifestHash == known.manifestHash else {
                    throw DeliveryError(
                        .operatorMustDecide,
                        outbox.recordPath(number),
                        "the ledger knows another batch \(number): the copy went its own way after it was made; put an older copy in its place"
                    )
                }
                if record.batch.state == .void, known.state == .prepared {
                    _ = try ledger.settleBatch(number, wentOut: false, at: instant)
                }
                continue
            }
            guard let record = try outbox.finishedRecord(number), record.batch.number == number
            else { continue }
            if record.batch.state == .void {
                // Its number is used up, and it carried nothing.
                try ledger.adopt(record, at: instant)
                continue
            }
            guard try outbox.wentOut(record.batch) else { continue }
            try ledger.adopt(record, at: instant)
            batches.append(number)
            carried += record.carried.count
        }
        // A flat batch may have been cut off between its files: the rest still lies in staging.
        for number in batches {
            guard let batch = try ledger.batch(number),
                try DurableFolder.exists(outbox.mark(number), code: .outbox),
                !(try DurableFolder.names(in: outbox.mark(number), code: .outbox)).isEmpty
            else { continue }
            try Publication(outbox: outbox, ledger: ledger).show(batch)
        }
    }
}

extension Ledger {
    /// Takes a batch and what it carried from its record, in one commit.
    func adopt(_ record: BatchRecord, at instant: UTCTimestamp) throws(DeliveryError) {
        try write { database in
            try Self.insert(record.batch, record.batch.state, database, nil)
            let export = try Self.export(record.batch.export, database)
            // Those of a batch that never went out are used up too.
            for (name, next) in record.serials {
                try database.execute(
                    sql: """
                        INSERT INTO serials VALUES (?, ?, ?)
                        ON CONFLICT DO UPDATE SET last = max(last, excluded.last)
                        """,
                    arguments: [export, name, next]
                )
            }
            guard record.batch.state == .published else { return }
            for row in record.carried {
                let key = row.key
                let known = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT id, version FROM transactions
                        WHERE feed = ? AND transaction_id = ? AND line = ?
                        """,
                    arguments: [key.feed.number, key.transactionId, key.line]
                )
                let item: Int64
                if let known {
                    item = known["id"]
                    if (known["version"] as Int) < row.version {
                        try database.execute(
                            sql: """
                                UPDATE transactions SET version = ?, fingerprint = ?, time = 0
                                WHERE id = ?
                                """,
                            arguments: [row.version, Data(row.fingerprint), item]
                        )
                    }
                } else {
                    // Time 0 says that only its key is known; the next answer that has it fills it in.
                    try database.execute(
                        sql: """
                            INSERT INTO transactions (feed, transaction_id, line, contract, time,
                            version, fingerprint, first_seen, last_seen)
                            VALUES (?, ?, ?, '', 0, ?, ?, ?, ?)
                            """,
                        arguments: [
                            key.feed.number, key.transactionId, key.line, row.version,
                            Data(row.fingerprint), instant.seconds, instant.seconds,
                        ]
                    )
                    item = database.lastInsertedRowID
                }
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO versions (item, version, seen) VALUES (?, ?, ?)
                        """,
                    arguments: [item, row.version, instant.seconds]
                )
                try database.execute(
                    sql: "INSERT OR IGNORE INTO carried VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [
                        export, item, row.version, row.role.rawValue, record.batch.number,
                        Data(row.material),
                    ]
                )
                guard database.changesCount == 1 else {
                    throw DeliveryError(
                        .operatorMustDecide,
                        "records/\(padded(record.batch.number)).jsonl",
                        "the record says that batch \(record.batch.number) carried transaction \(key) although the same was carried before; bring it back from a backup of the outbox"
                    )
                }
                try database.execute(
                    sql: "DELETE FROM candidates WHERE export = ? AND item = ?",
                    arguments: [export, item]
                )
            }
            // What the export had considered is of the old ledger's time: it looks at everything anew.
            try database.execute(
                sql: "UPDATE exports SET cursor = 0, selection = x'' WHERE id = ?",
                arguments: [export]
            )
            try Self.note(database, "batch \(record.batch.number)", "reconciled", instant)
        }
    }
}
