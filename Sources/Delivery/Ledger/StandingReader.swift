internal import FoundationEssentials
internal import GRDB
internal import Transactions

/// Reads what stands as exported of a transaction; its statements are prepared once.
struct StandingReader {
    private let carried: Statement
    private let record: Statement
    private let export: Int64
    private let texts: SharedTexts

    init(_ database: Database, _ texts: SharedTexts, export: Int64) throws {
        self.texts = texts
        self.export = export
        carried = try database.makeStatement(
            sql: """
                SELECT version, role, batch, material FROM carried
                WHERE export = ? AND item = ? ORDER BY version, role
                """
        )
        record = try database.makeStatement(
            sql: "SELECT record FROM versions WHERE item = ? AND version = ?"
        )
    }

    func read(_ item: Int64, _ key: TransactionKey, contract: String?) throws -> Candidate.Standing?
    {
        var sent: (version: Int, batch: Int, material: [UInt8])?
        var reversed: Set<Int> = []
        let rows = try Row.fetchCursor(carried, arguments: [export, item])
        while let row = try rows.next() {
            let version: Int = row[0]
            if (row[1] as Int) == CarriedRole.reversal.rawValue {
                reversed.insert(version)
            } else {
                sent = (version, row[2], [UInt8](row[3] as Data))
            }
        }
        guard let sent else { return nil }
        let bytes = try Data.fetchOne(record, arguments: [item, sent.version])
        return Candidate.Standing(
            version: sent.version,
            batch: sent.batch,
            material: sent.material,
            transaction: try bytes.flatMap { try texts.transaction(key, contract, $0) },
            isReversed: reversed.contains(sent.version)
        )
    }
}
