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
    static func encoded(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>) -> [UInt8] {
        let index = Feed.index(row.feed)
        // The contract stands beside the record.
        let present = row.present & ~(1 << UInt32(Field.contractNumber.rawValue))
        let decoded = row.decoded.span
        let slots = slots[index]
        let fixed = fixedSize(index)
        var size = fixed
        for slot in slots where slot.kind == .text && present & (1 << slot.field) != 0 {
            size += Int(row[2 * slot.field + 1])
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            unsafe raw.baseAddress?.initializeMemory(as: UInt8.self, repeating: 0, count: fixed)
            unsafe raw[0] = version
            unsafe raw[1] = UInt8(index)
            unsafe raw.storeBytes(of: present.littleEndian, toByteOffset: 4, as: UInt32.self)
            var end = fixed
            for slot in slots where present & (1 << slot.field) != 0 {
                let first = row[2 * slot.field]
                let second = row[2 * slot.field + 1]
                switch slot.kind {
                case .text:
                    let length = Int(second)
                    let start = Int(first & ~ScannedRow.decodedMark)
                    let range = start..<start + length
                    let text =
                        first & ScannedRow.decodedMark == 0
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

    /// Puts a record's values into a row that has begun.
    ///
    /// The record is one of ours, checked when it came from outside (`isValid`).
    static func load(_ record: [UInt8], into row: inout ScannedRow) {
        let bytes = unsafe record.span.bytes
        func word(at offset: Int) -> UInt64 {
            precondition(offset + 8 <= bytes.byteCount)
            let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            return UInt64(littleEndian: value)
        }
        let present = UInt32(truncatingIfNeeded: word(at: 0) >> 32)
        for slot in slots[Int(record[1])] where present & (1 << slot.field) != 0 {
            let first = word(at: slot.offset)
            switch slot.kind {
            case .text:
                row.set(2 * slot.field, first & 0xFFFF_FFFF)
                row.set(2 * slot.field + 1, first >> 32)
            case .timestamp:
                row.set(2 * slot.field, first)
                row.set(2 * slot.field + 1, word(at: slot.offset + 8))
            case .amount, .integer: row.set(2 * slot.field, first)
            }
        }
        row.present = present
    }
}
