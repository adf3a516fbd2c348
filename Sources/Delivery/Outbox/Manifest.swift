internal import FoundationEssentials
public import Transactions

/// The list whose presence means that a batch is complete: a Frictionless Data Package (v2) with
/// extra keys.
///
/// It holds no personal data.
public struct Manifest: Codable, Sendable {
    /// One file of the batch.
    public struct Resource: Codable, Sendable {
        /// The name without its ending.
        public var name: String
        /// The file's name in the batch.
        public var path: String
        /// Its size.
        public var bytes: Int
        /// `sha256:` and 64 hexadecimal digits.
        public var hash: String
        /// The character encoding.
        public var encoding: String
        /// `csv`, `txt`, `xml`.
        public var format: String
        /// How many records it has.
        public var records: Int
        /// Sums that agree between the transactions selected and the file.
        public var controlTotals: [ControlTotal]
        /// Texts that the template's policies altered, by kind.
        public var substitutions: [String: Int]
        /// The XSD it was validated against; absent when there is none.
        public var schemaFile: String?

        /// Describes a file.
        public init(
            name: String,
            path: String,
            bytes: Int,
            hash: String,
            encoding: String,
            format: String,
            records: Int,
            controlTotals: [ControlTotal],
            substitutions: [String: Int],
            schemaFile: String?
        ) {
            self.name = name
            self.path = path
            self.bytes = bytes
            self.hash = hash
            self.encoding = encoding
            self.format = format
            self.records = records
            self.controlTotals = controlTotals
            self.substitutions = substitutions
            self.schemaFile = schemaFile
        }
    }

    /// A sum as selected and as written.
    public struct ControlTotal: Codable, Sendable {
        /// Its name in the template.
        public var name: String
        /// What the transactions add up to.
        public var selected: String
        /// What the file's records add up to.
        public var written: String

        /// Names a sum.
        public init(name: String, selected: String, written: String) {
            self.name = name
            self.selected = selected
            self.written = written
        }
    }

    /// Sums of one currency, exact, as plain decimals.
    public struct CurrencyTotals: Codable, Sendable {
        /// Transactions of the currency.
        public var count: Int
        /// Sum of `netAmount`.
        public var netAmount: String
        /// Sum of `vatAmount`.
        public var vatAmount: String
        /// Sum of `totalPrice`.
        public var totalPrice: String
    }

    /// A transaction and why it is not carried, or what became of it.
    public struct Mention: Codable, Sendable {
        /// The transaction id, with `#` and the line where one id has several.
        public var transactionId: String
        /// Why.
        public var reason: String

        /// Mentions a transaction.
        public init(transactionId: String, reason: String) {
            self.transactionId = transactionId
            self.reason = reason
        }
    }

    /// The version of this contract, docs/outbox.md.
    public var version = 1
    /// The batch's name in the outbox.
    public var name = ""
    /// When it was made, RFC 3339 in UTC.
    public var created = ""
    /// `occ-export` and its version.
    public var program = ""
    /// The ledger that numbered it.
    public var ledger = ""
    /// The batch's id: the same for the same inputs.
    public var batch = ""
    /// Its number.
    public var number = 0
    /// SHA-256 of the previous batch's manifest; absent in the first.
    public var previous: String?
    /// The export's name.
    public var export = ""
    /// The template's name.
    public var template = ""
    /// SHA-256 over the template's files.
    public var templateHash = ""
    /// The kind of transactions.
    public var feed = ""
    /// The UTC days that the run asked for.
    public var window: [String] = []
    /// Transactions carried.
    public var transactions = 0
    /// Sums by currency.
    public var totals: [String: CurrencyTotals] = [:]
    /// Sum of all quantities, only there to detect loss.
    public var hashTotal = "0"
    /// Transactions kept back, by reason.
    public var held: [String: Int] = [:]
    /// Transactions that the export's condition left out.
    public var notMatching = 0
    /// Transactions that cannot be mapped.
    public var rejected: [Mention] = []
    /// Transactions that changed at the source after this export carried them.
    public var changed: [Mention] = []
    /// The files.
    public var resources: [Resource] = []

    /// An empty manifest.
    public init() {}

    /// Takes the sums over.
    public mutating func set(_ controlTotals: ControlTotals) {
        transactions = controlTotals.count
        hashTotal = controlTotals.hashTotal.normalized.description
        totals = controlTotals.sums.mapValues { sums in
            CurrencyTotals(
                count: sums.count,
                netAmount: sums.netAmount.normalized.description,
                vatAmount: sums.vatAmount.normalized.description,
                totalPrice: sums.totalPrice.normalized.description
            )
        }
    }

    /// The manifest as JSON: keys sorted, one line feed at the end.
    func encoded() throws(DeliveryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [0x0A]
        } catch {
            throw DeliveryError(.inputOutput, "manifest.json", "cannot be encoded: \(error)")
        }
    }
}
