internal import Transactions

/// Text: CEL's string functions and its strings extension, counted in Unicode characters (scalars).
let textFunctions: [Function] = [
    test(".contains", "text.contains(string) -> bool") { $0.contains($1) },
    test(".startsWith", "text.startsWith(string) -> bool") { $0.hasPrefix($1) },
    test(".endsWith", "text.endsWith(string) -> bool") { $0.hasSuffix($1) },
    method(".trim", "text.trim() -> string") { trimmed($0) },
    method(".upperAscii", "text.upperAscii() -> string") { cased($0, from: 0x61...0x7A) },
    method(".lowerAscii", "text.lowerAscii() -> string") { cased($0, from: 0x41...0x5A) },
    method(".reverse", "text.reverse() -> string") {
        String(String.UnicodeScalarView($0.unicodeScalars.reversed()))
    },
    Function(
        ".size",
        "text.size(), list.size() -> int",
        [
            Overload([.exactly(.string)], .int) { _, values throws(EvaluationError) in
                .int(Int64(values[0].text?.unicodeScalars.count ?? 0))
            },
            Overload([.list], .int) { _, values throws(EvaluationError) in
                guard case .list(let elements) = values[0] else { return .absent }
                return .int(Int64(elements.count))
            },
        ]
    ),
    Function(
        ".replace",
        "text.replace(string, string) -> string",
        [
            Overload(
                [.exactly(.string), .exactly(.string), .exactly(.string)],
                .string
            ) { _, values throws(EvaluationError) in
                guard let text = values[0].text, let old = values[1].text,
                    let new = values[2].text
                else { return .absent }
                return .string(text.replacing(old, with: new))
            }
        ]
    ),
    Function(
        ".substring",
        "text.substring(int), text.substring(int, int) -> string",
        [
            Overload([.exactly(.string), .exactly(.int)], .string) {
                _,
                values throws(EvaluationError) in
                try substring(values[0], values[1], nil)
            },
            Overload([.exactly(.string), .exactly(.int), .exactly(.int)], .string) {
                _,
                values throws(EvaluationError) in
                try substring(values[0], values[1], values[2])
            },
        ]
    ),
    Function(
        ".split",
        "text.split(string) -> list(string)",
        [
            Overload([.exactly(.string), .exactly(.string)], .list(.string)) {
                _,
                values throws(EvaluationError) in
                guard let text = values[0].text, let separator = values[1].text else {
                    return .absent
                }
                if separator.isEmpty {
                    return .list(text.unicodeScalars.map { .string(String($0)) })
                }
                return .list(
                    text.split(separator: separator, omittingEmptySubsequences: false).map {
                        .string(String($0))
                    }
                )
            }
        ]
    ),
    Function(
        ".join",
        "list(string).join(), list(string).join(string) -> string",
        [
            Overload([.exactly(.list(.string))], .string) { _, values throws(EvaluationError) in
                joined(values[0], "")
            },
            Overload([.exactly(.list(.string)), .exactly(.string)], .string) {
                _,
                values throws(EvaluationError) in
                joined(values[0], values[1].text ?? "")
            },
        ]
    ),
    Function(
        "truncate",
        "truncate(string, int) -> string",
        [
            Overload([.exactly(.string), .exactly(.int)], .string) {
                _,
                values throws(EvaluationError) in
                guard let text = values[0].text, case .int(let count) = values[1], count >= 0 else {
                    throw EvaluationError("arguments", "'truncate' needs a length of 0 or more")
                }
                return .string(
                    String(String.UnicodeScalarView(text.unicodeScalars.prefix(Int(count))))
                )
            }
        ]
    ),
    Function(
        "pad",
        "pad(string, int, string) -> string",
        [
            Overload([.exactly(.string), .exactly(.int), .exactly(.string)], .string) {
                _,
                values throws(EvaluationError) in
                guard let text = values[0].text, case .int(let width) = values[1],
                    let filler = values[2].text, filler.unicodeScalars.count == 1,
                    (0...1_000).contains(width)
                else {
                    throw EvaluationError(
                        "arguments",
                        "'pad' needs a width of 0 to 1000 and one character"
                    )
                }
                let missing = max(0, Int(width) - text.unicodeScalars.count)
                return .string(String(repeating: filler, count: missing) + text)
            }
        ]
    ),
]

private func test(
    _ name: String,
    _ signature: String,
    _ holds: @escaping @Sendable (String, String) -> Bool
)
    -> Function
{
    Function(
        name,
        signature,
        [
            Overload([.exactly(.string), .exactly(.string)], .bool) {
                _,
                values throws(EvaluationError) in
                guard let text = values[0].text, let part = values[1].text else { return .absent }
                return .bool(holds(text, part))
            }
        ]
    )
}

private func method(
    _ name: String,
    _ signature: String,
    _ change: @escaping @Sendable (String) -> String
)
    -> Function
{
    Function(
        name,
        signature,
        [
            Overload([.exactly(.string)], .string) { _, values throws(EvaluationError) in
                .string(change(values[0].text ?? ""))
            }
        ]
    )
}

private func trimmed(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(Substring(scalars))
}

private func cased(_ text: String, from range: ClosedRange<UInt8>) -> String {
    String(decoding: text.utf8.map { range.contains($0) ? $0 ^ 0x20 : $0 }, as: UTF8.self)
}

private func joined(_ list: Value, _ separator: String) -> Value {
    guard case .list(let elements) = list else { return .absent }
    return .string(elements.compactMap(\.text).joined(separator: separator))
}

private func substring(_ value: Value, _ from: Value, _ to: Value?) throws(EvaluationError) -> Value
{
    guard let text = value.text, case .int(let start) = from else { return .absent }
    let scalars = Array(text.unicodeScalars)
    var end = Int64(scalars.count)
    if case .int(let given)? = to { end = given }
    guard start >= 0, start <= end, end <= Int64(scalars.count) else {
        throw EvaluationError(
            "index",
            "'substring' asks for \(start) to \(end), the text has \(scalars.count) characters"
        )
    }
    var part = String.UnicodeScalarView()
    part.append(contentsOf: scalars[Int(start)..<Int(end)])
    return .string(String(part))
}
