public import Transactions

/// A checked expression: its type is known, its names exist, its constants are folded.
public struct Expression: Sendable {
    /// The text it was read from.
    public let source: String
    /// What it yields.
    public let type: ValueType
    /// What is known of the size of what it yields.
    public let bounds: Bounds
    /// Names it uses as dotted paths, and each member's name behind a point: `.netAmount`.
    public let usedNames: Set<String>
    /// The value, when it needs no variable.
    public let constant: Value?
    /// Names that have a value where the expression, a bool, is true.
    public let presentIfTrue: Set<String>
    /// What it is made of, where that can be told.
    public let shape: ExpressionShape?
    /// Whether it is a list written in place with one element that is always there: `[x]`.
    public let isListOfOne: Bool
    private let evaluation: Evaluation
    private let number: NumberEvaluation?
    private let decision: Decision?
    private let text: TextEvaluation?

    /// Reads and checks an expression.
    ///
    /// - Parameters:
    ///   - source: the text, at most 64 KiB.
    ///   - scope: the names it may use.
    /// - Throws: `ExpressionError` with the offending characters and a cure.
    public init(_ source: String, in scope: Scope) throws(ExpressionError) {
        let node = try Parser.parse(source)
        var checker = Checker(scope: scope, source: source)
        let typed = try checker.check(node)
        if let failure = typed.failure { throw failure }
        self.source = source
        type = typed.type
        bounds = typed.bounds
        usedNames = checker.usedNames
        constant = typed.constant
        presentIfTrue = typed.presentIfTrue
        shape = typed.shape
        if case .list(let elements) = node.kind, elements.count == 1 {
            isListOfOne = !elements[0].isOptional
        } else {
            isListOfOne = false
        }
        evaluation = typed.evaluation
        number = typed.number
        decision = typed.decision
        text = typed.text
    }

    /// The value for a frame's variables.
    ///
    /// - Throws: `EvaluationError` when there is none: an overflow, a missing lookup row.
    public func evaluate(_ frame: inout Frame) throws(EvaluationError) -> Value {
        frame.begin()
        return try evaluation(&frame)
    }

    /// The number for a frame's variables, nil where it is absent or no number: the short way, which makes
    /// no `Value`.
    ///
    /// - Throws: `EvaluationError` as `evaluate(_:)` does.
    public func evaluateNumber(_ frame: inout Frame) throws(EvaluationError) -> ExactDecimal? {
        frame.begin()
        if let number { return try number(&frame) }
        return try evaluation(&frame).number
    }

    /// Whether a condition holds for a frame's variables: the short way, which makes no `Value`.
    ///
    /// - Throws: `EvaluationError` as `evaluate(_:)` does, and where the expression is no bool.
    public func evaluateBool(_ frame: inout Frame) throws(EvaluationError) -> Bool {
        frame.begin()
        if let decision { return try decision(&frame) }
        return try evaluation(&frame).asBool
    }

    /// Appends the UTF-8 of the text for a frame's variables and says whether there is one: the short way,
    /// which makes no `String` of a field.
    ///
    /// - Throws: `EvaluationError` as `evaluate(_:)` does.
    public func appendText(_ frame: inout Frame, to output: inout [UInt8]) throws(EvaluationError)
        -> Bool
    {
        frame.begin()
        if let text { return try text(&frame, &output) }
        guard case .string(let text) = try evaluation(&frame) else { return false }
        output.append(contentsOf: text.utf8)
        return true
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
