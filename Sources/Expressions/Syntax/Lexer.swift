internal import Transactions

/// Cuts an expression into tokens by CEL's lexical rules (cel-spec, Syntax); a number with a point or an
/// exponent is an exact decimal.
struct Lexer {
    let bytes: [UInt8]
    var position = 0

    /// The longest expression there may be, in bytes.
    static let maximumLength = 65_536

    static func tokens(of source: String) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(bytes: Array(source.utf8))
        guard lexer.bytes.count <= maximumLength else {
            throw ExpressionError(
                .tooLong,
                "the expression has \(lexer.bytes.count) bytes, \(maximumLength) are allowed",
                cure: "split it with let or derive",
                at: 0..<0
            )
        }
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    func byte(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isNameStart(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch byte() {
            case 0x20, 0x09, 0x0A, 0x0D, 0x0C: position += 1
            case 0x2F where byte(1) == 0x2F:
                while position < bytes.count, byte() != 0x0A { position += 1 }
            default: return
            }
        }
    }

    private mutating func next() throws(ExpressionError) -> Token {
        skipBlanks()
        let start = position
        guard position < bytes.count else { return Token(kind: .end, range: start..<start) }
        let first = byte()
        if Self.isDigit(first) || (first == 0x2E && Self.isDigit(byte(1))) { return try number() }
        if let literal = try prefixedString() { return literal }
        if Self.isNameStart(first) {
            while Self.isNameStart(byte()) || Self.isDigit(byte()) { position += 1 }
            return Token(kind: .name(text(start..<position)), range: start..<position)
        }
        if first == 0x60 { return try quotedName() }
        for symbol in ["&&", "||", "==", "!=", "<=", ">=", ".?", "[?"] {
            let letters = Array(symbol.utf8)
            if first == letters[0], byte(1) == letters[1] {
                position += 2
                return Token(kind: .symbol(symbol), range: start..<position)
            }
        }
        if Array("+-*/%!<>?:.,()[]{}".utf8).contains(first) {
            position += 1
            return Token(
                kind: .symbol(String(UnicodeScalar(first))),
                range: start..<position
            )
        }
        throw unknownCharacter()
    }

    /// A name that other rules would not let through, as in ``a.`to-day` ``.
    private mutating func quotedName() throws(ExpressionError) -> Token {
        let start = position
        position += 1
        while Self.isNameStart(byte()) || Self.isDigit(byte())
            || [0x2E, 0x2D, 0x2F, 0x20].contains(byte())
        {
            position += 1
        }
        guard byte() == 0x60, position > start + 1 else {
            throw ExpressionError(
                .syntax,
                "a name between back quotes has letters, digits, '_', '-', '.', '/' and spaces",
                cure: "index with a text instead: ['...']",
                at: start..<min(position + 1, bytes.count)
            )
        }
        position += 1
        return Token(
            kind: .quotedName(text(start + 1..<position - 1)),
            range: start..<position
        )
    }

    private func unknownCharacter() -> ExpressionError {
        let start = position
        switch byte() {
        case 0x3D:
            return ExpressionError(
                .syntax,
                "'=' is no operator",
                cure: "compare with '=='",
                at: start..<start + 1
            )
        case 0x26, 0x7C:
            let sign = String(UnicodeScalar(byte()))
            return ExpressionError(
                .syntax,
                "'\(sign)' is no operator",
                cure: "write '\(sign)\(sign)'",
                at: start..<start + 1
            )
        case 0x24 where byte(1) == 0x7B:
            let end = bytes[start...].firstIndex(of: 0x7D)
            let inner = text(start + 2..<(end ?? bytes.count))
            return ExpressionError(
                .syntax,
                "an expression stands here without '${' and '}'",
                cure: "write \(inner)",
                at: start..<(end.map { $0 + 1 } ?? bytes.count)
            )
        default:
            var end = start + 1
            while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
            return ExpressionError(
                .syntax,
                "a character that no expression has here",
                cure: "text stands between quotes",
                at: start..<end
            )
        }
    }
}
