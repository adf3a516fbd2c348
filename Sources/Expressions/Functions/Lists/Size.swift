/// `size`: characters (code points) of a text, elements of a list, keys of a map, as a function and as a
/// method.
///
/// `size('žš')` is 2, `[1, 2, 3].size()` is 3.
let sizeFunctions: [Function] = ["size", ".size"].map { name in
    Function(
        name,
        name == "size" ? "size(string | list | map) -> int" : "(string | list | map).size() -> int",
        [
            counted(.exactly(.string)) { text throws(EvaluationError) in
                try text.asText.unicodeScalars.count
            },
            counted(.list) { list throws(EvaluationError) in try list.asList.count },
            counted(.map) { map throws(EvaluationError) in try map.asMap.count },
        ]
    )
}

private func counted(
    _ parameter: Overload.Parameter,
    _ count: @escaping @Sendable (Value) throws(EvaluationError) -> Int
) -> Overload {
    Overload([parameter]) { _ throws(FunctionError) in
        Prepared(
            .int,
            .count,
            .one { value throws(EvaluationError) in .int(Int64(try count(value))) }
        )
    }
}
