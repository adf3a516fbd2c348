internal import Expressions
internal import Transactions

/// Reads a number as its field writes it; it shares no code with the writer.
enum NumberReading {
    /// The value of a text; nil when it is none of that form.
    static func value(_ text: ArraySlice<UInt8>, _ form: FieldForm) -> Value? {
        guard let number = form.hasNumberPattern ? plain(text) : written(text, form) else {
            return nil
        }
        guard case .int = form.type.present else { return .decimal(number) }
        guard let whole = number.significand(atScale: 0), let value = Int64(exactly: whole) else {
            return nil
        }
        return .int(value)
    }

    /// A number with a pattern of its own: only where it has no groups.
    private static func plain(_ text: ArraySlice<UInt8>) -> ExactDecimal? {
        ExactDecimal(text.lazy.map { $0 == 0x2C ? 0x2E : $0 })
    }

    private static func written(_ text: ArraySlice<UInt8>, _ form: FieldForm) -> ExactDecimal? {
        var rest = text
        var isNegative = false
        func isSign(_ byte: UInt8?, plus: Bool) -> Bool {
            byte == 0x2D || plus && byte == 0x2B
        }
        switch form.format.sign ?? .minus {
        case .unsigned: break
        case .minus:
            if rest.first == 0x2D {
                isNegative = true
                rest.removeFirst()
            }
        case .plusMinus:
            guard isSign(rest.first, plus: true) else { return nil }
            isNegative = rest.removeFirst() == 0x2D
        case .trailingMinus:
            if rest.last == 0x2D {
                isNegative = true
                rest.removeLast()
            }
        case .trailingPlusMinus:
            guard isSign(rest.last, plus: true) else { return nil }
            isNegative = rest.removeLast() == 0x2D
        case .overpunch:
            // COBOL, SIGN TRAILING: {ABCDEFGHI or }JKLMNOPQR carry the last digit.
            guard let last = rest.popLast() else { return nil }
            let digit: UInt8
            switch last {
            case 0x7B: digit = 0
            case 0x41...0x49: digit = last - 0x40
            case 0x7D: (digit, isNegative) = (0, true)
            case 0x4A...0x52: (digit, isNegative) = (last - 0x49, true)
            default: return nil
            }
            rest = rest + [0x30 + digit]
        }
        guard let (digits, places) = digits(rest, form) else { return nil }
        return ExactDecimal(significand: isNegative ? -digits : digits, scale: places)
    }

    /// The digits and how many of them are decimals.
    private static func digits(_ text: ArraySlice<UInt8>, _ form: FieldForm) -> (Int128, Int)? {
        let mark = form.format.decimalMark ?? "."
        let isWhole = if case .int = form.type.present { true } else { false }
        var digits: Int128 = 0
        var places: Int?
        var count = 0
        for byte in text {
            if (0x30...0x39).contains(byte) {
                let (more, tooMany) = digits.multipliedReportingOverflow(by: 10)
                let (sum, overflow) = more.addingReportingOverflow(Int128(byte - 0x30))
                guard !tooMany, !overflow else { return nil }
                digits = sum
                count += 1
                places = places.map { $0 + 1 }
            } else if mark != "implied", byte == mark.utf8.first, places == nil, count > 0 {
                places = 0
            } else {
                return nil
            }
        }
        guard count > 0, places != 0 else { return nil }
        if isWhole { return places == nil ? (digits, 0) : nil }
        if mark == "implied" { return (digits, form.format.decimals ?? 0) }
        if let wanted = form.format.decimals, wanted != places ?? 0 { return nil }
        guard (places ?? 0) <= ExactDecimal.maximumScale else { return nil }
        return (digits, places ?? 0)
    }
}
