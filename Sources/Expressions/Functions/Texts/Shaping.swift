/// `pad(text, width, filler)`, `padEnd(text, width, filler)`: a text of at least so many characters.
///
/// `pad('7', 3, '0')` is '007', `padEnd('ab', 4, '.')` is 'ab..'; a longer text stays as it is.
let shapingFunctions: [Function] = [
    padding("pad") { text, filler in filler + text },
    padding("padEnd") { text, filler in text + filler },
]

private func padding(
    _ name: String,
    _ combine: @escaping @Sendable (String, String) -> String
) -> Function {
    Function(
        name,
        "\(name)(string, int, string) -> string",
        [
            Overload([.string, .int, .string]) { site throws(FunctionError) in
                var length: Int?
                if let width = site.constantInt(1) {
                    guard (0...Int64(Limits.textLength)).contains(width) else {
                        throw FunctionError(
                            .arguments,
                            "'\(name)' needs a width of 0 to \(Limits.textLength), not \(width)",
                            argument: 1
                        )
                    }
                    length = site.bounds(0).length.map { max($0, Int(width)) }
                }
                if let filler = site.constantText(2), filler.unicodeScalars.count != 1 {
                    throw FunctionError(
                        .arguments,
                        "'\(name)' fills with one character, here are \(filler.unicodeScalars.count)",
                        argument: 2
                    )
                }
                return Prepared(
                    .string,
                    Bounds(length: length),
                    .three { text, width, filler throws(EvaluationError) in
                        let (text, width, filler) = (
                            try text.asText, try width.asInt, try filler.asText
                        )
                        guard filler.unicodeScalars.count == 1,
                            (0...Int64(Limits.textLength)).contains(width)
                        else {
                            throw EvaluationError(
                                .arguments,
                                "'\(name)' needs a width of 0 to \(Limits.textLength) and one character"
                            )
                        }
                        let missing = max(0, Int(width) - text.unicodeScalars.count)
                        return .string(combine(text, String(repeating: filler, count: missing)))
                    }
                )
            }
        ]
    )
}
