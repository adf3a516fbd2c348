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

    /// Where the plain part of a text ends that begins at `start`, behind the quote: at a quote, a backslash, a
    /// control character or a character beyond ASCII.
    @inline(__always)
    static func plainEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = start
        while true {
            let word = word(at: position, in: bytes)
            // The high bit of each sum is set where an ASCII byte is no quote, no backslash, at least 0x20.
            // Other bytes have it themselves and stop; what they carry into is behind them.
            let quotes = (word ^ ones &* 0x22) &+ ones &* 0x7F
            let slashes = (word ^ ones &* 0x5C) &+ ones &* 0x7F
            let stops = (~(quotes & slashes & (word &+ ones &* 0x60)) | word) & (ones &* 0x80)
            guard stops == 0 else {
                return position &+ (stops.trailingZeroBitCount &>> 3)
            }
            position &+= 8
        }
    }

    /// Where a text stops from a place within it on: at a quote, a backslash, a control character or what is
    /// not UTF-8.
    static func end(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var place = start
        while true {
            let byte = bytes[place]
            if byte < 0x80 {
                if byte < 0x20 || byte == 0x22 || byte == 0x5C { return place }
                place &+= 1
            } else {
                let length = sequence(bytes, place)
                if length == 0 { return place }
                place &+= length
            }
        }
    }

    /// The closing quote of the text that goes on at `start`, past all escapes.
    static func quote(_ bytes: Span<UInt8>, from start: Int) throws(RowScanner.Odd) -> Int {
        var position = start
        while true {
            position = end(bytes, from: position)
            switch bytes[position] {
            case 0x22: return position
            case 0x5C where bytes[position + 1] != 0: position += 2
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

    /// Whether bytes are UTF-8.
    static func isUTF8(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var place = range.lowerBound
        while place < range.upperBound {
            if bytes[place] < 0x80 {
                place &+= 1
                continue
            }
            let length = sequence(bytes, place)
            if length == 0 || place &+ length > range.upperBound { return false }
            place &+= length
        }
        return true
    }

    /// The length of the UTF-8 sequence beyond ASCII at a place; 0 where there is none (Unicode 16, table 3-7).
    ///
    /// The standard library's validation asks for 300 instructions before it looks at the 12 bytes of a name.
    private static func sequence(_ bytes: Span<UInt8>, _ place: Int) -> Int {
        func byte(_ offset: Int) -> UInt8 {
            place &+ offset < bytes.count ? bytes[place &+ offset] : 0
        }
        let second = byte(1)
        switch (bytes[place], second) {
        case (0xC2...0xDF, 0x80...0xBF): return 2
        case (0xE0, 0xA0...0xBF), (0xE1...0xEC, 0x80...0xBF), (0xED, 0x80...0x9F),
            (0xEE...0xEF, 0x80...0xBF):
            return byte(2) & 0xC0 == 0x80 ? 3 : 0
        case (0xF0, 0x90...0xBF), (0xF1...0xF3, 0x80...0xBF), (0xF4, 0x80...0x8F):
            return byte(2) & 0xC0 == 0x80 && byte(3) & 0xC0 == 0x80 ? 4 : 0
        default: return 0
        }
    }
}
