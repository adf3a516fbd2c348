internal import FoundationEssentials
internal import GRDB
internal import Glibc
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

    /// Creates a ledger; `init` and `reconcile` alone do.
    ///
    /// It is made under another name and renamed, so that a crash leaves a whole one or none.
    ///
    /// - Throws: `DeliveryError` when there is one already, or the folder cannot be written.
    public static func create(in folder: String, id: String, at instant: UTCTimestamp)
        throws(DeliveryError)
    {
        let path = "\(folder)/ledger.sqlite"
        guard !(try exists(in: folder)) else {
            throw DeliveryError(
                .inputOutput,
                path,
                "there is a ledger already; nothing was changed; 'occ-export status' shows it"
            )
        }
        let temporary = path + ".new"
        for name in [temporary, temporary + "-journal"] {
            try DurableFolder.remove(name, code: .inputOutput)
        }
        // An empty file is an empty database (sqlite.org/fileformat.html); made here for its mode.
        _ = try DurableFile(creating: temporary, code: .inputOutput).finish()
        try guarded(temporary) {
            let queue = try DatabaseQueue(path: temporary, configuration: settings)
            try queue.write { database in
                try LedgerSchema.create(in: database)
                try database.execute(
                    sql: "INSERT INTO identity VALUES (?, ?)",
                    arguments: [id, instant.seconds]
                )
            }
            try queue.close()
        }
        let result = try DurableFolder.move(temporary, to: path)
        guard result == 0 else { throw .system(.inputOutput, path, "cannot be created", result) }
        try DurableFolder.sync(folder, code: .inputOutput)
    }

    /// Whether a state folder has a ledger.
    public static func exists(in folder: String) throws(DeliveryError) -> Bool {
        try DurableFolder.exists("\(folder)/ledger.sqlite", code: .inputOutput)
    }

    /// Opens the ledger of a state folder.
    ///
    /// - Throws: `DeliveryError` with code `operatorMustDecide` when there is none: a volume that is
    ///   not mounted must not export everything again.
    public init(in folder: String) throws(DeliveryError) {
        let path = "\(folder)/ledger.sqlite"
        guard try Self.exists(in: folder) else {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "there is no ledger; is the state volume mounted? If this is the first time, run 'occ-export init'"
            )
        }
        self.path = path
        let opened = try Self.guarded(path) { () -> (DatabaseQueue, String) in
            let queue = try DatabaseQueue(path: path, configuration: Self.settings)
            try queue.read { database in
                let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
                let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard journal == "delete", synchronous == 3 else {
                    throw DeliveryError(
                        .inputOutput,
                        path,
                        "the ledger does not take journal DELETE, synchronous EXTRA; is it on a local disk, and no other program in it?"
                    )
                }
            }
            try Self.bringOn(queue, path)
            let id = try queue.read { database in
                try String.fetchOne(database, sql: "SELECT id FROM identity") ?? ""
            }
            return (queue, id)
        }
        queue = opened.0
        id = opened.1
    }

    /// Brings an earlier ledger on to this program's version, in one commit.
    private static func bringOn(_ queue: DatabaseQueue, _ path: String) throws {
        let version = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } ?? 0
        guard version != LedgerSchema.version else { return }
        guard version < LedgerSchema.version else {
            throw DeliveryError(
                .inputOutput,
                path,
                "the ledger is of version \(version), of a later program; this one reads up to \(LedgerSchema.version); use the program that wrote it last"
            )
        }
        guard version >= LedgerMigration.first else {
            throw DeliveryError(
                .inputOutput,
                path,
                "the ledger is of version \(version), and this program brings on \(LedgerMigration.first) and later; use the program that wrote it, or move the file away and run 'occ-export reconcile'"
            )
        }
        try queue.write { database in
            // Another process may have done it meanwhile.
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard version < LedgerSchema.version else { return }
            try LedgerMigration.run(database, from: version)
        }
    }

    private static var settings: GRDB.Configuration {
        var settings = GRDB.Configuration()
        // Not in WAL, and not FULL: reliability by measurement, see docs/operations.md.
        settings.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;
                    PRAGMA secure_delete = FAST; PRAGMA cache_size = -16000;
                    PRAGMA temp_store = MEMORY
                    """
            )
        }
        settings.busyMode = .timeout(10)
        // Two look-ups a row, 0.4 s a million: `backup` checks all of them at once.
        settings.foreignKeysEnabled = false
        return settings
    }

    static func guarded<Result>(_ path: String, _ work: () throws -> Result) throws(DeliveryError)
        -> Result
    {
        do {
            return try work()
        } catch let error as DeliveryError {
            throw error
        } catch let error as DatabaseError {
            // The SQL and its arguments may hold what a row said: only SQLite's own words. A backup that
            // fails leaves "not an error" as the message; the code knows better.
            let message = error.message.flatMap { $0 == "not an error" ? nil : $0 }
            throw DeliveryError(
                .inputOutput,
                path,
                (message.map { "\($0) (SQLite \(error.extendedResultCode.rawValue))" }
                    ?? "SQLite \(error.extendedResultCode)") + "; \(Self.cure(of: error))"
            )
        } catch {
            throw DeliveryError(.inputOutput, path, "\(error); report it")
        }
    }

    /// What to do about an error of SQLite (sqlite.org/rescode.html).
    private static func cure(of error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_FULL: "free space on the disk, the next run goes on"
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            "bring a backup of the ledger back, then run 'occ-export reconcile'"
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds the ledger, end it"
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            "give this user the right to the state folder and its files"
        case .SQLITE_IOERR: "look at the disk, the next run goes on"
        default: "look at the disk; if it is sound, report it"
        }
    }

    func write<Result>(_ work: (Database) throws -> Result) throws(DeliveryError) -> Result {
        try Self.guarded(path) { try queue.write(work) }
    }

    func read<Result>(_ work: (Database) throws -> Result) throws(DeliveryError) -> Result {
        try Self.guarded(path) { try queue.read(work) }
    }

    /// Writes a copy that is whole, through SQLite's own backup interface.
    ///
    /// - Throws: `DeliveryError` when the target is there already.
    public func backup(to target: String) throws(DeliveryError) {
        guard !(try DurableFolder.exists(target, code: .inputOutput)) else {
            throw DeliveryError(
                .inputOutput,
                target,
                "is there already; nothing was changed; choose another name"
            )
        }
        let temporary = target + ".new"
        try DurableFolder.remove(temporary, code: .inputOutput)
        _ = try DurableFile(creating: temporary, code: .inputOutput).finish()
        do throws(DeliveryError) {
            try copy(to: temporary)
        } catch {
            // Nothing stays that could be taken for a copy.
            try DurableFolder.remove(temporary, code: .inputOutput)
            throw error
        }
        let result = try DurableFolder.move(temporary, to: target)
        guard result == 0 else { throw .system(.inputOutput, target, "cannot be written", result) }
        try DurableFolder.sync(DurableFolder.parent(of: target), code: .inputOutput)
    }

    private func copy(to temporary: String) throws(DeliveryError) {
        try Self.guarded(temporary) {
            let copy = try DatabaseQueue(path: temporary, configuration: Self.settings)
            try queue.backup(to: copy)
            let verdict = try copy.read { database -> String? in
                let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
                guard orphans.isEmpty else { return "\(orphans.count) rows refer to nothing" }
                return try String.fetchOne(database, sql: "PRAGMA quick_check")
            }
            guard verdict == "ok" else {
                throw DeliveryError(
                    .inputOutput,
                    temporary,
                    "the copy is damaged: \(verdict ?? ""); look at the disk, then at the ledger itself: back it up elsewhere"
                )
            }
            try copy.close()
        }
    }
}
