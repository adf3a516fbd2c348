internal import Templates

extension ShownInvoice {
    /// Reads UBL 2.1, Invoice or CreditNote.
    static func ubl(_ root: XMLView) -> ShownInvoice {
        var shown = ShownInvoice(format: "UBL")
        shown.isCreditNote = root.name == "CreditNote"
        shown.number = root.text("ID")
        shown.issueDate = root.text("IssueDate")
        shown.dueDate = root.text("DueDate") ?? root.text("PaymentMeans/PaymentDueDate")
        shown.currency = root.text("DocumentCurrencyCode")
        shown.contract = root.text("ContractDocumentReference/ID")
        shown.seller = party(root.first("AccountingSupplierParty/Party"))
        shown.buyer = party(root.first("AccountingCustomerParty/Party"))
        shown.reference = root.text("PaymentMeans/PaymentID")
        shown.account = root.text("PaymentMeans/PayeeFinancialAccount/ID")
        for part in root.all("TaxTotal/TaxSubtotal") {
            shown.vat.append(
                VAT(
                    category: part.text("TaxCategory/ID"),
                    rate: part.text("TaxCategory/Percent"),
                    taxableAmount: part.text("TaxableAmount"),
                    taxAmount: part.text("TaxAmount"),
                    reason: part.text("TaxCategory/TaxExemptionReason")
                )
            )
        }
        shown.netAmount = root.text("LegalMonetaryTotal/TaxExclusiveAmount")
        shown.vatAmount = root.text("TaxTotal/TaxAmount")
        shown.totalAmount = root.text("LegalMonetaryTotal/TaxInclusiveAmount")
        shown.rounding = root.text("LegalMonetaryTotal/PayableRoundingAmount")
        shown.payable = root.text("LegalMonetaryTotal/PayableAmount")
        for line in root.all("InvoiceLine") + root.all("CreditNoteLine") {
            let quantity = line.first("InvoicedQuantity") ?? line.first("CreditedQuantity")
            shown.lines.append(
                Line(
                    id: line.text("ID"),
                    name: line.text("Item/Name"),
                    quantity: quantity?.text,
                    unit: quantity?.attribute("unitCode"),
                    price: line.text("Price/PriceAmount"),
                    netAmount: line.text("LineExtensionAmount"),
                    vatRate: line.text("Item/ClassifiedTaxCategory/Percent"),
                    detail: line.all("Item/AdditionalItemProperty").compactMap {
                        detail($0.text("Name"), $0.text("Value"))
                    }
                )
            )
        }
        return shown
    }

    private static func party(_ party: XMLView?) -> Party {
        Party(
            name: party?.text("PartyLegalEntity/RegistrationName"),
            registrationNumber: party?.text("PartyLegalEntity/CompanyID"),
            vatNumber: party?.text("PartyTaxScheme/CompanyID")
        )
    }

    /// `Station S100`; nil where a part is missing.
    static func detail(_ name: String?, _ value: String?) -> String? {
        name.flatMap { name in value.map { "\(name) \($0)" } }
    }
}
