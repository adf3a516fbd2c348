internal import Transactions

/// Lists: `sum`, `min`, `max`, `avg`, `distinct`, `same`.
///
/// The sum of nothing is 0; `min`, `max`, `avg` and `same` refuse an empty list. `[1, 2.5].sum()` is 3.5,
/// `[1, 2].avg(1)` is 1.5, `['a', 'a'].same()` is 'a'.
let listFunctions: [Function] = [
    Function(
        ".sum",
        "list(number).sum() -> number",
        [
            Overload([.listOfNumbers]) { site throws(FunctionError) in
                Prepared(
                    elementType(site.type(0)),
                    // A list has fewer than a billion elements.
                    Bounds(
                        wholeDigits: site.bounds(0).wholeDigits.map { $0 + 9 },
                        isNonNegative: site.bounds(0).isNonNegative
                    ),
                    .one { list throws(EvaluationError) in try sum(try list.asList) }
                )
            },
            Overload([.exactly(.list(.duration))]) { _ throws(FunctionError) in
                Prepared(.duration, .unknown, .one(durationSum))
            },
        ]
    ),
    ordered(".min", "min") { Value.isOrdered($0, $1) },
    ordered(".max", "max") { Value.isOrdered($1, $0) },
    Function(
        ".avg",
        "list(number).avg(int) -> decimal",
        [
            Overload([.listOfNumbers, .int]) { site throws(FunctionError) in
                var places: Int?
                if let count = site.constantInt(1) {
                    guard (0...Int64(ExactDecimal.maximumScale)).contains(count) else {
                        throw FunctionError(
                            .arguments,
                            "a decimal has 0 to \(ExactDecimal.maximumScale) places, not \(count)",
                            argument: 1
                        )
                    }
                    places = Int(count)
                }
                return Prepared(
                    .decimal(places: places),
                    Bounds(
                        wholeDigits: site.bounds(0).wholeDigits.map { $0 + 1 },
                        isNonNegative: site.bounds(0).isNonNegative
                    ),
                    .two { list, places throws(EvaluationError) in
                        .decimal(try average(try list.asList, try places.asInt))
                    }
                )
            }
        ]
    ),
    Function(
        ".distinct",
        "list(T).distinct() -> list(T)",
        [
            Overload([.list]) { site throws(FunctionError) in
                Prepared(
                    site.type(0),
                    site.bounds(0),
                    .one { list throws(EvaluationError) in
                        var seen: Set<Value> = []
                        return .list(try list.asList.filter { seen.insert($0).inserted })
                    }
                )
            }
        ]
    ),
    Function(
        ".same",
        "list(T).same() -> T",
        [
            Overload([.list]) { site throws(FunctionError) in
                Prepared(
                    elementType(site.type(0)),
                    site.bounds(0),
                    .one { list throws(EvaluationError) in
                        let values = try list.asList
                        guard let first = values.first else { throw nothing("same") }
                        guard values.allSatisfy({ $0 == first }) else {
                            throw EvaluationError(.notSame, "'same' finds more than one value")
                        }
                        return first
                    }
                )
            }
        ]
    ),
]

func elementType(_ type: ValueType) -> ValueType {
    switch type {
    case .list(.unknown): .int
    case .list(let element): element
    default: type
    }
}

private func nothing(_ name: String) -> EvaluationError {
    EvaluationError(.emptyList, "'\(name)' of an empty list")
}

private func sum(_ elements: [Value]) throws(EvaluationError) -> Value {
    var whole: Int64 = 0
    var total: ExactDecimal?
    for element in elements {
        if case .int(let value) = element, total == nil {
            let (next, overflow) = whole.addingReportingOverflow(value)
            guard !overflow else { throw Arithmetic.overflow("sum") }
            whole = next
        } else {
            guard let next = (total ?? ExactDecimal(whole)).adding(try element.asNumber) else {
                throw Arithmetic.overflow("sum")
            }
            total = next
        }
    }
    return total.map(Value.decimal) ?? .int(whole)
}

@Sendable private func durationSum(_ list: Value) throws(EvaluationError) -> Value {
    var total: Int64 = 0
    for element in try list.asList {
        let (next, overflow) = total.addingReportingOverflow(try element.asDuration.nanoseconds)
        guard !overflow else { throw Arithmetic.timeOverflow("sum") }
        total = next
    }
    return .duration(ExactDuration(nanoseconds: total))
}

private func average(_ elements: [Value], _ places: Int64) throws(EvaluationError) -> ExactDecimal {
    guard !elements.isEmpty else { throw nothing("avg") }
    guard (0...Int64(ExactDecimal.maximumScale)).contains(places) else {
        throw EvaluationError(
            .arguments,
            "a decimal has 0 to \(ExactDecimal.maximumScale) places, not \(places)"
        )
    }
    let total = try sum(elements).asNumber
    guard
        let mean = total.divided(
            by: ExactDecimal(Int64(elements.count)),
            to: Int(places),
            .halfUp
        )
    else { throw Arithmetic.overflow("avg") }
    return mean
}

private func ordered(
    _ name: String,
    _ shown: String,
    _ isBetter: @escaping @Sendable (Value, Value) -> Bool
) -> Function {
    Function(
        name,
        "list(T).\(shown)() -> T",
        [
            Overload([.listOfOrdered]) { site throws(FunctionError) in
                Prepared(
                    elementType(site.type(0)),
                    site.bounds(0),
                    .one { list throws(EvaluationError) in
                        let values = try list.asList
                        guard var best = values.first else { throw nothing(shown) }
                        for value in values.dropFirst() where isBetter(value, best) {
                            best = value
                        }
                        return best
                    }
                )
            }
        ]
    )
}
