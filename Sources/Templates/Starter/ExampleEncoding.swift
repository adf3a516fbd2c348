/// The encoding of example files: by their mark, by their form, else by the letters they would have.
struct ExampleEncoding: Sendable {
    /// The name a template uses.
    let name: String
    /// Whether the files begin with a byte-order mark.
    let hasMark: Bool
    /// Why it is believed.
    let reason: String
    /// The files' texts, without the mark.
    let texts: [String]

    /// In the order in which they win when they read the same letters.
    static let codePages = [
        "windows-1257", "windows-1252", "cp775", "cp437", "cp850", "iso-8859-15", "iso-8859-13",
        "iso-8859-4", "windows-1250", "iso-8859-1",
    ]

    /// Guesses one encoding for all files; nil when none reads them.
    init?(_ files: [[UInt8]]) {
        let first = files.first ?? []
        if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) {
            self.init(utf16: files, isBigEndian: first[0] == 0xFE, hasMark: true)
        } else if let isBigEndian = Self.zeroBytes(in: first) {
            self.init(utf16: files, isBigEndian: isBigEndian, hasMark: false)
        } else {
            self.init(bytes: files)
        }
    }

    private init(
        _ name: String,
        hasMark: Bool = false,
        reason: String,
        texts: [String]
    ) {
        self.name = name
        self.hasMark = hasMark
        self.reason = reason
        self.texts = texts
    }

    private init?(bytes files: [[UInt8]]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let hasMark = files.contains { $0.starts(with: mark) }
        let plain = files.map { $0.starts(with: mark) ? Array($0.dropFirst(3)) : $0 }
        if plain.allSatisfy({ $0.allSatisfy { $0 < 0x80 } }) {
            self.init(
                "utf-8",
                hasMark: hasMark,
                reason: hasMark
                    ? "begins with the mark of UTF-8"
                    : "only ASCII in it: any encoding would do; the target's manual knows",
                texts: plain.map { String(decoding: $0, as: UTF8.self) }
            )
            return
        }
        let decoded = plain.compactMap { String(validating: $0, as: UTF8.self) }
        if decoded.count == plain.count {
            self.init(
                "utf-8",
                hasMark: hasMark,
                reason: hasMark
                    ? "begins with the mark of UTF-8" : "its letters beyond ASCII are valid UTF-8",
                texts: decoded
            )
            return
        }
        if let ebcdic = Self.ebcdic(plain) {
            self = ebcdic
            return
        }
        self.init(codePageOf: plain)
    }

    /// EBCDIC: blanks are 0x40, digits 0xF0 to 0xF9.
    private static func ebcdic(_ files: [[UInt8]]) -> ExampleEncoding? {
        let bytes = files.joined()
        let typical = bytes.count { $0 == 0x40 || (0xF0...0xF9).contains($0) || $0 == 0x4B }
        guard typical * 2 > bytes.count, let page = CodePage(name: "cp037") else { return nil }
        let texts = files.compactMap(page.text)
        guard texts.count == files.count else { return nil }
        return ExampleEncoding(
            "cp037",
            reason: "blanks and digits are EBCDIC's; cp500 and cp1140 differ in a few signs only",
            texts: texts
        )
    }

    private init?(codePageOf files: [[UInt8]]) {
        var best: (score: Int, page: String, texts: [String])?
        var readings: [(page: String, texts: [String])] = []
        for name in Self.codePages {
            guard let page = CodePage(name: name) else { continue }
            let texts = files.compactMap(page.text)
            guard texts.count == files.count else { continue }
            readings.append((name, texts))
            var score = texts.map(Self.score).reduce(0, +)
            // SIE says PC8 for CP437 (SIE 4, #FORMAT).
            if name == "cp437", texts.contains(where: { $0.contains("#FORMAT PC8") }) { score += 1 }
            if best.map({ score > $0.score }) ?? true { best = (score, name, texts) }
        }
        guard let best else { return nil }
        let same = readings.filter { $0.page != best.page && $0.texts == best.texts }.map(\.page)
        self.init(
            best.page,
            reason: "not UTF-8, and its letters make words here"
                + (same.isEmpty ? "" : "; \(same.joined(separator: ", ")) would read the same"),
            texts: best.texts
        )
    }

    private static let usual = Set("õäöüåšžßÕÄÖÜÅŠŽ".unicodeScalars)
    private static let known = Set(
        "āčēģīķļņūąęėįųłńóśźżćéèæøçñĀČĒĢĪĶĻŅŪĄĘĖĮŲŁŃÓŚŹŻĆÉÆØ".unicodeScalars
    )
    private static let signs = Set("€§°–—“”„’‘«»½²³£·…\u{A0}".unicodeScalars)

    /// How much a text looks like words of the countries that use the cards.
    private static func score(_ text: String) -> Int {
        var score = 0
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            guard scalar.value >= 0x80 else { continue }
            if usual.contains(scalar) {
                score += 3
            } else if known.contains(scalar) {
                score += 2
            } else if signs.contains(scalar) {
                score += previous.properties.isAlphabetic ? -3 : 1
            } else if scalar.properties.isAlphabetic {
                score += 0
            } else {
                score -= 6
            }
            if scalar.properties.isUppercase, previous.properties.isLowercase { score -= 4 }
            if scalar.value < 0xA0 { score -= 10 }
        }
        return score
    }

    /// Whether what was read is no text in any encoding: programs, pictures and archives hold zero bytes,
    /// or more control characters than one in a hundred.
    static func isBinary(_ text: String) -> Bool {
        var controls = 0
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            if scalar.value == 0 { return true }
            // Tab, line ends, form feed; 0x1A ends files of DOS.
            if scalar.value < 0x20, !(0x09...0x0D).contains(scalar.value), scalar.value != 0x1A {
                controls += 1
            }
        }
        return controls * 100 > count
    }

    /// Whether UTF-16 without a mark puts its zero bytes before or behind ASCII.
    private static func zeroBytes(in bytes: [UInt8]) -> Bool? {
        let pairs = bytes.count / 2
        guard pairs > 4 else { return nil }
        let even = (0..<pairs).count { bytes[2 * $0] == 0 }
        let odd = (0..<pairs).count { bytes[2 * $0 + 1] == 0 }
        if even * 2 > pairs { return true }
        return odd * 2 > pairs ? false : nil
    }

    private init?(utf16 files: [[UInt8]], isBigEndian: Bool, hasMark: Bool) {
        var texts: [String] = []
        for bytes in files {
            let units = (0..<bytes.count / 2).map { place in
                let pair = (UInt16(bytes[2 * place]), UInt16(bytes[2 * place + 1]))
                return isBigEndian ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0
            }
            guard let text = String(validating: units.drop { $0 == 0xFEFF }, as: UTF16.self) else {
                return nil
            }
            texts.append(text)
        }
        self.init(
            isBigEndian ? "utf-16be" : "utf-16le",
            hasMark: hasMark,
            reason: hasMark
                ? "begins with the mark of UTF-16" : "every other byte is zero, as UTF-16 has it",
            texts: texts
        )
    }
}
