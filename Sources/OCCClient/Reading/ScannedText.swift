/// Finds the ends of JSON texts by words of 8 bytes.
///
/// The bytes end with `padding` zeros: no text, number or word goes on behind one, so nothing has to ask
/// where the bytes end.
enum ScannedText {
    /// Zeros behind the bytes that are scanned.
    static let padding = 64

    /// 8 bytes from a place on, the first one lowest.
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
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        return
            ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
            | (word &- ones &* 0x20) & ~word) & 0x8080_8080_8080_8080
    }

    /// Where the text whose first byte, behind the quote, is at `start` stops: at a quote, a backslash or
    /// a control character; and whether all before is ASCII.
    @inline(__always)
    static func stop(_ bytes: Span<UInt8>, _ start: Int) -> (place: Int, sign: UInt8, isASCII: Bool)
    {
        var position = start
        var all: UInt64 = 0
        while true {
            let word = word(at: position, in: bytes)
            let stops = stops(word)
            guard stops != 0 else {
                all |= word
                position &+= 8
                continue
            }
            let bits = UInt64(truncatingIfNeeded: stops.trailingZeroBitCount) & 56
            all |= word & ~(UInt64.max &<< bits)
            return (
                position &+ Int(truncatingIfNeeded: bits &>> 3),
                UInt8(truncatingIfNeeded: word &>> bits), all & 0x8080_8080_8080_8080 == 0
            )
        }
    }

    /// The closing quote of the text whose first byte is at `start`, past all escapes.
    static func end(_ bytes: Span<UInt8>, _ start: Int) throws(RowScanner.Odd) -> Int {
        var position = start
        while true {
            let (place, sign, _) = stop(bytes, position)
            switch sign {
            case 0x22: return place
            case 0x5C where bytes[place + 1] != 0: position = place + 2
            default: throw RowScanner.Odd()
            }
        }
    }

    /// The first place from one on that is no blank.
    static func blanksEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var position = start
        while true {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return position
            }
        }
    }

    /// Where a literal word at a place ends.
    static func end(of word: StaticString, _ bytes: Span<UInt8>, _ start: Int)
        throws(RowScanner.Odd) -> Int
    {
        let count = word.utf8CodeUnitCount
        for index in 0..<count {
            guard unsafe bytes[start + index] == word.utf8Start[index] else {
                throw RowScanner.Odd()
            }
        }
        return start + count
    }

    /// Whether bytes are UTF-8 (Unicode 16, table 3-7).
    ///
    /// The standard library's validation asks for 300 instructions before it looks at the 12 bytes of a name.
    static func isUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var place = range.lowerBound
        let end = range.upperBound
        while place < end {
            let first = bytes[place]
            if first < 0x80 {
                place &+= 1
                continue
            }
            let length: Int
            // What the second byte may be; the others are 0x80 to 0xBF.
            var least: UInt8 = 0x80
            var most: UInt8 = 0xBF
            switch first {
            case 0xC2...0xDF: length = 2
            case 0xE0:
                length = 3
                least = 0xA0
            case 0xED:
                length = 3
                most = 0x9F
            case 0xE1...0xEF: length = 3
            case 0xF0:
                length = 4
                least = 0x90
            case 0xF1...0xF3: length = 4
            case 0xF4:
                length = 4
                most = 0x8F
            default: return false
            }
            guard place &+ length <= end else { return false }
            let second = bytes[place &+ 1]
            guard second >= least, second <= most else { return false }
            for index in 2..<max(2, length) {
                guard bytes[place &+ index] & 0xC0 == 0x80 else { return false }
            }
            place &+= length
        }
        return true
    }
}
