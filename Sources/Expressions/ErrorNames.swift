/// What can be wrong with an expression as written, by its name in docs/errors.md.
public enum ExpressionErrorName: String, CaseIterable, Sendable {
    case absentValue = "absent-value"
    case arguments
    case divisionByZero = "division-by-zero"
    case divisionRounding = "division-rounding"
    case hiddenName = "hidden-name"
    case overflow
    case pattern
    case syntax
    case tooDeep = "too-deep"
    case tooLong = "too-long"
    case type
    case unknownName = "unknown-name"

    /// What the name means, in one line.
    public var meaning: String {
        switch self {
        case .absentValue: "a value that may be absent stands where one is needed"
        case .arguments: "a function or macro is called with what it does not take"
        case .divisionByZero: "a constant part divides by zero"
        case .divisionRounding: "a decimal division does not say how it is rounded"
        case .hiddenName: "a macro's variable would hide another name"
        case .overflow: "a constant goes beyond the range of numbers or times"
        case .pattern: "the pattern of a date, number, text or format is wrong"
        case .syntax: "the text is no expression"
        case .tooDeep: "the expression nests deeper than allowed"
        case .tooLong: "the expression is longer than allowed"
        case .type: "values of these types do not go together"
        case .unknownName: "no such name, member, function or lookup"
        }
    }
}

/// What can go wrong when an expression is evaluated, by its name in docs/errors.md.
public enum EvaluationErrorName: String, CaseIterable, Sendable {
    case arguments
    case conversion
    case divisionByZero = "division-by-zero"
    case emptyList = "empty-list"
    case index
    case noValue = "no-value"
    case notSame = "not-same"
    case overflow
    case pattern
    case tooLarge = "too-large"
    case tooMuchWork = "too-much-work"
    case type

    /// What the name means, in one line.
    public var meaning: String {
        switch self {
        case .arguments: "a function got a value it does not take"
        case .conversion: "a text is no number, bool, date, instant or duration"
        case .divisionByZero: "a division by zero"
        case .emptyList: "the list has no element to choose from"
        case .index: "the list, map or text has nothing there"
        case .noValue: "value() of what is absent"
        case .notSame: "same() of values that differ"
        case .overflow: "the result goes beyond the range of numbers or times"
        case .pattern: "a pattern made from data is wrong"
        case .tooLarge: "a text or list would be larger than allowed"
        case .tooMuchWork: "the evaluation takes more steps than its data can need"
        case .type: "a value is not of the kind its surroundings declared"
        }
    }
}
