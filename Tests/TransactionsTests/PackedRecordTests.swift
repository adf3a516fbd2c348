import Testing
import Transactions

/// Rows as the ledger keeps them.
struct `Packed rows` {
    /// A table of texts, as the ledger has one.
    private struct Texts {
        var all: [[UInt8]] = []

        mutating func number(of text: Span<UInt8>) -> Int {
            let text = (0..<text.count).map { text[$0] }
            if let known = all.firstIndex(of: text) { return known + 1 }
            all.append(text)
            return all.count
        }

        func text(_ number: Int) -> [UInt8]? {
            all.indices.contains(number - 1) ? all[number - 1] : nil
        }
    }

    private static func packed(_ row: Transaction, _ texts: inout Texts) -> [UInt8] {
        var packed: [UInt8] = [1, 2, 3]
        row.pack(to: &packed) { texts.number(of: $0) }
        return packed
    }

    private static func unpacked(_ packed: [UInt8], as row: Transaction, _ texts: Texts)
        -> Transaction?
    {
        Transaction(
            key: row.key,
            contractNumber: row.contractNumber,
            unpacking: packed,
            text: { texts.text($0) }
        )
    }

    /// A row with a choice of the feed's fields, and values at their ends.
    private static func row(_ feed: Feed, _ seed: Int) -> Transaction {
        let numbers: [Int64] = [
            0, 1, -1, 63, 64, -64, -65, 8_191, 8_192, 124_000, .max, .min, 1 << 53,
        ]
        let texts = [
            "", "x", "Diislikütus", "õ\u{0}\u{10FFFF}", String(repeating: "Ž", count: 300),
        ]
        var builder = Transaction.Builder(feed: feed)
        builder.set(.transactionId, "id \(seed)")
        for (index, field) in feed.fields.enumerated()
        where field != .transactionId && field != .contractNumber && (seed >> (index % 11)) & 1 == 1
        {
            let number = numbers[(seed &+ index) % numbers.count]
            switch field.kind {
            case .text: builder.set(field, texts[(seed &+ index) % texts.count])
            case .integer: builder.set(field, number)
            case .amount:
                builder.set(field, FixedDecimal(tenThousandths: number) ?? .zero)
            case .timestamp:
                let seconds = number % 200_000_000_000
                if let instant = UTCTimestamp(
                    seconds: seconds < -60_000_000_000 ? 0 : seconds,
                    nanoseconds: Int32(seed % 3) * 499_999_999
                ) {
                    builder.set(field, instant)
                }
            }
        }
        return builder.build(contractNumber: feed == .contractTransactions ? "22297" : nil)
    }

    @Test(arguments: Feed.allCases)
    func `come back byte for byte`(_ feed: Feed) {
        var texts = Texts()
        var fields: Set<Field> = []
        for seed in 0..<2_048 {
            let row = Self.row(feed, seed)
            fields.formUnion(feed.fields.filter { row.has($0) })
            let packed = Self.packed(row, &texts)
            #expect(Self.unpacked(packed, as: row, texts) == row)
        }
        #expect(fields == Set(feed.fields))
    }

    @Test func `take a third of the bytes`() {
        var texts = Texts()
        let row = Self.row(.contractTransactions, 2_047)
        #expect(Self.packed(row, &texts).count * 3 < row.record.count)
    }

    @Test func `that are cut off, longer or of another feed are none`() {
        var texts = Texts()
        let row = Self.row(.contractTransactions, 2_047)
        let packed = Self.packed(row, &texts)
        for count in 0..<packed.count {
            #expect(Self.unpacked(Array(packed[..<count]), as: row, texts) == nil)
        }
        #expect(Self.unpacked(packed + [0], as: row, texts) == nil)
        #expect(Self.unpacked([1] + packed.dropFirst(), as: row, texts) == nil)
        #expect(Self.unpacked(packed, as: Self.row(.evTransactions, 1), texts) == nil)
        // A text that the table has lost.
        #expect(Self.unpacked(packed, as: row, Texts()) == nil)
    }

    @Test func `with any byte changed are read as some row or none`() {
        var texts = Texts()
        let row = Self.row(.evTransactions, 2_047)
        let packed = Self.packed(row, &texts)
        for place in packed.indices {
            for value: UInt8 in [0x00, 0x01, 0x7F, 0x80, 0xFF] {
                var other = packed
                other[place] = value
                // Whatever comes back can be read.
                if let read = Self.unpacked(other, as: row, texts) {
                    #expect(read.key == row.key)
                    for field in row.feed.fields { _ = (read.text(field), read.timestamp(field)) }
                }
            }
        }
    }

    @Test func `tell which texts of the table they have`() {
        var texts = Texts()
        let row = Self.row(.contractTransactions, 2_047)
        let packed = Self.packed(row, &texts)
        var found: Set<Int> = []
        Transaction.visitSharedTexts(of: packed, feed: row.feed) { found.insert($0) }
        #expect(found == Set(1...texts.all.count))
    }
}
