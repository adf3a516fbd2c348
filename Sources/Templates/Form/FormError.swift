internal import Expressions

/// Why a value cannot be written as its field says; never with the value itself.
struct FormError: Error {
    let name: String
    let message: String
    var cure: String?
    /// Where the cause is written, when that is not the field: a format's pattern or policy.
    var node: YAMLNode?
    /// What of the node's text is meant, in UTF-8 offsets.
    var range: Range<Int>?

    init(name: String, message: String, cure: String? = nil, node: YAMLNode? = nil) {
        self.name = name
        self.message = message
        self.cure = cure
        self.node = node
    }

    /// A pattern that is refused; the letters that its message quotes are marked.
    init(_ error: PatternError, of pattern: YAMLNode?) {
        name = "pattern"
        message = error.message
        cure = error.cure
        node = pattern
        if let pattern, case .scalar(let text, _) = pattern.content {
            let quoted = error.message.split(separator: "'", omittingEmptySubsequences: false)
            if quoted.count > 2, let found = text.firstRange(of: quoted[1]) {
                let start = text.utf8.distance(from: text.startIndex, to: found.lowerBound)
                range = start..<start + quoted[1].utf8.count
            }
        }
    }

    /// The diagnostic at the cause, or at `place` where the cause is not written elsewhere.
    func diagnostic(at place: YAMLNode, _ range: Range<Int>? = nil) -> Diagnostic {
        if let node { return node.diagnostic(name, message, cure: cure, at: self.range) }
        return place.diagnostic(name, message, cure: cure, at: range)
    }
}
