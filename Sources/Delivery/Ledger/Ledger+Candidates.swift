internal import FoundationEssentials
internal import GRDB
public import Transactions

extension Ledger {
    /// The transactions that an export has to decide on, in order of time and key.
    ///
    /// Those with a version that it has not considered, and those that it did not carry before; all of
    /// them when what decides its selection is no longer the same.
    ///
    /// `selection`: hash of what decides the selection. The ledger's last version comes with them, for
    /// `consider`.
    public func candidates(
        of export: String,
        feed: Feed,
        selection: [UInt8]
    ) throws(DeliveryError) -> (candidates: [Candidate], last: Int64) {
        try read { database in
            let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM versions") ?? 0
            let known = try Row.fetchOne(
                database,
                sql: "SELECT id, cursor, selection FROM exports WHERE name = ?",
                arguments: [export]
            )
            let id: Int64 = known?["id"] ?? 0
            var cursor: Int64 = known?["cursor"] ?? 0
            if [UInt8]((known?["selection"] as Data?) ?? Data()) != selection {
                cursor = 0
            }
            let hasCarried =
                try Bool.fetchOne(
                    database,
                    sql: "SELECT EXISTS (SELECT 1 FROM carried WHERE export = ?)",
                    arguments: [id]
                ) ?? false
            // CROSS JOIN keeps the order of the tables (sqlite.org/lang_select.html): the few that are
            // new lead, not the millions that are known.
            let considered =
                cursor == 0
                ? "transactions AS t"
                : """
                (SELECT item FROM versions WHERE id > \(cursor)
                UNION SELECT item FROM candidates WHERE export = \(id)) AS n
                CROSS JOIN transactions AS t ON t.id = n.item
                """
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT t.transaction_id, t.id, t.line, t.contract, t.version, t.missing_since, t.vanished,
                    v.record, v.seen, CASE WHEN c.choice = 'drop' AND c.decided <> t.version
                        THEN NULL ELSE c.choice END, v.id > ? OR c.item IS NOT NULL, EXISTS (
                        SELECT 1 FROM conflicts WHERE item = t.id AND choice IS NULL)
                    FROM \(considered)
                    JOIN versions AS v ON v.item = t.id AND v.version = t.version
                    LEFT JOIN candidates AS c ON c.export = ? AND c.item = t.id
                    WHERE t.feed = ? AND v.record IS NOT NULL
                    ORDER BY t.time, t.transaction_id, t.line
                    """,
                arguments: [known == nil ? 0 : (known?["cursor"] as Int64?) ?? 0, id, feed.number]
            )
            let texts = try SharedTexts(database)
            let standing = try StandingReader(database, texts, export: id)
            var found: [Candidate] = []
            while let row = try rows.next() {
                let item: Int64 = row[1]
                let version: Int = row[4]
                let key = TransactionKey(feed: feed, transactionId: row[0], line: row[2])
                let contract = Self.contract(row[3])
                let stands = hasCarried ? try standing.read(item, key, contract: contract) : nil
                let choice: String? = row[9]
                let isVanished = !row.hasNull(atIndex: 6)
                let isMissing = !row.hasNull(atIndex: 5)
                // What stands is the latest and nothing else is asked: there is nothing to decide.
                if let stands, stands.version == version, choice == nil { continue }
                // A template that changed makes no corrections of what it was content with before.
                if stands != nil, !(row[10] as Bool) { continue }
                guard
                    let transaction = try texts.transaction(key, contract, row[7] as Data),
                    let seen = UTCTimestamp(seconds: row[8])
                else {
                    throw DeliveryError(
                        .inputOutput,
                        "ledger.sqlite",
                        "version \(version) of transaction number \(item) is no record of this program; bring a backup of the ledger back, then run 'occ-export reconcile'"
                    )
                }
                let hasConflict: Bool = row[11]
                found.append(
                    Candidate(
                        transaction: transaction,
                        version: version,
                        seen: seen,
                        bar: hasConflict
                            ? .twoContracts : isVanished ? .vanished : isMissing ? .missing : nil,
                        missingSince: (row[5] as Int64?).flatMap { UTCTimestamp(seconds: $0) },
                        standing: stands,
                        choice: choice
                    )
                )
            }
            return (found, last)
        }
    }

    /// Records what happened to transactions after an export carried them.
    ///
    /// - Returns: the events that were not known yet.
    public func tell(_ events: [TransactionEvent], of export: String, at instant: UTCTimestamp)
        throws(DeliveryError) -> [TransactionEvent]
    {
        guard !events.isEmpty else { return [] }
        return try write { database in
            let id = try Self.export(export, database)
            var new: [TransactionEvent] = []
            for event in events {
                guard let item = try Self.item(event.key, database) else { continue }
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO events (export, item, kind, version, detail, seen)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        id, item, event.kind, event.version, event.detail, instant.seconds,
                    ]
                )
                if database.changesCount > 0 { new.append(event) }
            }
            return new
        }
    }

    /// Records what an export left behind and how far it has looked, once its batches are out.
    ///
    /// `last`: the last version that was considered, as `candidates` gave it. `open`: all that was
    /// considered and not carried and may still be.
    public func consider(
        _ export: String,
        selection: [UInt8],
        last: Int64,
        open: [OpenCandidate],
        at instant: UTCTimestamp
    ) throws(DeliveryError) {
        try write { database in
            let id = try Self.export(export, database)
            let before = Dictionary(
                try Row.fetchAll(
                    database,
                    sql: "SELECT item, since, decided FROM candidates WHERE export = ?",
                    arguments: [id]
                ).map {
                    (
                        ($0["item"] as Int64),
                        (since: $0["since"] as Int64, decided: $0["decided"] as Int?)
                    )
                }
            ) { first, _ in first }
            try database.execute(sql: "DELETE FROM candidates WHERE export = ?", arguments: [id])
            let insert = try database.makeStatement(
                sql: "INSERT INTO candidates VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            )
            for candidate in open {
                guard let item = try Self.item(candidate.key, database) else { continue }
                try insert.execute(arguments: [
                    id, item, candidate.kind.rawValue, candidate.reason, candidate.message,
                    before[item]?.since ?? instant.seconds, candidate.choice,
                    candidate.choice == nil ? nil : before[item]?.decided,
                ])
            }
            try database.execute(
                sql: "UPDATE exports SET cursor = ?, selection = ? WHERE id = ?",
                arguments: [last, Data(selection), id]
            )
        }
    }

    /// What an export considered and did not carry, oldest first.
    public func open(of export: String) throws(DeliveryError) -> [OpenCandidate] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.feed, t.transaction_id, t.line, c.* FROM candidates AS c
                    JOIN exports AS e ON e.id = c.export JOIN transactions AS t ON t.id = c.item
                    WHERE e.name = ? ORDER BY c.since, t.time, t.transaction_id, t.line
                    """,
                arguments: [export]
            ).compactMap { row in
                guard let key = Self.key(row),
                    let kind = OpenCandidate.Kind(rawValue: row["kind"])
                else { return nil }
                return OpenCandidate(
                    key: key,
                    kind: kind,
                    reason: row["reason"],
                    message: row["message"],
                    choice: row["choice"],
                    since: UTCTimestamp(seconds: row["since"])
                )
            }
        }
    }

    /// The events of an export that no manifest tells yet.
    public func eventsToTell(of export: String) throws(DeliveryError) -> [TransactionEvent] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.feed, t.transaction_id, t.line, v.kind, v.version, v.detail
                    FROM events AS v JOIN exports AS e ON e.id = v.export
                    JOIN transactions AS t ON t.id = v.item
                    WHERE e.name = ? AND v.batch IS NULL ORDER BY v.id
                    """,
                arguments: [export]
            ).compactMap { row in
                Self.key(row).map { key in
                    TransactionEvent(
                        kind: row["kind"],
                        key: key,
                        version: row["version"],
                        detail: row["detail"]
                    )
                }
            }
        }
    }

    static func key(_ row: Row) -> TransactionKey? {
        Feed(number: row["feed"]).map {
            TransactionKey(feed: $0, transactionId: row["transaction_id"], line: row["line"])
        }
    }
}
