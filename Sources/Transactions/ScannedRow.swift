/// A row as columns over bytes that someone else holds: what a scanner leaves and a row program reads.
///
/// One is reused for all rows. Texts are not copied: a text's start counts in the bytes that are
/// passed along with the row, or in `decoded` where it has the mark.
public struct ScannedRow: Sendable {
    /// Marks a text's start as counted in `decoded`.
    public static let decodedMark: UInt64 = 1 << 63

    /// The kind of transactions.
    public var feed: Feed
    /// A bit for each field that has a value, numbered by `Field.rawValue`.
    public var present: UInt32 = 0
    /// Two words a field, at twice its `rawValue`: the number (amounts in ten-thousandths); seconds
    /// and nanoseconds; or the start of the text and its length in bytes.
    ///
    /// Read through its span: an index that varies copies the whole array first (Swift 6.3).
    public var words = InlineArray<64, UInt64>(repeating: 0)
    /// Texts that had escapes, as valid UTF-8; after them nothing.
    public var decoded: [UInt8] = []
    /// As of `Transaction`.
    public var line = 1
    /// The batch that this copy takes back, its amounts negated; nil for what is sent as it is.
    public var reverses: Int?

    /// A row without values.
    public init(feed: Feed) { self.feed = feed }

    /// Whether the field has a value.
    @inline(__always)
    public func has(_ field: Field) -> Bool { present & (1 << UInt32(field.rawValue)) != 0 }

    /// The UTF-8 of a text field, copied; nil when absent.
    public func text(_ field: Field, _ bytes: Span<UInt8>) -> [UInt8]? {
        guard has(field), field.kind == .text else { return nil }
        let start = Int(words.span[2 * Int(field.rawValue)] & ~Self.decodedMark)
        let range = start..<start + Int(words.span[2 * Int(field.rawValue) + 1])
        guard words.span[2 * Int(field.rawValue)] & Self.decodedMark == 0 else {
            return Array(decoded[range])
        }
        return range.map { bytes[$0] }
    }

    /// The transaction with this content, on its own.
    public func transaction(_ bytes: Span<UInt8>) -> Transaction {
        let contract: UInt32 = 1 << UInt32(Field.contractNumber.rawValue)
        return Transaction(
            feed: feed,
            contractNumber: text(.contractNumber, bytes).map {
                String(decoding: $0, as: UTF8.self)
            },
            line: line,
            record: TransactionRecord.encoded(
                feed: feed,
                present: present & ~contract,
                words: words.span,
                bytes: bytes,
                decoded: decoded.span
            )
        )
    }

    /// Takes over a transaction's columns; its texts stand in its `record`, which are the bytes to
    /// pass along.
    public mutating func load(_ transaction: Transaction, reverses: Int? = nil) {
        feed = transaction.feed
        line = transaction.line
        self.reverses = reverses
        if !decoded.isEmpty { decoded.removeAll(keepingCapacity: true) }
        present = TransactionRecord.load(transaction.record, into: &words)
        if let contract = transaction.contractNumber { setContract(contract.utf8) }
    }

    /// Sets the contract that the surroundings know; its text goes to `decoded`.
    public mutating func setContract(_ utf8: some Collection<UInt8>) {
        let slot = 2 * Int(Field.contractNumber.rawValue)
        words[slot] = UInt64(decoded.count) | Self.decodedMark
        words[slot + 1] = UInt64(utf8.count)
        decoded.append(contentsOf: utf8)
        present |= 1 << UInt32(Field.contractNumber.rawValue)
    }
}
