/// Parts of a text and texts of parts: `charAt`, `substring`, `truncate`, `split`, `join`.
///
/// Places count in characters (code points) from 0: `'tacocat'.substring(0, 4)` is 'taco',
/// `truncate('žšk', 2)` is 'žš', `['a', 'b'].join('-')` is 'a-b'.
let textPartFunctions: [Function] = [
    Function(
        ".charAt",
        "string.charAt(int) -> string",
        [
            Overload([.string, .int]) { _ throws(FunctionError) in
                Prepared(
                    .string,
                    Bounds(length: 1),
                    .two { text, index throws(EvaluationError) in
                        let characters = Characters(try text.asText)
                        let wanted = try index.asInt
                        guard let start = characters.place(of: wanted) else {
                            throw noPlace(wanted, in: characters)
                        }
                        let next = wanted < .max ? characters.place(of: wanted + 1) : nil
                        return .string(characters.text(start..<(next ?? characters.bytes.count)))
                    }
                )
            }
        ]
    ),
    Function(
        ".substring",
        "string.substring(int) or string.substring(int, int) -> string",
        [
            Overload([.string, .int]) { site throws(FunctionError) in
                Prepared(
                    .string,
                    Bounds(length: site.bounds(0).length),
                    .two { text, start throws(EvaluationError) in
                        .string(try substring(text, start, nil))
                    }
                )
            },
            Overload([.string, .int, .int]) { site throws(FunctionError) in
                var length = site.bounds(0).length
                if let start = site.constantInt(1), let end = site.constantInt(2),
                    let count = Int(exactly: end &- start), count >= 0
                {
                    length = min(length ?? count, count)
                }
                return Prepared(
                    .string,
                    Bounds(length: length),
                    .three { text, start, end throws(EvaluationError) in
                        .string(try substring(text, start, end))
                    }
                )
            },
        ]
    ),
    Function(
        "truncate",
        "truncate(string, int) -> string",
        [
            Overload([.string, .int]) { site throws(FunctionError) in
                var length = site.bounds(0).length
                if let count = site.constantInt(1) {
                    guard count >= 0 else {
                        throw FunctionError(
                            .arguments,
                            "'truncate' needs a length of 0 or more, not \(count)",
                            argument: 1
                        )
                    }
                    length = min(length ?? Int(count), Int(count))
                }
                return Prepared(
                    .string,
                    Bounds(length: length),
                    .two { text, count throws(EvaluationError) in
                        .string(try truncated(text.asText, count.asInt))
                    }
                )
            }
        ]
    ),
    Function(
        ".split",
        "string.split(string) or string.split(string, int) -> list(string)",
        [
            Overload([.string, .string]) { site throws(FunctionError) in
                Prepared(
                    .list(.string),
                    site.bounds(0),
                    .two { text, separator throws(EvaluationError) in
                        .list(try parts(text.asText, separator.asText, limit: -1))
                    }
                )
            },
            Overload([.string, .string, .int]) { site throws(FunctionError) in
                Prepared(
                    .list(.string),
                    site.bounds(0),
                    .three { text, separator, limit throws(EvaluationError) in
                        .list(try parts(text.asText, separator.asText, limit: limit.asInt))
                    }
                )
            },
        ]
    ),
    Function(
        ".join",
        "list(string).join() or list(string).join(string) -> string",
        [
            Overload(.exactly(.list(.string)), to: .string) { list throws(EvaluationError) in
                .string(try joined(list.asList, ""))
            },
            Overload(.exactly(.list(.string)), .string, to: .string) {
                list,
                separator throws(EvaluationError) in
                .string(try joined(list.asList, separator.asText))
            },
        ]
    ),
]

private func substring(_ text: Value, _ start: Value, _ end: Value?) throws(EvaluationError)
    -> String
{
    let characters = Characters(try text.asText)
    let from = try start.asInt
    guard let first = characters.place(of: from) else { throw noPlace(from, in: characters) }
    guard let end else { return characters.text(first..<characters.bytes.count) }
    let to = try end.asInt
    guard let last = characters.place(of: to) else { throw noPlace(to, in: characters) }
    guard first <= last else {
        throw EvaluationError(.index, "'substring' from \(from) to \(to) goes backwards")
    }
    return characters.text(first..<last)
}

private func truncated(_ text: String, _ count: Int64) throws(EvaluationError) -> String {
    guard count >= 0 else {
        throw EvaluationError(.arguments, "'truncate' needs a length of 0 or more, not \(count)")
    }
    // A text has no more characters than bytes, so most need no count.
    if Int64(text.utf8.count) <= count { return text }
    let characters = Characters(text)
    return characters.place(of: count).map { characters.text(0..<$0) } ?? text
}

private func parts(_ text: String, _ separator: String, limit: Int64) throws(EvaluationError)
    -> [Value]
{
    if limit == 0 { return [] }
    let most = limit < 0 ? Int.max : Int(clamping: limit)
    guard !separator.isEmpty else {
        var scalars = Array(text.unicodeScalars)[...]
        var parts: [Value] = []
        while parts.count < most - 1, scalars.count > 1 {
            parts.append(.string(String(scalars.removeFirst())))
        }
        if !scalars.isEmpty {
            if most == Int.max {
                parts += scalars.map { .string(String($0)) }
            } else {
                var rest = String.UnicodeScalarView()
                rest.append(contentsOf: scalars)
                parts.append(.string(String(rest)))
            }
        }
        return parts
    }
    let bytes = Array(text.utf8)
    let places = TextSearch(separator.utf8).all(in: bytes, limit: most - 1)
    var parts: [Value] = []
    var start = 0
    for place in places {
        parts.append(.string(String(decoding: bytes[start..<place], as: UTF8.self)))
        start = place + separator.utf8.count
    }
    parts.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
    return parts
}

private func joined(_ elements: [Value], _ separator: String) throws(EvaluationError) -> String {
    var text = ""
    for (index, element) in elements.enumerated() {
        if index > 0 { text += separator }
        text += try element.asText
        guard text.utf8.count <= Limits.textLength else { throw Limits.tooLarge() }
    }
    return text
}
