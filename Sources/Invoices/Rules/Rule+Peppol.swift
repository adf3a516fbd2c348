internal import Transactions

/// PEPPOL-EN16931-R...; F001 (dates as YYYY-MM-DD) is kept by the type of a date, which has no other form.
extension Rule {
    static let peppolRules = [
        r001, r002, r003, r004, r007, r008, r010, r020, r046, r051, r101, r110, r111, r120,
    ]

    /// Business process MUST be provided.
    static let r001 = needs("R001", "BT-23", .peppol) { $0.businessProcess }

    /// No more than one note is allowed on document level.
    static let r002 = Rule("R002", .peppol) { invoice in
        invoice.notes.count > 1
            ? [Breach("BT-22", detail: "there are \(invoice.notes.count) notes")] : []
    }

    /// A buyer reference or purchase order reference MUST be provided.
    static let r003 = Rule("R003", .peppol) { invoice in
        isBlank(invoice.buyerReference) && isBlank(invoice.orderReference)
            ? [
                Breach(
                    "BT-10",
                    "BT-13",
                    detail: "there is neither buyer reference nor order reference; "
                        + "give buyer_reference"
                )
            ] : []
    }

    /// Specification identifier MUST have the value of Peppol BIS Billing 3.0.
    static let r004 = Rule("R004", .peppol) { invoice in
        let wanted = InvoiceProfile.peppol.specification
        guard let found = invoice.specification, !isBlank(found), !found.hasPrefix(wanted) else {
            return []
        }
        return [Breach("BT-24", detail: "BT-24 is '\(found)', not '\(wanted)'")]
    }

    /// Business process MUST be in the format 'urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0'.
    static let r007 = Rule("R007", .peppol) { invoice in
        guard let found = invoice.businessProcess, !isBlank(found) else { return [] }
        let parts = found.split(separator: ":", omittingEmptySubsequences: false)
        let isRight =
            parts.count == 8
            && parts[..<6].elementsEqual(["urn", "fdc", "peppol.eu", "2017", "poacc", "billing"])
            && parts[6].utf8.count == 2 && parts[6].utf8.allSatisfy { (0x30...0x39).contains($0) }
            && parts[7] == "1.0"
        return isRight ? [] : [Breach("BT-23", detail: "BT-23 is '\(found)'")]
    }

    /// Document MUST not contain empty elements.
    static let r008 = Rule("R008", .peppol) { invoice in emptyTerms(of: invoice.group) }

    private static func emptyTerms(of group: TermGroup) -> [Breach] {
        var breaches: [Breach] = []
        // Lines stand in their groups again.
        for (place, term) in group.description.terms.enumerated() where term.name != "lineGroups" {
            switch group.value(at: place) {
            case .string(let text) where text.isEmpty:
                let number = term.number.isEmpty ? term.name : term.number
                breaches.append(
                    Breach(number, detail: "\(term.name) of \(group.description.name) is empty")
                )
            case .group(let inner): breaches += emptyTerms(of: inner)
            case .list(let groups): breaches += groups.flatMap { emptyTerms(of: $0) }
            default: break
            }
        }
        return breaches
    }

    /// Buyer electronic address MUST be provided.
    static let r010 = needs("R010", "BT-49", .peppol) { $0.buyer.endpoint?.id }

    /// Seller electronic address MUST be provided.
    static let r020 = needs("R020", "BT-34", .peppol) { $0.seller.endpoint?.id }

    /// Item net price MUST equal (Gross price - Allowance amount) when gross price is provided.
    static let r046 = eachLine("R046", .peppol) { line in
        guard let gross = line.grossPrice, let net = line.netPrice,
            gross.subtracting(line.priceDiscount ?? .zero) != net
        else { return nil }
        return Breach(
            "BT-146",
            "BT-147",
            "BT-148",
            detail: "BT-146 is \(net), BT-148 \(gross) less BT-147 "
                + "\(line.priceDiscount?.description ?? "0") is another"
        )
    }

    /// All currencyID attributes must have the same value as the invoice currency code (BT-5).
    static let r051 = eachLineOfInvoice("R051") { line, invoice in
        guard let currency = line.currency, currency != invoice.currency else { return nil }
        return Breach(
            "BT-5",
            detail: "the row is in \(currency), the document in \(invoice.currency ?? "none")"
        )
    }

    /// Element Document reference can only be used for Invoice line object: document type code 130.
    static let r101 = eachLine("R101", .peppol) { line in
        guard let object = line.objects.first(where: { $0.documentType != "130" }) else {
            return nil
        }
        return Breach("BT-128", detail: "the object's document type is \(object.documentType)")
    }

    /// Start date of line period MUST be within invoice period.
    static let r110 = eachLineOfInvoice("R110") { line, invoice in
        guard let first = invoice.period?.start, let day = line.period?.start, day < first else {
            return nil
        }
        return Breach("BT-134", "BT-73", detail: "\(day) is before the period's start \(first)")
    }

    /// End date of line period MUST be within invoice period.
    static let r111 = eachLineOfInvoice("R111") { line, invoice in
        guard let last = invoice.period?.end, let day = line.period?.end, day > last else {
            return nil
        }
        return Breach("BT-135", "BT-74", detail: "\(day) is after the period's end \(last)")
    }

    /// Invoice line net amount MUST equal quantity × net price + charges - allowances of the line, within 0.02.
    static let r120 = eachLine("R120", .peppol) { line in
        guard let net = line.netAmount, let quantity = line.quantity, let price = line.netPrice,
            let allowed = Invoice.sum(
                line.allowances.compactMap { $0.isCharge ? $0.amount : $0.amount.negated }
            ),
            let wanted = quantity.normalized.multiplied(by: price.normalized)?.adding(allowed),
            let difference = wanted.subtracting(net),
            difference.magnitude > LinePrices.slack
        else { return nil }
        return Breach(
            "BT-131",
            "BT-129",
            "BT-146",
            detail:
                "BT-131 is \(net), \(quantity.normalized) × \(price) with allowances and charges "
                + "is \(wanted.normalized)"
        )
    }

    private static func eachLineOfInvoice(
        _ id: String,
        _ breach: @escaping @Sendable (InvoiceLine, Invoice) -> Breach?
    ) -> Rule {
        Rule(id, .peppol) { invoice in
            invoice.lines.compactMap { line in
                breach(line, invoice).map {
                    Breach(terms: $0.terms, detail: "line \(line.id ?? "?"): \($0.detail)")
                }
            }
        }
    }
}
