internal import Transactions

/// Reads tokens by CEL's grammar (cel-spec, Syntax), by descent, with bounds on depth.
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private var depth = 0

    /// How deep parentheses, lists, calls and operators may nest.
    static let maximumDepth = 250

    static func parse(_ source: String) throws(ExpressionError) -> SyntaxNode {
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        guard parser.current.kind != .end else {
            throw ExpressionError("syntax", "the expression is empty", at: 0..<0)
        }
        let node = try parser.expression()
        guard parser.current.kind == .end else {
            throw parser.unexpected("the expression ends here")
        }
        return node
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private var current: Token { tokens[position] }

    private func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }

    private mutating func take(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(ExpressionError) {
        guard take(symbol) else { throw unexpected("'\(symbol)' is missing") }
    }

    private func unexpected(_ message: String) -> ExpressionError {
        ExpressionError("syntax", message, at: current.range)
    }

    private mutating func nested(
        _ read: (inout Parser) throws(ExpressionError) -> SyntaxNode
    ) throws(ExpressionError) -> SyntaxNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw ExpressionError(
                "too-deep",
                "the expression nests deeper than \(Self.maximumDepth) levels",
                cure: "split it with let or derive",
                at: current.range
            )
        }
        return try read(&self)
    }

    private mutating func expression() throws(ExpressionError) -> SyntaxNode {
        try nested { parser throws(ExpressionError) in
            let condition = try parser.binary(level: 0)
            guard parser.take("?") else { return condition }
            let first = try parser.expression()
            try parser.expect(":")
            let second = try parser.expression()
            return SyntaxNode(
                .conditional(condition, first, second),
                condition.range.lowerBound..<second.range.upperBound
            )
        }
    }

    private static let levels: [[String]] = [
        ["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"],
    ]

    private var binaryOperator: String? {
        switch current.kind {
        case .symbol(let symbol): symbol
        case .name("in"): "in"
        default: nil
        }
    }

    private mutating func binary(level: Int) throws(ExpressionError) -> SyntaxNode {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level: level + 1)
        var count = 0
        while let symbol = binaryOperator, Self.levels[level].contains(symbol) {
            count += 1
            guard count <= Self.maximumDepth else {
                throw ExpressionError(
                    "too-deep",
                    "more than \(Self.maximumDepth) operators in a row",
                    cure: "split it with let or derive",
                    at: current.range
                )
            }
            let mark = current.range
            position += 1
            let right = try binary(level: level + 1)
            left = SyntaxNode(
                .binary(symbol, left, right),
                left.range.lowerBound..<right.range.upperBound,
                mark: mark
            )
        }
        return left
    }

    private mutating func unary() throws(ExpressionError) -> SyntaxNode {
        let start = current.range.lowerBound
        if take("!") {
            let inner = try nested { parser throws(ExpressionError) in try parser.unary() }
            return SyntaxNode(.not(inner), start..<inner.range.upperBound)
        }
        if take("-") {
            // A literal takes its sign at once, so that the lowest int can be written.
            let range = start..<current.range.upperBound
            switch current.kind {
            case .int(let value):
                position += 1
                return try suffixes(of: SyntaxNode(.int(-value), range))
            case .decimal(let value):
                position += 1
                if value.scale == 0, value.significand == 9_223_372_036_854_775_808 {
                    return try suffixes(of: SyntaxNode(.int(.min), range))
                }
                guard let negated = value.negated else { break }
                return try suffixes(of: SyntaxNode(.decimal(negated), range))
            default: break
            }
            let inner = try nested { parser throws(ExpressionError) in try parser.unary() }
            return SyntaxNode(.negate(inner), start..<inner.range.upperBound)
        }
        return try suffixes(of: try primary())
    }

    private mutating func suffixes(of base: SyntaxNode) throws(ExpressionError) -> SyntaxNode {
        var node = base
        var count = 0
        while true {
            count += 1
            guard count <= Self.maximumDepth else {
                throw ExpressionError(
                    "too-deep",
                    "more than \(Self.maximumDepth) members in a row",
                    at: current.range
                )
            }
            let start = base.range.lowerBound
            if isSymbol(".") || isSymbol(".?") {
                let isOptional = isSymbol(".?")
                position += 1
                let (name, mark) = try self.name()
                if !isOptional, take("(") {
                    let arguments = try self.arguments(until: ")")
                    node = SyntaxNode(
                        .call(receiver: node, name: name, arguments: arguments),
                        start..<tokens[position - 1].range.upperBound,
                        mark: mark
                    )
                } else {
                    node = SyntaxNode(
                        .member(node, name, isOptional: isOptional),
                        start..<mark.upperBound,
                        mark: mark
                    )
                }
            } else if take("[") {
                let index = try expression()
                try expect("]")
                node = SyntaxNode(
                    .index(node, index),
                    start..<tokens[position - 1].range.upperBound
                )
            } else {
                return node
            }
        }
    }

    private mutating func name() throws(ExpressionError) -> (String, Range<Int>) {
        guard case .name(let name) = current.kind else { throw unexpected("a name is missing") }
        let range = current.range
        position += 1
        return (name, range)
    }

    private mutating func arguments(until end: String) throws(ExpressionError) -> [SyntaxNode] {
        var arguments: [SyntaxNode] = []
        while !take(end) {
            if !arguments.isEmpty {
                try expect(",")
                // CEL allows a comma after the last element of a list.
                if end == "]", take(end) { break }
            }
            arguments.append(try expression())
        }
        return arguments
    }

    /// Words that CEL keeps for itself (cel-spec, Syntax, RESERVED).
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while", "in",
    ]

    private mutating func primary() throws(ExpressionError) -> SyntaxNode {
        let token = current
        position += 1
        switch token.kind {
        case .int(let value): return SyntaxNode(.int(value), token.range)
        case .decimal(let value):
            if value.scale == 0, value.significand == 9_223_372_036_854_775_808 {
                throw ExpressionError(
                    "overflow",
                    "the number does not fit 64 bits",
                    at: token.range
                )
            }
            return SyntaxNode(.decimal(value), token.range)
        case .string(let text): return SyntaxNode(.string(text), token.range)
        case .name("true"): return SyntaxNode(.bool(true), token.range)
        case .name("false"): return SyntaxNode(.bool(false), token.range)
        case .name("null"):
            throw ExpressionError(
                "unknown-name",
                "there is no 'null'",
                cure: "ask whether a value is there with hasValue()",
                at: token.range
            )
        case .name(let name):
            guard !Self.reserved.contains(name) else {
                throw ExpressionError(
                    "syntax",
                    "'\(name)' is a word that the language keeps for itself",
                    at: token.range
                )
            }
            if take("(") {
                let arguments = try self.arguments(until: ")")
                return SyntaxNode(
                    .call(receiver: nil, name: name, arguments: arguments),
                    token.range.lowerBound..<tokens[position - 1].range.upperBound,
                    mark: token.range
                )
            }
            return SyntaxNode(.name(name), token.range)
        case .symbol("("):
            let inner = try expression()
            try expect(")")
            return SyntaxNode(
                inner.kind,
                token.range.lowerBound..<tokens[position - 1].range.upperBound,
                mark: inner.mark
            )
        case .symbol("["):
            let elements = try arguments(until: "]")
            return SyntaxNode(
                .list(elements),
                token.range.lowerBound..<tokens[position - 1].range.upperBound
            )
        default:
            position -= 1
            throw unexpected(
                token.kind == .end ? "the expression ends too early" : "a value is missing"
            )
        }
    }
}
