internal import GRDB
public import Transactions

extension Ledger {
    /// A run as the ledger knows it.
    public struct RunEntry: Sendable, Hashable {
        /// Counted from 1.
        public let id: Int64
        /// When it began.
        public let started: UTCTimestamp
        /// The name of its exit status; nil while it runs, `interrupted` when it never ended.
        public let status: String?
    }

    /// Begins a run; returns its number.
    ///
    /// `archive`: what it has of runs that this ledger does not know, being an older copy, keeps its numbers.
    public func beginRun(at instant: UTCTimestamp, _ archive: Archive) throws(DeliveryError)
        -> Int64
    {
        let archived = try archive.lastRun()
        return try write { database in
            let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM runs") ?? 0
            let run = max(last, archived) + 1
            try database.execute(
                sql: "INSERT INTO runs (id, started) VALUES (?, ?)",
                arguments: [run, instant.seconds]
            )
            return run
        }
    }

    /// Ends a run with the name of its exit status.
    public func endRun(_ run: Int64, at instant: UTCTimestamp, status: String) throws(DeliveryError)
    {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET ended = ?, status = ? WHERE id = ?",
                arguments: [instant.seconds, status, run]
            )
        }
    }

    /// Notes the exit status of a run that failed; the next run clears up behind it and ends it.
    public func failRun(_ run: Int64, status: String) throws(DeliveryError) {
        try write { database in
            try database.execute(
                sql: "UPDATE runs SET status = ? WHERE id = ?",
                arguments: [status, run]
            )
        }
    }

    /// The run that began last; nil before the first.
    public func lastRun() throws(DeliveryError) -> RunEntry? {
        try read { database in
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT id, started, status FROM runs ORDER BY id DESC LIMIT 1"
                ), let started = UTCTimestamp(seconds: row["started"])
            else { return nil }
            return RunEntry(id: row["id"], started: started, status: row["status"])
        }
    }

    /// Removes the answers that runs which never ended left and no commit names, and ends those runs.
    func settleRuns(_ archive: Archive) throws(DeliveryError) {
        let open = try read { database in
            try Int64.fetchAll(database, sql: "SELECT id FROM runs WHERE ended IS NULL")
        }
        for run in open {
            let known = try read { database in
                try String.fetchSet(
                    database,
                    sql: "SELECT file FROM answers WHERE run = ? AND file IS NOT NULL",
                    arguments: [run]
                )
            }
            try archive.removeAnswers(of: run, but: known)
        }
        guard !open.isEmpty else { return }
        try write { database in
            try database.execute(
                sql: """
                    UPDATE runs SET ended = started, status = coalesce(status, 'interrupted')
                    WHERE ended IS NULL
                    """
            )
        }
    }
}
