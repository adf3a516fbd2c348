internal import FoundationEssentials
internal import GRDB
internal import Transactions

extension Recording {
    /// Marks what whole answers should have shown and did not (trap 47).
    mutating func findMissing() throws {
        // The outer days are not sure: the API's day may begin elsewhere (traps 40, 41, 44).
        let first = from + 2 * 86_400
        let last = to - 3 * 86_400
        guard answered.unread.isEmpty else { return }
        for (place, line) in known.lines.enumerated()
        where !line.isSeen && line.time >= first && line.time < last {
            let marks = known.marks(place)
            guard marks.otherContract == nil else { continue }
            guard try allDates(of: place, in: first..<last) else { continue }
            guard let since = marks.missingSince else {
                try database.execute(
                    sql: "UPDATE transactions SET missing_since = ? WHERE id = ?",
                    arguments: [instant.seconds, line.id]
                )
                continue
            }
            guard marks.vanished == nil, instant.seconds - since >= Ledger.vanishingSeconds else {
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
