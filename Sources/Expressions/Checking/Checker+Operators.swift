internal import Transactions

extension Checker {
    mutating func checkBool(_ node: SyntaxNode, for user: String) throws(ExpressionError) -> Typed {
        let typed = try checkPresent(node, for: user, wants: "a bool")
        guard typed.type == .bool else {
            throw ExpressionError(
                "type",
                "\(user) needs a bool, this is \(Self.article(typed.type))",
                at: node.range
            )
        }
        return typed
    }

    mutating func checkNot(_ inner: SyntaxNode, _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        let part = try checkBool(inner, for: "'!'")
        let evaluation = part.evaluation
        var typed = folded(.bool, node, [part]) { frame throws(EvaluationError) in
            guard case .bool(let value) = try evaluation(&frame) else { return .absent }
            return .bool(!value)
        }
        typed.presentIfTrue = part.presentIfFalse
        typed.presentIfFalse = part.presentIfTrue
        return typed
    }

    mutating func checkNegation(_ inner: SyntaxNode, _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        let part = try checkPresent(inner, for: "'-'", wants: "a number")
        guard part.type.isNumber else {
            throw ExpressionError(
                "type",
                "'-' needs a number, this is \(Self.article(part.type))",
                at: inner.range
            )
        }
        let evaluation = part.evaluation
        return folded(part.type, node, [part]) { frame throws(EvaluationError) in
            switch try evaluation(&frame) {
            case .int(let value):
                let (negated, overflow) = Int64.zero.subtractingReportingOverflow(value)
                guard !overflow else { throw Arithmetic.overflow("-") }
                return .int(negated)
            case .decimal(let value):
                guard let negated = value.negated else { throw Arithmetic.overflow("-") }
                return .decimal(negated)
            default: return .absent
            }
        }
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
        let (first, second) = (left.evaluation, right.evaluation)
        var typed = folded(.bool, node, [left, right]) { frame throws(EvaluationError) in
            let failure: EvaluationError
            do throws(EvaluationError) {
                guard case .bool(let value) = try first(&frame) else { return .absent }
                if value != isAnd { return .bool(value) }
                return try second(&frame)
            } catch {
                failure = error
            }
            // One side failed: the other decides if it can, else the failure stands.
            if case .bool(let value) = try second(&frame), value != isAnd { return .bool(value) }
            throw failure
        }
        if isAnd {
            typed.presentIfTrue = left.presentIfTrue.union(right.presentIfTrue)
        } else {
            typed.presentIfFalse = left.presentIfFalse.union(right.presentIfFalse)
        }
        return typed
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
                "type",
                "the two sides of ':' are \(Self.article(first.type)) and \(Self.article(second.type))",
                cure: "give both one type",
                at: secondNode.range
            )
        }
        let (test, one, two) = (condition.evaluation, first.evaluation, second.evaluation)
        return folded(type, node, [condition, first, second]) { frame throws(EvaluationError) in
            guard case .bool(let value) = try test(&frame) else { return .absent }
            return value ? try one(&frame) : try two(&frame)
        }
    }

    mutating func checkBinary(
        _ symbol: String,
        _ leftNode: SyntaxNode,
        _ rightNode: SyntaxNode,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        if symbol == "in" { return try checkContains(leftNode, rightNode, node) }
        let isEquality = symbol == "==" || symbol == "!="
        let left = try check(leftNode)
        let right = try check(rightNode)
        if isEquality {
            guard left.type.joined(with: right.type) != nil else {
                throw ExpressionError(
                    "type",
                    "\(Self.article(left.type)) never equals \(Self.article(right.type))",
                    cure: "compare values of one type",
                    at: node.range
                )
            }
        } else {
            let wanted = Self.wanted(symbol, left.type.present, right.type.present)
            try requirePresent(left, leftNode, for: "'\(symbol)'", wants: wanted)
            try requirePresent(right, rightNode, for: "'\(symbol)'", wants: wanted)
        }
        let type = try resultType(symbol, left, right, node)
        let (one, two) = (left.evaluation, right.evaluation)
        let apply = Arithmetic.operation(symbol)
        return folded(type, node, [left, right]) { frame throws(EvaluationError) in
            try apply(try one(&frame), try two(&frame))
        }
    }

    private static func wanted(_ symbol: String, _ left: ValueType, _ right: ValueType) -> String {
        symbol == "+" && (left == .string || right == .string) ? "a string" : "a number"
    }

    private func resultType(_ symbol: String, _ left: Typed, _ right: Typed, _ node: SyntaxNode)
        throws(ExpressionError) -> ValueType
    {
        switch (symbol, left.type, right.type) {
        case ("==", _, _), ("!=", _, _): return .bool
        case ("<", let one, let two), ("<=", let one, let two), (">", let one, let two),
            (">=", let one, let two):
            let isOrdered =
                switch one {
                case .int, .decimal: two.isNumber
                case .string, .date, .datetime, .timestamp, .bool: one == two
                default: false
                }
            if isOrdered { return .bool }
        case ("+", .string, .string): return .string
        case ("+", .list(let one), .list(let two)):
            if let joined = one.joined(with: two) { return .list(joined) }
        case ("+", .int, .int), ("-", .int, .int), ("*", .int, .int), ("/", .int, .int),
            ("%", .int, .int):
            return .int
        case ("+", let one, let two), ("-", let one, let two):
            if one.isNumber, two.isNumber {
                let places = Self.places(one).flatMap { a in Self.places(two).map { max(a, $0) } }
                return .decimal(places: places)
            }
        case ("*", let one, let two):
            if one.isNumber, two.isNumber {
                let places = Self.places(one).flatMap { a in Self.places(two).map { a + $0 } }
                return .decimal(
                    places: places.flatMap { $0 > ExactDecimal.maximumScale ? nil : $0 }
                )
            }
        case ("/", let one, let two) where one.isNumber && two.isNumber:
            throw ExpressionError(
                "unrounded-division",
                "a decimal division must say how it is rounded",
                cure: "write divide(a, b, 2)",
                at: node.range
            )
        default: break
        }
        throw ExpressionError(
            "type",
            "'\(symbol)' does not go with \(Self.article(left.type)) and \(Self.article(right.type))",
            cure: symbol == "+" && (left.type == .string || right.type == .string)
                ? "turn the other into text: string(...)" : nil,
            at: node.range
        )
    }

    /// The most decimals a number of this type has.
    static func places(_ type: ValueType) -> Int? {
        switch type {
        case .int: 0
        case .decimal(let places): places
        default: nil
        }
    }

    private mutating func checkContains(
        _ leftNode: SyntaxNode,
        _ rightNode: SyntaxNode,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let left = try check(leftNode)
        let right = try checkPresent(rightNode, for: "'in'", wants: "a list")
        guard case .list(let element) = right.type, element.joined(with: left.type) != nil else {
            throw ExpressionError(
                "type",
                "'in' looks for \(Self.article(left.type)) in \(Self.article(right.type))",
                cure: "write [..., ...] on the right, with values of one type",
                at: node.range
            )
        }
        let (one, two) = (left.evaluation, right.evaluation)
        return folded(.bool, node, [left, right]) { frame throws(EvaluationError) in
            let wanted = try one(&frame)
            guard case .list(let values) = try two(&frame) else { return .absent }
            return .bool(values.contains(wanted))
        }
    }
}
