extension Rule {
    static let codeRules = [
        brCL01, brCL03, brCL04, brCL07, brCL14, brCL16, brCL18, brCL23, brCL25,
    ]

    private static func unknown(_ term: String, _ code: String, _ list: String) -> Breach {
        Breach(term, detail: "\(term) '\(code)' is not in the list of \(list)")
    }

    /// The document type code MUST be coded by the invoice and credit note related code lists of UNTDID 1001.
    static let brCL01 = Rule("BR-CL-01") { invoice in
        let list = invoice.isCreditNote ? CodeLists.creditNoteTypes : CodeLists.invoiceTypes
        guard let code = invoice.typeCode, !isBlank(code), !list.contains(code) else { return [] }
        return [
            unknown("BT-3", code, invoice.isCreditNote ? "credit note types" : "invoice types")
        ]
    }

    /// currencyID MUST be coded using ISO code list 4217 alpha-3.
    static let brCL03 = eachLine("BR-CL-03") { line in
        guard let code = line.currency, !CodeLists.currencies.contains(code) else { return nil }
        return unknown("BT-5", code, "currencies")
    }

    /// Invoice currency code MUST be coded using ISO code list 4217 alpha-3.
    static let brCL04 = Rule("BR-CL-04") { invoice in
        guard let code = invoice.currency, !isBlank(code), !CodeLists.currencies.contains(code)
        else { return [] }
        return [unknown("BT-5", code, "currencies")]
    }

    /// Object identifier identification scheme identifier MUST be coded using a restriction of UNTDID 1153.
    static let brCL07 = eachLine("BR-CL-07") { line in
        for object in line.objects {
            if let scheme = object.scheme, !CodeLists.objectSchemes.contains(scheme) {
                return unknown("BT-128", scheme, "object schemes")
            }
        }
        return nil
    }

    /// Country codes in an invoice MUST be coded using ISO code list 3166-1.
    static let brCL14 = Rule("BR-CL-14") { invoice in
        let codes = [
            ("BT-40", invoice.seller.address.country), ("BT-55", invoice.buyer.address.country),
            ("BT-80", invoice.delivery?.country),
        ]
        return codes.compactMap { term, code in
            guard let code, !isBlank(code), !CodeLists.countries.contains(code) else { return nil }
            return unknown(term, code, "countries")
        }
    }

    /// Payment means in an invoice MUST be coded using UNCL4461 code list.
    static let brCL16 = Rule("BR-CL-16") { invoice in
        guard let code = invoice.payment?.meansCode, !isBlank(code),
            !CodeLists.paymentMeans.contains(code)
        else { return [] }
        return [unknown("BT-81", code, "payment means")]
    }

    /// Invoice tax categories MUST be coded using UNCL5305 code list.
    ///
    /// Lines are tested by BR-CL-18, breakdowns by BR-CL-17 of the same list; both stand here.
    static let brCL18 = Rule("BR-CL-18") { invoice in
        let lines = invoice.lines.flatMap { line in line.vat.map { ("BT-151", $0.category) } }
        let breakdowns = invoice.vatBreakdown.compactMap { breakdown in
            breakdown.category.map { ("BT-118", $0) }
        }
        return (lines + breakdowns).compactMap { term, code in
            isBlank(code) || CodeLists.vatCategories.contains(code)
                ? nil : unknown(term, code, "VAT categories")
        }
    }

    /// Unit code MUST be coded according to the UN/ECE Recommendation 20 with Rec 21 extension.
    static let brCL23 = eachLine("BR-CL-23") { line in
        guard let code = line.unit, !isBlank(code), !CodeLists.units.contains(code) else {
            return nil
        }
        return unknown("BT-130", code, "units")
    }

    /// Endpoint identifier scheme identifier MUST belong to the CEF EAS code list.
    static let brCL25 = Rule("BR-CL-25") { invoice in
        let schemes = [
            ("BT-34", invoice.seller.endpoint?.scheme), ("BT-49", invoice.buyer.endpoint?.scheme),
        ]
        return schemes.compactMap { term, code in
            guard let code, !isBlank(code), !CodeLists.endpointSchemes.contains(code) else {
                return nil
            }
            return unknown(term, code, "electronic address schemes")
        }
    }
}
