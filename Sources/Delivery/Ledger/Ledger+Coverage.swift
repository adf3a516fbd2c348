internal import GRDB
public import Transactions

/// The days of a feed and contract that are surely known.
public struct Coverage: Sendable, Hashable {
    /// The kind of transactions.
    public let feed: Feed
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// The first and the last sure day, in UTC.
    public let days: Window
    /// When all that the API allows was last read; nil if never.
    public let scannedAll: UTCTimestamp?

    /// The days behind the sure ones that the API no longer answers for; nil while there are none.
    ///
    /// API document, trap 43.
    public func gap(today: CalendarDate) -> Window? {
        guard let next = days.to.adding(days: 1),
            let last = Window.earliestDay(today: today).adding(days: -1)
        else { return nil }
        return Window(from: next, to: last)
    }

    /// Days until the first day not yet covered is out of the API's reach; 0 or less: a gap.
    public func daysUntilGap(today: CalendarDate) -> Int {
        Int(days.to.daysSinceEpoch) + 1 - Int(Window.earliestDay(today: today).daysSinceEpoch) + 1
    }
}

/// Days that nobody fetched, and that an operator let go.
public struct AcceptedGap: Sendable, Hashable {
    /// The kind of transactions.
    public let feed: Feed
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// The days.
    public let days: Window

    /// Names days.
    public init(feed: Feed, contract: String?, days: Window) {
        self.feed = feed
        self.contract = contract
        self.days = days
    }
}

extension Ledger {
    /// What is covered, by feed and contract.
    public func coverage() throws(DeliveryError) -> [Coverage] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM coverage ORDER BY feed, contract")
                .compactMap { row in
                    guard let feed = Feed(number: row["feed"]),
                        let days = Self.window(row["first_day"], row["last_day"])
                    else { return nil }
                    return Coverage(
                        feed: feed,
                        contract: Self.contract(row["contract"]),
                        days: days,
                        scannedAll: (row["scanned_all"] as Int64?).flatMap {
                            UTCTimestamp(seconds: $0)
                        }
                    )
                }
        }
    }

    /// What is covered of one feed and contract; nil when nothing was fetched yet.
    public func coverage(of feed: Feed, contract: String?) throws(DeliveryError) -> Coverage? {
        try coverage().first { $0.feed == feed && $0.contract == contract }
    }

    /// Records that days will never be fetched: an operator's decision.
    public func acceptGap(_ gap: AcceptedGap, at instant: UTCTimestamp) throws(DeliveryError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO gaps VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    gap.feed.number, gap.contract ?? "", "\(gap.days.from)", "\(gap.days.to)",
                    instant.seconds,
                ]
            )
            try database.execute(
                sql: "UPDATE coverage SET last_day = ? WHERE feed = ? AND contract = ?",
                arguments: ["\(gap.days.to)", gap.feed.number, gap.contract ?? ""]
            )
            try Self.note(
                database,
                "gap \(gap.feed.rawValue) \(gap.contract ?? "") \(gap.days)",
                "accepted",
                instant
            )
        }
    }

    /// The gaps that operators accepted, oldest first.
    public func acceptedGaps() throws(DeliveryError) -> [AcceptedGap] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM gaps ORDER BY first_day, feed, contract")
                .compactMap { row in
                    guard let feed = Feed(number: row["feed"]),
                        let days = Self.window(row["first_day"], row["last_day"])
                    else { return nil }
                    return AcceptedGap(
                        feed: feed,
                        contract: Self.contract(row["contract"]),
                        days: days
                    )
                }
        }
    }

    /// Moves the sure days on, in the commit that records the rows.
    ///
    /// Days that do not touch the ones known are read, not covered: coverage has no holes.
    static func cover(
        _ database: Database,
        _ feed: Feed,
        _ contract: String?,
        _ sure: Window,
        scannedAll: UTCTimestamp?
    ) throws {
        let known = try Row.fetchOne(
            database,
            sql: "SELECT first_day, last_day FROM coverage WHERE feed = ? AND contract = ?",
            arguments: [feed.number, contract ?? ""]
        )
        var days = sure
        if let known, let old = window(known["first_day"], known["last_day"]) {
            guard sure.touches(old),
                let both = Window(from: min(sure.from, old.from), to: max(sure.to, old.to))
            else { return }
            days = both
        }
        try database.execute(
            sql: """
                INSERT INTO coverage VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET first_day = excluded.first_day,
                last_day = excluded.last_day,
                scanned_all = coalesce(excluded.scanned_all, scanned_all)
                """,
            arguments: [
                feed.number, contract ?? "", "\(days.from)", "\(days.to)", scannedAll?.seconds,
            ]
        )
    }

    static func window(_ first: String, _ last: String) -> Window? {
        guard let from = CalendarDate(first), let to = CalendarDate(last) else { return nil }
        return Window(from: from, to: to)
    }

    static func contract(_ text: String) -> String? { text.isEmpty ? nil : text }

    static func note(
        _ database: Database,
        _ subject: String,
        _ choice: String,
        _ instant: UTCTimestamp
    ) throws {
        try database.execute(
            sql: "INSERT INTO decisions (made, subject, choice) VALUES (?, ?, ?)",
            arguments: [instant.seconds, subject, choice]
        )
    }
}
