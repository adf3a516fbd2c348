internal import Transactions

/// A setting that no document could be made with.
public struct SettingProblem: Hashable, Sendable {
    /// The key, from the `invoice` section on: `seller.vat_number`.
    public let path: String
    /// What is wrong.
    public let message: String
    /// What to do.
    public let cure: String
}

extension InvoiceSettings {
    /// What is wrong with the settings for documents of a profile; checked when the configuration is read.
    ///
    /// Only what holds for every document is checked here; what depends on rows, the rules check.
    public func problems(for profile: InvoiceProfile, source: AmountSource) -> [SettingProblem] {
        var found = Problems()
        check(seller, "seller", &found)
        check(buyer, "buyer", &found)
        if [seller.identifier, seller.registrationNumber, seller.vatNumber]
            .allSatisfy({ Rule.isBlank($0) })
        {
            found.add(
                "seller",
                "the seller has no identifier (BR-CO-26)",
                "add registration_number"
            )
        }
        if source != .statement, Rule.isBlank(seller.vatNumber) {
            found.add(
                "seller",
                "invoices with VAT need the seller's VAT number (BR-S-02)",
                "add vat_number"
            )
        }
        if source == .statement, Rule.isBlank(seller.registrationNumber),
            Rule.isBlank(seller.identifier)
        {
            found.add(
                "seller",
                "a statement shows no VAT number (BR-O-02), so the seller needs another identifier",
                "add registration_number"
            )
        }
        checkPayment(&found)
        if let country = deliveryCountry, !CodeLists.countries.contains(country) {
            found.add(
                "delivery_country",
                "'\(country)' is no country code",
                "two letters of ISO 3166-1"
            )
        }
        checkProducts(&found)
        checkNamesAreThere(&found)
        checkProfile(profile, &found)
        return found.problems
    }

    private struct Problems {
        var problems: [SettingProblem] = []

        mutating func add(_ path: String, _ message: String, _ cure: String) {
            problems.append(SettingProblem(path: path, message: message, cure: cure))
        }
    }

    private func check(_ party: Party, _ path: String, _ found: inout Problems) {
        if Rule.isBlank(party.name) {
            found.add(path, "the \(path) has no name", "add name")
        }
        if let country = party.address.country {
            if !CodeLists.countries.contains(country) {
                found.add(
                    "\(path).address.country",
                    "'\(country)' is no country code",
                    "two letters of ISO 3166-1: EE"
                )
            }
        } else {
            found.add(
                "\(path)",
                "the \(path)'s address has no country",
                "add address: { country: EE }"
            )
        }
        if let number = party.vatNumber, !Rule.hasCountryPrefix(number) {
            found.add(
                "\(path).vat_number",
                "a VAT number starts with its country code (BR-CO-09)",
                "such as EE100000001"
            )
        }
        guard let endpoint = party.endpoint else { return }
        if let scheme = endpoint.scheme, CodeLists.endpointSchemes.contains(scheme) {
            if scheme == "0088", !CheckDigits.isGLN(endpoint.id) {
                found.add(
                    "\(path).endpoint.id",
                    "the location number's check digit is wrong",
                    "13 digits"
                )
            }
        } else {
            found.add(
                "\(path).endpoint.scheme",
                "'\(endpoint.scheme ?? "")' is no electronic address scheme",
                "0191 for an Estonian register code, 0218 Latvia, 0200 Lithuania, 0216 Finland"
            )
        }
        if Rule.isBlank(endpoint.id) {
            found.add("\(path).endpoint.id", "the electronic address is empty", "give the id")
        }
    }

    private func checkPayment(_ found: inout Problems) {
        if !CodeLists.paymentMeans.contains(payment.meansCode) {
            found.add(
                "payment.means",
                "'\(payment.meansCode)' is no payment means code",
                "30 credit transfer, 58 SEPA credit transfer, 48 card, ZZZ by agreement"
            )
        }
        if let iban = payment.iban {
            if !CheckDigits.isIBAN(iban) {
                found.add(
                    "payment.iban",
                    "the IBAN's check digits are wrong",
                    "no blanks, capital letters"
                )
            }
        } else if ["30", "58"].contains(payment.meansCode) {
            found.add(
                "payment",
                "payment means \(payment.meansCode) needs an account (BR-61)",
                "add iban"
            )
        }
        if payment.due == nil, Rule.isBlank(payment.terms) {
            found.add(
                "payment",
                "there is neither a due date nor payment terms (BR-CO-25)",
                "add due: P14D, or terms"
            )
        }
    }

    private func checkNamesAreThere(_ found: inout Problems) {
        for (code, name) in propertyNames.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where Rule.isBlank(name) {
            found.add("properties.\(code.rawValue)", "the name is empty (BR-54)", "a name, or none")
        }
    }

    private func checkProducts(_ found: inout Problems) {
        let rules =
            products.map { ("products", $0.key, $0.value) }
            + productTypes.map { ("product_types", $0.key, $0.value) }
        for (path, key, rule) in rules.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            if let unit = rule.unit, !CodeLists.units.contains(unit) {
                found.add(
                    path,
                    "'\(unit)' of '\(key)' is no unit of Recommendation 20",
                    "LTR litre, KWH kilowatt hour, KGM kilogram, H87 piece, C62 one (PCE and PCS are not in it)"
                )
            }
        }
        if roundingLimit < .zero || tolerance < .zero {
            found.add("tolerance", "a tolerance is not negative", "0.01")
        }
    }

    private func checkProfile(_ profile: InvoiceProfile, _ found: inout Problems) {
        switch profile {
        case .en16931: break
        case .peppol:
            for (path, party) in [("seller", seller), ("buyer", buyer)] where party.endpoint == nil
            {
                found.add(
                    path,
                    "Peppol needs the \(path)'s electronic address (R010, R020)",
                    "add endpoint: { scheme: \"0191\", id: ... }"
                )
            }
        case .xrechnung:
            for (key, value) in [
                ("name", seller.contact?.name), ("phone", seller.contact?.phone),
                ("email", seller.contact?.email),
            ] where Rule.isBlank(value) {
                found.add(
                    "seller",
                    "XRechnung needs the seller's contact \(key) (BR-DE-5 to 7)",
                    "add contact: { name: ..., phone: ..., email: ... }"
                )
            }
            for (path, party) in [("seller", seller), ("buyer", buyer)]
            where Rule.isBlank(party.address.city) || Rule.isBlank(party.address.postCode) {
                found.add(
                    path,
                    "XRechnung needs the \(path)'s city and post code (BR-DE-3, 4, 8, 9)",
                    "add them to address"
                )
            }
        case .estonian:
            if Rule.isBlank(seller.registrationNumber) {
                found.add(
                    "seller",
                    "the Estonian e-invoice needs the seller's register code",
                    "add registration_number"
                )
            }
            if Rule.isBlank(buyer.registrationNumber) {
                found.add(
                    "buyer",
                    "the Estonian e-invoice needs the buyer's register code",
                    "add registration_number"
                )
            }
            checkTransfer("the Estonian e-invoice", &found)
            checkNames("the Estonian e-invoice", &found)
            if case .fixed(let text) = payment.reference, !CheckDigits.isReference731(text) {
                found.add(
                    "payment.reference",
                    "'\(text)' is no reference number",
                    "digits with their 7-3-1 check digit"
                )
            }
        case .finvoice:
            checkTransfer("Finvoice", &found)
            checkNames("Finvoice", &found)
            if case .fixed(let text) = payment.reference, !CheckDigits.isReference731(text),
                !CheckDigits.isCreditorReference(text)
            {
                found.add(
                    "payment.reference",
                    "'\(text)' is no reference number",
                    "digits with their 7-3-1 check digit, or RF and its check digits"
                )
            }
        }
    }

    /// Names of attributes are identifiers of 20 characters in the Estonian format and in Finvoice.
    private func checkNames(_ format: String, _ found: inout Problems) {
        for (code, name) in propertyNames.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where name.unicodeScalars.count > 20 {
            found.add(
                "properties.\(code.rawValue)",
                "'\(name)' has more than the 20 characters that \(format) takes",
                "a shorter name"
            )
        }
    }

    private func checkTransfer(_ format: String, _ found: inout Problems) {
        if payment.iban == nil {
            found.add("payment", "\(format) needs the account to pay to", "add iban")
        }
        if payment.due == nil {
            found.add("payment", "\(format) needs a due date", "add due: P14D")
        }
    }
}
