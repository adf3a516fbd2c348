internal import FoundationEssentials
internal import GRDB
internal import Transactions

/// One TX0 under way: the answer merged with one scan of what is known of its days.
struct Recording {
    let database: Database
    let answered: Answered
    let instant: UTCTimestamp
    let contract: String
    let from: Int64
    let to: Int64
    var known: KnownLines
    private(set) var answers: [(window: Window, id: Int64)] = []
    var hasQuestions = false
    let texts: SharedTexts
    var outcome = RecordOutcome()

    private var added: [(row: Arrived, line: Int32)] = []

    private let byId: RowStatement
    let seen: Statement
    let change: Statement
    let tell: Statement

    init(_ database: Database, _ answered: Answered, _ instant: UTCTimestamp) throws {
        self.database = database
        self.answered = answered
        self.instant = instant
        contract = answered.contract ?? ""
        from = UTCTimestamp(startOf: answered.asked.from).seconds - 86_400
        to = UTCTimestamp(startOf: answered.asked.to).seconds + 2 * 86_400
        texts = try SharedTexts(database)
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
            let before = known.lines.indices.count {
                let time = known.lines[$0].time
                return time >= first && time < last && known.marks($0).vanished == nil
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
    func answer(for time: Int64) -> Int64? {
        let day = time / 86_400
        return answers.first {
            Int64($0.window.from.daysSinceEpoch) <= day && day <= Int64($0.window.to.daysSinceEpoch)
        }?.id ?? answers.last?.id
    }

    /// Tells new, changed and known rows apart.
    ///
    /// Rows that are known as they are cost no more than their fingerprint and a comparison; what is left
    /// is looked at by id.
    mutating func merge() throws {
        var rest: [Arrived] = []
        for row in answered.transactions {
            let row = Arrived(row)
            let id = row.row.record.span.extracting(row.idRange)
            guard let place = known.place(of: id, with: row.fingerprint) else {
                rest.append(row)
                continue
            }
            // Equal rows of two answers that share a day are one.
            if !known.lines[place].isSeen { try see(place, row) }
        }
        let (groups, isFollower) = Self.sameIds(rest)
        for place in rest.indices where !isFollower[place] {
            try merge(groups[place]?.map { rest[$0] } ?? [rest[place]])
        }
        try keepAdded()
    }

    /// The places of each id that came more than once, by the first of them, and which are not first.
    private static func sameIds(_ rows: [Arrived]) -> ([Int: [Int]], [Bool]) {
        var groups: [Int: [Int]] = [:]
        var isFollower = [Bool](repeating: false, count: rows.count)
        var firsts = HashedPlaces(capacity: rows.count)
        for (place, row) in rows.enumerated() {
            let tag = HashedPlaces.tag(row.row.record.span.extracting(row.idRange))
            var slot = firsts.start(tag)
            var first = firsts.next(tag, from: &slot)
            while let other = first, !rows[other].id.elementsEqual(row.id) {
                first = firsts.next(tag, from: &slot)
            }
            if let first {
                groups[first, default: [first]].append(place)
                isFollower[place] = true
            } else {
                firsts.add(place, tag)
            }
        }
        return (groups, isFollower)
    }

    private mutating func merge(_ rows: [Arrived]) throws {
        let record = rows[0].row.record
        let id = record.span.extracting(rows[0].idRange)
        var lines = known.places(of: id)
        // What the scan did not meet may be known of other days, or of another contract.
        if lines.count(where: { !known.lines[$0].isSeen }) < rows.count {
            try known.complete(id, contract, byId)
            lines = known.places(of: id)
        }
        if lines.isEmpty, rows.count == 1 { return add(rows[0], line: 1) }
        var rest: [Arrived] = []
        // Lines are matched to known ones by content first (trap 30).
        for row in rows where !rest.contains(where: { $0.fingerprint == row.fingerprint }) {
            if let match = try place(of: row, among: lines) {
                // Equal rows of two answers that share a day are one.
                if !known.lines[match].isSeen { try see(match, row) }
            } else {
                rest.append(row)
            }
        }
        // Then by order, those that these days should have shown before the others.
        let free = lines.filter { !known.lines[$0].isSeen }
        let ordered =
            free.filter { isInside(known.lines[$0].time) }
            + free.filter { !isInside(known.lines[$0].time) }
        var next = ordered.makeIterator()
        var last = lines.map { known.lines[$0].line }.max() ?? 0
        for row in rest {
            guard let old = next.next() else {
                last += 1
                add(row, line: last)
                continue
            }
            if let other = known.marks(old).otherContract,
                other != "" || known.lines[old].time != 0
            {
                try conflict(old, row)
                continue
            }
            try replace(old, with: row)
        }
    }

    /// The line that has a row's content, one that was not seen yet before one that was.
    private func place(of row: Arrived, among lines: [Int]) throws -> Int? {
        let same = lines.filter { known.lines[$0].fingerprint == row.fingerprint }
        if let found = same.first(where: { !known.lines[$0].isSeen }) ?? same.first {
            return found
        }
        guard !lines.isEmpty else { return nil }
        let former = Fingerprint(formerlyOf: row.row.record)
        let found = lines.first {
            known.lines[$0].fingerprint == former && !known.lines[$0].isSeen
        }
        if let found {
            try database.execute(
                sql: "UPDATE transactions SET fingerprint = ? WHERE id = ?",
                arguments: [Data(row.fingerprint.bytes), known.lines[found].id]
            )
        }
        return found
    }

    private mutating func add(_ row: Arrived, line: Int32) {
        added.append((row, line))
        outcome.new += 1
    }

    /// Writes what was added, after all look-ups: they need not meet it.
    private func keepAdded() throws {
        let item = try nextId(of: "transactions")
        let version = try nextId(of: "versions")
        let now = instant.seconds
        let contract = Array(contract.utf8)
        try RowStatement.insert(
            database,
            into: """
                transactions (contract, id, feed, transaction_id, line, time, version, fingerprint,
                first_seen, last_seen)
                """,
            values: "(?1, ?, \(answered.feed.number), ?, ?, ?, 1, ?, \(now), \(now))",
            count: added.count,
            share: { $0.bind(1, text: contract.span) },
            bind: { index, statement, place in
                let (row, line) = added[index]
                statement.bind(place, item + Int64(index))
                statement.bind(place + 1, text: row.row.record.span.extracting(row.idRange))
                statement.bind(place + 2, Int64(line))
                statement.bind(place + 3, row.time)
                statement.bind(place + 4, row.fingerprint)
            }
        )
        try RowStatement.insert(
            database,
            into: "versions (id, item, version, record, seen, answer)",
            values: "(?, ?, 1, ?, \(now), ?)",
            count: added.count,
            bind: { index, statement, place in
                statement.bind(place, version + Int64(index))
                statement.bind(place + 1, item + Int64(index))
                try texts.bind(added[index].row.row, to: statement, place + 2)
                statement.bind(place + 3, answer(for: added[index].row.time))
            }
        )
    }

    private func nextId(of table: String) throws -> Int64 {
        (try Int64.fetchOne(database, sql: "SELECT max(id) FROM \(table)") ?? 0) + 1
    }

    private func isInside(_ time: Int64) -> Bool { time >= from && time < to }
}

/// A row of an answer, and what tells its content.
struct Arrived {
    let row: Transaction
    let fingerprint: Fingerprint

    /// Where its id stands in the record.
    let idRange: Range<Int>

    init(_ row: Transaction) {
        self.row = row
        fingerprint = Fingerprint(of: row.record)
        idRange = row.range(.transactionId) ?? 0..<0
    }

    var id: ArraySlice<UInt8> { row.record[idRange] }

    /// Seconds since 1970 of the purchase.
    var time: Int64 { row.timestamp(.transactionTime)?.seconds ?? 0 }
}
