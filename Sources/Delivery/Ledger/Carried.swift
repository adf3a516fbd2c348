public import Transactions

/// What a batch carries a transaction as.
public enum CarriedRole: Int, Sendable, Codable, CaseIterable {
    /// For the first time.
    case original
    /// Negated: what was sent does not hold any more.
    case reversal
    /// Instead of what was sent.
    case replacement

    /// The word in records and reports.
    public var name: String { String(describing: self) }

    init?(name: String) {
        guard let role = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}

/// One row of a batch, as ledger and records keep it.
public struct Carried: Sendable, Hashable {
    /// The transaction.
    public let key: TransactionKey
    /// The version that was carried, counted from 1.
    public let version: Int
    /// As what.
    public let role: CarriedRole
    /// Fingerprint of that version, 16 bytes.
    public let fingerprint: [UInt8]
    /// Fingerprint of the fields that the export makes something of, 16 bytes.
    public let material: [UInt8]

    /// Describes a row; its fingerprint is taken from the transaction.
    public init(
        _ transaction: Transaction,
        version: Int,
        role: CarriedRole,
        material: [UInt8]
    ) {
        key = transaction.key
        self.version = version
        self.role = role
        fingerprint = Fingerprint(of: transaction.record).bytes
        self.material = material
    }

    init(
        key: TransactionKey,
        version: Int,
        role: CarriedRole,
        fingerprint: [UInt8],
        material: [UInt8]
    ) {
        self.key = key
        self.version = version
        self.role = role
        self.fingerprint = fingerprint
        self.material = material
    }
}
