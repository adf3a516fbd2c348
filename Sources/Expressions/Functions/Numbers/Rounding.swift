internal import Transactions

/// `round(x, n)`, `round(x, n, how)` and `divide(a, b, n)`: the only ways to lose decimals, and they say
/// how.
///
/// Halves go away from zero unless the last argument says otherwise: `round(-0.125, 2)` is -0.13,
/// `round(0.125, 2, 'half_even')` is 0.12. A division directly inside is rounded once, from the exact
/// quotient: `round(2.0 / 3, 2)` is 0.67.
let roundingFunctions: [Function] = [
    Function(
        "round",
        "round(number, int) or round(number, int, 'half_even') -> decimal",
        [
            Overload([.number, .int]) { site throws(FunctionError) in
                try rounded(site, .halfUp)
            },
            Overload([.number, .int, .string]) { site throws(FunctionError) in
                try rounded(site, try rounding(site, 2))
            },
        ]
    ),
    Function(
        "divide",
        "divide(number, number, int) or divide(number, number, int, 'half_even') -> decimal",
        [
            Overload([.number, .number, .int]) { site throws(FunctionError) in
                try quotient(site, .halfUp)
            },
            Overload([.number, .number, .int, .string]) { site throws(FunctionError) in
                try quotient(site, try rounding(site, 3))
            },
        ]
    ),
]

private func rounding(_ site: CallSite, _ index: Int) throws(FunctionError)
    -> ExactDecimal.Rounding
{
    guard let name = site.constantText(index) else {
        throw FunctionError(
            .arguments,
            "the way to round is a text in quotes",
            cure: "write 'half_even'",
            argument: index
        )
    }
    guard let rounding = ExactDecimal.Rounding(rawValue: name) else {
        let known = ExactDecimal.Rounding.allCases.map { "'\($0.rawValue)'" }
        throw FunctionError(
            .arguments,
            "there is no rounding '\(name)'",
            cure: "there are \(known.joined(separator: ", "))",
            argument: index
        )
    }
    return rounding
}

/// The places asked for where they are constant; nil where only a row tells.
private func places(_ site: CallSite, _ index: Int) throws(FunctionError) -> Int? {
    guard let count = site.constantInt(index) else { return nil }
    guard (0...Int64(ExactDecimal.maximumScale)).contains(count) else {
        throw FunctionError(
            .arguments,
            "a decimal has 0 to \(ExactDecimal.maximumScale) places, not \(count)",
            argument: index
        )
    }
    return Int(count)
}

private func places(_ value: Value) throws(EvaluationError) -> Int {
    let count = try value.asInt
    guard (0...Int64(ExactDecimal.maximumScale)).contains(count) else {
        throw EvaluationError(
            .arguments,
            "a decimal has 0 to \(ExactDecimal.maximumScale) places, not \(count)"
        )
    }
    return Int(count)
}

private func rounded(_ site: CallSite, _ rounding: ExactDecimal.Rounding) throws(FunctionError)
    -> Prepared
{
    var bounds = site.bounds(0)
    guard let places = try places(site, 1) else {
        bounds.wholeDigits = bounds.wholeDigits.map { $0 + 1 }
        return Prepared(
            .decimal(places: nil),
            bounds,
            .many { values throws(EvaluationError) in
                let places = try places(values[1])
                return .decimal(try values[0].asNumber.rounded(to: places, rounding))
            }
        )
    }
    // A value that already fits stays as it is; 9.99 may become 10.0.
    let had = Arithmetic.places(site.type(0))
    if had.map({ $0 > places }) ?? true { bounds.wholeDigits = bounds.wholeDigits.map { $0 + 1 } }
    var prepared = Prepared(
        .decimal(places: min(places, had ?? places)),
        bounds,
        .number { number throws(EvaluationError) in number.rounded(to: places, rounding) }
    )
    prepared.step = .round(places: places, rounding)
    return prepared
}

private func quotient(_ site: CallSite, _ rounding: ExactDecimal.Rounding) throws(FunctionError)
    -> Prepared
{
    Prepared(
        .decimal(places: try places(site, 2)),
        .unknown,
        .many { values throws(EvaluationError) in
            .decimal(
                try quotient(
                    values[0].asNumber,
                    values[1].asNumber,
                    try places(values[2]),
                    rounding
                )
            )
        }
    )
}

/// The exact quotient, rounded once.
func quotient(
    _ dividend: ExactDecimal,
    _ divisor: ExactDecimal,
    _ places: Int,
    _ rounding: ExactDecimal.Rounding
) throws(EvaluationError) -> ExactDecimal {
    guard divisor.significand != 0 else {
        throw EvaluationError(.divisionByZero, "'/' by zero")
    }
    guard let result = dividend.divided(by: divisor, to: places, rounding) else {
        throw Arithmetic.overflow("/")
    }
    return result
}

extension Checker {
    /// `round(a / b, n)`: the division is rounded as stated, so it may be one of decimals.
    ///
    /// Nil when it is no such call, or one of ints, which CEL divides without a rest.
    mutating func checkRoundedDivision(
        _ arguments: [SyntaxNode],
        _ function: Function,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed? {
        guard (2...3).contains(arguments.count),
            case .binary("/", let leftNode, let rightNode) = arguments[0].kind
        else { return nil }
        let left = try checkPresent(leftNode, for: "'/'", wants: "a number")
        let right = try checkPresent(rightNode, for: "'/'", wants: "a number")
        guard left.type.isNumber, right.type.isNumber, left.type != .int || right.type != .int
        else { return nil }
        var rest: [Typed] = []
        for argument in arguments.dropFirst() { rest.append(try check(argument)) }
        guard let divide = FunctionTable.functions["divide"] else { return nil }
        var typed = try call(
            divide,
            [left, right] + rest,
            [leftNode, rightNode] + arguments.dropFirst(),
            node
        )
        typed.path = nil
        return typed
    }
}
