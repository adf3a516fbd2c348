internal import Transactions

/// The operators on values; overflow is an error, never a wrapped number.
enum Arithmetic {
    static func overflow(_ symbol: String) -> EvaluationError {
        EvaluationError(.overflow, "'\(symbol)' goes beyond the range of numbers")
    }

    /// Beyond the years 1 to 9999, or a duration longer than about 292 years.
    static func timeOverflow(_ symbol: String) -> EvaluationError {
        EvaluationError(.overflow, "'\(symbol)' goes beyond the range of times")
    }

    /// The operators that yield a bool.
    enum Comparison: String {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="

        var holds: @Sendable (Value, Value) -> Bool {
            switch self {
            case .equal: { $0 == $1 }
            case .unequal: { $0 != $1 }
            case .less: { Value.isOrdered($0, $1) }
            case .lessOrEqual: { !Value.isOrdered($1, $0) }
            case .greater: { Value.isOrdered($1, $0) }
            case .greaterOrEqual: { !Value.isOrdered($0, $1) }
            }
        }

        var holdsForNumbers: @Sendable (ExactDecimal, ExactDecimal) -> Bool {
            switch self {
            case .equal: { $0 == $1 }
            case .unequal: { $0 != $1 }
            case .less: { $0 < $1 }
            case .lessOrEqual: { $0 <= $1 }
            case .greater: { $0 > $1 }
            case .greaterOrEqual: { $0 >= $1 }
            }
        }
    }

    static func onDecimals(_ symbol: String)
        -> @Sendable (ExactDecimal, ExactDecimal) -> ExactDecimal?
    {
        switch symbol {
        case "+": { $0.adding($1) }
        case "-": { $0.subtracting($1) }
        default: { $0.multiplied(by: $1) }
        }
    }

    static func onInts(_ symbol: String)
        -> @Sendable (Int64, Int64) throws(EvaluationError) -> Int64
    {
        { one, two throws(EvaluationError) in
            if two == 0, symbol == "/" || symbol == "%" {
                throw EvaluationError(.divisionByZero, "'\(symbol)' by zero")
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

    /// The most decimals that a result can have; nil when unknown.
    static func places(_ symbol: String, _ left: ValueType, _ right: ValueType) -> Int? {
        guard let one = places(left), let two = places(right) else { return nil }
        guard symbol == "*" else { return max(one, two) }
        return one + two <= ExactDecimal.maximumScale ? one + two : nil
    }

    /// The most decimals of a number; an int has none.
    static func places(_ type: ValueType) -> Int? {
        switch type {
        case .int: 0
        case .decimal(let places): places
        default: nil
        }
    }

    /// What is known of the digits of a result.
    static func bounds(_ symbol: String, _ left: Bounds, _ right: Bounds) -> Bounds {
        let digits: Int? =
            switch symbol {
            case "+", "-": Bounds.combined(left.wholeDigits, right.wholeDigits) { max($0, $1) + 1 }
            case "*": Bounds.combined(left.wholeDigits, right.wholeDigits, +)
            case "/": left.wholeDigits
            default: right.wholeDigits
            }
        let isNonNegative =
            switch symbol {
            case "-": false
            case "%": left.isNonNegative
            default: left.isNonNegative && right.isNonNegative
            }
        return Bounds(wholeDigits: digits, isNonNegative: isNonNegative)
    }

    /// Sums and differences of instants and durations (cel-spec, Timestamps); nil for other types.
    static func times(_ symbol: String, _ left: ValueType, _ right: ValueType) -> (
        result: ValueType, apply: @Sendable (Value, Value) throws(EvaluationError) -> Value
    )? {
        switch (symbol, left, right) {
        case ("+", .timestamp, .duration):
            (
                .timestamp,
                { one, two throws(EvaluationError) in
                    .timestamp(try moved(one.asInstant, two.asDuration, "+"))
                }
            )
        case ("+", .duration, .timestamp):
            (
                .timestamp,
                { one, two throws(EvaluationError) in
                    .timestamp(try moved(two.asInstant, one.asDuration, "+"))
                }
            )
        case ("-", .timestamp, .duration):
            (
                .timestamp,
                { one, two throws(EvaluationError) in
                    let (back, overflow) = Int64.zero.subtractingReportingOverflow(
                        try two.asDuration.nanoseconds
                    )
                    guard !overflow else { throw timeOverflow("-") }
                    return .timestamp(
                        try moved(one.asInstant, ExactDuration(nanoseconds: back), "-")
                    )
                }
            )
        case ("-", .timestamp, .timestamp):
            (
                .duration,
                { one, two throws(EvaluationError) in
                    let (end, start) = (try one.asInstant, try two.asInstant)
                    let nanoseconds =
                        (Int128(end.seconds) - Int128(start.seconds)) * 1_000_000_000
                        + Int128(end.nanoseconds) - Int128(start.nanoseconds)
                    guard let length = Int64(exactly: nanoseconds) else { throw timeOverflow("-") }
                    return .duration(ExactDuration(nanoseconds: length))
                }
            )
        case ("+", .duration, .duration), ("-", .duration, .duration):
            (
                .duration,
                { one, two throws(EvaluationError) in
                    let (first, second) = (
                        try one.asDuration.nanoseconds, try two.asDuration.nanoseconds
                    )
                    let (length, overflow) =
                        symbol == "+"
                        ? first.addingReportingOverflow(second)
                        : first.subtractingReportingOverflow(second)
                    guard !overflow else { throw timeOverflow(symbol) }
                    return .duration(ExactDuration(nanoseconds: length))
                }
            )
        default: nil
        }
    }

    private static func moved(_ instant: UTCTimestamp, _ step: ExactDuration, _ symbol: String)
        throws(EvaluationError) -> UTCTimestamp
    {
        let total =
            Int128(instant.seconds) * 1_000_000_000 + Int128(instant.nanoseconds)
            + Int128(step.nanoseconds)
        var (seconds, rest) = total.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 {
            rest += 1_000_000_000
            seconds -= 1
        }
        guard let whole = Int64(exactly: seconds),
            let moved = UTCTimestamp(seconds: whole, nanoseconds: Int32(rest))
        else { throw timeOverflow(symbol) }
        return moved
    }
}
