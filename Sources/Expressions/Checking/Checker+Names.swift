internal import Transactions

/// Names, members and indices.
extension Checker {
    mutating func checkName(_ name: String, in scope: Scope, _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        guard let declaration = scope.names[name] else { throw unknownName(name, node) }
        if !declaration.isMacroVariable { usedNames.insert(name) }
        let type =
            scope.narrowed.contains(name) ? declaration.type.present : declaration.type
        var typed: Typed
        switch declaration.place {
        case .slot(let slot):
            typed = Typed(type, node.range) { frame throws(EvaluationError) in frame[slot] }
            typed.slot = slot
            typed.shape = .slot(slot)
        case .member(let slot, let index):
            typed = Typed(type, node.range) { frame throws(EvaluationError) in
                try frame.record(slot).member(index)
            }
            addShortWays(&typed, slot: slot, index: index)
            typed.shape = .member(slot: slot, index: index)
        }
        typed.bounds = declaration.bounds
        typed.path = node.path
        return typed
    }

    private func unknownName(_ name: String, _ node: SyntaxNode) -> ExpressionError {
        if let foreign = Self.foreignNames[name] {
            return ExpressionError(
                .unknownName,
                "there is no '\(name)'",
                cure: foreign,
                at: node.range
            )
        }
        let near = nearestName(to: name, among: scope.declaredNames)
        let owner = scope.bareRecord.map { "\($0.name) has no \($0.memberNoun) '\(name)'" }
        let isFunction = FunctionTable.functions[name] != nil
        return ExpressionError(
            .unknownName,
            owner ?? "there is no '\(name)' here",
            cure: isFunction
                ? "call the function: \(name)(...)" : near.map { "did you mean '\($0)'?" },
            at: node.range
        )
    }

    /// Words of other languages, with what stands for them here.
    static let foreignNames = [
        "nil": "ask whether a value is there with hasValue()",
        "None": "ask whether a value is there with hasValue()",
        "undefined": "ask whether a value is there with hasValue()",
        "True": "write true", "False": "write false",
    ]

    /// Ways to a member's number or text that make no `Value` and no `String`.
    private func addShortWays(_ typed: inout Typed, slot: Int, index: Int) {
        switch typed.type {
        case .decimal:
            typed.number = { frame throws(EvaluationError) in try frame.number(slot, index) }
        case .string, .optional(.string):
            typed.text = { frame, output throws(EvaluationError) in
                try frame.appendText(slot, index, to: &output)
            }
        default: break
        }
    }

    /// The same for a member of a record that is no variable's.
    private func addShortWays(_ typed: inout Typed, of base: @escaping Evaluation, index: Int) {
        switch typed.type {
        case .decimal:
            typed.number = { frame throws(EvaluationError) in
                guard let number = try base(&frame).asRecord.number(index) else {
                    throw EvaluationError(.type, "a number is needed here, there is none")
                }
                return number
            }
        case .string, .optional(.string):
            typed.text = { frame, output throws(EvaluationError) in
                try base(&frame).asRecord.appendText(index, to: &output)
            }
        default: break
        }
    }

    /// Whether a node is a name that only functions have before their point.
    func isNamespace(_ node: SyntaxNode) -> String? {
        guard case .name(let name, _) = node.kind, scope.names[name] == nil else { return nil }
        return scope.functions[name] != nil || FunctionTable.namespaces.contains(name)
            ? name : nil
    }

    mutating func checkMember(
        _ baseNode: SyntaxNode,
        _ name: String,
        isOptional: Bool,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let asksForKey = self.asksForKey
        self.asksForKey = false
        // A name with points in it is found before a member (cel-spec, Name Resolution).
        if let path = node.path, scope.names[path] != nil, !startsAtMacroVariable(path) {
            return try checkName(path, in: scope, node)
        }
        if let namespace = isNamespace(baseNode) {
            let isKnown =
                scope.functions[namespace]?[name] != nil
                || FunctionTable.functions["\(namespace).\(name)"] != nil
            guard isKnown else { throw unknownFunction(namespace, name, node) }
            throw ExpressionError(
                .arguments,
                "'\(namespace).\(name)' is a function",
                cure: "call it: \(namespace).\(name)(...)",
                at: node.mark
            )
        }
        let base = try check(baseNode)
        if asksForKey { answersKey = false }
        let typed: Typed
        switch base.type.present {
        case .record(let record):
            typed = try checkMember(of: record, base, name, isOptional: isOptional, node)
        case .map(_, let value) where asksForKey && value.isOptional && !base.type.isOptional:
            // The key may stand there with an absent value (cel-spec, optional values).
            answersKey = true
            let evaluation = base.evaluation
            typed = Typed(.optional(.bool), node.range) { frame throws(EvaluationError) in
                guard case .map(let map) = try evaluation(&frame) else { return .absent }
                return map[.string(name)] == nil ? .absent : .bool(true)
            }
        case .map(let key, let value) where ValueType.string.fits(key) || key == .unknown:
            let constant = Typed(.string, node.mark, constant: .string(name))
            let access = entry(base, constant, value, isOptional: isOptional, node)
            typed = narrowed(access, node)
        case .unknown:
            let constant = Typed(.string, node.mark, constant: .string(name))
            typed = entry(base, constant, .unknown, isOptional: isOptional, node)
        default:
            let isMethod = FunctionTable.functions["." + name] != nil
            let foreign = FunctionTable.foreign[name].map { "it is called \($0) here" }
            throw ExpressionError(
                .type,
                "\(Self.article(base.type.present)) has no member '\(name)'",
                cure: isMethod ? "call the function: .\(name)()" : foreign,
                at: node.mark
            )
        }
        return typed
    }

    private func startsAtMacroVariable(_ path: String) -> Bool {
        let first = String(path.prefix { $0 != "." })
        return scope.names[first]?.isMacroVariable == true
    }

    private func narrowed(_ typed: Typed, _ node: SyntaxNode) -> Typed {
        var result = typed
        if let path = node.path, scope.narrowed.contains(path), typed.type.isOptional {
            result = Typed(typed.type.present, typed.range, typed.evaluation)
        }
        result.path = node.path
        return result
    }

    private mutating func checkMember(
        of record: RecordType,
        _ base: Typed,
        _ name: String,
        isOptional: Bool,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        guard let index = record.index(of: name) else {
            let near = nearestName(to: name, among: record.members.map(\.name))
            throw ExpressionError(
                .unknownName,
                "\(record.name) has no \(record.memberNoun) '\(name)'",
                cure: near.map { "did you mean '\($0)'?" },
                at: node.mark
            )
        }
        if let path = node.path { usedNames.insert(path) }
        usedNames.insert("." + name)
        let member = record.members[index]
        var type = member.type
        if isOptional || base.type.isOptional, !type.isOptional { type = .optional(type) }
        let isNarrowed = node.path.map { scope.narrowed.contains($0) } ?? false
        if isNarrowed { type = type.present }
        var typed: Typed
        // One closure each way: a second one in place of the first crashes when optimised (Swift 6.3.1).
        if let slot = base.slot, !base.type.isOptional {
            typed = Typed(type, node.range) { frame throws(EvaluationError) in
                try frame.record(slot).member(index)
            }
            addShortWays(&typed, slot: slot, index: index)
            typed.shape = .member(slot: slot, index: index)
        } else {
            let evaluation = base.evaluation
            typed = Typed(type, node.range) { frame throws(EvaluationError) in
                guard case .record(let record) = try evaluation(&frame) else { return .absent }
                return try record.member(index)
            }
            if !base.type.isOptional { addShortWays(&typed, of: evaluation, index: index) }
            typed.shape = base.shape.map { .column($0, index: index) }
        }
        typed.bounds = member.bounds
        typed.path = node.path
        typed.failure = base.failure
        return typed
    }

    mutating func checkIndex(
        _ baseNode: SyntaxNode,
        _ indexNode: SyntaxNode,
        isOptional: Bool,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let base = try check(baseNode)
        // Columns bear names that no plain member has: r['Umsatz (ohne Soll/Haben-Kz)'].
        if case .record(let record) = base.type.present, case .string(let name) = indexNode.kind {
            return try checkMember(of: record, base, name, isOptional: isOptional, node)
        }
        let index = try checkPresent(indexNode, for: "an index", wants: "a value")
        let element: ValueType
        switch base.type.present {
        case .list(let inner):
            guard index.type.fits(.int) else {
                throw ExpressionError(
                    .type,
                    "the index of a list is an int, not \(Self.article(index.type))",
                    at: indexNode.range
                )
            }
            element = inner
        case .map(let key, let value):
            guard key.joined(with: index.type) != nil else {
                throw ExpressionError(
                    .type,
                    "a key of this map is \(Self.article(key)), not \(Self.article(index.type))",
                    at: indexNode.range
                )
            }
            element = value
        case .unknown: element = .unknown
        default:
            throw ExpressionError(
                .type,
                "\(Self.article(base.type.present)) cannot be indexed",
                cure: base.type.present == .string ? "take a character: .charAt(...)" : nil,
                at: baseNode.range
            )
        }
        return entry(base, index, element, isOptional: isOptional, node)
    }

    /// The element at an index or the value of a key; what is not there is an error, or absent where `?`
    /// asks or the base may be absent itself.
    private func entry(
        _ base: Typed,
        _ index: Typed,
        _ element: ValueType,
        isOptional: Bool,
        _ node: SyntaxNode
    ) -> Typed {
        let mayBeAbsent = isOptional || base.type.isOptional
        let type: ValueType = mayBeAbsent && !element.isOptional ? .optional(element) : element
        let (container, place, range) = (base.evaluation, index.evaluation, node.range)
        var typed = Typed(type, range) { frame throws(EvaluationError) in
            let held = try container(&frame)
            guard !held.isAbsent else { return .absent }
            let key = try place(&frame)
            if let found = Self.entry(held, key) { return found }
            if mayBeAbsent { return .absent }
            throw Self.missing(held, key).located(range)
        }
        if case .list = base.type.present { typed.bounds = base.bounds }
        return folded(typed, [base, index])
    }

    private static func entry(_ container: Value, _ key: Value) -> Value? {
        switch container {
        case .list(let values):
            guard case .int(let index) = key, let position = Int(exactly: index),
                values.indices.contains(position)
            else { return nil }
            return values[position]
        case .map(let map): return map[key]
        default: return nil
        }
    }

    private static func missing(_ container: Value, _ key: Value) -> EvaluationError {
        if case .list(let values) = container {
            return EvaluationError(
                .index,
                "the list has \(Checker.counted(values.count, "element")), there is none at \(plainText(key))"
            )
        }
        return EvaluationError(.index, "the map has no such key")
    }
}
