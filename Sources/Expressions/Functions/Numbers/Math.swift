internal import Transactions

/// CEL's math extension on exact numbers: `math.abs`, `math.sign`, `math.greatest`, `math.least`,
/// `math.ceil`, `math.floor`, `math.trunc`, `math.round`.
///
/// `math.greatest(1, 2.5)` is 2.5; `math.round(-1.5)` is -2, for halves go away from zero.
let mathFunctions: [Function] =
    [
        Function(
            "math.abs",
            "math.abs(number) -> number",
            [
                Overload([.exactly(.int)]) { site throws(FunctionError) in
                    Prepared(
                        .int,
                        site.magnitude(0),
                        .one { value throws(EvaluationError) in
                            let whole = try value.asInt
                            guard whole != .min else { throw Arithmetic.overflow("math.abs") }
                            return .int(abs(whole))
                        }
                    )
                },
                Overload([.number]) { site throws(FunctionError) in
                    Prepared(
                        site.type(0),
                        site.magnitude(0),
                        .number { number throws(EvaluationError) in
                            guard number < .zero else { return number }
                            guard let negated = number.negated else {
                                throw Arithmetic.overflow("math.abs")
                            }
                            return negated
                        }
                    )
                },
            ]
        ),
        Function(
            "math.sign",
            "math.sign(number) -> number",
            [
                Overload([.exactly(.int)]) { _ throws(FunctionError) in
                    Prepared(
                        .int,
                        Bounds(wholeDigits: 1),
                        .one { value throws(EvaluationError) in .int(try value.asInt.signum()) }
                    )
                },
                Overload([.number]) { _ throws(FunctionError) in
                    Prepared(
                        .decimal(places: 0),
                        Bounds(wholeDigits: 1),
                        .number { number throws(EvaluationError) in
                            ExactDecimal(
                                number.significand == 0 ? 0 : number.significand < 0 ? -1 : 1
                            )
                        }
                    )
                },
            ]
        ),
        extreme("math.greatest") { Value.isOrdered($0, $1) },
        extreme("math.least") { Value.isOrdered($1, $0) },
    ]
    + [
        ("math.ceil", ExactDecimal.Rounding.ceiling), ("math.floor", .floor),
        ("math.trunc", .towardZero), ("math.round", .halfUp),
    ].map { name, rounding in
        Function(
            name,
            "\(name)(decimal) -> decimal",
            [
                Overload([.decimal]) { site throws(FunctionError) in
                    Prepared(
                        .decimal(places: 0),
                        Bounds(
                            wholeDigits: site.bounds(0).wholeDigits.map { $0 + 1 },
                            isNonNegative: site.bounds(0).isNonNegative
                        ),
                        .number { number throws(EvaluationError) in number.rounded(to: 0, rounding)
                        }
                    )
                }
            ]
        )
    }

private func extreme(
    _ name: String,
    _ isWorse: @escaping @Sendable (Value, Value) -> Bool
) -> Function {
    @Sendable func best(_ values: [Value]) throws(EvaluationError) -> Value {
        guard var best = values.first else {
            throw EvaluationError(.emptyList, "'\(name)' of an empty list")
        }
        for value in values.dropFirst() where isWorse(best, value) { best = value }
        return best
    }
    return Function(
        name,
        "\(name)(number, ...) or \(name)(list(number)) -> number",
        [
            Overload([.listOfNumbers]) { site throws(FunctionError) in
                Prepared(
                    elementType(site.type(0)),
                    site.bounds(0),
                    .one { list throws(EvaluationError) in try best(try list.asList) }
                )
            },
            Overload([.number], isVariadic: true) { site throws(FunctionError) in
                let first = site.arguments[0]
                let type = site.arguments.dropFirst().reduce(first.type) {
                    $0.joined(with: $1.type) ?? $0
                }
                var bounds = site.arguments.dropFirst().reduce(first.bounds) {
                    $0.joined(with: $1.bounds)
                }
                // The greatest is at least as great as the one that is not below zero.
                if name == "math.greatest" {
                    bounds.isNonNegative = site.arguments.contains { $0.bounds.isNonNegative }
                }
                return Prepared(
                    type,
                    bounds,
                    .many { values throws(EvaluationError) in try best(values) }
                )
            },
        ]
    )
}
