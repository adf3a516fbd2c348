/// The macros over lists and maps (cel-spec, Macros, and its two-variable comprehensions) and `cel.bind`.
extension Checker {
    /// A macro's new name, in the scope from here on.
    mutating func declareVariable(
        _ node: SyntaxNode,
        _ type: ValueType,
        _ bounds: Bounds,
        of macro: String
    ) throws(ExpressionError) -> Int {
        guard case .name(let name, false) = node.kind else {
            throw ExpressionError(
                .arguments,
                "'\(macro)' needs a new name here",
                cure: "write \(macro)(x, ...)",
                at: node.range
            )
        }
        guard scope.allowsHiding || scope.names[name] == nil else {
            throw ExpressionError(
                .hiddenName,
                "'\(name)' has a meaning here already",
                cure: "choose another name",
                at: node.range
            )
        }
        return scope.declareMacroVariable(name, type, bounds: bounds)
    }

    /// The macro of a call; nil when the name is no macro's.
    mutating func checkMacro(
        _ receiver: SyntaxNode,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed? {
        guard let kind = Macro.Kind(name) else { return nil }
        guard let form = kind.form(of: arguments.count) else {
            throw ExpressionError(
                .arguments,
                "'\(name)' does not take \(Self.counted(arguments.count, "argument"))",
                cure: "write \(kind.usage)",
                at: node.mark
            )
        }
        let base = try checkPresent(receiver, for: "'\(name)'", wants: "a list")
        let outer = scope
        defer { scope = outer }
        let (first, second) = try variableTypes(base, form, name, receiver)
        var slots = [
            try declareVariable(
                arguments[0],
                first,
                form.variables == 1 ? base.bounds : .unknown,
                of: name
            )
        ]
        if form.variables == 2 {
            guard arguments[0].path != arguments[1].path else {
                throw ExpressionError(
                    .arguments,
                    "'\(name)' needs two different names",
                    at: arguments[1].range
                )
            }
            slots.append(try declareVariable(arguments[1], second, base.bounds, of: name))
        }
        var condition: Typed?
        if form.hasFilter {
            let test = try checkBool(arguments[form.variables], for: "'\(name)'")
            scope.narrow(test.presentIfTrue)
            condition = test
        }
        let bodyNode = arguments[arguments.count - 1]
        let body = kind.wantsBool ? try checkBool(bodyNode, for: "'\(name)'") : try check(bodyNode)
        let type = try resultType(kind, base, first, body, bodyNode)
        let macro = Macro(
            kind: kind,
            slots: slots,
            container: base.evaluation,
            condition: condition?.truth,
            body: body.evaluation,
            decision: kind.wantsBool ? body.truth : nil,
            grantsSteps: isOfTheData(receiver, outer),
            range: node.range
        )
        var typed = Typed(type, node.range, macro.evaluation)
        typed.bounds = kind == .map || kind == .transformList ? body.bounds : base.bounds
        typed.failure = base.failure
        // Nothing that the rows could change: the macro is as constant as its parts.
        if base.constant != nil, !usesOuterNames(arguments, outer) { return constant(typed) }
        return typed
    }

    private func variableTypes(
        _ base: Typed,
        _ form: Macro.Form,
        _ name: String,
        _ receiver: SyntaxNode
    ) throws(ExpressionError) -> (ValueType, ValueType) {
        switch base.type {
        case .list(let element): form.variables == 1 ? (element, .unknown) : (.int, element)
        case .map(let key, let value): (key, value)
        case .unknown: (.unknown, .unknown)
        default:
            throw ExpressionError(
                .type,
                "'\(name)' goes over a list or a map, this is \(Self.article(base.type))",
                at: receiver.range
            )
        }
    }

    private func resultType(
        _ kind: Macro.Kind,
        _ base: Typed,
        _ first: ValueType,
        _ body: Typed,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> ValueType {
        switch kind {
        case .all, .exists, .existsOne: return .bool
        case .map, .transformList: return .list(body.type)
        case .filter: return .list(first)
        case .transformMap:
            if case .map(let key, _) = base.type { return .map(key, body.type) }
            return .map(base.type == .unknown ? .unknown : .int, body.type)
        case .transformMapEntry:
            if case .map = body.type { return body.type }
            throw ExpressionError(
                .type,
                "'transformMapEntry' makes entries, this is \(Self.article(body.type))",
                cure: "write {key: value}",
                at: node.range
            )
        }
    }

    /// Whether the list comes from the data, and is not gone through once for each element of another.
    ///
    /// A name of the surroundings outside of all macros is; so is a member of a macro's variable, for
    /// together such lists are no longer than the data.
    func isOfTheData(_ receiver: SyntaxNode, _ scope: Scope) -> Bool {
        guard let path = receiver.path else { return false }
        let isInMacro = scope.slotCount > root.slotCount
        guard isInMacro else { return true }
        let first = String(path.prefix { $0 != "." })
        guard path != first, let declaration = scope.names[first], declaration.isMacroVariable,
            case .slot(let slot) = declaration.place
        else { return false }
        return slot == scope.slotCount - 1
    }

    /// Whether a macro's parts need anything but its own variables and constants.
    private func usesOuterNames(_ arguments: [SyntaxNode], _ outer: Scope) -> Bool {
        var names = NameCollector()
        for argument in arguments { names.collect(argument) }
        let callsOut = names.namespaces.contains { outer.functions[$0] != nil }
        return callsOut || names.names.contains { outer.names[$0] != nil }
    }

    /// `cel.bind(name, value, body)`: a name for a value that is needed more than once.
    mutating func checkBind(_ name: String, _ arguments: [SyntaxNode], _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        guard name == "bind" else { throw unknownFunction("cel", name, node) }
        guard arguments.count == 3 else {
            throw ExpressionError(
                .arguments,
                "'cel.bind' does not take \(Self.counted(arguments.count, "argument"))",
                cure: "write cel.bind(name, value, ...)",
                at: node.mark
            )
        }
        let value = try check(arguments[1])
        let outer = scope
        defer { scope = outer }
        let slot = try declareVariable(arguments[0], value.type, value.bounds, of: "cel.bind")
        let body = try check(arguments[2])
        let (one, two) = (value.evaluation, body.evaluation)
        var typed = Typed(body.type, node.range) { frame throws(EvaluationError) in
            frame[slot] = try one(&frame)
            return try two(&frame)
        }
        typed.bounds = body.bounds
        typed.failure = value.failure
        if value.constant != nil, !usesOuterNames(arguments, outer) { return constant(typed) }
        return typed
    }
}

/// The names that stand free in a part, for a first answer to what it depends on.
private struct NameCollector {
    var names: Set<String> = []
    var namespaces: Set<String> = []

    mutating func collect(_ node: SyntaxNode) {
        switch node.kind {
        case .null, .bool, .int, .decimal, .string: break
        case .name(let name, _):
            names.insert(name)
            namespaces.insert(name)
        case .member(let inner, _, _):
            if let path = node.path { names.insert(path) }
            collect(inner)
        case .not(let inner), .negate(let inner): collect(inner)
        case .index(let one, let two, _), .binary(_, let one, let two):
            collect(one)
            collect(two)
        case .call(let receiver, _, let arguments):
            if let receiver { collect(receiver) }
            for argument in arguments { collect(argument) }
        case .list(let elements): for element in elements { collect(element.value) }
        case .map(let entries):
            for entry in entries {
                collect(entry.key)
                collect(entry.value)
            }
        case .conditional(let one, let two, let three):
            collect(one)
            collect(two)
            collect(three)
        }
    }
}
