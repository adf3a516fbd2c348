internal import Expressions

extension PlanBuilder {
    mutating func compileLoop(_ declaration: NodeDeclaration, _ place: inout Place)
        throws(Diagnostic) -> CompiledNode.Loop
    {
        guard let forEach = declaration.forEach else { return .once }
        let (list, element) = try list(forEach, place)
        let isRow = element == .record(rowType)
        let isDocument = documentType.map { element == .record($0) } ?? false
        guard declaration.groupBy.isEmpty || isRow || isDocument else {
            throw forEach.node.diagnostic(
                "type",
                "only transactions and documents are grouped",
                cure: "leave group_by out"
            )
        }
        guard declaration.groupBy.isEmpty else {
            return try compileGroups(declaration, forEach, list, isDocument, &place)
        }
        let slot: Int
        var level: Int?
        if isDocument, let documents = template.documents, let type = documentType {
            slot = try declare(documents.itemName, element, forEach.node, &place.scope)
            level = addLevel(documents.itemName, .document, slot, type, documentOrigins, &place)
        } else if isRow {
            slot = try declareRow(forEach.node, &place)
        } else {
            slot = try declare(
                declaration.itemName ?? "item",
                element,
                forEach.node,
                &place.scope
            )
        }
        var order: [Formula] = []
        for text in declaration.orderBy {
            let key = findings.collect { () throws(Diagnostic) in try formula(text, place) }
            if let key { order.append(key) }
        }
        return .items(list, slot: slot, order: order, level: level)
    }

    private mutating func compileGroups(
        _ declaration: NodeDeclaration,
        _ forEach: ExpressionText,
        _ list: CompiledNode.List,
        _ isDocument: Bool,
        _ place: inout Place
    ) throws(Diagnostic) -> CompiledNode.Loop {
        // Keys see the elements; inside, the group takes their place.
        var inner = place
        let slot: Int
        if isDocument, let documents = template.documents, let type = documentType {
            slot = try declare(documents.itemName, .record(type), forEach.node, &inner.scope)
        } else {
            slot = try declareRow(forEach.node, &inner)
        }
        let name = declaration.itemName ?? "group"
        let (keys, members, found) = try compileKeys(declaration.groupBy, named: name, inner)
        let type = groupType(
            keys: members,
            named: name,
            ofDocuments: isDocument,
            hasSerial: false
        )
        _ = place.scope.declare("element ", .bool)
        let groupSlot = try declare(name, .record(type), forEach.node, &place.scope)
        let level = addLevel(name, .group, groupSlot, type, found, &place)
        var order: [Formula] = []
        for text in declaration.orderBy {
            let key = findings.collect { () throws(Diagnostic) in try formula(text, place) }
            if let key { order.append(key) }
        }
        return .groups(
            list,
            slot: slot,
            keys: keys,
            order: order,
            groupSlot: groupSlot,
            level: level
        )
    }

    /// Compiles the keys of groups or documents.
    mutating func compileKeys(
        _ declarations: [NamedExpression],
        named name: String,
        _ place: Place
    ) throws(Diagnostic) -> (
        keys: [Formula], members: [RecordType.Member], origins: Set<String>
    ) {
        var keys: [Formula] = []
        var members: [RecordType.Member] = []
        var all: Set<String> = []
        for key in declarations {
            let compiled = findings.collect(declaring: key.name) { () throws(Diagnostic) in
                try self.key(key, members, place)
            }
            guard let compiled else { continue }
            keys.append(compiled)
            members.append(.init(key.name, compiled.type, bounds: compiled.expression.bounds))
            let found = origins(of: compiled.usedNames)
            origins["\(name).\(key.name)"] = found
            all.formUnion(found)
        }
        return (keys, members, all)
    }

    private mutating func key(
        _ key: NamedExpression,
        _ members: [RecordType.Member],
        _ place: Place
    ) throws(Diagnostic) -> Formula {
        let compiled = try formula(key.expression, place)
        switch compiled.type.present {
        case .list, .record:
            throw key.expression.node.diagnostic(
                "type",
                "a \(compiled.type) is no key",
                cure: "group by one of its values"
            )
        default: break
        }
        guard !members.contains(where: { $0.name == key.name }) else {
            throw key.expression.node.diagnostic(
                "hidden-name",
                "two keys are called '\(key.name)'",
                cure: "name one: { name: expression }"
            )
        }
        return compiled
    }

    /// Declares a transaction's fields as bare names.
    mutating func declareRow(_ node: YAMLNode, _ place: inout Place) throws(Diagnostic) -> Int {
        let taken = Set(place.scope.declaredNames)
        if let hidden = rowType.members.first(where: { !$0.name.isEmpty && taken.contains($0.name) }
        ) {
            throw node.diagnostic(
                "hidden-name",
                place.isInRow
                    ? "the fields of one transaction would hide those of another"
                    : "'\(hidden.name)' has a meaning here already, and transactions have it too",
                cure: place.isInRow
                    ? "go over them outside the other loop" : "choose another name"
            )
        }
        let slot = place.scope.declare("transaction ", .record(rowType))
        place.scope.declareMembers(of: slot, rowType)
        place.isInRow = true
        return slot
    }

    mutating func addLevel(
        _ name: String,
        _ kind: Level.Kind,
        _ slot: Int,
        _ type: RecordType,
        _ keyOrigins: Set<String>,
        _ place: inout Place
    ) -> Int {
        let id = levels.count
        levels.append(LevelPlan(slot: slot))
        place.levels.append(
            Level(id: id, name: name, kind: kind, type: type, keyOrigins: keyOrigins)
        )
        return id
    }

    /// What a loop goes over: the engine's own lists by their paths, others by value.
    mutating func list(_ text: ExpressionText, _ place: Place) throws(Diagnostic) -> (
        list: CompiledNode.List, element: ValueType
    ) {
        let words = text.text.split(separator: ".").map(String.init)
        switch words {
        case ["transactions"]:
            usedNames.insert("transactions")
            return (.transactions, .record(rowType))
        case ["documents"]:
            usedNames.insert("documents")
            guard let documentType else { return (.transactions, .record(rowType)) }
            return (.documents, .record(documentType))
        default: break
        }
        if words.count == 2, let level = place.levels.last(where: { $0.name == words[0] }),
            let slot = levels[level.id].slot
        {
            if words[1] == "transactions" {
                return (.transactionsOf(slot: slot, level: level.id), .record(rowType))
            }
            if words[1] == "documents", let documentType,
                level.type?.index(of: "documents") != nil
            {
                return (.documentsOf(slot: slot), .record(documentType))
            }
        }
        let formula = try formula(text, place)
        guard case .list(let element) = formula.type else {
            throw text.node.diagnostic(
                "type",
                "for_each goes over a list, this is \(formula.type.withArticle)",
                cure: "such as transactions, documents, or a group's own"
            )
        }
        return (.values(formula), element)
    }
}
