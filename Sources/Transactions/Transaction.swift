/// A row after validation: one purchase line or charging session, as compact bytes.
///
/// The content is one array of bytes in a fixed layout (`TransactionRecord`), so that a row costs one
/// allocation, compares and hashes by content, and goes to and from the ledger as it is.
public struct Transaction: Hashable, Sendable {
    /// The kind of transactions.
    public let feed: Feed
    /// The contract whose answer carried the row; nil for feeds that are not asked by contract.
    public let contractNumber: String?
    /// 1, or the number of the line where one transaction id has several different rows.
    public let line: Int
    /// The content, in the layout of `TransactionRecord`; the contract and the line are no part of it.
    public let record: [UInt8]

    /// What makes two rows the same transaction.
    public var key: TransactionKey {
        TransactionKey(feed: feed, transactionId: text(.transactionId) ?? "", line: line)
    }

    init(feed: Feed, contractNumber: String?, line: Int, record: [UInt8]) {
        self.feed = feed
        self.contractNumber = contractNumber
        self.line = line
        self.record = record
    }

    /// The transaction a ledger kept; nil when the bytes are no record of this version and feed.
    public init?(feed: Feed, contractNumber: String?, line: Int, restoring record: [UInt8]) {
        guard TransactionRecord.isValid(record, feed: feed) else { return nil }
        self.init(feed: feed, contractNumber: contractNumber, line: line, record: record)
    }

    /// The same transaction as another line of its id.
    public func numbered(line: Int) -> Transaction {
        Transaction(feed: feed, contractNumber: contractNumber, line: line, record: record)
    }

    /// Whether the field has a value.
    public func has(_ field: Field) -> Bool {
        if field == .contractNumber { return contractNumber != nil }
        return TransactionRecord.has(field, in: record)
    }

    /// The UTF-8 of a text field; nil when absent.
    public func bytes(_ field: Field) -> ArraySlice<UInt8>? {
        range(field).map { record[$0] }
    }

    /// Where a text field stands in `record`; nil when absent.
    public func range(_ field: Field) -> Range<Int>? {
        guard TransactionRecord.has(field, in: record), field.kind == .text else { return nil }
        return TransactionRecord.range(of: field, feed: feed, in: record)
    }

    /// A text field; nil when absent.
    public func text(_ field: Field) -> String? {
        if field == .contractNumber { return contractNumber }
        return bytes(field).map { String(decoding: $0, as: UTF8.self) }
    }

    /// An amount; nil when absent.
    public func amount(_ field: Field) -> FixedDecimal? {
        guard TransactionRecord.has(field, in: record), field.kind == .amount else { return nil }
        return FixedDecimal(
            unchecked: Int64(
                bitPattern: TransactionRecord.word(field, feed: feed, in: record)
            )
        )
    }

    /// A whole number; nil when absent.
    public func integer(_ field: Field) -> Int64? {
        guard TransactionRecord.has(field, in: record), field.kind == .integer else { return nil }
        return Int64(bitPattern: TransactionRecord.word(field, feed: feed, in: record))
    }

    /// An instant; nil when absent.
    public func timestamp(_ field: Field) -> UTCTimestamp? {
        guard TransactionRecord.has(field, in: record), field.kind == .timestamp else {
            return nil
        }
        let seconds = TransactionRecord.word(field, feed: feed, in: record)
        let nanoseconds = TransactionRecord.word(field, feed: feed, in: record, offset: 1)
        return UTCTimestamp(
            seconds: Int64(bitPattern: seconds),
            nanoseconds: Int32(truncatingIfNeeded: nanoseconds)
        )
    }
}

extension Transaction {
    /// Collects the fields of a row; later values replace earlier ones.
    public struct Builder: Sendable {
        private let feed: Feed
        private var texts: [(Field, [UInt8])] = []
        private var words: [(Field, UInt64, UInt64)] = []

        /// Begins a transaction.
        public init(feed: Feed) { self.feed = feed }

        /// Sets a text field to UTF-8 bytes, which must be valid.
        public mutating func set(_ field: Field, utf8: some Collection<UInt8>) {
            texts.removeAll { $0.0 == field }
            texts.append((field, Array(utf8)))
        }

        /// Sets a text field.
        public mutating func set(_ field: Field, _ text: String) { set(field, utf8: text.utf8) }

        /// Sets an amount.
        public mutating func set(_ field: Field, _ amount: FixedDecimal) {
            put(field, UInt64(bitPattern: amount.tenThousandths), 0)
        }

        /// Sets a whole number.
        public mutating func set(_ field: Field, _ integer: Int64) {
            put(field, UInt64(bitPattern: integer), 0)
        }

        /// Sets an instant.
        public mutating func set(_ field: Field, _ instant: UTCTimestamp) {
            put(field, UInt64(bitPattern: instant.seconds), UInt64(instant.nanoseconds))
        }

        private mutating func put(_ field: Field, _ first: UInt64, _ second: UInt64) {
            words.removeAll { $0.0 == field }
            words.append((field, first, second))
        }

        /// The transaction; fields that the feed does not have are left out.
        public func build(contractNumber: String?, line: Int = 1) -> Transaction {
            Transaction(
                feed: feed,
                contractNumber: contractNumber,
                line: line,
                record: TransactionRecord.encoded(feed: feed, texts: texts, words: words)
            )
        }
    }
}
