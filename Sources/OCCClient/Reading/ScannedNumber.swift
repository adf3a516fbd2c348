internal import Transactions

/// Reads the usual forms of JSON numbers and date-times; all others are odd.
enum ScannedNumber {
    /// An amount in ten-thousandths: at most 14 digits, then at most 4 decimals; no exponent.
    @inline(__always)
    static func amount(_ bytes: Span<UInt8>, _ position: inout Int) throws(RowScanner.Stop) -> Int64
    {
        let (negative, whole) = try leading(14, bytes, &position)
        var value = whole
        var decimals = 0
        if bytes[position] == 0x2E {
            position += 1
            let (fraction, count) = try digits(bytes, &position)
            guard count <= 4 else { throw .odd }
            decimals = count
            value = value &* power(count) &+ fraction
            if position >= bytes.count { throw .incomplete }
            guard decimals > 0 else { throw .odd }
        }
        try end(bytes[position])
        value &*= power(4 &- decimals)
        return negative ? -value : value
    }

    /// A whole number of at most 18 digits.
    @inline(__always)
    static func integer(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Stop) -> Int64 {
        let (negative, whole) = try leading(18, bytes, &position)
        try end(bytes[position])
        return negative ? -whole : whole
    }

    /// Passes a number of any length without exponent.
    static func skip(_ bytes: Span<UInt8>, _ position: inout Int) throws(RowScanner.Stop) {
        _ = try leading(.max, bytes, &position)
        if bytes[position] == 0x2E {
            let start = position + 1
            position = start
            while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
            if position >= bytes.count { throw .incomplete }
            guard position > start else { throw .odd }
        }
        try end(bytes[position])
    }

    /// Sign and digits before the point; the position is then within the bytes.
    @inline(__always)
    private static func leading(
        _ most: Int,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Stop) -> (isNegative: Bool, value: Int64) {
        let isNegative = bytes[position] == 0x2D
        if isNegative { position += 1 }
        let start = position
        let (value, count) = try digits(bytes, &position)
        if position >= bytes.count { throw .incomplete }
        guard count > 0, count <= most, count == 1 || bytes[start] != 0x30 else { throw .odd }
        return (isNegative, value)
    }

    /// A run of digits and its length; the value holds for at most 18.
    ///
    /// Up to 7 digits are found and converted as one word: digit by digit a row cost a sixth more
    /// (instructions of 10,000 rows of the benchmark, Swift 6.3).
    @inline(__always)
    private static func digits(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Stop) -> (value: Int64, count: Int) {
        if position &+ 8 <= bytes.count {
            let word = ScannedText.word(at: position, in: bytes)
            // A byte is a digit where its distance from '0' is at most 9.
            let distance = word ^ 0x3030_3030_3030_3030
            let stops =
                ((distance & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | distance)
                & 0x8080_8080_8080_8080
            let bits = UInt64(stops.trailingZeroBitCount) & 0x78
            if bits == 0 { return (0, 0) }
            if bits < 64 {
                // Eight digits with zeros in front; pairs, then fours, then all are joined.
                var value = (word << (64 &- bits)) & 0x0F0F_0F0F_0F0F_0F0F
                value = (value &* 2_561) >> 8 & 0x00FF_00FF_00FF_00FF
                value = (value &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
                value = (value &* 42_949_672_960_001) >> 32
                let count = Int(bits >> 3)
                position &+= count
                return (Int64(bitPattern: value), count)
            }
        }
        let start = position
        var value: Int64 = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10 {
            value = value &* 10 &+ Int64(bytes[position] &- 0x30)
            position += 1
        }
        return (value, position - start)
    }

    @inline(__always)
    private static func power(_ count: Int) -> Int64 {
        switch count {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1_000
        default: 10_000
        }
    }

    /// A number ends before a comma, a brace, a bracket or a blank.
    @inline(__always)
    private static func end(_ byte: UInt8) throws(RowScanner.Stop) {
        switch byte {
        case 0x2C, 0x7D, 0x5D, 0x20, 0x0A, 0x0D, 0x09: return
        default: throw .odd
        }
    }
}

/// Reads `yyyy-MM-ddTHH:MM:SS`, up to 9 decimals and `Z`; keeps the days it has seen, since rows
/// come in order of time.
struct DayCache {
    private var entries = InlineArray<16, (head: UInt64, tail: UInt64, start: Int64)>(
        repeating: (0, 0, 0)
    )

    /// The instant whose opening quote is at the position, which goes on behind the closing one.
    @inline(__always)
    mutating func instant(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(RowScanner.Stop) -> (seconds: Int64, nanoseconds: Int32) {
        let start = position + 1
        guard start + 32 <= bytes.count else {
            // Near the end of the bytes: the checked path, where the text is whole.
            _ = try ScannedText.end(bytes, start)
            throw .odd
        }
        let head = ScannedText.word(at: start, in: bytes)
        // "dT" and the hour's five signs: the day's last digits and 'T' are part of the key.
        let middle = ScannedText.word(at: start + 8, in: bytes)
        let tail = middle & 0xFF_FFFF
        let slot = Int(truncatingIfNeeded: (tail >> 8) & 15)
        // Through the span: an index that varies copies the whole array first (Swift 6.3).
        if entries.span[slot].head != head || entries.span[slot].tail != tail {
            try fill(slot, bytes, start, head, tail)
        }
        // "HH:MM:SS" as one word: colons in their places, digits elsewhere, then pairs of them.
        let clock = ScannedText.word(at: start + 11, in: bytes)
        let digits = clock ^ 0x3030_3A30_303A_3030
        guard digits & 0xF0F0_FFF0_F0FF_F0F0 == 0,
            (digits &+ 0x0606_0006_0600_0606) & 0x1010_0010_1000_1010 == 0
        else { throw .odd }
        let pairs = (digits & 0x000F_0F0F_0F0F_0F0F) &* 10 &+ (digits >> 8)
        let hour = Int64(pairs & 0xFF)
        let minute = Int64(pairs >> 24 & 0xFF)
        let second = Int64(pairs >> 48 & 0xFF)
        guard hour < 24, minute < 60, second < 60 else { throw .odd }
        var place = start + 19
        var nanoseconds: Int32 = 0
        if bytes[place] == 0x2E {
            place += 1
            var digits = 0
            while digits < 9, bytes[place] &- 0x30 < 10 {
                nanoseconds = nanoseconds &* 10 &+ Int32(bytes[place] &- 0x30)
                digits += 1
                place += 1
            }
            guard digits > 0 else { throw .odd }
            while digits < 9 {
                nanoseconds &*= 10
                digits += 1
            }
        }
        guard bytes[place] == 0x5A, bytes[place + 1] == 0x22 else { throw .odd }
        position = place + 2
        return (
            entries.span[slot].start &+ hour &* 3_600 &+ minute &* 60 &+ second, nanoseconds
        )
    }

    private mutating func fill(
        _ slot: Int,
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ head: UInt64,
        _ tail: UInt64
    ) throws(RowScanner.Stop) {
        var text: [UInt8] = []
        for index in start..<start + 10 { text.append(bytes[index]) }
        guard bytes[start + 10] == 0x54,
            let date = CalendarDate(String(decoding: text, as: UTF8.self)), date != .first
        else { throw .odd }
        entries[slot] = (head, tail, Int64(date.daysSinceEpoch) * 86_400)
    }
}
