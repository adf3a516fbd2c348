internal import Expressions

extension PlanBuilder {
    /// The width of each field, with every column of the record accounted for.
    func widths(
        of declarations: [FieldDeclaration],
        _ node: NodeDeclaration,
        _ place: Place
    ) throws(Diagnostic) -> [Int] {
        var widths: [Int] = []
        var used = 0
        let length = place.format.recordLength
        for (index, declaration) in declarations.enumerated() {
            let mark = declaration.widthNode ?? declaration.node
            switch declaration.width {
            case .columns(let width)?:
                widths.append(width)
                used += width
            case .at(let columns)?:
                guard columns.lowerBound > used else {
                    let before = declarations[max(0, index - 1)]
                    let width = widths.last ?? 0
                    throw mark.diagnostic(
                        "overlap",
                        "\(Self.title(declaration, index)) (\(Self.span(columns))) overlaps "
                            + "\(Self.title(before, index - 1)) (\(Self.span(used - width + 1...used)))",
                        cure: "at: \(used + 1)"
                            + (columns.count > 1 ? "-\(used + columns.count)" : ""),
                        path: Self.fieldPath(mark)
                    )
                }
                guard columns.lowerBound == used + 1 else {
                    throw mark.diagnostic(
                        "gap",
                        "\(Self.title(declaration, index)) begins in column \(columns.lowerBound), the field before it ends in \(used)",
                        cure:
                            "at: \(used + 1), or a field of blanks between them: { at: \(Self.span(used + 1...columns.lowerBound - 1)) }",
                        path: Self.fieldPath(mark)
                    )
                }
                widths.append(columns.count)
                used += columns.count
            case .rest?:
                guard let length, length > used, index == declarations.count - 1 else {
                    throw mark.diagnostic(
                        "record-length",
                        index < declarations.count - 1
                            ? "'width: rest' is for the last field"
                            : "'width: rest' has nothing left to fill",
                        cure: "set record_length, or leave the field out",
                        path: Self.fieldPath(mark)
                    )
                }
                widths.append(length - used)
                used = length
            case nil:
                throw declaration.node.diagnostic(
                    "missing-key",
                    "a field of fixed width needs its width",
                    cure: "add width: ..., or at: first-last"
                )
            }
        }
        if let length, used != length {
            throw node.node.diagnostic(
                "record-length",
                "the fields take \(used) columns, the record has \(length)",
                cure: used < length
                    ? "add { width: rest }" : "narrow a field, or raise record_length"
            )
        }
        return widths
    }

    /// The path of the field that a width belongs to.
    static func fieldPath(_ mark: YAMLNode) -> String {
        for key in [".width", ".at"] where mark.path.hasSuffix(key) {
            return String(mark.path.dropLast(key.count))
        }
        return mark.path
    }

    static func title(_ field: FieldDeclaration, _ index: Int) -> String {
        field.name.map { "'\($0)'" } ?? "field \(index + 1)"
    }

    private static func span(_ columns: ClosedRange<Int>) -> String {
        columns.count == 1
            ? "\(columns.lowerBound)" : "\(columns.lowerBound)-\(columns.upperBound)"
    }

    /// Refuses what a field can never hold.
    func requireFit(
        _ content: CompiledField.Content,
        _ declaration: FieldDeclaration,
        _ width: Int,
        _ format: FormatDeclaration,
        _ place: Place
    ) throws(Diagnostic) {
        let mark = declaration.widthNode ?? declaration.node
        switch content {
        case .value(let formula, let form):
            if let needed = form.fixedWidth, needed > width {
                throw mark.diagnostic(
                    "width",
                    "'\(patternText(declaration, format))' writes \(needed) characters, the field has \(width)",
                    cure: "width: \(needed), or a shorter pattern",
                    path: Self.fieldPath(mark)
                )
            }
            if let least = form.narrowest, least > width {
                throw mark.diagnostic(
                    "width",
                    "a number takes at least \(least) columns here, the field has \(width)",
                    cure: "widen the field, or write fewer decimals",
                    path: Self.fieldPath(mark)
                )
            }
            if formula.type.isOptional {
                try requireWidth(
                    of: Array((format.absent ?? "").utf8),
                    mark,
                    Self.fieldPath(mark),
                    width,
                    format,
                    place
                )
            }
            guard let constant = formula.constant ?? parameter(formula.source) else { return }
            var text: [UInt8] = []
            var altered = 0
            do throws(FormError) {
                _ = try form.append(constant, to: &text, altered: &altered)
            } catch {
                throw error.diagnostic(at: declaration.node)
            }
            try requireWidth(of: text, mark, Self.fieldPath(mark), width, format, place)
        case .text(let text):
            if let constant = text.constant {
                try requireWidth(
                    of: Array(constant.utf8),
                    mark,
                    Self.fieldPath(mark),
                    width,
                    format,
                    place
                )
            }
        case .nothing:
            try requireWidth(
                of: Array((format.absent ?? "").utf8),
                mark,
                Self.fieldPath(mark),
                width,
                format,
                place
            )
        }
    }

    private func patternText(_ declaration: FieldDeclaration, _ format: FormatDeclaration)
        -> String
    {
        guard case .scalar(let text, _)? = (declaration.pattern ?? format.datePattern)?.content
        else { return "yyyy-MM-dd" }
        return text
    }

    /// Refuses a text that is known now and would never fit, whatever `overflow` says.
    private func requireWidth(
        of text: [UInt8],
        _ mark: YAMLNode,
        _ path: String,
        _ width: Int,
        _ format: FormatDeclaration,
        _ place: Place
    ) throws(Diagnostic) {
        var bytes: [UInt8] = []
        place.form.encoding.append(text, to: &bytes)
        let needed = format.countedIn == .characters ? UTF8Cursor.count(text) : bytes.count
        guard needed <= width else {
            throw mark.diagnostic(
                "width",
                "the text takes \(needed) columns, the field has \(width)",
                cure: "width: \(needed)",
                path: path
            )
        }
    }

    /// The value of an expression that is nothing but a parameter: it is the same for every row.
    private func parameter(_ source: String) -> Value? { parameterValues[source] }
}
