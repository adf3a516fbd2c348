/// The layout of a transaction's content, version 1.
///
/// Byte 0: version. Byte 1: the feed's place in `Feed.allCases`. Bytes 4-7: a bit for each field that
/// is present, numbered by `Field.rawValue`. Then a 64-bit word for each field of the feed in the
/// feed's order (an instant has two: seconds, nanoseconds), zero where absent; a text's word holds the
/// start of its UTF-8 in the low half and its length in the high half. Then the texts, in field order.
/// All numbers are little-endian. Equal contents are equal bytes.
enum TransactionRecord {
    static let version: UInt8 = 1
    static let headerSize = 8

    /// The index of each field's first word, by `Field.rawValue`, -1 for a field the feed lacks;
    /// the last element is the count of words.
    private static let places: [[Int]] = Feed.allCases.map { feed in
        var places = [Int](repeating: -1, count: Field.allCases.count + 1)
        var next = 0
        for field in feed.fields where field != .contractNumber {
            places[Int(field.rawValue)] = next
            next += field.kind == .timestamp ? 2 : 1
        }
        places[Field.allCases.count] = next
        return places
    }

    private static func index(of feed: Feed) -> Int { Feed.index(feed) }

    /// Bytes of the header and the words of the feed with that index.
    static func fixedSize(_ index: Int) -> Int {
        headerSize + places[index][Field.allCases.count] * 8
    }

    static func has(_ field: Field, in record: [UInt8]) -> Bool {
        let bit = Int(field.rawValue)
        return record[4 + bit / 8] & (1 << (bit % 8)) != 0
    }

    static func word(_ field: Field, feed: Feed, in record: [UInt8], offset: Int = 0) -> UInt64 {
        let place = places[index(of: feed)][Int(field.rawValue)]
        guard place >= 0 else { return 0 }
        // Bounds are tested once for 8 bytes: byte by byte it took four times as long.
        let start = headerSize + (place + offset) * 8
        precondition(start + 8 <= record.count)
        return unsafe UInt64(
            littleEndian: record.span.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: start,
                as: UInt64.self
            )
        )
    }

    /// Where a text stands that is present.
    static func range(of field: Field, feed: Feed, in record: [UInt8]) -> Range<Int> {
        let word = word(field, feed: feed, in: record)
        let start = Int(word & 0xFFFF_FFFF)
        return start..<start + Int(word >> 32)
    }

    /// A record with nothing in it yet; `put` and `append` fill it in.
    static func empty(_ feed: Feed) -> [UInt8] {
        let index = index(of: feed)
        var record: [UInt8] = []
        record.reserveCapacity(fixedSize(index) + 160)
        record.append(contentsOf: repeatElement(0, count: fixedSize(index)))
        record[0] = version
        record[1] = UInt8(index)
        return record
    }

    /// Sets a field that is no text; `second` counts for an instant alone.
    static func put(
        _ field: Field,
        _ first: UInt64,
        _ second: UInt64 = 0,
        feed: Feed,
        in record: inout [UInt8]
    ) {
        let place = places[index(of: feed)][Int(field.rawValue)]
        guard place >= 0 else { return }
        record[4 + Int(field.rawValue) / 8] |= 1 << (field.rawValue % 8)
        put(first, at: headerSize + place * 8, in: &record)
        if field.kind == .timestamp { put(second, at: headerSize + place * 8 + 8, in: &record) }
    }

    /// Adds a text; in the order of `Field.rawValue` only.
    static func append(
        _ field: Field,
        _ utf8: some Collection<UInt8>,
        feed: Feed,
        to record: inout [UInt8]
    ) {
        let place = places[index(of: feed)][Int(field.rawValue)]
        guard place >= 0 else { return }
        let start = record.count
        record.append(contentsOf: utf8)
        record[4 + Int(field.rawValue) / 8] |= 1 << (field.rawValue % 8)
        put(
            UInt64(start) | UInt64(record.count - start) << 32,
            at: headerSize + place * 8,
            in: &record
        )
    }

    private static func put(_ value: UInt64, at place: Int, in record: inout [UInt8]) {
        for byte in 0..<8 {
            record[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
        }
    }

    static func encoded(
        feed: Feed,
        texts: [(Field, [UInt8])],
        words: [(Field, UInt64, UInt64)]
    ) -> [UInt8] {
        var record = empty(feed)
        for (field, first, second) in words { put(field, first, second, feed: feed, in: &record) }
        for (field, utf8) in texts.sorted(by: { $0.0.rawValue < $1.0.rawValue }) {
            append(field, utf8, feed: feed, to: &record)
        }
        return record
    }

    /// Whether bytes from outside are a whole record of this version, so that reading it cannot trap.
    static func isValid(_ record: [UInt8], feed: Feed) -> Bool {
        let places = places[index(of: feed)]
        let fixed = headerSize + places[Field.allCases.count] * 8
        guard record.count >= fixed, record[0] == version, record[1] == UInt8(index(of: feed))
        else { return false }
        for field in Field.allCases where has(field, in: record) {
            guard places[Int(field.rawValue)] >= 0 else { return false }
            let value = word(field, feed: feed, in: record)
            switch field.kind {
            case .text:
                let start = Int(value & 0xFFFF_FFFF)
                let end = start + Int(value >> 32)
                guard start >= fixed, end <= record.count else { return false }
                // Nearly all of it is ASCII, which needs no look at a sequence.
                let text = record[start..<end]
                guard
                    text.allSatisfy({ $0 < 0x80 })
                        || String(validating: text, as: UTF8.self) != nil
                else { return false }
            case .timestamp:
                let nanoseconds = word(field, feed: feed, in: record, offset: 1)
                guard nanoseconds < 1_000_000_000,
                    UTCTimestamp(
                        seconds: Int64(bitPattern: value),
                        nanoseconds: Int32(nanoseconds)
                    ) != nil
                else { return false }
            case .amount:
                guard FixedDecimal(tenThousandths: Int64(bitPattern: value)) != nil else {
                    return false
                }
            case .integer: break
            }
        }
        return has(.transactionId, in: record)
    }
}
