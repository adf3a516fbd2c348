internal import Expressions
public import Transactions

extension Plan {
    /// Proves a template for an export.
    ///
    /// - Parameters:
    ///   - template: the template as written.
    ///   - parameters: what the export sets them to.
    ///   - lookups: the lookups' files by name.
    ///   - owner: where the export stands, for messages about what it lacks.
    ///   - timeZone: the zone of accounting dates.
    ///   - when: the export's condition.
    ///   - programVersion: what `run.version` says.
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    public init(
        template: Template,
        parameters: YAMLNode?,
        lookups: [String: String],
        owner: YAMLNode?,
        timeZone: TimeZoneRules,
        when: YAMLNode?,
        programVersion: String
    ) throws(Diagnostic) {
        var builder = PlanBuilder(template: template)
        let values = try ParameterValues(
            template.parameters,
            given: parameters,
            owner: owner,
            template: template
        )
        var scope = Scope(timeZone: timeZone)
        let run = scope.declare(
            "run",
            .record(RecordType(name: "'run'", members: [.init("version", .string)]))
        )
        let batch = scope.declare("batch", .record(BatchContext.type))
        let parameterSlot = scope.declare("parameters", .record(values.type))
        for declaration in template.lookups {
            guard let file = lookups[declaration.name] else {
                throw (owner ?? declaration.node).diagnostic(
                    "missing-lookup",
                    "template '\(template.name)' needs lookup '\(declaration.name)'",
                    cure: "add lookups: { \(declaration.name): FILE.csv }"
                )
            }
            let table = try LookupTable(declaration, file: file)
            let result = ValueType.record(table.type)
            scope.declareFunction(
                namespace: "lookups",
                name: declaration.name,
                parameters: declaration.key.map { name in
                    let column = declaration.columns.first { $0.name == name }
                    return .optional(column?.kind.type ?? .string)
                },
                result: declaration.missing == .none ? .optional(result) : result
            ) { key throws(EvaluationError) in try table.row(key) }
        }
        for name in lookups.keys.sorted()
        where !template.lookups.contains(where: { $0.name == name }) {
            throw (owner ?? template.node).diagnostic(
                "unknown-key",
                "template '\(template.name)' has no lookup '\(name)'",
                cure: "leave it out"
            )
        }
        // Selection: bare fields, then what derive adds, one by one.
        var rowScope = scope
        let selectionRow = rowScope.declare("transaction ", .record(builder.rowType))
        rowScope.declareMembers(of: selectionRow, builder.rowType)
        let whenExpression = try when.map { node throws(Diagnostic) in
            try builder.condition(try ExpressionText(node), rowScope)
        }
        var required: [Field] = []
        for text in template.requires {
            guard let field = Field(name: text.text), template.feed.fields.contains(field) else {
                throw text.node.diagnostic(
                    "unknown-name",
                    "a transaction has no field '\(text.text)'",
                    cure: nearestName(to: text.text, among: template.feed.fields.map(\.name)).map {
                        "did you mean '\($0)'?"
                    }
                )
            }
            required.append(field)
        }
        var members = builder.rowType.members.map { member in
            required.contains { $0.name == member.name }
                ? RecordType.Member(member.name, member.type.present) : member
        }
        for field in required { rowScope.narrow(field.name) }
        var derived: [(slot: Int, value: Expression)] = []
        for declaration in template.derived {
            let value = try builder.expression(declaration.expression, rowScope)
            let slot = try builder.declare(
                declaration.name,
                value.type,
                declaration.expression.node,
                &rowScope
            )
            derived.append((slot, value))
            members.append(.init(declaration.name, value.type))
        }
        builder.rowType = RecordType(name: "a transaction", memberNoun: "field", members: members)
        let transactions = scope.declare("transactions", .list(.record(builder.rowType)))
        // Documents.
        var documentsPlan: DocumentsPlan?
        var documentsType = ValueType.list(.record(builder.rowType))
        if let declaration = template.documents {
            var keyScope = scope
            let slot = keyScope.declare("transaction ", .record(builder.rowType))
            keyScope.declareMembers(of: slot, builder.rowType)
            var keys: [Expression] = []
            var types: [(name: String, type: ValueType)] = []
            for key in declaration.groupBy {
                let value = try builder.expression(key.expression, keyScope)
                keys.append(value)
                types.append((key.name, value.type))
            }
            let type = builder.groupType(
                keys: types,
                named: declaration.itemName,
                written: PlanBuilder.nothingWritten,
                ofDocuments: false
            )
            builder.documentType = type
            documentsType = .list(.record(type))
            documentsPlan = DocumentsPlan(
                rowSlot: slot,
                keys: keys,
                allowsIncomplete: declaration.allowsIncomplete
            )
        }
        let documents = scope.declare("documents", documentsType)
        var files: [CompiledFile] = []
        for file in template.files {
            files.append(try builder.compile(file, scope, template.format))
        }
        self.template = template
        self.files = files
        self.parameters = values.texts
        self.timeZone = timeZone
        self.programVersion = programVersion
        self.documents = documentsPlan
        ids = builder.ids
        parameterRecord = ValuesRecord(values: values.values)
        slots = PlanSlots(
            run: run,
            batch: batch,
            parameters: parameterSlot,
            transactions: transactions,
            documents: documents
        )
        selection = Selection(
            batchSlot: batch,
            rowSlot: selectionRow,
            when: whenExpression,
            required: required,
            derived: derived,
            fields: template.feed.fields
        )
        for declaration in template.parameters
        where !builder.usedNames.contains("parameters.\(declaration.name)") {
            builder.warnings.append(
                declaration.node.diagnostic(
                    "unused",
                    "parameter '\(declaration.name)' is never used",
                    severity: .warning
                )
            )
        }
        for declaration in template.lookups
        where !builder.usedNames.contains("lookups.\(declaration.name)") {
            builder.warnings.append(
                declaration.node.diagnostic(
                    "unused",
                    "lookup '\(declaration.name)' is never used",
                    severity: .warning
                )
            )
        }
        warnings = builder.warnings
        let used = Set(
            builder.usedNames.compactMap { name in
                name.split(separator: ".").last.flatMap { Field(name: String($0)) }
            }
        )
        materialFields = used.intersection(template.feed.fields).union(required)
    }
}

extension PlanBuilder {
    mutating func compile(_ file: FileDeclaration, _ outer: Scope, _ outerFormat: FormatDeclaration)
        throws(Diagnostic) -> CompiledFile
    {
        let format = file.tree.format.inside(outerFormat)
        guard let kind = format.kind else {
            throw template.format.missingKind(at: template.node)
        }
        let encodingName = try format.encoding?.text() ?? "utf-8"
        guard let encoding = CharacterEncoding(name: encodingName) else {
            throw (format.encoding ?? file.tree.node).diagnostic(
                "unknown-word",
                "there is no encoding '\(encodingName)'",
                cure: nearestName(to: encodingName.lowercased(), among: CharacterEncoding.names).map
                {
                    "did you mean '\($0)'?"
                }
            )
        }
        let lineEnd: [UInt8] =
            switch format.lineEnd ?? .lf {
            case .lf: [0x0A]
            case .crlf: [0x0D, 0x0A]
            case .none: []
            }
        let form = OutputForm(
            kind: kind,
            encoding: encoding,
            lineEnd: lineEnd,
            byteOrderMark: format.byteOrderMark == true && encoding.name == "utf-8"
                ? [0xEF, 0xBB, 0xBF] : [],
            format: format
        )
        var scope = outer
        let written = scope.declare("written", .record(Self.nothingWritten))
        let levels = [Level(name: "written", slot: written, members: nil)]
        var names: [String: [String]] = [:]
        collectNames(file.tree, into: &names)
        // A file's own loop gives one file an item; name and totals stand inside it.
        var inner = scope
        let (node, types) = try compile(file.tree, scope, levels, format, form, names: &names)
        let itemLevels = itemScope(of: file.tree, &inner, node)
        redeclare(&inner, levels + itemLevels, types)
        let name = try text(file.name, inner, Plan.plainFormat)
        var totals: [(name: String, selected: Expression, written: Expression)] = []
        for total in file.controlTotals {
            totals.append(
                (
                    total.name, try expression(total.selected, inner),
                    try expression(total.written, inner)
                )
            )
        }
        var schemas: [String] = []
        for schema in file.schemas {
            schemas.append(try TemplateFolder.path(of: schema, in: template))
        }
        return CompiledFile(
            name: name,
            nameNode: file.name.node,
            tree: node.resolvingNames(names),
            format: format,
            writer: form,
            writtenSlot: written,
            writtenIds: ids,
            controlTotals: totals,
            schemas: schemas
        )
    }

    /// The names of every record's columns, which `names_of` may write before the record itself.
    private func collectNames(_ node: NodeDeclaration, into names: inout [String: [String]]) {
        switch node.writing {
        case .fields(let fields):
            if let id = node.id {
                names[id] = fields.enumerated().map { $1.name ?? "field\($0 + 1)" }
            }
        case .records(let records): for record in records { collectNames(record, into: &names) }
        default: break
        }
    }

    /// Declares a file's loop variable once more, as compiling its tree did, for its name and totals.
    private func itemScope(of tree: NodeDeclaration, _ scope: inout Scope, _ node: CompiledNode)
        -> [Level]
    {
        switch node.loop {
        case .once: return []
        case .items(let list, _, _):
            guard case .list(let element) = list.type, case .record(let record) = element else {
                return []
            }
            if element == .record(rowType) {
                let slot = scope.declare("transaction ", element)
                scope.declareMembers(of: slot, rowType)
                return []
            }
            let name = template.documents?.itemName ?? tree.itemName ?? "item"
            let slot = scope.declare(name, element)
            return [Level(name: name, slot: slot, members: record.members)]
        case .groups(_, _, let keys, _, _, let ofDocuments):
            let name = tree.itemName ?? "group"
            let types = zip(tree.groupBy, keys).map { (name: $0.name, type: $1.type) }
            let type = groupType(
                keys: Array(types),
                named: name,
                written: Self.nothingWritten,
                ofDocuments: ofDocuments
            )
            _ = scope.declare("element ", .bool)
            let slot = scope.declare(name, .record(type))
            return [Level(name: name, slot: slot, members: type.members)]
        }
    }
}

extension FormatDeclaration {
    func missingKind(at node: YAMLNode) -> Diagnostic {
        node.diagnostic(
            "missing-key",
            "the format has no kind",
            cure: "add kind: delimited, fixed_width, xml or text"
        )
    }
}

extension CompiledNode {
    /// The same node with the columns' names in place of the ids that `names_of` gave.
    func resolvingNames(_ names: [String: [String]]) -> CompiledNode {
        let resolved: Writing =
            switch writing {
            case .names(let id): .names(names[id.first ?? ""] ?? id)
            case .records(let nodes): .records(nodes.map { $0.resolvingNames(names) })
            default: writing
            }
        return CompiledNode(
            loop: loop,
            bindings: bindings,
            condition: condition,
            writing: resolved,
            checks: checks,
            writtenSlots: writtenSlots
        )
    }
}
