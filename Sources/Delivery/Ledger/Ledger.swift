internal import Crypto
internal import FoundationEssentials
internal import GRDB
public import Transactions

/// What is known for good, in SQLite: every version of every transaction, every batch and what it carried.
///
/// Journal DELETE and synchronous EXTRA, read back at each opening: the settings that lost nothing
/// under power cuts.
public final class Ledger: Sendable {
    /// The ledger's own id, made by `create`.
    public let id: String
    let queue: DatabaseQueue
    let path: String

    /// Creates a ledger; `init` alone does.
    ///
    /// - Throws: `DeliveryError` when there is one already, or the folder cannot be written.
    public static func create(in folder: String, id: String, at instant: UTCTimestamp)
        throws(DeliveryError)
    {
        let path = "\(folder)/ledger.sqlite"
        guard !DurableFolder.exists(path) else {
            throw DeliveryError(
                .inputOutput,
                path,
                "there is a ledger already; nothing was changed"
            )
        }
        try guarded(path) {
            let queue = try DatabaseQueue(path: path, configuration: settings)
            try queue.write { database in
                try LedgerSchema.create(in: database)
                try database.execute(
                    sql: "INSERT INTO identity VALUES (?, ?)",
                    arguments: [id, instant.seconds]
                )
            }
            try queue.close()
        }
        try DurableFolder.sync(folder, code: .inputOutput)
    }

    /// Opens the ledger of a state folder.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` when there is none: a volume that is
    ///   not mounted must not export everything again.
    public init(in folder: String) throws(DeliveryError) {
        let path = "\(folder)/ledger.sqlite"
        guard DurableFolder.exists(path) else {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "there is no ledger; is the state volume mounted? If this is the first time, run 'occ-export init'"
            )
        }
        self.path = path
        let opened = try Self.guarded(path) { () -> (DatabaseQueue, String) in
            let queue = try DatabaseQueue(path: path, configuration: Self.settings)
            let id = try queue.read { database in
                let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
                let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard journal == "delete", synchronous == 3 else {
                    throw DeliveryError(
                        .inputOutput,
                        path,
                        "the ledger does not take journal DELETE, synchronous EXTRA"
                    )
                }
                guard try Int.fetchOne(database, sql: "PRAGMA user_version") == LedgerSchema.version
                else {
                    throw DeliveryError(
                        .inputOutput,
                        path,
                        "the ledger is of another version; this program reads version \(LedgerSchema.version)"
                    )
                }
                return try String.fetchOne(database, sql: "SELECT id FROM identity") ?? ""
            }
            return (queue, id)
        }
        queue = opened.0
        id = opened.1
    }

    private static var settings: GRDB.Configuration {
        var settings = GRDB.Configuration()
        settings.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA")
        }
        return settings
    }

    static func guarded<Result>(_ path: String, _ work: () throws -> Result) throws(DeliveryError)
        -> Result
    {
        do {
            return try work()
        } catch let error as DeliveryError {
            throw error
        } catch {
            throw DeliveryError(.inputOutput, path, "\(error)")
        }
    }

    func write<Result>(_ work: (Database) throws -> Result) throws(DeliveryError) -> Result {
        try Self.guarded(path) { try queue.write(work) }
    }

    func read<Result>(_ work: (Database) throws -> Result) throws(DeliveryError) -> Result {
        try Self.guarded(path) { try queue.read(work) }
    }
}

/// The ledger's tables.
enum LedgerSchema {
    static let version = 1

    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA user_version = \(version);
                CREATE TABLE identity (id TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
                CREATE TABLE run (
                    id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER,
                    status TEXT) STRICT;
                -- One row a version; the latest has the highest number.
                CREATE TABLE version (
                    feed TEXT NOT NULL, transaction_id TEXT NOT NULL, line INTEGER NOT NULL,
                    version INTEGER NOT NULL, contract TEXT, time INTEGER NOT NULL,
                    record BLOB NOT NULL, first_run INTEGER NOT NULL REFERENCES run,
                    last_run INTEGER NOT NULL REFERENCES run,
                    PRIMARY KEY (feed, transaction_id, line, version)) STRICT, WITHOUT ROWID;
                CREATE TABLE coverage (
                    feed TEXT NOT NULL, contract TEXT NOT NULL, first_day TEXT NOT NULL,
                    last_day TEXT NOT NULL, run INTEGER NOT NULL,
                    PRIMARY KEY (feed, contract)) STRICT, WITHOUT ROWID;
                CREATE TABLE batch (
                    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, export TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('prepared', 'published')),
                    name TEXT NOT NULL, manifest_hash TEXT NOT NULL,
                    run INTEGER NOT NULL REFERENCES run) STRICT;
                CREATE TABLE carried (
                    export TEXT NOT NULL, feed TEXT NOT NULL, transaction_id TEXT NOT NULL,
                    line INTEGER NOT NULL, version INTEGER NOT NULL, role TEXT NOT NULL,
                    material BLOB NOT NULL, batch INTEGER NOT NULL REFERENCES batch,
                    PRIMARY KEY (export, feed, transaction_id, line, role)) STRICT, WITHOUT ROWID;
                """
        )
    }
}
