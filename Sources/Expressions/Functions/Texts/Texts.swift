/// Texts made of texts: `lowerAscii`, `upperAscii`, `trim`, `reverse`, `replace`, `strings.quote`.
///
/// `'TacoCÆt'.lowerAscii()` is 'tacocÆt', `' x '.trim()` is 'x', `'abab'.replace('a', 'o', 1)` is 'obab'.
let textFunctions: [Function] = [
    method(".lowerAscii") { cased($0, from: 0x41...0x5A) },
    method(".upperAscii") { cased($0, from: 0x61...0x7A) },
    method(".trim", trimmed),
    method(".reverse") { String(String.UnicodeScalarView($0.unicodeScalars.reversed())) },
    Function(
        ".replace",
        "string.replace(string, string) or string.replace(string, string, int) -> string",
        [
            Overload(.string, .string, .string, to: .string) {
                text,
                old,
                new throws(EvaluationError) in
                .string(try replaced(text.asText, old.asText, new.asText, limit: -1))
            },
            Overload([.string, .string, .string, .int]) { _ throws(FunctionError) in
                Prepared(
                    .string,
                    .unknown,
                    .many { values throws(EvaluationError) in
                        .string(
                            try replaced(
                                values[0].asText,
                                values[1].asText,
                                values[2].asText,
                                limit: values[3].asInt
                            )
                        )
                    }
                )
            },
        ]
    ),
    Function(
        "strings.quote",
        "strings.quote(string) -> string",
        [
            Overload(.string, to: .string) { text throws(EvaluationError) in
                .string(try quoted(text.asText))
            }
        ]
    ),
]

/// A method that makes a text no longer than its own.
private func method(_ name: String, _ change: @escaping @Sendable (String) -> String) -> Function {
    Function(
        name,
        "string\(name)() -> string",
        [
            Overload([.string]) { site throws(FunctionError) in
                Prepared(
                    .string,
                    site.bounds(0),
                    .one { text throws(EvaluationError) in .string(change(try text.asText)) }
                )
            }
        ]
    )
}

private func cased(_ text: String, from range: ClosedRange<UInt8>) -> String {
    guard text.utf8.contains(where: range.contains) else { return text }
    return String(decoding: text.utf8.map { range.contains($0) ? $0 ^ 0x20 : $0 }, as: UTF8.self)
}

/// Without blanks at both ends: what Unicode calls White_Space.
@Sendable private func trimmed(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(Substring(scalars))
}

/// With the first `limit` occurrences replaced; all of them where it is negative.
private func replaced(_ text: String, _ old: String, _ new: String, limit: Int64)
    throws(EvaluationError) -> String
{
    guard limit != 0 else { return text }
    let most = limit < 0 ? Int.max : Int(clamping: limit)
    let bytes = Array(text.utf8)
    let places: [Int]
    if old.isEmpty {
        // CEL: the empty text stands before every character and at the end.
        let starts = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
        places = Array(starts.prefix(most))
    } else {
        places = TextSearch(old.utf8).all(in: bytes, limit: most)
    }
    let size = bytes.count + places.count * (new.utf8.count - old.utf8.count)
    guard size <= Limits.textLength else { throw Limits.tooLarge() }
    var result: [UInt8] = []
    result.reserveCapacity(size)
    var start = 0
    for place in places {
        result += bytes[start..<place]
        result += new.utf8
        start = place + old.utf8.count
    }
    result += bytes[start...]
    return String(decoding: result, as: UTF8.self)
}

/// Between double quotes, with what cannot be seen or would end it escaped.
private func quoted(_ text: String) throws(EvaluationError) -> String {
    let escapes: [Unicode.Scalar: String] = [
        "\u{07}": "\\a", "\u{08}": "\\b", "\u{0C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
        "\u{0B}": "\\v", "\\": "\\\\", "\"": "\\\"",
    ]
    var result = String.UnicodeScalarView()
    result.append("\"")
    for scalar in text.unicodeScalars {
        if let escape = escapes[scalar] {
            result.append(contentsOf: escape.unicodeScalars)
        } else {
            result.append(scalar)
        }
    }
    result.append("\"")
    return String(result)
}
