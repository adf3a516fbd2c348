internal import Expressions
internal import Transactions

extension PlanBuilder {
    /// Compiles the fields of one record; returns their types by name, for `written`.
    mutating func compileFields(
        _ declarations: [FieldDeclaration],
        _ node: NodeDeclaration,
        _ scope: Scope,
        _ format: FormatDeclaration,
        _ form: OutputForm
    ) throws(Diagnostic) -> (writer: RecordWriter, members: [RecordType.Member]) {
        var fields: [CompiledField] = []
        var members: [RecordType.Member] = []
        var used = 0
        for (index, declaration) in declarations.enumerated() {
            let fieldFormat = declaration.format.inside(format)
            let (content, type) = try compileContent(declaration, scope, fieldFormat)
            members.append(.init(declaration.name ?? "field\(index + 1)", type))
            var width = 0
            if form.kind == .fixedWidth {
                width = try self.width(of: declaration, after: used, format)
                try requireFit(content, declaration, width, fieldFormat, form)
                used += width
            } else if let declared = declaration.width {
                _ = declared
                throw declaration.node.diagnostic(
                    "unknown-key",
                    "a width belongs to kind: fixed_width",
                    cure: "leave it out"
                )
            }
            if case .text(let text) = content { try requireMappable(text, declaration, form) }
            fields.append(
                CompiledField(
                    name: declaration.name,
                    content: content,
                    format: fieldFormat,
                    node: declaration.node,
                    width: width
                )
            )
        }
        guard form.kind == .fixedWidth else { return (.delimited(.init(fields: fields)), members) }
        if let length = format.recordLength, used != length {
            throw node.node.diagnostic(
                "record-length",
                "the fields take \(used) columns, the record has \(length)",
                cure: used < length
                    ? "add { width: rest }" : "narrow a field, or raise record_length"
            )
        }
        return (.fixedWidth(.init(fields: fields)), members)
    }

    private mutating func compileContent(
        _ declaration: FieldDeclaration,
        _ scope: Scope,
        _ format: FormatDeclaration
    ) throws(Diagnostic) -> (content: CompiledField.Content, type: ValueType) {
        switch declaration.content {
        case .nothing: return (.nothing, .string)
        case .text(let text):
            return (.text(try self.text(text, scope, format)), .string)
        case .value(let value):
            let expression = try self.expression(value, scope)
            do throws(FormError) {
                let form = try FieldForm(
                    type: expression.type,
                    format: format,
                    pattern: declaration.pattern
                )
                return (.value(expression, form), expression.type)
            } catch {
                throw value.node.diagnostic(
                    error.name,
                    error.message,
                    cure: error.cure,
                    at: 0..<value.text.utf8.count
                )
            }
        }
    }

    private func width(
        of declaration: FieldDeclaration,
        after used: Int,
        _ format: FormatDeclaration
    )
        throws(Diagnostic) -> Int
    {
        switch declaration.width {
        case .columns(let width)?: return width
        case .rest?:
            guard let length = format.recordLength, length > used else {
                throw declaration.node.diagnostic(
                    "record-length",
                    "'width: rest' has nothing left to fill",
                    cure: "set record_length, or leave the field out"
                )
            }
            return length - used
        case nil:
            throw declaration.node.diagnostic(
                "missing-key",
                "a field of fixed width needs its width",
                cure: "add width: ..."
            )
        }
    }

    /// Refuses what a field can never hold.
    private func requireFit(
        _ content: CompiledField.Content,
        _ declaration: FieldDeclaration,
        _ width: Int,
        _ format: FormatDeclaration,
        _ form: OutputForm
    ) throws(Diagnostic) {
        switch content {
        case .value(let expression, let fieldForm):
            if let needed = fieldForm.fixedWidth, needed > width {
                throw declaration.node.diagnostic(
                    "width",
                    "'\(declaration.pattern ?? format.datePattern ?? "yyyy-MM-dd")' writes \(needed) characters, the field has \(width)",
                    cure: "width: \(needed), or a shorter pattern"
                )
            }
            if let constant = expression.constant {
                try requireWidth(
                    of: try constantText(constant, fieldForm, declaration),
                    declaration,
                    width,
                    format,
                    form
                )
            }
        case .text(let text):
            if case .literal(let literal)? = text.pieces.first, text.pieces.count == 1 {
                try requireWidth(of: literal, declaration, width, format, form)
            }
        case .nothing: break
        }
    }

    private func constantText(
        _ value: Value,
        _ form: FieldForm,
        _ declaration: FieldDeclaration
    ) throws(Diagnostic) -> String {
        do throws(FormError) {
            return try form.text(value) ?? ""
        } catch {
            throw declaration.node.diagnostic(error.name, error.message, cure: error.cure)
        }
    }

    private func requireWidth(
        of text: String,
        _ declaration: FieldDeclaration,
        _ width: Int,
        _ format: FormatDeclaration,
        _ form: OutputForm
    ) throws(Diagnostic) {
        guard text.unicodeScalars.count <= width || format.textOverflow == .cut else {
            throw declaration.node.diagnostic(
                "width",
                "the text has \(text.unicodeScalars.count) characters, the field has \(width)",
                cure: "width: \(text.unicodeScalars.count)"
            )
        }
    }

    /// Refuses a fixed text that the encoding cannot write.
    func requireMappable(_ text: TextTemplate, _ declaration: FieldDeclaration, _ form: OutputForm)
        throws(Diagnostic)
    {
        for case .literal(let literal) in text.pieces {
            if let scalar = form.encoding.firstMissing(in: literal) {
                throw declaration.node.diagnostic(
                    "unmappable",
                    UnmappableCharacter(scalar: scalar, encoding: form.encoding.name).message,
                    cure: "write it with other characters, or choose another encoding"
                )
            }
        }
    }

    mutating func compileSkeleton(
        _ file: ExpressionText,
        _ scope: Scope,
        _ format: FormatDeclaration,
        _ form: OutputForm
    ) throws(Diagnostic) -> XMLSkeleton {
        guard form.kind == .xml else {
            throw file.node.diagnostic("writing", "a skeleton belongs to kind: xml")
        }
        let path = try TemplateFolder.path(of: file, in: template)
        var compiler = try SkeletonCompiler(file: path, format: format)
        let skeleton = try compiler.compile(in: scope)
        usedNames.formUnion(compiler.usedNames)
        return skeleton
    }
}

/// Names of files that a template may open: plain names in its own folder.
enum TemplateFolder {
    static func path(of file: ExpressionText, in template: Template) throws(Diagnostic) -> String {
        let isPlain =
            !file.text.isEmpty && file.text.first != "."
            && file.text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F
            }
        guard isPlain else {
            throw file.node.diagnostic(
                "file-name",
                "'\(file.text)' is no name of a file in the template's folder",
                cure: "put the file beside template.yaml"
            )
        }
        return "\(template.folder)/\(file.text)"
    }
}
