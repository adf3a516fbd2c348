/// Payment instructions (BG-16).
public struct PaymentInstructions: Hashable, Sendable {
    /// Payment means type code (BT-81), of UNTDID 4461: 30 is a credit transfer, 58 a SEPA one.
    public var meansCode: String?
    /// Payment means text (BT-82).
    public var meansText: String?
    /// Remittance information (BT-83): the reference number.
    public var reference: String?
    /// Credit transfer (BG-17).
    public var creditTransfer: CreditTransfer?

    /// Instructions, to be filled.
    public init(meansCode: String? = nil) { self.meansCode = meansCode }
}

/// Credit transfer (BG-17).
public struct CreditTransfer: Hashable, Sendable {
    /// Payment account identifier (BT-84): an IBAN.
    public var account: String?
    /// Payment account name (BT-85).
    public var name: String?
    /// Payment service provider identifier (BT-86): a BIC.
    public var bic: String?

    /// An account.
    public init(account: String?, name: String? = nil, bic: String? = nil) {
        self.account = account
        self.name = name
        self.bic = bic
    }
}
