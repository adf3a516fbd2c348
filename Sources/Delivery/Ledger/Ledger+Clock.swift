internal import GRDB
public import Transactions

/// What a ledger claims of days that are still to come, as one does whose clock was once ahead.
///
/// The API refuses a clock that is five minutes off, so an answer proves the instant of its run. Ledgers
/// of earlier programs took a refused run's instant for the next one's, and covered months to come.
public struct FutureClaim: Sendable, Hashable {
    /// The kind of transactions.
    public let feed: Feed
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// The last day that the ledger says it is sure of.
    public let claimed: CalendarDate
    /// The days that answers prove; nil when none does.
    public let proven: Window?
}

extension FutureClaim: CustomStringConvertible {
    /// What is claimed, and what answers prove.
    public var description: String {
        "\(feed.rawValue)\(contract.map { " of contract \($0)" } ?? ""): the ledger is sure up to \(claimed), which is still to come, since a clock was ahead; answers prove \(proven.map { "\($0)" } ?? "nothing")"
    }
}

extension Ledger {
    /// Seconds by which two right clocks may differ: each may be five minutes off the API's (trap 13).
    public static let clockTolerance: Int64 = 600

    /// The instant of the answer that was recorded last; nil before the first.
    public func lastAnswered() throws(DeliveryError) -> UTCTimestamp? {
        try read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT received FROM answers ORDER BY id DESC LIMIT 1"
            ).flatMap { UTCTimestamp(seconds: $0) }
        }
    }

    /// The feeds and contracts of which days are covered that are still to come at an instant.
    public func futureClaims(at instant: UTCTimestamp) throws(DeliveryError) -> [FutureClaim] {
        let limit = instant.seconds + Self.clockTolerance
        let claims = try coverage().filter { coverage in
            coverage.days.to > instant.date || (coverage.scannedAll?.seconds ?? 0) > limit
        }
        return try read { database in
            try claims.map { claim in
                FutureClaim(
                    feed: claim.feed,
                    contract: claim.contract,
                    claimed: claim.days.to,
                    proven: try Self.proven(database, claim.feed, claim.contract ?? "", limit)
                )
            }
        }
    }

    /// Takes back what is claimed of days to come, in one commit: sure is what answers before then prove.
    ///
    /// `instant`: the current one, which an answer of the API has just proven. Gaps that were accepted
    /// at a later one are no gaps, and what was seen then was seen before now.
    public func withdraw(_ claims: [FutureClaim], at instant: UTCTimestamp) throws(DeliveryError) {
        guard !claims.isEmpty else { return }
        let limit = instant.seconds + Self.clockTolerance
        try write { database in
            for claim in claims {
                let place: StatementArguments = [claim.feed.number, claim.contract ?? ""]
                if let proven = claim.proven {
                    try database.execute(
                        sql: """
                            UPDATE coverage SET first_day = ?, last_day = ?, scanned_all = NULL
                            WHERE feed = ? AND contract = ?
                            """,
                        arguments: ["\(proven.from)", "\(proven.to)"] + place
                    )
                } else {
                    try database.execute(
                        sql: "DELETE FROM coverage WHERE feed = ? AND contract = ?",
                        arguments: place
                    )
                }
                try Self.note(
                    database,
                    "coverage \(claim.feed.rawValue) \(claim.contract ?? "") up to \(claim.claimed)",
                    "withdrawn",
                    instant
                )
            }
            try database.execute(sql: "DELETE FROM gaps WHERE accepted > ?", arguments: [limit])
            // Rows that could not be read bar the days of their window; no day to come was asked for.
            try database.execute(
                sql: """
                    UPDATE unread SET first_day = min(first_day, ?1), last_day = ?1
                    WHERE last_day > ?1
                    """,
                arguments: ["\(instant.date)"]
            )
            for (table, column) in Self.sightings {
                try database.execute(
                    sql: "UPDATE \(table) SET \(column) = ?1 WHERE \(column) > ?2",
                    arguments: [instant.seconds - 1, limit]
                )
            }
        }
    }

    /// Where it stands when something was seen; later decisions compare with it.
    private static let sightings = [
        ("versions", "seen"), ("transactions", "first_seen"), ("transactions", "last_seen"),
        ("transactions", "missing_since"), ("unread", "first_seen"), ("unread", "last_seen"),
        ("conflicts", "seen"), ("candidates", "since"), ("answers", "received"),
    ]

    /// The days that answers up to an instant made sure, found as they were covered: run by run, with
    /// the gaps that were let go between.
    private static func proven(
        _ database: Database,
        _ feed: Feed,
        _ contract: String,
        _ limit: Int64
    ) throws -> Window? {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT min(first_day) AS first, max(last_day) AS last, received AS at, 0 AS is_gap
                FROM answers WHERE feed = ?1 AND contract = ?2 AND received <= ?3 GROUP BY run
                UNION ALL
                SELECT first_day, last_day, accepted, 1 FROM gaps
                WHERE feed = ?1 AND contract = ?2 AND accepted <= ?3
                ORDER BY at, is_gap DESC
                """,
            arguments: [feed.number, contract, limit]
        )
        var proven: Window?
        for row in rows {
            guard let asked = window(row["first"], row["last"]),
                let received = UTCTimestamp(seconds: row["at"])
            else { continue }
            // As when it was recorded: the days before the last one asked for, and before that day.
            let end =
                row["is_gap"] as Bool
                ? asked.to
                : min(
                    asked.to.adding(days: -1) ?? asked.to,
                    received.date.adding(days: -1) ?? asked.to
                )
            guard let sure = Window(from: asked.from, to: end) else { continue }
            guard let known = proven else {
                proven = sure
                continue
            }
            guard sure.touches(known) else { continue }
            proven = Window(from: min(sure.from, known.from), to: max(sure.to, known.to))
        }
        let barred = try String.fetchOne(
            database,
            sql: """
                SELECT min(first_day) FROM unread WHERE feed = ? AND contract = ?
                AND released IS NULL
                """,
            arguments: [feed.number, contract]
        )
        guard let proven, let day = barred.flatMap({ CalendarDate($0) })?.adding(days: -1) else {
            return proven
        }
        return Window(from: proven.from, to: min(proven.to, day))
    }
}

extension Window {
    /// Whether another window shares a day with this one, or begins or ends beside it.
    func touches(_ other: Window) -> Bool {
        from.daysSinceEpoch <= other.to.daysSinceEpoch + 1
            && other.from.daysSinceEpoch <= to.daysSinceEpoch + 1
    }
}
