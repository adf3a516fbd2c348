internal import GRDB
internal import Transactions

/// What the ledger knows of the days that an answer covers, by transaction id.
///
/// A million lines are read in one scan (0.2 s) and met in its order: an answer mostly repeats the rows in
/// the order in which they were first recorded. What comes in another place is found by hash, in a table
/// that is made when it is first needed; there is no look-up in SQLite a row.
struct KnownLines {
    /// What the merge needs of a known line.
    struct Line {
        let id: Int64
        let time: Int64
        let fingerprint: Fingerprint
        let line: Int32
        let version: Int32
        fileprivate(set) var isSeen = false
        /// Whether there are `Marks` of it.
        let isMarked: Bool
    }

    /// What few lines have.
    struct Marks {
        var missingSince: Int64?
        var vanished: Int64?
        /// The contract it is known under, where it is another than the answer's.
        var otherContract: String?
    }

    private(set) var lines: [Line] = []
    private var marks: [Int: Marks] = [:]
    private var ids = JoinedTexts()
    /// The line that comes next if the answer's order is that of the scan.
    private var next = 0
    /// Places in `lines` by their ids; nil until it is needed.
    private var places: HashedPlaces?

    static let columns =
        "id, line, contract, time, version, fingerprint, missing_since, vanished, transaction_id"

    /// Reads a feed's lines of a time.
    init(
        _ database: Database,
        feed: Feed,
        contract: String,
        from: Int64,
        to: Int64
    ) throws {
        let place = try Row.fetchOne(
            database,
            sql: """
                SELECT min(id), max(id), count(*) FROM transactions
                WHERE feed = ? AND contract = ? AND time >= ? AND time < ?
                """,
            arguments: [feed.number, contract, from, to]
        )
        guard let place, let first = place[0] as Int64?, let last = place[1] as Int64? else {
            return
        }
        let count: Int = place[2]
        lines.reserveCapacity(count)
        ids.reserveCapacity(count, ofEach: 10)
        // Where the rows lie together, they are read one behind the other; the index would look up each.
        let isDense = last - first < 2 * Int64(count)
        let scan = try RowStatement(
            database,
            sql: """
                SELECT \(Self.columns) FROM transactions
                \(isDense ? "NOT INDEXED" : "INDEXED BY transactions_by_time")
                WHERE \(isDense ? "id BETWEEN \(first) AND \(last) AND " : "")
                feed = ? AND contract = ? AND time >= ? AND time < ?
                """
        )
        scan.bind(1, Int64(feed.number))
        scan.bind(2, text: Array(contract.utf8).span)
        scan.bind(3, from)
        scan.bind(4, to)
        try scan.visit { row in append(row, otherThan: nil) }
    }

    /// Adds a line that a query gave; `contract`: the answer's, for lines that may be another's.
    private mutating func append(_ row: borrowing RowStatement, otherThan contract: String?) {
        var mark = Marks()
        if !row.isNull(6) { mark.missingSince = row.integer(6) }
        if !row.isNull(7) { mark.vanished = row.integer(7) }
        if let contract {
            let known = unsafe row.withBytes(2) { unsafe String(decoding: $0, as: UTF8.self) }
            if known != contract { mark.otherContract = known }
        }
        let isMarked =
            mark.missingSince != nil || mark.vanished != nil || mark.otherContract != nil
        if isMarked { marks[lines.count] = mark }
        unsafe row.withBytes(8) { unsafe ids.append($0) }
        lines.append(
            Line(
                id: row.integer(0),
                time: row.integer(3),
                fingerprint: unsafe row.withBytes(5) { unsafe Fingerprint($0) },
                line: Int32(truncatingIfNeeded: row.integer(1)),
                version: Int32(truncatingIfNeeded: row.integer(4)),
                isMarked: isMarked
            )
        )
    }

    /// The unseen line of an id with that content, or else the seen one; nil when there is none.
    mutating func place(of id: Span<UInt8>, with fingerprint: Fingerprint) -> Int? {
        if next < lines.count, lines[next].fingerprint == fingerprint, !lines[next].isSeen,
            ids.has(id, at: next)
        {
            next += 1
            return next - 1
        }
        let found = places(of: id).filter { lines[$0].fingerprint == fingerprint }
        guard let place = found.first(where: { !lines[$0].isSeen }) ?? found.first else {
            return nil
        }
        next = place + 1
        return place
    }

    /// The places of an id's lines, by line.
    mutating func places(of id: Span<UInt8>) -> [Int] {
        guard !lines.isEmpty else { return [] }
        let table = places ?? spread()
        places = table
        var found: [Int] = []
        let tag = HashedPlaces.tag(id)
        var slot = table.start(tag)
        while let place = table.next(tag, from: &slot) {
            if ids.has(id, at: place) { found.append(place) }
        }
        return found.count < 2 ? found : found.sorted { lines[$0].line < lines[$1].line }
    }

    private func spread() -> HashedPlaces {
        var table = HashedPlaces(capacity: lines.count)
        for place in lines.indices { table.add(place, HashedPlaces.tag(ids[place].span)) }
        return table
    }

    /// Adds what is known of an id in other days or under another contract, each once.
    mutating func complete(_ id: Span<UInt8>, _ contract: String, _ byId: RowStatement) throws {
        let known = Set(places(of: id).map { lines[$0].id })
        byId.bind(2, text: id)
        try byId.visit { row in
            guard !known.contains(row.integer(0)) else { return }
            append(row, otherThan: contract)
            let place = lines.count - 1
            places?.add(place, HashedPlaces.tag(ids[place].span))
        }
    }

    mutating func see(_ place: Int) { lines[place].isSeen = true }

    /// What is to be said of a line beyond its content.
    func marks(_ place: Int) -> Marks {
        lines[place].isMarked ? marks[place] ?? Marks() : Marks()
    }

    /// The id of a line.
    func transactionId(_ place: Int) -> String { String(decoding: ids[place], as: UTF8.self) }
}
