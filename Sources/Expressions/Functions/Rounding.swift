internal import Transactions

/// `round(x, n)` and `divide(a, b, n)`: the only ways to lose decimals, and they say how.
///
/// Halves go away from zero unless the last argument is 'half_even'. `round(-0.125, 2)` is -0.13.
let roundingFunctions: [Function] = [
    Function(
        "round",
        "round(decimal, int) -> decimal",
        [
            Overload([.number, .exactly(.int)], roundedType(1)) {
                _,
                values throws(EvaluationError) in
                try rounded(values[0], values[1], .halfUp)
            },
            Overload([.number, .exactly(.int), .exactly(.string)], roundedType(1)) {
                _,
                values throws(EvaluationError) in
                try rounded(values[0], values[1], try rounding(values[2]))
            },
        ]
    ),
    Function(
        "divide",
        "divide(number, number, int) -> decimal",
        [
            Overload([.number, .number, .exactly(.int)], roundedType(2)) {
                _,
                values throws(EvaluationError) in
                guard let dividend = values[0].number, let divisor = values[1].number,
                    case .int(let places) = values[2]
                else { return .absent }
                guard divisor.significand != 0 else {
                    throw EvaluationError("division-by-zero", "'divide' by zero")
                }
                guard let result = dividend.divided(by: divisor, to: Int(places), .halfUp) else {
                    throw Arithmetic.overflow("divide")
                }
                return .decimal(result)
            }
        ]
    ),
]

private func roundedType(_ place: Int)
    -> @Sendable ([(type: ValueType, constant: Value?)]) throws(FunctionError) -> ValueType
{
    { arguments throws(FunctionError) in
        guard case .int(let places)? = arguments[place].constant else {
            return .decimal(places: nil)
        }
        guard (0...ExactDecimal.maximumScale).contains(Int(places)) else {
            throw FunctionError(
                name: "arguments",
                message: "a decimal has 0 to 36 places",
                argument: place
            )
        }
        return .decimal(places: Int(places))
    }
}

private func rounding(_ value: Value) throws(EvaluationError) -> ExactDecimal.Rounding {
    guard case .string(let name) = value, let rounding = ExactDecimal.Rounding(rawValue: name)
    else {
        throw EvaluationError(
            "arguments",
            "'round' knows 'half_up', 'half_even', 'toward_zero', 'floor', 'ceiling'"
        )
    }
    return rounding
}

private func rounded(_ value: Value, _ places: Value, _ rounding: ExactDecimal.Rounding)
    throws(EvaluationError) -> Value
{
    guard let number = value.number, case .int(let count) = places else { return .absent }
    guard (0...ExactDecimal.maximumScale).contains(Int(count)) else {
        throw EvaluationError("arguments", "a decimal has 0 to 36 places, not \(count)")
    }
    return .decimal(number.rounded(to: Int(count), rounding))
}
