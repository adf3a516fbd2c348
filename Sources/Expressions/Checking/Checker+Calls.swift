internal import Transactions

extension Checker {
    mutating func checkCall(
        _ receiver: SyntaxNode?,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        if let receiver {
            if case .name(let namespace) = receiver.kind, scope.names[namespace] == nil {
                if scope.functions[namespace] != nil {
                    return try checkOuter(namespace, name, arguments, node)
                }
                if FunctionTable.namespaces.contains(namespace) {
                    return try checkFunction("\(namespace).\(name)", arguments, node)
                }
            }
            if let macro = try checkMacro(receiver, name, arguments, node) { return macro }
            if let optional = try checkOptionalMethod(receiver, name, arguments, node) {
                return optional
            }
            return try checkFunction("." + name, [receiver] + arguments, node)
        }
        if name == "has", arguments.count == 1 {
            return try presence(of: arguments[0], node)
        }
        return try checkFunction(name, arguments, node)
    }

    /// A function of the surroundings, such as `lookups.products(occProductCode)`.
    ///
    /// An absent key is a miss, so keys may be optional.
    private mutating func checkOuter(
        _ namespace: String,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        guard let function = scope.functions[namespace]?[name] else {
            throw unknownFunction(namespace, name, node)
        }
        guard arguments.count == function.parameters.count else {
            throw ExpressionError(
                "arguments",
                "'\(namespace).\(name)' takes \(function.parameters.count) keys, here are \(arguments.count)",
                at: node.mark
            )
        }
        usedNames.insert("\(namespace).\(name)")
        var evaluations: [Evaluation] = []
        for (argument, parameter) in zip(arguments, function.parameters) {
            let typed = try check(argument)
            guard typed.type.present.fits(parameter.present) else {
                throw ExpressionError(
                    "type",
                    "'\(namespace).\(name)' needs \(Self.article(parameter.present)) here, this is \(Self.article(typed.type))",
                    at: argument.range
                )
            }
            evaluations.append(typed.evaluation)
        }
        let call = function.call
        return Typed(function.result, node.range) { [evaluations] frame throws(EvaluationError) in
            var values: [Value] = []
            for evaluation in evaluations { values.append(try evaluation(&frame)) }
            return try call(values)
        }
    }

    private mutating func checkFunction(
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let shown = name.hasPrefix(".") ? String(name.dropFirst()) : name
        guard let function = FunctionTable.functions[name] else {
            throw unknownFunction(nil, shown, node)
        }
        var parts: [Typed] = []
        for argument in arguments { parts.append(try check(argument)) }
        guard
            let overload = function.overloads.first(where: { $0.accepts(parts.map(\.type.present)) }
            )
        else {
            throw ExpressionError(
                "arguments",
                "'\(shown)' does not take (\(parts.map(\.type.description).joined(separator: ", ")))",
                cure: "it is \(function.signature)",
                at: node.mark
            )
        }
        if !overload.takesOptional {
            for (part, argument) in zip(parts, arguments) {
                try requirePresent(
                    part,
                    argument,
                    for: "'\(shown)'",
                    wants: Self.article(part.type.present)
                )
            }
        }
        let type: ValueType
        do throws(FunctionError) {
            type = try overload.result(parts.map { ($0.type, $0.constant) })
        } catch {
            let index = min(error.argument, arguments.count - 1)
            throw ExpressionError(
                error.name,
                error.message,
                cure: error.cure,
                at: index >= 0 ? arguments[index].range : node.mark
            )
        }
        let evaluations = parts.map(\.evaluation)
        let context = FunctionContext(timeZone: scope.timeZone)
        let call = overload.call
        return folded(type, node, parts) { frame throws(EvaluationError) in
            var values: [Value] = []
            values.reserveCapacity(evaluations.count)
            for evaluation in evaluations { values.append(try evaluation(&frame)) }
            return try call(context, values)
        }
    }

    private mutating func presence(of argument: SyntaxNode, _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        let part = try check(argument)
        let evaluation = part.evaluation
        var typed = Typed(.bool, node.range) { frame throws(EvaluationError) in
            .bool(!(try evaluation(&frame)).isAbsent)
        }
        if let path = part.path { typed.presentIfTrue = [path] }
        return typed
    }

    /// `hasValue`, `orValue`, `optMap`-free methods of optionals (cel-spec, optional values).
    private mutating func checkOptionalMethod(
        _ receiver: SyntaxNode,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed? {
        switch (name, arguments.count) {
        case ("hasValue", 0): return try presence(of: receiver, node)
        case ("orValue", 1):
            let base = try check(receiver)
            let other = try check(arguments[0])
            guard let type = base.type.present.joined(with: other.type) else {
                throw ExpressionError(
                    "type",
                    "'orValue' needs \(Self.article(base.type.present)), this is \(Self.article(other.type))",
                    at: arguments[0].range
                )
            }
            let (one, two) = (base.evaluation, other.evaluation)
            return Typed(type, node.range) { frame throws(EvaluationError) in
                let value = try one(&frame)
                return value.isAbsent ? try two(&frame) : value
            }
        case ("or", 1):
            let base = try check(receiver)
            let other = try check(arguments[0])
            guard let type = base.type.joined(with: other.type) else {
                throw ExpressionError("type", "'or' needs two optionals of one type", at: node.mark)
            }
            let (one, two) = (base.evaluation, other.evaluation)
            return Typed(type, node.range) { frame throws(EvaluationError) in
                let value = try one(&frame)
                return value.isAbsent ? try two(&frame) : value
            }
        default: return nil
        }
    }

    /// The macros over lists: `map filter all exists exists_one` (cel-spec, Macros).
    private mutating func checkMacro(
        _ receiver: SyntaxNode,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed? {
        guard let macro = Macro(rawValue: name),
            arguments.count == 2 || (macro == .map && arguments.count == 3)
        else { return nil }
        let base = try checkPresent(receiver, for: "'\(name)'", wants: "a list")
        guard case .list(let element) = base.type else {
            throw ExpressionError(
                "type",
                "'\(name)' goes over a list, this is \(Self.article(base.type))",
                at: receiver.range
            )
        }
        guard case .name(let variable) = arguments[0].kind else {
            throw ExpressionError(
                "syntax",
                "the first argument of '\(name)' is a new name",
                at: arguments[0].range
            )
        }
        let outer = scope
        defer { scope = outer }
        guard scope.names[variable] == nil else {
            throw ExpressionError(
                "hidden-name",
                "'\(variable)' has a meaning here already",
                cure: "choose another name",
                at: arguments[0].range
            )
        }
        let slot = scope.declare(variable, element)
        largestSlot = max(largestSlot, scope.slotCount)
        var condition: Typed?
        if arguments.count == 3 {
            let test = try checkBool(arguments[1], for: "'map'")
            scope.narrow(test.presentIfTrue)
            condition = test
        }
        let last = arguments[arguments.count - 1]
        let body =
            macro == .map ? try check(last) : try checkBool(last, for: "'\(name)'")
        let type: ValueType =
            switch macro {
            case .map: .list(body.type)
            case .filter: .list(element)
            case .all, .exists, .existsOne: .bool
            }
        return Typed(
            type,
            node.range,
            macro.evaluation(
                slot: slot,
                list: base.evaluation,
                condition: condition?.evaluation,
                body: body.evaluation
            )
        )
    }
}
