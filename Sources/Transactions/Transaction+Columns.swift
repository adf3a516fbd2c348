extension Transaction {
    /// A transaction from columns that a scanner filled, with one allocation a row.
    ///
    /// Gives the same bytes as `Builder` for the same values.
    ///
    /// - Parameters:
    ///   - feed: the kind of transactions.
    ///   - contractNumber: the contract whose answer carried the row.
    ///   - present: a bit for each field that has a value, numbered by `Field.rawValue`; fields that
    ///     the feed lacks must not be set.
    ///   - words: two words a field, at twice its `rawValue`: the number; seconds and nanoseconds; or
    ///     the start of the text and its length. A start with the highest bit set counts in `decoded`.
    ///   - bytes: where texts stand that need no decoding; they must be valid UTF-8.
    ///   - decoded: where the other texts stand, as valid UTF-8.
    public init(
        feed: Feed,
        contractNumber: String?,
        present: UInt32,
        words: Span<UInt64>,
        bytes: Span<UInt8>,
        decoded: Span<UInt8>
    ) {
        self.init(
            feed: feed,
            contractNumber: contractNumber,
            line: 1,
            record: TransactionRecord.encoded(
                feed: feed,
                present: present,
                words: words,
                bytes: bytes,
                decoded: decoded
            )
        )
    }

    /// Marks a text's start as counted in the decoded bytes.
    public static let decodedMark: UInt64 = 1 << 63
}

extension TransactionRecord {
    /// One field's part of the layout.
    private struct Slot {
        let field: Int
        let kind: Field.Kind
        /// The byte where its first word begins.
        let offset: Int
    }

    /// Each feed's fields in the order in which their texts follow one another.
    private static let slots: [[Slot]] = Feed.allCases.map { feed in
        var slots: [Slot] = []
        var next = headerSize
        for field in feed.fields where field != .contractNumber {
            slots.append(Slot(field: Int(field.rawValue), kind: field.kind, offset: next))
            next += field.kind == .timestamp ? 16 : 8
        }
        return slots.sorted { $0.field < $1.field }
    }

    /// The bytes of a record, sized before they are written.
    ///
    /// Written through one raw buffer: 30 fields a row through `Builder` cost 6 times as much
    /// (`checks` of 1M rows, Swift 6.3); each store lies below the size computed first.
    static func encoded(
        feed: Feed,
        present: UInt32,
        words: Span<UInt64>,
        bytes: Span<UInt8>,
        decoded: Span<UInt8>
    ) -> [UInt8] {
        let index = Feed.index(feed)
        let slots = slots[index]
        let fixed = fixedSize(index)
        var size = fixed
        for slot in slots where slot.kind == .text && present & (1 << slot.field) != 0 {
            size += Int(words[2 * slot.field + 1])
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            unsafe raw.baseAddress?.initializeMemory(as: UInt8.self, repeating: 0, count: fixed)
            unsafe raw[0] = version
            unsafe raw[1] = UInt8(index)
            unsafe raw.storeBytes(of: present.littleEndian, toByteOffset: 4, as: UInt32.self)
            var end = fixed
            for slot in slots where present & (1 << slot.field) != 0 {
                let first = words[2 * slot.field]
                let second = words[2 * slot.field + 1]
                switch slot.kind {
                case .text:
                    let length = Int(second)
                    let start = Int(first & ~Transaction.decodedMark)
                    let range = start..<start + length
                    let text =
                        first & Transaction.decodedMark == 0
                        ? bytes.extracting(range) : decoded.extracting(range)
                    unsafe raw.storeBytes(
                        of: (UInt64(end) | second << 32).littleEndian,
                        toByteOffset: slot.offset,
                        as: UInt64.self
                    )
                    unsafe text.withUnsafeBytes { source in
                        let target = unsafe UnsafeMutableRawBufferPointer(
                            rebasing: raw[end..<end + length]
                        )
                        unsafe target.copyMemory(from: source)
                    }
                    end += length
                case .timestamp:
                    unsafe raw.storeBytes(
                        of: first.littleEndian,
                        toByteOffset: slot.offset,
                        as: UInt64.self
                    )
                    unsafe raw.storeBytes(
                        of: second.littleEndian,
                        toByteOffset: slot.offset + 8,
                        as: UInt64.self
                    )
                case .amount, .integer:
                    unsafe raw.storeBytes(
                        of: first.littleEndian,
                        toByteOffset: slot.offset,
                        as: UInt64.self
                    )
                }
            }
            count = size
        }
    }
}
