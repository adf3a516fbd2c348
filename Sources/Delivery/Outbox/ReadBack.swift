/// A written file read again, before anything of it is published (step 5).
///
/// It knows nothing of how the file was written: it counts what a stranger would find.
public struct ReadBack: Sendable, Hashable {
    /// Records found.
    public private(set) var records = 0
    /// Cells of the first record, in order, as bytes of the file; empty for other than delimited text.
    public private(set) var firstRecord: [[UInt8]] = []
    /// The least and the most cells of a record.
    public private(set) var cells: ClosedRange<Int>?
    /// Whether a carriage return stands outside of quotes.
    public private(set) var hasCarriageReturns = false
    /// The least and the most bytes of a record, without its end.
    public private(set) var lengths: ClosedRange<Int>?

    /// Parses delimited text by RFC 4180.
    ///
    /// `delimiter`: one ASCII character. `quotes`: whether `"` encloses cells; where it does not, it is
    /// a character as any other. `unit`: bytes of a code unit: 1, or 2 for UTF-16. A quote that is not
    /// closed throws `DeliveryError` with code `difference`.
    public static func delimited(_ path: String, delimiter: UInt8, quotes: Bool, unit: Int = 1)
        throws(DeliveryError) -> ReadBack
    {
        var result = ReadBack()
        var isQuoted = false
        var mayClose = false
        var cell: [UInt8] = []
        var first: [[UInt8]] = []
        var count = 1
        var length = 0
        var hasBytes = false
        func endRecord() {
            if result.records == 0 { result.firstRecord = first + [cell] }
            result.take(cells: count, length: length)
            count = 1
            length = 0
            cell.removeAll(keepingCapacity: true)
            hasBytes = false
        }
        try units(of: path, unit) { byte in
            if isQuoted, !mayClose {
                if byte == 0x22 {
                    mayClose = true
                } else if result.records == 0 {
                    cell.append(byte)
                }
                length += 1
                return
            }
            if mayClose {
                mayClose = false
                if byte == 0x22 {
                    if result.records == 0 { cell.append(byte) }
                    length += 1
                    return
                }
                isQuoted = false
            }
            switch byte {
            case 0x22 where quotes && (cell.isEmpty || result.records > 0):
                isQuoted = true
                hasBytes = true
                length += 1
            case delimiter:
                count += 1
                if result.records == 0 { first.append(cell) }
                cell.removeAll(keepingCapacity: true)
                hasBytes = true
                length += 1
            case 0x0D: result.hasCarriageReturns = true
            case 0x0A: endRecord()
            default:
                if result.records == 0 { cell.append(byte) }
                hasBytes = true
                length += 1
            }
        }
        if isQuoted, !mayClose {
            throw DeliveryError(.difference, path, "read back: a quoted cell has no end")
        }
        if hasBytes { endRecord() }
        return result
    }

    /// Counts lines and their lengths.
    public static func lines(_ path: String, unit: Int = 1) throws(DeliveryError) -> ReadBack {
        var result = ReadBack()
        var length = 0
        try units(of: path, unit) { byte in
            switch byte {
            case 0x0A:
                result.take(cells: 1, length: length)
                length = 0
            case 0x0D: break
            default: length += 1
            }
        }
        if length > 0 { result.take(cells: 1, length: length) }
        return result
    }

    private mutating func take(cells count: Int, length: Int) {
        records += 1
        cells = cells.map { min($0.lowerBound, count)...max($0.upperBound, count) } ?? count...count
        lengths =
            lengths.map { min($0.lowerBound, length)...max($0.upperBound, length) }
            ?? length...length
    }

    /// Gives each code unit that is ASCII as its byte, and others as 0xFF.
    private static func units(of path: String, _ unit: Int, _ take: (UInt8) -> Void)
        throws(DeliveryError)
    {
        guard unit == 2 else {
            try DurableFolder.read(path, code: .outbox) { bytes in for byte in bytes { take(byte) }
            }
            return
        }
        var held: UInt8?
        var isBigEndian = false
        var isFirst = true
        try DurableFolder.read(path, code: .outbox) { bytes in
            for byte in bytes {
                guard let first = held else {
                    held = byte
                    continue
                }
                held = nil
                if isFirst {
                    isFirst = false
                    if first == 0xFE, byte == 0xFF {
                        isBigEndian = true
                        continue
                    }
                    if first == 0xFF, byte == 0xFE { continue }
                    isBigEndian = first == 0
                }
                let (low, high) = isBigEndian ? (byte, first) : (first, byte)
                take(high == 0 ? low : 0xFF)
            }
        }
    }
}
