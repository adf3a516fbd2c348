internal import Transactions

extension Rule {
    static let totalRules = [brCO10, brCO11, brCO12, brCO13, brCO14, brCO15, brCO16]

    /// A total against what it must be; a total that is absent where it must be zero is right.
    private static func total(
        _ term: String,
        _ stated: ExactDecimal?,
        is wanted: ExactDecimal?,
        _ meaning: String
    ) -> [Breach] {
        let found = stated ?? .zero
        guard let wanted, found == wanted else {
            return [
                Breach(
                    term,
                    detail: "\(term) is \(stated?.description ?? "missing"), \(meaning) "
                        + (wanted?.description ?? "too large")
                )
            ]
        }
        return []
    }

    /// Sum of Invoice line net amount (BT-106) = Σ Invoice line net amount (BT-131).
    static let brCO10 = Rule("BR-CO-10") { invoice in
        let sum = Invoice.sum(invoice.lines.compactMap(\.netAmount))
        return total("BT-106", invoice.totals.lineNetAmount, is: sum, "the lines add up to")
    }

    /// Sum of allowances on document level (BT-107) = Σ Document level allowance amount (BT-92).
    static let brCO11 = Rule("BR-CO-11") { invoice in
        let sum = Invoice.sum(invoice.allowances.filter { !$0.isCharge }.map(\.amount))
        return total("BT-107", invoice.totals.allowances, is: sum, "the allowances add up to")
    }

    /// Sum of charges on document level (BT-108) = Σ Document level charge amount (BT-99).
    static let brCO12 = Rule("BR-CO-12") { invoice in
        let sum = Invoice.sum(invoice.allowances.filter(\.isCharge).map(\.amount))
        return total("BT-108", invoice.totals.charges, is: sum, "the charges add up to")
    }

    /// Invoice total amount without VAT (BT-109) = Σ BT-131 - BT-107 + BT-108.
    static let brCO13 = Rule("BR-CO-13") { invoice in
        let sum = Invoice.sum(invoice.lines.compactMap(\.netAmount))
        let wanted = sum?.subtracting(invoice.totals.allowances ?? .zero)?
            .adding(invoice.totals.charges ?? .zero)
        return total("BT-109", invoice.totals.withoutVAT, is: wanted, "the lines come to")
    }

    /// Invoice total VAT amount (BT-110) = Σ VAT category tax amount (BT-117).
    static let brCO14 = Rule("BR-CO-14") { invoice in
        let sum = Invoice.sum(invoice.vatBreakdown.compactMap(\.taxAmount))
        return total("BT-110", invoice.totals.vat, is: sum, "the breakdowns add up to")
    }

    /// Invoice total amount with VAT (BT-112) = BT-109 + BT-110.
    static let brCO15 = Rule("BR-CO-15") { invoice in
        let wanted = (invoice.totals.withoutVAT ?? .zero).adding(invoice.totals.vat ?? .zero)
        return total("BT-112", invoice.totals.withVAT, is: wanted, "BT-109 + BT-110 is")
    }

    /// Amount due for payment (BT-115) = BT-112 - Paid amount (BT-113) + Rounding amount (BT-114).
    static let brCO16 = Rule("BR-CO-16") { invoice in
        let wanted = (invoice.totals.withVAT ?? .zero).subtracting(invoice.totals.paid ?? .zero)?
            .adding(invoice.totals.rounding ?? .zero)
        return total("BT-115", invoice.totals.payable, is: wanted, "BT-112 - BT-113 + BT-114 is")
    }
}
