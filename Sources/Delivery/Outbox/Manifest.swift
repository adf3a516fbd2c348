internal import FoundationEssentials
internal import Transactions

/// The list whose presence means that a batch is complete: a Frictionless Data Package (v2) whose
/// other keys are ours; docs/manifest.schema.json is its schema, docs/outbox.md its meaning.
///
/// It holds no personal data.
public struct Manifest: Codable, Sendable {
    /// The version of this contract, docs/outbox.md.
    public static let contractVersion = 1

    /// One file of the batch.
    public struct Resource: Codable, Sendable {
        /// The file's name in lower case, with `-` for what Frictionless names do not take.
        public var name: String
        /// The file's name in the batch.
        public var path: String
        /// Its size.
        public var bytes: Int
        /// `sha256:` and 64 hexadecimal digits.
        public var hash: String
        /// `table` where it is delimited text; absent elsewhere.
        public var type: String?
        /// The character encoding.
        public var encoding: String
        /// `csv`, `txt`, `xml` and so on.
        public var format: String
        /// The media type.
        public var mediatype: String
        /// How delimited text is written.
        public var dialect: Dialect?
        /// The columns of delimited text.
        public var schema: Schema?
        /// How many records it has, header and trailer included.
        public var records: Int
        /// Sums that agree between the transactions selected and the file.
        public var controlTotals: [ControlTotal]
        /// Texts that the template's policies altered, by kind.
        public var substitutions: [String: Int]
        /// The XSD files it was validated against.
        public var validatedBy: [String]
        /// What a package holds, each described like a file; nil for files.
        public var members: [Resource]?

        /// Describes a file.
        public init(
            path: String,
            bytes: Int,
            hash: String,
            encoding: String,
            format: String,
            mediatype: String
        ) {
            name = Self.name(of: path)
            self.path = path
            self.bytes = bytes
            self.hash = "sha256:\(hash)"
            self.encoding = encoding
            self.format = format
            self.mediatype = mediatype
            records = 0
            controlTotals = []
            substitutions = [:]
            validatedBy = []
        }

        /// Gives the same bytes another name.
        public mutating func rename(_ path: String) {
            name = Self.name(of: path)
            self.path = path
        }

        private static func name(of path: String) -> String {
            String(
                path.lowercased().unicodeScalars.map { scalar -> Character in
                    switch scalar {
                    case "a"..."z", "0"..."9", ".", "_", "-": Character(scalar)
                    default: "-"
                    }
                }
            )
        }
    }

    /// Frictionless: Table Dialect.
    public struct Dialect: Codable, Sendable {
        /// The character between cells.
        public var delimiter: String
        /// The character around cells.
        public var quoteChar = "\""
        /// Two quotes stand for one.
        public var doubleQuote = true
        /// What ends a record.
        public var lineTerminator: String
        /// Whether the first record names the columns.
        public var header: Bool

        /// Describes delimited text.
        public init(delimiter: String, lineTerminator: String, header: Bool) {
            self.delimiter = delimiter
            self.lineTerminator = lineTerminator
            self.header = header
        }
    }

    /// Frictionless: Table Schema; all cells are texts, for their form is the template's.
    public struct Schema: Codable, Sendable {
        /// One column.
        public struct Column: Codable, Sendable {
            /// Its name.
            public var name: String
            /// Its type.
            public var type = "string"
        }

        /// The columns, in order.
        public var fields: [Column]

        /// Names columns.
        public init(_ names: [String]) { fields = names.map { Column(name: $0) } }
    }

    /// A sum as selected and as written; as written it was read from the file.
    public struct ControlTotal: Codable, Sendable {
        /// Its name in the template.
        public var name: String
        /// What the transactions add up to.
        public var selected: String
        /// What the file's records add up to.
        public var written: String
        /// What rounding to the cent made of it; nil where it changed nothing.
        public var rounding: String?

        /// Names a sum.
        public init(name: String, selected: String, written: String) {
            self.name = name
            self.selected = selected
            self.written = written
        }
    }

    /// Sums of one currency, or of one of its VAT rates; exact, plain decimals, reversals negative.
    public struct Totals: Codable, Sendable {
        /// Rows of the currency.
        public var count: Int
        /// Sum of `netAmount`.
        public var netAmount: String
        /// Sum of `vatAmount`.
        public var vatAmount: String
        /// Sum of `totalPrice`.
        public var totalPrice: String
        /// The same by VAT rate as the API wrote it; absent inside.
        public var byVatRate: [String: Totals]?

        /// Sums as plain decimals.
        public init(count: Int, netAmount: String, vatAmount: String, totalPrice: String) {
            self.count = count
            self.netAmount = netAmount
            self.vatAmount = vatAmount
            self.totalPrice = totalPrice
        }
    }

    /// A transaction and why it is not carried, or what became of it.
    public struct Mention: Codable, Sendable {
        /// The transaction id, with `#` and the line where one id has several.
        public var transactionId: String
        /// Why, as a name of docs/errors.md or an event.
        public var reason: String
        /// The same in words; never a value.
        public var message: String?

        /// Mentions a transaction.
        public init(transactionId: String, reason: String, message: String? = nil) {
            self.transactionId = transactionId
            self.reason = reason
            self.message = message
        }
    }

    /// How many rows of each role.
    public struct Rows: Codable, Sendable {
        /// Sent for the first time.
        public var originals = 0
        /// Negated.
        public var reversals = 0
        /// Sent in place of an earlier version.
        public var replacements = 0
    }

    /// Which profile of Frictionless it follows.
    public var schemaAddress = "https://datapackage.org/profiles/2.0/datapackage.json"
    /// The batch's name in the outbox, in lower case.
    public var name = ""
    /// The batch's id: the same for the same inputs.
    public var id = ""
    /// What it is, for people.
    public var title = ""
    /// When it was made, RFC 3339 in UTC.
    public var created = ""
    /// The version of docs/outbox.md that it follows.
    public var outboxVersion = Manifest.contractVersion
    /// `regular`, `corrections` or `reissue`.
    public var kind = BatchEntry.Kind.regular.rawValue
    /// The batches that a reissue repeats; absent elsewhere.
    public var of: [Int]?
    /// `directory` or `flat`.
    public var layout = BatchEntry.Layout.directory.rawValue
    /// `occ-export` and its version.
    public var program = ""
    /// The ledger that numbered it.
    public var ledger = ""
    /// Its number, over all exports, without gaps.
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
    /// The first and the last UTC day that the run asked for.
    public var window: [String] = []
    /// Rows carried.
    public var transactions = 0
    /// The same by role.
    public var rows = Rows()
    /// Sums by currency.
    public var totals: [String: Totals] = [:]
    /// Sum of all quantities, only there to detect loss.
    public var hashTotal = "0"
    /// Transactions kept back or waiting, by reason.
    public var held: [String: Int] = [:]
    /// Transactions that the export's condition left out since its last batch, by product type.
    public var notMatching: [String: Int] = [:]
    /// Transactions that cannot be mapped.
    public var rejected: [Mention] = []
    /// Transactions that changed at the source after this export carried them.
    public var changed: [Mention] = []
    /// Transactions that were carried before they had an invoice number, and have one now.
    public var invoiced: [Mention] = []
    /// Transactions carried before that are gone at the source, are back, or stand under two contracts.
    public var vanished: [Mention] = []
    /// Days that nobody fetched, as an operator decided: `feed contract from..to`.
    public var acceptedGaps: [String] = []
    /// What people must know of the documents: texts cut, rows left out; nil where there is nothing.
    public var notices: [String]?
    /// The page for people: its name.
    public var summary: String?
    /// The first and the last running number of its documents; nil where they have none.
    public var documentNumbers: [Int]?
    /// The files.
    public var resources: [Resource] = []

    private enum CodingKeys: String, CodingKey {
        case schemaAddress = "$schema"
        case name, id, title, created, outboxVersion, kind, of, layout, program, ledger, number
        case previous, export, template, templateHash, feed, window, transactions, rows, totals
        case hashTotal, held, notMatching, rejected, changed, invoiced, vanished, acceptedGaps
        case notices, summary, documentNumbers, resources
    }

    /// An empty manifest.
    public init() {}

    /// The manifest as JSON: keys sorted, one line feed at the end.
    public func encoded() throws(DeliveryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [0x0A]
        } catch {
            throw DeliveryError(
                .inputOutput,
                "manifest.json",
                "cannot be encoded: \(error); report it"
            )
        }
    }

    /// Reads a manifest.
    ///
    /// - Throws: `DeliveryError` when it is none of this version.
    public init(_ bytes: [UInt8], path: String) throws(DeliveryError) {
        do {
            self = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
        } catch {
            throw DeliveryError(
                .difference,
                path,
                "is no manifest that this program reads; take the program that wrote it, or a newer one"
            )
        }
    }

    /// Tells events under the keys that consumers look at.
    public mutating func tell(_ events: [TransactionEvent]) {
        for event in events {
            let mention = Mention(
                transactionId: "\(event.key)",
                reason: event.kind,
                message: event.detail.isEmpty ? nil : event.detail
            )
            switch event.kind {
            case "changed": changed.append(mention)
            case "invoiced": invoiced.append(mention)
            default: vanished.append(mention)
            }
        }
    }

    /// Takes the sums over.
    public mutating func set(_ sums: BatchTotals) {
        transactions = sums.count
        hashTotal = sums.hashTotal.normalized.description
        totals = sums.byCurrency.mapValues { currency in
            var totals = Self.totals(currency.all)
            totals.byVatRate = currency.byRate.mapValues { Self.totals($0) }
            return totals
        }
    }

    private static func totals(_ sums: BatchTotals.Sums) -> Totals {
        Totals(
            count: sums.count,
            netAmount: sums.netAmount.normalized.description,
            vatAmount: sums.vatAmount.normalized.description,
            totalPrice: sums.totalPrice.normalized.description
        )
    }
}
