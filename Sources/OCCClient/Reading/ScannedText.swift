/// Finds the ends of JSON texts by words of 8 bytes.
enum ScannedText {
    /// Where a text ends and what it holds.
    struct End {
        /// The position of the closing quote.
        let quote: Int
        let hasEscape: Bool
        let isASCII: Bool

        var isPlain: Bool { isASCII && !hasEscape }
    }

    /// 8 bytes from a place on, the first one lowest; they must be there.
    ///
    /// The bounds are tested once for 8 bytes: byte by byte a row of 650 bytes took 2.5 times as
    /// long (1M rows of the benchmark, Swift 6.3).
    @inline(__always)
    static func word(at place: Int, in bytes: Span<UInt8>) -> UInt64 {
        precondition(UInt(bitPattern: place) &+ 8 <= UInt(bitPattern: bytes.count))
        return unsafe UInt64(
            littleEndian: bytes.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: place,
                as: UInt64.self
            )
        )
    }

    /// The high bit of each byte that is a quote, a backslash or below 0x20; the lowest is exact.
    @inline(__always)
    private static func stops(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        return
            ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
            | (word &- ones &* 0x20) & ~word) & highs
    }

    /// The end of the text whose first byte, behind the quote, is at `start`.
    @inline(__always)
    static func end(_ bytes: Span<UInt8>, _ start: Int) throws(RowScanner.Stop) -> End {
        var position = start
        var all: UInt64 = 0
        var hasEscape = false
        let count = bytes.count
        while true {
            if position &+ 8 <= count {
                let word = word(at: position, in: bytes)
                let stops = stops(word)
                if stops == 0 {
                    all |= word
                    position &+= 8
                    continue
                }
                let bits = UInt64(stops.trailingZeroBitCount) & 56
                all |= word & ((1 << bits) &- 1)
                position &+= Int(bits >> 3)
            } else {
                while position < count, bytes[position] >= 0x20, bytes[position] != 0x22,
                    bytes[position] != 0x5C
                {
                    all |= UInt64(bytes[position])
                    position += 1
                }
                if position >= count { throw .incomplete }
            }
            switch bytes[position] {
            case 0x22:
                return End(
                    quote: position,
                    hasEscape: hasEscape,
                    isASCII: all & 0x8080_8080_8080_8080 == 0
                )
            case 0x5C:
                hasEscape = true
                position += 2
                if position > count { throw .incomplete }
            default: throw .odd
            }
        }
    }

    /// The byte at the position, after blanks.
    @inline(__always)
    static func sign(_ bytes: Span<UInt8>, _ position: inout Int) throws(RowScanner.Stop) -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            if byte > 0x20 { return byte }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        throw .incomplete
    }

    /// Passes a literal word.
    static func word(
        _ word: StaticString,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Stop) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw .incomplete }
        for index in 0..<count {
            guard unsafe bytes[position + index] == word.utf8Start[index] else { throw .odd }
        }
        position += count
    }

    /// Stops where the bytes are not UTF-8.
    static func validate(_ bytes: Span<UInt8>) throws(RowScanner.Stop) {
        do {
            _ = try UTF8Span(validating: bytes)
        } catch {
            throw .odd
        }
    }
}
