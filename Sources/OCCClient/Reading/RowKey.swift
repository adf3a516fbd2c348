internal import Transactions

/// A key that a row may have, with its quotes and colon, as words to compare at once.
struct RowKey {
    /// What stands under it.
    enum Value { case text, amount, timestamp, integer, misspeltType, contract }

    private let words: (UInt64, UInt64, UInt64)
    private let masks: (UInt64, UInt64, UInt64)
    /// Bytes from the opening quote to the colon, at most 24.
    let count: Int
    let value: Value
    /// A bit of its own among the feed's keys.
    let mark: UInt64
    /// The field's first word and its bit in a `ScannedRow`.
    let slot: Int
    let bit: UInt32

    /// The keys of a feed's rows: its fields, the document's misspelling, the contract in files.
    static func all(of feed: Feed) -> [RowKey] {
        let fields = feed.fields.filter { $0 != .contractNumber }
        let keys =
            fields.map { ($0.name, value(of: $0), $0) } + [
                ("occProdyctType", .misspeltType, .occProductType),
                ("contractNumber", .contract, .contractNumber),
            ]
        return keys.enumerated().map { RowKey($1.0, $1.1, $1.2, mark: 1 << UInt64($0)) }
    }

    private static func value(of field: Field) -> Value {
        switch field.kind {
        case .text: .text
        case .amount: .amount
        case .timestamp: .timestamp
        case .integer: .integer
        }
    }

    private init(_ name: String, _ value: Value, _ field: Field, mark: UInt64) {
        let bytes = [0x22] + Array(name.utf8) + [0x22, 0x3A]
        precondition(bytes.count <= 24, "a key is compared as three words")
        func word(_ index: Int) -> (value: UInt64, mask: UInt64) {
            var value: UInt64 = 0
            var mask: UInt64 = 0
            for byte in 0..<8 where index * 8 + byte < bytes.count {
                value |= UInt64(bytes[index * 8 + byte]) << UInt64(8 * byte)
                mask |= 0xFF << UInt64(8 * byte)
            }
            return (value, mask)
        }
        let parts = (word(0), word(1), word(2))
        words = (parts.0.value, parts.1.value, parts.2.value)
        masks = (parts.0.mask, parts.1.mask, parts.2.mask)
        count = bytes.count
        self.value = value
        self.mark = mark
        slot = 2 * Int(field.rawValue)
        bit = 1 << UInt32(field.rawValue)
    }

    /// Whether the key with quotes and colon stands at a place.
    ///
    /// All three words are compared without a branch: their lengths differ from key to key.
    @inline(__always)
    func stands(at start: Int, in bytes: Span<UInt8>) -> Bool {
        precondition(UInt(bitPattern: start) &+ 24 <= UInt(bitPattern: bytes.count))
        func word(_ place: Int) -> UInt64 {
            unsafe UInt64(
                littleEndian: bytes.bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: place,
                    as: UInt64.self
                )
            )
        }
        let first = (word(start) ^ words.0) & masks.0
        let second = (word(start &+ 8) ^ words.1) & masks.1
        let third = (word(start &+ 16) ^ words.2) & masks.2
        return first | second | third == 0
    }

    /// Whether the key with its quotes is these bytes, whatever comes before the colon.
    func matches(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count == count - 1 else { return false }
        for index in 0..<count - 1 {
            let word = index < 8 ? words.0 : index < 16 ? words.1 : words.2
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index % 8)))
            if bytes[range.lowerBound + index] != byte { return false }
        }
        return true
    }
}
