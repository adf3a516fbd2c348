/// What a text holds, and where: `contains`, `startsWith`, `endsWith`, `indexOf`, `lastIndexOf`.
///
/// Places count in characters (code points) from 0; -1 means nowhere: `'tacocat'.indexOf('ac')` is 1.
let textSearchFunctions: [Function] = [
    Function(
        ".contains",
        "string.contains(string) -> bool",
        [
            Overload([.string, .string]) { site throws(FunctionError) in
                // A constant part is prepared once.
                let prepared = site.constantText(1).map { TextSearch($0.utf8) }
                return Prepared(
                    .bool,
                    .unknown,
                    .two { text, part throws(EvaluationError) in
                        let bytes = Array(try text.asText.utf8)
                        if let prepared { return .bool(prepared.first(in: bytes) != nil) }
                        return .bool(TextSearch(try part.asText.utf8).first(in: bytes) != nil)
                    }
                )
            }
        ]
    ),
    Function(
        ".startsWith",
        "string.startsWith(string) -> bool",
        [
            Overload(.string, .string, to: .bool) { text, part throws(EvaluationError) in
                .bool(try text.asText.utf8.starts(with: try part.asText.utf8))
            }
        ]
    ),
    Function(
        ".endsWith",
        "string.endsWith(string) -> bool",
        [
            Overload(.string, .string, to: .bool) { text, part throws(EvaluationError) in
                let (whole, end) = (try text.asText.utf8, try part.asText.utf8)
                return .bool(
                    whole.count >= end.count && whole.suffix(end.count).elementsEqual(end)
                )
            }
        ]
    ),
    Function(
        ".indexOf",
        "string.indexOf(string) or string.indexOf(string, int) -> int",
        [
            Overload(.string, .string, to: .int) { text, part throws(EvaluationError) in
                .int(try firstIndex(text, part, from: 0))
            },
            Overload(.string, .string, .int, to: .int) {
                text,
                part,
                start throws(EvaluationError) in
                .int(try firstIndex(text, part, from: try start.asInt))
            },
        ]
    ),
    Function(
        ".lastIndexOf",
        "string.lastIndexOf(string) or string.lastIndexOf(string, int) -> int",
        [
            Overload(.string, .string, to: .int) { text, part throws(EvaluationError) in
                .int(try lastIndex(text, part, upTo: nil))
            },
            Overload(.string, .string, .int, to: .int) { text, part, end throws(EvaluationError) in
                .int(try lastIndex(text, part, upTo: try end.asInt))
            },
        ]
    ),
]

/// The failure of a place that a text does not have.
func noPlace(_ index: Int64, in text: Characters) -> EvaluationError {
    EvaluationError(
        .index,
        "the text has \(Checker.counted(text.count, "character")), there is no place \(index)"
    )
}

private func firstIndex(_ text: Value, _ part: Value, from start: Int64) throws(EvaluationError)
    -> Int64
{
    let characters = Characters(try text.asText)
    guard let place = characters.place(of: start) else { throw noPlace(start, in: characters) }
    let found = TextSearch(try part.asText.utf8).first(in: characters.bytes, from: place)
    return found.map { characters.index(ofPlace: $0) } ?? -1
}

private func lastIndex(_ text: Value, _ part: Value, upTo end: Int64?) throws(EvaluationError)
    -> Int64
{
    let characters = Characters(try text.asText)
    var limit = characters.bytes.count
    if let end {
        guard let place = characters.place(of: end) else { throw noPlace(end, in: characters) }
        limit = place
    }
    let found = TextSearch(try part.asText.utf8).last(in: characters.bytes, upTo: limit)
    return found.map { characters.index(ofPlace: $0) } ?? -1
}
