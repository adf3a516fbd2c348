/// A checked expression: its type is known, its names exist, its constants are folded.
public struct Expression: Sendable {
    /// The text it was read from.
    public let source: String
    /// What it yields.
    public let type: ValueType
    /// Names it uses as dotted paths, and each member's name behind a point: `.netAmount`.
    public let usedNames: Set<String>
    /// The value, when it needs no variable.
    public let constant: Value?
    /// Names that have a value where the expression, a bool, is true.
    public let presentIfTrue: Set<String>
    private let evaluation: Evaluation

    /// Reads and checks an expression.
    ///
    /// - Parameters:
    ///   - source: the text, at most 64 KiB.
    ///   - scope: the names it may use.
    /// - Throws: `ExpressionError` with the offending characters and a cure.
    public init(_ source: String, in scope: Scope) throws(ExpressionError) {
        let node = try Parser.parse(source)
        var checker = Checker(scope: scope)
        let typed = try checker.check(node)
        self.source = source
        type = typed.type
        usedNames = checker.usedNames
        constant = typed.constant
        presentIfTrue = typed.presentIfTrue
        evaluation = typed.evaluation
    }

    /// The value for a frame's variables.
    ///
    /// - Throws: `EvaluationError` when there is none: an overflow, a missing lookup row.
    public func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        try evaluation(&frame)
    }
}

extension Scope {
    /// The scope where a condition holds: what its `hasValue()` calls showed is a plain value.
    public func narrowed(by condition: Expression) -> Scope {
        var scope = self
        scope.narrow(condition.presentIfTrue)
        return scope
    }
}
