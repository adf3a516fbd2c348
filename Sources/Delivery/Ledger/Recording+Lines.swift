internal import FoundationEssentials
internal import GRDB
internal import Transactions

extension Recording {
    /// Notes that a known line is there; nothing is written where the answers kept say so already.
    mutating func see(_ place: Int, _ row: Arrived) throws {
        let line = known.lines[place]
        let marks = known.marks(place)
        known.see(place)
        outcome.unchanged += 1
        // When it was last seen is the last answer for its day, so that nothing is written.
        if line.time != 0, !line.isMarked, !hasQuestions, isCovered(line.time) { return }
        if line.time == 0 {
            // Only reconcile knew of it: now its values are known too.
            try database.execute(
                sql: "UPDATE transactions SET time = ?, contract = ? WHERE id = ?",
                arguments: [row.time, contract, line.id]
            )
            try database.execute(
                sql: """
                    UPDATE versions SET record = ?, answer = ? WHERE item = ? AND version = ?
                    AND record IS NULL
                    """,
                arguments: [
                    Data(try texts.packed(row.row)), answer(for: row.time), line.id, line.version,
                ]
            )
            try renew(line)
        } else if marks.otherContract != nil, marks.missingSince != nil {
            // The other contract shows it no more: it has moved.
            try database.execute(
                sql: "UPDATE transactions SET contract = ? WHERE id = ?",
                arguments: [contract, line.id]
            )
            try renew(line)
        } else if marks.otherContract != nil {
            outcome.shared += 1
        }
        try seen.execute(arguments: [instant.seconds, line.id])
        try agree(line, row.fingerprint)
        try welcome(place)
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

    private mutating func welcome(_ place: Int) throws {
        let line = known.lines[place]
        guard known.marks(place).vanished != nil else { return }
        outcome.returned.append(key(place))
        try tell.execute(arguments: ["returned", line.version, "", instant.seconds, line.id])
    }

    /// Makes a row the next version of a line.
    mutating func replace(_ place: Int, with row: Arrived) throws {
        let line = known.lines[place]
        known.see(place)
        try change.execute(arguments: [
            line.version + 1, Data(row.fingerprint.bytes), row.time, contract, instant.seconds,
            line.id,
        ])
        try database.execute(
            sql: """
                INSERT INTO versions (item, version, record, seen, answer)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                line.id, line.version + 1, Data(try texts.packed(row.row)), instant.seconds,
                answer(for: row.time),
            ]
        )
        outcome.changed += 1
        try agree(line, row.fingerprint)
        try welcome(place)
    }

    /// The key of a line.
    func key(_ place: Int) -> TransactionKey {
        TransactionKey(
            feed: answered.feed,
            transactionId: known.transactionId(place),
            line: Int(known.lines[place].line)
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

    /// Other content under another contract stops the id until an operator has chosen.
    mutating func conflict(_ place: Int, _ row: Arrived) throws {
        let line = known.lines[place]
        known.see(place)
        // An earlier content of this side is no question any more.
        try database.execute(
            sql: """
                DELETE FROM conflicts WHERE item = ? AND contract = ? AND fingerprint <> ?
                AND choice IS NULL
                """,
            arguments: [line.id, contract, Data(row.fingerprint.bytes)]
        )
        // Whoever decided against this contract decided so for what comes after, too.
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?, ?, ?, (
                SELECT choice FROM conflicts WHERE item = ? AND contract = ? AND choice = 'kept'))
                """,
            arguments: [
                line.id, contract, Data(row.fingerprint.bytes), Data(try texts.packed(row.row)),
                instant.seconds, line.id, contract,
            ]
        )
        let choice = try String.fetchOne(
            database,
            sql: """
                SELECT choice FROM conflicts WHERE item = ? AND contract = ? AND fingerprint = ?
                """,
            arguments: [line.id, contract, Data(row.fingerprint.bytes)]
        )
        guard choice == nil else { return }
        hasQuestions = true
        outcome.conflicts.append(key(place))
        try tell.execute(arguments: ["two-contracts", line.version, "", instant.seconds, line.id])
    }
}
