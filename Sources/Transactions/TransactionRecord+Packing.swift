/// A transaction's content for keeping: what is absent takes nothing, numbers take the bytes they need,
/// and texts that many rows share stand in a table of their own.
///
/// Byte 0: 2. Byte 1: the feed's place in `Feed.allCases`. Bytes 2-5: the presence bits of
/// `TransactionRecord`. Then each field that is present, in the feed's order, numbers as LEB128:
/// an amount or integer zigzag; an instant its seconds (zigzag, less those of the instant before) and its
/// nanoseconds; a text its number in the table times two and one, or its length times two and its
/// UTF-8. The transaction id is no part of it, being the key. A record of 470 bytes takes about 110.
enum PackedRecord {
    static let version: UInt8 = 2
    private static let headerSize = 6

    /// The fields whose texts many rows share and that tell nothing of a person.
    private static let sharedFields: [Bool] = Field.allCases.map { field in
        field.kind == .text && !field.isPersonal
            && ![.transactionId, .receiptNo, .authorizationCode].contains(field)
    }

    /// `share`: the number of a text in the table, nil to keep it here.
    static func packed(
        _ record: [UInt8],
        feed: Feed,
        share: (Field, ArraySlice<UInt8>) -> Int?
    ) -> [UInt8] {
        var packed: [UInt8] = []
        packed.reserveCapacity(160)
        packed.append(version)
        packed.append(contentsOf: record[1..<2])
        packed.append(contentsOf: record[4..<8])
        var before: Int64 = 0
        for field in feed.fields
        where field != .contractNumber && field != .transactionId
            && TransactionRecord.has(field, in: record)
        {
            let word = TransactionRecord.word(field, feed: feed, in: record)
            switch field.kind {
            case .text:
                let start = Int(word & 0xFFFF_FFFF)
                let text = record[start..<start + Int(word >> 32)]
                if sharedFields[Int(field.rawValue)], let number = share(field, text) {
                    append(UInt64(number) << 1 | 1, to: &packed)
                } else {
                    append(UInt64(text.count) << 1, to: &packed)
                    packed.append(contentsOf: text)
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
        return packed
    }

    /// The record again; nil for what is none of this version and feed.
    ///
    /// `text`: the text of a number in the table.
    static func unpacked(
        _ packed: [UInt8],
        feed: Feed,
        transactionId: String,
        text: (Int) throws -> [UInt8]?
    ) rethrows -> [UInt8]? {
        guard packed.count >= headerSize, packed[0] == version,
            packed[1] == UInt8(Feed.index(feed))
        else { return nil }
        var texts: [(Field, [UInt8])] = [(.transactionId, Array(transactionId.utf8))]
        var words: [(Field, UInt64, UInt64)] = []
        var place = headerSize
        var before: Int64 = 0
        for field in feed.fields where field != .contractNumber && field != .transactionId {
            let bit = Int(field.rawValue)
            guard packed[2 + bit / 8] & (1 << (bit % 8)) != 0 else { continue }
            guard let number = next(packed, &place) else { return nil }
            switch field.kind {
            case .text:
                if number & 1 == 1 {
                    guard let shared = try text(Int(number >> 1)) else { return nil }
                    texts.append((field, shared))
                } else {
                    let count = Int(number >> 1)
                    guard count <= packed.count - place else { return nil }
                    texts.append((field, Array(packed[place..<place + count])))
                    place += count
                }
            case .amount, .integer: words.append((field, UInt64(bitPattern: unzigzag(number)), 0))
            case .timestamp:
                guard let nanoseconds = next(packed, &place) else { return nil }
                before = before &+ unzigzag(number)
                words.append((field, UInt64(bitPattern: before), nanoseconds))
            }
        }
        guard place == packed.count else { return nil }
        return TransactionRecord.encoded(feed: feed, texts: texts, words: words)
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
    /// The content in few bytes, without the transaction id.
    ///
    /// `share`: the number of a text in a table of shared texts; nil to keep it in the bytes.
    public func packed(share: (Field, ArraySlice<UInt8>) -> Int?) -> [UInt8] {
        PackedRecord.packed(record, feed: feed, share: share)
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
                transactionId: key.transactionId,
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
}
