internal import Transactions

/// One word of an expression.
struct Token: Equatable {
    enum Kind: Equatable {
        case name(String)
        case int(Int64)
        case decimal(ExactDecimal)
        case string(String)
        /// An operator or bracket.
        case symbol(String)
        case end
    }

    let kind: Kind
    let range: Range<Int>
}

/// Cuts an expression into tokens by CEL's lexical rules (cel-spec, Syntax); a number with a point is
/// an exact decimal.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0

    /// The longest expression there may be, in bytes.
    static let maximumLength = 65_536

    static func tokens(of source: String) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(bytes: Array(source.utf8))
        guard lexer.bytes.count <= maximumLength else {
            throw ExpressionError(
                "too-long",
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

    private func byte(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

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
        if first == 0x22 || first == 0x27 { return try string(isRaw: false) }
        if first == 0x72 || first == 0x52, byte(1) == 0x22 || byte(1) == 0x27 {
            position += 1
            return try string(isRaw: true, from: start)
        }
        if Self.isNameStart(first) {
            while Self.isNameStart(byte()) || Self.isDigit(byte()) { position += 1 }
            let name = String(decoding: bytes[start..<position], as: UTF8.self)
            return Token(kind: .name(name), range: start..<position)
        }
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
        if first == 0x3D {
            throw ExpressionError(
                "syntax",
                "'=' is no operator",
                cure: "compare with '=='",
                at: start..<start + 1
            )
        }
        if first == 0x26 || first == 0x7C {
            let sign = String(UnicodeScalar(first))
            throw ExpressionError(
                "syntax",
                "'\(sign)' is no operator",
                cure: "write '\(sign)\(sign)'",
                at: start..<start + 1
            )
        }
        var end = start + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        throw ExpressionError(
            "syntax",
            "a character that no expression has here",
            cure: "text stands between quotes",
            at: start..<end
        )
    }

    private mutating func number() throws(ExpressionError) -> Token {
        let start = position
        if byte() == 0x30, byte(1) == 0x78 || byte(1) == 0x58 {
            position += 2
            let digits = position
            while String(UnicodeScalar(byte())).utf8.allSatisfy({ Self.isHexDigit($0) }),
                position < bytes.count
            {
                position += 1
            }
            let text = String(decoding: bytes[digits..<position], as: UTF8.self)
            guard let value = Int64(text, radix: 16) else {
                throw ExpressionError(
                    "overflow",
                    "the number does not fit 64 bits",
                    at: start..<position
                )
            }
            return Token(kind: .int(value), range: start..<position)
        }
        while Self.isDigit(byte()) { position += 1 }
        var isWhole = true
        if byte() == 0x2E, Self.isDigit(byte(1)) {
            isWhole = false
            position += 1
            while Self.isDigit(byte()) { position += 1 }
        }
        if byte() == 0x65 || byte() == 0x45,
            Self.isDigit(byte(1)) || ((byte(1) == 0x2B || byte(1) == 0x2D) && Self.isDigit(byte(2)))
        {
            isWhole = false
            position += 2
            while Self.isDigit(byte()) { position += 1 }
        }
        let range = start..<position
        if Self.isNameStart(byte()) {
            throw ExpressionError(
                "syntax",
                "a number does not go on with letters",
                cure: byte() == 0x75 ? "there are no unsigned integers: leave 'u' out" : nil,
                at: start..<position + 1
            )
        }
        let digits = bytes[range]
        if isWhole {
            guard let value = Int64(String(decoding: digits, as: UTF8.self)) else {
                // The one int whose digits only fit with its sign: -9223372036854775808.
                if String(decoding: digits, as: UTF8.self) == "9223372036854775808" {
                    return Token(
                        kind: .decimal(
                            ExactDecimal(significand: 9_223_372_036_854_775_808, scale: 0)
                        ),
                        range: range
                    )
                }
                throw ExpressionError("overflow", "the number does not fit 64 bits", at: range)
            }
            return Token(kind: .int(value), range: range)
        }
        var text = Array(digits)
        if text.first == 0x2E { text.insert(0x30, at: 0) }
        while text.count > 1, text[0] == 0x30, Self.isDigit(text[1]) { text.removeFirst() }
        guard let value = ExactDecimal(text) else {
            throw ExpressionError(
                "overflow",
                "the decimal does not fit 38 digits with 36 places",
                at: range
            )
        }
        return Token(kind: .decimal(value), range: range)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private mutating func string(isRaw: Bool, from start: Int? = nil) throws(ExpressionError)
        -> Token
    {
        let start = start ?? position
        let quote = byte()
        let isLong = byte(1) == quote && byte(2) == quote
        position += isLong ? 3 : 1
        var text: [UInt8] = []
        while true {
            guard position < bytes.count, isLong || byte() != 0x0A else {
                throw ExpressionError(
                    "syntax",
                    "the text has no closing quote",
                    cure:
                        "add \(String(repeating: String(UnicodeScalar(quote)), count: isLong ? 3 : 1))",
                    at: start..<position
                )
            }
            if byte() == quote, !isLong || (byte(1) == quote && byte(2) == quote) {
                position += isLong ? 3 : 1
                break
            }
            if byte() == 0x5C, !isRaw {
                text.append(contentsOf: try escape())
            } else {
                text.append(byte())
                position += 1
            }
        }
        return Token(
            kind: .string(String(decoding: text, as: UTF8.self)),
            range: start..<position
        )
    }

    /// One escape of a string literal (cel-spec, Syntax, ESCAPE).
    private mutating func escape() throws(ExpressionError) -> [UInt8] {
        let start = position
        let letter = byte(1)
        position += 2
        let simple: [UInt8: UInt8] = [
            0x61: 0x07, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x76: 0x0B,
            0x5C: 0x5C, 0x3F: 0x3F, 0x22: 0x22, 0x27: 0x27, 0x60: 0x60,
        ]
        if let plain = simple[letter] { return [plain] }
        let digits: (count: Int, radix: Int)
        switch letter {
        case 0x78, 0x58: digits = (2, 16)
        case 0x75: digits = (4, 16)
        case 0x55: digits = (8, 16)
        case 0x30...0x33:
            position -= 1
            digits = (3, 8)
        default:
            throw ExpressionError(
                "syntax",
                "no such escape in a text",
                cure: "write '\\\\' for one backslash, or r'...' for a text without escapes",
                at: start..<min(start + 2, bytes.count)
            )
        }
        let end = min(position + digits.count, bytes.count)
        let text = String(decoding: bytes[position..<end], as: UTF8.self)
        guard text.utf8.count == digits.count, let code = UInt32(text, radix: digits.radix),
            let scalar = UnicodeScalar(code)
        else {
            throw ExpressionError(
                "syntax",
                "the escape needs \(digits.count) digits of a Unicode character",
                at: start..<end
            )
        }
        position = end
        return Array(String(scalar).utf8)
    }
}
