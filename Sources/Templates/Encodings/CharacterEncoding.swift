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

/// An encoding of text: UTF-8, or a table of 256 bytes that iconv filled once.
struct CharacterEncoding: Sendable {
    /// The name a template uses, in lower case.
    let name: String
    /// The bytes of each character; nil for UTF-8, whose bytes stay as they are.
    private let bytes: [Unicode.Scalar: UInt8]?

    static let names = [
        "utf-8", "ascii", "iso-8859-1", "iso-8859-4", "iso-8859-13", "iso-8859-15",
        "windows-1250", "windows-1252", "windows-1257", "cp437", "cp775", "cp850", "cp037",
        "cp500", "cp1140",
    ]

    /// The name iconv has for it, where it is another.
    private static let iconvNames = [
        "windows-1250": "CP1250", "windows-1252": "CP1252", "windows-1257": "CP1257",
        "cp037": "IBM037", "cp500": "IBM500", "cp1140": "IBM1140",
    ]

    /// The encoding of that name; nil when there is none.
    init?(name: String) {
        let name = name.lowercased()
        guard Self.names.contains(name) else { return nil }
        self.name = name
        if name == "utf-8" {
            bytes = nil
            return
        }
        var table = [UInt32](repeating: 0, count: 256)
        let filled = unsafe table.withUnsafeMutableBufferPointer { buffer in
            unsafe occ_code_page(Self.iconvNames[name] ?? name, buffer.baseAddress)
        }
        guard filled == 0 else { return nil }
        var bytes: [Unicode.Scalar: UInt8] = [:]
        for (byte, code) in table.enumerated() {
            if let scalar = Unicode.Scalar(code), code != 0xFFFF_FFFF {
                bytes[scalar] = UInt8(byte)
            }
        }
        self.bytes = bytes
    }

    /// The first character of a text that the encoding lacks.
    func firstMissing(in text: String) -> Unicode.Scalar? {
        guard let bytes else { return nil }
        return text.unicodeScalars.first { bytes[$0] == nil }
    }

    /// Appends a text in this encoding and returns how many characters were replaced.
    func append(
        _ text: String,
        to output: inout [UInt8],
        _ policy: UnmappablePolicy,
        _ transliterations: [Unicode.Scalar: String]
    ) throws(UnmappableCharacter) -> Int {
        guard let bytes else {
            output.append(contentsOf: text.utf8)
            return 0
        }
        var replaced = 0
        for scalar in text.unicodeScalars {
            if let byte = bytes[scalar] {
                output.append(byte)
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
            for letter in replacement.unicodeScalars {
                guard let byte = bytes[letter] else { throw missing }
                output.append(byte)
            }
            replaced += 1
        }
        return replaced
    }

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
