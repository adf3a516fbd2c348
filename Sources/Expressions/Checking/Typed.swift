internal import Transactions

/// How a checked part gets its value.
typealias Evaluation = @Sendable (inout Frame) throws(EvaluationError) -> Value
/// How a number gets to its digits without a `Value` around them.
typealias NumberEvaluation = @Sendable (inout Frame) throws(EvaluationError) -> ExactDecimal
/// How a condition is decided without a `Value` around it.
typealias Decision = @Sendable (inout Frame) throws(EvaluationError) -> Bool
/// How a text appends its UTF-8 without a `String`; false when it is absent.
typealias TextEvaluation = @Sendable (inout Frame, inout [UInt8]) throws(EvaluationError) -> Bool

/// A part of an expression after checking: its type and how to get its value.
struct Typed: Sendable {
    let type: ValueType
    let range: Range<Int>
    /// What is known of its size.
    var bounds = Bounds.unknown
    /// The value, when it needs no variable.
    let constant: Value?
    let evaluation: Evaluation
    /// Shorter ways to the value, where the type is plain and the part has them.
    var number: NumberEvaluation?
    var decision: Decision?
    var text: TextEvaluation?
    /// The slot that the part is nothing but the content of.
    var slot: Int?
    /// What the part is made of, where that can be told.
    var shape: ExpressionShape?
    /// Why the part fails whatever its variables are.
    var failure: ExpressionError?
    /// The path by which `hasValue()` narrows, if the part is one.
    var path: String?
    /// Paths that have a value where the part is true, and where it is false.
    var presentIfTrue: Set<String> = []
    var presentIfFalse: Set<String> = []

    init(_ type: ValueType, _ range: Range<Int>, _ evaluation: @escaping Evaluation) {
        self.type = type
        self.range = range
        constant = nil
        guard type.mayNest else {
            self.evaluation = evaluation
            return
        }
        self.evaluation = { frame throws(EvaluationError) in
            let value = try evaluation(&frame)
            try frame.spend(through: value)
            return value
        }
    }

    init(_ type: ValueType, _ range: Range<Int>, constant value: Value) {
        self.type = type
        self.range = range
        constant = value
        shape = .constant(value)
        bounds = Bounds(of: value)
        evaluation = { _ throws(EvaluationError) in value }
        if let digits = value.number { number = { _ throws(EvaluationError) in digits } }
        if case .bool(let truth) = value { decision = { _ throws(EvaluationError) in truth } }
        if case .string(let text) = value {
            let bytes = Array(text.utf8)
            self.text = { _, output throws(EvaluationError) in
                output.append(contentsOf: bytes)
                return true
            }
        }
    }

    /// A number by its shortest way.
    init(_ type: ValueType, _ range: Range<Int>, number: @escaping NumberEvaluation) {
        self.init(type, range) { frame throws(EvaluationError) in .decimal(try number(&frame)) }
        self.number = number
    }

    /// A bool by its shortest way.
    init(_ range: Range<Int>, decision: @escaping Decision) {
        self.init(.bool, range) { frame throws(EvaluationError) in .bool(try decision(&frame)) }
        self.decision = decision
    }

    /// The shortest way to the number.
    var digits: NumberEvaluation {
        if let number { return number }
        let evaluation = evaluation
        return { frame throws(EvaluationError) in try evaluation(&frame).asNumber }
    }

    /// The shortest way to the bool.
    var truth: Decision {
        if let decision { return decision }
        let evaluation = evaluation
        return { frame throws(EvaluationError) in try evaluation(&frame).asBool }
    }
}
