internal import FoundationEssentials
internal import GRDB
internal import Transactions

/// What the outbox's records are written from, and held against.
extension Ledger {
    /// The numbers of all batches, published or not.
    func numbers() throws(DeliveryError) -> Set<Int> {
        try read { database in try Int.fetchSet(database, sql: "SELECT number FROM batches") }
    }

    /// The record of a batch as the ledger knows it.
    ///
    /// Where the values of a version before the latest are purged, its fingerprint is empty: a ledger
    /// that is rebuilt from it then knows that the row was carried, and not what it was like.
    func record(of batch: BatchEntry) throws(DeliveryError) -> BatchRecord {
        try read { database in
            let texts = try SharedTexts(database)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT t.feed, t.transaction_id, t.line, t.contract, t.version AS latest,
                    t.fingerprint, c.version, c.role, c.material, v.record
                    FROM carried AS c JOIN transactions AS t ON t.id = c.item
                    LEFT JOIN versions AS v ON v.item = c.item AND v.version = c.version
                    WHERE c.batch = ? ORDER BY c.item, c.version, c.role
                    """,
                arguments: [batch.number]
            )
            let carried = try rows.compactMap { row -> Carried? in
                guard let key = Self.key(row), let role = CarriedRole(rawValue: row["role"]) else {
                    return nil
                }
                var fingerprint: [UInt8] = []
                if (row["version"] as Int) == (row["latest"] as Int) {
                    fingerprint = [UInt8](row["fingerprint"] as Data)
                } else if let packed = row["record"] as Data?,
                    let values = try texts.transaction(key, Self.contract(row["contract"]), packed)
                {
                    fingerprint = Fingerprint(of: values.record).bytes
                }
                return Carried(
                    key: key,
                    version: row["version"],
                    role: role,
                    fingerprint: fingerprint,
                    material: [UInt8](row["material"] as Data)
                )
            }
            let serials = try Row.fetchAll(
                database,
                sql: """
                    SELECT s.name, s.last FROM serials AS s JOIN exports AS e ON e.id = s.export
                    WHERE e.name = ?
                    """,
                arguments: [batch.export]
            ).map { (($0["name"] as String), ($0["last"] as Int)) }
            return BatchRecord(
                batch,
                carried: carried,
                serials: Dictionary(serials) { first, _ in first }
            )
        }
    }

    /// Uses up the number of a batch of which nothing is known any more, as an operator decided.
    func noteLost(_ number: Int, at instant: UTCTimestamp) throws(DeliveryError) {
        let batch = BatchEntry(
            number: number,
            id: "lost-\(number)",
            export: "",
            kind: .regular,
            layout: .directory,
            state: .void,
            name: "lost_\(padded(number))",
            manifestHash: "",
            prepared: instant,
            collected: nil,
            files: []
        )
        try write { database in
            try Self.insert(batch, .void, database, nil)
            try Self.note(database, "batch \(number)", "its record is lost", instant)
        }
    }
}

extension BatchEntry {
    /// Whether nothing but its number is known: its record was lost with the ledger.
    var isLost: Bool { manifestHash.isEmpty }
}
