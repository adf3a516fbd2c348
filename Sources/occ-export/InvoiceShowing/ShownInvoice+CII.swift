internal import Templates

extension ShownInvoice {
    /// Reads a Cross Industry Invoice.
    static func cii(_ root: XMLView) -> ShownInvoice {
        var shown = ShownInvoice(format: "CII")
        shown.isCreditNote = root.text("ExchangedDocument/TypeCode") == "381"
        shown.number = root.text("ExchangedDocument/ID")
        shown.issueDate = day(root.text("ExchangedDocument/IssueDateTime/DateTimeString"))
        guard let trade = root.first("SupplyChainTradeTransaction") else { return shown }
        let agreement = trade.first("ApplicableHeaderTradeAgreement")
        shown.contract = agreement?.text("ContractReferencedDocument/IssuerAssignedID")
        shown.seller = party(agreement?.first("SellerTradeParty"))
        shown.buyer = party(agreement?.first("BuyerTradeParty"))
        if let settlement = trade.first("ApplicableHeaderTradeSettlement") {
            shown.currency = settlement.text("InvoiceCurrencyCode")
            shown.reference = settlement.text("PaymentReference")
            let account = "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"
            shown.account = settlement.text("\(account)/IBANID")
            shown.dueDate = day(
                settlement.text("SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString")
            )
            for part in settlement.all("ApplicableTradeTax") {
                shown.vat.append(
                    VAT(
                        category: part.text("CategoryCode"),
                        rate: part.text("RateApplicablePercent"),
                        taxableAmount: part.text("BasisAmount"),
                        taxAmount: part.text("CalculatedAmount"),
                        reason: part.text("ExemptionReason")
                    )
                )
            }
            let totals = settlement.first("SpecifiedTradeSettlementHeaderMonetarySummation")
            shown.netAmount = totals?.text("TaxBasisTotalAmount")
            shown.vatAmount = totals?.text("TaxTotalAmount")
            shown.totalAmount = totals?.text("GrandTotalAmount")
            shown.rounding = totals?.text("RoundingAmount")
            shown.payable = totals?.text("DuePayableAmount")
        }
        shown.lines = trade.all("IncludedSupplyChainTradeLineItem").map(line)
        return shown
    }

    private static func line(_ line: XMLView) -> Line {
        let quantity = line.first("SpecifiedLineTradeDelivery/BilledQuantity")
        let settlement = line.first("SpecifiedLineTradeSettlement")
        return Line(
            id: line.text("AssociatedDocumentLineDocument/LineID"),
            name: line.text("SpecifiedTradeProduct/Name"),
            quantity: quantity?.text,
            unit: quantity?.attribute("unitCode"),
            price: line.text("SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount"),
            netAmount: settlement?.text(
                "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
            ),
            vatRate: settlement?.text("ApplicableTradeTax/RateApplicablePercent"),
            detail: line.all("SpecifiedTradeProduct/ApplicableProductCharacteristic").compactMap {
                detail($0.text("Description"), $0.text("Value"))
            }
        )
    }

    private static func party(_ party: XMLView?) -> Party {
        let registration = party?.all("SpecifiedTaxRegistration/ID").first {
            $0.attribute("schemeID") == "VA"
        }
        return Party(
            name: party?.text("Name"),
            registrationNumber: party?.text("SpecifiedLegalOrganization/ID"),
            vatNumber: registration?.text
        )
    }

    /// `20261031` as `2026-10-31`; other texts as they are.
    static func day(_ text: String?) -> String? {
        guard let text, text.utf8.count == 8, text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return text }
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    }
}
