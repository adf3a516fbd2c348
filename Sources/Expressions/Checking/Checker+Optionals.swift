/// Values that may be absent: `has`, `hasValue`, `value`, `or`, `orValue`, `optMap`, `optFlatMap`,
/// `optional.none` (cel-spec, optional values).
extension Checker {
    /// `has(a.b)`: whether the member is there.
    mutating func checkHas(_ arguments: [SyntaxNode], _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        guard arguments.count == 1 else {
            throw ExpressionError(
                .arguments,
                "'has' takes one member, here are \(arguments.count)",
                cure: "write has(a.b)",
                at: node.mark
            )
        }
        let argument = arguments[0]
        switch argument.kind {
        case .member(let base, let name, _):
            // A key that the map lacks is no failure here.
            let softened = SyntaxNode(
                .member(base, name, isOptional: true),
                argument.range,
                mark: argument.mark
            )
            asksForKey = true
            var typed = try checkPresence(of: softened, node)
            if let path = argument.path, !answersKey { typed.presentIfTrue = [path] }
            return typed
        case .name(let name, _) where scope.names[name]?.type.isOptional == true:
            return try checkPresence(of: argument, node)
        default:
            throw ExpressionError(
                .arguments,
                "'has' asks for a member: has(a.b)",
                cure: "of a value that may be absent ask .hasValue()",
                at: argument.range
            )
        }
    }

    private mutating func checkPresence(of argument: SyntaxNode, _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        let part = try check(argument)
        let evaluation = part.evaluation
        var typed = Typed(
            node.range,
            decision: { frame throws(EvaluationError) in !(try evaluation(&frame)).isAbsent }
        )
        typed.shape = part.shape.map { .isPresent($0) }
        if let path = part.path {
            typed.presentIfTrue = [path]
            // Where the checker knows that it is there, the answer is no question of rows.
            if !part.type.isOptional {
                return Typed(.bool, node.range, constant: .bool(true))
            }
        }
        return folded(typed, [part])
    }

    mutating func checkNone(_ arguments: [SyntaxNode], _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        guard arguments.isEmpty else {
            throw ExpressionError(
                .arguments,
                "'optional.none' takes nothing",
                cure: "write optional.none()",
                at: node.mark
            )
        }
        return Typed(.optional(.unknown), node.range, constant: .absent)
    }

    mutating func checkOptionalMethod(
        _ receiver: SyntaxNode,
        _ name: String,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed? {
        switch (name, arguments.count) {
        case ("hasValue", 0): return try checkPresence(of: receiver, node)
        case ("value", 0): return try checkValue(receiver, node)
        case ("orValue", 1): return try checkOr(receiver, arguments[0], node, isValue: true)
        case ("or", 1): return try checkOr(receiver, arguments[0], node, isValue: false)
        case ("optMap", 2): return try checkOptionalMap(receiver, arguments, node, isFlat: false)
        case ("optFlatMap", 2): return try checkOptionalMap(receiver, arguments, node, isFlat: true)
        case ("hasValue", _), ("value", _), ("orValue", _), ("or", _), ("optMap", _),
            ("optFlatMap", _):
            throw ExpressionError(
                .arguments,
                "'\(name)' does not take \(Self.counted(arguments.count, "argument"))",
                cure: Self.optionalForms[name].map { "write \($0)" },
                at: node.mark
            )
        default: return nil
        }
    }

    private static let optionalForms = [
        "hasValue": "x.hasValue()", "value": "x.value()", "orValue": "x.orValue(y)",
        "or": "x.or(y)", "optMap": "x.optMap(v, ...)", "optFlatMap": "x.optFlatMap(v, ...)",
    ]

    private mutating func checkValue(_ receiver: SyntaxNode, _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        let base = try check(receiver)
        let (evaluation, range) = (base.evaluation, node.range)
        var typed = Typed(base.type.present, range) { frame throws(EvaluationError) in
            let value = try evaluation(&frame)
            guard !value.isAbsent else {
                throw EvaluationError(.noValue, "'value' of what is absent").located(range)
            }
            return value
        }
        typed.bounds = base.bounds
        return folded(typed, [base])
    }

    private mutating func checkOr(
        _ receiver: SyntaxNode,
        _ argument: SyntaxNode,
        _ node: SyntaxNode,
        isValue: Bool
    ) throws(ExpressionError) -> Typed {
        let base = try check(receiver)
        let other = try check(argument)
        let name = isValue ? "orValue" : "or"
        guard let type = base.type.present.joined(with: other.type.present),
            isValue || other.type.isOptional
        else {
            let wanted = isValue ? base.type.present : .optional(base.type.present)
            throw ExpressionError(
                .type,
                "'\(name)' needs \(Self.article(wanted)), this is \(Self.article(other.type))",
                cure: !isValue && !other.type.isOptional ? "write orValue(...)" : nil,
                at: argument.range
            )
        }
        let (one, two) = (base.evaluation, other.evaluation)
        var typed = Typed(other.type.isOptional ? .optional(type) : type, node.range) {
            frame throws(EvaluationError) in
            let value = try one(&frame)
            return value.isAbsent ? try two(&frame) : value
        }
        typed.bounds = base.bounds.joined(with: other.bounds)
        if let one = base.shape, let two = other.shape { typed.shape = .either(one, or: two) }
        if type == .string, let first = base.text {
            let second = other.text
            typed.text = { frame, output throws(EvaluationError) in
                if try first(&frame, &output) { return true }
                if let second { return try second(&frame, &output) }
                guard case .string(let text) = try two(&frame) else { return false }
                output.append(contentsOf: text.utf8)
                return true
            }
        }
        typed.failure = base.failure
        guard let value = base.constant else { return typed }
        if value.isAbsent, other.constant == nil {
            typed.failure = other.failure
            return typed
        }
        return constant(typed)
    }

    private mutating func checkOptionalMap(
        _ receiver: SyntaxNode,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode,
        isFlat: Bool
    ) throws(ExpressionError) -> Typed {
        let base = try check(receiver)
        let outer = scope
        defer { scope = outer }
        let slot = try declareVariable(
            arguments[0],
            base.type.present,
            base.bounds,
            of: isFlat ? "optFlatMap" : "optMap"
        )
        let body = try check(arguments[1])
        guard !isFlat || body.type.isOptional else {
            throw ExpressionError(
                .type,
                "'optFlatMap' needs what may be absent, this is \(Self.article(body.type))",
                cure: "write optMap(...)",
                at: arguments[1].range
            )
        }
        let (one, two) = (base.evaluation, body.evaluation)
        var typed = Typed(.optional(body.type.present), node.range) {
            frame throws(EvaluationError) in
            let value = try one(&frame)
            guard !value.isAbsent else { return .absent }
            frame[slot] = value
            return try two(&frame)
        }
        typed.bounds = body.bounds
        typed.failure = base.failure
        return typed
    }
}
