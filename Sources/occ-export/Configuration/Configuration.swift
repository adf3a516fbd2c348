internal import OCCClient
internal import Templates
internal import Transactions

/// What occ-export.yaml says, checked; paths are resolved against the file's folder.
struct Configuration: Sendable {
    /// The file it was read from.
    let file: String
    /// Where transactions come from.
    let source: Source
    /// The zone of accounting dates.
    let timeZone: TimeZoneRules
    /// The folder of the ledger and its lock.
    let state: String
    /// The folder where batches are published.
    let outbox: String
    /// What is exported, in the file's order.
    let exports: [Export]

    /// Where transactions come from.
    struct Source: Sendable {
        /// The API's address and how it is asked.
        let client: ClientConfiguration
        /// The file that holds the pre-shared key, if the configuration names one.
        let pskFile: String?
        /// The environment variable that holds it, if the configuration names one.
        let pskVariable: String?
        /// The contracts to ask for; nil for all that the access id may see.
        let contracts: [String]?
    }

    /// One named entry of `exports`.
    struct Export: Sendable {
        /// What the ledger knows the export by.
        let name: String
        /// The template's folder.
        let template: String
        /// Local day; older purchases are recorded, never exported.
        let start: CalendarDate
        /// How a batch lies in the outbox.
        let layout: Layout
        /// Which transactions, an expression with its place in the file.
        let when: YAMLNode?
        /// The folder of the outbox where the export publishes; empty for the outbox itself.
        let folder: String
        /// Whether a quiet night publishes a batch without transactions.
        let emptyBatch: Bool
        /// What the template's parameters are set to.
        let parameters: YAMLNode?
        /// The files of the template's lookups by name.
        let lookups: [String: String]
        /// Where the entry stands, for messages.
        let node: YAMLNode
    }

    /// How a batch lies in the outbox.
    enum Layout: String, CaseIterable, Sendable {
        /// One directory a batch, shown by one rename.
        case directory
        /// Files in one folder, the manifest last.
        case flat
    }
}
