import Invoices
import Testing
import Transactions

/// What a document says, and what the model it was written from says, in the same words.
struct Facts: Equatable {
    struct Line: Equatable {
        var id: String?
        var name: String?
        var quantity: ExactDecimal?
        var unit: String?
        var net: ExactDecimal?
        var rate: ExactDecimal?
        var properties: [String] = []
    }

    var number: String?
    var currency: String?
    var issueDate: String?
    var isCreditNote = false
    var seller: String?
    var buyerVAT: String?
    var contract: String?
    var net: ExactDecimal?
    var vat: ExactDecimal?
    var rounding: ExactDecimal?
    var payable: ExactDecimal?
    var bases: [ExactDecimal?] = []
    var lines: [Line] = []

    init() {}

    /// What the model says; on a credit note with the sign of the format.
    init(_ invoice: Invoice, sign: ExactDecimal = ExactDecimal(1), creditPayable: String? = nil) {
        func signed(_ amount: ExactDecimal?) -> ExactDecimal? { amount?.multiplied(by: sign) }
        number = invoice.number
        currency = invoice.currency
        issueDate = invoice.issueDate?.description
        isCreditNote = invoice.isCreditNote
        seller = invoice.seller.name
        buyerVAT = invoice.buyer.vatNumber
        contract = invoice.contractReference
        net = signed(invoice.totals.withoutVAT)
        vat = signed(invoice.totals.vat ?? .zero)
        rounding = signed(invoice.totals.rounding)
        payable =
            invoice.isCreditNote
            ? creditPayable.map(decimal) ?? invoice.totals.payable
            : invoice.totals.payable
        bases = invoice.vatBreakdown.map { signed($0.taxableAmount) }
        lines = invoice.lines.map { line in
            Line(
                id: line.id,
                name: line.itemName,
                quantity: signed(line.quantity),
                unit: line.unit,
                net: signed(line.netAmount),
                rate: line.vat.first?.rate,
                properties: line.properties.map { "\($0.name)=\($0.value)" }
            )
        }
    }
}

struct `What a reader finds` {
    private func number(_ text: String?) -> ExactDecimal? {
        text.flatMap { ExactDecimal($0.replacing(",", with: ".")) }
    }

    private func dashed(_ text: String?) -> String? {
        text.map { "\($0.prefix(4))-\($0.dropFirst(4).prefix(2))-\($0.suffix(2))" }
    }

    private func ubl(_ root: LibxmlElement) -> Facts {
        var facts = Facts()
        let line = root.name == "Invoice" ? "InvoiceLine" : "CreditNoteLine"
        facts.isCreditNote = root.name == "CreditNote"
        facts.number = root.value("ID")
        facts.currency = root.value("DocumentCurrencyCode")
        facts.issueDate = root.value("IssueDate")
        facts.seller = root.value("AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName")
        facts.buyerVAT = root.value("AccountingCustomerParty/Party/PartyTaxScheme/CompanyID")
        facts.contract = root.value("ContractDocumentReference/ID")
        facts.net = number(root.value("LegalMonetaryTotal/TaxExclusiveAmount"))
        facts.vat = number(root.value("TaxTotal/TaxAmount"))
        facts.rounding = number(root.value("LegalMonetaryTotal/PayableRoundingAmount"))
        facts.payable = number(root.value("LegalMonetaryTotal/PayableAmount"))
        facts.bases = root.all("TaxTotal/TaxSubtotal/TaxableAmount").map { number($0.text) }
        for row in root.all(line) {
            let quantity = row.children.first { $0.name.hasSuffix("Quantity") }
            facts.lines.append(
                Facts.Line(
                    id: row.value("ID"),
                    name: row.value("Item/Name"),
                    quantity: number(quantity?.text),
                    unit: quantity?.attributes["unitCode"],
                    net: number(row.value("LineExtensionAmount")),
                    rate: number(row.value("Item/ClassifiedTaxCategory/Percent")),
                    properties: row.all("Item/AdditionalItemProperty").filter {
                        $0.value("Name") != "InvoiceItemGroupId"
                    }.map { "\($0.value("Name") ?? "")=\($0.value("Value") ?? "")" }
                )
            )
        }
        return facts
    }

    private func cii(_ root: LibxmlElement) -> Facts {
        var facts = Facts()
        let trade = "SupplyChainTradeTransaction"
        let agreement = "\(trade)/ApplicableHeaderTradeAgreement"
        let settlement = "\(trade)/ApplicableHeaderTradeSettlement"
        let sums = "\(settlement)/SpecifiedTradeSettlementHeaderMonetarySummation"
        facts.isCreditNote = root.value("ExchangedDocument/TypeCode") == "381"
        facts.number = root.value("ExchangedDocument/ID")
        facts.issueDate = dashed(root.value("ExchangedDocument/IssueDateTime/DateTimeString"))
        facts.currency = root.value("\(settlement)/InvoiceCurrencyCode")
        facts.seller = root.value("\(agreement)/SellerTradeParty/Name")
        facts.buyerVAT = root.value("\(agreement)/BuyerTradeParty/SpecifiedTaxRegistration/ID")
        facts.contract = root.value("\(agreement)/ContractReferencedDocument/IssuerAssignedID")
        facts.net = number(root.value("\(sums)/TaxBasisTotalAmount"))
        facts.vat = number(root.value("\(sums)/TaxTotalAmount")) ?? .zero
        facts.rounding = number(root.value("\(sums)/RoundingAmount"))
        facts.payable = number(root.value("\(sums)/DuePayableAmount"))
        facts.bases = root.all("\(settlement)/ApplicableTradeTax/BasisAmount").map {
            number($0.text)
        }
        for row in root.all("\(trade)/IncludedSupplyChainTradeLineItem") {
            let quantity = row.all("SpecifiedLineTradeDelivery/BilledQuantity").first
            let line = "SpecifiedLineTradeSettlement"
            facts.lines.append(
                Facts.Line(
                    id: row.value("AssociatedDocumentLineDocument/LineID"),
                    name: row.value("SpecifiedTradeProduct/Name"),
                    quantity: number(quantity?.text),
                    unit: quantity?.attributes["unitCode"],
                    net: number(
                        row.value(
                            "\(line)/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
                        )
                    ),
                    rate: number(row.value("\(line)/ApplicableTradeTax/RateApplicablePercent")),
                    properties: row.all("SpecifiedTradeProduct/ApplicableProductCharacteristic").map
                    {
                        "\($0.value("Description") ?? "")=\($0.value("Value") ?? "")"
                    }
                )
            )
        }
        return facts
    }

    private func estonian(_ root: LibxmlElement) -> Facts {
        var facts = Facts()
        let information = "InvoiceInformation"
        facts.isCreditNote = root.all("\(information)/Type").first?.attributes["type"] == "CRE"
        facts.number = root.value("\(information)/InvoiceNumber")
        facts.issueDate = root.value("\(information)/InvoiceDate")
        facts.currency = root.value("PaymentInfo/Currency")
        facts.seller = root.value("InvoiceParties/SellerParty/Name")
        facts.buyerVAT = root.value("InvoiceParties/BuyerParty/VATRegNumber")
        facts.contract = root.value("\(information)/ContractNumber")
        facts.net = number(root.value("InvoiceSumGroup/InvoiceSum"))
        facts.vat = number(root.value("InvoiceSumGroup/TotalVATSum"))
        facts.rounding = number(root.value("InvoiceSumGroup/Rounding"))
        facts.payable = number(root.value("InvoiceSumGroup/TotalToPay"))
        for row in root.all("InvoiceItem/InvoiceItemGroup/ItemEntry") {
            facts.lines.append(
                Facts.Line(
                    id: row.value("RowNo"),
                    name: row.value("Description"),
                    quantity: number(row.value("ItemDetailInfo/ItemAmount")),
                    net: number(row.value("VAT/SumBeforeVAT")),
                    rate: number(row.value("VAT/VATRate")),
                    properties: row.all("ItemReserve").map {
                        "\($0.value("InformationName") ?? "")=\($0.value("InformationContent") ?? "")"
                    }
                )
            )
        }
        // Lines stand by card there; the row's number is the model's.
        facts.lines.sort { (Int($0.id ?? "") ?? 0) < (Int($1.id ?? "") ?? 0) }
        return facts
    }

    private func finvoice(_ root: LibxmlElement) -> Facts {
        var facts = Facts()
        facts.isCreditNote = root.value("InvoiceDetails/InvoiceTypeCode") == "INV02"
        facts.number = root.value("InvoiceDetails/InvoiceNumber")
        facts.issueDate = dashed(root.value("InvoiceDetails/InvoiceDate"))
        let total = root.all("InvoiceDetails/InvoiceTotalVatIncludedAmount").first
        facts.currency = total?.attributes["AmountCurrencyIdentifier"]
        facts.seller = root.value("SellerPartyDetails/SellerOrganisationName")
        facts.buyerVAT = root.value("BuyerPartyDetails/BuyerOrganisationTaxCode")
        facts.contract = root.value("InvoiceDetails/AgreementIdentifier")
        facts.net = number(root.value("InvoiceDetails/InvoiceTotalVatExcludedAmount"))
        facts.vat = number(root.value("InvoiceDetails/InvoiceTotalVatAmount"))
        facts.rounding = number(root.value("InvoiceDetails/InvoiceTotalRoundoffAmount"))
        facts.payable = number(
            root.value("EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount")
        )
        facts.bases = root.all("InvoiceDetails/VatSpecificationDetails/VatBaseAmount").map {
            number($0.text)
        }
        for row in root.all("InvoiceRow") {
            let quantity = row.all("InvoicedQuantity").first
            facts.lines.append(
                Facts.Line(
                    id: row.value("RowPositionIdentifier"),
                    name: row.value("ArticleName"),
                    quantity: number(quantity?.text),
                    unit: quantity?.attributes["QuantityUnitCodeUN"],
                    net: number(row.value("RowVatExcludedAmount")),
                    rate: number(row.value("RowVatRatePercent")),
                    properties: row.all("RowDefinitionDetails").map {
                        "\($0.value("RowDefinitionHeaderText") ?? "")=\($0.value("RowDefinitionValue") ?? "")"
                    }
                )
            )
        }
        return facts
    }

    @Test(arguments: Format.all)
    func `in a document equals the model`(_ format: Format) throws {
        var sweep = InvoiceSweep(seed: 4_711)
        let rendering = try FormatRendering(format.template, profile: format.profile)
        let assembler = try SampleSettings.assembler(.gross, profile: format.profile)
        var compared = 0
        for serial in 0..<40 {
            let rows = sweep.invoice(serial)
            for case .invoice(let invoice, _) in assembler.outcomes(of: rows) {
                let root = try LibxmlElement.read(try rendering.document(invoice, rows: rows))
                switch format.template {
                case "ubl-peppol": #expect(ubl(root) == Facts(invoice))
                case "cii-en16931":
                    var expected = Facts(invoice)
                    // The rate that XRechnung wants outside VAT stands in the breakdown only.
                    expected.vat = invoice.totals.vat ?? .zero
                    #expect(cii(root) == expected)
                case "finvoice":
                    let sign = ExactDecimal(invoice.isCreditNote ? -1 : 1)
                    #expect(finvoice(root) == Facts(invoice, sign: sign, creditPayable: "0"))
                default:
                    var expected = Facts(invoice, creditPayable: "0")
                    // One block a rate, no codes of units, and 0 where there is no VAT.
                    expected.bases = []
                    for index in expected.lines.indices {
                        expected.lines[index].unit = nil
                        expected.lines[index].rate = expected.lines[index].rate ?? .zero
                    }
                    let found = try #require(root.all("Invoice").first)
                    #expect(estonian(found) == expected)
                }
                compared += 1
            }
        }
        #expect(compared >= 40)
    }
}
