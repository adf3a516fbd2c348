internal import Transactions

extension Rule {
    static let documentRules = [
        br01, br02, br03, br04, br05, br16, br29, brCO19, br55, brCO25,
    ]

    /// An Invoice shall have a Specification identifier (BT-24).
    static let br01 = needs("BR-01", "BT-24") { $0.specification }

    /// An Invoice shall have an Invoice number (BT-1).
    static let br02 = needs("BR-02", "BT-1") { $0.number }

    /// An Invoice shall have an Invoice issue date (BT-2).
    static let br03 = needs("BR-03", "BT-2") { $0.issueDate?.description }

    /// An Invoice shall have an Invoice type code (BT-3).
    static let br04 = needs("BR-04", "BT-3") { $0.typeCode }

    /// An Invoice shall have an Invoice currency code (BT-5).
    static let br05 = needs("BR-05", "BT-5") { $0.currency }

    /// An Invoice shall have at least one Invoice line (BG-25).
    static let br16 = Rule("BR-16") { invoice in
        invoice.lines.isEmpty ? [Breach("BG-25", detail: "there is no line")] : []
    }

    /// The Invoicing period end date (BT-74) shall be later or equal to its start date (BT-73).
    static let br29 = Rule("BR-29") { invoice in
        guard let start = invoice.period?.start, let end = invoice.period?.end, end < start else {
            return []
        }
        return [Breach("BT-73", "BT-74", detail: "the period ends on \(end), starts on \(start)")]
    }

    /// If the Invoicing period (BG-14) is used, its start date (BT-73) or end date (BT-74) shall be filled.
    static let brCO19 = Rule("BR-CO-19") { invoice in
        guard let period = invoice.period, period.start == nil, period.end == nil else { return [] }
        return [Breach("BG-14", detail: "the invoicing period has no date")]
    }

    /// Each Preceding Invoice reference (BG-3) shall contain a Preceding Invoice reference (BT-25).
    static let br55 = Rule("BR-55") { invoice in
        guard let reference = invoice.precedingInvoice, isBlank(reference.number) else { return [] }
        return [Breach("BT-25", detail: "the preceding invoice has no number")]
    }

    /// If the Amount due for payment (BT-115) is positive, the Payment due date (BT-9) or Payment terms (BT-20) shall be present.
    ///
    /// CEN dropped it from its rules in 1.3.16; the norm and other receivers keep it.
    static let brCO25 = Rule("BR-CO-25") { invoice in
        guard let payable = invoice.totals.payable, payable > .zero, invoice.dueDate == nil,
            isBlank(invoice.paymentTerms)
        else { return [] }
        return [
            Breach(
                "BT-115",
                "BT-9",
                "BT-20",
                detail: "\(payable) is to be paid, and there is neither due date nor payment terms"
            )
        ]
    }
}
