internal import Expressions
internal import Synchronization

extension LookupTable {
    /// Rows by a key of one text, found from bytes: no `String`, no hash of a `Value`.
    final class TextIndex: Sendable {
        private let keys: [UInt8]
        /// A power of two of places: the key's first word, its bytes in `keys` and its row; -1 where there is
        /// none.
        private let places: [(word: UInt64, start: Int, count: Int, row: Int)]
        /// Rows of the table.
        let rowCount: Int

        fileprivate init(_ texts: [(text: String, row: Int)], rowCount: Int) {
            self.rowCount = rowCount
            var size = 8
            while size < texts.count * 2 { size *= 2 }
            var keys: [UInt8] = []
            var places = [(word: UInt64, start: Int, count: Int, row: Int)](
                repeating: (0, 0, 0, -1),
                count: size
            )
            for (text, row) in texts {
                let bytes = Array(text.utf8)
                let word = Self.word(bytes.span, 0, bytes.count)
                var place = Self.hash(word, bytes.span, 0, bytes.count) & (size - 1)
                while places[place].row >= 0 { place = (place + 1) & (size - 1) }
                places[place] = (word, keys.count, bytes.count, row)
                keys += bytes
            }
            self.keys = keys
            self.places = places
        }

        /// The first 8 bytes of a key, zeros behind shorter ones.
        @inline(__always)
        private static func word(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
            guard count > 0 else { return 0 }
            if start &+ 8 <= bytes.count {
                let word = unsafe bytes.bytes.unsafeLoadUnaligned(
                    fromByteOffset: start,
                    as: UInt64.self
                )
                let bits = UInt64(truncatingIfNeeded: max(0, 64 &- 8 &* count))
                return UInt64(littleEndian: word) & (UInt64.max &>> bits)
            }
            var word: UInt64 = 0
            for index in 0..<min(count, 8) {
                word |= UInt64(bytes[start &+ index]) << UInt64(8 * index)
            }
            return word
        }

        /// The table's file, which the operator gives, decides what collides.
        @inline(__always)
        private static func hash(_ first: UInt64, _ bytes: Span<UInt8>, _ start: Int, _ count: Int)
            -> Int
        {
            var hash = (first ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
            var place = 8
            while place < count {
                hash ^= hash &>> 29 ^ word(bytes, start &+ place, count &- place)
                hash &*= 0x9E37_79B9_7F4A_7C15
                place &+= 8
            }
            return Int(truncatingIfNeeded: hash &>> 33)
        }

        /// The row whose key the bytes are; -1 for none.
        func row(of bytes: Span<UInt8>, _ start: Int, _ count: Int) -> Int {
            let mask = places.count &- 1
            let word = Self.word(bytes, start, count)
            var place = Self.hash(word, bytes, start, count) & mask
            while true {
                let entry = places[place]
                if entry.row < 0 { return -1 }
                if entry.word == word, entry.count == count {
                    var index = 8
                    while index < count, keys[entry.start &+ index] == bytes[start &+ index] {
                        index &+= 1
                    }
                    if index >= count { return entry.row }
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
        return TextIndex(texts, rowCount: rows.count)
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
