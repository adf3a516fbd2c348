internal import FoundationEssentials
internal import GRDB
internal import Transactions

/// The table of texts that many rows share, for one piece of work on the ledger.
///
/// Products, stations, invoice numbers, cards and drivers make up half of a row; each stands in the ledger
/// once. What was looked up stays at hand, so that memory is that of the work and not of the ledger.
final class SharedTexts {
    private let byText: RowStatement
    private let byNumber: RowStatement
    private let insert: RowStatement
    private var packed: [UInt8] = []
    /// The texts that were looked up, and the number of each.
    private var known = JoinedTexts()
    private var numbers: [Int] = []
    private var places = HashedPlaces()
    private var texts: [Int: [UInt8]] = [:]

    /// Texts at hand beyond which it begins anew.
    private static let most = 100_000

    init(_ database: Database) throws {
        byText = try RowStatement(database, sql: "SELECT id FROM texts WHERE text = ?")
        byNumber = try RowStatement(database, sql: "SELECT text FROM texts WHERE id = ?")
        insert = try RowStatement(database, sql: "INSERT INTO texts (text) VALUES (?)")
    }

    /// A transaction's content as it is kept; its texts are in the table then.
    func packed(_ transaction: Transaction) throws -> [UInt8] {
        try pack(transaction)
        return packed
    }

    /// The same, bound to a parameter.
    func bind(_ transaction: Transaction, to statement: RowStatement, _ place: CInt) throws {
        try pack(transaction)
        statement.bind(place, blob: packed)
    }

    private func pack(_ transaction: Transaction) throws {
        try transaction.pack(to: &packed, share: number(of:))
    }

    private func number(of text: Span<UInt8>) throws -> Int {
        let tag = HashedPlaces.tag(text)
        var slot = places.start(tag)
        while let place = places.next(tag, from: &slot) {
            if known.has(text, at: place) { return numbers[place] }
        }
        byText.bind(1, blob: text)
        var found: Int64?
        try byText.visit { found = $0.integer(0) }
        if found == nil {
            insert.bind(1, blob: text)
            found = try insert.run()
        }
        if numbers.count >= Self.most { forget() }
        places.add(numbers.count, tag)
        unsafe text.withUnsafeBytes { unsafe known.append($0) }
        let number = Int(found ?? 0)
        numbers.append(number)
        return number
    }

    private func forget() {
        known = JoinedTexts()
        places = HashedPlaces()
        numbers = []
    }

    /// The transaction that was kept; nil for bytes that are none.
    func transaction(_ key: TransactionKey, _ contract: String?, _ packed: [UInt8]) throws
        -> Transaction?
    {
        try Transaction(key: key, contractNumber: contract, unpacking: packed) { number in
            if let known = texts[number] { return known }
            byNumber.bind(1, Int64(number))
            try byNumber.visit { row in
                if texts.count >= Self.most { texts = [:] }
                texts[number] = unsafe row.withBytes(0) { unsafe Array($0) }
            }
            return texts[number]
        }
    }

    /// The same, of a column.
    func transaction(_ key: TransactionKey, _ contract: String?, _ packed: Data) throws
        -> Transaction?
    {
        try transaction(key, contract, [UInt8](packed))
    }

    /// Deletes the texts that no record has any more, so that a purge leaves nothing of a person.
    static func sweep(_ database: Database) throws {
        var used: Set<Int> = []
        for table in ["versions", "conflicts"] {
            let rows = try RowStatement(
                database,
                sql: """
                    SELECT r.record, t.feed FROM \(table) AS r
                    JOIN transactions AS t ON t.id = r.item WHERE r.record IS NOT NULL
                    """
            )
            try rows.visit { row in
                guard let feed = Feed(number: Int(row.integer(1))) else { return }
                let packed = unsafe row.withBytes(0) { unsafe Array($0) }
                Transaction.visitSharedTexts(of: packed, feed: feed) { used.insert($0) }
            }
        }
        let known = try Int.fetchAll(database, sql: "SELECT id FROM texts")
        for number in known where !used.contains(number) {
            try database.execute(sql: "DELETE FROM texts WHERE id = ?", arguments: [number])
        }
    }
}
