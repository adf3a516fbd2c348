/// The VAT categories of UNTDID 5305 that fuel-card rows can have.
public enum VATCategory: String, CaseIterable, Sendable {
    /// Taxed at a rate above zero.
    case standard = "S"
    /// Exempt from VAT: insurance.
    case exempt = "E"
    /// The buyer accounts for the VAT.
    case reverseCharge = "AE"
    /// Supply of goods to another member state.
    case intraCommunity = "K"
    /// Taxed at the rate of zero.
    case zeroRated = "Z"
    /// Outside the scope of VAT: balance transfers; never beside another category (BR-O-11).
    case outside = "O"

    /// Whether the breakdown must say why there is no VAT (BR-E-10, BR-AE-10, BR-IC-10, BR-O-10).
    public var needsReason: Bool {
        switch self {
        case .exempt, .reverseCharge, .intraCommunity, .outside: true
        case .standard, .zeroRated: false
        }
    }

    /// The reason in words where the settings give no other.
    public var standardReason: String? {
        switch self {
        case .exempt: "Exempt from VAT"
        case .reverseCharge: "Reverse charge"
        case .intraCommunity: "Intra-Community supply"
        case .outside: "Not subject to VAT"
        case .standard, .zeroRated: nil
        }
    }
}
