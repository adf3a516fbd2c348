internal import Transactions

/// `string(x)`, `string(x, pattern)`, `int(x)`, `decimal(x)`: from one type to another.
let conversionFunctions: [Function] = [
    Function(
        "string",
        "string(value), string(date | datetime | number, pattern) -> string",
        [
            Overload(
                [.any],
                { arguments throws(FunctionError) in
                    switch arguments[0].type {
                    case .list, .record, .optional:
                        throw FunctionError(
                            name: "type",
                            message: "'string' needs a plain value",
                            argument: 0
                        )
                    default: return .string
                    }
                }
            ) { _, values throws(EvaluationError) in .string(plainText(values[0])) },
            Overload(
                [.any, .exactly(.string)],
                { arguments throws(FunctionError) in
                    guard case .string(let pattern)? = arguments[1].constant else {
                        throw FunctionError(
                            name: "pattern",
                            message: "a pattern is a text in quotes",
                            argument: 1
                        )
                    }
                    do throws(PatternError) {
                        switch arguments[0].type {
                        case .date: _ = try DatePattern(pattern, hasTime: false)
                        case .datetime: _ = try DatePattern(pattern, hasTime: true)
                        case .int, .decimal: _ = try NumberPattern(pattern)
                        default:
                            throw PatternError(
                                message: "\(arguments[0].type) has no patterns",
                                cure: arguments[0].type == .timestamp
                                    ? "take the local time: local(...)" : nil
                            )
                        }
                    } catch {
                        throw FunctionError(
                            name: "pattern",
                            message: error.message,
                            cure: error.cure,
                            argument: 1
                        )
                    }
                    return .string
                }
            ) { _, values throws(EvaluationError) in
                guard case .string(let pattern) = values[1] else { return .absent }
                do throws(PatternError) {
                    return .string(try patterned(values[0], pattern))
                } catch {
                    throw EvaluationError("pattern", error.message)
                }
            },
        ]
    ),
    Function(
        "int",
        "int(string | decimal) -> int",
        [
            Overload([.exactly(.string)], .int) { _, values throws(EvaluationError) in
                guard case .string(let text) = values[0], let value = Int64(text) else {
                    throw EvaluationError("arguments", "'int' needs digits of a whole number")
                }
                return .int(value)
            },
            Overload([.number], .int) { _, values throws(EvaluationError) in
                // CEL: a number becomes an int by dropping its decimals.
                guard let number = values[0].number,
                    let whole = Int64(exactly: number.rounded(to: 0, .towardZero).significand)
                else { throw Arithmetic.overflow("int") }
                return .int(whole)
            },
        ]
    ),
    Function(
        "decimal",
        "decimal(string | int) -> decimal",
        [
            Overload(
                [.number],
                { arguments throws(FunctionError) in
                    .decimal(places: Checker.places(arguments[0].type))
                }
            ) { _, values throws(EvaluationError) in
                values[0].number.map(Value.decimal) ?? .absent
            },
            Overload([.exactly(.string)], .decimal(places: nil)) {
                _,
                values throws(EvaluationError) in
                guard case .string(let text) = values[0], let value = ExactDecimal(text) else {
                    throw EvaluationError("arguments", "'decimal' needs the digits of a number")
                }
                return .decimal(value)
            },
        ]
    ),
]

/// A value as names and messages show it: ISO dates, plain numbers.
public func plainText(_ value: Value) -> String {
    switch value {
    case .absent, .record: ""
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .decimal(let value): value.normalized.description
    case .string(let text): text
    case .date(let date): date.description
    case .datetime(let time): time.description
    case .timestamp(let instant): instant.description
    case .list(let values): "[" + values.map(plainText).joined(separator: ", ") + "]"
    }
}

private func patterned(_ value: Value, _ pattern: String) throws(PatternError) -> String {
    switch value {
    case .date(let date):
        return try DatePattern(pattern, hasTime: false).text(date)
    case .datetime(let time):
        return try DatePattern(pattern, hasTime: true).text(time)
    default:
        let form = try NumberPattern(pattern)
        return value.number.map { form.text($0) } ?? ""
    }
}
