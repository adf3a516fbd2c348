internal import Transactions

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
    ) throws(RowScanner.Odd) -> (seconds: Int64, nanoseconds: UInt64) {
        let start = position &+ 1
        let head = ScannedText.word(at: start, in: bytes)
        // The day's last digits and 'T' are the rest of the key.
        let tail = ScannedText.word(at: start &+ 8, in: bytes) & 0xFF_FFFF
        let slot = Int(truncatingIfNeeded: (tail &>> 8) & 15)
        // Through the span: an index that varies copies the whole array first (Swift 6.3).
        if entries.span[slot].head != head || entries.span[slot].tail != tail {
            try fill(slot, bytes, start, head, tail)
        }
        // "HH:MM:SS" as one word: colons in their places, digits elsewhere, then pairs of them.
        let clock = ScannedText.word(at: start &+ 11, in: bytes)
        let digits = clock ^ 0x3030_3A30_303A_3030
        guard digits & 0xF0F0_FFF0_F0FF_F0F0 == 0,
            (digits &+ 0x0606_0006_0600_0606) & 0x1010_0010_1000_1010 == 0
        else { throw RowScanner.Odd() }
        let pairs = (digits & 0x000F_0F0F_0F0F_0F0F) &* 10 &+ (digits &>> 8)
        let hour = Int64(bitPattern: pairs & 0xFF)
        let minute = Int64(bitPattern: pairs &>> 24 & 0xFF)
        let second = Int64(bitPattern: pairs &>> 48 & 0xFF)
        guard hour < 24, minute < 60, second < 60 else { throw RowScanner.Odd() }
        let seconds =
            entries.span[slot].start &+ hour &* 3_600 &+ minute &* 60 &+ second
        var place = start &+ 19
        var nanoseconds: UInt64 = 0
        if bytes[place] == 0x2E {
            let word = ScannedText.word(at: place &+ 1, in: bytes)
            let bits = ScannedNumber.digitBits(word)
            guard bits > 0 else { throw RowScanner.Odd() }
            if bits < 64 {
                place &+= 1 &+ Int(truncatingIfNeeded: bits &>> 3)
                // Digits that are not there count as zeros behind: hundred-millionths.
                nanoseconds = ScannedNumber.joined(word & ~(UInt64.max &<< bits)) &* 10
            } else {
                (nanoseconds, place) = Self.fraction(bytes, place &+ 1)
            }
        }
        guard bytes[place] == 0x5A, bytes[place &+ 1] == 0x22 else { throw RowScanner.Odd() }
        position = place &+ 2
        return (seconds, nanoseconds)
    }

    /// Up to 9 decimals as nanoseconds, and where they end.
    @inline(never)
    private static func fraction(_ bytes: Span<UInt8>, _ start: Int) -> (UInt64, Int) {
        var place = start
        var value: UInt64 = 0
        while place < start + 9, bytes[place] &- 0x30 < 10 {
            value = value * 10 + UInt64(bytes[place] &- 0x30)
            place += 1
        }
        for _ in place..<start + 9 { value *= 10 }
        return (value, place)
    }

    @inline(never)
    private mutating func fill(
        _ slot: Int,
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ head: UInt64,
        _ tail: UInt64
    ) throws(RowScanner.Odd) {
        var text: [UInt8] = []
        for index in start..<start + 10 { text.append(bytes[index]) }
        guard bytes[start + 10] == 0x54,
            let date = CalendarDate(String(decoding: text, as: UTF8.self)), date != .first
        else { throw RowScanner.Odd() }
        entries[slot] = (head, tail, Int64(date.daysSinceEpoch) * 86_400)
    }
}
