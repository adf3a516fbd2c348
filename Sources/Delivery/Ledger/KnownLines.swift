internal import GRDB
internal import Transactions

/// What the ledger knows of the days that an answer covers, by transaction id.
///
/// A million lines are read in one ordered scan (0.15 s) and found by hash; no look-up a row.
struct KnownLines {
    /// What the merge needs of a known line.
    struct Line {
        let id: Int64
        let line: Int
        let time: Int64
        let version: Int
        let fingerprint: Fingerprint
        let missingSince: Int64?
        let vanished: Int64?
        /// The contract it is known under, where it is another than the answer's.
        let otherContract: String?
        var isSeen = false
        /// The next line of the same hash; -1 at the end.
        var next: Int32 = -1
    }

    private(set) var lines: [Line] = []
    private var heads: [Int: Int32] = [:]
    /// The ids, one behind the other, and where each ends.
    private var ids: [UInt8] = []
    private var ends: [Int] = []

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
        guard let place, let first = place[0] as Int64?, let last = place[1] as Int64? else { return }
        let count: Int = place[2]
        lines.reserveCapacity(count)
        ends.reserveCapacity(count)
        heads.reserveCapacity(count)
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
        scan.bind(2, text: Array(contract.utf8)[...])
        scan.bind(3, from)
        scan.bind(4, to)
        try scan.visit { row in append(row, otherThan: nil) }
    }

    /// Adds a line that a query gave; `contract`: the answer's, for lines that may be another's.
    private mutating func append(_ row: borrowing RowStatement, otherThan contract: String?) {
        var other: String?
        if let contract {
            let known = unsafe row.withBytes(2) { unsafe String(decoding: $0, as: UTF8.self) }
            if known != contract { other = known }
        }
        var hasher = Hasher()
        unsafe row.withBytes(8) { bytes in
            unsafe hasher.combine(bytes: bytes)
            unsafe ids.append(contentsOf: bytes)
        }
        ends.append(ids.count)
        let hash = hasher.finalize()
        let place = Int32(lines.count)
        lines.append(
            Line(
                id: row.integer(0),
                line: Int(row.integer(1)),
                time: row.integer(3),
                version: Int(row.integer(4)),
                fingerprint: unsafe row.withBytes(5) { unsafe Fingerprint($0) },
                missingSince: row.isNull(6) ? nil : row.integer(6),
                vanished: row.isNull(7) ? nil : row.integer(7),
                otherContract: other,
                next: heads[hash] ?? -1
            )
        )
        heads[hash] = place
    }

    static func hash(_ id: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// The places of an id's lines, by line.
    func places(of id: ArraySlice<UInt8>, hash: Int) -> [Int] {
        guard var place = heads[hash] else { return [] }
        var found: [Int] = []
        while place >= 0 {
            let index = Int(place)
            let start = index == 0 ? 0 : ends[index - 1]
            if ids[start..<ends[index]].elementsEqual(id) { found.append(index) }
            place = lines[index].next
        }
        return found.count < 2 ? found : found.sorted { lines[$0].line < lines[$1].line }
    }

    /// Adds what is known of an id in other days or under another contract, each once.
    mutating func complete(_ id: ArraySlice<UInt8>, _ contract: String, _ byId: RowStatement) throws {
        let known = Set(places(of: id, hash: Self.hash(id)).map { lines[$0].id })
        byId.bind(2, text: id)
        try byId.visit { row in
            if !known.contains(row.integer(0)) { append(row, otherThan: contract) }
        }
    }

    mutating func see(_ place: Int) { lines[place].isSeen = true }

    /// The id of a line.
    func transactionId(_ place: Int) -> String {
        String(decoding: ids[(place == 0 ? 0 : ends[place - 1])..<ends[place]], as: UTF8.self)
    }
}
