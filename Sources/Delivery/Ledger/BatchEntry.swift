public import Transactions

/// A batch as the ledger knows it.
public struct BatchEntry: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable {
        /// Written and recorded; the rename may still be due.
        case prepared
        /// In the outbox, or collected from it.
        case published
        /// Never went out, as an operator decided; its number is used up.
        case void
    }

    /// What a batch is for.
    public enum Kind: String, Sendable, CaseIterable {
        /// What is new, and corrections unless the export wants them apart.
        case regular
        /// Corrections alone.
        case corrections
        /// The same data files as another batch, on demand.
        case reissue
    }

    /// How a batch lies in the outbox.
    public enum Layout: String, Sendable, CaseIterable {
        /// One directory, shown by one rename.
        case directory
        /// Files in one folder, the manifest last.
        case flat
    }

    /// A file of the batch, in the order in which they are shown.
    public struct File: Sendable, Hashable {
        /// What a file is to its batch.
        public enum Role: String, Sendable {
            case data, summary, sums, manifest
        }

        /// The path from the outbox on.
        public let path: String
        /// SHA-256, lower-case hexadecimal.
        public let hash: String
        /// Its size.
        public let bytes: Int
        /// What it is.
        public let role: Role

        /// The path's last part.
        public var name: String { DurableFolder.name(of: path) }
    }

    /// Counted from 1 over all exports.
    public let number: Int
    /// The same for the same inputs.
    public let id: String
    /// The export's name.
    public let export: String
    /// What it is for.
    public let kind: Kind
    /// How it lies in the outbox.
    public let layout: Layout
    /// How far it is.
    public internal(set) var state: State
    /// The path of its directory from the outbox on, or of its flat files without their endings.
    public let name: String
    /// SHA-256 of its manifest.
    public let manifestHash: String
    /// When it was made.
    public let prepared: UTCTimestamp
    /// When it was first noticed that a consumer had taken it; nil while it lies there.
    public internal(set) var collected: UTCTimestamp?
    /// Its files, the manifest last.
    public internal(set) var files: [File]
}

/// What happened to a transaction after an export carried it.
public struct TransactionEvent: Sendable, Hashable {
    /// `changed`, `invoiced`, `vanished`, `returned`, `two-contracts`.
    public let kind: String
    /// The transaction.
    public let key: TransactionKey
    /// The version that the event is about.
    public let version: Int
    /// Names of the fields that differ, or what was done; never a value.
    public let detail: String

    /// Describes an event.
    public init(kind: String, key: TransactionKey, version: Int, detail: String) {
        self.kind = kind
        self.key = key
        self.version = version
        self.detail = detail
    }
}
