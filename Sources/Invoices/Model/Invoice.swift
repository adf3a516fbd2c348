public import Transactions

/// An invoice or credit note in the terms of EN 16931-1.
///
/// Terms that the standard makes mandatory are optional here, so that a rule can find them missing;
/// `Rule.violations(of:profile:)` proves them. On a credit note amounts and quantities are positive
/// where they are credited. Money is in `currency`, with two decimals.
public struct Invoice: Hashable, Sendable {
    /// Specification identifier (BT-24).
    public var specification: String?
    /// Business process type (BT-23).
    public var businessProcess: String?
    /// Invoice number (BT-1).
    public var number: String?
    /// Invoice issue date (BT-2).
    public var issueDate: CalendarDate?
    /// Invoice type code (BT-3): 380, or 381 for a credit note.
    public var typeCode: String?
    /// Whether the document credits: the rows' total is negative.
    public var isCreditNote = false
    /// Invoice currency code (BT-5).
    public var currency: String?
    /// Payment due date (BT-9).
    public var dueDate: CalendarDate?
    /// Buyer reference (BT-10).
    public var buyerReference: String?
    /// Contract reference (BT-12).
    public var contractReference: String?
    /// Purchase order reference (BT-13).
    public var orderReference: String?
    /// Buyer accounting reference (BT-19).
    public var buyerAccountingReference: String?
    /// Payment terms (BT-20).
    public var paymentTerms: String?
    /// Invoice notes (BT-22).
    public var notes: [String] = []
    /// Preceding invoice reference (BG-3).
    public var precedingInvoice: PrecedingInvoice?
    /// Seller (BG-4).
    public var seller = Party()
    /// Buyer (BG-7).
    public var buyer = Party()
    /// Delivery information (BG-13).
    public var delivery: Delivery?
    /// Invoicing period (BG-14).
    public var period: Period?
    /// Payment instructions (BG-16).
    public var payment: PaymentInstructions?
    /// Document level allowances (BG-20) and charges (BG-21); the assembler makes none.
    public var allowances: [DocumentAllowance] = []
    /// Document totals (BG-22).
    public var totals = DocumentTotals()
    /// VAT breakdown (BG-23).
    public var vatBreakdown: [VATBreakdown] = []
    /// Invoice lines (BG-25).
    public var lines: [InvoiceLine] = []

    /// An empty invoice, to be filled.
    public init() {}
}

/// Preceding invoice reference (BG-3).
public struct PrecedingInvoice: Hashable, Sendable {
    /// Its number (BT-25).
    public var number: String?
    /// Its issue date (BT-26).
    public var issueDate: CalendarDate?

    /// Refers to an invoice.
    public init(number: String?, issueDate: CalendarDate? = nil) {
        self.number = number
        self.issueDate = issueDate
    }
}

/// Delivery information (BG-13).
public struct Delivery: Hashable, Sendable {
    /// Actual delivery date (BT-72).
    public var date: CalendarDate?
    /// Deliver to country code (BT-80).
    public var country: String?

    /// Describes a delivery.
    public init(date: CalendarDate? = nil, country: String? = nil) {
        self.date = date
        self.country = country
    }
}

/// Invoicing period (BG-14) or invoice line period (BG-26), both days included.
public struct Period: Hashable, Sendable {
    /// First day (BT-73, BT-134).
    public var start: CalendarDate?
    /// Last day (BT-74, BT-135).
    public var end: CalendarDate?

    /// Describes a period.
    public init(start: CalendarDate?, end: CalendarDate?) {
        self.start = start
        self.end = end
    }
}

/// Document level allowance (BG-20) or charge (BG-21).
public struct DocumentAllowance: Hashable, Sendable {
    /// Whether it is a charge.
    public var isCharge: Bool
    /// Amount without VAT (BT-92, BT-99), two decimals.
    public var amount: ExactDecimal
    /// VAT category code (BT-95, BT-102).
    public var category: String
    /// VAT rate in percent (BT-96, BT-103).
    public var rate: ExactDecimal?

    /// Describes an allowance or charge.
    public init(isCharge: Bool, amount: ExactDecimal, category: String, rate: ExactDecimal?) {
        self.isCharge = isCharge
        self.amount = amount
        self.category = category
        self.rate = rate
    }
}
