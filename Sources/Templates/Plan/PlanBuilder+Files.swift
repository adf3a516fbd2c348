internal import Expressions
internal import Transactions

extension PlanBuilder {
    mutating func compile(_ file: FileDeclaration, _ outer: Scope) throws(Diagnostic)
        -> CompiledFile
    {
        let format = file.tree.format.inside(template.format)
        let form = try outputForm(format, file)
        if file.tree.format.kind == nil {
            file.tree.format.reportForeignKeys(to: form.kind, .file, findings)
        }
        // XML writes what its encoding lacks as character references.
        if form.kind != .xml {
            template.format.reportUnmappable(form.encoding, findings)
            file.tree.format.reportUnmappable(form.encoding, findings)
        }
        written = [:]
        writtenOrigins = [:]
        assumedMembers = []
        var place = Place(
            scope: outer,
            levels: [Level(id: 0, name: "", kind: .batch, type: nil, keyOrigins: [])],
            format: template.format,
            form: form,
            mixesCurrencies: file.mixedCurrencies
        )
        let head = try compileHead(file.tree, &place)
        // One file for each item: what the file wrote is within the item.
        let slot = place.scope.declare("written", .record(Self.nothingWritten))
        let level = levels.count
        levels.append(LevelPlan(slot: nil))
        _ = slot
        place.levels.append(
            Level(id: level, name: "written", kind: .file, type: nil, keyOrigins: [])
        )
        let name = findings.collect { () throws(Diagnostic) in try fileName(file.name, place) }
        if let name { reportAlike(name, file, head.loop) }
        let tree = try compileBody(file.tree, head, place)
        var totals: [(name: String, selected: Formula, written: Formula, node: YAMLNode)] = []
        for total in file.controlTotals {
            let compiled = findings.collect { () throws(Diagnostic) in
                try controlTotal(total, place)
            }
            if let compiled {
                totals.append((total.name, compiled.selected, compiled.written, compiled.node))
            }
        }
        requireAssumed()
        var schemas: [String] = []
        for schema in file.schemas {
            let path = findings.collect { () throws(Diagnostic) in
                try self.schema(schema, form)
            }
            if let path { schemas.append(path) }
        }
        return CompiledFile(
            name: name ?? TextTemplate(pieces: []),
            nameNode: file.name.node,
            tree: tree,
            format: format,
            form: form,
            level: level,
            controlTotals: totals,
            schemas: schemas
        )
    }

    private mutating func controlTotal(_ total: ControlTotalDeclaration, _ place: Place)
        throws(Diagnostic) -> (selected: Formula, written: Formula, node: YAMLNode)
    {
        let selected = findings.collect { () throws(Diagnostic) in
            try formula(total.selected, place)
        }
        let written = try formula(total.written, place)
        guard let selected else { return (written, written, total.written.node) }
        guard
            selected.type.isSame(as: written.type)
                || selected.type.isNumber && written.type.isNumber
        else {
            throw total.written.node.diagnostic(
                "type",
                "what was selected is \(selected.type.withArticle), what was written \(written.type.withArticle)",
                cure: "compare the same thing"
            )
        }
        return (selected, written, total.written.node)
    }

    /// The path of a schema.
    private mutating func schema(_ schema: ExpressionText, _ form: OutputForm)
        throws(Diagnostic) -> String
    {
        guard form.kind == .xml else {
            throw schema.node.diagnostic(
                "writing",
                "schemas belong to kind: xml",
                cure: "leave them out"
            )
        }
        let path = try TemplateFolder.path(of: schema)
        try warnOfMissingSchema(schema, path)
        return path
    }

    /// Schemas that scripts/schemas or their publisher installs, which may come later.
    private static let officialSchemas = [
        "UBL-Invoice-2.1.xsd", "UBL-CreditNote-2.1.xsd", "CrossIndustryInvoice_100pD16B.xsd",
        "e-invoice_ver1.2.xsd", "Finvoice3.0.xsd",
    ]

    /// A schema of the template's own that is nowhere is a slip: nothing would be validated.
    private mutating func warnOfMissingSchema(_ schema: ExpressionText, _ path: String)
        throws(Diagnostic)
    {
        guard !Self.officialSchemas.contains(schema.text),
            try !XMLSchemas([path]).missing.isEmpty
        else { return }
        warnings.append(
            schema.node.diagnostic(
                "schema",
                "\(schema.text) is neither in the folder nor in schemas/; files will not be validated",
                cure: nearestName(to: schema.text, among: Self.officialSchemas).map {
                    "did you mean '\($0)'?"
                } ?? "put it beside template.yaml",
                severity: .warning
            )
        )
    }

    private func outputForm(_ format: FormatDeclaration, _ file: FileDeclaration)
        throws(Diagnostic) -> OutputForm
    {
        guard let kind = format.kind else {
            throw template.formatNode.diagnostic(
                "missing-key",
                "the format has no kind",
                cure: "add kind: delimited, fixed_width, xml, text or json"
            )
        }
        let encodingName = try format.encoding?.text() ?? "utf-8"
        let node = format.encoding ?? template.formatNode
        guard let encoding = CharacterEncoding(name: encodingName) else {
            let names = CharacterEncoding.names
            throw node.diagnostic(
                "unknown-word",
                "there is no encoding '\(encodingName)'",
                cure: nearestName(to: encodingName.lowercased(), among: names).map {
                    "did you mean '\($0)'?"
                } ?? "known are \(names.joined(separator: ", "))"
            )
        }
        if kind == .json {
            guard encoding.name == "utf-8" else {
                throw node.diagnostic("writing", "JSON is utf-8", cure: "encoding: utf-8")
            }
            guard format.decimalMark ?? "." == ".", format.sign ?? .minus == .minus else {
                throw template.formatNode.diagnostic(
                    "writing",
                    "numbers in JSON have a point and a leading minus",
                    cure: "decimal_mark: \".\", sign: minus"
                )
            }
        }
        if kind == .xml, encoding.name.hasPrefix("utf-16") || !encoding.keepsASCII {
            throw node.diagnostic(
                "writing",
                "XML is written in utf-8 or an encoding with ASCII's bytes",
                cure: "encoding: utf-8"
            )
        }
        if format.byteOrderMark == true, encoding.byteOrderMark.isEmpty {
            throw node.diagnostic(
                "writing",
                "\(encoding.name) has no byte order mark",
                cure: "byte_order_mark: false, or another encoding"
            )
        }
        if case .replace(let text)? = format.unmappable {
            if let missing = encoding.firstMissing(in: text) {
                throw (format.unmappableNode ?? node).diagnostic(
                    "unmappable",
                    UnmappableCharacter(scalar: missing, encoding: encoding.name).message,
                    cure: "replace by a character that the encoding has"
                )
            }
        }
        return OutputForm(kind: kind, encoding: encoding, format: format)
    }

    /// Refuses a record that lacks what a sum before it took for present.
    private func requireAssumed() {
        for (id, member, node) in assumedMembers {
            guard
                let found = written[id]?.first(where: { $0.name == member.name }),
                found.type != member.type, found.type.isOptional != member.type.isOptional
            else { continue }
            findings.report(
                node.diagnostic(
                    "absent-value",
                    "not every record '\(id)' has '\(member.name)'",
                    cure: "give each of them the field, or another id"
                )
            )
        }
    }
}
