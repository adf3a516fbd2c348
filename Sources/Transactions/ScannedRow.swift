/// A row as columns over bytes that someone else holds: what a scanner leaves and a row program reads.
///
/// One is reused for all rows. Texts are not copied: a text's start counts in the bytes that are
/// passed along with the row, or in `decoded` where it has the mark.
///
/// A field has two words, at twice its `rawValue`: the number (amounts in ten-thousandths); seconds and
/// nanoseconds; or the start of the text and its length in bytes.
@safe
public struct ScannedRow: @unchecked Sendable {
    /// Marks a text's start as counted in `decoded`.
    public static let decodedMark: UInt64 = 1 << 63

    /// The kind of transactions.
    public var feed: Feed
    /// Texts that had escapes, as valid UTF-8; after them nothing.
    public var decoded: [UInt8] = []
    private var columns: Columns
    /// The memory of `columns`: as an array within the row its words were copied, 512 bytes, wherever one
    /// was read by an index that varies, three times a row (job A, Swift 6.3).
    @usableFromInline var base: UnsafeMutablePointer<UInt64>

    /// Owns the memory; copies of a row share it until one of them changes.
    @safe
    private final class Columns: @unchecked Sendable {
        let base: UnsafeMutablePointer<UInt64>

        init() {
            unsafe base = UnsafeMutablePointer<UInt64>.allocate(capacity: ScannedRow.size)
            unsafe base.initialize(repeating: 0, count: ScannedRow.size)
            unsafe base[ScannedRow.lineWord] = 1
        }

        deinit { unsafe base.deallocate() }
    }

    // What follows the words of the fields.
    @usableFromInline static let presentWord = 64
    private static let lineWord = 65
    @usableFromInline static let reversesWord = 66
    private static let reversedWord = 67
    @usableFromInline static let plainWord = 68
    private static let size = 69

    /// A row without values.
    public init(feed: Feed) {
        self.feed = feed
        columns = Columns()
        unsafe base = columns.base
    }

    /// Makes the memory this row's own, with what is in it.
    private mutating func own() {
        guard !isKnownUniquelyReferenced(&columns) else { return }
        let shared = columns
        columns = Columns()
        unsafe columns.base.update(from: shared.base, count: Self.size)
        unsafe base = columns.base
    }

    /// Begins another row: no field is there, and `set` may be called.
    public mutating func begin() {
        if !isKnownUniquelyReferenced(&columns) {
            columns = Columns()
            unsafe base = columns.base
        }
        unsafe base[Self.presentWord] = 0
        unsafe base[Self.plainWord] = 0
    }

    /// Whether the texts outside of `decoded` hold no quotes, backslashes and control characters.
    ///
    /// So it is with those that stood in JSON without escapes. False where nobody has said so since `begin()`.
    public var hasPlainTexts: Bool {
        @inlinable @inline(__always)
        get { unsafe base[Self.plainWord] != 0 }
        set {
            own()
            unsafe base[Self.plainWord] = newValue ? 1 : 0
        }
    }

    /// A word of a field.
    @inlinable
    @inline(__always)
    public subscript(_ word: Int) -> UInt64 {
        precondition(UInt(bitPattern: word) < 64)
        return unsafe base[word]
    }

    /// Sets a word of a field, after `begin()` and before the row is copied.
    @inlinable
    @inline(__always)
    public mutating func set(_ word: Int, _ value: UInt64) {
        precondition(UInt(bitPattern: word) < 64)
        unsafe base[word] = value
    }

    /// Sets both words of a field, as `set` does one.
    @inlinable
    @inline(__always)
    public mutating func set(_ word: Int, _ first: UInt64, _ second: UInt64) {
        precondition(UInt(bitPattern: word) < 63)
        unsafe base[word] = first
        unsafe base[word &+ 1] = second
    }

    /// A bit for each field that has a value, numbered by `Field.rawValue`.
    public var present: UInt32 {
        @inlinable @inline(__always)
        get { UInt32(truncatingIfNeeded: unsafe base[Self.presentWord]) }
        set {
            own()
            unsafe base[Self.presentWord] = UInt64(newValue)
        }
    }

    /// As of `Transaction`.
    public var line: Int {
        get { Int(truncatingIfNeeded: unsafe base[Self.lineWord]) }
        set {
            own()
            unsafe base[Self.lineWord] = UInt64(truncatingIfNeeded: newValue)
        }
    }

    /// The batch that this copy takes back, its amounts negated; nil for what is sent as it is.
    public var reverses: Int? {
        get { isReversal ? Int(truncatingIfNeeded: unsafe base[Self.reversedWord]) : nil }
        set {
            own()
            unsafe base[Self.reversesWord] = newValue == nil ? 0 : 1
            unsafe base[Self.reversedWord] = UInt64(truncatingIfNeeded: newValue ?? 0)
        }
    }

    /// Whether the row takes a batch back.
    @inlinable
    @inline(__always)
    public var isReversal: Bool { unsafe base[Self.reversesWord] != 0 }

    /// Whether the field has a value.
    @inline(__always)
    public func has(_ field: Field) -> Bool { present & (1 << UInt32(field.rawValue)) != 0 }

    /// The UTF-8 of a text field, copied; nil when absent.
    public func text(_ field: Field, _ bytes: Span<UInt8>) -> [UInt8]? {
        guard has(field), field.kind == .text else { return nil }
        let mark = self[2 * Int(field.rawValue)]
        let start = Int(mark & ~Self.decodedMark)
        let range = start..<start + Int(self[2 * Int(field.rawValue) + 1])
        guard mark & Self.decodedMark == 0 else { return Array(decoded[range]) }
        return range.map { bytes[$0] }
    }

    /// The transaction with this content, on its own.
    public func transaction(_ bytes: Span<UInt8>) -> Transaction {
        Transaction(
            feed: feed,
            contractNumber: text(.contractNumber, bytes).map {
                String(decoding: $0, as: UTF8.self)
            },
            line: line,
            record: TransactionRecord.encoded(self, bytes)
        )
    }

    /// Takes over a transaction's columns; its texts stand in its `record`, which are the bytes to
    /// pass along.
    public mutating func load(_ transaction: Transaction, reverses: Int? = nil) {
        feed = transaction.feed
        begin()
        line = transaction.line
        self.reverses = reverses
        if !decoded.isEmpty { decoded.removeAll(keepingCapacity: true) }
        TransactionRecord.load(transaction.record, into: &self)
        if let contract = transaction.contractNumber { setContract(contract.utf8) }
    }

    /// Sets the contract that the surroundings know; its text goes to `decoded`.
    public mutating func setContract(_ utf8: some Collection<UInt8>) {
        let slot = 2 * Int(Field.contractNumber.rawValue)
        own()
        set(slot, UInt64(decoded.count) | Self.decodedMark)
        set(slot + 1, UInt64(utf8.count))
        decoded.append(contentsOf: utf8)
        present |= 1 << UInt32(Field.contractNumber.rawValue)
    }
}
