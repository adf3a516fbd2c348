internal import Transactions

/// One word of an expression.
struct Token: Equatable {
    enum Kind: Equatable {
        case name(String)
        /// A name between back quotes: a member's only.
        case quotedName(String)
        /// The size of a whole number; its sign is an operator.
        case int(UInt64)
        case decimal(ExactDecimal)
        case string(String)
        /// An operator or bracket.
        case symbol(String)
        case end
    }

    let kind: Kind
    let range: Range<Int>
}
