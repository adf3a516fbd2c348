internal import FoundationEssentials
internal import GRDB
public import Transactions

/// What a batch carries a transaction as.
public enum CarriedRole: Int, Sendable, Codable, CaseIterable {
    /// For the first time.
    case original
    /// Negated: what was sent does not hold any more.
    case reversal
    /// Instead of what was sent.
    case replacement

    /// The word in records and reports.
    public var name: String { String(describing: self) }

    init?(name: String) {
        guard let role = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}

/// One row of a batch, as ledger and records keep it.
public struct Carried: Sendable, Hashable {
    /// The transaction.
    public let key: TransactionKey
    /// The version that was carried, counted from 1.
    public let version: Int
    /// As what.
    public let role: CarriedRole
    /// Fingerprint of that version, 16 bytes.
    public let fingerprint: [UInt8]
    /// Fingerprint of the fields that the export makes something of, 16 bytes.
    public let material: [UInt8]

    /// Describes a row; its fingerprint is taken from the transaction.
    public init(
        _ transaction: Transaction,
        version: Int,
        role: CarriedRole,
        material: [UInt8]
    ) {
        key = transaction.key
        self.version = version
        self.role = role
        fingerprint = Fingerprint(of: transaction.record).bytes
        self.material = material
    }

    init(
        key: TransactionKey,
        version: Int,
        role: CarriedRole,
        fingerprint: [UInt8],
        material: [UInt8]
    ) {
        self.key = key
        self.version = version
        self.role = role
        self.fingerprint = fingerprint
        self.material = material
    }
}

/// A batch as the ledger knows it.
public struct BatchEntry: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable {
        /// Written and recorded; the rename may still be due.
        case prepared
        /// In the outbox, or collected from it.
        case published
        /// Never went out, as an operator decided; its number is used up.
        case void
    }

    /// What a batch is for.
    public enum Kind: String, Sendable, CaseIterable {
        /// What is new, and corrections unless the export wants them apart.
        case regular
        /// Corrections alone.
        case corrections
        /// The same data files as another batch, on demand.
        case reissue
    }

    /// How a batch lies in the outbox.
    public enum Layout: String, Sendable, CaseIterable {
        /// One directory, shown by one rename.
        case directory
        /// Files in one folder, the manifest last.
        case flat
    }

    /// A file of the batch, in the order in which they are shown.
    public struct File: Sendable, Hashable {
        /// What a file is to its batch.
        public enum Role: String, Sendable {
            case data, summary, sums, manifest
        }

        /// The path from the outbox on.
        public let path: String
        /// SHA-256, lower-case hexadecimal.
        public let hash: String
        /// Its size.
        public let bytes: Int
        /// What it is.
        public let role: Role

        /// The path's last part.
        public var name: String { DurableFolder.name(of: path) }
    }

    /// Counted from 1 over all exports.
    public let number: Int
    /// The same for the same inputs.
    public let id: String
    /// The export's name.
    public let export: String
    /// What it is for.
    public let kind: Kind
    /// How it lies in the outbox.
    public let layout: Layout
    /// How far it is.
    public internal(set) var state: State
    /// The path of its directory from the outbox on, or of its flat files without their endings.
    public let name: String
    /// SHA-256 of its manifest.
    public let manifestHash: String
    /// When it was made.
    public let prepared: UTCTimestamp
    /// When it was first noticed that a consumer had taken it; nil while it lies there.
    public internal(set) var collected: UTCTimestamp?
    /// Its files, the manifest last.
    public internal(set) var files: [File]
}

/// What happened to a transaction after an export carried it.
public struct TransactionEvent: Sendable, Hashable {
    /// `changed`, `invoiced`, `vanished`, `returned`, `two-contracts`.
    public let kind: String
    /// The transaction.
    public let key: TransactionKey
    /// The version that the event is about.
    public let version: Int
    /// Names of the fields that differ, or what was done; never a value.
    public let detail: String

    /// Describes an event.
    public init(kind: String, key: TransactionKey, version: Int, detail: String) {
        self.kind = kind
        self.key = key
        self.version = version
        self.detail = detail
    }
}

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
            throw DeliveryError(.inputOutput, "ledger.sqlite", "batch \(number) cannot be read")
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
            find.bind(2, text: Array(key.transactionId.utf8)[...])
            find.bind(3, Int64(key.line))
            var item: Int64?
            try find.visit { item = $0.integer(0) }
            guard let item else {
                throw DeliveryError(
                    .inputOutput,
                    "ledger.sqlite",
                    "transaction \(key) is carried and not known"
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
