internal import Expressions

/// Writes one record of delimited text (RFC 4180).
struct DelimitedEncoder: Sendable {
    let fields: [CompiledField]

    func append(
        _ texts: [(text: String?, isText: Bool)],
        to output: inout [UInt8],
        _ form: OutputForm
    ) throws(FieldFailure) -> Substitutions {
        var substitutions = Substitutions()
        let delimiter = form.format.delimiter ?? ","
        for (index, (field, cell)) in zip(fields, texts).enumerated() {
            if index > 0 { output.append(contentsOf: delimiter.utf8) }
            var text = cell.text ?? field.format.absent ?? ""
            do throws(FormError) {
                if cell.isText, Self.isFormula(text) {
                    switch field.format.formulas ?? .reject {
                    case .keep: break
                    case .apostrophe:
                        text = "'" + text
                        substitutions.formulas += 1
                    case .reject:
                        throw FormError(
                            name: "formula",
                            message: "value begins like a spreadsheet formula",
                            cure: "formulas: apostrophe for people, keep for machines"
                        )
                    }
                }
                let isQuoted =
                    switch form.format.quote ?? .whenNeeded {
                    case .always: true
                    case .text: cell.isText
                    case .never: false
                    case .whenNeeded:
                        text.utf8.contains {
                            $0 == 0x22 || $0 == 0x0A || $0 == 0x0D
                                || $0 == delimiter.utf8.first
                        }
                    }
                if isQuoted {
                    text = "\"" + text.replacing("\"", with: "\"\"") + "\""
                } else if form.format.quote == .never,
                    text.utf8.contains(where: { $0 == delimiter.utf8.first })
                {
                    throw FormError(
                        name: "delimiter",
                        message: "value holds the delimiter, and quote is never",
                        cure: "quote: when_needed"
                    )
                }
                substitutions.characters += try form.append(text, to: &output, field.format)
            } catch {
                throw FieldFailure(field: field, error: error)
            }
        }
        output.append(contentsOf: form.lineEnd)
        return substitutions
    }

    /// Whether a spreadsheet would take the text for a formula (OWASP, CSV Injection): it begins with
    /// one of the signs, in plain or full-width form.
    static func isFormula(_ text: String) -> Bool {
        switch text.unicodeScalars.first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
        default: false
        }
    }
}

/// What a file's policies altered; counted in the manifest.
struct Substitutions: Sendable, Hashable {
    /// Texts in which a character was replaced.
    var characters = 0
    /// Texts that got an apostrophe against formulas.
    var formulas = 0
    /// Texts that were cut to their field.
    var cuts = 0

    mutating func add(_ other: Substitutions) {
        characters += other.characters
        formulas += other.formulas
        cuts += other.cuts
    }
}

/// Why a field cannot be written.
struct FieldFailure: Error {
    let field: CompiledField
    let error: FormError

    var diagnostic: Diagnostic {
        field.node.diagnostic(
            error.name,
            (field.name.map { "field '\($0)': " } ?? "") + error.message,
            cure: error.cure
        )
    }
}
