internal import Transactions

/// Numbers and texts.
extension Lexer {
    mutating func number() throws(ExpressionError) -> Token {
        let start = position
        if byte() == 0x30, byte(1) == 0x78 || byte(1) == 0x58 {
            position += 2
            let digits = position
            while Self.isHexDigit(byte()) { position += 1 }
            try refuseLetters(after: start)
            guard position > digits else {
                throw ExpressionError(
                    .syntax,
                    "digits are missing behind '0x'",
                    at: start..<position
                )
            }
            guard let value = UInt64(text(digits..<position), radix: 16) else {
                throw Self.tooLarge(start..<position)
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
        try refuseLetters(after: start)
        let range = start..<position
        if isWhole {
            guard let value = UInt64(text(range)) else { throw Self.tooLarge(range) }
            return Token(kind: .int(value), range: range)
        }
        var digits = Array(bytes[range])
        if digits.first == 0x2E { digits.insert(0x30, at: 0) }
        while digits.count > 1, digits[0] == 0x30, Self.isDigit(digits[1]) { digits.removeFirst() }
        guard let value = ExactDecimal(digits) else {
            throw ExpressionError(
                .overflow,
                "the decimal does not fit 38 digits with 36 places",
                at: range
            )
        }
        return Token(kind: .decimal(value), range: range)
    }

    static func tooLarge(_ range: Range<Int>) -> ExpressionError {
        ExpressionError(
            .overflow,
            "the number does not fit 64 bits",
            cure: "a decimal has up to 38 digits: write it with a point",
            at: range
        )
    }

    private func refuseLetters(after start: Int) throws(ExpressionError) {
        guard Self.isNameStart(byte()) else { return }
        let isUnsigned = byte() == 0x75 || byte() == 0x55
        throw ExpressionError(
            .syntax,
            "a number does not go on with letters",
            cure: isUnsigned ? "there are no unsigned integers: leave 'u' out" : nil,
            at: start..<position + 1
        )
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// A text, with `r` before it a raw one; nil where none begins.
    mutating func prefixedString() throws(ExpressionError) -> Token? {
        let start = position
        var end = position
        var isRaw = false
        var isBytes = false
        while end < position + 2, end < bytes.count {
            let letter = bytes[end] | 0x20
            if letter == 0x72, !isRaw {
                isRaw = true
            } else if letter == 0x62, !isBytes {
                isBytes = true
            } else {
                break
            }
            end += 1
        }
        guard end < bytes.count, bytes[end] == 0x22 || bytes[end] == 0x27 else { return nil }
        guard !isBytes else {
            throw ExpressionError(
                .syntax,
                "there are no bytes, only text",
                cure: "leave the 'b' before the quote out",
                at: start..<end + 1
            )
        }
        position = end
        return try string(isRaw: isRaw, from: start)
    }

    private mutating func string(isRaw: Bool, from start: Int) throws(ExpressionError) -> Token {
        let quote = byte()
        let isLong = byte(1) == quote && byte(2) == quote
        position += isLong ? 3 : 1
        var text: [UInt8] = []
        while true {
            guard position < bytes.count, isLong || (byte() != 0x0A && byte() != 0x0D) else {
                let sign = String(repeating: String(UnicodeScalar(quote)), count: isLong ? 3 : 1)
                throw ExpressionError(
                    .syntax,
                    "the text has no closing quote",
                    cure: "add \(sign)",
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
        if let plain = Self.simpleEscapes[letter] { return [plain] }
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
                .syntax,
                "no such escape in a text",
                cure: "write '\\\\' for one backslash, or r'...' for a text without escapes",
                at: start..<min(start + 2, bytes.count)
            )
        }
        let end = min(position + digits.count, bytes.count)
        let hasDigits = bytes[position..<end].allSatisfy {
            digits.radix == 8 ? (0x30...0x37).contains($0) : Self.isHexDigit($0)
        }
        guard hasDigits, end - position == digits.count,
            let code = UInt32(text(position..<end), radix: digits.radix),
            let scalar = UnicodeScalar(code)
        else {
            throw ExpressionError(
                .syntax,
                "the escape needs \(digits.count) digits of a Unicode character",
                at: start..<end
            )
        }
        position = end
        return Array(String(scalar).utf8)
    }

    private static let simpleEscapes: [UInt8: UInt8] = [
        0x61: 0x07, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x76: 0x0B,
        0x5C: 0x5C, 0x3F: 0x3F, 0x22: 0x22, 0x27: 0x27, 0x60: 0x60,
    ]
}
