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
        guard row.reverses == nil else { return false }
        for (field, word, bit) in fields {
            guard row.present & bit != 0 else { return false }
            if field.kind == .amount {
                append(row.words[word], &bytes)
                continue
            }
            let count = Int(row.words[word + 1])
            append(UInt64(count), &bytes)
            let start = Int(row.words[word] & ~ScannedRow.decodedMark)
            if row.words[word] & ScannedRow.decodedMark == 0 {
                for index in start..<start + count { bytes.append(span[index]) }
            } else {
                bytes.append(contentsOf: row.decoded[start..<start + count])
            }
        }
        return true
    }

    private func append(_ word: UInt64, _ bytes: inout [UInt8]) {
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
    }

    /// The keys of a row whose `bytes` could be told.
    func values(_ row: borrowing ScannedRow, _ span: Span<UInt8>) -> [Value] {
        var values: [Value] = []
        for (field, word, _) in fields {
            if field.kind == .amount {
                let digits = Int128(Int64(bitPattern: row.words[word]))
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
