/// `size`: characters (code points) of a text, elements of a list, keys of a map, as a function and as a
/// method.
///
/// `size('žš')` is 2, `[1, 2, 3].size()` is 3.
let sizeFunctions: [Function] = ["size", ".size"].map { name in
    Function(
        name,
        name == "size" ? "size(string | list | map) -> int" : "(string | list | map).size() -> int",
        [
            Overload(.string, to: .int) { text throws(EvaluationError) in
                .int(Int64(try text.asText.unicodeScalars.count))
            },
            Overload(.list, to: .int) { list throws(EvaluationError) in
                .int(Int64(try list.asList.count))
            },
            Overload(.map, to: .int) { map throws(EvaluationError) in
                .int(Int64(try map.asMap.count))
            },
        ]
    )
}
