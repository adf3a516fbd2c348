internal import Expressions

extension PlanBuilder {
    /// Refuses padding that changes a number: digits behind it, or other digits than zeros.
    func requireHarmlessPad(_ look: FieldLook, _ format: FormatDeclaration, _ field: YAMLNode)
        throws(Diagnostic)
    {
        guard look.isNumber, let pad = format.numberPad, (0x30...0x39).contains(pad) else { return }
        let mark = format.numberPadNode ?? field
        guard pad == 0x30 else {
            throw mark.diagnostic(
                "writing",
                "the digit \(pad - 0x30) beside a number changes it",
                cure: "pad: \"0\", or a blank"
            )
        }
        guard look.alignsRight else {
            throw mark.diagnostic(
                "writing",
                "zeros behind a number change it",
                cure: "align: right"
            )
        }
    }

    /// Refuses an amount whose decimal mark would end its cell: under `quote: never` every row would fail.
    func requireDistinctMark(
        _ look: FieldLook,
        _ form: FieldForm,
        _ field: YAMLNode,
        _ place: Place
    ) throws(Diagnostic) {
        let delimiter = String(UnicodeScalar(place.form.delimiter))
        guard look.quote == .never, case .decimal = form.type.present, form.format.decimals != 0,
            form.format.decimalMark ?? "." == delimiter
        else { return }
        throw field.diagnostic(
            "writing",
            "'\(delimiter)' is both the delimiter and the decimal mark, and quote is never",
            cure: "quote: when_needed, or another delimiter or decimal_mark"
        )
    }

    /// Warns once that texts which begin like a formula reject their rows, where nobody chose that.
    mutating func warnOfFormulas(_ content: CompiledField.Content, _ field: YAMLNode) {
        guard case .value(let formula, let form) = content, form.isText,
            formula.constant == nil, !warnings.contains(where: { $0.name == "formula" })
        else { return }
        warnings.append(
            field.diagnostic(
                "formula",
                "a text that begins like a formula (= + - @) rejects its row, and nothing says that it shall",
                cure: "formulas: apostrophe for people, keep for machines, or reject",
                severity: .warning
            )
        )
    }

    /// Refuses a field's own keys for numbers where its value is none.
    func requireNoNumberKeys(_ declaration: FieldDeclaration) throws(Diagnostic) {
        let own = declaration.format
        let keys = [
            ("decimals", own.decimals != nil), ("decimal_mark", own.decimalMark != nil),
            ("sign", own.sign != nil),
        ]
        guard let key = keys.first(where: \.1)?.0 else { return }
        throw declaration.node.diagnostic(
            "writing",
            "\(key) belongs to a number, the value is none",
            cure: "leave it out"
        )
    }
}
