public import Transactions

/// What an expression is made of, where it is made of nothing but this: a consumer that holds the
/// record's bytes may then do without the evaluation.
///
/// It says the same as the evaluation wherever all members it needs are there; what is absent or
/// fails is the evaluation's to judge.
public indirect enum ExpressionShape: Sendable {
    /// A value that needs no variable.
    case constant(Value)
    /// What a slot of the frame holds.
    case slot(Int)
    /// A member of the record in a slot, by its place in the record's type.
    case member(slot: Int, index: Int)
    /// A member of the record that another part yields; absent where the record is.
    case column(ExpressionShape, index: Int)
    /// A call of a function that the surroundings brought: a lookup.
    case outerCall(namespace: String, name: String, [ExpressionShape])
    /// `round(x, places, way)`.
    case rounded(ExpressionShape, places: Int, ExactDecimal.Rounding)
    /// `local(x)` in a zone.
    case local(ExpressionShape, TimeZoneRules)
    /// `date(x)` of an instant in a zone.
    case date(ExpressionShape, TimeZoneRules)
    /// `test ? first : second`.
    case conditional(ExpressionShape, first: ExpressionShape, second: ExpressionShape)
    /// The first, or where it is absent the second.
    case either(ExpressionShape, or: ExpressionShape)
    /// Whether the part has a value.
    case isPresent(ExpressionShape)
    /// `==`, or `!=` where it is negated.
    case equals(ExpressionShape, ExpressionShape, isNegated: Bool)
    /// `!`.
    case not(ExpressionShape)
    /// `&&`.
    case both(ExpressionShape, ExpressionShape)
    /// `||`.
    case any(ExpressionShape, ExpressionShape)
}
