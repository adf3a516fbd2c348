internal import Transactions

/// Reads the usual forms of JSON numbers; all others are odd.
///
/// What follows a number its caller judges.
enum ScannedNumber {
    /// An amount in ten-thousandths: at most 14 digits, then at most 4 decimals; no exponent.
    @inline(__always)
    static func amount(_ bytes: Span<UInt8>, _ position: inout Int) throws(RowScanner.Odd) -> Int64
    {
        let isNegative = bytes[position] == 0x2D
        if isNegative { position &+= 1 }
        var value = try whole(14, bytes, &position) &* 10_000
        if bytes[position] == 0x2E {
            let word = ScannedText.word(at: position &+ 1, in: bytes)
            let bits = digitBits(word)
            guard bits > 0, bits <= 32 else { throw RowScanner.Odd() }
            position &+= 1 &+ Int(truncatingIfNeeded: bits &>> 3)
            // Digits that are not there count as zeros behind; pairs, then both are joined.
            var decimals = word & ~(UInt64.max &<< bits) & 0x0F0F_0F0F
            decimals = (decimals &* 2_561) &>> 8 & 0x00FF_00FF
            decimals = (decimals &* 6_553_601) &>> 16 & 0xFFFF
            value &+= Int64(bitPattern: decimals)
        }
        return isNegative ? 0 &- value : value
    }

    /// A whole number of at most 18 digits.
    @inline(__always)
    static func integer(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Odd) -> Int64 {
        let isNegative = bytes[position] == 0x2D
        if isNegative { position &+= 1 }
        let value = try whole(18, bytes, &position)
        return isNegative ? 0 &- value : value
    }

    /// Where a number of any length without exponent ends.
    static func end(_ bytes: Span<UInt8>, _ start: Int) throws(RowScanner.Odd) -> Int {
        var position = start
        func passDigits() throws(RowScanner.Odd) {
            let first = position
            while bytes[position] &- 0x30 < 10 { position += 1 }
            guard position > first else { throw RowScanner.Odd() }
        }
        if bytes[position] == 0x2D { position += 1 }
        let hasZero = bytes[position] == 0x30
        let first = position
        try passDigits()
        guard !hasZero || position == first + 1 else { throw RowScanner.Odd() }
        if bytes[position] == 0x2E {
            position += 1
            try passDigits()
        }
        return position
    }

    /// How many bits the digits take with which a word begins; 64 where all are digits.
    @inline(__always)
    static func digitBits(_ word: UInt64) -> UInt64 {
        // A byte is a digit where its distance from '0' is at most 9.
        let distance = word ^ 0x3030_3030_3030_3030
        let stops =
            ((distance & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | distance)
            & 0x8080_8080_8080_8080
        return UInt64(truncatingIfNeeded: stops.trailingZeroBitCount) & 0x78
    }

    /// The number that eight digits make, of which some may be zero bytes.
    @inline(__always)
    static func joined(_ digits: UInt64) -> UInt64 {
        // Pairs, then fours, then all are joined.
        var value = digits & 0x0F0F_0F0F_0F0F_0F0F
        value = (value &* 2_561) &>> 8 & 0x00FF_00FF_00FF_00FF
        value = (value &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
        return (value &* 42_949_672_960_001) &>> 32
    }

    /// At most so many digits, no zero in front of others.
    ///
    /// Up to 7 digits are found and converted as one word: digit by digit a row cost a sixth more
    /// (instructions of 10,000 rows of the benchmark, Swift 6.3).
    @inline(__always)
    private static func whole(
        _ most: Int,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Odd) -> Int64 {
        let word = ScannedText.word(at: position, in: bytes)
        let bits = digitBits(word)
        guard bits > 0, bits == 8 || word & 0xFF != 0x30 else { throw RowScanner.Odd() }
        if bits < 64 {
            position &+= Int(truncatingIfNeeded: bits &>> 3)
            // Zeros in front.
            return Int64(bitPattern: joined(word &<< (64 &- bits)))
        }
        let (value, end) = long(bytes, position)
        guard end &- position <= most else { throw RowScanner.Odd() }
        position = end
        return value
    }

    /// A run of 8 digits or more and where it ends; the value holds for at most 18.
    @inline(never)
    private static func long(_ bytes: Span<UInt8>, _ start: Int) -> (value: Int64, end: Int) {
        var position = start
        var value: Int64 = 0
        while bytes[position] &- 0x30 < 10 {
            value = value &* 10 &+ Int64(bytes[position] &- 0x30)
            position += 1
        }
        return (value, position)
    }
}
