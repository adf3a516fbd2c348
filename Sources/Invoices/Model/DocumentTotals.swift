public import Transactions

/// Document totals (BG-22), two decimals.
public struct DocumentTotals: Hashable, Sendable {
    /// Sum of invoice line net amounts (BT-106).
    public var lineNetAmount: ExactDecimal?
    /// Sum of allowances on document level (BT-107).
    public var allowances: ExactDecimal?
    /// Sum of charges on document level (BT-108).
    public var charges: ExactDecimal?
    /// Invoice total amount without VAT (BT-109).
    public var withoutVAT: ExactDecimal?
    /// Invoice total VAT amount (BT-110); none where all is outside VAT.
    public var vat: ExactDecimal?
    /// Invoice total VAT amount in accounting currency (BT-111); the assembler makes none.
    public var vatInAccountingCurrency: ExactDecimal?
    /// Invoice total amount with VAT (BT-112).
    public var withVAT: ExactDecimal?
    /// Paid amount (BT-113).
    public var paid: ExactDecimal?
    /// Rounding amount (BT-114); none where it is zero.
    public var rounding: ExactDecimal?
    /// Amount due for payment (BT-115): the sum of the rows' totals.
    public var payable: ExactDecimal?

    /// Empty totals, to be filled.
    public init() {}
}

/// VAT breakdown (BG-23): one category and rate.
public struct VATBreakdown: Hashable, Sendable {
    /// VAT category taxable amount (BT-116), two decimals.
    public var taxableAmount: ExactDecimal?
    /// VAT category tax amount (BT-117), two decimals.
    public var taxAmount: ExactDecimal?
    /// VAT category code (BT-118).
    public var category: String?
    /// VAT category rate (BT-119) in percent; none outside VAT.
    public var rate: ExactDecimal?
    /// VAT exemption reason text (BT-120).
    public var exemptionReason: String?
    /// VAT exemption reason code (BT-121).
    public var exemptionReasonCode: String?

    /// An empty breakdown, to be filled.
    public init() {}
}
