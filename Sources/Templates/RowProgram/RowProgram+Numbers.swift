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

    /// Appends an amount or a whole number.
    @inline(__always)
    func number(
        _ row: borrowing ScannedRow,
        _ words: Span<UInt64>,
        _ ops: Span<RowOp>,
        _ at: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        var value = Int64(bitPattern: words[Int(ops[at].word)])
        var places = 0
        if ops[at].kind == .amount {
            value = Self.rounded(value, ops[at].places)
            places = Int(ops[at].places)
        }
        if ops[at].register >= 0 { machine.numbers[Int(ops[at].register)] = value }
        return append(value, places, styles, style, &buffer)
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
    @inline(__always)
    func append(
        _ number: Int64,
        _ decimals: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ buffer: inout RowBuffer
    ) -> Bool {
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
        var magnitude = value.magnitude
        let hasMark = places > 0 && styles[style].mark != 0
        let least = styles[style].mark == 0 ? 1 : places &+ Int(styles[style].wholeDigits)
        let digits = max(least, Self.digits(magnitude))
        let length =
            digits &+ (hasMark ? 1 : 0) &+ (leading == 0 ? 0 : 1) &+ (trailing == 0 ? 0 : 1)
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
        // From the last digit on, two at a time.
        var place = buffer.count &+ digits &+ (hasMark ? 1 : 0)
        buffer.advance(place &- buffer.count)
        var left = digits
        if hasMark {
            var decimals = places
            while decimals > 0 {
                place &-= 1
                buffer.set(0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10), at: place)
                magnitude /= 10
                decimals &-= 1
            }
            place &-= 1
            buffer.set(styles[style].mark, at: place)
            left &-= places
        }
        while left >= 2 {
            place &-= 2
            buffer.setPair(Int(truncatingIfNeeded: magnitude % 100), at: place)
            magnitude /= 100
            left &-= 2
        }
        if left == 1 {
            buffer.set(0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10), at: place &- 1)
        }
        if trailing != 0 { buffer.append(trailing) }
        if styles[style].quotesAlways { buffer.append(0x22) }
        if styles[style].form == .fixedWidth, !styles[style].alignsRight {
            buffer.append(styles[style].pad, times: padding)
        }
        return true
    }

    /// How many digits a number has.
    @inline(__always)
    private static func digits(_ value: UInt64) -> Int {
        var digits = 1
        var limit: UInt64 = 10
        while value >= limit, digits < 20 {
            digits &+= 1
            limit = limit &* 10
            if digits == 20 { break }
        }
        return digits
    }
}
