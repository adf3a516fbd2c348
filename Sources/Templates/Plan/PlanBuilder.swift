internal import Expressions
internal import Transactions

/// Makes a plan of a template: resolves every name, checks every expression, width and form.
struct PlanBuilder {
    let template: Template
    let feedFields: [Field]
    var rowType: RecordType
    var documentType: RecordType?
    var usedNames: Set<String> = []
    var warnings: [Diagnostic] = []
    /// The ids of all records, in the template's order.
    let ids: [String]
    /// What encloses the place: the slots whose `written` grows, with what their types are without it.
    struct Level {
        let name: String
        let slot: Int
        /// The members before `written`, and the place of `written` among them; nil for a file.
        let members: [RecordType.Member]?
    }

    init(template: Template) {
        self.template = template
        feedFields = template.feed.fields
        ids = template.files.flatMap { Self.ids(of: $0.tree) }.reduce(into: []) { ids, id in
            if !ids.contains(id) { ids.append(id) }
        }
        rowType = RecordType(
            name: "a transaction",
            memberNoun: "field",
            members: TransactionRow.members(of: template.feed)
        )
    }

    private static func ids(of node: NodeDeclaration) -> [String] {
        var ids = node.id.map { [$0] } ?? []
        if case .records(let records) = node.writing { ids += records.flatMap(Self.ids) }
        return ids
    }

    mutating func expression(_ text: ExpressionText, _ scope: Scope) throws(Diagnostic)
        -> Expression
    {
        let expression = try Expression(text, in: scope)
        usedNames.formUnion(expression.usedNames)
        return expression
    }

    mutating func condition(_ text: ExpressionText, _ scope: Scope) throws(Diagnostic) -> Expression
    {
        let expression = try Expression(condition: text, in: scope)
        usedNames.formUnion(expression.usedNames)
        return expression
    }

    mutating func text(_ text: ExpressionText, _ scope: Scope, _ format: FormatDeclaration)
        throws(Diagnostic) -> TextTemplate
    {
        let compiled = try TextTemplate(text.text, at: text.node, in: scope, format: format)
        for case .hole(let expression, _) in compiled.pieces {
            usedNames.formUnion(expression.usedNames)
        }
        return compiled
    }

    // MARK: Groups

    func groupType(
        keys: [(name: String, type: ValueType)],
        named name: String,
        written: RecordType,
        ofDocuments: Bool
    ) -> RecordType {
        var members = keys.map { RecordType.Member($0.name, $0.type) }
        members.append(.init("transactions", .list(.record(rowType))))
        members.append(.init("position", .int))
        members.append(.init("written", .record(written)))
        if ofDocuments, let documentType {
            members.append(.init("documents", .list(.record(documentType))))
        }
        return RecordType(name: "'\(name)'", members: members)
    }

    static let nothingWritten = RecordType(name: "'written'", memberNoun: "record id", members: [])

    // MARK: Nodes

    /// Compiles a node; returns the types of what its records write, by id.
    mutating func compile(
        _ declaration: NodeDeclaration,
        _ outer: Scope,
        _ levels: [Level],
        _ outerFormat: FormatDeclaration,
        _ form: OutputForm,
        names: inout [String: [String]]
    ) throws(Diagnostic) -> (node: CompiledNode, written: [(id: String, type: RecordType)]) {
        var scope = outer
        var levels = levels
        let format = declaration.format.inside(outerFormat)
        let loop = try compileLoop(declaration, &scope, &levels)
        var bindings: [(slot: Int, value: Expression)] = []
        var bound: [RecordType.Member] = []
        for binding in declaration.bindings {
            let value = try expression(binding.expression, scope)
            bound.append(.init(binding.name, value.type))
            bindings.append(
                (try declare(binding.name, value.type, binding.expression.node, &scope), value)
            )
        }
        var condition: Expression?
        if let text = declaration.condition {
            let compiled = try self.condition(text, scope)
            if case .bool(let value)? = compiled.constant {
                warnings.append(
                    text.node.diagnostic(
                        "unreachable",
                        "always \(value)",
                        severity: .warning
                    )
                )
            }
            condition = compiled
            scope = scope.narrowed(by: compiled)
        }
        var written: [(id: String, type: RecordType)] = []
        let writing: CompiledNode.Writing
        switch declaration.writing {
        case .fields(let fields):
            let (writer, members) = try compileFields(
                fields,
                declaration,
                scope,
                format,
                form
            )
            if let id = declaration.id {
                written.append(
                    (
                        id,
                        RecordType(name: "a record '\(id)'", memberNoun: "field", members: members)
                    )
                )
                names[id] = fields.enumerated().map { $1.name ?? "field\($0 + 1)" }
            }
            writing = .record(writer, id: declaration.id)
        case .lines(let text):
            let compiled = try self.text(text, scope, format)
            if let id = declaration.id {
                written.append((id, RecordType(name: "a record '\(id)'", members: bound)))
            }
            writing = .lines(compiled, id: declaration.id, memberSlots: bindings.map(\.slot))
        case .namesOf(let id): writing = .names([try id.node.text()])
        case .skeleton(let file):
            writing = .skeleton(try compileSkeleton(file, scope, format, form))
        case .records(let records):
            var nodes: [CompiledNode] = []
            for record in records {
                let (node, inner) = try compile(record, scope, levels, format, form, names: &names)
                nodes.append(node)
                written.append(contentsOf: inner)
                if !inner.isEmpty { redeclare(&scope, levels, written) }
            }
            writing = .records(nodes)
        }
        redeclare(&scope, levels, written)
        var checks: [CompiledNode.Check] = []
        for check in declaration.checks {
            let message = try check.message.map { text throws(Diagnostic) in
                try TextTemplate(text.text, at: text.node, in: scope, format: Plan.plainFormat)
            }
            checks.append(
                .init(
                    that: try self.condition(check.that, scope),
                    message: message,
                    node: check.that.node
                )
            )
        }
        let node = CompiledNode(
            loop: loop,
            bindings: bindings,
            condition: condition,
            writing: writing,
            checks: checks,
            writtenSlots: levels.map(\.slot)
        )
        return (node, written)
    }

    mutating func declare(_ name: String, _ type: ValueType, _ node: YAMLNode, _ scope: inout Scope)
        throws(Diagnostic) -> Int
    {
        guard !scope.declaredNames.contains(name) else {
            throw node.diagnostic(
                "hidden-name",
                "'\(name)' has a meaning here already",
                cure: "choose another name"
            )
        }
        return scope.declare(name, type)
    }

    /// Gives `written` and each enclosing group's `written` the records known so far.
    func redeclare(
        _ scope: inout Scope,
        _ levels: [Level],
        _ written: [(id: String, type: RecordType)]
    ) {
        // Every level counts members alike; an id that has written nothing yet has no usable name.
        let known = Dictionary(written.map { ($0.id, $0.type) }) { first, _ in first }
        let members = ids.map { id in
            known[id].map { RecordType.Member(id, .list(.record($0))) }
                ?? RecordType.Member("", .bool)
        }
        let type = RecordType(name: "'written'", memberNoun: "record id", members: members)
        for level in levels {
            if let groupMembers = level.members {
                let all = groupMembers.map {
                    $0.name == "written" ? .init("written", .record(type)) : $0
                }
                scope.redeclare(
                    level.name,
                    .record(RecordType(name: "'\(level.name)'", members: all))
                )
            } else {
                scope.redeclare(level.name, .record(type))
            }
        }
    }

    private mutating func compileLoop(
        _ declaration: NodeDeclaration,
        _ scope: inout Scope,
        _ levels: inout [Level]
    ) throws(Diagnostic) -> CompiledNode.Loop {
        guard let forEach = declaration.forEach else {
            if let key = declaration.groupBy.first {
                throw key.expression.node.diagnostic(
                    "missing-key",
                    "group_by needs for_each",
                    cure: "add for_each: transactions"
                )
            }
            return .once
        }
        let list = try expression(forEach, scope)
        guard case .list(let element) = list.type else {
            throw forEach.node.diagnostic(
                "type",
                "for_each goes over a list, this is a \(list.type)"
            )
        }
        var inner = scope
        let isRow = element == .record(rowType)
        let isDocument = documentType.map { element == .record($0) } ?? false
        let itemName =
            isDocument ? template.documents?.itemName : isRow ? nil : declaration.itemName ?? "item"
        let slot: Int
        if let itemName {
            slot = try declare(itemName, element, forEach.node, &inner)
            if case .record(let record) = element, isDocument {
                // The members are known here, so that what is written inside can be added.
                levels.append(Level(name: itemName, slot: slot, members: record.members))
            }
        } else {
            slot = inner.declare("transaction ", element)
            inner.declareMembers(of: slot, rowType)
        }
        var order: [Expression] = []
        guard !declaration.groupBy.isEmpty else {
            for text in declaration.orderBy { order.append(try expression(text, inner)) }
            scope = inner
            return .items(list, slot: slot, order: order)
        }
        if isDocument { levels.removeLast() }
        guard isRow || isDocument else {
            throw forEach.node.diagnostic("type", "only transactions and documents are grouped")
        }
        var keys: [Expression] = []
        var types: [(name: String, type: ValueType)] = []
        for key in declaration.groupBy {
            let compiled = try expression(key.expression, inner)
            keys.append(compiled)
            types.append((key.name, compiled.type))
        }
        let groupName = declaration.itemName ?? "group"
        let type = groupType(
            keys: types,
            named: groupName,
            written: Self.nothingWritten,
            ofDocuments: isDocument
        )
        // Inside, the group takes the place of the elements it was made of.
        var grouped = scope
        _ = grouped.declare("element ", element)
        let groupSlot = try declare(groupName, .record(type), forEach.node, &grouped)
        levels.append(Level(name: groupName, slot: groupSlot, members: type.members))
        for text in declaration.orderBy { order.append(try expression(text, grouped)) }
        scope = grouped
        return .groups(
            list,
            slot: slot,
            keys: keys,
            order: order,
            groupSlot: groupSlot,
            ofDocuments: isDocument
        )
    }
}
