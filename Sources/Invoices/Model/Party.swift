/// Seller (BG-4) or buyer (BG-7).
public struct Party: Hashable, Sendable {
    /// Name (BT-27, BT-44).
    public var name: String?
    /// Trading name (BT-28, BT-45).
    public var tradingName: String?
    /// Identifier (BT-29, BT-46).
    public var identifier: String?
    /// Legal registration identifier (BT-30, BT-47).
    public var registrationNumber: String?
    /// Scheme of the legal registration identifier, from the ICD list: 0191 in Estonia.
    public var registrationScheme: String?
    /// VAT identifier (BT-31, BT-48), with its country prefix.
    public var vatNumber: String?
    /// Electronic address (BT-34, BT-49).
    public var endpoint: ElectronicAddress?
    /// Postal address (BG-5, BG-8).
    public var address = PostalAddress()
    /// Contact (BG-6, BG-9).
    public var contact: Contact?

    /// An empty party, to be filled.
    public init() {}
}

/// Electronic address (BT-34, BT-49).
public struct ElectronicAddress: Hashable, Sendable {
    /// Scheme, from the EAS list: 0191 in Estonia.
    public var scheme: String?
    /// The address.
    public var id: String

    /// An address of a scheme.
    public init(scheme: String?, id: String) {
        self.scheme = scheme
        self.id = id
    }
}

/// Postal address (BG-5, BG-8).
public struct PostalAddress: Hashable, Sendable {
    /// Address line 1 (BT-35, BT-50).
    public var street: String?
    /// Address line 2 (BT-36, BT-51).
    public var additionalStreet: String?
    /// City (BT-37, BT-52).
    public var city: String?
    /// Post code (BT-38, BT-53).
    public var postCode: String?
    /// Country subdivision (BT-39, BT-54).
    public var subdivision: String?
    /// Country code (BT-40, BT-55).
    public var country: String?

    /// An empty address, to be filled.
    public init() {}
}

/// Contact (BG-6, BG-9).
public struct Contact: Hashable, Sendable {
    /// Contact point (BT-41, BT-56).
    public var name: String?
    /// Telephone number (BT-42, BT-57).
    public var phone: String?
    /// E-mail address (BT-43, BT-58).
    public var email: String?

    /// An empty contact, to be filled.
    public init() {}
}
