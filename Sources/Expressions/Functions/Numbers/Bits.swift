/// CEL's math extension on the bits of ints: `math.bitAnd`, `bitOr`, `bitXor`, `bitNot`,
/// `bitShiftLeft`, `bitShiftRight`.
///
/// `math.bitAnd(6, 3)` is 2. A shift by 64 or more leaves nothing; to the right zeros come in.
let bitFunctions: [Function] = [
    pair("math.bitAnd") { one, two throws(EvaluationError) in one & two },
    pair("math.bitOr") { one, two throws(EvaluationError) in one | two },
    pair("math.bitXor") { one, two throws(EvaluationError) in one ^ two },
    Function(
        "math.bitNot",
        "math.bitNot(int) -> int",
        [
            Overload(.int, to: .int) { value throws(EvaluationError) in .int(~(try value.asInt)) }
        ]
    ),
    pair("math.bitShiftLeft") { bits, count throws(EvaluationError) in
        count >= 64 ? 0 : bits << (try distance(count))
    },
    pair("math.bitShiftRight") { bits, count throws(EvaluationError) in
        count >= 64
            ? 0
            : Int64(bitPattern: UInt64(bitPattern: bits) >> UInt64(try distance(count)))
    },
]

private func distance(_ count: Int64) throws(EvaluationError) -> Int64 {
    guard count >= 0 else {
        throw EvaluationError(.arguments, "a shift goes 0 or more places, not \(count)")
    }
    return count
}

private func pair(
    _ name: String,
    _ apply: @escaping @Sendable (Int64, Int64) throws(EvaluationError) -> Int64
) -> Function {
    Function(
        name,
        "\(name)(int, int) -> int",
        [
            Overload(.int, .int, to: .int) { one, two throws(EvaluationError) in
                .int(try apply(try one.asInt, try two.asInt))
            }
        ]
    )
}
