internal import Expressions

extension Diagnostic {
    /// Says of a name that is unknown only because it is derived later that it is.
    ///
    /// `derived`: what is derived from the place of the mistake on.
    func ofOrder(_ derived: ArraySlice<NamedExpression>) -> Diagnostic {
        guard name == "unknown-name", let own = derived.first,
            let used = derived.first(where: { self.message.hasSuffix("'\($0.name)'") })
        else { return self }
        var message = "'\(used.name)' is derived later"
        var cure = "put it before '\(own.name)'"
        if used.name == own.name {
            message = "'\(own.name)' is derived from itself"
            cure = "derive it from fields"
        } else if Self.words(of: used.expression.text).contains(own.name[...]) {
            message = "'\(own.name)' and '\(used.name)' are derived from each other"
            cure = "derive one of them without the other"
        }
        return Diagnostic(
            name,
            message,
            cure: cure,
            severity: severity,
            file: file,
            line: line,
            column: column,
            length: length,
            path: path,
            excerpt: excerpt
        )
    }

    private static func words(of text: String) -> [Substring] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
    }
}
