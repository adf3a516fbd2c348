internal import Transactions

/// Lists: `sum min max avg distinct same`.
///
/// The sum of nothing is 0; the others refuse an empty list.
let listFunctions: [Function] = [
    Function(
        ".sum",
        "list(number).sum() -> number",
        [
            Overload(
                [.listOfNumbers],
                { arguments throws(FunctionError) in
                    elementType(arguments[0].type)
                }
            ) { _, values throws(EvaluationError) in
                guard case .list(let elements) = values[0] else { return .absent }
                return try sum(elements)
            }
        ]
    ),
    ordered(".min", "min") { Value.isOrdered($0, $1) },
    ordered(".max", "max") { Value.isOrdered($1, $0) },
    Function(
        ".avg",
        "list(number).avg(int) -> decimal",
        [
            Overload(
                [.listOfNumbers, .exactly(.int)],
                { arguments throws(FunctionError) in
                    guard case .int(let places)? = arguments[1].constant else {
                        return .decimal(places: nil)
                    }
                    return .decimal(places: Int(places))
                }
            ) { _, values throws(EvaluationError) in
                guard case .list(let elements) = values[0], case .int(let places) = values[1],
                    let total = try sum(elements).number
                else { return .absent }
                guard !elements.isEmpty else { throw nothing("avg") }
                guard
                    let mean = total.divided(
                        by: ExactDecimal(Int64(elements.count)),
                        to: Int(places),
                        .halfUp
                    )
                else { throw Arithmetic.overflow("avg") }
                return .decimal(mean)
            }
        ]
    ),
    Function(
        ".distinct",
        "list(T).distinct() -> list(T)",
        [
            Overload([.list], { arguments throws(FunctionError) in arguments[0].type }) {
                _,
                values throws(EvaluationError) in
                guard case .list(let elements) = values[0] else { return .absent }
                var seen: Set<Value> = []
                return .list(elements.filter { seen.insert($0).inserted })
            }
        ]
    ),
    Function(
        ".same",
        "list(T).same() -> T",
        [
            Overload(
                [.list],
                { arguments throws(FunctionError) in
                    elementType(arguments[0].type)
                }
            ) { _, values throws(EvaluationError) in
                guard case .list(let elements) = values[0] else { return .absent }
                guard let first = elements.first else { throw nothing("same") }
                guard elements.allSatisfy({ $0 == first }) else {
                    throw EvaluationError("not-same", "'same' finds more than one value")
                }
                return first
            }
        ]
    ),
]

private func elementType(_ type: ValueType) -> ValueType {
    if case .list(let element) = type { element } else { type }
}

private func nothing(_ name: String) -> EvaluationError {
    EvaluationError("empty-list", "'\(name)' of an empty list")
}

private func sum(_ elements: [Value]) throws(EvaluationError) -> Value {
    var whole: Int64 = 0
    var total: ExactDecimal?
    for element in elements {
        if case .int(let value) = element, total == nil {
            let (next, overflow) = whole.addingReportingOverflow(value)
            guard !overflow else { throw Arithmetic.overflow("sum") }
            whole = next
        } else if let number = element.number {
            guard let next = (total ?? ExactDecimal(whole)).adding(number) else {
                throw Arithmetic.overflow("sum")
            }
            total = next
        }
    }
    return total.map(Value.decimal) ?? .int(whole)
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
            Overload(
                [.list],
                { arguments throws(FunctionError) in
                    elementType(arguments[0].type)
                }
            ) { _, values throws(EvaluationError) in
                guard case .list(let elements) = values[0] else { return .absent }
                guard var best = elements.first else { throw nothing(shown) }
                for element in elements.dropFirst() where isBetter(element, best) { best = element }
                return best
            }
        ]
    )
}
