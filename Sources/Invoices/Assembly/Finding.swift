public import Transactions

/// Something about an invoice's rows that people must know.
public struct Finding: Hashable, Sendable {
    /// What was found.
    public enum Code: String, CaseIterable, Sendable {
        /// netAmount + vatAmount is not totalPrice.
        case netAndVAT = "net-and-vat"
        /// vatAmount is not netAmount times vatRate.
        case vatByRate = "vat-by-rate"
        /// quantity times price is no amount of the row, in every reading of the prices.
        case quantityTimesPrice = "quantity-times-price"
        /// An amount that the way of taking amounts needs is absent.
        case missingAmount = "missing-amount"
        /// A rate of zero, and no setting says what the product's VAT category is.
        case unknownCategory = "unknown-category"
        /// No setting says the product's unit.
        case unknownUnit = "unknown-unit"
        /// The product's VAT category and the row's rate exclude each other.
        case categoryAndRate = "category-and-rate"
        /// The rows have no invoice date, or several.
        case invoiceDate = "invoice-date"
        /// The rows have several currencies or invoice numbers.
        case mixedRows = "mixed-rows"
        /// The rounding amount is larger than the settings allow.
        case rounding
        /// A text was cut to the format's limit.
        case cutText = "cut-text"
        /// A text that must not be cut is longer than the format allows, or shorter.
        case textLength = "text-length"
        /// A text had characters that XML does not allow.
        case characters
        /// An amount has more digits than can be counted.
        case tooLarge = "too-large"
        /// Rows outside VAT were left out.
        case leftOut = "left-out"
        /// The accountant's total of the invoice is another.
        case supplierTotal = "supplier-total"
        /// The accountant's list has no total for the invoice.
        case noSupplierTotal = "no-supplier-total"
    }

    /// What was found.
    public let code: Code
    /// The row it was found in, if it was one.
    public let transaction: TransactionKey?
    /// By how much amounts differ, if they do.
    public let difference: ExactDecimal?
    /// What, for people: names of fields and amounts, never a card, driver or plate.
    public let detail: String

    init(
        _ code: Code,
        _ detail: String,
        transaction: TransactionKey? = nil,
        difference: ExactDecimal? = nil
    ) {
        self.code = code
        self.transaction = transaction
        self.difference = difference
        self.detail = detail
    }
}

extension Finding: CustomStringConvertible {
    /// One line: the transaction, what was found, the code in brackets.
    public var description: String {
        "\(transaction.map { "transaction \($0): " } ?? "")\(detail) [\(code.rawValue)]"
    }
}

/// What became of the rows of one invoice number and currency.
public enum InvoiceOutcome: Sendable {
    /// A document that obeys the rules, and what was noticed on the way.
    case invoice(Invoice, notices: [Finding])
    /// No document.
    case refused(InvoiceRefusal)
    /// Rows outside VAT that the settings leave out, by their place in the transactions.
    case leftOut(sources: [Int], total: ExactDecimal, notice: Finding)
}

/// Why rows became no document.
public struct InvoiceRefusal: Hashable, Sendable {
    /// Whether they are tried again in the next run.
    public enum Kind: String, Sendable {
        /// Kept back and tried again.
        case held
        /// Cannot become a document as they are.
        case rejected
    }

    /// Whether they are tried again.
    public let kind: Kind
    /// The invoice number.
    public let number: String
    /// The currency.
    public let currency: String
    /// The rows, by their place in the transactions.
    public let sources: [Int]
    /// What was found in rows.
    public let findings: [Finding]
    /// The rules that the document would break.
    public let violations: [Violation]

    /// One line for a report: the invoice, how many rows, the first reasons.
    public var summary: String {
        let reasons = findings.map(\.description) + violations.map(\.description)
        let shown = reasons.prefix(3).joined(separator: "; ")
        let more = reasons.count > 3 ? "; and \(reasons.count - 3) more" : ""
        return "invoice \(number) (\(currency), \(sources.count) rows) \(kind.rawValue): "
            + shown + more
    }
}
