internal import Transactions

extension Rule {
    static let categoryRules = [
        brS01, brE01, brZ01, brAE01, brIC01, brO01, brS05, brE05, brZ05, brAE05, brIC05, brO05,
        brO11, brO12, brO13, brO14, brIC11, brIC12,
    ]

    private static func breakdown(
        _ id: String,
        _ category: VATCategory,
        isOnlyOne: Bool
    ) -> Rule {
        Rule(id) { invoice in
            guard invoice.hasItem(of: category) else { return [] }
            let count = invoice.vatBreakdown.count { $0.category == category.rawValue }
            guard count == 0 || (isOnlyOne && count > 1) else { return [] }
            return [
                Breach(
                    "BT-118",
                    "BT-151",
                    detail: "lines are of category \(category.rawValue), and the breakdown has it "
                        + "\(count) times"
                )
            ]
        }
    }

    /// An Invoice with a "Standard rated" item shall contain at least one VAT breakdown (BG-23) of that category.
    static let brS01 = breakdown("BR-S-01", .standard, isOnlyOne: false)

    /// An Invoice with an "Exempt from VAT" item shall contain exactly one VAT breakdown (BG-23) of that category.
    static let brE01 = breakdown("BR-E-01", .exempt, isOnlyOne: true)

    /// An Invoice with a "Zero rated" item shall contain exactly one VAT breakdown (BG-23) of that category.
    static let brZ01 = breakdown("BR-Z-01", .zeroRated, isOnlyOne: true)

    /// An Invoice with a "Reverse charge" item shall contain exactly one VAT breakdown (BG-23) of that category.
    static let brAE01 = breakdown("BR-AE-01", .reverseCharge, isOnlyOne: true)

    /// An Invoice with an "Intra-community supply" item shall contain exactly one VAT breakdown (BG-23) of that category.
    static let brIC01 = breakdown("BR-IC-01", .intraCommunity, isOnlyOne: true)

    /// An Invoice with a "Not subject to VAT" item shall contain exactly one VAT breakdown (BG-23) of that category.
    static let brO01 = breakdown("BR-O-01", .outside, isOnlyOne: true)

    private static func lineRate(
        _ id: String,
        _ category: VATCategory,
        _ wanted: String,
        _ isRight: @escaping @Sendable (ExactDecimal?) -> Bool
    ) -> Rule {
        eachLine(id) { line in
            guard let vat = line.vat.first(where: { $0.category == category.rawValue }),
                !isRight(vat.rate)
            else { return nil }
            return Breach(
                "BT-152",
                detail: "the rate of category \(category.rawValue) is "
                    + "\(vat.rate?.description ?? "missing"), not \(wanted)"
            )
        }
    }

    private static func isZero(_ rate: ExactDecimal?) -> Bool { rate == .zero }

    /// In a "Standard rated" line the Invoiced item VAT rate (BT-152) shall be greater than zero.
    static let brS05 = lineRate("BR-S-05", .standard, "above zero") { ($0 ?? .zero) > .zero }

    /// In an "Exempt from VAT" line the Invoiced item VAT rate (BT-152) shall be 0 (zero).
    static let brE05 = lineRate("BR-E-05", .exempt, "0", isZero)

    /// In a "Zero rated" line the Invoiced item VAT rate (BT-152) shall be 0 (zero).
    static let brZ05 = lineRate("BR-Z-05", .zeroRated, "0", isZero)

    /// In a "Reverse charge" line the Invoiced item VAT rate (BT-152) shall be 0 (zero).
    static let brAE05 = lineRate("BR-AE-05", .reverseCharge, "0", isZero)

    /// In an "Intra-community supply" line the Invoiced item VAT rate (BT-152) shall be 0 (zero).
    static let brIC05 = lineRate("BR-IC-05", .intraCommunity, "0", isZero)

    /// A "Not subject to VAT" line shall not contain an Invoiced item VAT rate (BT-152).
    static let brO05 = lineRate("BR-O-05", .outside, "absent") { $0 == nil }

    private static func outside(
        _ id: String,
        _ terms: [String],
        _ what: String,
        _ hasOther: @escaping @Sendable (Invoice) -> Bool
    ) -> Rule {
        Rule(id) { invoice in
            guard
                invoice.vatBreakdown.contains(where: {
                    $0.category == VATCategory.outside.rawValue
                }),
                hasOther(invoice)
            else { return [] }
            return [Breach(terms: terms, detail: "beside category O stands \(what)")]
        }
    }

    /// A VAT breakdown "Not subject to VAT" shall not stand beside other VAT breakdowns (BG-23).
    static let brO11 = outside("BR-O-11", ["BT-118"], "another breakdown") {
        $0.vatBreakdown.contains { $0.category != VATCategory.outside.rawValue }
    }

    /// A VAT breakdown "Not subject to VAT" shall not stand beside Invoice lines (BG-25) of another category.
    static let brO12 = outside("BR-O-12", ["BT-118", "BT-151"], "a line of another category") {
        $0.lines.contains { $0.vat.contains { $0.category != VATCategory.outside.rawValue } }
    }

    /// A VAT breakdown "Not subject to VAT" shall not stand beside document level allowances (BG-20) of another category.
    static let brO13 = outside("BR-O-13", ["BT-118", "BT-95"], "an allowance of another category") {
        $0.allowances.contains {
            !$0.isCharge && $0.category != VATCategory.outside.rawValue
        }
    }

    /// A VAT breakdown "Not subject to VAT" shall not stand beside document level charges (BG-21) of another category.
    static let brO14 = outside("BR-O-14", ["BT-118", "BT-102"], "a charge of another category") {
        $0.allowances.contains { $0.isCharge && $0.category != VATCategory.outside.rawValue }
    }

    private static func hasIntraCommunity(_ invoice: Invoice) -> Bool {
        invoice.vatBreakdown.contains { $0.category == VATCategory.intraCommunity.rawValue }
    }

    /// With an "Intra-community supply" the Actual delivery date (BT-72) or the Invoicing period (BG-14) shall not be blank.
    static let brIC11 = Rule("BR-IC-11") { invoice in
        guard hasIntraCommunity(invoice), invoice.delivery?.date == nil, invoice.period == nil
        else {
            return []
        }
        return [Breach("BT-72", "BG-14", detail: "there is no delivery date and no period")]
    }

    /// With an "Intra-community supply" the Deliver to country code (BT-80) shall not be blank.
    static let brIC12 = Rule("BR-IC-12") { invoice in
        guard hasIntraCommunity(invoice), isBlank(invoice.delivery?.country) else { return [] }
        return [Breach("BT-80", detail: "there is no deliver to country")]
    }
}
