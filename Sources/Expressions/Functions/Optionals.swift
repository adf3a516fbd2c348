internal import Transactions

/// `optional.of(x)` and `optional.ofNonZeroValue(x)` (cel-spec, optional values).
let optionalFunctions: [Function] = [
    Function(
        "optional.of",
        "optional.of(T) -> optional T",
        [
            Overload([.any], { arguments throws(FunctionError) in .optional(arguments[0].type) }) {
                _,
                values throws(EvaluationError) in values[0]
            }
        ]
    ),
    Function(
        "optional.ofNonZeroValue",
        "optional.ofNonZeroValue(T) -> optional T",
        [
            Overload([.any], { arguments throws(FunctionError) in .optional(arguments[0].type) }) {
                _,
                values throws(EvaluationError) in
                switch values[0] {
                case .string(""), .bool(false), .list([]): .absent
                default: values[0].number?.significand == 0 ? .absent : values[0]
                }
            }
        ]
    ),
]
