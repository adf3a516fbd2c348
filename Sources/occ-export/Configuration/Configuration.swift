internal import ArgumentParser
internal import Delivery
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
    /// How long values, answers and copies of batches are kept before `purge` deletes them.
    let retention: Period
    /// Whether the state may lie on a network share, where no lock can be trusted.
    let allowsNetworkState: Bool
    /// Whether everyone may write in the folders of state and outbox.
    let allowsOpenFolders: Bool
    /// What is exported, in the file's order.
    let exports: [Export]

    /// What is said of an export that the configuration does not have.
    func unknownExport(_ name: String) -> ValidationError {
        ValidationError(
            "there is no export '\(name)' in \(file); there are \(exports.map(\.name).joined(separator: ", "))"
        )
    }

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
        /// Local day; older purchases, or invoices where the template waits for them, are recorded, never exported.
        let start: CalendarDate
        /// How a batch lies in the outbox.
        let layout: BatchEntry.Layout
        /// Local days that an invoice waits after its last transaction has arrived.
        let settleDays: Int
        /// What happens to a transaction that changed at the source after it was exported.
        let onChange: OnChange
        /// What happens to one that was exported uninvoiced and is invoiced now.
        let onInvoiced: OnInvoiced
        /// Where corrections travel.
        let corrections: Corrections
        /// Days within which a consumer is expected to collect a batch; nil for no expectation.
        let collectWithin: Int?
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
        /// What its invoices are made with, where its template makes some.
        let invoice: InvoiceConfiguration?
        /// Where the entry stands, for messages.
        let node: YAMLNode
    }

    /// What happens to a transaction that changed at the source after it was exported.
    enum OnChange: String, CaseIterable, Sendable {
        /// It is said, and nothing else.
        case report
        /// It is said and kept for `resolve`.
        case hold
        /// The new version is sent.
        case replace
        /// What was sent is sent again negated, and the new version with it.
        case reverseAndReplace = "reverse_and_replace"
    }

    /// What happens to a transaction that was exported uninvoiced and is invoiced now.
    enum OnInvoiced: String, CaseIterable, Sendable {
        /// It is recorded.
        case record
        /// What was sent is sent again negated.
        case reverse
    }

    /// Where corrections travel.
    enum Corrections: String, CaseIterable, Sendable {
        /// In the export's next regular batch.
        case regular
        /// In a batch of their own.
        case own
    }

    /// A time in calendar units: `P7Y`, `P18M`, `P90D`.
    struct Period: Sendable, Hashable {
        /// Whole months.
        let months: Int
        /// Whole days.
        let days: Int

        /// The day so long before another.
        func before(_ day: CalendarDate) -> CalendarDate {
            day.adding(months: -months)?.adding(days: -days) ?? .first
        }
    }
}
