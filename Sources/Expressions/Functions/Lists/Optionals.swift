internal import Transactions

/// `optional.of(x)` and `optional.ofNonZeroValue(x)` (cel-spec, optional values).
///
/// `optional.ofNonZeroValue(0.0)` is absent; so it is for '', false, null, an empty list or map and a
/// duration of 0.
let optionalFunctions: [Function] = [
    Function(
        "optional.of",
        "optional.of(T) -> optional T",
        [
            Overload([.any]) { site throws(FunctionError) in
                Prepared(
                    .optional(site.type(0)),
                    site.bounds(0),
                    .one { value throws(EvaluationError) in value }
                )
            }
        ]
    ),
    Function(
        "optional.ofNonZeroValue",
        "optional.ofNonZeroValue(T) -> optional T",
        [
            Overload([.any]) { site throws(FunctionError) in
                Prepared(
                    .optional(site.type(0)),
                    site.bounds(0),
                    .one { value throws(EvaluationError) in isZero(value) ? .absent : value }
                )
            }
        ]
    ),
]

private func isZero(_ value: Value) -> Bool {
    switch value {
    case .absent, .null: true
    case .bool(let truth): !truth
    case .int(let whole): whole == 0
    case .decimal(let number): number.significand == 0
    case .string(let text): text.isEmpty
    case .duration(let length): length.nanoseconds == 0
    case .list(let values): values.isEmpty
    case .map(let map): map.count == 0
    case .timestamp(let instant): instant.seconds == 0 && instant.nanoseconds == 0
    case .date, .datetime, .record: false
    }
}
