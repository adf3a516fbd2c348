internal import Transactions

extension Rule {
    static let decimalRules = [
        brDEC01, brDEC05, brDEC09, brDEC10, brDEC11, brDEC12, brDEC13, brDEC14, brDEC15, brDEC16,
        brDEC17, brDEC18, brDEC19, brDEC20, brDEC23, brDEC24, brDEC27,
    ]

    private static func decimals(
        _ id: String,
        _ term: String,
        _ read: @escaping @Sendable (Invoice) -> [ExactDecimal?]
    ) -> Rule {
        Rule(id) { invoice in
            read(invoice).compactMap { amount in
                // As written: 65.600 has three decimals, whatever its value.
                guard let amount, amount.scale > 2 else { return nil }
                return Breach(term, detail: "\(term) is \(amount), with more than two decimals")
            }
        }
    }

    /// The allowed maximum number of decimals for the Document level allowance amount (BT-92) is 2.
    static let brDEC01 = decimals("BR-DEC-01", "BT-92") {
        $0.allowances.filter { !$0.isCharge }.map(\.amount)
    }

    /// The allowed maximum number of decimals for the Document level charge amount (BT-99) is 2.
    static let brDEC05 = decimals("BR-DEC-05", "BT-99") {
        $0.allowances.filter(\.isCharge).map(\.amount)
    }

    /// The allowed maximum number of decimals for the Sum of Invoice line net amount (BT-106) is 2.
    static let brDEC09 = decimals("BR-DEC-09", "BT-106") { [$0.totals.lineNetAmount] }

    /// The allowed maximum number of decimals for the Sum of allowances on document level (BT-107) is 2.
    static let brDEC10 = decimals("BR-DEC-10", "BT-107") { [$0.totals.allowances] }

    /// The allowed maximum number of decimals for the Sum of charges on document level (BT-108) is 2.
    static let brDEC11 = decimals("BR-DEC-11", "BT-108") { [$0.totals.charges] }

    /// The allowed maximum number of decimals for the Invoice total amount without VAT (BT-109) is 2.
    static let brDEC12 = decimals("BR-DEC-12", "BT-109") { [$0.totals.withoutVAT] }

    /// The allowed maximum number of decimals for the Invoice total VAT amount (BT-110) is 2.
    static let brDEC13 = decimals("BR-DEC-13", "BT-110") { [$0.totals.vat] }

    /// The allowed maximum number of decimals for the Invoice total amount with VAT (BT-112) is 2.
    static let brDEC14 = decimals("BR-DEC-14", "BT-112") { [$0.totals.withVAT] }

    /// The allowed maximum number of decimals for the Invoice total VAT amount in accounting currency (BT-111) is 2.
    static let brDEC15 = decimals("BR-DEC-15", "BT-111") { [$0.totals.vatInAccountingCurrency] }

    /// The allowed maximum number of decimals for the Paid amount (BT-113) is 2.
    static let brDEC16 = decimals("BR-DEC-16", "BT-113") { [$0.totals.paid] }

    /// The allowed maximum number of decimals for the Rounding amount (BT-114) is 2.
    static let brDEC17 = decimals("BR-DEC-17", "BT-114") { [$0.totals.rounding] }

    /// The allowed maximum number of decimals for the Amount due for payment (BT-115) is 2.
    static let brDEC18 = decimals("BR-DEC-18", "BT-115") { [$0.totals.payable] }

    /// The allowed maximum number of decimals for the VAT category taxable amount (BT-116) is 2.
    static let brDEC19 = decimals("BR-DEC-19", "BT-116") { $0.vatBreakdown.map(\.taxableAmount) }

    /// The allowed maximum number of decimals for the VAT category tax amount (BT-117) is 2.
    static let brDEC20 = decimals("BR-DEC-20", "BT-117") { $0.vatBreakdown.map(\.taxAmount) }

    /// The allowed maximum number of decimals for the Invoice line net amount (BT-131) is 2.
    static let brDEC23 = decimals("BR-DEC-23", "BT-131") { $0.lines.map(\.netAmount) }

    /// The allowed maximum number of decimals for the Invoice line allowance amount (BT-136) is 2.
    static let brDEC24 = decimals("BR-DEC-24", "BT-136") { invoice in
        invoice.lines.flatMap { $0.allowances.filter { !$0.isCharge }.map(\.amount) }
    }

    /// The allowed maximum number of decimals for the Invoice line charge amount (BT-141) is 2.
    static let brDEC27 = decimals("BR-DEC-27", "BT-141") { invoice in
        invoice.lines.flatMap { $0.allowances.filter(\.isCharge).map(\.amount) }
    }
}
