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

/// One TX0 under way: the answer merged with one scan of what is known of its days.
private struct Recording {
    private let database: Database
    private let answered: Answered
    private let instant: UTCTimestamp
    private let contract: String
    private let from: Int64
    private let to: Int64
    private var known: KnownLines
    private var answers: [(window: Window, id: Int64)] = []
    private var hasQuestions = false
    private let texts: SharedTexts
    var outcome = RecordOutcome()

    private let byId: RowStatement
    private let seen: Statement
    private let insert: RowStatement
    private let insertVersion: RowStatement
    private let change: Statement
    private let tell: Statement

    init(_ database: Database, _ answered: Answered, _ instant: UTCTimestamp) throws {
        self.database = database
        self.answered = answered
        self.instant = instant
        contract = answered.contract ?? ""
        from = UTCTimestamp(startOf: answered.asked.from).seconds - 86_400
        to = UTCTimestamp(startOf: answered.asked.to).seconds + 2 * 86_400
        texts = SharedTexts(database)
        byId = try RowStatement(
            database,
            sql: """
                SELECT \(KnownLines.columns) FROM transactions
                WHERE feed = ? AND transaction_id = ? ORDER BY line
                """
        )
        byId.bind(1, Int64(answered.feed.number))
        seen = try database.makeStatement(
            sql: """
                UPDATE transactions SET last_seen = ?, missing_since = NULL, vanished = NULL
                WHERE id = ?
                """
        )
        insert = try RowStatement(
            database,
            sql: """
                INSERT INTO transactions (feed, transaction_id, line, contract, time, version,
                fingerprint, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?7)
                """
        )
        insert.bind(1, Int64(answered.feed.number))
        insert.bind(4, text: Array(contract.utf8)[...])
        insert.bind(7, instant.seconds)
        insertVersion = try RowStatement(
            database,
            sql: """
                INSERT INTO versions (item, version, fingerprint, record, seen, answer)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        )
        insertVersion.bind(5, instant.seconds)
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
        known = try KnownLines(
            database,
            feed: answered.feed,
            contract: contract,
            from: from,
            to: to
        )
    }

    mutating func keepAnswers(_ run: Int64) throws {
        for part in answered.parts {
            let window = part.answer.window
            // The outer days are not sure: the API's day may begin elsewhere (traps 40, 41, 44).
            let first = UTCTimestamp(startOf: window.from).seconds + 86_400
            let last = UTCTimestamp(startOf: window.to).seconds
            let before = known.lines.count {
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
        let rows = answered.transactions
        // The next row of the same hash, and the last one; nearly every id comes once.
        var next = [Int32](repeating: -1, count: rows.count)
        var hashes: [Int] = []
        hashes.reserveCapacity(rows.count)
        var last: [Int: Int32] = [:]
        last.reserveCapacity(rows.count)
        var isFollower = [Bool](repeating: false, count: rows.count)
        for (index, row) in rows.enumerated() {
            let hash = KnownLines.hash(row.bytes(.transactionId) ?? [])
            hashes.append(hash)
            if let before = last.updateValue(Int32(index), forKey: hash) {
                next[Int(before)] = Int32(index)
                isFollower[index] = true
            }
        }
        for (index, row) in rows.enumerated() where !isFollower[index] {
            let id = row.bytes(.transactionId) ?? []
            guard next[index] >= 0 else {
                try merge(id, hashes[index], [row])
                continue
            }
            var group: [[Transaction]] = []
            var place = Int32(index)
            while place >= 0 {
                let row = rows[Int(place)]
                let own = row.bytes(.transactionId) ?? []
                if let known = group.firstIndex(where: {
                    $0[0].bytes(.transactionId)?.elementsEqual(own) ?? false
                }) {
                    group[known].append(row)
                } else {
                    group.append([row])
                }
                place = next[Int(place)]
            }
            for rows in group {
                try merge(rows[0].bytes(.transactionId) ?? [], hashes[index], rows)
            }
        }
    }

    private mutating func merge(_ id: ArraySlice<UInt8>, _ hash: Int, _ rows: [Transaction]) throws {
        var lines = known.places(of: id, hash: hash)
        // What the scan did not meet may be known of other days, or of another contract.
        if lines.count < rows.count {
            try known.complete(id, contract, byId)
            lines = known.places(of: id, hash: hash)
        }
        var rest: [(row: Transaction, fingerprint: Fingerprint)] = []
        var used: Set<Int> = []
        // Lines are matched to known ones by content first (trap 30).
        for row in rows {
            let fingerprint = Fingerprint(of: row.record)
            if rest.contains(where: { $0.fingerprint == fingerprint }) { continue }
            if let match = lines.first(where: {
                known.lines[$0].fingerprint == fingerprint && !used.contains($0)
            }) {
                if rows.count > 1 { used.insert(match) }
                try see(match, row)
                if rows.count == 1 { return }
            } else if lines.contains(where: { known.lines[$0].fingerprint == fingerprint }) {
                // Equal rows of two answers that share a day are one.
                continue
            } else {
                rest.append((row, fingerprint))
            }
        }
        // Then by order, those that these days should have shown before the others.
        let free = lines.filter { !used.contains($0) }
        let ordered =
            free.filter { isInside(known.lines[$0].time) }
            + free.filter { !isInside(known.lines[$0].time) }
        var next = ordered.makeIterator()
        var last = lines.map { known.lines[$0].line }.max() ?? 0
        for (row, fingerprint) in rest {
            let time = row.timestamp(.transactionTime)?.seconds ?? 0
            guard let old = next.next() else {
                last += 1
                insert.bind(2, text: id)
                insert.bind(3, Int64(last))
                insert.bind(5, time)
                insert.bind(6, blob: fingerprint.bytes)
                try insert.run()
                try keep(database.lastInsertedRowID, 1, row, fingerprint, time)
                outcome.new += 1
                continue
            }
            if let other = known.lines[old].otherContract, other != "" || known.lines[old].time != 0 {
                try conflict(old, row, fingerprint)
                continue
            }
            try replace(old, with: row, fingerprint, time)
        }
    }

    private func isInside(_ time: Int64) -> Bool { time >= from && time < to }

    private mutating func see(_ place: Int, _ row: Transaction) throws {
        let line = known.lines[place]
        known.see(place)
        outcome.unchanged += 1
        // When it was last seen is the last answer for its day, so that nothing is written.
        if line.time != 0, line.otherContract == nil, line.missingSince == nil, line.vanished == nil,
            !hasQuestions, isCovered(line.time)
        {
            return
        }
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
                    Data(try texts.packed(row)),
                    answer(for: row.timestamp(.transactionTime)?.seconds ?? 0),
                    line.id, line.version,
                ]
            )
            try renew(line)
        } else if line.otherContract != nil, line.missingSince != nil {
            // The other contract shows it no more: it has moved.
            try database.execute(
                sql: "UPDATE transactions SET contract = ? WHERE id = ?",
                arguments: [contract, line.id]
            )
            try renew(line)
        } else if line.otherContract != nil {
            outcome.shared += 1
        }
        try seen.execute(arguments: [instant.seconds, line.id])
        try agree(line, line.fingerprint)
        try welcome(line, place)
    }

    /// Whether an answer of this run says that a time was looked at.
    private func isCovered(_ time: Int64) -> Bool {
        let day = time / 86_400
        return answers.contains {
            Int64($0.window.from.daysSinceEpoch) <= day && day <= Int64($0.window.to.daysSinceEpoch)
        }
    }

    /// Gives the latest version the last place, so that each export looks at it again.
    private func renew(_ line: KnownLines.Line) throws {
        try database.execute(
            sql: """
                UPDATE versions SET id = (SELECT max(id) + 1 FROM versions)
                WHERE item = ? AND version = ?
                """,
            arguments: [line.id, line.version]
        )
    }

    private mutating func welcome(_ line: KnownLines.Line, _ place: Int) throws {
        guard line.vanished != nil else { return }
        outcome.returned.append(key(place))
        try tell.execute(arguments: ["returned", line.version, "", instant.seconds, line.id])
    }

    private mutating func replace(
        _ place: Int,
        with row: Transaction,
        _ fingerprint: Fingerprint,
        _ time: Int64
    ) throws {
        let line = known.lines[place]
        known.see(place)
        try change.execute(arguments: [
            line.version + 1, Data(fingerprint.bytes), time, contract, instant.seconds, line.id,
        ])
        try keep(line.id, line.version + 1, row, fingerprint, time)
        outcome.changed += 1
        try agree(line, fingerprint)
        try welcome(line, place)
    }

    private func key(_ place: Int) -> TransactionKey {
        TransactionKey(
            feed: answered.feed,
            transactionId: known.transactionId(place),
            line: known.lines[place].line
        )
    }

    /// Withdraws the questions that the row's content answers: both contracts have it now.
    private func agree(_ line: KnownLines.Line, _ fingerprint: Fingerprint) throws {
        guard hasQuestions else { return }
        try database.execute(
            sql: """
                DELETE FROM conflicts WHERE item = ? AND choice IS NULL
                AND (fingerprint = ? OR contract = ?)
                """,
            arguments: [line.id, Data(fingerprint.bytes), contract]
        )
    }

    private func keep(
        _ item: Int64,
        _ version: Int,
        _ row: Transaction,
        _ fingerprint: Fingerprint,
        _ time: Int64
    ) throws {
        insertVersion.bind(1, item)
        insertVersion.bind(2, Int64(version))
        insertVersion.bind(3, blob: fingerprint.bytes)
        insertVersion.bind(4, blob: try texts.packed(row))
        if let answer = answer(for: time) {
            insertVersion.bind(6, answer)
        } else {
            insertVersion.bindNull(6)
        }
        try insertVersion.run()
    }

    /// Other content under another contract stops the id until an operator has chosen.
    private mutating func conflict(
        _ place: Int,
        _ row: Transaction,
        _ fingerprint: Fingerprint
    ) throws {
        let line = known.lines[place]
        known.see(place)
        // An earlier content of this side is no question any more.
        try database.execute(
            sql: """
                DELETE FROM conflicts WHERE item = ? AND contract = ? AND fingerprint <> ?
                AND choice IS NULL
                """,
            arguments: [line.id, contract, Data(fingerprint.bytes)]
        )
        // Whoever decided against this contract decided so for what comes after, too.
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?, ?, ?, (
                SELECT choice FROM conflicts WHERE item = ? AND contract = ? AND choice = 'kept'))
                """,
            arguments: [
                line.id, contract, Data(fingerprint.bytes), Data(try texts.packed(row)),
                    instant.seconds,
                line.id, contract,
            ]
        )
        let choice = try String.fetchOne(
            database,
            sql: """
                SELECT choice FROM conflicts WHERE item = ? AND contract = ? AND fingerprint = ?
                """,
            arguments: [line.id, contract, Data(fingerprint.bytes)]
        )
        guard choice == nil else { return }
        hasQuestions = true
        outcome.conflicts.append(key(place))
        try tell.execute(arguments: ["two-contracts", line.version, "", instant.seconds, line.id])
    }

    /// Marks what whole answers should have shown and did not (trap 47).
    mutating func findMissing() throws {
        // The outer days are not sure: the API's day may begin elsewhere (traps 40, 41, 44).
        let first = from + 2 * 86_400
        let last = to - 3 * 86_400
        guard answered.unread.isEmpty else { return }
        for (place, line) in known.lines.enumerated()
        where !line.isSeen && line.otherContract == nil && line.time >= first && line.time < last {
            guard try allDates(of: place, in: first..<last) else { continue }
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
            outcome.vanished.append(key(place))
            try tell.execute(
                arguments: ["vanished", line.version, "", instant.seconds, line.id])
        }
    }

    /// Whichever date the API filters by, the row belonged into these answers.
    private func allDates(of place: Int, in range: Range<Int64>) throws -> Bool {
        let line = known.lines[place]
        guard
            let record = try Data.fetchOne(
                database,
                sql: "SELECT record FROM versions WHERE item = ? AND version = ?",
                arguments: [line.id, line.version]
            ), let row = try texts.transaction(key(place), answered.contract, record)
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
