internal import Transactions

/// From one type to another: `string`, `int`, `decimal`, `bool`.
///
/// `string(1.50)` is '1.5', `int(-7.9)` is -7, `decimal('0.10') == 0.1` is true, `bool('t')` is true.
let conversionFunctions: [Function] = [
    Function(
        "string",
        "string(value) or string(date | datetime | number, 'pattern') -> string",
        [
            Overload([.any]) { site throws(FunctionError) in
                switch site.type(0) {
                case .list, .map, .record, .optional, .null:
                    throw FunctionError(
                        .type,
                        "'string' needs a plain value, this is \(Checker.article(site.type(0)))",
                        cure: "write '%s'.format([...])",
                        argument: 0
                    )
                default: break
                }
                let length: Int? =
                    switch site.type(0) {
                    case .bool: 5
                    case .string: site.bounds(0).length
                    case .int: (site.bounds(0).wholeDigits ?? 19) + 1
                    case .decimal(let places?):
                        site.bounds(0).wholeDigits.map {
                            max($0, 1) + 1 + (places > 0 ? places + 1 : 0)
                        }
                    case .date: 10
                    default: nil
                    }
                let isASCII = site.type(0) != .string || site.bounds(0).isASCII
                return Prepared(
                    .string,
                    Bounds(length: length, isASCII: isASCII),
                    .one { value throws(EvaluationError) in .string(plainText(value)) }
                )
            },
            Overload([.any, .string]) { site throws(FunctionError) in try patterned(site) },
        ]
    ),
    Function(
        "int",
        "int(string | number | timestamp) -> int",
        [
            Overload([.exactly(.int)]) { site throws(FunctionError) in
                Prepared(.int, site.bounds(0), .one { value throws(EvaluationError) in value })
            },
            Overload([.number]) { site throws(FunctionError) in
                Prepared(
                    .int,
                    site.bounds(0),
                    .one { value throws(EvaluationError) in
                        // CEL: a number becomes an int by dropping its decimals.
                        let number = try value.asNumber.rounded(to: 0, .towardZero)
                        guard let digits = number.significand(atScale: 0),
                            let whole = Int64(exactly: digits)
                        else { throw Arithmetic.overflow("int") }
                        return .int(whole)
                    }
                )
            },
            Overload(.string, to: .int) { text throws(EvaluationError) in
                guard let value = Int64(try text.asText) else {
                    throw EvaluationError(
                        .conversion,
                        "'int' needs the digits of a whole number within 64 bits"
                    )
                }
                return .int(value)
            },
            Overload(.timestamp, to: .int) { instant throws(EvaluationError) in
                .int(try instant.asInstant.seconds)
            },
        ]
    ),
    Function(
        "decimal",
        "decimal(string | number) -> decimal",
        [
            Overload([.number]) { site throws(FunctionError) in
                Prepared(
                    .decimal(places: Arithmetic.places(site.type(0))),
                    site.bounds(0),
                    .number { number throws(EvaluationError) in number }
                )
            },
            Overload(.string, to: .decimal(places: nil)) { text throws(EvaluationError) in
                guard let value = ExactDecimal(try text.asText) else {
                    throw EvaluationError(
                        .conversion,
                        "'decimal' needs the digits of a number with a point, such as -12.50"
                    )
                }
                return .decimal(value)
            },
        ]
    ),
    Function(
        "bool",
        "bool(string | bool) -> bool",
        [
            Overload(.exactly(.bool), to: .bool) { value throws(EvaluationError) in value },
            Overload(.string, to: .bool) { text throws(EvaluationError) in
                switch try text.asText {
                case "1", "t", "T", "true", "TRUE", "True": return .bool(true)
                case "0", "f", "F", "false", "FALSE", "False": return .bool(false)
                default:
                    throw EvaluationError(
                        .conversion,
                        "'bool' needs true or false, t or f, 1 or 0"
                    )
                }
            },
        ]
    ),
]

/// `string(x, 'pattern')`, the pattern read once.
private func patterned(_ site: CallSite) throws(FunctionError) -> Prepared {
    guard let pattern = site.constantText(1) else {
        throw FunctionError(
            .pattern,
            "a pattern is a text in quotes",
            cure: "write it in place: 'yyyy-MM-dd'",
            argument: 1
        )
    }
    do throws(PatternError) {
        switch site.type(0) {
        case .date, .datetime:
            let form = try DatePattern(pattern, hasTime: site.type(0) == .datetime)
            return Prepared(
                .string,
                Bounds(length: form.width, isASCII: pattern.utf8.allSatisfy { $0 < 0x80 }),
                .two { value, _ throws(EvaluationError) in
                    switch value {
                    case .date(let date): .string(form.text(date))
                    case .datetime(let time): .string(form.text(time))
                    default: .absent
                    }
                }
            )
        case .int, .decimal:
            let form = try NumberPattern(pattern)
            let digits = site.bounds(0).wholeDigits
            let length = digits.map {
                max($0, form.wholeDigits, 1) + 1 + (form.mostPlaces > 0 ? form.mostPlaces + 1 : 0)
            }
            if let places = Arithmetic.places(site.type(0)), places > form.mostPlaces {
                throw PatternError(
                    message:
                        "the number may have \(places) decimals, '\(pattern)' writes \(form.mostPlaces)",
                    cure: "round it first: round(..., \(form.mostPlaces))"
                )
            }
            return Prepared(
                .string,
                Bounds(length: length, isASCII: pattern.utf8.allSatisfy { $0 < 0x80 }),
                .two { value, _ throws(EvaluationError) in
                    let number = try value.asNumber
                    guard form.fits(number) else {
                        throw EvaluationError(
                            .pattern,
                            "the number has more decimals than the pattern writes"
                        )
                    }
                    return .string(form.text(number))
                }
            )
        default:
            throw PatternError(
                message: "\(Checker.article(site.type(0))) has no patterns",
                cure: site.type(0) == .timestamp ? "take the local time: local(...)" : nil
            )
        }
    } catch {
        throw FunctionError(.pattern, error.message, cure: error.cure, argument: 1)
    }
}
