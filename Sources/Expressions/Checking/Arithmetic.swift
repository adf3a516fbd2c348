internal import Transactions

/// The operators on values; overflow is an error, never a wrapped number.
enum Arithmetic {
    static func overflow(_ symbol: String) -> EvaluationError {
        EvaluationError("overflow", "'\(symbol)' goes beyond the range of numbers")
    }

    static func operation(_ symbol: String)
        -> @Sendable (Value, Value) throws(EvaluationError) -> Value
    {
        switch symbol {
        case "==": { left, right throws(EvaluationError) in .bool(left == right) }
        case "!=": { left, right throws(EvaluationError) in .bool(left != right) }
        case "<": { left, right throws(EvaluationError) in .bool(Value.isOrdered(left, right)) }
        case ">": { left, right throws(EvaluationError) in .bool(Value.isOrdered(right, left)) }
        case "<=": { left, right throws(EvaluationError) in .bool(!Value.isOrdered(right, left)) }
        case ">=": { left, right throws(EvaluationError) in .bool(!Value.isOrdered(left, right)) }
        default: { left, right throws(EvaluationError) in try combined(symbol, left, right) }
        }
    }

    private static func combined(_ symbol: String, _ left: Value, _ right: Value)
        throws(EvaluationError) -> Value
    {
        switch (left, right) {
        case (.int(let one), .int(let two)): return .int(try whole(symbol, one, two))
        case (.string(let one), .string(let two)): return .string(one + two)
        case (.list(let one), .list(let two)): return .list(one + two)
        default: break
        }
        guard let one = left.number, let two = right.number else { return .absent }
        let result: ExactDecimal? =
            switch symbol {
            case "+": one.adding(two)
            case "-": one.subtracting(two)
            default: one.multiplied(by: two)
            }
        guard let result else { throw overflow(symbol) }
        return .decimal(result)
    }

    private static func whole(_ symbol: String, _ one: Int64, _ two: Int64)
        throws(EvaluationError) -> Int64
    {
        if symbol == "/" || symbol == "%", two == 0 {
            throw EvaluationError("division-by-zero", "'\(symbol)' by zero")
        }
        let (value, isOver) =
            switch symbol {
            case "+": one.addingReportingOverflow(two)
            case "-": one.subtractingReportingOverflow(two)
            case "*": one.multipliedReportingOverflow(by: two)
            case "/": one.dividedReportingOverflow(by: two)
            default: one.remainderReportingOverflow(dividingBy: two)
            }
        guard !isOver else { throw overflow(symbol) }
        return value
    }
}
