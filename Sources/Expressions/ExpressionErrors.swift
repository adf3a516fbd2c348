/// Why an expression does not check: found when a template is loaded, before any row.
public struct ExpressionError: Error, Hashable, CustomStringConvertible {
    /// The name in docs/errors.md, such as `unknown-name`.
    public let name: String
    /// What is wrong.
    public let message: String
    /// What to do about it, shown beside the mark.
    public let cure: String?
    /// The offending characters, in UTF-8 offsets of the source.
    public let range: Range<Int>

    init(_ name: ExpressionErrorName, _ message: String, cure: String? = nil, at range: Range<Int>)
    {
        self.name = name.rawValue
        self.message = message
        self.cure = cure
        self.range = range
    }

    /// A constant part that fails whenever it is evaluated, refused before it can be.
    init(_ failure: EvaluationError, at range: Range<Int>) {
        name = failure.name
        message = failure.message
        cure = nil
        self.range = failure.range ?? range
    }

    /// One line: message, name and cure.
    public var description: String {
        "\(message) [\(name)]" + (cure.map { "; \($0)" } ?? "")
    }
}

/// Why an expression has no value for these variables: found with a row at hand.
public struct EvaluationError: Error, Hashable, CustomStringConvertible {
    /// What becomes of the transaction or document.
    public enum Disposition: Sendable {
        /// It is rejected and reported.
        case reject
        /// It is kept back and tried again by the next run.
        case hold
    }

    /// The name in docs/errors.md, such as `overflow`.
    public let name: String
    /// What is wrong; never the value of a card, driver or plate.
    public let message: String
    /// What becomes of the transaction or document.
    public let disposition: Disposition
    /// The part that failed, in UTF-8 offsets of the source; nil when it is not known.
    public private(set) var range: Range<Int>?

    /// Describes a failure.
    public init(_ name: String, _ message: String, disposition: Disposition = .reject) {
        self.name = name
        self.message = message
        self.disposition = disposition
    }

    init(_ name: EvaluationErrorName, _ message: String) {
        self.init(name.rawValue, message)
    }

    /// The same failure with its place, unless an inner part gave one already.
    func located(_ range: Range<Int>) -> EvaluationError {
        guard self.range == nil else { return self }
        var failure = self
        failure.range = range
        return failure
    }

    /// One line: message and name.
    public var description: String { "\(message) [\(name)]" }
}
