internal import Templates

extension ShownInvoice {
    /// Reads a Finvoice 3.0.
    static func finvoice(_ root: XMLView) -> ShownInvoice {
        var shown = ShownInvoice(format: "Finvoice")
        let details = root.first("InvoiceDetails")
        shown.isCreditNote = details?.text("InvoiceTypeCode") == "INV02"
        shown.number = details?.text("InvoiceNumber")
        shown.issueDate = day(details?.text("InvoiceDate"))
        shown.dueDate = day(details?.text("PaymentTermsDetails/InvoiceDueDate"))
        shown.contract = details?.text("AgreementIdentifier")
        let total = details?.first("InvoiceTotalVatIncludedAmount")
        shown.currency = total?.attribute("AmountCurrencyIdentifier")
        let (seller, buyer) = (root.first("SellerPartyDetails"), root.first("BuyerPartyDetails"))
        shown.seller = Party(
            name: seller?.text("SellerOrganisationName"),
            registrationNumber: seller?.text("SellerPartyIdentifier"),
            vatNumber: seller?.text("SellerOrganisationTaxCode")
        )
        shown.buyer = Party(
            name: buyer?.text("BuyerOrganisationName"),
            registrationNumber: buyer?.text("BuyerPartyIdentifier"),
            vatNumber: buyer?.text("BuyerOrganisationTaxCode")
        )
        for part in details?.all("VatSpecificationDetails") ?? [] {
            shown.vat.append(
                VAT(
                    category: part.text("VatCode"),
                    rate: number(part.text("VatRatePercent")),
                    taxableAmount: number(part.text("VatBaseAmount")),
                    taxAmount: number(part.text("VatRateAmount")),
                    reason: part.text("VatFreeText")
                )
            )
        }
        shown.netAmount = number(details?.text("InvoiceTotalVatExcludedAmount"))
        shown.vatAmount = number(details?.text("InvoiceTotalVatAmount"))
        shown.totalAmount = number(total?.text)
        shown.rounding = number(details?.text("InvoiceTotalRoundoffAmount"))
        let instruction = root.first("EpiDetails/EpiPaymentInstructionDetails")
        shown.payable = number(instruction?.text("EpiInstructedAmount"))
        if shown.isCreditNote, !hasAmount(shown.payable) {
            // It instructs a payment of 0,00; what it credits is its total, which has a minus there.
            shown.payable = shown.totalAmount.map { String($0.trimmingPrefix("-")) }
        }
        shown.reference = instruction?.text("EpiRemittanceInfoIdentifier")
        shown.account = root.text(
            "EpiDetails/EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID"
        )
        for line in root.all("InvoiceRow") {
            let quantity = line.first("InvoicedQuantity")
            shown.lines.append(
                Line(
                    id: line.text("RowPositionIdentifier"),
                    name: line.text("ArticleName"),
                    quantity: number(quantity?.text),
                    unit: quantity?.attribute("QuantityUnitCode"),
                    price: number(line.text("UnitPriceNetAmount")),
                    netAmount: number(line.text("RowVatExcludedAmount")),
                    vatRate: number(line.text("RowVatRatePercent")),
                    detail: line.all("RowDefinitionDetails").compactMap {
                        detail($0.text("RowDefinitionHeaderText"), $0.text("RowDefinitionValue"))
                    }
                )
            )
        }
        return shown
    }

    /// A number with a point, as the other formats have it: Finvoice writes `1240,50`.
    private static func number(_ text: String?) -> String? {
        text?.replacing(",", with: ".")
    }
}
