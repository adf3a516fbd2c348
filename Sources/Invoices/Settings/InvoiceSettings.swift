public import Transactions

/// What EN 16931 wants and the API does not give, and how findings are met.
public struct InvoiceSettings: Sendable {
    /// The seller (BG-4).
    public var seller = Party()
    /// The buyer (BG-7).
    public var buyer = Party()
    /// How and when it is paid.
    public var payment = PaymentSettings()
    /// Deliver to country code (BT-80), which intra-Community supplies need.
    public var deliveryCountry: String?
    /// Buyer reference (BT-10); without it the contract number.
    public var buyerReference: String?
    /// Purchase order reference (BT-13).
    public var orderReference: String?
    /// Buyer accounting reference (BT-19).
    public var buyerAccountingReference: String?
    /// Invoice note (BT-22).
    public var note: String?

    /// Unit, VAT category and exemption reason by product code.
    public var products: [String: ProductRule] = [:]
    /// The same by product type, where the code has none.
    public var productTypes: [String: ProductRule] = Self.standardTypes
    /// Exemption reasons (BT-120) by category, where the product has none.
    public var exemptionReasons: [VATCategory: String] = [:]
    /// Units in words by code of Recommendation 20.
    public var unitTexts: [String: String] = Self.standardUnitTexts

    /// What the rows' vatRate counts.
    public var rateUnit = RateUnit.percent
    /// What a row whose own arithmetic does not agree does.
    public var onDisagreement = Disposition.hold
    /// Largest difference that still agrees, in the row's currency.
    public var tolerance = ExactDecimal(significand: 1, scale: 2)
    /// Largest rounding amount (BT-114) of one document.
    public var roundingLimit = ExactDecimal(1)
    /// Where a discount per unit stands.
    public var discounts = Discounts.price
    /// Where rows outside VAT go when the invoice has others too.
    public var outsideVAT = OutsideVAT.separate
    /// What the number of their own document ends with.
    public var outsideVATSuffix = "-O"

    /// Names of item attributes (BT-160) by their code; a code without a name is not written.
    public var propertyNames: [PropertyCode: String] = Self.standardPropertyNames
    /// How the card number is shown.
    public var shownCard = ShownCard.masked
    /// Whether the line note (BT-127) repeats plate and card for receivers that drop attributes.
    public var repeatsInNote = true
    /// Cost centres (BT-133) by plate, or by card number.
    public var costCentres: [String: String] = [:]
    /// Preceding invoices (BG-3) by the number of the invoice that refers to them.
    public var precedingInvoices: [String: PrecedingInvoice] = [:]
    /// Totals of the supplier's invoices, where the accountant keeps them.
    public var supplierTotals: SupplierTotals?
    /// What an invoice without a total among them does.
    public var onMissingTotal = Disposition.hold

    /// Settings, to be filled.
    public init() {}

    /// What the rows' vatRate counts (API document, trap 33).
    public enum RateUnit: String, CaseIterable, Sendable {
        /// 24 is 24 %.
        case percent
        /// 0.24 is 24 %.
        case fraction
    }

    /// What a finding does to its invoice.
    public enum Disposition: String, CaseIterable, Sendable {
        /// The invoice waits and is tried again.
        case hold
        /// The finding is reported and the invoice goes out.
        case accept
    }

    /// Where a discount per unit stands.
    public enum Discounts: String, CaseIterable, Sendable {
        /// In the price: BT-148 before, BT-147 the discount, BT-146 after it.
        case price
        /// In an allowance of the line (BG-27), for receivers that book discounts apart.
        case line
    }

    /// Where rows outside VAT go.
    public enum OutsideVAT: String, CaseIterable, Sendable {
        /// To a document of their own, numbered with the suffix.
        case separate
        /// Nowhere; they are counted.
        case leaveOut = "leave_out"
    }

    /// How a card number is shown.
    public enum ShownCard: String, CaseIterable, Sendable {
        /// First six and last four digits.
        case masked
        /// As it is.
        case full
        /// Not at all.
        case none
    }

    /// A fuel-card detail of a line.
    public enum PropertyCode: String, CaseIterable, Sendable {
        case card, plate, driver, odometer, station, receipt, time, contract
    }

    /// What the product types of the API document are where no setting says otherwise.
    ///
    /// Stamps and packages have no category of their own at a rate of zero: the settings must say.
    public static let standardTypes: [String: ProductRule] = [
        "Fuel": ProductRule(unit: "LTR"),
        "Merchandise": ProductRule(unit: "H87"),
        "Service": ProductRule(unit: "C62"),
        "Package": ProductRule(unit: "C62"),
        "Stamps": ProductRule(unit: "H87"),
        "Insurance": ProductRule(unit: "C62", zeroCategory: .exempt),
        "Balance transfer": ProductRule(unit: "C62", zeroCategory: .outside),
    ]

    /// Units in words.
    public static let standardUnitTexts = [
        "LTR": "l", "KWH": "kWh", "KGM": "kg", "MTQ": "m3", "H87": "pcs", "C62": "pcs",
    ]

    /// Names of item attributes; the driver is personal data and only named on request.
    public static let standardPropertyNames: [PropertyCode: String] = [
        .card: "CardNumber", .plate: "PlateNumber", .odometer: "Odometer", .station: "Station",
        .receipt: "ReceiptNo", .time: "TransactionTime", .contract: "ContractNumber",
    ]
}

/// What a product is on an invoice.
public struct ProductRule: Hashable, Sendable {
    /// Unit of Recommendation 20: LTR, KWH, KGM, H87 (piece), C62 (one).
    public var unit: String?
    /// VAT category at a rate of zero; a rate above zero is always S.
    public var zeroCategory: VATCategory?
    /// Exemption reason (BT-120).
    public var exemptionReason: String?

    /// A rule; what it leaves open the product type or the standard decides.
    public init(
        unit: String? = nil,
        zeroCategory: VATCategory? = nil,
        exemptionReason: String? = nil
    ) {
        self.unit = unit
        self.zeroCategory = zeroCategory
        self.exemptionReason = exemptionReason
    }
}

/// How and when invoices are paid.
public struct PaymentSettings: Hashable, Sendable {
    /// Payment means type code (BT-81).
    public var meansCode = "30"
    /// Payment means text (BT-82).
    public var meansText: String?
    /// IBAN (BT-84).
    public var iban: String?
    /// Account name (BT-85).
    public var accountName: String?
    /// BIC (BT-86).
    public var bic: String?
    /// Where the reference number (BT-83) comes from.
    public var reference = Reference.none
    /// Days or months from issue to due date (BT-9).
    public var due: DuePeriod?
    /// Payment terms (BT-20).
    public var terms: String?

    /// Settings, to be filled.
    public init() {}

    /// Where the reference number comes from.
    public enum Reference: Hashable, Sendable {
        /// There is none.
        case none
        /// The same on every invoice.
        case fixed(String)
        /// The digits of the invoice number and their 7-3-1 check digit.
        case invoiceNumber
        /// The digits of the contract number and their 7-3-1 check digit.
        case contractNumber
    }

    /// Time from issue to due date.
    public struct DuePeriod: Hashable, Sendable {
        /// Days, 0 to 3,660.
        public let days: Int
        /// Months, 0 to 120, added before the days.
        public let months: Int

        /// Reads an ISO 8601 period of days, weeks or months: `P14D`, `P2W`, `P1M`; nil for others.
        public init?(_ text: String) {
            guard text.hasPrefix("P"), let number = Int(text.dropFirst().dropLast()),
                (0...3_660).contains(number), text.utf8.dropFirst().first != 0x2B
            else { return nil }
            switch text.last {
            case "D": (days, months) = (number, 0)
            case "W" where number <= 520: (days, months) = (number * 7, 0)
            case "M" where number <= 120: (days, months) = (0, number)
            default: return nil
            }
        }
    }
}
