internal import Expressions
internal import Transactions

/// Why a value cannot be written as its field says; never with the value itself.
struct FormError: Error {
    let name: String
    let message: String
    var cure: String?
}

/// How one field's value becomes text: decimals, marks, signs, patterns, absence.
struct FieldForm: Sendable {
    let format: FormatDeclaration
    let type: ValueType
    private let datePattern: DatePattern?
    private let numberPattern: NumberPattern?

    /// Resolves a field's form, and refuses what its type proves wrong.
    ///
    /// `type`: the type of the field's expression.
    /// `format`: the nearest form for each key.
    /// `pattern`: the field's or hole's own pattern, which serves numbers too.
    init(type: ValueType, format: FormatDeclaration, pattern own: String? = nil)
        throws(FormError)
    {
        self.type = type
        self.format = format
        if type.isOptional, format.absent == nil, format.kind != .xml {
            throw FormError(
                name: "absent-value",
                message: "the value may be absent",
                cure: "say how absence is written: absent: \"\", or use orValue(...)"
            )
        }
        var datePattern: DatePattern?
        var numberPattern: NumberPattern?
        do throws(PatternError) {
            switch type.present {
            case .date, .datetime:
                let hasTime = type.present == .datetime
                if let text = own ?? format.datePattern {
                    datePattern = try DatePattern(text, hasTime: hasTime)
                } else {
                    datePattern = try DatePattern(
                        hasTime ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd",
                        hasTime: hasTime
                    )
                }
            case .int, .decimal:
                if let own { numberPattern = try NumberPattern(own) }
            case .timestamp:
                throw PatternError(
                    message: "an instant is not written as it is",
                    cure: "say which clock: local(...), or which day: date(...)"
                )
            case .record, .list, .map, .duration, .null, .unknown:
                throw PatternError(message: "a \(type.present) is not one value")
            case .bool, .string:
                if own != nil { throw PatternError(message: "a \(type.present) has no pattern") }
            case .optional: break
            }
        } catch {
            throw FormError(name: "pattern", message: error.message, cure: error.cure)
        }
        let most = numberPattern?.mostPlaces ?? format.decimals
        if case .decimal(let places?) = type.present, let most, places > most {
            throw FormError(
                name: "decimals",
                message: "the value has up to \(places) decimals, \(most) are written",
                cure: "round it: round(..., \(most)), or write more decimals"
            )
        }
        self.datePattern = datePattern
        self.numberPattern = numberPattern
    }

    /// Characters that every value of the field has; nil when they vary.
    var fixedWidth: Int? { datePattern?.width }

    /// Whether the value is written as text, which quoting and formula guards look at.
    var isText: Bool { type.present == .string }

    /// Whether the value is written as a number, which pads behind its sign.
    var isNumber: Bool { type.present.isNumber }

    /// The value's text; nil when it is absent.
    func text(_ value: Value) throws(FormError) -> String? {
        switch value {
        case .absent: return nil
        case .bool(let value): return String(value)
        case .string(let text): return try checked(text)
        case .date(let date): return datePattern?.text(date)
        case .datetime(let time): return datePattern?.text(time)
        case .int(let value):
            if let numberPattern { return numberPattern.text(ExactDecimal(value)) }
            return try signed(String(value.magnitude), isNegative: value < 0)
        case .decimal(let value): return try number(value)
        case .timestamp, .duration, .list, .map, .record, .null: return nil
        }
    }

    private func checked(_ text: String) throws(FormError) -> String {
        var text = text
        if !format.escapes.isEmpty {
            text = text.reduce(into: "") { $0 += format.escapes[$1] ?? String($1) }
        }
        guard let most = format.textMost, text.unicodeScalars.count > most else { return text }
        guard format.textOverflow == .cut else {
            throw FormError(
                name: "width",
                message: "value has \(text.unicodeScalars.count) characters, \(most) are allowed",
                cure: "raise max, or set overflow: cut"
            )
        }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
    }

    private func number(_ value: ExactDecimal) throws(FormError) -> String {
        if let numberPattern {
            guard numberPattern.fits(value) else { throw tooManyDecimals }
            let text = numberPattern.text(value)
            return format.decimalMark == "," ? text.replacing(".", with: ",") : text
        }
        let reduced = value.normalized
        let places = format.decimals ?? reduced.scale
        guard let digits = reduced.significand(atScale: places) else { throw tooManyDecimals }
        var text = ExactDecimal(significand: digits < 0 ? -digits : digits, scale: places)
            .description
        switch format.decimalMark {
        case ",": text = text.replacing(".", with: ",")
        case "implied": text = text.replacing(".", with: "")
        default: break
        }
        return try signed(text, isNegative: digits < 0)
    }

    private var tooManyDecimals: FormError {
        FormError(
            name: "decimals",
            message: "value has more decimals than are written",
            cure: "round it: round(..., n)"
        )
    }

    private func signed(_ digits: String, isNegative: Bool) throws(FormError) -> String {
        switch format.sign ?? .minus {
        case .minus: return isNegative ? "-" + digits : digits
        case .plusMinus: return (isNegative ? "-" : "+") + digits
        case .trailingMinus: return isNegative ? digits + "-" : digits
        case .trailingPlusMinus: return digits + (isNegative ? "-" : "+")
        case .unsigned:
            guard !isNegative else {
                throw FormError(
                    name: "sign",
                    message: "value is negative, the field is unsigned",
                    cure: "write its size: math.abs(...), or choose a sign"
                )
            }
            return digits
        }
    }
}
