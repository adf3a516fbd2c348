internal import GRDB
internal import Transactions

/// The ledger's tables; docs/design/ledger-and-publication.md tells what each is for.
enum LedgerSchema {
    static let version = 4

    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA user_version = \(version);
                CREATE TABLE identity (id TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
                -- Instants are seconds since 1970, UTC; days are texts, yyyy-MM-dd.
                CREATE TABLE runs (
                    id INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER,
                    status TEXT) STRICT;
                -- One row a transaction key, small, for the nightly merge reads no other table.
                -- 'version' and 'fingerprint' are those of the latest version. 'last_seen' is when it was
                -- last written; seen it was by each later answer for its day, too, while it is not missing.
                CREATE TABLE transactions (
                    id INTEGER PRIMARY KEY, feed INTEGER NOT NULL, transaction_id TEXT NOT NULL,
                    line INTEGER NOT NULL, contract TEXT NOT NULL, time INTEGER NOT NULL,
                    version INTEGER NOT NULL, fingerprint BLOB NOT NULL,
                    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
                    missing_since INTEGER, vanished INTEGER,
                    UNIQUE (feed, transaction_id, line)) STRICT;
                CREATE INDEX transactions_by_time ON transactions (feed, contract, time);
                -- Texts that many rows share; records name them by number (docs/design).
                CREATE TABLE texts (
                    id INTEGER PRIMARY KEY, text BLOB NOT NULL UNIQUE) STRICT;
                -- 'record' is packed (Transaction.packed); it is NULL once purged, or when only
                -- reconcile knows of the version.
                CREATE TABLE versions (
                    id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES transactions,
                    version INTEGER NOT NULL, record BLOB, seen INTEGER NOT NULL,
                    answer INTEGER REFERENCES answers,
                    UNIQUE (item, version)) STRICT;
                CREATE TABLE answers (
                    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs,
                    feed INTEGER NOT NULL, contract TEXT NOT NULL, first_day TEXT NOT NULL,
                    last_day TEXT NOT NULL, received INTEGER NOT NULL, rows INTEGER NOT NULL,
                    bytes INTEGER NOT NULL, hash TEXT NOT NULL, file TEXT) STRICT;
                -- Rows of answers of which no transaction could be made.
                CREATE TABLE unread (
                    feed INTEGER NOT NULL, contract TEXT NOT NULL, transaction_id TEXT NOT NULL,
                    reason TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
                    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, released INTEGER,
                    PRIMARY KEY (feed, contract, transaction_id, reason)) STRICT, WITHOUT ROWID;
                -- The same id under two contracts with other content; 'choice' is NULL, 'kept' or 'taken'.
                CREATE TABLE conflicts (
                    item INTEGER NOT NULL REFERENCES transactions, contract TEXT NOT NULL,
                    fingerprint BLOB NOT NULL, record BLOB NOT NULL, seen INTEGER NOT NULL,
                    choice TEXT, PRIMARY KEY (item, contract, fingerprint)) STRICT, WITHOUT ROWID;
                CREATE TABLE coverage (
                    feed INTEGER NOT NULL, contract TEXT NOT NULL, first_day TEXT NOT NULL,
                    last_day TEXT NOT NULL, scanned_all INTEGER,
                    PRIMARY KEY (feed, contract)) STRICT, WITHOUT ROWID;
                CREATE TABLE gaps (
                    feed INTEGER NOT NULL, contract TEXT NOT NULL, first_day TEXT NOT NULL,
                    last_day TEXT NOT NULL, accepted INTEGER NOT NULL,
                    PRIMARY KEY (feed, contract, first_day)) STRICT, WITHOUT ROWID;
                CREATE TABLE exports (
                    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, cursor INTEGER NOT NULL,
                    selection BLOB NOT NULL) STRICT;
                CREATE TABLE candidates (
                    export INTEGER NOT NULL REFERENCES exports, item INTEGER NOT NULL,
                    kind TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL,
                    -- 'decided' is the version that the choice was made for.
                    since INTEGER NOT NULL, choice TEXT, decided INTEGER,
                    PRIMARY KEY (export, item)) STRICT, WITHOUT ROWID;
                CREATE TABLE batches (
                    number INTEGER PRIMARY KEY, id TEXT NOT NULL, export TEXT NOT NULL,
                    kind TEXT NOT NULL, layout TEXT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN ('prepared', 'published', 'void')),
                    name TEXT NOT NULL, manifest_hash TEXT NOT NULL, prepared INTEGER NOT NULL,
                    collected INTEGER, run INTEGER) STRICT;
                CREATE TABLE batch_files (
                    batch INTEGER NOT NULL REFERENCES batches, position INTEGER NOT NULL,
                    path TEXT NOT NULL, hash TEXT NOT NULL, bytes INTEGER NOT NULL,
                    role TEXT NOT NULL, PRIMARY KEY (batch, position)) STRICT, WITHOUT ROWID;
                -- role: 0 original, 1 reversal, 2 replacement.
                CREATE TABLE carried (
                    export INTEGER NOT NULL REFERENCES exports, item INTEGER NOT NULL,
                    version INTEGER NOT NULL, role INTEGER NOT NULL, batch INTEGER NOT NULL,
                    material BLOB NOT NULL,
                    PRIMARY KEY (export, item, version, role)) STRICT, WITHOUT ROWID;
                -- What happened to a transaction; 'batch' is the one whose manifest says so.
                CREATE TABLE events (
                    id INTEGER PRIMARY KEY, export INTEGER NOT NULL, item INTEGER NOT NULL,
                    kind TEXT NOT NULL, version INTEGER NOT NULL, detail TEXT NOT NULL,
                    seen INTEGER NOT NULL, batch INTEGER,
                    UNIQUE (export, item, kind, version)) STRICT;
                CREATE INDEX events_to_tell ON events (export) WHERE batch IS NULL;
                CREATE TABLE decisions (
                    id INTEGER PRIMARY KEY, made INTEGER NOT NULL, subject TEXT NOT NULL,
                    choice TEXT NOT NULL) STRICT;
                -- Running numbers that go on from batch to batch without gaps.
                CREATE TABLE serials (
                    export INTEGER NOT NULL REFERENCES exports, name TEXT NOT NULL,
                    last INTEGER NOT NULL, PRIMARY KEY (export, name)) STRICT, WITHOUT ROWID;
                """
        )
    }
}

extension Feed {
    /// The feed's number in the ledger.
    var number: Int {
        switch self {
        case .contractTransactions: 1
        case .bonuscardTransactions: 2
        case .evTransactions: 3
        }
    }

    init?(number: Int) {
        guard let feed = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = feed
    }
}
