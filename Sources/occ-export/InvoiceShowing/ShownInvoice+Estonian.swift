internal import Templates

extension ShownInvoice {
    /// Reads one invoice of an Estonian e-invoice file.
    static func estonian(_ root: XMLView) -> ShownInvoice {
        var shown = ShownInvoice(format: "Estonian e-invoice")
        let information = root.first("InvoiceInformation")
        shown.isCreditNote = information?.first("Type")?.attribute("type") == "CRE"
        shown.number = information?.text("InvoiceNumber")
        shown.issueDate = information?.text("InvoiceDate")
        shown.dueDate = information?.text("DueDate")
        shown.contract = information?.text("ContractNumber")
        shown.seller = party(root.first("InvoiceParties/SellerParty"))
        shown.buyer = party(root.first("InvoiceParties/BuyerParty"))
        let sums = root.first("InvoiceSumGroup")
        for part in sums?.all("VAT") ?? [] {
            shown.vat.append(
                VAT(
                    category: part.attribute("vatId"),
                    rate: part.text("VATRate"),
                    taxableAmount: part.text("SumBeforeVAT"),
                    taxAmount: part.text("VATSum"),
                    reason: part.text("Reference/InformationContent")
                )
            )
        }
        shown.netAmount = sums?.text("InvoiceSum")
        shown.vatAmount = sums?.text("TotalVATSum")
        shown.totalAmount = sums?.text("TotalSum")
        shown.rounding = sums?.text("Rounding")
        // A credit note asks for 0.00 there: what it credits is its total.
        let isAsked = hasAmount(sums?.text("TotalToPay"))
        shown.payable = sums?.text(shown.isCreditNote && !isAsked ? "TotalSum" : "TotalToPay")
        let payment = root.first("PaymentInfo")
        shown.currency = payment?.text("Currency") ?? sums?.text("Currency")
        shown.reference = payment?.text("PaymentRefId")
        shown.account = payment?.text("PayToAccount")
        for line in root.all("InvoiceItem/InvoiceItemGroup/ItemEntry") {
            shown.lines.append(
                Line(
                    id: line.text("RowNo"),
                    name: line.text("Description"),
                    quantity: line.text("ItemDetailInfo/ItemAmount"),
                    unit: line.text("ItemDetailInfo/ItemUnit"),
                    price: line.text("ItemDetailInfo/ItemPrice"),
                    netAmount: line.text("VAT/SumBeforeVAT") ?? line.text("ItemSum"),
                    vatRate: line.text("VAT/VATRate"),
                    detail: line.all("ItemReserve").compactMap {
                        detail($0.text("InformationName"), $0.text("InformationContent"))
                    }
                )
            )
        }
        return shown
    }

    private static func party(_ party: XMLView?) -> Party {
        Party(
            name: party?.text("Name"),
            registrationNumber: party?.text("RegNumber"),
            vatNumber: party?.text("VATRegNumber")
        )
    }
}
