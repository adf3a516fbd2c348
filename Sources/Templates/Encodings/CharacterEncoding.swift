internal import CSystemCalls

/// What happens to a character that the encoding does not have.
enum UnmappablePolicy: Sendable, Hashable {
    /// The transaction is rejected.
    case reject
    /// The template's table, then the letter without its marks; what neither knows is rejected.
    case transliterate
    /// This stands for each.
    case replace(String)
}

/// A character that could not be written.
struct UnmappableCharacter: Error, Hashable {
    let scalar: Unicode.Scalar
    let encoding: String

    /// `U+0416 is not in windows-1257`.
    var message: String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "U+\(code) is not in \(encoding)"
    }
}

/// An encoding of text: UTF-8, UTF-16, or a table of 256 bytes that iconv filled once.
struct CharacterEncoding: Sendable {
    private enum Form: Sendable {
        case utf8
        case utf16(isBigEndian: Bool)
        /// The byte of each code point below U+10000, `missing` where there is none.
        case table([UInt16])
    }

    /// The name a template uses, in lower case.
    let name: String
    private let form: Form
    /// Whether ASCII text is written as it is.
    let keepsASCII: Bool

    private static let missing: UInt16 = 0xFFFF

    static let names = [
        "utf-8", "utf-16", "utf-16le", "utf-16be", "ascii", "iso-8859-1", "iso-8859-4",
        "iso-8859-13", "iso-8859-15", "windows-1250", "windows-1252", "windows-1257", "cp437",
        "cp775", "cp850", "cp037", "cp500", "cp1140",
    ]

    /// The name iconv has for it, where it is another.
    private static let iconvNames = [
        "windows-1250": "CP1250", "windows-1252": "CP1252", "windows-1257": "CP1257",
        "cp037": "IBM037", "cp500": "IBM500", "cp1140": "IBM1140",
    ]

    /// UTF-8.
    static let utf8 = CharacterEncoding()

    private init() {
        name = "utf-8"
        form = .utf8
        keepsASCII = true
    }

    /// The encoding of that name; nil when there is none.
    init?(name: String) {
        let name = name.lowercased()
        guard Self.names.contains(name) else { return nil }
        self.name = name
        switch name {
        case "utf-8":
            form = .utf8
            keepsASCII = true
        case "utf-16", "utf-16le", "utf-16be":
            form = .utf16(isBigEndian: name == "utf-16be")
            keepsASCII = false
        default:
            var codes = [UInt32](repeating: 0, count: 256)
            let filled = unsafe codes.withUnsafeMutableBufferPointer { buffer in
                unsafe occ_code_page(Self.iconvNames[name] ?? name, buffer.baseAddress)
            }
            guard filled == 0 else { return nil }
            var table = [UInt16](repeating: Self.missing, count: 0x10000)
            for (byte, code) in codes.enumerated() where code < 0x10000 {
                table[Int(code)] = UInt16(byte)
            }
            form = .table(table)
            keepsASCII = (0..<0x80).allSatisfy { table[$0] == UInt16($0) }
        }
    }

    /// Whether every character of Unicode can be written.
    var isUnicode: Bool {
        if case .table = form { false } else { true }
    }

    /// What marks the encoding at a file's start.
    var byteOrderMark: [UInt8] {
        switch form {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16(let isBigEndian): isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
        case .table: []
        }
    }

    /// The code point of each byte, nil for encodings whose characters take several bytes.
    var codePoints: [UInt32]? {
        guard case .table(let table) = form else { return nil }
        var codes = [UInt32](repeating: 0xFFFD, count: 256)
        for (code, byte) in table.enumerated() where byte != Self.missing {
            codes[Int(byte)] = UInt32(code)
        }
        return codes
    }

    /// Whether the encoding has a character.
    func has(_ scalar: Unicode.Scalar) -> Bool {
        guard case .table(let table) = form else { return true }
        return scalar.value < 0x10000 && table[Int(scalar.value)] != Self.missing
    }

    /// The byte of a code point in an encoding of one byte a character; nil where it has none.
    func byte(of code: UInt32) -> UInt8? {
        guard case .table(let table) = form, code < 0x10000 else { return nil }
        return table[Int(code)] == Self.missing ? nil : UInt8(table[Int(code)])
    }

    /// The first character of a text that the encoding lacks.
    func firstMissing(in text: String) -> Unicode.Scalar? {
        text.unicodeScalars.first { !has($0) }
    }

    /// A text's bytes; characters that the encoding lacks are left out, so ask `firstMissing` before.
    func bytes(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        append(Array(text.utf8), to: &output)
        return output
    }

    /// Appends valid UTF-8 in this encoding.
    ///
    /// Characters that the encoding lacks are left out: `mapped` has replaced or refused them before.
    func append(_ text: [UInt8], to output: inout [UInt8]) {
        switch form {
        case .utf8: output.append(contentsOf: text)
        case .utf16(let isBigEndian):
            var place = 0
            while place < text.count {
                let code = UTF8Cursor.next(text, &place)
                let units =
                    code < 0x10000
                    ? [code] : [0xD7C0 + code >> 10, 0xDC00 + code & 0x3FF]
                for unit in units {
                    let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
                    output.append(isBigEndian ? high : low)
                    output.append(isBigEndian ? low : high)
                }
            }
        case .table(let table):
            var place = 0
            while place < text.count {
                let code = UTF8Cursor.next(text, &place)
                guard code < 0x10000 else { continue }
                let byte = table[Int(code)]
                if byte != Self.missing { output.append(UInt8(byte)) }
            }
        }
    }

    /// Replaces the characters of valid UTF-8 that the encoding lacks, by the policy; returns how many.
    func map(
        _ text: inout [UInt8],
        _ policy: UnmappablePolicy,
        _ transliterations: [Unicode.Scalar: String]
    ) throws(UnmappableCharacter) -> Int {
        guard case .table(let table) = form else { return 0 }
        var place = 0
        while place < text.count {
            let code = UTF8Cursor.next(text, &place)
            if code >= 0x10000 || table[Int(code)] == Self.missing { break }
            if place == text.count { return 0 }
        }
        guard !text.isEmpty else { return 0 }
        var replaced = 0
        var mapped: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            if has(scalar) {
                mapped.append(contentsOf: UTF8.encode(scalar) ?? .init())
                continue
            }
            let missing = UnmappableCharacter(scalar: scalar, encoding: name)
            let replacement: String
            switch policy {
            case .reject: throw missing
            case .replace(let text): replacement = text
            case .transliterate:
                guard let text = transliterations[scalar] ?? Self.plainLetter(scalar) else {
                    throw missing
                }
                replacement = text
            }
            guard firstMissing(in: replacement) == nil else { throw missing }
            mapped.append(contentsOf: replacement.utf8)
            replaced += 1
        }
        text = mapped
        return replaced
    }

    /// The most characters that `transliterate` writes for one.
    static let longestPlainLetter = plainLetters.values.map(\.count).max() ?? 1

    /// The most bytes that a character takes.
    var mostBytes: Int { isUnicode ? 4 : 1 }

    /// Bytes that a character of ASCII takes.
    var bytesOfASCII: Int { bytes("0").count }

    /// The letter without its marks, by canonical decomposition as far as the Baltic and Nordic
    /// languages need it.
    private static func plainLetter(_ scalar: Unicode.Scalar) -> String? { plainLetters[scalar] }

    private static let plainLetters: [Unicode.Scalar: String] = {
        let rows = [
            "A": "ÀÁÂÃÄÅĀĂĄ", "a": "àáâãäåāăą", "C": "ÇĆĈĊČ", "c": "çćĉċč", "D": "ĎĐ", "d": "ďđ",
            "E": "ÈÉÊËĒĔĖĘĚ", "e": "èéêëēĕėęě", "G": "ĜĞĠĢ", "g": "ĝğġģ", "I": "ÌÍÎÏĨĪĬĮİ",
            "i": "ìíîïĩīĭįı", "K": "Ķ", "k": "ķ", "L": "ĹĻĽŁ", "l": "ĺļľł", "N": "ÑŃŅŇ",
            "n": "ñńņň", "O": "ÒÓÔÕÖØŌŎŐ", "o": "òóôõöøōŏő", "R": "ŔŖŘ", "r": "ŕŗř",
            "S": "ŚŜŞŠ", "s": "śŝşš", "T": "ŢŤ", "t": "ţť", "U": "ÙÚÛÜŨŪŬŮŰŲ",
            "u": "ùúûüũūŭůűų", "Y": "ÝŸ", "y": "ýÿ", "Z": "ŹŻŽ", "z": "źżž", "ss": "ß",
            "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "-": "‐‑‒–—", "'": "‘’‚", "\"": "“”„",
            "...": "…", "EUR": "€", " ": "\u{A0}",
        ]
        var letters: [Unicode.Scalar: String] = [:]
        for (plain, marked) in rows {
            for scalar in marked.unicodeScalars { letters[scalar] = plain }
        }
        return letters
    }()
}

/// Reads code points out of valid UTF-8 (RFC 3629) without making a `String`.
enum UTF8Cursor {
    /// The code point at a place, which moves behind it.
    static func next(_ text: [UInt8], _ place: inout Int) -> UInt32 {
        let first = UInt32(text[place])
        if first < 0x80 {
            place += 1
            return first
        }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        var code = first & (0xFF >> (UInt32(length) + 1))
        let end = min(text.count, place + length)
        for index in place + 1..<end { code = code << 6 | UInt32(text[index] & 0x3F) }
        place = end
        return code
    }

    /// How many code points there are.
    static func count(_ text: [UInt8]) -> Int {
        var count = 0
        for byte in text where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
