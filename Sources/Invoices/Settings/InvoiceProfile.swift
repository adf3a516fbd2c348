/// What a document claims to be: it decides BT-24, BT-23, the rules beside the norm's and the text limits.
public enum InvoiceProfile: String, CaseIterable, Sendable {
    /// EN 16931 and nothing more.
    case en16931
    /// Peppol BIS Billing 3.0.
    case peppol
    /// XRechnung 3.0.
    case xrechnung
    /// The Estonian e-invoice 1.2: the norm's model within that format's text limits.
    case estonian
    /// Finvoice 3.0: the norm's model within that format's text limits.
    case finvoice

    /// Specification identifier (BT-24).
    public var specification: String {
        switch self {
        case .peppol:
            "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
        case .xrechnung:
            "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
        case .en16931, .estonian, .finvoice: "urn:cen.eu:en16931:2017"
        }
    }

    /// Business process type (BT-23).
    public var businessProcess: String? {
        switch self {
        case .peppol, .xrechnung: "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
        case .en16931, .estonian, .finvoice: nil
        }
    }

    /// Which rules a document of the profile must obey.
    public var scopes: Set<Rule.Scope> {
        switch self {
        case .peppol: [.norm, .ubl, .peppol]
        case .en16931, .xrechnung, .estonian, .finvoice: [.norm, .ubl]
        }
    }
}

/// How the amounts of rows become the amounts of the standard.
public enum AmountSource: String, CaseIterable, Sendable {
    /// From the rows' netAmount; VAT is computed on the sum of a rate.
    case net
    /// From the rows' totalPrice, VAT taken out; BT-114 carries the cent that cannot be avoided.
    case gross
    /// From the rows' netAmount, with the sum of the rows' vatAmount as VAT of a rate.
    case supplierVAT = "supplier_vat"
    /// The rows' totalPrice outside VAT: a statement of what was paid, not the VAT invoice.
    case statement
}
