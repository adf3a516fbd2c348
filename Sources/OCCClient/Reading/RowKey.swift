internal import Transactions

/// A key that a row may have, with its closing quote and colon, as words to compare at once.
struct RowKey {
    /// What stands under it.
    enum Target { case field, misspeltType, contract }

    private let words: (UInt64, UInt64, UInt64)
    private let masks: (UInt64, UInt64, UInt64)
    /// Bytes of the key and its closing quote, at most 24.
    let count: Int
    let target: Target
    /// The `rawValue` of the field.
    let field: Int
    let kind: Field.Kind

    /// The keys of a feed's rows: its fields, the document's misspelling, the contract in files.
    static func all(of feed: Feed) -> [RowKey] {
        feed.fields.filter { $0 != .contractNumber }.map { RowKey($0.name, .field, $0) } + [
            RowKey("occProdyctType", .misspeltType, .occProductType),
            RowKey("contractNumber", .contract, .contractNumber),
        ]
    }

    private init(_ name: String, _ target: Target, _ field: Field) {
        let bytes = Array(name.utf8) + [0x22, 0x3A]
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
        count = bytes.count - 1
        self.target = target
        self.field = Int(field.rawValue)
        kind = field.kind
    }

    /// Whether the key with quote and colon stands at a place; 24 bytes must follow there.
    @inline(__always)
    func stands(at start: Int, in bytes: Span<UInt8>) -> Bool {
        guard ScannedText.word(at: start, in: bytes) & masks.0 == words.0 else { return false }
        if count < 8 { return true }
        guard ScannedText.word(at: start + 8, in: bytes) & masks.1 == words.1 else { return false }
        return count < 16
            || ScannedText.word(at: start + 16, in: bytes) & masks.2 == words.2
    }

    /// The same near the end of the bytes, where words cannot be loaded.
    func matches(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count == count else { return false }
        for index in 0..<count {
            let word = index < 8 ? words.0 : index < 16 ? words.1 : words.2
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index % 8)))
            if bytes[range.lowerBound + index] != byte { return false }
        }
        return true
    }
}
