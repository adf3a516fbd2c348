internal import Transactions

extension RowProgram {
    /// 1 to 10^18.
    private static let powers: [Int64] = {
        var powers: [Int64] = [1]
        for _ in 1...18 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()

    /// An amount in ten-thousandths rounded to fewer places, halves away from zero.
    @inline(__always)
    static func rounded(_ value: Int64, _ places: Int8) -> Int64 {
        let divisor: Int64
        switch places {
        case 0: divisor = 10_000
        case 1: divisor = 1_000
        // The usual one by itself: a division by a constant is a multiplication.
        case 2: return value < 0 ? -((-value &+ 50) / 100) : (value &+ 50) / 100
        case 3: divisor = 10
        default: return value
        }
        return value < 0
            ? -((-value &+ divisor / 2) / divisor) : (value &+ divisor / 2) / divisor
    }

    /// Keeps a number for the sums that ask for it, and appends it.
    @inline(__always)
    func keep(
        _ value: Int64,
        _ places: Int,
        _ at: Int,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let register = Int(ops[at].register)
        if register >= 0 { machine.numbers[register] = value }
        return append(value, places, style, &buffer)
    }

    /// A number at as many places as are written, without zeros that need not be; nil where decimals
    /// would be lost or its digits do not fit.
    @inline(__always)
    private static func scaled(_ value: Int64, _ places: Int, _ least: Int, _ most: Int) -> (
        Int64, Int
    )? {
        if places == least { return (value, places) }
        if places < least {
            guard least &- places <= 18 else { return nil }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: powers[least &- places])
            return overflow ? nil : (scaled, least)
        }
        var (value, places) = (value, places)
        while places > least, value % 10 == 0 {
            value /= 10
            places &-= 1
        }
        return places <= most ? (value, places) : nil
    }

    /// Appends a scaled whole number with sign, mark and padding.
    func append(_ number: Int64, _ decimals: Int, _ style: Int, _ buffer: inout RowBuffer) -> Bool {
        guard
            let (value, places) = Self.scaled(
                number,
                decimals,
                Int(styles[style].leastPlaces),
                Int(styles[style].mostPlaces)
            )
        else { return false }
        let isNegative = value < 0
        var leading: UInt8 = 0
        var trailing: UInt8 = 0
        switch styles[style].sign {
        case .minus: if isNegative { leading = 0x2D }
        case .plusMinus: leading = isNegative ? 0x2D : 0x2B
        case .unsigned: if isNegative { return false }
        case .trailingMinus: if isNegative { trailing = 0x2D }
        case .trailingPlusMinus: trailing = isNegative ? 0x2D : 0x2B
        case .overpunch: return false
        }
        let magnitude = value.magnitude
        let hasMark = places > 0 && styles[style].mark != 0
        // With a mark the last digits stand behind it.
        let behind = hasMark ? places : 0
        guard behind <= 18 else { return false }
        let isSmall = magnitude < 100_000_000
        let eight = EightDigits(magnitude)
        let least = styles[style].mark == 0 ? 1 : Int(styles[style].wholeDigits)
        let whole = max(least, (isSmall ? eight.count : Self.digits(magnitude)) &- behind)
        let length =
            whole &+ (hasMark ? 1 &+ behind : 0) &+ (leading == 0 ? 0 : 1)
            &+ (trailing == 0 ? 0 : 1)
        let padding = Int(styles[style].width) &- length
        if styles[style].quotesAlways { buffer.append(0x22) }
        if styles[style].form == .fixedWidth {
            guard padding >= 0 else { return false }
            if styles[style].alignsRight {
                if styles[style].padsZeros, leading != 0 {
                    buffer.append(leading)
                    leading = 0
                }
                buffer.append(styles[style].pad, times: padding)
            }
        }
        if leading != 0 { buffer.append(leading) }
        if isSmall, whole &+ behind <= 8 {
            buffer.append(eight, from: 8 &- behind &- whole, whole)
            if hasMark {
                buffer.append(styles[style].mark)
                buffer.append(eight, from: 8 &- behind, behind)
            }
        } else {
            let power = UInt64(Self.powers[behind])
            Self.append(magnitude / power, whole, &buffer)
            if hasMark {
                buffer.append(styles[style].mark)
                Self.append(magnitude % power, behind, &buffer)
            }
        }
        if trailing != 0 { buffer.append(trailing) }
        if styles[style].quotesAlways { buffer.append(0x22) }
        if styles[style].form == .fixedWidth, !styles[style].alignsRight {
            buffer.append(styles[style].pad, times: padding)
        }
        return true
    }

    /// Appends a number at so many digits, one by one.
    @inline(never)
    private static func append(_ value: UInt64, _ digits: Int, _ buffer: inout RowBuffer) {
        var left = value
        for place in (buffer.count..<buffer.count + digits).reversed() {
            buffer.set(0x30 + UInt8(left % 10), at: place)
            left /= 10
        }
        buffer.advance(digits)
    }

    /// How many digits a number has.
    @inline(never)
    private static func digits(_ value: UInt64) -> Int {
        var digits = 1
        var limit: UInt64 = 10
        while digits < 20, value >= limit {
            digits += 1
            if digits < 20 { limit *= 10 }
        }
        return digits
    }
}
