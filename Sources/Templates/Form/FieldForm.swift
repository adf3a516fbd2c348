internal import Expressions
internal import Transactions

/// How one field's value becomes text: decimals, marks, signs, patterns, absence.
final class FieldForm: Sendable {
    /// The shortest way to write a value.
    enum Shape { case text, decimal, other }

    let format: FormatDeclaration
    let type: ValueType
    let shape: Shape
    private let datePattern: DatePattern?
    private let numberPattern: NumberPattern?
    private let policy: TextPolicy
    /// `format.sign`, `format.decimals` and the mark, resolved once.
    private let sign: FormatDeclaration.Sign
    private let decimals: Int?
    private let mark: UInt8?

    /// Resolves a field's form, and refuses what its type proves wrong.
    ///
    /// `type`: the type of the field's expression.
    /// `format`: the nearest form for each key.
    /// `pattern`: the field's or hole's own pattern, which serves numbers too.
    init(
        type: ValueType,
        format: FormatDeclaration,
        encoding: CharacterEncoding,
        pattern own: String? = nil,
        patternNode: YAMLNode? = nil
    ) throws(FormError) {
        self.type = type
        self.format = format
        shape =
            switch type.present {
            case .string: .text
            case .decimal: .decimal
            default: .other
            }
        policy = TextPolicy(format, encoding)
        sign = format.sign ?? .minus
        decimals = format.decimals
        mark =
            switch format.decimalMark ?? "." {
            case "implied": nil
            case let mark: mark.utf8.first
            }
        if type.isOptional, format.absent == nil, format.kind != .xml, format.kind != .json {
            throw FormError(
                name: "absent-value",
                message: "the value may be absent",
                cure: "say how absence is written: absent: \"\", or use orValue(...)"
            )
        }
        var datePattern: DatePattern?
        var numberPattern: NumberPattern?
        let text: String?
        if let own { text = own } else { text = Self.text(of: format.datePattern) }
        do throws(PatternError) {
            switch type.present {
            case .date, .datetime:
                let hasTime = type.present == .datetime
                datePattern = try DatePattern(
                    text ?? (hasTime ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd"),
                    hasTime: hasTime
                )
            case .int, .decimal:
                if let own { numberPattern = try NumberPattern(own) }
            case .timestamp:
                throw PatternError(
                    message: "an instant is not written as it is",
                    cure: "say which clock: local(...), or which day: date(...)"
                )
            case .bool, .string:
                if own != nil { throw PatternError(message: "a \(type.present) has no pattern") }
            default: throw PatternError(message: "a \(type.present) is not one value")
            }
        } catch {
            let isValue = if case .timestamp = type.present { true } else { false }
            throw FormError(
                error,
                of: isValue ? nil : own != nil ? patternNode : format.datePattern
            )
        }
        let most = numberPattern?.mostPlaces ?? format.decimals
        if case .decimal(let places?) = type.present, let most, places > most {
            throw FormError(
                name: "decimals",
                message: "the value has up to \(places) decimals, \(most) are written",
                cure: "round it: round(..., \(most)), or write more decimals"
            )
        }
        if case .decimal = type.present, format.decimalMark == "implied", most == nil {
            throw FormError(
                name: "decimals",
                message:
                    "the decimal mark is implied, and nothing says how many decimals there are",
                cure: "add decimals: 2"
            )
        }
        self.datePattern = datePattern
        self.numberPattern = numberPattern
    }

    private static func text(of node: YAMLNode?) -> String? {
        guard case .scalar(let text, _)? = node?.content else { return nil }
        return text
    }

    /// The parts of the pattern that days and times are written by.
    var dateSteps: [DatePattern.Step]? { datePattern?.steps }

    /// How numbers are written, resolved.
    struct NumberStyle {
        let sign: FormatDeclaration.Sign
        /// Decimals at least and at most.
        let places: ClosedRange<Int>
        /// Digits before the mark, at least; of those with a mark.
        let wholeDigits: Int
        /// 0 for none.
        let mark: UInt8
    }

    /// How numbers are written; nil where a pattern leaves out a zero before its point.
    var numberStyle: NumberStyle? {
        let most = ExactDecimal.maximumScale
        guard let numberPattern else {
            // A whole number has no decimals, whatever the form says of them.
            let written = type.present == .int ? 0 : decimals
            return NumberStyle(
                sign: sign,
                places: written.map { $0...$0 } ?? 0...most,
                wholeDigits: 1,
                mark: mark ?? 0
            )
        }
        guard numberPattern.wholeDigits > 0 else { return nil }
        return NumberStyle(
            sign: .minus,
            places: numberPattern.leastPlaces...numberPattern.mostPlaces,
            wholeDigits: numberPattern.wholeDigits,
            mark: mark == 0x2C ? 0x2C : 0x2E
        )
    }

    /// Characters that every value of the field has; nil when they vary.
    var fixedWidth: Int? { datePattern?.width }

    /// The most decimals that are written; nil where the value has as many as it has.
    var mostPlaces: Int? { numberPattern?.mostPlaces ?? decimals }

    /// Whether a number has a pattern of its own, which decides its digits instead of `decimals`.
    var hasNumberPattern: Bool { numberPattern != nil }

    /// Whether the value is written as text, which quoting and formula guards look at.
    var isText: Bool { type.present == .string }

    /// Whether the value is written as a number, which pads behind its sign.
    var isNumber: Bool { type.present.isNumber }

    /// Characters that every number takes at least; nil for what is no number.
    var narrowest: Int? {
        guard case .decimal = type.present, numberPattern == nil, let decimals else { return nil }
        let signs = sign == .plusMinus || sign == .trailingPlusMinus ? 1 : 0
        let points = decimals > 0 && mark != nil ? 1 : 0
        return signs + points + (mark == nil ? 1 : decimals + 1)
    }

    /// The most characters a value can take, as far as its bounds are known.
    func widest(_ bounds: Bounds) -> Int? {
        switch type.present {
        case .date, .datetime: return datePattern?.width
        case .bool: return 5
        case .string:
            guard format.escapes.isEmpty else { return nil }
            if let most = format.textMost { return min(most, bounds.length ?? most) }
            return bounds.length
        case .int, .decimal:
            // An int has at most 19 digits, whatever is known of it.
            guard let whole = type.present == .int ? bounds.wholeDigits ?? 19 : bounds.wholeDigits
            else { return nil }
            var places = 0
            if case .decimal(let known) = type.present {
                guard let written = numberPattern?.mostPlaces ?? decimals ?? known else {
                    return nil
                }
                places = written
            }
            let signs: Int
            switch sign {
            case .plusMinus, .trailingPlusMinus: signs = 1
            case .unsigned, .overpunch: signs = 0
            case .minus, .trailingMinus: signs = bounds.isNonNegative ? 0 : 1
            }
            let points = places > 0 && (mark != nil || numberPattern != nil) ? 1 : 0
            return max(whole, numberPattern?.wholeDigits ?? 1, 1) + places + points + signs
        default: return nil
        }
    }

    /// Appends the value's text as UTF-8; false when it is absent.
    ///
    /// `altered` grows by the characters that the text's policies changed.
    func append(_ value: Value, to output: inout [UInt8], altered: inout Int) throws(FormError)
        -> Bool
    {
        switch value {
        case .absent: return false
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .string(let text):
            output.append(contentsOf: text.utf8)
            try settle(&output, altered: &altered)
        case .date(let date): datePattern?.append(date, to: &output)
        case .datetime(let time): datePattern?.append(time, to: &output)
        case .int(let value):
            if type.present == .int, numberPattern == nil {
                try append(UInt128(value.magnitude), value < 0, places: 0, to: &output)
            } else {
                try append(ExactDecimal(value), to: &output)
            }
        case .decimal(let value): try append(value, to: &output)
        default: return false
        }
        return true
    }

    /// Applies escapes, policies and the greatest length to text that was just put into a buffer.
    func settle(_ output: inout [UInt8], altered: inout Int) throws(FormError) {
        altered += try policy.apply(to: &output)
        if !format.escapes.isEmpty, let escaped = escaped(output) { output = escaped }
        guard let most = format.textMost else { return }
        let count = UTF8Cursor.count(output)
        guard count > most else { return }
        guard format.textOverflow == .cut else {
            throw FormError(
                name: "width",
                message: "value has \(count) characters, \(most) are allowed",
                cure: "raise max, or set overflow: cut"
            )
        }
        var place = 0
        for _ in 0..<most { _ = UTF8Cursor.next(output, &place) }
        output.removeSubrange(place...)
        altered += 1
    }

    private func escaped(_ text: [UInt8]) -> [UInt8]? {
        var escaped: [UInt8] = []
        var place = 0
        var isChanged = false
        while place < text.count {
            let start = place
            let code = UTF8Cursor.next(text, &place)
            if let scalar = Unicode.Scalar(code), let replacement = format.escapes[scalar] {
                escaped.append(contentsOf: replacement.utf8)
                isChanged = true
            } else {
                escaped.append(contentsOf: text[start..<place])
            }
        }
        return isChanged ? escaped : nil
    }

    /// Appends a number.
    func append(_ value: ExactDecimal, to output: inout [UInt8]) throws(FormError) {
        if let numberPattern {
            guard numberPattern.fits(value) else { throw tooManyDecimals }
            let text = numberPattern.text(value)
            output.append(contentsOf: text.utf8)
            if mark == 0x2C, let point = output.lastIndex(of: 0x2E) { output[point] = 0x2C }
            return
        }
        var places = value.scale
        var digits = value.significand
        if let decimals {
            if decimals != places {
                guard let scaled = value.significand(atScale: decimals) else {
                    throw tooManyDecimals
                }
                digits = scaled
                places = decimals
            }
        } else {
            let reduced = value.normalized
            (digits, places) = (reduced.significand, reduced.scale)
        }
        try append(digits.magnitude, digits < 0, places: places, to: &output)
    }

    /// Appends a scaled whole number with its mark and sign.
    private func append(
        _ digits: UInt128,
        _ isNegative: Bool,
        places: Int,
        to output: inout [UInt8]
    ) throws(FormError) {
        switch sign {
        case .minus: if isNegative { output.append(0x2D) }
        case .plusMinus: output.append(isNegative ? 0x2D : 0x2B)
        case .unsigned:
            guard !isNegative else {
                throw FormError(
                    name: "sign",
                    message: "value is negative, the field is unsigned",
                    cure: "write its size: math.abs(...), or choose a sign"
                )
            }
        case .trailingMinus, .trailingPlusMinus, .overpunch: break
        }
        // Without a mark the zeros before the decimals say nothing: 5 cents are 5, padding adds the rest.
        DecimalDigits.append(digits, atLeast: mark == nil ? 1 : places + 1, to: &output)
        if places > 0, let mark { output.insert(mark, at: output.count - places) }
        switch sign {
        case .trailingMinus: if isNegative { output.append(0x2D) }
        case .trailingPlusMinus: output.append(isNegative ? 0x2D : 0x2B)
        case .overpunch:
            // COBOL, SIGN TRAILING: the last digit carries the sign, {ABCDEFGHI or }JKLMNOPQR.
            let digit = Int(output[output.count - 1] - 0x30)
            let letters = Array((isNegative ? "}JKLMNOPQR" : "{ABCDEFGHI").utf8)
            output[output.count - 1] = letters[digit]
        default: break
        }
    }

    private var tooManyDecimals: FormError {
        FormError(
            name: "decimals",
            message: "value has more decimals than are written",
            cure: "round it: round(..., n)"
        )
    }
}
