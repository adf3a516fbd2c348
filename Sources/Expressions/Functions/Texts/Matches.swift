/// `matches`: whether a regular expression in RE2's syntax is found in a text, as a function and as a
/// method.
///
/// `'123ABC'.matches(r'^\d{3}[A-Z]{3}$')` is true. A constant pattern is compiled when the expression is
/// checked.
let matchesFunction = Function(
    "matches",
    "matches(string, pattern) -> bool",
    [Overload([.string, .string], prepare: preparedMatch)]
)

let matchesMethod = Function(
    ".matches",
    "string.matches(pattern) -> bool",
    [Overload([.string, .string], prepare: preparedMatch)]
)

@Sendable private func preparedMatch(_ site: CallSite) throws(FunctionError) -> Prepared {
    guard let text = site.constantText(1) else {
        return Prepared(
            .bool,
            .unknown,
            .two { text, pattern throws(EvaluationError) in
                let (text, source) = (try text.asText, try pattern.asText)
                do throws(PatternError) {
                    return .bool(try TextPattern(source).isFound(in: text))
                } catch {
                    throw EvaluationError(.pattern, error.message)
                }
            }
        )
    }
    let pattern: TextPattern
    do throws(PatternError) {
        pattern = try TextPattern(text)
    } catch {
        throw FunctionError(.pattern, error.message, cure: error.cure, argument: 1)
    }
    return Prepared(
        .bool,
        .unknown,
        .two { text, _ throws(EvaluationError) in .bool(pattern.isFound(in: try text.asText)) }
    )
}
