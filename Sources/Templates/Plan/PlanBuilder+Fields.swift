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
        let spans = kind == .fixedWidth ? try widths(of: declarations, node, place) : []
        var fields: [CompiledField] = []
        var members: [RecordType.Member] = []
        for (index, declaration) in declarations.enumerated() {
            let format = declaration.format.inside(place.format)
            let (content, type, found) = try compileContent(declaration, place, format)
            let name = declaration.name ?? "field\(index + 1)"
            members.append(.init(name, type))
            if let id { writtenOrigins[id, default: [:]][name, default: []].formUnion(found) }
            var width = 0
            if kind == .fixedWidth {
                width = spans[index]
                try requireFit(content, declaration, width, format, place)
            } else if let node = declaration.widthNode {
                throw node.diagnostic(
                    "writing",
                    "a width belongs to kind: fixed_width",
                    cure: "leave it out"
                )
            }
            if case .text(let text) = content {
                try requireMappable(text, declaration.node, place)
            }
            let look = look(declaration, content, format, width, place)
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
            fields.append(
                CompiledField(
                    name: declaration.name,
                    content: content,
                    node: declaration.node,
                    look: look
                )
            )
        }
        if let id { note(members, as: id) }
        let writer: RecordWriter
        switch kind {
        case .fixedWidth: writer = .fixedWidth(FixedWidthEncoder(fields: fields))
        case .json: writer = .json(JSONRecordEncoder(fields: fields))
        default: writer = .delimited(DelimitedEncoder(fields: fields))
        }
        return .record(writer, recordNote(id, members, place))
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
                return (.value(formula, form), formula.type, origins(of: formula.usedNames))
            } catch {
                throw error.diagnostic(at: value.node, 0..<value.text.utf8.count)
            }
        }
    }

    private func pattern(_ declaration: FieldDeclaration) throws(FormError) -> String? {
        guard let node = declaration.pattern else { return nil }
        guard case .scalar(let text, _) = node.content else {
            throw FormError(name: "pattern", message: "a pattern is a text", node: node)
        }
        return text
    }

    // MARK: Widths

    /// The width of each field, with every column of the record accounted for.
    private func widths(
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
    private static func fieldPath(_ mark: YAMLNode) -> String {
        for key in [".width", ".at"] where mark.path.hasSuffix(key) {
            return String(mark.path.dropLast(key.count))
        }
        return mark.path
    }

    private static func title(_ field: FieldDeclaration, _ index: Int) -> String {
        field.name.map { "'\($0)'" } ?? "field \(index + 1)"
    }

    private static func span(_ columns: ClosedRange<Int>) -> String {
        columns.count == 1
            ? "\(columns.lowerBound)" : "\(columns.lowerBound)-\(columns.upperBound)"
    }

    /// Refuses what a field can never hold.
    private func requireFit(
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
            guard let constant = formula.constant else { return }
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
