internal import FoundationEssentials
internal import GRDB
internal import Transactions

/// The table of texts that many rows share, for one piece of work on the ledger.
///
/// Products, stations and invoice numbers make up half of a row; each stands in the ledger once.
final class SharedTexts {
    private let database: Database
    private var texts: [Int: [UInt8]] = [:]
    private var numbers: [[UInt8]: Int] = [:]
    /// What each field had last: rows of one place and product often come together.
    private var last = [(text: [UInt8], number: Int)](
        repeating: ([], 0),
        count: Field.allCases.count
    )
    private var isLoaded = false
    private var failure: (any Error)?

    /// Texts beyond which new ones stay with their rows, so that the table fits in memory.
    private static let most = 200_000

    init(_ database: Database) { self.database = database }

    private func load() throws {
        guard !isLoaded else { return }
        isLoaded = true
        let rows = try Row.fetchCursor(database, sql: "SELECT id, text FROM texts")
        while let row = try rows.next() {
            let text = [UInt8](row[1] as Data)
            texts[row[0]] = text
            numbers[text] = row[0]
        }
    }

    /// A transaction's content as it is kept; its texts are in the table then.
    func packed(_ transaction: Transaction) throws -> [UInt8] {
        try load()
        let packed = transaction.packed { field, text in share(field, text) }
        if let failure { throw failure }
        return packed
    }

    private func share(_ field: Field, _ text: ArraySlice<UInt8>) -> Int? {
        let place = Int(field.rawValue)
        if last[place].number > 0, last[place].text.elementsEqual(text) {
            return last[place].number
        }
        let text = Array(text)
        if let number = numbers[text] {
            last[place] = (text, number)
            return number
        }
        guard numbers.count < Self.most, failure == nil else { return nil }
        do {
            let number = numbers.count + 1
            try database.execute(
                sql: "INSERT INTO texts VALUES (?, ?)",
                arguments: [number, Data(text)]
            )
            numbers[text] = number
            texts[number] = text
            last[place] = (text, number)
            return number
        } catch {
            // Told by `packed`, which may throw.
            failure = error
            return nil
        }
    }

    /// The transaction that was kept; nil for bytes that are none.
    func transaction(_ key: TransactionKey, _ contract: String?, _ packed: Data) throws
        -> Transaction?
    {
        try Transaction(key: key, contractNumber: contract, unpacking: [UInt8](packed)) { number in
            try load()
            return texts[number]
        }
    }
}
