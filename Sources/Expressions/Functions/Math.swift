internal import Transactions

/// CEL's math extension on exact numbers: `math.abs`, `math.sign`, `math.greatest`, `math.least`,
/// `math.ceil`, `math.floor`, `math.trunc`, `math.round`.
let mathFunctions: [Function] =
    [
        Function(
            "math.abs",
            "math.abs(number) -> number",
            [
                Overload([.number], sameType) { _, values throws(EvaluationError) in
                    switch values[0] {
                    case .int(let value):
                        guard value != .min else { throw Arithmetic.overflow("math.abs") }
                        return .int(abs(value))
                    case .decimal(let value) where value < .zero:
                        guard let negated = value.negated else {
                            throw Arithmetic.overflow("math.abs")
                        }
                        return .decimal(negated)
                    default: return values[0]
                    }
                }
            ]
        ),
        Function(
            "math.sign",
            "math.sign(number) -> int",
            [
                Overload([.number], .int) { _, values throws(EvaluationError) in
                    guard let number = values[0].number else { return .absent }
                    return .int(number.significand == 0 ? 0 : number.significand < 0 ? -1 : 1)
                }
            ]
        ),
        extreme("math.greatest") { Value.isOrdered($0, $1) ? $1 : $0 },
        extreme("math.least") { Value.isOrdered($1, $0) ? $1 : $0 },
    ]
    + [
        ("math.ceil", ExactDecimal.Rounding.ceiling), ("math.floor", .floor),
        ("math.trunc", .towardZero), ("math.round", .halfUp),
    ].map { name, rounding in
        Function(
            name,
            "\(name)(decimal) -> decimal",
            [
                Overload([.number], .decimal(places: 0)) { _, values throws(EvaluationError) in
                    guard let number = values[0].number else { return .absent }
                    return .decimal(number.rounded(to: 0, rounding))
                }
            ]
        )
    }

private let sameType:
    @Sendable ([(type: ValueType, constant: Value?)]) throws(FunctionError) -> ValueType = {
        arguments throws(FunctionError) in
        arguments.dropFirst().reduce(arguments[0].type) { $0.joined(with: $1.type) ?? $0 }
    }

private func extreme(_ name: String, _ choose: @escaping @Sendable (Value, Value) -> Value)
    -> Function
{
    let overloads = (2...5).map { count in
        Overload([Overload.Parameter](repeating: .number, count: count), sameType) {
            _,
            values throws(EvaluationError) in
            values.dropFirst().reduce(values[0], choose)
        }
    }
    return Function(name, "\(name)(number, number) -> number", overloads)
}
