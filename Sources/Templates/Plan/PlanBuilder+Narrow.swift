internal import Expressions

/// What a value may be too large for, as far as types and bounds tell: it rejects its row when it comes,
/// which the template has to want.
extension PlanBuilder {
    /// A field that a value may be too wide for.
    struct NarrowField {
        let title: String
        let mark: YAMLNode
        let path: String
        let width: Int
        /// The most columns that a value takes; nil when it has no bound.
        let widest: Int?
        let isNumber: Bool
    }

    /// Notes a field of fixed width that a value may be too wide for, where nothing says what becomes of it.
    mutating func noteNarrow(
        _ content: CompiledField.Content,
        _ declaration: FieldDeclaration,
        at index: Int,
        _ width: Int,
        _ format: FormatDeclaration,
        _ place: Place
    ) {
        guard case .value(let formula, let form) = content,
            formula.constant == nil, parameterValues[formula.source] == nil
        else { return }
        guard form.isNumber ? format.numberOverflow == nil : format.textOverflow == nil else {
            return
        }
        let bounds = formula.expression.bounds
        let characters = form.widest(bounds)
        let widest = characters.map {
            $0 * Self.columns(ofCharacterIn: place, form.isText && !bounds.isASCII, format)
        }
        guard widest.map({ $0 > width }) ?? true else { return }
        let mark = declaration.widthNode ?? declaration.node
        narrowFields.append(
            NarrowField(
                title: Self.title(declaration, index),
                mark: mark,
                path: Self.fieldPath(mark),
                width: width,
                widest: widest,
                isNumber: form.isNumber
            )
        )
    }

    /// The most columns that a character takes, `isAny`: whether it may be one outside of ASCII.
    private static func columns(
        ofCharacterIn place: Place,
        _ isAny: Bool,
        _ format: FormatDeclaration
    ) -> Int {
        let encoding = place.form.encoding
        guard isAny else { return format.countedIn == .characters ? 1 : encoding.bytesOfASCII }
        var characters = 1
        if !encoding.isUnicode {
            switch format.unmappable ?? .reject {
            case .reject: break
            case .replace(let text): characters = max(1, text.count)
            case .transliterate:
                characters = max(
                    CharacterEncoding.longestPlainLetter,
                    format.transliterations.values.map(\.count).max() ?? 1
                )
            }
        }
        return characters * (format.countedIn == .characters ? 1 : encoding.mostBytes)
    }

    /// Warns of a record's narrow fields, numbers and texts each once.
    mutating func warnOfNarrow() {
        for isNumber in [true, false] {
            // A layout's column is told once, however many records set it.
            let fields = narrowFields.filter { field in
                field.isNumber == isNumber
                    && !warnings.contains {
                        $0.name == "width" && $0.path == field.path && $0.line == field.mark.line
                    }
            }
            guard let first = fields.first else { continue }
            let takes = first.widest.map { "may take \($0) columns" } ?? "may have any length"
            let others = fields.dropFirst().map(\.title)
            let more =
                others.isEmpty
                ? ""
                : "; likewise \(others.prefix(3).joined(separator: ", "))"
                    + (others.count > 3 ? " and \(others.count - 3) more" : "")
            warnings.append(
                first.mark.diagnostic(
                    "width",
                    "\(first.title) \(takes), the field has \(first.width), and nothing says what becomes of what does not fit\(more)",
                    cure: isNumber
                        ? "widen it, or overflow: reject"
                        : "widen it, truncate(...), or overflow: cut or reject",
                    severity: .warning,
                    path: first.path
                )
            )
        }
        narrowFields = []
    }

    /// Warns of a number that its form may refuse: one below zero where no sign is written, or one with more
    /// decimals than are written.
    mutating func warnOfForm(
        _ form: FieldForm,
        _ formula: Formula,
        _ node: YAMLNode,
        _ range: Range<Int>
    ) {
        guard form.isNumber, formula.constant == nil else { return }
        if form.format.sign == .unsigned, form.format.numberOverflow == nil,
            !formula.expression.bounds.isNonNegative
        {
            warnings.append(
                node.diagnostic(
                    "sign",
                    "the value may be negative, and no sign is written",
                    cure: "math.abs(...), another sign, or overflow: reject",
                    severity: .warning,
                    at: range
                )
            )
        }
        if let most = form.mostPlaces, case .decimal(nil) = form.type.present {
            warnings.append(
                node.diagnostic(
                    "decimals",
                    "the value may have any number of decimals, \(most) are written",
                    cure: "round it: round(..., \(most))",
                    severity: .warning,
                    at: range
                )
            )
        }
    }
}
