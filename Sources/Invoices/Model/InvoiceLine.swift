public import Transactions

/// Invoice line (BG-25): one row of the supplier's invoice.
public struct InvoiceLine: Hashable, Sendable {
    /// Invoice line identifier (BT-126).
    public var id: String?
    /// Invoice line notes (BT-127); one at most (UBL-SR-34).
    public var notes: [String] = []
    /// Invoice line object identifiers (BT-128); one at most (UBL-SR-52).
    public var objects: [ObjectIdentifier] = []
    /// Invoiced quantity (BT-129); it carries the sign, the price does not.
    public var quantity: ExactDecimal?
    /// Invoiced quantity unit of measure code (BT-130), of Recommendation 20.
    public var unit: String?
    /// The unit in words, for formats that print one.
    public var unitText: String?
    /// Invoice line net amount (BT-131), two decimals, without VAT.
    public var netAmount: ExactDecimal?
    /// Invoice line buyer accounting reference (BT-133): a cost centre.
    public var accountingReference: String?
    /// Invoice line allowances (BG-27) and charges (BG-28), which the net amount contains.
    public var allowances: [LineAllowance] = []
    /// Invoice line period (BG-26).
    public var period: Period?
    /// Item net price (BT-146), without VAT and after discount.
    public var netPrice: ExactDecimal?
    /// Item price discount (BT-147), without VAT, for one unit.
    public var priceDiscount: ExactDecimal?
    /// Item gross price (BT-148): without VAT, before discount.
    public var grossPrice: ExactDecimal?
    /// VAT categories (BT-151) with rates (BT-152); exactly one (UBL-SR-48).
    public var vat: [LineVAT] = []
    /// Item name (BT-153).
    public var itemName: String?
    /// Item descriptions (BT-154); one at most (UBL-SR-50).
    public var descriptions: [String] = []
    /// Item seller's identifier (BT-155): the product code.
    public var sellerItemIdentifier: String?
    /// Item attributes (BG-32).
    public var properties: [ItemProperty] = []
    /// The row's currency; the document has one (R051).
    public var currency: String?

    /// VAT of the line, two decimals, so that the lines of a rate add up to BT-117; not a term of the standard.
    public var vatAmount: ExactDecimal = .zero
    /// Price of one unit with VAT after discount, up to six decimals; not a term of the standard.
    public var priceWithVAT: ExactDecimal?
    /// Place of the row in the transactions that the invoice was made of.
    public var source = 0
    /// The card that paid, unmasked; it groups lines and is never written as it stands.
    public var card: String?
    /// The card as it may be shown.
    public var shownCard: String?

    /// An empty line, to be filled.
    public init() {}

    /// Net amount and VAT together, two decimals.
    public var totalAmount: ExactDecimal? { netAmount.flatMap { $0.adding(vatAmount) } }
}

/// Invoice line object identifier (BT-128).
public struct ObjectIdentifier: Hashable, Sendable {
    /// The identifier: a plate number.
    public var id: String
    /// Scheme of UNTDID 1153: ABZ is a vehicle licence number.
    public var scheme: String?
    /// Document type code; 130 marks an invoiced object (R101).
    public var documentType: String

    /// Identifies an object.
    public init(id: String, scheme: String?, documentType: String = "130") {
        self.id = id
        self.scheme = scheme
        self.documentType = documentType
    }
}

/// Invoice line allowance (BG-27) or charge (BG-28).
public struct LineAllowance: Hashable, Sendable {
    /// Whether it is a charge.
    public var isCharge: Bool
    /// Amount without VAT (BT-136, BT-141), two decimals.
    public var amount: ExactDecimal
    /// Reason code (BT-140) of UNTDID 5189: 95 is a discount.
    public var reasonCode: String?
    /// Reason (BT-139, BT-144).
    public var reason: String?

    /// Describes an allowance or charge.
    public init(isCharge: Bool, amount: ExactDecimal, reasonCode: String?, reason: String?) {
        self.isCharge = isCharge
        self.amount = amount
        self.reasonCode = reasonCode
        self.reason = reason
    }
}

/// Line VAT information (BG-30).
public struct LineVAT: Hashable, Sendable {
    /// Invoiced item VAT category code (BT-151).
    public var category: String
    /// Invoiced item VAT rate (BT-152) in percent; none outside VAT.
    public var rate: ExactDecimal?

    /// A category with its rate.
    public init(category: String, rate: ExactDecimal?) {
        self.category = category
        self.rate = rate
    }
}

/// Item attribute (BG-32).
public struct ItemProperty: Hashable, Sendable {
    /// What it is in our words, whatever the receiver calls it.
    public var code: String
    /// Item attribute name (BT-160).
    public var name: String
    /// Item attribute value (BT-161).
    public var value: String

    /// A named value.
    public init(code: String, name: String, value: String) {
        self.code = code
        self.name = name
        self.value = value
    }
}
