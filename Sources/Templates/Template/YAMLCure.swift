/// What is likeliest to be wrong where the YAML parser stopped.
struct YAMLCure {
    /// What to do.
    let text: String

    /// Keys whose values are expressions.
    private static var expressionKey: Regex<(Substring, Substring)> {
        /\b(value|when|that|selected|written|order_by|for_each|numbered_from):/
    }

    /// Keys of expressions by name: what stands behind the second colon is the expression.
    private static var namesKey: Regex<(Substring, Substring)> { /\b(let|derive|group_by):/ }

    /// Looks at the line that the parser names, and at the one before.
    init(_ problem: String, line: Int, column: Int, of document: YAMLText) {
        let lines = document.lines
        let marked = lines.indices.contains(line - 1) ? lines[line - 1] : ""
        let before = lines.prefix(max(0, line - 1)).last { !$0.allSatisfy(\.isWhitespace) } ?? ""
        if Self.isIndentedByTabs(marked) || Self.isIndentedByTabs(before)
            || Array(marked).dropFirst(max(0, column - 1)).first == "\t"
        {
            text = "indent with blanks; YAML takes no tabs"
        } else if problem.hasPrefix("a key stands twice") {
            text = "leave one"
        } else if Self.hasUnquoted(marked) {
            text = "quote the expression"
        } else if Self.isOpenQuote(problem) {
            text = "close the quote; inside 'single quotes' a quote is written twice"
        } else if Self.hasUnquoted(before) {
            text = "quote the expression in the line before"
        } else {
            text =
                "look at the indent: keys of one level begin in one column; and does a bracket or quote stay open above?"
        }
    }

    private static func isIndentedByTabs(_ line: String) -> Bool {
        line.prefix { $0 == " " || $0 == "\t" || $0 == "-" }.contains("\t")
    }

    private static func isOpenQuote(_ problem: String) -> Bool {
        problem.contains("unexpected end of stream") || problem.contains("quoted scalar")
    }

    /// Whether an expression stands in a line that means something else to YAML as it is.
    private static func hasUnquoted(_ line: String) -> Bool {
        for match in line.matches(of: expressionKey)
        where meansSomethingElse(line[match.range.upperBound...]) {
            return true
        }
        guard let names = line.firstMatch(of: namesKey) else { return false }
        let rest = line[names.range.upperBound...]
        guard let colon = rest.firstIndex(of: ":") else { return false }
        return meansSomethingElse(rest[rest.index(after: colon)...])
    }

    private static func meansSomethingElse(_ rest: Substring) -> Bool {
        let value = rest.drop { $0 == " " }
        guard let first = value.first else { return false }
        if first == "\"" || first == "'" {
            // A whole value in quotes is as it should be; a quote that ends sooner begins a text.
            let end = value.dropFirst().firstIndex(of: first)
            guard let end else { return true }
            let behind = value[value.index(after: end)...].drop { $0 == " " }
            return !(behind.isEmpty || ",}]#".contains(behind.first ?? "#"))
        }
        return "[{!%@`&*|>?".contains(first) || value.contains(": ") || value.contains(" #")
            || value.contains("? ")
    }
}
