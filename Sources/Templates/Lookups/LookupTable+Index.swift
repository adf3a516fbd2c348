internal import Expressions
internal import Synchronization

extension LookupTable {
    /// Rows by a key of one text, found from bytes: no `String`, no hash of a `Value`.
    final class TextIndex: Sendable {
        private let keys: [UInt8]
        /// A power of two of places: the key's bytes and its row; -1 where there is none.
        private let places: [(start: Int, count: Int, row: Int)]

        fileprivate init(_ texts: [(text: String, row: Int)]) {
            var size = 8
            while size < texts.count * 2 { size *= 2 }
            var keys: [UInt8] = []
            var places = [(start: Int, count: Int, row: Int)](repeating: (0, 0, -1), count: size)
            for (text, row) in texts {
                let bytes = Array(text.utf8)
                var place = Self.hash(bytes.span, 0, bytes.count) & (size - 1)
                while places[place].row >= 0 { place = (place + 1) & (size - 1) }
                places[place] = (keys.count, bytes.count, row)
                keys += bytes
            }
            self.keys = keys
            self.places = places
        }

        /// FNV-1a; the table's file, which the operator gives, decides what collides.
        @inline(__always)
        private static func hash(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> Int {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for index in start..<start &+ count {
                hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3
            }
            return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
        }

        /// The row whose key the bytes are; -1 for none.
        func row(of bytes: Span<UInt8>, _ start: Int, _ count: Int) -> Int {
            let mask = places.count &- 1
            var place = Self.hash(bytes, start, count) & mask
            while true {
                let entry = places[place]
                if entry.row < 0 { return -1 }
                if entry.count == count {
                    var index = 0
                    while index < count, keys[entry.start &+ index] == bytes[start &+ index] {
                        index &+= 1
                    }
                    if index == count { return entry.row }
                }
                place = (place &+ 1) & mask
            }
        }
    }

    /// The index, where the key is one text column and rows hold on all days.
    static func textIndex(_ declaration: LookupDeclaration, _ rows: [Value]) -> TextIndex? {
        guard declaration.key.count == 1, declaration.valid == nil,
            declaration.columns[declaration.key[0]].kind == .string
        else { return nil }
        var texts: [(text: String, row: Int)] = []
        for (index, row) in rows.enumerated() {
            guard case .record(let record) = row, let values = record as? ValuesRecord,
                case .string(let text) = values.values[declaration.key[0]]
            else { continue }
            // A text is found by its bytes here and by its canonical form in the table: only where both
            // are the same is the index the table's equal.
            guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
            texts.append((text, index))
        }
        return TextIndex(texts)
    }

    /// How many rows there are.
    var count: Int { values.count }

    /// A column of a row.
    func value(_ row: Int, _ column: Int) -> Value {
        guard case .record(let record) = values[row], let record = record as? ValuesRecord,
            column < record.values.count
        else { return .absent }
        return record.values[column]
    }

    /// Whether a row has nothing in a column.
    func isAbsent(_ row: Int, _ column: Int) -> Bool { value(row, column).isAbsent }

    /// Whether some row may have nothing in a column.
    func mayBeAbsent(_ column: Int) -> Bool {
        column >= declaration.columns.count || declaration.columns[column].isOptional
    }
}
