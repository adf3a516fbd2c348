public import Transactions

/// A transaction that an export has to decide on: new, changed, or not carried last time.
public struct Candidate: Sendable {
    /// What stands as exported.
    public struct Standing: Sendable {
        /// The version that was sent last.
        public let version: Int
        /// The batch that carried it.
        public let batch: Int
        /// Fingerprint of the fields that the export then made something of.
        public let material: [UInt8]
        /// Its values; nil once they are purged, or when only reconcile knows of it.
        public let transaction: Transaction?
        /// Whether it was negated since, so that nothing stands.
        public let isReversed: Bool
    }

    /// What bars a transaction, whatever the export's rules say.
    public enum Bar: String, Sendable {
        /// Missing in the last run that should have shown it.
        case missing
        /// Missing in two runs at least 12 hours apart.
        case vanished
        /// The same id stands under two contracts with other content.
        case twoContracts = "two-contracts"
    }

    /// The latest version.
    public let transaction: Transaction
    /// Its number, counted from 1.
    public let version: Int
    /// When that version was first seen.
    public let seen: UTCTimestamp
    /// What bars it; nil when nothing does.
    public let bar: Bar?
    /// Since when the answers lack it; nil while they have it.
    public let missingSince: UTCTimestamp?
    /// What stands as exported; nil when the export never carried it.
    public let standing: Standing?
    /// What an operator chose for it: `send`, `keep`, or for this version `drop`; nil when nothing was
    /// chosen.
    public let choice: String?
}

/// A transaction that was considered and not carried, and why.
public struct OpenCandidate: Sendable, Hashable {
    /// What kind of reason it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// It waits for what will come by itself: an invoice number, the settling time.
        case waiting
        /// A rule keeps it back: a lookup's miss, a vanished row, two contracts.
        case held
        /// It cannot be mapped.
        case rejected
        /// A correction that an operator must let go: `resolve`.
        case correction
        /// An operator has let it go; a new version of it is considered again.
        case dropped
    }

    /// The transaction.
    public let key: TransactionKey
    /// What kind of reason.
    public let kind: Kind
    /// The reason's name, as in docs/errors.md.
    public let reason: String
    /// The reason in words; never a value of a card, driver or plate.
    public let message: String
    /// What an operator chose; nil when nothing was chosen.
    public let choice: String?
    /// When it was first considered and not carried.
    public let since: UTCTimestamp?

    /// Describes a transaction that stays behind.
    public init(
        key: TransactionKey,
        kind: Kind,
        reason: String,
        message: String,
        choice: String? = nil,
        since: UTCTimestamp? = nil
    ) {
        self.key = key
        self.kind = kind
        self.reason = reason
        self.message = message
        self.choice = choice
        self.since = since
    }
}
