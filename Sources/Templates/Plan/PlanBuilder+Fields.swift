internal import Expressions

extension PlanBuilder {
    /// Compiles a record of fields.
    mutating func compileRecord(
        _ declarations: [FieldDeclaration],
        _ node: NodeDeclaration,
        id: String?,
        _ outer: Place
    ) throws(Diagnostic) -> CompiledNode.Writing {
        var place = outer
        if node.layout != nil || node.isLayoutRecord, let length = place.layout?.recordLength {
            place.format.recordLength = length
        }
        let kind = place.form.kind
        guard kind == .delimited || kind == .fixedWidth || kind == .json else {
            throw node.node.diagnostic(
                "writing",
                "fields belong to kind: delimited, fixed_width or json, this file is \(kind.rawValue)",
                cure: kind == .xml ? "give the file a skeleton" : "write lines"
            )
        }
        // Where the columns do not add up, no field's width is looked at.
        let spans =
            kind == .fixedWidth
            ? findings.collect { () throws(Diagnostic) in
                try widths(of: declarations, node, place)
            } : nil
        var fields: [CompiledField] = []
        var members: [RecordType.Member] = []
        for (index, declaration) in declarations.enumerated() {
            let name = declaration.name ?? "field\(index + 1)"
            let field = findings.collect(declaring: name) { () throws(Diagnostic) in
                try compileField(declaration, at: index, width: spans?[index], place)
            }
            guard let field else { continue }
            members.append(.init(name, field.type, bounds: field.bounds))
            if let id {
                writtenOrigins[id, default: [:]][name, default: []].formUnion(field.origins)
            }
            fields.append(field.field)
        }
        warnOfNarrow()
        if let id { note(members, as: id) }
        let writer: RecordWriter
        switch kind {
        case .fixedWidth: writer = .fixedWidth(FixedWidthEncoder(fields: fields))
        case .json: writer = .json(JSONRecordEncoder(fields: fields))
        default: writer = .delimited(DelimitedEncoder(fields: fields))
        }
        return .record(writer, recordNote(id, members, place))
    }

    /// A field after checking, and what a sum over the record knows of it.
    private struct Checked {
        let field: CompiledField
        let type: ValueType
        let bounds: Bounds
        let origins: Set<String>
    }

    /// `width`: nil where the file has no columns, or they do not add up.
    private mutating func compileField(
        _ declaration: FieldDeclaration,
        at index: Int,
        width: Int?,
        _ place: Place
    ) throws(Diagnostic) -> Checked {
        let kind = place.form.kind
        let format = declaration.format.inside(place.format)
        declaration.format.reportForeignKeys(to: kind, .field, findings)
        declaration.format.reportUnmappable(place.form.encoding, findings)
        let (content, type, found) = try compileContent(declaration, place, format)
        if let width {
            try requireFit(content, declaration, width, format, place)
            noteNarrow(content, declaration, at: index, width, format, place)
        } else if kind != .fixedWidth, let node = declaration.widthNode {
            throw node.diagnostic(
                "writing",
                "a width belongs to kind: fixed_width",
                cure: "leave it out"
            )
        }
        if case .text(let text) = content {
            try requireMappable(text, declaration.node, place)
        }
        let look = look(declaration, content, format, width ?? 0, place)
        if case .value(_, let form) = content, !form.isNumber {
            try requireNoNumberKeys(declaration)
        }
        if kind == .delimited, case .value(_, let form) = content {
            try requireDistinctMark(look, form, declaration.node, place)
            if format.formulas == nil { warnOfFormulas(content, declaration.node) }
        }
        if kind == .fixedWidth, case .value = content {
            try requireHarmlessPad(look, format, declaration.node)
        }
        var bounds = Bounds.unknown
        if case .value(let formula, _) = content { bounds = formula.expression.bounds }
        return Checked(
            field: CompiledField(
                name: declaration.name,
                content: content,
                node: declaration.node,
                look: look
            ),
            type: type,
            bounds: bounds,
            origins: found
        )
    }

    private func look(
        _ declaration: FieldDeclaration,
        _ content: CompiledField.Content,
        _ format: FormatDeclaration,
        _ width: Int,
        _ place: Place
    ) -> FieldLook {
        var isText = false
        var isNumber = declaration.type == .number
        switch content {
        case .value(_, let form):
            isText = form.isText
            isNumber = form.isNumber || declaration.type == .number
        case .text: isText = true
        case .nothing: break
        }
        let byLayout = declaration.isQuoted ?? declaration.type.map { $0 == .text }
        return FieldLook(
            format,
            isText: isText,
            isQuotedText: byLayout ?? isText,
            isNumber: isNumber,
            width: width,
            encoding: place.form.encoding
        )
    }

    private mutating func compileContent(
        _ declaration: FieldDeclaration,
        _ place: Place,
        _ format: FormatDeclaration
    ) throws(Diagnostic) -> (
        content: CompiledField.Content, type: ValueType, origins: Set<String>
    ) {
        switch declaration.content {
        case .nothing: return (.nothing, .optional(.string), [])
        case .text(let text):
            let compiled = try self.text(text, place, format)
            return (.text(compiled), .string, [])
        case .value(let value):
            let formula = try formula(value, place)
            do throws(FormError) {
                let form = try FieldForm(
                    type: formula.type,
                    format: format,
                    encoding: place.form.encoding,
                    pattern: try pattern(declaration),
                    patternNode: declaration.pattern
                )
                warnOfForm(form, formula, value.node, 0..<value.text.utf8.count)
                try requireWritable(form, formula)
                return (.value(formula, form), formula.type, origins(of: formula.usedNames))
            } catch {
                throw error.diagnostic(at: value.node, 0..<value.text.utf8.count)
            }
        }
    }

    /// Refuses a value that is the same for every row and can never be written.
    private func requireWritable(_ form: FieldForm, _ formula: Formula) throws(FormError) {
        guard let value = formula.constant ?? parameterValues[formula.source] else { return }
        var text: [UInt8] = []
        var altered = 0
        _ = try form.append(value, to: &text, altered: &altered)
    }

    private func pattern(_ declaration: FieldDeclaration) throws(FormError) -> String? {
        guard let node = declaration.pattern else { return nil }
        guard case .scalar(let text, _) = node.content else {
            throw FormError(name: "pattern", message: "a pattern is a text", node: node)
        }
        return text
    }

    /// Refuses a fixed text that the encoding cannot write.
    func requireMappable(_ text: TextTemplate, _ node: YAMLNode, _ place: Place)
        throws(Diagnostic)
    {
        let encoding = place.form.encoding
        for case .literal(let literal) in text.pieces {
            guard let scalar = encoding.firstMissing(in: String(decoding: literal, as: UTF8.self))
            else { continue }
            throw node.diagnostic(
                "unmappable",
                UnmappableCharacter(scalar: scalar, encoding: encoding.name).message,
                cure: "write it with other characters, or choose another encoding"
            )
        }
    }
}

extension NodeDeclaration {
    /// Whether the node writes a record of the layout in force.
    var isLayoutRecord: Bool {
        if case .layout = writing { true } else { false }
    }
}
