/// A transaction's content for keeping: what is absent takes nothing, numbers take the bytes they need,
/// and texts that many rows share stand in a table of their own.
///
/// Byte 0: 2. Byte 1: the feed's place in `Feed.allCases`. Bytes 2-5: the presence bits of
/// `TransactionRecord`. Then each field that is present, in the feed's order, numbers as LEB128:
/// an amount or integer zigzag; an instant its seconds (zigzag, less those of the instant before) and its
/// nanoseconds; a text its number in the table times two and one, or its length times two and its
/// UTF-8. The transaction id is no part of it, being the key. A record of 330 bytes takes about 75.
enum PackedRecord {
    static let version: UInt8 = 2
    private static let headerSize = 6

    /// The feed's fields that are packed, in its order.
    private static let fields: [[Field]] = Feed.allCases.map { feed in
        feed.fields.filter { $0 != .contractNumber && $0 != .transactionId }
    }

    /// Texts that many rows share; a receipt's or an authorization's is its own.
    private static func isShared(_ field: Field) -> Bool {
        field != .receiptNo && field != .authorizationCode
    }

    /// `share`: the number of a text in the table.
    static func pack(
        _ record: [UInt8],
        feed: Feed,
        to packed: inout [UInt8],
        share: (Span<UInt8>) throws -> Int
    ) rethrows {
        packed.removeAll(keepingCapacity: true)
        packed.append(version)
        packed.append(record[1])
        packed.append(contentsOf: record[4..<8])
        var before: Int64 = 0
        for field in fields[Feed.index(feed)] where TransactionRecord.has(field, in: record) {
            let word = TransactionRecord.word(field, feed: feed, in: record)
            switch field.kind {
            case .text:
                let range = TransactionRecord.range(of: field, feed: feed, in: record)
                if isShared(field) {
                    let number = try share(record.span.extracting(range))
                    append(UInt64(number) << 1 | 1, to: &packed)
                } else {
                    append(UInt64(range.count) << 1, to: &packed)
                    packed.append(contentsOf: record[range])
                }
            case .amount, .integer: append(zigzag(Int64(bitPattern: word)), to: &packed)
            case .timestamp:
                let seconds = Int64(bitPattern: word)
                append(zigzag(seconds &- before), to: &packed)
                append(
                    TransactionRecord.word(field, feed: feed, in: record, offset: 1),
                    to: &packed
                )
                before = seconds
            }
        }
    }

    /// The record again; nil for what is none of this version and feed.
    ///
    /// `text`: the text of a number in the table.
    static func unpacked(
        _ packed: [UInt8],
        feed: Feed,
        transactionId: some Collection<UInt8>,
        text: (Int) throws -> [UInt8]?
    ) rethrows -> [UInt8]? {
        guard isRecord(packed, feed) else { return nil }
        var record = TransactionRecord.empty(feed)
        // Texts come last, in the order of `Field`: the feed's own order is another.
        var texts = [(start: Int, count: Int, shared: [UInt8]?)](
            repeating: (0, -1, nil),
            count: Field.allCases.count
        )
        var place = headerSize
        var before: Int64 = 0
        for field in fields[Feed.index(feed)] where isPresent(field, in: packed) {
            guard let number = next(packed, &place) else { return nil }
            switch field.kind {
            case .text:
                if number & 1 == 1 {
                    guard let shared = try text(Int(number >> 1)) else { return nil }
                    texts[Int(field.rawValue)] = (0, shared.count, shared)
                } else {
                    let count = Int(number >> 1)
                    guard count <= packed.count - place else { return nil }
                    texts[Int(field.rawValue)] = (place, count, nil)
                    place += count
                }
            case .amount, .integer:
                TransactionRecord.put(
                    field,
                    UInt64(bitPattern: unzigzag(number)),
                    feed: feed,
                    in: &record
                )
            case .timestamp:
                guard let nanoseconds = next(packed, &place) else { return nil }
                before = before &+ unzigzag(number)
                TransactionRecord.put(
                    field,
                    UInt64(bitPattern: before),
                    nanoseconds,
                    feed: feed,
                    in: &record
                )
            }
        }
        guard place == packed.count else { return nil }
        for field in Field.allCases {
            if field == .transactionId {
                TransactionRecord.append(field, transactionId, feed: feed, to: &record)
                continue
            }
            let (start, count, shared) = texts[Int(field.rawValue)]
            guard count >= 0 else { continue }
            if let shared {
                TransactionRecord.append(field, shared, feed: feed, to: &record)
            } else {
                TransactionRecord.append(
                    field,
                    packed[start..<start + count],
                    feed: feed,
                    to: &record
                )
            }
        }
        return record
    }

    /// Hands over the number of each text that a record has in the table.
    static func visitShared(_ packed: [UInt8], feed: Feed, _ found: (Int) -> Void) {
        guard isRecord(packed, feed) else { return }
        var place = headerSize
        for field in fields[Feed.index(feed)] where isPresent(field, in: packed) {
            guard let number = next(packed, &place) else { return }
            switch field.kind {
            case .text:
                if number & 1 == 1 {
                    found(Int(number >> 1))
                } else {
                    place = min(packed.count, place + Int(number >> 1))
                }
            case .amount, .integer: break
            case .timestamp: _ = next(packed, &place)
            }
        }
    }

    private static func isRecord(_ packed: [UInt8], _ feed: Feed) -> Bool {
        packed.count >= headerSize && packed[0] == version
            && packed[1] == UInt8(Feed.index(feed))
    }

    private static func isPresent(_ field: Field, in packed: [UInt8]) -> Bool {
        let bit = Int(field.rawValue)
        return packed[2 + bit / 8] & (1 << (bit % 8)) != 0
    }

    private static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1 ^ value >> 63)
    }

    private static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func next(_ bytes: [UInt8], _ place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}

extension Transaction {
    /// Replaces `packed` by the content in few bytes, without the transaction id.
    ///
    /// `share`: the number of a text in a table of shared texts.
    public func pack(
        to packed: inout [UInt8],
        share: (Span<UInt8>) throws -> Int
    ) rethrows {
        try PackedRecord.pack(record, feed: feed, to: &packed, share: share)
    }

    /// The transaction of packed bytes; nil when they are none of this version and feed.
    ///
    /// `text`: the text of a number in the table.
    public init?(
        key: TransactionKey,
        contractNumber: String?,
        unpacking packed: [UInt8],
        text: (Int) throws -> [UInt8]?
    ) rethrows {
        guard
            let record = try PackedRecord.unpacked(
                packed,
                feed: key.feed,
                transactionId: key.transactionId.utf8,
                text: text
            )
        else { return nil }
        self.init(
            feed: key.feed,
            contractNumber: contractNumber,
            line: key.line,
            restoring: record
        )
    }

    /// Hands over the number of each text that packed bytes have in the table of shared texts.
    public static func visitSharedTexts(
        of packed: [UInt8],
        feed: Feed,
        _ found: (Int) -> Void
    ) {
        PackedRecord.visitShared(packed, feed: feed, found)
    }
}
