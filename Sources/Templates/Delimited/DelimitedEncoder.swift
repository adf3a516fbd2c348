/// Writes records of delimited text (RFC 4180).
struct DelimitedEncoder: Sendable {
    let fields: [CompiledField]

    /// Appends one cell, its delimiter before it included.
    ///
    /// `text`: the cell as UTF-8, policies applied; it may be changed.
    func append(
        _ text: inout [UInt8],
        at index: Int,
        to output: inout [UInt8],
        _ form: OutputForm,
        _ substitutions: inout Substitutions
    ) throws(FormError) {
        let look = fields[index].look
        if index > 0 { output.append(contentsOf: form.delimiterBytes) }
        if look.isText, Self.isFormula(text) {
            switch look.formulas {
            case .keep: break
            case .apostrophe:
                text.insert(0x27, at: 0)
                substitutions.formulas += 1
            case .reject:
                throw FormError(
                    name: "formula",
                    message: "value begins like a spreadsheet formula",
                    cure: "formulas: apostrophe for people, keep for machines"
                )
            }
        }
        let isQuoted: Bool
        switch look.quote {
        case .always: isQuoted = true
        case .text: isQuoted = look.isQuotedText || Self.needsQuotes(text, form.delimiter)
        case .whenNeeded: isQuoted = Self.needsQuotes(text, form.delimiter)
        case .never:
            isQuoted = false
            guard !Self.needsQuotes(text, form.delimiter) else {
                throw FormError(
                    name: "delimiter",
                    message: "value holds a delimiter, quote or line end, and quote is never",
                    cure: "quote: when_needed"
                )
            }
        }
        if isQuoted { Self.quote(&text) }
        if form.encoding.keepsASCII, form.encoding.isUnicode {
            output.append(contentsOf: text)
        } else {
            form.encoding.append(text, to: &output)
        }
    }

    private static func needsQuotes(_ text: [UInt8], _ delimiter: UInt8) -> Bool {
        for byte in text where byte == delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D {
            return true
        }
        return false
    }

    private static func quote(_ text: inout [UInt8]) {
        var quoted: [UInt8] = [0x22]
        quoted.reserveCapacity(text.count + 4)
        for byte in text {
            if byte == 0x22 { quoted.append(0x22) }
            quoted.append(byte)
        }
        quoted.append(0x22)
        text = quoted
    }

    /// Whether a spreadsheet would take the text for a formula (OWASP, CSV Injection): it begins with
    /// one of the signs, in plain or full-width form, or has one behind a delimiter, with quotes between or
    /// not: a spreadsheet that splits at another delimiter begins a cell there.
    static func isFormula(_ text: [UInt8]) -> Bool {
        if begins(text, at: 0) { return true }
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == 0x2C || byte == 0x3B || byte == 0x09 || byte == 0x7C else { continue }
            while index < text.count, text[index] == 0x22 { index += 1 }
            if begins(text, at: index) { return true }
        }
        return false
    }

    private static func begins(_ text: [UInt8], at index: Int) -> Bool {
        guard index < text.count else { return false }
        switch text[index] {
        case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A: return true
        case 0xEF:
            // U+FF1D, FF0B, FF0D, FF20: full-width = + - @.
            guard index + 2 < text.count, text[index + 1] == 0xBC else { return false }
            return [0x9D, 0x8B, 0x8D, 0xA0].contains(text[index + 2])
        default: return false
        }
    }
}
