internal import FoundationEssentials
internal import GRDB
public import Transactions

/// What the API said of one feed and contract in one run: whole answers only.
public struct Answered: Sendable {
    /// One answer as archived, and how many rows it had.
    public struct Part: Sendable {
        /// The raw answer.
        public let answer: ArchivedAnswer
        /// Rows in it, those set aside included.
        public let rows: Int

        /// Describes an answer.
        public init(answer: ArchivedAnswer, rows: Int) {
            self.answer = answer
            self.rows = rows
        }
    }

    /// A row of which no transaction could be made.
    public struct Unread: Sendable, Hashable {
        /// Its id, as far as it could be read.
        public let transactionId: String?
        /// Why; never a value of the row.
        public let reason: String
        /// The days asked for.
        public let window: Window

        /// Describes a row that was set aside.
        public init(transactionId: String?, reason: String, window: Window) {
            self.transactionId = transactionId
            self.reason = reason
            self.window = window
        }
    }

    /// The kind of transactions.
    public let feed: Feed
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// All days asked for.
    public let asked: Window
    /// Whether these are all the days that the API allows.
    public let isAll: Bool
    /// The raw answers, in the order of their windows.
    public var parts: [Part] = []
    /// Their transactions, in the answers' order.
    public var transactions: [Transaction] = []
    /// Their rows that were set aside.
    public var unread: [Unread] = []

    /// Begins with nothing.
    public init(feed: Feed, contract: String?, asked: Window, isAll: Bool) {
        self.feed = feed
        self.contract = contract
        self.asked = asked
        self.isAll = isAll
    }
}

/// What a recording changed.
public struct RecordOutcome: Sendable {
    /// Transactions seen for the first time.
    public var new = 0
    /// Transactions whose content differs from the version known so far.
    public var changed = 0
    /// Transactions known as they are.
    public var unchanged = 0
    /// Transactions missing in this run and in one at least 12 hours before: gone at the source.
    public var vanished: [TransactionKey] = []
    /// Transactions that were reported as vanished and are back.
    public var returned: [TransactionKey] = []
    /// Ids that stand under two contracts with other content: an operator decides.
    public var conflicts: [TransactionKey] = []
    /// Ids that stand under two contracts with the same content: counted once.
    public var shared = 0
    /// Parts whose answer has less than half the rows known of its days.
    public var shrunk: [Window] = []
}

extension Ledger {
    /// Hours between two runs that must both miss a transaction (API document, trap 47).
    static let vanishingSeconds: Int64 = 12 * 3_600

    /// Records what the API said, in one commit (TX0); its answers are synced in the archive before.
    ///
    /// It says what the API said, never what was exported.
    public func record(_ answered: Answered, run: Int64, at instant: UTCTimestamp)
        throws(DeliveryError) -> RecordOutcome
    {
        try write { database in
            var recording = try Recording(database, answered, instant)
            try recording.keepAnswers(run)
            try recording.merge()
            try recording.findMissing()
            try recording.setAside()
            return recording.outcome
        }
    }
}

/// One TX0 under way: the answer merged with one ordered scan of what is known of its days.
private struct Recording {
    /// What the merge needs of a known line.
    private struct Known {
        let id: Int64
        let line: Int
        let contract: String
        let time: Int64
        let version: Int
        let fingerprint: [UInt8]
        let missingSince: Int64?
        let vanished: Int64?
        var isSeen = false
    }

    private let database: Database
    private let answered: Answered
    private let instant: UTCTimestamp
    private let contract: String
    private let from: Int64
    private let to: Int64
    private var known: [Known] = []
    private var places: [String: [Int]] = [:]
    private var answers: [(window: Window, id: Int64)] = []
    private var hasQuestions = false
    var outcome = RecordOutcome()

    private let byId: Statement
    private let seen: Statement
    private let insert: Statement
    private let insertVersion: Statement
    private let change: Statement
    private let tell: Statement

    init(_ database: Database, _ answered: Answered, _ instant: UTCTimestamp) throws {
        self.database = database
        self.answered = answered
        self.instant = instant
        contract = answered.contract ?? ""
        from = UTCTimestamp(startOf: answered.asked.from).seconds - 86_400
        to = UTCTimestamp(startOf: answered.asked.to).seconds + 2 * 86_400
        let columns = "id, line, contract, time, version, fingerprint, missing_since, vanished"
        byId = try database.makeStatement(
            sql: """
                SELECT \(columns) FROM transactions WHERE feed = ? AND transaction_id = ?
                ORDER BY line
                """
        )
        seen = try database.makeStatement(
            sql: """
                UPDATE transactions SET last_seen = ?, missing_since = NULL, vanished = NULL
                WHERE id = ?
                """
        )
        insert = try database.makeStatement(
            sql: """
                INSERT INTO transactions (feed, transaction_id, line, contract, time, version,
                fingerprint, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?)
                """
        )
        insertVersion = try database.makeStatement(
            sql: """
                INSERT INTO versions (item, version, fingerprint, record, seen, answer)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        change = try database.makeStatement(
            sql: """
                UPDATE transactions SET version = ?, fingerprint = ?, time = ?, contract = ?,
                last_seen = ?, missing_since = NULL, vanished = NULL WHERE id = ?
                """
        )
        tell = try database.makeStatement(
            sql: """
                INSERT OR IGNORE INTO events (export, item, kind, version, detail, seen)
                SELECT DISTINCT export, item, ?, ?, ?, ? FROM carried WHERE item = ?
                """
        )
        hasQuestions =
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM conflicts WHERE choice IS NULL)"
            ) ?? false
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT transaction_id, \(columns) FROM transactions
                WHERE feed = ? AND contract = ? AND time >= ? AND time < ? ORDER BY time
                """,
            arguments: [answered.feed.number, contract, from, to]
        )
        while let row = try rows.next() {
            places[row[0] as String, default: []].append(known.count)
            known.append(Self.known(row, from: 1))
        }
    }

    private static func known(_ row: Row, from start: Int) -> Known {
        Known(
            id: row[start],
            line: row[start + 1],
            contract: row[start + 2],
            time: row[start + 3],
            version: row[start + 4],
            fingerprint: [UInt8](row[start + 5] as Data),
            missingSince: row[start + 6],
            vanished: row[start + 7]
        )
    }

    mutating func keepAnswers(_ run: Int64) throws {
        for part in answered.parts {
            let window = part.answer.window
            // The outer days are not sure: the API's day may begin elsewhere (traps 40, 41, 44).
            let first = UTCTimestamp(startOf: window.from).seconds + 86_400
            let last = UTCTimestamp(startOf: window.to).seconds
            let before = known.count {
                $0.time >= first && $0.time < last && $0.vanished == nil
            }
            // API document, trap 48.
            if part.rows < before - part.rows {
                outcome.shrunk.append(window)
            }
            try database.execute(
                sql: """
                    INSERT INTO answers (run, feed, contract, first_day, last_day, received, rows,
                    bytes, hash, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run, answered.feed.number, contract, "\(window.from)", "\(window.to)",
                    instant.seconds, part.rows, part.answer.written.size,
                    part.answer.written.hash, part.answer.file,
                ]
            )
            answers.append((window, database.lastInsertedRowID))
        }
    }

    /// The answer that most likely brought a row: the first whose days hold it.
    private func answer(for time: Int64) -> Int64? {
        let day = time / 86_400
        return answers.first {
            Int64($0.window.from.daysSinceEpoch) <= day && day <= Int64($0.window.to.daysSinceEpoch)
        }?.id ?? answers.last?.id
    }

    mutating func merge() throws {
        var arrived: [String: [Int]] = [:]
        var order: [String] = []
        for (index, transaction) in answered.transactions.enumerated() {
            let id = transaction.text(.transactionId) ?? ""
            if arrived[id]?.append(index) == nil {
                arrived[id] = [index]
                order.append(id)
            }
        }
        for id in order {
            try merge(id, (arrived[id] ?? []).map { answered.transactions[$0] })
        }
    }

    private mutating func merge(_ id: String, _ rows: [Transaction]) throws {
        var lines = places[id] ?? []
        // What the scan did not meet may be known of other days, or of another contract.
        if lines.count < rows.count {
            let found = try Row.fetchAll(byId, arguments: [answered.feed.number, id])
            for row in found {
                let line = Self.known(row, from: 0)
                guard !lines.contains(where: { known[$0].id == line.id }) else { continue }
                lines.append(known.count)
                known.append(line)
            }
        }
        var rest: [(row: Transaction, fingerprint: [UInt8])] = []
        var used: Set<Int> = []
        // Lines are matched to known ones by content first (trap 30).
        for row in rows {
            let fingerprint = FileHash.fingerprint(row.record)
            if rest.contains(where: { $0.fingerprint == fingerprint }) { continue }
            if let match = lines.first(where: {
                !used.contains($0) && known[$0].fingerprint == fingerprint
            }) {
                used.insert(match)
                try see(match, row)
            } else if lines.contains(where: { known[$0].fingerprint == fingerprint }) {
                // Equal rows of two answers that share a day are one.
                continue
            } else {
                rest.append((row, fingerprint))
            }
        }
        // Then by order, those that these days should have shown before the others.
        let free = lines.filter { !used.contains($0) }
        let ordered =
            free.filter { known[$0].time >= from && known[$0].time < to }
            + free.filter { known[$0].time < from || known[$0].time >= to }
        var next = ordered.makeIterator()
        var last = lines.map { known[$0].line }.max() ?? 0
        for (row, fingerprint) in rest {
            let time = row.timestamp(.transactionTime)?.seconds ?? 0
            guard let old = next.next() else {
                last += 1
                try insert.execute(arguments: [
                    answered.feed.number, id, last, contract, time, Data(fingerprint),
                    instant.seconds, instant.seconds,
                ])
                try keep(database.lastInsertedRowID, 1, row, fingerprint, time)
                outcome.new += 1
                continue
            }
            if known[old].contract != contract, known[old].contract != "" || known[old].time != 0 {
                try conflict(old, id, row, fingerprint)
                continue
            }
            try replace(old, with: row, fingerprint, time)
        }
    }

    private mutating func see(_ place: Int, _ row: Transaction) throws {
        let line = known[place]
        known[place].isSeen = true
        if line.time == 0 {
            // Only reconcile knew of it: now its values are known too.
            try database.execute(
                sql: "UPDATE transactions SET time = ?, contract = ? WHERE id = ?",
                arguments: [row.timestamp(.transactionTime)?.seconds ?? 0, contract, line.id]
            )
            try database.execute(
                sql: """
                    UPDATE versions SET record = ?, answer = ? WHERE item = ? AND version = ?
                    AND record IS NULL
                    """,
                arguments: [
                    Data(row.record), answer(for: row.timestamp(.transactionTime)?.seconds ?? 0),
                    line.id, line.version,
                ]
            )
            try renew(line)
        } else if line.contract != contract, line.missingSince != nil {
            // The other contract shows it no more: it has moved.
            try database.execute(
                sql: "UPDATE transactions SET contract = ? WHERE id = ?",
                arguments: [contract, line.id]
            )
            try renew(line)
        } else if line.contract != contract {
            outcome.shared += 1
        }
        try seen.execute(arguments: [instant.seconds, line.id])
        outcome.unchanged += 1
        try agree(line, line.fingerprint)
        try welcome(line, row)
    }

    /// Gives the latest version the last place, so that each export looks at it again.
    private func renew(_ line: Known) throws {
        try database.execute(
            sql: """
                UPDATE versions SET id = (SELECT max(id) + 1 FROM versions)
                WHERE item = ? AND version = ?
                """,
            arguments: [line.id, line.version]
        )
    }

    private mutating func welcome(_ line: Known, _ row: Transaction) throws {
        guard line.vanished != nil else { return }
        outcome.returned.append(row.numbered(line: line.line).key)
        try tell.execute(arguments: ["returned", line.version, "", instant.seconds, line.id])
    }

    private mutating func replace(
        _ place: Int,
        with row: Transaction,
        _ fingerprint: [UInt8],
        _ time: Int64
    ) throws {
        let line = known[place]
        known[place].isSeen = true
        try change.execute(arguments: [
            line.version + 1, Data(fingerprint), time, contract, instant.seconds, line.id,
        ])
        try keep(line.id, line.version + 1, row, fingerprint, time)
        outcome.changed += 1
        try agree(line, fingerprint)
        try welcome(line, row)
    }

    /// Withdraws the questions that the row's content answers: both contracts have it now.
    private func agree(_ line: Known, _ fingerprint: [UInt8]) throws {
        guard hasQuestions else { return }
        try database.execute(
            sql: """
                DELETE FROM conflicts WHERE item = ? AND choice IS NULL
                AND (fingerprint = ? OR contract = ?)
                """,
            arguments: [line.id, Data(fingerprint), contract]
        )
    }

    private func keep(
        _ item: Int64,
        _ version: Int,
        _ row: Transaction,
        _ fingerprint: [UInt8],
        _ time: Int64
    ) throws {
        try insertVersion.execute(arguments: [
            item, version, Data(fingerprint), Data(row.record), instant.seconds, answer(for: time),
        ])
    }

    /// Other content under another contract stops the id until an operator has chosen.
    private mutating func conflict(
        _ place: Int,
        _ id: String,
        _ row: Transaction,
        _ fingerprint: [UInt8]
    ) throws {
        let line = known[place]
        known[place].isSeen = true
        // An earlier content of this side is no question any more.
        try database.execute(
            sql: """
                DELETE FROM conflicts WHERE item = ? AND contract = ? AND fingerprint <> ?
                AND choice IS NULL
                """,
            arguments: [line.id, contract, Data(fingerprint)]
        )
        // Whoever decided against this contract decided so for what comes after, too.
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?, ?, ?, (
                SELECT choice FROM conflicts WHERE item = ? AND contract = ? AND choice = 'kept'))
                """,
            arguments: [
                line.id, contract, Data(fingerprint), Data(row.record), instant.seconds,
                line.id, contract,
            ]
        )
        let choice = try String.fetchOne(
            database,
            sql: """
                SELECT choice FROM conflicts WHERE item = ? AND contract = ? AND fingerprint = ?
                """,
            arguments: [line.id, contract, Data(fingerprint)]
        )
        guard choice == nil else { return }
        hasQuestions = true
        outcome.conflicts.append(
            TransactionKey(feed: answered.feed, transactionId: id, line: line.line)
        )
        try tell.execute(arguments: ["two-contracts", line.version, "", instant.seconds, line.id])
    }

    /// Marks what whole answers should have shown and did not (trap 47).
    mutating func findMissing() throws {
        // The outer days are not sure: the API's day may begin elsewhere (traps 40, 41, 44).
        let first = from + 2 * 86_400
        let last = to - 3 * 86_400
        guard answered.unread.isEmpty else { return }
        for line in known
        where !line.isSeen && line.contract == contract && line.time >= first && line.time < last {
            guard try allDates(of: line, in: first..<last) else { continue }
            guard let since = line.missingSince else {
                try database.execute(
                    sql: "UPDATE transactions SET missing_since = ? WHERE id = ?",
                    arguments: [instant.seconds, line.id]
                )
                continue
            }
            guard line.vanished == nil, instant.seconds - since >= Ledger.vanishingSeconds else {
                continue
            }
            try database.execute(
                sql: "UPDATE transactions SET vanished = ? WHERE id = ?",
                arguments: [instant.seconds, line.id]
            )
            let id = try String.fetchOne(
                database,
                sql: "SELECT transaction_id FROM transactions WHERE id = ?",
                arguments: [line.id]
            )
            outcome.vanished.append(
                TransactionKey(feed: answered.feed, transactionId: id ?? "", line: line.line)
            )
            try tell.execute(
                arguments: ["vanished", line.version, "", instant.seconds, line.id])
        }
    }

    /// Whichever date the API filters by, the row belonged into these answers.
    private func allDates(of line: Known, in range: Range<Int64>) throws -> Bool {
        guard
            let record = try Data.fetchOne(
                database,
                sql: "SELECT record FROM versions WHERE item = ? AND version = ?",
                arguments: [line.id, line.version]
            ),
            let row = Transaction(
                feed: answered.feed,
                contractNumber: answered.contract,
                line: line.line,
                restoring: [UInt8](record)
            )
        else { return false }
        return [Field.transactionTime, .statusDate, .invoiceDate, .transactionStartTime]
            .allSatisfy { field in
                guard let seconds = row.timestamp(field)?.seconds else { return true }
                return range.contains(seconds)
            }
    }

    /// Keeps what could not be read, and moves the sure days on as far as everything was.
    mutating func setAside() throws {
        for row in answered.unread {
            try database.execute(
                sql: """
                    INSERT INTO unread VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)
                    ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen,
                    first_day = excluded.first_day, last_day = excluded.last_day
                    """,
                arguments: [
                    answered.feed.number, contract, row.transactionId ?? "", row.reason,
                    "\(row.window.from)", "\(row.window.to)", instant.seconds, instant.seconds,
                ]
            )
        }
        // Rows that read well now, or are gone, bar nothing any more.
        try database.execute(
            sql: """
                DELETE FROM unread WHERE feed = ? AND contract = ? AND last_seen < ?
                AND first_day >= ? AND last_day <= ?
                """,
            arguments: [
                answered.feed.number, contract, instant.seconds, "\(answered.asked.from)",
                "\(answered.asked.to)",
            ]
        )
        let barred = try String.fetchOne(
            database,
            sql: """
                SELECT min(first_day) FROM unread WHERE feed = ? AND contract = ?
                AND released IS NULL AND last_seen = ?
                """,
            arguments: [answered.feed.number, contract, instant.seconds]
        )
        // Sure are the days before the last one asked for (trap 40) and before today, which goes on.
        let yesterday = instant.date.adding(days: -1) ?? instant.date
        var last = min(answered.asked.to.adding(days: -1) ?? answered.asked.to, yesterday)
        if let barred, let day = CalendarDate(barred)?.adding(days: -1) { last = min(last, day) }
        guard let sure = Window(from: answered.asked.from, to: last) else { return }
        try Ledger.cover(
            database,
            answered.feed,
            answered.contract,
            sure,
            scannedAll: answered.isAll && barred == nil ? instant : nil
        )
    }
}
