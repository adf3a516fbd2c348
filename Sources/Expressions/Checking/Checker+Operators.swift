internal import Transactions

/// Arithmetic and comparison.
extension Checker {
    mutating func checkNegation(_ inner: SyntaxNode, _ node: SyntaxNode) throws(ExpressionError)
        -> Typed
    {
        let part = try checkPresent(inner, for: "'-'", wants: "a number")
        guard part.type.isNumber else {
            throw ExpressionError(
                .type,
                "'-' needs a number, this is \(Self.article(part.type))",
                at: inner.range
            )
        }
        let (range, evaluation) = (node.range, part.evaluation)
        var typed: Typed
        if case .decimal = part.type {
            let digits = part.digits
            typed = Typed(
                part.type,
                range,
                number: { frame throws(EvaluationError) in
                    guard let negated = try digits(&frame).negated else {
                        throw Arithmetic.overflow("-").located(range)
                    }
                    return negated
                }
            )
        } else {
            typed = Typed(part.type, range) { frame throws(EvaluationError) in
                let value = try evaluation(&frame).asInt
                let (negated, overflow) = Int64.zero.subtractingReportingOverflow(value)
                guard !overflow else { throw Arithmetic.overflow("-").located(range) }
                return .int(negated)
            }
        }
        typed.bounds = part.bounds.withoutSign
        return folded(typed, [part])
    }

    mutating func checkBinary(
        _ symbol: String,
        _ leftNode: SyntaxNode,
        _ rightNode: SyntaxNode,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let left = try check(leftNode)
        let right = try check(rightNode)
        let comparison = Arithmetic.Comparison(rawValue: symbol)
        if comparison == .equal || comparison == .unequal {
            guard left.type.joined(with: right.type) != nil else {
                throw ExpressionError(
                    .type,
                    "\(Self.article(left.type)) never equals \(Self.article(right.type))",
                    cure: Self.cure(forComparing: left.type, right.type),
                    at: node.range
                )
            }
        } else {
            let wanted = Self.wanted(symbol, left.type.present, right.type.present)
            try requirePresent(left, leftNode, for: "'\(symbol)'", wants: wanted)
            try requirePresent(right, rightNode, for: "'\(symbol)'", wants: wanted)
        }
        if let comparison { return try compared(comparison, left, right, node) }
        return try combined(symbol, left, right, node)
    }

    private static func cure(forComparing left: ValueType, _ right: ValueType) -> String {
        if left == .null || right == .null { return "ask whether a value is there: .hasValue()" }
        return "compare values of one type"
    }

    private static func wanted(_ symbol: String, _ left: ValueType, _ right: ValueType) -> String {
        switch (left, right) {
        case (.string, _) where symbol != "-", (_, .string) where symbol != "-": "a string"
        case (.list, _), (_, .list): "a list"
        case (.timestamp, _), (_, .timestamp), (.duration, _), (_, .duration): "a time"
        case (.date, _), (_, .date): "a date"
        case (.datetime, _), (_, .datetime): "a datetime"
        default: "a number"
        }
    }

    private func compared(
        _ comparison: Arithmetic.Comparison,
        _ left: Typed,
        _ right: Typed,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let isEquality = comparison == .equal || comparison == .unequal
        if !isEquality {
            let areNumbers = left.type.isNumber && right.type.isNumber
            guard
                areNumbers
                    || (left.type.isOrdered && right.type.isOrdered
                        && left.type.joined(with: right.type) != nil)
            else {
                throw mismatch(comparison.rawValue, left, right, node, cure: nil)
            }
        }
        var typed: Typed
        if case .decimal = left.type, right.type.isNumber {
            typed = numbersCompared(comparison, left, right, node)
        } else if case .decimal = right.type, left.type.isNumber {
            typed = numbersCompared(comparison, left, right, node)
        } else {
            let (one, two, holds) = (left.evaluation, right.evaluation, comparison.holds)
            let isLong = left.type.isCollection && right.type.isCollection
            typed = Typed(
                node.range,
                decision: { frame throws(EvaluationError) in
                    let (first, second) = (try one(&frame), try two(&frame))
                    if isLong { try frame.spend(through: first) }
                    return holds(first, second)
                }
            )
        }
        if isEquality, let one = left.shape, let two = right.shape {
            typed.shape = .equals(one, two, isNegated: comparison == .unequal)
        }
        return folded(typed, [left, right])
    }

    private func numbersCompared(
        _ comparison: Arithmetic.Comparison,
        _ left: Typed,
        _ right: Typed,
        _ node: SyntaxNode
    ) -> Typed {
        let (one, two, holds) = (left.digits, right.digits, comparison.holdsForNumbers)
        return Typed(
            node.range,
            decision: { frame throws(EvaluationError) in
                holds(try one(&frame), try two(&frame))
            }
        )
    }

    private func combined(
        _ symbol: String,
        _ left: Typed,
        _ right: Typed,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let range = node.range
        let (one, two) = (left.evaluation, right.evaluation)
        var typed: Typed
        switch (symbol, left.type, right.type) {
        case ("+", .string, .string), ("+", .string, .unknown), ("+", .unknown, .string):
            typed = Typed(.string, range) { frame throws(EvaluationError) in
                let text = try one(&frame).asText + two(&frame).asText
                return .string(try Limits.checked(text, &frame, range))
            }
            typed.bounds.length = Bounds.combined(left.bounds.length, right.bounds.length, +)
            typed.bounds.isASCII = left.bounds.isASCII && right.bounds.isASCII
        case ("+", .list, .list), ("+", .list, .unknown), ("+", .unknown, .list):
            guard let joined = left.type.joined(with: right.type) else { fallthrough }
            typed = Typed(joined, range) { frame throws(EvaluationError) in
                let (first, second) = (try one(&frame).asList, try two(&frame).asList)
                try frame.spend(first.count + second.count)
                return .list(first + second)
            }
            typed.bounds = left.bounds.joined(with: right.bounds)
        case ("+", _, _), ("-", _, _), ("*", _, _), ("/", _, _), ("%", _, _):
            if let time = Arithmetic.times(symbol, left.type, right.type) {
                typed = Typed(time.result, range) { frame throws(EvaluationError) in
                    do throws(EvaluationError) {
                        return try time.apply(try one(&frame), try two(&frame))
                    } catch {
                        throw error.located(range)
                    }
                }
            } else {
                typed = try numbersCombined(symbol, left, right, node)
            }
        default: throw mismatch(symbol, left, right, node, cure: nil)
        }
        return folded(typed, [left, right])
    }

    private func numbersCombined(
        _ symbol: String,
        _ left: Typed,
        _ right: Typed,
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        guard left.type.isNumber, right.type.isNumber else {
            throw mismatch(symbol, left, right, node, cure: Self.cure(symbol, left, right))
        }
        let range = node.range
        var typed: Typed
        switch (left.type, right.type) {
        case (.decimal, _), (_, .decimal):
            if symbol == "/" || symbol == "%" { throw unrounded(symbol, node) }
            let (one, two) = (left.digits, right.digits)
            let places = Arithmetic.places(symbol, left.type, right.type)
            let apply = Arithmetic.onDecimals(symbol)
            typed = Typed(
                .decimal(places: places),
                range,
                number: { frame throws(EvaluationError) in
                    guard let result = apply(try one(&frame), try two(&frame)) else {
                        throw Arithmetic.overflow(symbol).located(range)
                    }
                    return result
                }
            )
        default:
            let (one, two) = (left.evaluation, right.evaluation)
            let apply = Arithmetic.onInts(symbol)
            typed = Typed(.int, range) { frame throws(EvaluationError) in
                do throws(EvaluationError) {
                    return .int(try apply(try one(&frame).asInt, try two(&frame).asInt))
                } catch {
                    throw error.located(range)
                }
            }
        }
        typed.bounds = Arithmetic.bounds(symbol, left.bounds, right.bounds)
        return typed
    }

    private func unrounded(_ symbol: String, _ node: SyntaxNode) -> ExpressionError {
        if symbol == "%" {
            return ExpressionError(
                .type,
                "'%' is for ints",
                cure: "convert first: int(...)",
                at: node.range
            )
        }
        return ExpressionError(
            .divisionRounding,
            "a decimal division must say how it is rounded",
            cure: "write round(\(written(node, or: "a / b")), 2)",
            at: node.range
        )
    }

    private func mismatch(
        _ symbol: String,
        _ left: Typed,
        _ right: Typed,
        _ node: SyntaxNode,
        cure: String?
    ) -> ExpressionError {
        ExpressionError(
            .type,
            "'\(symbol)' does not go between \(Self.article(left.type)) and \(Self.article(right.type))",
            cure: cure,
            at: node.mark
        )
    }

    private static func cure(_ symbol: String, _ left: Typed, _ right: Typed) -> String? {
        switch (symbol, left.type, right.type) {
        case ("+", .string, let other), ("+", let other, .string):
            other.isNumber || other == .bool ? "make it text first: string(...)" : nil
        case ("+", .date, .int), ("-", .date, .int): "write addDays(date, days)"
        default: nil
        }
    }
}
