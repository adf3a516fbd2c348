internal import Transactions

extension Rule {
    static let breakdownRules = [
        brCO18, br45, br46, br47, br48, brS08, brE08, brZ08, brAE08, brIC08, brO08, brCO17, brS09,
        brE09, brZ09, brAE09, brIC09, brO09, brS10, brE10, brZ10, brAE10, brIC10, brO10,
    ]

    /// An Invoice shall at least have one VAT breakdown group (BG-23).
    static let brCO18 = Rule("BR-CO-18") { invoice in
        invoice.vatBreakdown.isEmpty ? [Breach("BG-23", detail: "there is no VAT breakdown")] : []
    }

    /// Each VAT breakdown (BG-23) shall have a VAT category taxable amount (BT-116).
    static let br45 = eachBreakdown("BR-45") { breakdown, _ in
        breakdown.taxableAmount == nil ? Breach("BT-116", detail: "BT-116 is missing") : nil
    }

    /// Each VAT breakdown (BG-23) shall have a VAT category tax amount (BT-117).
    static let br46 = eachBreakdown("BR-46") { breakdown, _ in
        breakdown.taxAmount == nil ? Breach("BT-117", detail: "BT-117 is missing") : nil
    }

    /// Each VAT breakdown (BG-23) shall be defined through a VAT category code (BT-118).
    static let br47 = eachBreakdown("BR-47") { breakdown, _ in
        isBlank(breakdown.category) ? Breach("BT-118", detail: "BT-118 is missing") : nil
    }

    /// Each VAT breakdown (BG-23) shall have a VAT category rate (BT-119), except if not subject to VAT.
    static let br48 = eachBreakdown("BR-48") { breakdown, _ in
        breakdown.rate == nil && breakdown.category != VATCategory.outside.rawValue
            ? Breach("BT-119", detail: "BT-119 is missing") : nil
    }

    /// BT-116 against the lines, allowances and charges of the category and, for S, of the rate; exactly.
    private static func taxable(_ id: String, _ category: VATCategory) -> Rule {
        eachBreakdown(id) { breakdown, invoice in
            guard breakdown.category == category.rawValue, let base = breakdown.taxableAmount else {
                return nil
            }
            func isOfBreakdown(_ other: String, _ rate: ExactDecimal?) -> Bool {
                other == category.rawValue && (category != .standard || rate == breakdown.rate)
            }
            let lines = invoice.lines.filter { line in
                line.vat.contains { isOfBreakdown($0.category, $0.rate) }
            }
            let amounts = lines.compactMap(\.netAmount)
            let more = invoice.allowances.filter { isOfBreakdown($0.category, $0.rate) }
                .compactMap { $0.isCharge ? $0.amount : $0.amount.negated }
            let sum = Invoice.sum(amounts + more)
            guard sum != base else { return nil }
            return Breach(
                "BT-116",
                "BT-131",
                detail: "BT-116 of \(category.rawValue) \(breakdown.rate?.description ?? "") is "
                    + "\(base), its lines add up to \(sum?.description ?? "too much")"
            )
        }
    }

    /// BT-116 of a "Standard rated" breakdown shall equal the sum of its rate's lines (BT-131), less allowances, plus charges.
    static let brS08 = taxable("BR-S-08", .standard)

    /// BT-116 of an "Exempt from VAT" breakdown shall equal the sum of its lines (BT-131), less allowances, plus charges.
    static let brE08 = taxable("BR-E-08", .exempt)

    /// BT-116 of a "Zero rated" breakdown shall equal the sum of its lines (BT-131), less allowances, plus charges.
    static let brZ08 = taxable("BR-Z-08", .zeroRated)

    /// BT-116 of a "Reverse charge" breakdown shall equal the sum of its lines (BT-131), less allowances, plus charges.
    static let brAE08 = taxable("BR-AE-08", .reverseCharge)

    /// BT-116 of an "Intra-community supply" breakdown shall equal the sum of its lines (BT-131), less allowances, plus charges.
    static let brIC08 = taxable("BR-IC-08", .intraCommunity)

    /// BT-116 of a "Not subject to VAT" breakdown shall equal the sum of its lines (BT-131), less allowances, plus charges.
    static let brO08 = taxable("BR-O-08", .outside)

    /// BT-117 against BT-116 × BT-119; exactly, or within CEN's tolerance where the supplier's VAT is taken.
    private static func tax(_ id: String, _ category: VATCategory?) -> Rule {
        Rule(id) { invoice, context in
            invoice.vatBreakdown.compactMap { breakdown in
                guard category == nil || breakdown.category == category?.rawValue,
                    let base = breakdown.taxableAmount, let tax = breakdown.taxAmount,
                    let rate = breakdown.rate,
                    let product = base.multiplied(by: rate),
                    let wanted = product.divided(by: ExactDecimal(100), to: 2, .halfUp),
                    let difference = tax.subtracting(wanted)
                else { return nil }
                // CEN tests BR-CO-17 and BR-S-09 with less than one unit of currency.
                let one = ExactDecimal(1)
                let isMet =
                    context.source == .supplierVAT
                    ? difference < one && difference > ExactDecimal(-1) : difference == .zero
                guard !isMet else { return nil }
                return Breach(
                    "BT-117",
                    "BT-116",
                    "BT-119",
                    detail: "BT-117 is \(tax), \(base) × \(rate) % is \(wanted)"
                )
            }
        }
    }

    /// VAT category tax amount (BT-117) = taxable amount (BT-116) × rate (BT-119) / 100, rounded to two decimals.
    static let brCO17 = tax("BR-CO-17", nil)

    /// BT-117 of a "Standard rated" breakdown shall equal the taxable amount (BT-116) multiplied by the rate (BT-119).
    static let brS09 = tax("BR-S-09", .standard)

    private static func noTax(_ id: String, _ category: VATCategory) -> Rule {
        eachBreakdown(id) { breakdown, _ in
            guard breakdown.category == category.rawValue, let tax = breakdown.taxAmount,
                tax != .zero
            else { return nil }
            return Breach(
                "BT-117",
                detail: "BT-117 of category \(category.rawValue) is \(tax), not 0"
            )
        }
    }

    /// BT-117 of an "Exempt from VAT" breakdown shall equal 0 (zero).
    static let brE09 = noTax("BR-E-09", .exempt)

    /// BT-117 of a "Zero rated" breakdown shall equal 0 (zero).
    static let brZ09 = noTax("BR-Z-09", .zeroRated)

    /// BT-117 of a "Reverse charge" breakdown shall be 0 (zero).
    static let brAE09 = noTax("BR-AE-09", .reverseCharge)

    /// BT-117 of an "Intra-community supply" breakdown shall be 0 (zero).
    static let brIC09 = noTax("BR-IC-09", .intraCommunity)

    /// BT-117 of a "Not subject to VAT" breakdown shall be 0 (zero).
    static let brO09 = noTax("BR-O-09", .outside)

    private static func reason(_ id: String, _ category: VATCategory) -> Rule {
        eachBreakdown(id) { breakdown, _ in
            guard breakdown.category == category.rawValue else { return nil }
            let isGiven =
                !isBlank(breakdown.exemptionReason) || !isBlank(breakdown.exemptionReasonCode)
            guard isGiven != category.needsReason else { return nil }
            return Breach(
                "BT-120",
                "BT-121",
                detail: "category \(category.rawValue) has "
                    + (isGiven ? "an exemption reason" : "no exemption reason")
            )
        }
    }

    /// A "Standard rated" breakdown shall not have an exemption reason code (BT-121) or text (BT-120).
    static let brS10 = reason("BR-S-10", .standard)

    /// An "Exempt from VAT" breakdown shall have an exemption reason code (BT-121) or text (BT-120).
    static let brE10 = reason("BR-E-10", .exempt)

    /// A "Zero rated" breakdown shall not have an exemption reason code (BT-121) or text (BT-120).
    static let brZ10 = reason("BR-Z-10", .zeroRated)

    /// A "Reverse charge" breakdown shall have an exemption reason code (BT-121) or text (BT-120).
    static let brAE10 = reason("BR-AE-10", .reverseCharge)

    /// An "Intra-community supply" breakdown shall have an exemption reason code (BT-121) or text (BT-120).
    static let brIC10 = reason("BR-IC-10", .intraCommunity)

    /// A "Not subject to VAT" breakdown shall have an exemption reason code (BT-121) or text (BT-120).
    static let brO10 = reason("BR-O-10", .outside)
}
