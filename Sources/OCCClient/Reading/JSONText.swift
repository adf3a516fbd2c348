/// The inside of a JSON text (RFC 8259, section 7).
enum JSONText {
    /// Appends what the bytes between two quotes mean; the caller proves that the result is UTF-8.
    static func decode(_ bytes: Span<UInt8>, into text: inout [UInt8]) throws(JSONProblem) {
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte >= 0x20 else {
                throw JSONProblem(message: "a text holds a raw control character")
            }
            guard byte == 0x5C else {
                text.append(byte)
                continue
            }
            guard position < bytes.count else {
                throw JSONProblem(message: "a text has no end")
            }
            let letter = bytes[position]
            position += 1
            switch letter {
            case 0x22, 0x5C, 0x2F: text.append(letter)
            case 0x62: text.append(0x08)
            case 0x66: text.append(0x0C)
            case 0x6E: text.append(0x0A)
            case 0x72: text.append(0x0D)
            case 0x74: text.append(0x09)
            case 0x75:
                text.append(contentsOf: String(try scalar(bytes, &position)).utf8)
            default: throw JSONProblem(message: "a text has an unknown escape")
            }
        }
    }

    /// The scalar of an escape, or of two that are a surrogate pair.
    private static func scalar(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(JSONProblem) -> Unicode.Scalar {
        let alone = JSONProblem(message: "a surrogate stands alone")
        var code = try hex(bytes, &position)
        if (0xD800...0xDBFF).contains(code) {
            guard position + 1 < bytes.count, bytes[position] == 0x5C, bytes[position + 1] == 0x75
            else { throw alone }
            position += 2
            let low = try hex(bytes, &position)
            guard (0xDC00...0xDFFF).contains(low) else { throw alone }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw alone }
        return scalar
    }

    private static func hex(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(JSONProblem) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch position < bytes.count ? bytes[position] : 0 {
            case let byte where (0x30...0x39).contains(byte): digit = byte - 0x30
            case let byte where (0x41...0x46).contains(byte): digit = byte - 0x37
            case let byte where (0x61...0x66).contains(byte): digit = byte - 0x57
            default:
                throw JSONProblem(message: "an escape lacks four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
