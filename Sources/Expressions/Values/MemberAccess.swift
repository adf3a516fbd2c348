public import Transactions

/// A member of a record in a slot: where an expression is nothing but that, a consumer may read the
/// record by itself and skip the evaluation.
public struct MemberAccess: Hashable, Sendable {
    /// The slot of the frame that holds the record.
    public let slot: Int
    /// The member's place in the record's type.
    public let index: Int

    /// Names a member of a record in a slot.
    public init(slot: Int, index: Int) {
        self.slot = slot
        self.index = index
    }
}

/// A member of a record in a slot, rounded: what most amounts of a template are.
public struct RoundedMember: Hashable, Sendable {
    /// The member.
    public let member: MemberAccess
    /// Decimals that are kept, 0 to 36.
    public let places: Int
    /// How the others decide the last one.
    public let rounding: ExactDecimal.Rounding
}
