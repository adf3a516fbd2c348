internal import Transactions

/// Gives every part of an expression its type, refuses what does not fit, folds constants and compiles
/// the rest to closures.
struct Checker {
    var scope: Scope
    /// Names and members that the expression uses, as dotted paths.
    var usedNames: Set<String> = []
    /// Slots that the expression's macros need beyond the scope's.
    var largestSlot = 0

    mutating func check(_ node: SyntaxNode) throws(ExpressionError) -> Typed {
        switch node.kind {
        case .bool(let value): return Typed(.bool, node.range, constant: .bool(value))
        case .int(let value): return Typed(.int, node.range, constant: .int(value))
        case .decimal(let value):
            return Typed(.decimal(places: value.scale), node.range, constant: .decimal(value))
        case .string(let text): return Typed(.string, node.range, constant: .string(text))
        case .name(let name): return try checkName(name, node)
        case .member(let base, let name, let isOptional):
            return try checkMember(base, name, isOptional: isOptional, node)
        case .index(let base, let index): return try checkIndex(base, index, node)
        case .call(let receiver, let name, let arguments):
            return try checkCall(receiver, name, arguments, node)
        case .list(let elements): return try checkList(elements, node)
        case .not(let inner): return try checkNot(inner, node)
        case .negate(let inner): return try checkNegation(inner, node)
        case .binary("&&", let left, let right):
            return try checkLogic(left, right, node, isAnd: true)
        case .binary("||", let left, let right):
            return try checkLogic(left, right, node, isAnd: false)
        case .binary(let symbol, let left, let right):
            return try checkBinary(symbol, left, right, node)
        case .conditional(let condition, let first, let second):
            return try checkConditional(condition, first, second, node)
        }
    }

    /// A part that must have a value: an optional one is refused, with the cure.
    mutating func checkPresent(_ node: SyntaxNode, for user: String, wants: String)
        throws(ExpressionError) -> Typed
    {
        let typed = try check(node)
        try requirePresent(typed, node, for: user, wants: wants)
        return typed
    }

    func requirePresent(_ typed: Typed, _ node: SyntaxNode, for user: String, wants: String)
        throws(ExpressionError)
    {
        guard typed.type.isOptional else { return }
        let name = node.path.map { "'\($0)'" } ?? "the value"
        throw ExpressionError(
            "absent-value",
            "\(name) may be absent, \(user) needs \(wants)",
            cure: Self.cure(forAbsent: node.path, typed.type.present),
            at: node.range
        )
    }

    /// What to write where an absent value is in the way.
    static func cure(forAbsent path: String?, _ type: ValueType) -> String {
        let replacement =
            switch type {
            case .string: "''"
            case .int: "0"
            case .decimal: "0.0"
            case .bool: "false"
            default: "..."
            }
        return "say what stands for an absent one: \(path ?? "(...)").orValue(\(replacement))"
    }

    static func article(_ type: ValueType) -> String {
        type == .int ? "an int" : "a \(type)"
    }

    private mutating func checkName(_ name: String, _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        guard let (declared, place) = scope.names[name] else {
            let near = nearestName(to: name, among: scope.declaredNames)
            let owner = scope.bareRecord.map { "\($0.name) has no \($0.memberNoun) '\(name)'" }
            throw ExpressionError(
                "unknown-name",
                owner ?? "there is no '\(name)' here",
                cure: near.map { "did you mean '\($0)'?" },
                at: node.range
            )
        }
        usedNames.insert(name)
        let type = scope.narrowed.contains(name) ? declared.present : declared
        var typed: Typed
        switch place {
        case .slot(let slot):
            typed = Typed(type, node.range) { frame throws(EvaluationError) in frame[slot] }
        case .member(let slot, let index):
            typed = Typed(type, node.range) { frame throws(EvaluationError) in
                guard case .record(let record) = frame[slot] else { return .absent }
                return try record.member(index)
            }
        }
        typed.path = name
        return typed
    }

    private mutating func checkMember(
        _ baseNode: SyntaxNode,
        _ name: String,
        isOptional: Bool,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        if case .name(let namespace) = baseNode.kind, scope.names[namespace] == nil,
            let functions = scope.functions[namespace]
        {
            guard functions[name] != nil else { throw unknownFunction(namespace, name, node) }
            throw ExpressionError(
                "arguments",
                "'\(namespace).\(name)' is asked with a key",
                cure: "write \(namespace).\(name)(...)",
                at: node.mark
            )
        }
        let base = try check(baseNode)
        guard case .record(let record) = base.type.present else {
            throw ExpressionError(
                "type",
                "\(Self.article(base.type)) has no members",
                at: node.mark
            )
        }
        if base.type.isOptional, !isOptional {
            let path = baseNode.path ?? "(...)"
            throw ExpressionError(
                "absent-value",
                "'\(path)' may be absent and then has no '\(name)'",
                cure: "take it if it is there: \(path).?\(name)",
                at: baseNode.range
            )
        }
        guard let index = record.index(of: name) else {
            let near = nearestName(to: name, among: record.members.map(\.name))
            throw ExpressionError(
                "unknown-name",
                "\(record.name) has no \(record.memberNoun) '\(name)'",
                cure: near.map { "did you mean '\($0)'?" },
                at: node.mark
            )
        }
        if let path = node.path { usedNames.insert(path) }
        usedNames.insert("." + name)
        var type = record.members[index].type
        if let path = node.path, scope.narrowed.contains(path) { type = type.present }
        if isOptional, !type.isOptional { type = .optional(type) }
        let evaluation = base.evaluation
        var typed = Typed(type, node.range) { frame throws(EvaluationError) in
            guard case .record(let record) = try evaluation(&frame) else { return .absent }
            return try record.member(index)
        }
        typed.path = node.path
        return typed
    }

    private mutating func checkIndex(
        _ baseNode: SyntaxNode,
        _ indexNode: SyntaxNode,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let base = try checkPresent(baseNode, for: "an index", wants: "a list")
        guard case .list(let element) = base.type else {
            throw ExpressionError(
                "type",
                "\(Self.article(base.type)) cannot be indexed",
                at: baseNode.range
            )
        }
        let index = try checkPresent(indexNode, for: "an index", wants: "an int")
        guard index.type == .int else {
            throw ExpressionError(
                "type",
                "the index of a list is an int, not \(Self.article(index.type))",
                at: indexNode.range
            )
        }
        let (list, place) = (base.evaluation, index.evaluation)
        return folded(element, node, [base, index]) { frame throws(EvaluationError) in
            guard case .list(let values) = try list(&frame),
                case .int(let index) = try place(&frame)
            else { return .absent }
            guard let position = Int(exactly: index), values.indices.contains(position) else {
                throw EvaluationError(
                    "index",
                    "the list has \(values.count) elements, there is none at \(index)"
                )
            }
            return values[position]
        }
    }

    private mutating func checkList(_ elements: [SyntaxNode], _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        guard !elements.isEmpty else {
            throw ExpressionError("type", "an empty list has no type", at: node.range)
        }
        var parts: [Typed] = []
        var type: ValueType?
        for element in elements {
            let part = try check(element)
            guard let joined = type.map({ $0.joined(with: part.type) }) ?? part.type else {
                throw ExpressionError(
                    "type",
                    "a list holds values of one type, here \(type?.description ?? "") and \(part.type)",
                    at: element.range
                )
            }
            type = joined
            parts.append(part)
        }
        let evaluations = parts.map(\.evaluation)
        return folded(.list(type ?? .bool), node, parts) { frame throws(EvaluationError) in
            var values: [Value] = []
            for evaluation in evaluations { values.append(try evaluation(&frame)) }
            return .list(values)
        }
    }

    /// A part that is a constant when all it is made of are, and a failing constant is an error at once.
    func folded(
        _ type: ValueType,
        _ node: SyntaxNode,
        _ parts: [Typed],
        _ evaluation: @escaping Evaluation
    ) -> Typed {
        guard parts.allSatisfy({ $0.constant != nil }) else {
            return Typed(type, node.range, evaluation)
        }
        var frame = Frame()
        do {
            return Typed(type, node.range, constant: try evaluation(&frame))
        } catch {
            // Nothing is lost: the part keeps its evaluation and fails again, with the same words,
            // where its value is needed; behind && || and ?: it may never be.
            return Typed(type, node.range, evaluation)
        }
    }

    func unknownFunction(_ namespace: String?, _ name: String, _ node: SyntaxNode)
        -> ExpressionError
    {
        if let namespace, let known = scope.functions[namespace] {
            let near = nearestName(to: name, among: known.keys.sorted())
            return ExpressionError(
                "unknown-name",
                "no lookup '\(name)' is declared",
                cure: near.map { "did you mean '\($0)'?" } ?? "declare it under \(namespace)",
                at: node.mark
            )
        }
        let near = nearestName(to: name, among: FunctionTable.names)
        return ExpressionError(
            "unknown-name",
            "there is no function '\(name)'",
            cure: near.map { "did you mean '\($0)'?" },
            at: node.mark
        )
    }
}
