/// `!`, `&&`, `||`, `?:` and `in`.
extension Checker {
    mutating func checkBool(_ node: SyntaxNode, for user: String) throws(ExpressionError) -> Typed {
        let typed = try checkPresent(node, for: user, wants: "a bool")
        guard typed.type.fits(.bool) else {
            throw ExpressionError(
                .type,
                "\(user) needs a bool, this is \(Self.article(typed.type))",
                cure: typed.type.isNumber ? "compare it: ... != 0" : nil,
                at: node.range
            )
        }
        return typed
    }

    mutating func checkNot(_ inner: SyntaxNode, _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        let part = try checkBool(inner, for: "'!'")
        let truth = part.truth
        var typed = Typed(
            node.range,
            decision: { frame throws(EvaluationError) in !(try truth(&frame)) }
        )
        typed.presentIfTrue = part.presentIfFalse
        typed.presentIfFalse = part.presentIfTrue
        typed.shape = part.shape.map { .not($0) }
        return folded(typed, [part])
    }

    /// `&&` and `||`: the side that decides wins, even over an error of the other (cel-spec, Logical
    /// Operators).
    mutating func checkLogic(
        _ leftNode: SyntaxNode,
        _ rightNode: SyntaxNode,
        _ node: SyntaxNode,
        isAnd: Bool
    ) throws(ExpressionError) -> Typed {
        let user = isAnd ? "'&&'" : "'||'"
        let left = try checkBool(leftNode, for: user)
        let outer = scope
        scope.narrow(isAnd ? left.presentIfTrue : left.presentIfFalse)
        let right = try checkBool(rightNode, for: user)
        scope = outer
        let (first, second) = (left.truth, right.truth)
        let decision: Decision = { frame throws(EvaluationError) in
            let failure: EvaluationError
            do throws(EvaluationError) {
                if try first(&frame) != isAnd { return !isAnd }
                return try second(&frame)
            } catch {
                failure = error
            }
            // One side failed: the other decides if it can, else the failure stands.
            if try second(&frame) != isAnd { return !isAnd }
            throw failure
        }
        var typed = Typed(node.range, decision: decision)
        if let one = left.shape, let two = right.shape {
            typed.shape = isAnd ? .both(one, two) : .any(one, two)
        }
        if isAnd {
            typed.presentIfTrue = left.presentIfTrue.union(right.presentIfTrue)
        } else {
            typed.presentIfFalse = left.presentIfFalse.union(right.presentIfFalse)
        }
        if left.constant == .bool(!isAnd) || right.constant == .bool(!isAnd) {
            return Typed(.bool, node.range, constant: .bool(!isAnd))
        }
        if left.failure != nil, right.failure != nil || right.constant != nil {
            typed.failure = left.failure
            return typed
        }
        if right.failure != nil, left.constant != nil {
            typed.failure = right.failure
            return typed
        }
        guard left.constant != nil, right.constant != nil else { return typed }
        return constant(typed)
    }

    mutating func checkConditional(
        _ conditionNode: SyntaxNode,
        _ firstNode: SyntaxNode,
        _ secondNode: SyntaxNode,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let condition = try checkBool(conditionNode, for: "'?'")
        let outer = scope
        scope.narrow(condition.presentIfTrue)
        let first = try check(firstNode)
        scope = outer
        scope.narrow(condition.presentIfFalse)
        let second = try check(secondNode)
        scope = outer
        guard let type = first.type.joined(with: second.type) else {
            throw ExpressionError(
                .type,
                "the two sides of ':' are \(Self.article(first.type)) and \(Self.article(second.type))",
                cure: "give both one type",
                at: secondNode.range
            )
        }
        let test = condition.truth
        let (one, two) = (first.evaluation, second.evaluation)
        var typed = Typed(type, node.range) { frame throws(EvaluationError) in
            try test(&frame) ? try one(&frame) : try two(&frame)
        }
        if type.isNumber, !type.isOpen, type != .int {
            let (one, two) = (first.digits, second.digits)
            typed.number = { frame throws(EvaluationError) in
                try test(&frame) ? try one(&frame) : try two(&frame)
            }
        }
        typed.bounds = first.bounds.joined(with: second.bounds)
        if let asked = condition.shape, let one = first.shape, let two = second.shape {
            typed.shape = .conditional(asked, first: one, second: two)
        }
        typed.failure = condition.failure
        guard case .bool(let truth)? = condition.constant else { return typed }
        let taken = truth ? first : second
        guard taken.constant == nil else { return constant(typed) }
        typed.failure = taken.failure
        return typed
    }

    mutating func checkContains(
        _ leftNode: SyntaxNode,
        _ rightNode: SyntaxNode,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let left = try check(leftNode)
        let right = try checkPresent(rightNode, for: "'in'", wants: "a list")
        let element: ValueType? =
            switch right.type {
            case .list(let element): element
            case .map(let key, _): key
            case .unknown: .unknown
            default: nil
            }
        guard let element, element.joined(with: left.type) != nil else {
            throw ExpressionError(
                .type,
                "'in' looks for \(Self.article(left.type)) in \(Self.article(right.type))",
                cure: right.type == .string
                    ? "a text within a text: .contains(...)"
                    : "write [..., ...] on the right, with values of one type",
                at: node.range
            )
        }
        let (one, two) = (left.evaluation, right.evaluation)
        if case .list(let values)? = right.constant {
            // A constant list is looked up by hash, so a long one costs no more than a short one.
            let known = Set(values)
            return folded(
                Typed(
                    node.range,
                    decision: { frame throws(EvaluationError) in
                        known.contains(try one(&frame))
                    }
                ),
                [left, right]
            )
        }
        let decision: Decision = { frame throws(EvaluationError) in
            let wanted = try one(&frame)
            switch try two(&frame) {
            case .list(let values):
                try frame.spend(values.count / 16)
                return values.contains(wanted)
            case .map(let map): return map[wanted] != nil
            default: return false
            }
        }
        return folded(Typed(node.range, decision: decision), [left, right])
    }
}
