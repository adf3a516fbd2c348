extension Rule {
    static let partyRules = [
        br06, br07, br09, br11, brCO09, brCO26, br62, br63, brS02, brE02, brZ02, brAE02, brIC02,
        brO02,
    ]

    /// An Invoice shall contain the Seller name (BT-27).
    static let br06 = needs("BR-06", "BT-27") { $0.seller.name }

    /// An Invoice shall contain the Buyer name (BT-44).
    static let br07 = needs("BR-07", "BT-44") { $0.buyer.name }

    /// The Seller postal address (BG-5) shall contain a Seller country code (BT-40).
    static let br09 = needs("BR-09", "BT-40") { $0.seller.address.country }

    /// The Buyer postal address (BG-8) shall contain a Buyer country code (BT-55).
    static let br11 = needs("BR-11", "BT-55") { $0.buyer.address.country }

    /// The VAT identifiers (BT-31, BT-48) shall have the prefix of the country that issued them; Greece may use EL.
    static let brCO09 = Rule("BR-CO-09") { invoice in
        [("BT-31", invoice.seller.vatNumber), ("BT-48", invoice.buyer.vatNumber)].compactMap {
            term,
            number in
            guard let number, !hasCountryPrefix(number) else { return nil }
            return Breach(term, detail: "\(term) '\(number)' does not start with a country code")
        }
    }

    static func hasCountryPrefix(_ number: String) -> Bool {
        let prefix = String(number.prefix(2))
        return prefix == "EL" || CodeLists.countries.contains(prefix)
    }

    /// The Seller identifier (BT-29), legal registration identifier (BT-30) or VAT identifier (BT-31) shall be present.
    static let brCO26 = Rule("BR-CO-26") { invoice in
        let seller = invoice.seller
        let isKnown = [seller.identifier, seller.registrationNumber, seller.vatNumber].contains {
            !isBlank($0)
        }
        return isKnown
            ? []
            : [
                Breach(
                    "BT-29",
                    "BT-30",
                    "BT-31",
                    detail: "the seller has no identifier, no registration and no VAT number"
                )
            ]
    }

    /// The Seller electronic address (BT-34) shall have a Scheme identifier.
    static let br62 = Rule("BR-62") { invoice in
        guard let endpoint = invoice.seller.endpoint, isBlank(endpoint.scheme) else { return [] }
        return [Breach("BT-34", detail: "the seller's electronic address has no scheme")]
    }

    /// The Buyer electronic address (BT-49) shall have a Scheme identifier.
    static let br63 = Rule("BR-63") { invoice in
        guard let endpoint = invoice.buyer.endpoint, isBlank(endpoint.scheme) else { return [] }
        return [Breach("BT-49", detail: "the buyer's electronic address has no scheme")]
    }

    private static func sellerVAT(_ id: String, _ category: VATCategory) -> Rule {
        Rule(id) { invoice in
            guard invoice.hasLine(of: category), isBlank(invoice.seller.vatNumber) else {
                return []
            }
            return [
                Breach(
                    "BT-31",
                    "BT-151",
                    detail: "there are lines of category \(category.rawValue), "
                        + "and the seller has no VAT number"
                )
            ]
        }
    }

    /// An Invoice with a "Standard rated" line shall contain the Seller VAT identifier (BT-31).
    static let brS02 = sellerVAT("BR-S-02", .standard)

    /// An Invoice with an "Exempt from VAT" line shall contain the Seller VAT identifier (BT-31).
    static let brE02 = sellerVAT("BR-E-02", .exempt)

    /// An Invoice with a "Zero rated" line shall contain the Seller VAT identifier (BT-31).
    static let brZ02 = sellerVAT("BR-Z-02", .zeroRated)

    /// An Invoice with a "Reverse charge" line shall contain the Seller VAT identifier (BT-31) and the Buyer VAT identifier (BT-48) or legal registration identifier (BT-47).
    static let brAE02 = Rule("BR-AE-02") { invoice in
        guard invoice.hasLine(of: .reverseCharge),
            isBlank(invoice.seller.vatNumber)
                || (isBlank(invoice.buyer.vatNumber) && isBlank(invoice.buyer.registrationNumber))
        else { return [] }
        return [
            Breach(
                "BT-31",
                "BT-48",
                "BT-47",
                detail: "reverse charge needs the seller's VAT number and the buyer's VAT or "
                    + "registration number"
            )
        ]
    }

    /// An Invoice with an "Intra-community supply" line shall contain the Seller VAT identifier (BT-31) and the Buyer VAT identifier (BT-48).
    static let brIC02 = Rule("BR-IC-02") { invoice in
        guard invoice.hasLine(of: .intraCommunity),
            isBlank(invoice.seller.vatNumber) || isBlank(invoice.buyer.vatNumber)
        else { return [] }
        return [
            Breach(
                "BT-31",
                "BT-48",
                detail: "an intra-Community supply needs both parties' VAT numbers"
            )
        ]
    }

    /// An Invoice with a "Not subject to VAT" line shall not contain the Seller (BT-31) or Buyer VAT identifier (BT-48).
    static let brO02 = Rule("BR-O-02") { invoice in
        guard invoice.hasLine(of: .outside),
            !isBlank(invoice.seller.vatNumber) || !isBlank(invoice.buyer.vatNumber)
        else { return [] }
        return [
            Breach(
                "BT-31",
                "BT-48",
                detail: "a document outside VAT shows a VAT number"
            )
        ]
    }
}
