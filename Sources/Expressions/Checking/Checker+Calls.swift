internal import Transactions

/// Calls of functions.
extension Checker {
    mutating func checkCall(
        _ receiver: SyntaxNode?,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        guard let receiver else {
            if name == "has" { return try checkHas(arguments, node) }
            return try checkFunction(name, arguments, node)
        }
        if let namespace = isNamespace(receiver) {
            if scope.functions[namespace] != nil {
                return try checkOuter(namespace, name, arguments, node)
            }
            if namespace == "cel" { return try checkBind(name, arguments, node) }
            if namespace == "optional", name == "none" { return try checkNone(arguments, node) }
            return try checkFunction("\(namespace).\(name)", arguments, node)
        }
        if let macro = try checkMacro(receiver, name, arguments, node) { return macro }
        if let optional = try checkOptionalMethod(receiver, name, arguments, node) {
            return optional
        }
        if name == "format" { return try checkFormat(receiver, arguments, node) }
        return try checkFunction("." + name, [receiver] + arguments, node)
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
            let wanted = function.parameters.map(\.present.description).joined(separator: ", ")
            throw ExpressionError(
                .arguments,
                "'\(namespace).\(name)' takes \(Self.counted(function.parameters.count, "key")), here are \(arguments.count)",
                cure: "write \(namespace).\(name)(\(wanted))",
                at: node.mark
            )
        }
        usedNames.insert("\(namespace).\(name)")
        var parts: [Typed] = []
        for (argument, parameter) in zip(arguments, function.parameters) {
            let typed = try check(argument)
            guard typed.type.present.fits(parameter.present) else {
                throw ExpressionError(
                    .type,
                    "'\(namespace).\(name)' needs \(Self.article(parameter.present)) here, this is \(Self.article(typed.type))",
                    at: argument.range
                )
            }
            parts.append(typed)
        }
        let evaluations = parts.map(\.evaluation)
        let (call, range) = (function.call, node.range)
        var typed = Typed(function.result, range) { frame throws(EvaluationError) in
            var values: [Value] = []
            values.reserveCapacity(evaluations.count)
            for evaluation in evaluations { values.append(try evaluation(&frame)) }
            do throws(EvaluationError) {
                return try call(values)
            } catch {
                throw error.located(range)
            }
        }
        let shapes = parts.compactMap(\.shape)
        if shapes.count == parts.count {
            typed.shape = .outerCall(namespace: namespace, name: name, shapes)
        }
        return typed
    }

    private mutating func checkFunction(
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        guard let function = FunctionTable.functions[name] else {
            throw unknownFunction(nil, name, node)
        }
        if name == "round", let divided = try checkRoundedDivision(arguments, function, node) {
            return divided
        }
        var parts: [Typed] = []
        for argument in arguments { parts.append(try check(argument)) }
        return try call(function, parts, arguments, node)
    }

    /// A call whose arguments are checked.
    func call(
        _ function: Function,
        _ parts: [Typed],
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let shown = function.shownName
        let types = parts.map(\.type.present)
        guard let overload = function.overloads.first(where: { $0.accepts(types) }) else {
            throw ExpressionError(
                .arguments,
                "'\(shown)' does not take (\(parts.map(\.type.description).joined(separator: ", ")))",
                cure: Self.cure(forTaking: types, function) ?? "it is \(function.signature)",
                at: node.mark
            )
        }
        for (part, argument) in zip(parts, arguments) {
            try requirePresent(
                part,
                argument,
                for: "'\(shown)'",
                wants: Self.article(part.type.present)
            )
        }
        let prepared: Prepared
        do throws(FunctionError) {
            prepared = try overload.prepare(CallSite(arguments: parts, timeZone: scope.timeZone))
        } catch {
            throw ExpressionError(
                error.name,
                error.message,
                cure: error.cure,
                at: arguments.indices.contains(error.argument)
                    ? arguments[error.argument].range : node.mark
            )
        }
        let grantsSteps = arguments.first.map { isOfTheData($0, scope) } ?? false
        return folded(compiled(prepared, parts, grantsSteps: grantsSteps, node), parts)
    }

    private func compiled(
        _ prepared: Prepared,
        _ parts: [Typed],
        grantsSteps: Bool,
        _ node: SyntaxNode
    ) -> Typed {
        let range = node.range
        if case .number(let call) = prepared.body {
            let digits = parts[0].digits
            var typed = Typed(
                prepared.type,
                range,
                number: { frame throws(EvaluationError) in
                    do throws(EvaluationError) {
                        return try call(try digits(&frame))
                    } catch {
                        throw error.located(range)
                    }
                }
            )
            typed.bounds = prepared.bounds
            typed.shape = prepared.shape(of: parts)
            return typed
        }
        var evaluations = parts.map(\.evaluation)
        if let first = parts.first, case .list = first.type {
            evaluations[0] = Self.counted(first.evaluation, grantsSteps: grantsSteps)
        }
        let call: Evaluation
        switch prepared.body {
        case .one(let apply):
            let one = evaluations[0]
            call = { frame throws(EvaluationError) in try apply(try one(&frame)) }
        case .two(let apply):
            let (one, two) = (evaluations[0], evaluations[1])
            call = { frame throws(EvaluationError) in
                try apply(try one(&frame), try two(&frame))
            }
        case .three(let apply):
            let (one, two, three) = (evaluations[0], evaluations[1], evaluations[2])
            call = { frame throws(EvaluationError) in
                try apply(try one(&frame), try two(&frame), try three(&frame))
            }
        case .many(let apply):
            call = { [evaluations] frame throws(EvaluationError) in
                var values: [Value] = []
                values.reserveCapacity(evaluations.count)
                for evaluation in evaluations { values.append(try evaluation(&frame)) }
                return try apply(values)
            }
        case .number: call = parts[0].evaluation
        }
        var typed = Typed(prepared.type, range, Self.metered(call, range))
        typed.bounds = prepared.bounds
        typed.shape = prepared.shape(of: parts)
        return typed
    }

    /// What to write where a function of numbers got records.
    private static func cure(forTaking types: [ValueType], _ function: Function) -> String? {
        guard case .list(.record(let record))? = types.first,
            let member = record.members.first(where: { $0.type.isNumber && !$0.type.isOpen })
        else { return nil }
        let arguments = types.count == 1 ? "" : "..."
        return
            "choose a \(record.memberNoun) first: .map(x, x.\(member.name)).\(function.shownName)(\(arguments))"
    }

    /// A list that a function will go through: its length is work.
    private static func counted(_ list: @escaping Evaluation, grantsSteps: Bool) -> Evaluation {
        { frame throws(EvaluationError) in
            let value = try list(&frame)
            if case .list(let values) = value {
                if grantsSteps { frame.allow(elements: values.count) }
                try frame.spend(1 + values.count / 16)
            }
            return value
        }
    }

    /// A call that pays for the text it makes, and says where it failed.
    private static func metered(_ call: @escaping Evaluation, _ range: Range<Int>) -> Evaluation {
        { frame throws(EvaluationError) in
            do throws(EvaluationError) {
                let value = try call(&frame)
                if case .string(let text) = value { _ = try Limits.checked(text, &frame, range) }
                if case .list(let values) = value { try frame.spend(values.count / 4) }
                return value
            } catch {
                throw error.located(range)
            }
        }
    }

    func unknownFunction(_ namespace: String?, _ name: String, _ node: SyntaxNode)
        -> ExpressionError
    {
        let shown = name.hasPrefix(".") ? String(name.dropFirst()) : name
        if let namespace, let known = scope.functions[namespace] {
            let near = nearestName(to: shown, among: known.keys.sorted())
            return ExpressionError(
                .unknownName,
                "no lookup '\(shown)' is declared",
                cure: near.map { "did you mean '\($0)'?" } ?? "declare it under \(namespace)",
                at: node.mark
            )
        }
        let full = namespace.map { "\($0).\(shown)" } ?? shown
        if let cure = FunctionTable.leftOut[full] {
            return ExpressionError(
                .unknownName,
                "there is no function '\(full)'",
                cure: cure,
                at: node.mark
            )
        }
        // A method called as a function, or the other way round, is the likeliest slip.
        var cure: String?
        if let known = FunctionTable.foreign[shown] {
            cure = "it is called \(known) here"
        } else if FunctionTable.functions["." + shown] != nil {
            cure = "it is a method: x.\(shown)(...)"
        } else if FunctionTable.functions[shown] != nil {
            cure = "it is a function: \(shown)(x, ...)"
        } else {
            cure = nearestName(to: full, among: FunctionTable.names).map { "did you mean '\($0)'?" }
        }
        return ExpressionError(
            .unknownName,
            "there is no function '\(full)'",
            cure: cure,
            at: node.mark
        )
    }
}
