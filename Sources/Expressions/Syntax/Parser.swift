internal import Transactions

/// Reads tokens by CEL's grammar (cel-spec, Syntax), by descent, with bounds on depth.
struct Parser {
    private let tokens: [Token]
    private var position = 0
    private var depth = 0

    /// How many parts may stand within parts: parentheses, lists, calls, operators in a row.
    static let maximumDepth = 128

    static func parse(_ source: String) throws(ExpressionError) -> SyntaxNode {
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        guard parser.current.kind != .end else {
            throw ExpressionError(
                .syntax,
                "the expression is empty",
                cure: "for an empty text write ''",
                at: 0..<0
            )
        }
        let node = try parser.expression()
        guard parser.current.kind == .end else {
            throw parser.unexpected("the expression should end here")
        }
        return node
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    var current: Token { tokens[position] }

    /// The place after the token last taken.
    private var end: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

    private mutating func advance() { position += 1 }

    private mutating func take(_ symbol: String) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(ExpressionError) {
        guard take(symbol) else { throw unexpected("'\(symbol)' is missing") }
    }

    private func unexpected(_ message: String) -> ExpressionError {
        ExpressionError(.syntax, message, at: current.range)
    }

    private func tooDeep() -> ExpressionError {
        ExpressionError(
            .tooDeep,
            "the expression nests deeper than \(Self.maximumDepth) levels",
            cure: "split it with let or derive",
            at: current.range
        )
    }

    /// A part, unless it would be too deep for those who follow its parts down.
    private func node(_ kind: SyntaxNode.Kind, from start: Int, mark: Range<Int>? = nil)
        throws(ExpressionError) -> SyntaxNode
    {
        let node = SyntaxNode(kind, start..<end, mark: mark)
        guard node.depth <= Self.maximumDepth else { throw tooDeep() }
        return node
    }

    private mutating func nested(
        _ read: (inout Parser) throws(ExpressionError) -> SyntaxNode
    ) throws(ExpressionError) -> SyntaxNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw tooDeep() }
        return try read(&self)
    }

    private mutating func expression() throws(ExpressionError) -> SyntaxNode {
        try nested { parser throws(ExpressionError) in
            let condition = try parser.binary(minimum: 0)
            guard parser.take("?") else { return condition }
            let first = try parser.binary(minimum: 0)
            if parser.current.kind == .symbol("?") {
                throw ExpressionError(
                    .syntax,
                    "a choice within a choice stands in parentheses",
                    cure: "write a ? (b ? c : d) : e",
                    at: parser.current.range
                )
            }
            try parser.expect(":")
            let second = try parser.expression()
            return try parser.node(
                .conditional(condition, first, second),
                from: condition.range.lowerBound
            )
        }
    }

    /// How tightly the operators bind, the loosest first (cel-spec, Syntax).
    private static let precedence: [String: Int] = [
        "||": 0, "&&": 1, "==": 2, "!=": 2, "<": 2, "<=": 2, ">": 2, ">=": 2, "in": 2,
        "+": 3, "-": 3, "*": 4, "/": 4, "%": 4,
    ]

    private var binaryOperator: (symbol: String, precedence: Int)? {
        switch current.kind {
        case .symbol(let symbol): Self.precedence[symbol].map { (symbol, $0) }
        case .name("in"): ("in", 2)
        default: nil
        }
    }

    /// Operators that bind at least so tightly; those of one strength group from the left.
    private mutating func binary(minimum: Int) throws(ExpressionError) -> SyntaxNode {
        var left = try unary()
        while let (symbol, precedence) = binaryOperator, precedence >= minimum {
            let mark = current.range
            advance()
            let right = try binary(minimum: precedence + 1)
            left = try node(
                .binary(symbol, left, right),
                from: left.range.lowerBound,
                mark: mark
            )
        }
        return left
    }

    private mutating func unary() throws(ExpressionError) -> SyntaxNode {
        let start = current.range.lowerBound
        if take("!") {
            let inner = try nested { parser throws(ExpressionError) in try parser.unary() }
            return try node(.not(inner), from: start)
        }
        guard take("-") else { return try suffixes(of: try primary()) }
        // A literal takes its sign at once, so that the lowest int can be written.
        switch current.kind {
        case .int(let size):
            advance()
            guard size <= UInt64(Int64.max) + 1 else { throw Lexer.tooLarge(start..<end) }
            let value = Int64(truncatingIfNeeded: 0 &- size)
            return try suffixes(of: try node(.int(value), from: start))
        case .decimal(let value):
            guard let negated = value.negated else { break }
            advance()
            return try suffixes(of: try node(.decimal(negated), from: start))
        default: break
        }
        let inner = try nested { parser throws(ExpressionError) in try parser.unary() }
        return try node(.negate(inner), from: start)
    }

    private mutating func suffixes(of base: SyntaxNode) throws(ExpressionError) -> SyntaxNode {
        var result = base
        let start = base.range.lowerBound
        while true {
            switch current.kind {
            case .symbol("."), .symbol(".?"):
                let isOptional = current.kind == .symbol(".?")
                advance()
                let (name, mark) = try memberName()
                if !isOptional, take("(") {
                    // Read first: `node` takes the place behind what is read.
                    let arguments = try arguments()
                    result = try node(
                        .call(receiver: result, name: name, arguments: arguments),
                        from: start,
                        mark: mark
                    )
                } else {
                    result = try node(
                        .member(result, name, isOptional: isOptional),
                        from: start,
                        mark: mark
                    )
                }
            case .symbol("["), .symbol("[?"):
                let isOptional = current.kind == .symbol("[?")
                advance()
                let index = try expression()
                try expect("]")
                result = try node(.index(result, index, isOptional: isOptional), from: start)
            case .symbol("{"):
                throw ExpressionError(
                    .syntax,
                    "there are no messages to make",
                    cure: "a map is written {'name': value}",
                    at: current.range
                )
            default: return result
            }
        }
    }

    private mutating func memberName() throws(ExpressionError) -> (String, Range<Int>) {
        let range = current.range
        switch current.kind {
        case .name(let name) where !Self.keywords.contains(name):
            advance()
            return (name, range)
        case .quotedName(let name):
            advance()
            return (name, range)
        default: throw unexpected("a name is missing")
        }
    }

    /// What stands between a call's parentheses.
    private mutating func arguments() throws(ExpressionError) -> [SyntaxNode] {
        var arguments: [SyntaxNode] = []
        while !take(")") {
            if !arguments.isEmpty { try expect(",") }
            arguments.append(try expression())
        }
        return arguments
    }

    private static let keywords: Set<String> = ["in", "true", "false", "null"]

    /// Words that CEL keeps for itself (cel-spec, Syntax, RESERVED).
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while", "in",
    ]

    private mutating func primary() throws(ExpressionError) -> SyntaxNode {
        let token = current
        let start = token.range.lowerBound
        advance()
        switch token.kind {
        case .int(let size):
            guard let value = Int64(exactly: size) else { throw Lexer.tooLarge(token.range) }
            return try node(.int(value), from: start)
        case .decimal(let value): return try node(.decimal(value), from: start)
        case .string(let text): return try node(.string(text), from: start)
        case .name("true"): return try node(.bool(true), from: start)
        case .name("false"): return try node(.bool(false), from: start)
        case .name("null"): return try node(.null, from: start)
        case .name(let name): return try named(name, token.range, isRooted: false)
        case .symbol("."):
            guard case .name(let name) = current.kind else {
                throw unexpected("a name is missing")
            }
            advance()
            return try named(name, start..<end, isRooted: true)
        case .symbol("("):
            let inner = try expression()
            try expect(")")
            return SyntaxNode(inner.kind, start..<end, mark: inner.mark)
        case .symbol("["): return try list(from: start, firstIsOptional: false)
        case .symbol("[?"): return try list(from: start, firstIsOptional: true)
        case .symbol("{"): return try map(from: start)
        default:
            position -= 1
            throw unexpected(
                token.kind == .end ? "the expression ends too early" : "a value is missing"
            )
        }
    }

    private mutating func named(_ name: String, _ range: Range<Int>, isRooted: Bool)
        throws(ExpressionError) -> SyntaxNode
    {
        guard !Self.reserved.contains(name) else {
            throw ExpressionError(
                .syntax,
                "'\(name)' is a word that the language keeps for itself",
                cure: "choose another name",
                at: range
            )
        }
        if take("(") {
            let arguments = try arguments()
            return try node(
                .call(receiver: nil, name: name, arguments: arguments),
                from: range.lowerBound,
                mark: range
            )
        }
        return try node(.name(name, isRooted: isRooted), from: range.lowerBound)
    }

    private mutating func list(from start: Int, firstIsOptional: Bool) throws(ExpressionError)
        -> SyntaxNode
    {
        var elements: [SyntaxNode.Element] = []
        var isOptional = firstIsOptional
        // CEL allows a comma after the last element.
        while isOptional || !take("]") {
            elements.append(.init(value: try expression(), isOptional: isOptional))
            isOptional = false
            guard take(",") else {
                try expect("]")
                break
            }
            isOptional = take("?")
        }
        return try node(.list(elements), from: start)
    }

    private mutating func map(from start: Int) throws(ExpressionError) -> SyntaxNode {
        var entries: [SyntaxNode.Entry] = []
        while !take("}") {
            let isOptional = take("?")
            let key = try expression()
            try expect(":")
            entries.append(.init(key: key, value: try expression(), isOptional: isOptional))
            if !take(",") {
                try expect("}")
                break
            }
        }
        return try node(.map(entries), from: start)
    }
}
