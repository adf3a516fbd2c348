internal import Expressions
internal import Transactions

extension PlanBuilder {
    /// What a node goes over and binds, before it writes.
    struct Head {
        let loop: CompiledNode.Loop
        let bindings: [(slot: Int, value: Formula)]
        let bound: [RecordType.Member]
        let condition: Formula?
        /// Whether a condition stands here that is wrong.
        let isConditionLost: Bool
    }

    /// Compiles a node; its place is a copy, so that its names end with it.
    mutating func compile(_ declaration: NodeDeclaration, _ outer: Place) throws(Diagnostic)
        -> CompiledNode
    {
        var place = outer
        declaration.format.reportForeignKeys(to: place.form.kind, .record, findings)
        declaration.format.reportUnmappable(place.form.encoding, findings)
        let head = try compileHead(declaration, &place)
        return try compileBody(declaration, head, place)
    }

    mutating func compileHead(_ declaration: NodeDeclaration, _ place: inout Place)
        throws(Diagnostic) -> Head
    {
        place.format = declaration.format.inside(place.format)
        let levelsOutside = place.levels.count
        let loop: CompiledNode.Loop
        do throws(Diagnostic) {
            loop = try compileLoop(declaration, &place)
        } catch {
            // What is inside is not checked: nothing is known of the names there.
            findings.loseNames(in: declaration.node)
            pass(declaration, place)
            throw error
        }
        if declaration.forEach != nil {
            let ids = Self.ids(of: declaration, layout: place.layout?.name)
            place.loops.append(EnclosingLoop(levelsOutside: levelsOutside, ids: Set(ids)))
        }
        var bindings: [(slot: Int, value: Formula)] = []
        var bound: [RecordType.Member] = []
        for binding in declaration.bindings {
            let node = binding.expression.node
            let value = findings.collect(declaring: binding.name) { () throws(Diagnostic) in
                let value = try formula(binding.expression, place)
                let slot = try declare(
                    binding.name,
                    value.type,
                    bounds: value.expression.bounds,
                    node,
                    &place.scope
                )
                bindings.append((slot, value))
                return value
            }
            guard let value else { continue }
            bound.append(.init(binding.name, value.type, bounds: value.expression.bounds))
            origins[binding.name] = origins(of: value.usedNames)
        }
        var condition: Formula?
        if let text = declaration.condition {
            condition = findings.collect { () throws(Diagnostic) in
                try self.condition(text, place)
            }
            if let condition {
                warnOfConstant(condition, text)
                place.scope = place.scope.narrowed(by: condition.expression)
            }
        }
        return Head(
            loop: loop,
            bindings: bindings,
            bound: bound,
            condition: condition,
            isConditionLost: declaration.condition != nil && condition == nil
        )
    }

    mutating func compileBody(_ declaration: NodeDeclaration, _ head: Head, _ place: Place)
        throws(Diagnostic) -> CompiledNode
    {
        var place = place
        let hasLayout: Void? = findings.collect { () throws(Diagnostic) in
            try takeLayout(declaration, &place)
        }
        let writing: CompiledNode.Writing?
        if hasLayout == nil {
            findings.loseNames(in: declaration.node)
            writing = nil
        } else {
            writing = findings.collect { () throws(Diagnostic) in
                try findings.withoutCondition(head.isConditionLost) { () throws(Diagnostic) in
                    try compileWriting(declaration, head, place)
                }
            }
        }
        pass(declaration, place)
        return CompiledNode(
            loop: head.loop,
            bindings: head.bindings,
            condition: head.condition,
            writing: writing ?? .records([]),
            checks: compileChecks(declaration.checks, place),
            node: declaration.node
        )
    }

    private mutating func compileWriting(
        _ declaration: NodeDeclaration,
        _ head: Head,
        _ place: Place
    ) throws(Diagnostic) -> CompiledNode.Writing {
        switch declaration.writing {
        case .fields(let fields):
            return try compileRecord(fields, declaration, id: declaration.id, place)
        case .layout:
            guard let layout = place.layout else {
                throw declaration.node.diagnostic(
                    "writing",
                    "the node writes nothing",
                    cure: "give it one of fields, layout, lines, names_of, records"
                )
            }
            return try compileRecord(
                filled(layout, place),
                declaration,
                id: declaration.id ?? layout.name,
                place
            )
        case .lines(let text):
            try require(place, .text, "lines", text.node)
            let compiled = try self.text(text, place, place.format)
            try requireMappable(compiled, text.node, place)
            if let id = declaration.id { note(head.bound, as: id) }
            if let id = declaration.id {
                var found: [String: Set<String>] = [:]
                for member in head.bound { found[member.name] = origins[member.name] }
                writtenOrigins[id, default: [:]].merge(found) { $0.union($1) }
            }
            return .lines(
                compiled,
                recordNote(declaration.id, head.bound, place),
                memberSlots: head.bindings.map(\.slot)
            )
        case .namesOf(let id): return try compileNames(id, place)
        case .skeleton(let file): return .skeleton(try compileSkeleton(file, place))
        case .records(let records):
            var nodes: [CompiledNode] = []
            var place = place
            for record in records {
                let node = findings.collect { () throws(Diagnostic) in
                    try compileRecordInside(record, &place)
                }
                if let node { nodes.append(node) }
            }
            return .records(nodes)
        case .include(let id):
            throw id.node.diagnostic(
                "writing",
                "include stands among records",
                cure: "records: [{ include: \(id.text) }]"
            )
        }
    }

    /// Compiles one of a node's records; the name of its checksum stands for the records behind it.
    private mutating func compileRecordInside(_ record: NodeDeclaration, _ place: inout Place)
        throws(Diagnostic) -> CompiledNode
    {
        let node = try compile(record, place)
        guard let checksum = record.checksum else { return node }
        guard place.form.encoding.keepsASCII, !place.form.encoding.name.hasPrefix("utf-16") else {
            throw checksum.node.diagnostic(
                "writing",
                "a checksum needs an encoding with ASCII's bytes",
                cure: "this file is \(place.form.encoding.name)"
            )
        }
        let slot = try declare(checksum.name, .int, checksum.node, &place.scope)
        return CompiledNode(
            loop: .once,
            bindings: [],
            condition: nil,
            writing: .checksum(node, of: checksum.extent, slot: slot),
            checks: [],
            node: record.node
        )
    }

    /// A condition that never varies is a slip.
    mutating func warnOfConstant(_ compiled: Formula, _ text: ExpressionText) {
        guard case .bool(let value)? = compiled.constant else { return }
        var message = "always \(value)"
        var cure = value ? "leave when out" : "drop the record"
        for field in template.requires where text.text.contains(field.text) {
            message += ", '\(field.text)' is never absent here"
            cure += ", or \(field.text) from 'requires' (line \(field.node.line))"
        }
        warnings.append(
            text.node.diagnostic(
                "unreachable",
                message,
                cure: cure,
                severity: .warning,
                at: 0..<text.text.utf8.count
            )
        )
    }

    func require(
        _ place: Place,
        _ kind: FormatDeclaration.Kind,
        _ key: String,
        _ node: YAMLNode
    ) throws(Diagnostic) {
        guard place.form.kind == kind else {
            throw node.diagnostic(
                "writing",
                "\(key) belongs to kind: \(kind.rawValue), this file is \(place.form.kind.rawValue)",
                cure: "choose another way to write, or another kind"
            )
        }
    }

    func recordNote(_ id: String?, _ members: [RecordType.Member], _ place: Place)
        -> CompiledNode.RecordNote
    {
        var map: [Int] = []
        if let id, let known = written[id], known.map(\.name) != members.map(\.name) {
            map = known.map { member in members.firstIndex { $0.name == member.name } ?? -1 }
        }
        return CompiledNode.RecordNote(
            id: id.flatMap(idPlace) ?? -1,
            levels: place.levels.filter { $0.kind != .batch }.map(\.id),
            members: map
        )
    }
}
