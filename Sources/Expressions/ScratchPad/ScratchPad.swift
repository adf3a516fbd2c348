public import Transactions

/// Checks and evaluates expressions outside of any template, as `occ-export expression eval` does.
public struct ScratchPad: Sendable {
    /// What an expression came to.
    public struct Answer: Hashable, Sendable {
        /// The type, as messages name it.
        public let type: String
        /// The value as JSON: a decimal as a number in full, an instant in RFC 3339 UTC, a duration as
        /// seconds with `s`, a day in ISO 8601, null for what is absent.
        public let json: String
    }

    private let scope: Scope
    private let frame: Frame

    /// Makes a scratch pad.
    ///
    /// - Parameters:
    ///   - bindings: a JSON object of names and values; nil for none.
    ///   - timeZone: what `date` and `local` go by.
    /// - Throws: `BindingsError` when the bindings cannot be read.
    public init(bindings: String?, timeZone: TimeZoneRules) throws(BindingsError) {
        var scope = Scope(timeZone: timeZone)
        scope.allowsHiding = true
        var frame = Frame()
        if let bindings {
            for (name, bound) in try BindingsReader.members(of: bindings) {
                frame[scope.declare(name, bound.type)] = bound.value
            }
        }
        self.scope = scope
        self.frame = frame
    }

    /// Checks an expression.
    ///
    /// - Throws: `ExpressionError` when it does not check.
    public func check(_ source: String) throws(ExpressionError) -> Expression {
        try Expression(source, in: scope)
    }

    /// Evaluates a checked expression.
    ///
    /// - Throws: `EvaluationError` when it has no value.
    public func evaluate(_ expression: Expression) throws(EvaluationError) -> Answer {
        var frame = frame
        let value = try expression.evaluate(&frame)
        // A text that stands in a list many times is written as often.
        try frame.spend(through: value)
        return Answer(
            type: expression.type.description,
            json: try JSONText.text(value, expression.type)
        )
    }
}

extension ScratchPad.Answer: CustomStringConvertible {
    /// One JSON object: `{"type": "int", "value": 3}`.
    public var description: String { "{\"type\": \(JSONText.quoted(type)), \"value\": \(json)}" }
}
