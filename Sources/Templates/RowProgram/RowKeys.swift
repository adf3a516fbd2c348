internal import Expressions
internal import Transactions

/// Keys of groups that are plain fields of a row, as bytes that are equal where the keys are.
struct RowKeys {
    private let fields: [(word: Int, isText: Bool, field: Field)]
    private let bits: UInt32

    /// Nil where a key is more than a text or an amount of the row.
    init?(_ keys: [Formula], _ values: RowValues) {
        var fields: [(word: Int, isText: Bool, field: Field)] = []
        for key in keys {
            guard key.streams.isEmpty, let shape = key.expression.shape else { return nil }
            switch values.value(shape) {
            case .text(let field)?, .amount(let field, FixedDecimal.scale)?:
                fields.append((2 * Int(field.rawValue), field.kind == .text, field))
            default: return nil
            }
        }
        guard !fields.isEmpty else { return nil }
        self.fields = fields
        bits = fields.reduce(0) { $0 | 1 << UInt32($1.field.rawValue) }
    }

    /// Whether a row has them all, and is not negated.
    @inline(__always)
    func areIn(_ row: borrowing ScannedRow) -> Bool {
        !row.isReversal && row.present & bits == bits
    }

    /// A hash of a row's keys.
    @inline(__always)
    func hash(_ row: borrowing ScannedRow, _ span: Span<UInt8>, seed: UInt64) -> UInt64 {
        var hash = seed
        for index in fields.indices {
            let word = row[fields[index].word]
            guard fields[index].isText else {
                Self.mix(word, &hash)
                continue
            }
            let start = Int(word & ~ScannedRow.decodedMark)
            let count = Int(row[fields[index].word + 1])
            if word & ScannedRow.decodedMark == 0 {
                Self.mix(span, start, count, &hash)
            } else {
                Self.mix(row.decoded.span, start, count, &hash)
            }
        }
        return hash
    }

    @inline(__always)
    private static func mix(_ word: UInt64, _ hash: inout UInt64) {
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
    }

    @inline(__always)
    private static func mix(_ text: Span<UInt8>, _ start: Int, _ count: Int, _ hash: inout UInt64) {
        mix(UInt64(count), &hash)
        var word: UInt64 = 0
        for index in 0..<count {
            word = word << 8 | UInt64(text[start &+ index])
            if index & 7 == 7 { mix(word, &hash) }
        }
        if count & 7 != 0 { mix(word, &hash) }
    }

    /// Whether a row's keys are the bytes that begin at a place.
    @inline(__always)
    func areEqual(
        _ row: borrowing ScannedRow,
        _ span: Span<UInt8>,
        to pool: Span<UInt8>,
        from start: Int
    ) -> Bool {
        var place = start
        for index in fields.indices {
            let word = row[fields[index].word]
            guard fields[index].isText else {
                guard Self.word(pool, place) == word else { return false }
                place &+= 8
                continue
            }
            let start = Int(word & ~ScannedRow.decodedMark)
            let count = Int(row[fields[index].word + 1])
            guard Self.word(pool, place) == UInt64(count) else { return false }
            place &+= 8
            let isEqual =
                word & ScannedRow.decodedMark == 0
                ? Self.areEqual(span, start, pool, place, count)
                : Self.areEqual(row.decoded.span, start, pool, place, count)
            guard isEqual else { return false }
            place &+= count
        }
        return true
    }

    @inline(__always)
    private static func areEqual(
        _ one: Span<UInt8>,
        _ start: Int,
        _ two: Span<UInt8>,
        _ place: Int,
        _ count: Int
    ) -> Bool {
        for index in 0..<count where one[start &+ index] != two[place &+ index] { return false }
        return true
    }

    @inline(__always)
    private static func word(_ pool: Span<UInt8>, _ place: Int) -> UInt64 {
        unsafe UInt64(
            littleEndian: pool.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
        )
    }

    /// Appends a row's keys as bytes: amounts, and texts with their lengths before them, so that none
    /// begins another.
    func append(_ row: borrowing ScannedRow, _ span: Span<UInt8>, to bytes: inout [UInt8]) {
        for (word, isText, field) in fields {
            guard isText else {
                Self.append(row[word], &bytes)
                continue
            }
            let text = row.text(field, span) ?? []
            Self.append(UInt64(text.count), &bytes)
            bytes.append(contentsOf: text)
        }
    }

    private static func append(_ word: UInt64, _ bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: word.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The keys of a row that has them all.
    func values(_ row: borrowing ScannedRow, _ span: Span<UInt8>) -> [Value] {
        var values: [Value] = []
        for (word, isText, field) in fields {
            if !isText {
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
/// A dictionary of byte arrays feeds its hash byte by byte, and wants an array for each row: that took
/// a tenth of the first pass of job C (1M rows, Swift 6.3).
struct RowKeyTable {
    private var pool: [UInt8] = []
    /// A power of two of them, once there are any.
    private var slots: [Slot] = []
    private var used = 0
    /// Differs from run to run, so that nobody can make rows whose keys collide.
    private static let anySeed = UInt64.random(in: .min ... .max) | 1
    private let seed = Self.anySeed

    private struct Slot {
        let hash: UInt64
        /// Of the keys, in the pool.
        let start: Int
        let group: Int
    }

    /// The group whose keys a row has, and where they stand; nil for new ones.
    @inline(__always)
    func group(_ keys: RowKeys, _ row: borrowing ScannedRow, _ span: Span<UInt8>) -> (
        group: Int, start: Int
    )? {
        guard used > 0 else { return nil }
        let hash = keys.hash(row, span, seed: seed)
        let (slots, pool) = (slots.span, pool.span)
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: hash >> 1) & mask
        while slots[slot].group >= 0 {
            if slots[slot].hash == hash,
                keys.areEqual(row, span, to: pool, from: slots[slot].start)
            {
                return (slots[slot].group, slots[slot].start)
            }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    /// Whether a row has the keys that stand at a place.
    @inline(__always)
    func has(_ keys: RowKeys, _ row: borrowing ScannedRow, _ span: Span<UInt8>, at start: Int)
        -> Bool
    {
        keys.areEqual(row, span, to: pool.span, from: start)
    }

    /// Notes the group of keys that are new; where they stand.
    mutating func add(
        _ keys: RowKeys,
        _ row: borrowing ScannedRow,
        _ span: Span<UInt8>,
        _ group: Int
    ) -> Int {
        if used * 2 >= slots.count { grow() }
        let start = pool.count
        place(Slot(hash: keys.hash(row, span, seed: seed), start: start, group: group))
        keys.append(row, span, to: &pool)
        used += 1
        return start
    }

    private mutating func place(_ entry: Slot) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: entry.hash >> 1) & mask
        while slots[slot].group >= 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        let count = max(16, old.count * 2)
        slots = .init(repeating: Slot(hash: 0, start: 0, group: -1), count: count)
        for entry in old where entry.group >= 0 { place(entry) }
    }
}
