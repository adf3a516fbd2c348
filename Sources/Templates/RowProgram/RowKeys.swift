internal import Expressions
internal import Transactions

/// Keys of groups that are plain fields of a row, as bytes that are equal where the keys are.
struct RowKeys {
    private let fields: [(field: Field, word: Int, bit: UInt32)]

    /// Nil where a key is more than a text or an amount of the row.
    init?(_ keys: [Formula], _ values: RowValues) {
        var fields: [(field: Field, word: Int, bit: UInt32)] = []
        for key in keys {
            guard key.streams.isEmpty, let shape = key.expression.shape else { return nil }
            switch values.value(shape) {
            case .text(let field)?, .amount(let field, FixedDecimal.scale)?:
                fields.append((field, 2 * Int(field.rawValue), 1 << UInt32(field.rawValue)))
            default: return nil
            }
        }
        guard !fields.isEmpty else { return nil }
        self.fields = fields
    }

    /// Puts the keys into a buffer; false where one is absent or the row is negated.
    func bytes(_ row: borrowing ScannedRow, _ span: Span<UInt8>, _ bytes: inout [UInt8]) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        guard !row.isReversal else { return false }
        for (field, word, bit) in fields {
            guard row.present & bit != 0 else { return false }
            if field.kind == .amount {
                append(row[word], &bytes)
                continue
            }
            let count = Int(row[word + 1])
            append(UInt64(count), &bytes)
            let start = Int(row[word] & ~ScannedRow.decodedMark)
            if row[word] & ScannedRow.decodedMark == 0 {
                unsafe span.extracting(start..<start + count).withUnsafeBufferPointer {
                    unsafe bytes.append(contentsOf: $0)
                }
            } else {
                bytes.append(contentsOf: row.decoded[start..<start + count])
            }
        }
        return true
    }

    private func append(_ word: UInt64, _ bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The keys of a row whose `bytes` could be told.
    func values(_ row: borrowing ScannedRow, _ span: Span<UInt8>) -> [Value] {
        var values: [Value] = []
        for (field, word, _) in fields {
            if field.kind == .amount {
                let digits = Int128(Int64(bitPattern: row[word]))
                values.append(
                    .decimal(ExactDecimal(significand: digits, scale: FixedDecimal.scale))
                )
            } else {
                values.append(
                    .string(String(decoding: row.text(field, span) ?? [], as: UTF8.self))
                )
            }
        }
        return values
    }
}

/// Groups by the bytes of their keys.
///
/// A dictionary of byte arrays feeds its hash byte by byte: that took a tenth of the first pass of
/// job C (1M rows, Swift 6.3).
struct RowKeyTable {
    private var pool: [UInt8] = []
    private var slots = [(start: Int, count: Int, group: Int)](repeating: (0, 0, -1), count: 64)
    private var used = 0
    /// Differs from run to run, so that nobody can make rows whose keys collide.
    private let seed = UInt64.random(in: .min ... .max) | 1

    private func hash(_ bytes: [UInt8]) -> Int {
        var hash = seed
        var place = 0
        while place < bytes.count {
            var word: UInt64 = 0
            for index in place..<min(place &+ 8, bytes.count) {
                word = word << 8 | UInt64(bytes[index])
            }
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            place &+= 8
        }
        return Int(truncatingIfNeeded: hash >> 1)
    }

    /// The group whose keys the bytes are; nil for new ones.
    func group(_ bytes: [UInt8]) -> Int? {
        let mask = slots.count &- 1
        var slot = hash(bytes) & mask
        while slots[slot].group >= 0 {
            if slots[slot].count == bytes.count, isEqual(bytes, slots[slot].start) {
                return slots[slot].group
            }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    private func isEqual(_ bytes: [UInt8], _ start: Int) -> Bool {
        for index in bytes.indices where pool[start &+ index] != bytes[index] { return false }
        return true
    }

    /// Notes the group of bytes that are new.
    mutating func add(_ bytes: [UInt8], _ group: Int) {
        if used * 2 >= slots.count { grow() }
        place((pool.count, bytes.count, group), hash(bytes))
        pool.append(contentsOf: bytes)
        used += 1
    }

    private mutating func place(_ entry: (start: Int, count: Int, group: Int), _ hash: Int) {
        let mask = slots.count - 1
        var slot = hash & mask
        while slots[slot].group >= 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = .init(repeating: (0, 0, -1), count: old.count * 2)
        for entry in old where entry.group >= 0 {
            place(entry, hash(Array(pool[entry.start..<entry.start + entry.count])))
        }
    }
}
