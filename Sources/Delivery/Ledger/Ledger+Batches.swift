internal import FoundationEssentials
internal import GRDB
public import Transactions

extension Ledger {
    /// The highest batch number; 0 before the first.
    public func lastNumber() throws(DeliveryError) -> Int {
        try read { database in
            try Int.fetchOne(database, sql: "SELECT max(number) FROM batches") ?? 0
        }
    }

    /// The hash of the manifest that the next batch names as its predecessor; nil before the first.
    public func lastManifestHash() throws(DeliveryError) -> String? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT manifest_hash FROM batches WHERE state <> 'void'
                    ORDER BY number DESC LIMIT 1
                    """
            )
        }
    }

    /// Batches in order, with their files.
    ///
    /// `onlyOpen`: those that are prepared, or published and not collected.
    public func batches(onlyOpen: Bool = false) throws(DeliveryError) -> [BatchEntry] {
        try read { database in
            let condition =
                onlyOpen
                ? "WHERE state = 'prepared' OR (state = 'published' AND collected IS NULL)" : ""
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM batches \(condition) ORDER BY number"
            ).compactMap { try Self.batch($0, database) }
        }
    }

    /// One batch with its files; nil when there is none of that number.
    public func batch(_ number: Int) throws(DeliveryError) -> BatchEntry? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM batches WHERE number = ?",
                arguments: [number]
            ).flatMap { try Self.batch($0, database) }
        }
    }

    private static func batch(_ row: Row, _ database: Database) throws -> BatchEntry? {
        let number: Int = row["number"]
        guard let kind = BatchEntry.Kind(rawValue: row["kind"]),
            let layout = BatchEntry.Layout(rawValue: row["layout"]),
            let state = BatchEntry.State(rawValue: row["state"]),
            let prepared = UTCTimestamp(seconds: row["prepared"])
        else {
            throw DeliveryError(
                .inputOutput,
                "ledger.sqlite",
                "batch \(number) cannot be read; bring a backup of the ledger back, then run 'occ-export reconcile'"
            )
        }
        let files = try Row.fetchAll(
            database,
            sql: "SELECT * FROM batch_files WHERE batch = ? ORDER BY position",
            arguments: [number]
        ).map { file in
            BatchEntry.File(
                path: file["path"],
                hash: file["hash"],
                bytes: file["bytes"],
                role: BatchEntry.File.Role(rawValue: file["role"]) ?? .data
            )
        }
        return BatchEntry(
            number: number,
            id: row["id"],
            export: row["export"],
            kind: kind,
            layout: layout,
            state: state,
            name: row["name"],
            manifestHash: row["manifest_hash"],
            prepared: prepared,
            collected: (row["collected"] as Int64?).flatMap { UTCTimestamp(seconds: $0) },
            files: files
        )
    }

    /// Records a batch as prepared with all it carries, in one commit (TX1): the point of no return.
    ///
    /// `events`: those that its manifest tells. `serials`: where running numbers now stand.
    public func prepare(
        _ batch: BatchEntry,
        carried: [Carried],
        events: [TransactionEvent] = [],
        serials: [String: Int] = [:],
        run: Int64?
    ) throws(DeliveryError) {
        try write { database in
            try Self.insert(batch, .prepared, database, run)
            let export = try Self.export(batch.export, database)
            try Self.insert(carried, of: batch.number, export, database)
            for event in events {
                guard let item = try Self.item(event.key, database) else { continue }
                try database.execute(
                    sql: """
                        INSERT INTO events (export, item, kind, version, detail, seen, batch)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET batch = excluded.batch WHERE batch IS NULL
                        """,
                    arguments: [
                        export, item, event.kind, event.version, event.detail,
                        batch.prepared.seconds, batch.number,
                    ]
                )
            }
            for (name, last) in serials {
                try database.execute(
                    sql: """
                        INSERT INTO serials VALUES (?, ?, ?)
                        ON CONFLICT DO UPDATE SET last = excluded.last
                        """,
                    arguments: [export, name, last]
                )
            }
        }
    }

    static func insert(
        _ batch: BatchEntry,
        _ state: BatchEntry.State,
        _ database: Database,
        _ run: Int64?
    ) throws {
        try database.execute(
            sql: "INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            arguments: [
                batch.number, batch.id, batch.export, batch.kind.rawValue, batch.layout.rawValue,
                state.rawValue, batch.name, batch.manifestHash, batch.prepared.seconds, run,
            ]
        )
        for (position, file) in batch.files.enumerated() {
            try database.execute(
                sql: "INSERT INTO batch_files VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    batch.number, position, file.path, file.hash, file.bytes, file.role.rawValue,
                ]
            )
        }
    }

    static func insert(
        _ carried: [Carried],
        of batch: Int,
        _ export: Int64,
        _ database: Database
    ) throws {
        let find = try RowStatement(
            database,
            sql: "SELECT id FROM transactions WHERE feed = ? AND transaction_id = ? AND line = ?"
        )
        let insert = try RowStatement(database, sql: "INSERT INTO carried VALUES (?,?,?,?,?,?)")
        let drop = try RowStatement(
            database,
            sql: "DELETE FROM candidates WHERE export = ? AND item = ?"
        )
        let hasCandidates =
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM candidates WHERE export = ?)",
                arguments: [export]
            ) ?? false
        for statement in [insert, drop] { statement.bind(1, export) }
        insert.bind(5, Int64(batch))
        for row in carried {
            let key = row.key
            find.bind(1, Int64(key.feed.number))
            find.bind(2, text: Array(key.transactionId.utf8).span)
            find.bind(3, Int64(key.line))
            var item: Int64?
            try find.visit { item = $0.integer(0) }
            guard let item else {
                throw DeliveryError(
                    .inputOutput,
                    "ledger.sqlite",
                    "transaction \(key) is carried and not known; bring a backup of the ledger back, then run 'occ-export reconcile'"
                )
            }
            insert.bind(2, item)
            insert.bind(3, Int64(row.version))
            insert.bind(4, Int64(row.role.rawValue))
            insert.bind(6, blob: row.material)
            try insert.run()
            guard hasCandidates else { continue }
            drop.bind(2, item)
            try drop.run()
        }
    }

    static func item(_ key: TransactionKey, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql: "SELECT id FROM transactions WHERE feed = ? AND transaction_id = ? AND line = ?",
            arguments: [key.feed.number, key.transactionId, key.line]
        )
    }

    /// The export's number; it gets one when it is new.
    static func export(_ name: String, _ database: Database) throws -> Int64 {
        let known = try Int64.fetchOne(
            database,
            sql: "SELECT id FROM exports WHERE name = ?",
            arguments: [name]
        )
        if let known { return known }
        try database.execute(
            sql: "INSERT INTO exports (name, cursor, selection) VALUES (?, 0, x'')",
            arguments: [name]
        )
        return database.lastInsertedRowID
    }

    /// Records a batch as published (TX2).
    func publish(_ number: Int) throws(DeliveryError) {
        try write { database in
            try database.execute(
                sql: "UPDATE batches SET state = 'published' WHERE number = ?",
                arguments: [number]
            )
        }
    }

    /// Notes that a consumer has taken batches.
    public func markCollected(_ numbers: [Int], at instant: UTCTimestamp) throws(DeliveryError) {
        guard !numbers.isEmpty else { return }
        try write { database in
            for number in numbers {
                try database.execute(
                    sql: "UPDATE batches SET collected = ? WHERE number = ? AND collected IS NULL",
                    arguments: [instant.seconds, number]
                )
            }
        }
    }

    /// Where an export's running number stands; nil before its first.
    public func serial(_ name: String, of export: String) throws(DeliveryError) -> Int? {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT last FROM serials JOIN exports ON exports.id = serials.export
                    WHERE exports.name = ? AND serials.name = ?
                    """,
                arguments: [export, name]
            )
        }
    }
}
