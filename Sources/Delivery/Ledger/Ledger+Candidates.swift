internal import FoundationEssentials
internal import GRDB
public import Transactions

/// A transaction that an export has to decide on: new, changed, or not carried last time.
public struct Candidate: Sendable {
    /// What stands as exported.
    public struct Standing: Sendable {
        /// The version that was sent last.
        public let version: Int
        /// The batch that carried it.
        public let batch: Int
        /// Fingerprint of the fields that the export then made something of.
        public let material: [UInt8]
        /// Its values; nil once they are purged, or when only reconcile knows of it.
        public let transaction: Transaction?
        /// Whether it was negated since, so that nothing stands.
        public let isReversed: Bool
    }

    /// What bars a transaction, whatever the export's rules say.
    public enum Bar: String, Sendable {
        /// Missing in the last run that should have shown it.
        case missing
        /// Missing in two runs at least 12 hours apart.
        case vanished
        /// The same id stands under two contracts with other content.
        case twoContracts = "two-contracts"
    }

    /// The latest version.
    public let transaction: Transaction
    /// Its number, counted from 1.
    public let version: Int
    /// When that version was first seen.
    public let seen: UTCTimestamp
    /// What bars it; nil when nothing does.
    public let bar: Bar?
    /// Since when the answers lack it; nil while they have it.
    public let missingSince: UTCTimestamp?
    /// What stands as exported; nil when the export never carried it.
    public let standing: Standing?
    /// What an operator chose for it: `send`, `keep`, or for this version `drop`; nil when nothing was
    /// chosen.
    public let choice: String?
}

/// A transaction that was considered and not carried, and why.
public struct OpenCandidate: Sendable, Hashable {
    /// What kind of reason it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// It waits for what will come by itself: an invoice number, the settling time.
        case waiting
        /// A rule keeps it back: a lookup's miss, a vanished row, two contracts.
        case held
        /// It cannot be mapped.
        case rejected
        /// A correction that an operator must let go: `resolve`.
        case correction
        /// An operator has let it go; a new version of it is considered again.
        case dropped
    }

    /// The transaction.
    public let key: TransactionKey
    /// What kind of reason.
    public let kind: Kind
    /// The reason's name, as in docs/errors.md.
    public let reason: String
    /// The reason in words; never a value of a card, driver or plate.
    public let message: String
    /// What an operator chose; nil when nothing was chosen.
    public let choice: String?
    /// When it was first considered and not carried.
    public let since: UTCTimestamp?

    /// Describes a transaction that stays behind.
    public init(
        key: TransactionKey,
        kind: Kind,
        reason: String,
        message: String,
        choice: String? = nil,
        since: UTCTimestamp? = nil
    ) {
        self.key = key
        self.kind = kind
        self.reason = reason
        self.message = message
        self.choice = choice
        self.since = since
    }
}

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
            let texts = SharedTexts(database)
            let standing = try StandingReader(database, texts, export: id, feed: feed)
            var found: [Candidate] = []
            while let row = try rows.next() {
                let item: Int64 = row[1]
                let version: Int = row[4]
                let stands = hasCarried ? try standing.read(item, contract: row[3]) : nil
                let choice: String? = row[9]
                let isVanished = !row.hasNull(atIndex: 6)
                let isMissing = !row.hasNull(atIndex: 5)
                // What stands is the latest and nothing else is asked: there is nothing to decide.
                if let stands, stands.version == version, choice == nil { continue }
                // A template that changed makes no corrections of what it was content with before.
                if stands != nil, !(row[10] as Bool) { continue }
                guard
                    let transaction = try texts.transaction(
                        TransactionKey(feed: feed, transactionId: row[0], line: row[2]),
                        Self.contract(row[3]),
                        row[7]
                    ), let seen = UTCTimestamp(seconds: row[8])
                else {
                    throw DeliveryError(
                        .inputOutput,
                        "ledger.sqlite",
                        "version \(version) of transaction number \(item) is no record of this program"
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

/// Reads what stands as exported of a transaction; its statements are prepared once.
private struct StandingReader {
    private let carried: Statement
    private let record: Statement
    private let export: Int64
    private let feed: Feed
    private let texts: SharedTexts

    init(_ database: Database, _ texts: SharedTexts, export: Int64, feed: Feed) throws {
        self.texts = texts
        self.export = export
        self.feed = feed
        carried = try database.makeStatement(
            sql: """
                SELECT c.version, c.role, c.batch, c.material, t.line, t.transaction_id
                FROM carried AS c
                JOIN transactions AS t ON t.id = c.item
                WHERE c.export = ? AND c.item = ? ORDER BY c.version, c.role
                """
        )
        record = try database.makeStatement(
            sql: "SELECT record FROM versions WHERE item = ? AND version = ?"
        )
    }

    func read(_ item: Int64, contract: String) throws -> Candidate.Standing? {
        var sent: (version: Int, batch: Int, material: [UInt8])?
        var reversed: Set<Int> = []
        var key = TransactionKey(feed: feed, transactionId: "")
        let rows = try Row.fetchCursor(carried, arguments: [export, item])
        while let row = try rows.next() {
            let version: Int = row[0]
            key = TransactionKey(feed: feed, transactionId: row[5], line: row[4])
            if (row[1] as Int) == CarriedRole.reversal.rawValue {
                reversed.insert(version)
            } else {
                sent = (version, row[2], [UInt8](row[3] as Data))
            }
        }
        guard let sent else { return nil }
        let bytes = try Data.fetchOne(record, arguments: [item, sent.version])
        return Candidate.Standing(
            version: sent.version,
            batch: sent.batch,
            material: sent.material,
            transaction: try bytes.flatMap {
                try texts.transaction(key, contract.isEmpty ? nil : contract, $0)
            },
            isReversed: reversed.contains(sent.version)
        )
    }
}
