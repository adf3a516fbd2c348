/// How a checked part gets its value.
typealias Evaluation = @Sendable (inout Frame) throws(EvaluationError) -> Value

/// A part of an expression after checking: its type and how to get its value.
struct Typed: Sendable {
    let type: ValueType
    let range: Range<Int>
    /// The value, when it needs no variable.
    let constant: Value?
    let evaluation: Evaluation
    /// The path by which `hasValue()` narrows, if the part is one.
    var path: String?
    /// Paths that have a value where the part is true, and where it is false.
    var presentIfTrue: Set<String> = []
    var presentIfFalse: Set<String> = []

    init(_ type: ValueType, _ range: Range<Int>, _ evaluation: @escaping Evaluation) {
        self.type = type
        self.range = range
        constant = nil
        self.evaluation = evaluation
    }

    init(_ type: ValueType, _ range: Range<Int>, constant value: Value) {
        self.type = type
        self.range = range
        constant = value
        evaluation = { _ throws(EvaluationError) in value }
    }
}
