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
        _ op: RowOp,
        _ style: RowStyle,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        var value = Int64(bitPattern: row.words[Int(op.word)])
        var places = 0
        if op.kind == .amount {
            value = Self.rounded(value, op.places)
            places = Int(op.places)
        }
        if op.register >= 0 { machine.numbers[Int(op.register)] = value }
        let wanted = Int(style.decimals)
        if op.kind == .amount, wanted != places {
            if wanted < 0 {
                while places > 0, value % 10 == 0 {
                    value /= 10
                    places &-= 1
                }
            } else if wanted > places {
                guard wanted &- places <= 18 else { return false }
                let (scaled, overflow) = value.multipliedReportingOverflow(
                    by: Self.powers[wanted &- places]
                )
                guard !overflow else { return false }
                value = scaled
                places = wanted
            } else {
                let divisor = Self.powers[places &- wanted]
                guard value % divisor == 0 else { return false }
                value /= divisor
                places = wanted
            }
        }
        return append(value, places, style, &buffer)
    }

    /// Appends a scaled whole number with sign, mark and padding.
    @inline(__always)
    private func append(
        _ value: Int64,
        _ places: Int,
        _ style: RowStyle,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let isNegative = value < 0
        var leading: UInt8 = 0
        var trailing: UInt8 = 0
        switch style.sign {
        case .minus: if isNegative { leading = 0x2D }
        case .plusMinus: leading = isNegative ? 0x2D : 0x2B
        case .unsigned: if isNegative { return false }
        case .trailingMinus: if isNegative { trailing = 0x2D }
        case .trailingPlusMinus: trailing = isNegative ? 0x2D : 0x2B
        case .overpunch: return false
        }
        var magnitude = value.magnitude
        let hasMark = places > 0 && style.mark != 0
        let least = style.mark == 0 ? 1 : places &+ 1
        let digits = max(least, Self.digits(magnitude))
        let length =
            digits &+ (hasMark ? 1 : 0) &+ (leading == 0 ? 0 : 1) &+ (trailing == 0 ? 0 : 1)
        let padding = Int(style.width) &- length
        if style.quotesAlways { buffer.append(0x22) }
        if style.form == .fixedWidth {
            guard padding >= 0 else { return false }
            if style.alignsRight {
                if style.padsZeros, leading != 0 {
                    buffer.append(leading)
                    leading = 0
                }
                buffer.append(style.pad, times: padding)
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
            buffer.set(style.mark, at: place)
            left &-= places
        }
        while left >= 2 {
            place &-= 2
            buffer.setPair(Int(truncatingIfNeeded: magnitude % 100), at: place)
            magnitude /= 100
            left &-= 2
        }
        if left == 1 { buffer.set(0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10), at: place &- 1) }
        if trailing != 0 { buffer.append(trailing) }
        if style.quotesAlways { buffer.append(0x22) }
        if style.form == .fixedWidth, !style.alignsRight { buffer.append(style.pad, times: padding) }
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
