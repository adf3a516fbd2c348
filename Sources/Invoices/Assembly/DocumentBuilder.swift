internal import Transactions

/// Builds one document of read rows.
struct DocumentBuilder {
    private let settings: InvoiceSettings
    private let source: AmountSource
    private let profile: InvoiceProfile
    private let zone: TimeZoneRules
    private var invoice = Invoice()
    /// What forbids the document.
    private(set) var refusals: [Finding] = []

    init(_ assembler: InvoiceAssembler, number: String, currency: String) throws(InvoicesError) {
        settings = assembler.settings
        source = assembler.source
        profile = assembler.profile
        zone = assembler.zone
        invoice.specification = assembler.profile.specification
        invoice.businessProcess = assembler.profile.businessProcess
        invoice.number = number
        invoice.currency = currency
    }

    mutating func document(of rows: [RowReading]) throws(InvoicesError) -> Invoice {
        var total = ExactDecimal.zero
        for row in rows { total = try total.plus(row.total) }
        invoice.isCreditNote = total.isNegative
        invoice.typeCode = total.isNegative ? "381" : "380"
        try addAmounts(of: rows, total: total)
        addHeader(of: rows)
        addParties(isOutsideVAT: rows.allSatisfy { $0.category == .outside })
        addPayment(contract: invoice.contractReference)
        return invoice
    }

    // MARK: Amounts

    private mutating func addAmounts(of rows: [RowReading], total: ExactDecimal)
        throws(InvoicesError)
    {
        let isFlipped = invoice.isCreditNote
        // One reading of the prices for the whole invoice, where one fits all that have prices.
        let common = PriceReading.all.first { reading in
            rows.allSatisfy { !$0.hasPrice || $0.readings.contains(reading) }
        }
        let isMixed = Set(rows.map { $0.transaction.contractNumber }).count > 1
        var takings: [AmountTaking] = []
        var reasons: [[String]] = []
        for (place, row) in rows.enumerated() {
            let known = takings.firstIndex { $0.category == row.category && $0.rate == row.rate }
            let index = known ?? takings.count
            if known == nil {
                takings.append(
                    AmountTaking(source: source, category: row.category, rate: row.rate)
                )
                reasons.append([])
            }
            let amounts = try takings[index].take(row)
            if row.category.needsReason, let reason = row.exemptionReason,
                !reasons[index].contains(reason)
            {
                reasons[index].append(reason)
            }
            let prices = try LinePrices(
                row,
                amounts,
                reading: row.readings.isEmpty
                    ? nil
                    : common.flatMap { row.readings.contains($0) ? $0 : nil }
                        ?? row.readings[0],
                source: source,
                discounts: settings.discounts
            )
            var line = InvoiceLine()
            line.id = String(place + 1)
            line.source = row.source
            line.currency = row.transaction.text(.currency)
            line.quantity = prices.quantity.flipped(isFlipped)
            line.unit = row.unit
            line.unitText = settings.unitTexts[row.unit] ?? row.unit
            line.netAmount = amounts.net.flipped(isFlipped)
            line.vatAmount = amounts.vat.flipped(isFlipped)
            line.netPrice = prices.netPrice
            line.priceDiscount = prices.discount
            line.grossPrice = prices.grossPrice
            line.priceWithVAT = prices.priceWithVAT
            if let allowance = prices.allowance {
                // The line's net amount may be negative; its allowance then is too.
                let isNegative = line.quantity?.isNegative ?? false
                line.allowances = [
                    LineAllowance(
                        isCharge: false,
                        amount: allowance.flipped(isNegative),
                        reasonCode: "95",
                        reason: "Discount"
                    )
                ]
            }
            line.vat = [
                LineVAT(
                    category: row.category.rawValue,
                    rate: row.category == .outside ? nil : row.rate
                )
            ]
            LineDetail(settings: settings, zone: zone, showsContract: isMixed)
                .add(row.transaction, to: &line)
            invoice.lines.append(line)
        }
        try addTotals(takings, reasons, total: total)
    }

    private mutating func addTotals(
        _ takings: [AmountTaking],
        _ reasons: [[String]],
        total: ExactDecimal
    ) throws(InvoicesError) {
        let isFlipped = invoice.isCreditNote
        var (net, vat) = (
            ExactDecimal(significand: 0, scale: 2), ExactDecimal(significand: 0, scale: 2)
        )
        // Highest rate first, so that documents do not depend on which product came first.
        let order = takings.indices.sorted { left, right in
            takings[left].rate == takings[right].rate
                ? takings[left].category.rawValue < takings[right].category.rawValue
                : takings[left].rate > takings[right].rate
        }
        for index in order {
            let taking = takings[index]
            net = try net.plus(taking.taxable)
            vat = try vat.plus(taking.tax)
            var breakdown = VATBreakdown()
            breakdown.taxableAmount = try taking.taxable.cents().flipped(isFlipped)
            breakdown.taxAmount = try taking.tax.cents().flipped(isFlipped)
            breakdown.category = taking.category.rawValue
            // XRechnung wants a rate in every breakdown, outside VAT too (BR-DE-14).
            breakdown.rate =
                taking.category == .outside && profile != .xrechnung ? nil : taking.rate
            if taking.category.needsReason {
                breakdown.exemptionReason = reasons[index].joined(separator: "; ")
            }
            invoice.vatBreakdown.append(breakdown)
        }
        let isOutside = takings.allSatisfy { $0.category == .outside }
        let payable = try total.cents()
        let withVAT = try net.plus(vat)
        let rounding = try payable.minus(withVAT)
        invoice.totals.lineNetAmount = try net.cents().flipped(isFlipped)
        invoice.totals.withoutVAT = invoice.totals.lineNetAmount
        invoice.totals.vat = isOutside ? nil : try vat.cents().flipped(isFlipped)
        invoice.totals.withVAT = try withVAT.cents().flipped(isFlipped)
        invoice.totals.rounding = rounding.isZero ? nil : try rounding.cents().flipped(isFlipped)
        invoice.totals.payable = payable.flipped(isFlipped)
    }

    // MARK: Header

    private mutating func addHeader(of rows: [RowReading]) {
        let dates = Set(
            rows.map { row in
                row.transaction.timestamp(.invoiceDate).map { zone.localTime(at: $0).date }
            }
        )
        if dates.count == 1, let date = dates.first {
            if date == nil {
                refusals.append(Finding(.invoiceDate, "the rows have no invoiceDate"))
            }
            invoice.issueDate = date
        } else {
            let shown = dates.compactMap { $0?.description }.sorted()
            refusals.append(
                Finding(
                    .invoiceDate,
                    "the rows have different invoice dates: \(shown.joined(separator: ", "))"
                        + (dates.contains(nil) ? " and none" : "")
                )
            )
        }
        let days = invoice.lines.compactMap { $0.period?.start }
        if let first = days.min(), let last = days.max() {
            invoice.period = Period(start: first, end: last)
        }
        let contracts = Set(rows.compactMap { $0.transaction.contractNumber })
        if contracts.count == 1 { invoice.contractReference = contracts.first }
        invoice.buyerReference = settings.buyerReference ?? invoice.contractReference
        invoice.orderReference = settings.orderReference
        invoice.buyerAccountingReference = settings.buyerAccountingReference
        if let note = settings.note { invoice.notes = [note] }
        if let number = invoice.number {
            invoice.precedingInvoice = settings.precedingInvoices[number]
        }
        if rows.contains(where: { $0.category == .intraCommunity }) {
            invoice.delivery = Delivery(
                date: invoice.period?.end,
                country: settings.deliveryCountry ?? settings.buyer.address.country
            )
        }
    }

    private mutating func addParties(isOutsideVAT: Bool) {
        invoice.seller = settings.seller
        invoice.buyer = settings.buyer
        if isOutsideVAT {
            // BR-O-02: what is outside VAT shows no VAT identifier.
            invoice.seller.vatNumber = nil
            invoice.buyer.vatNumber = nil
        }
    }

    private mutating func addPayment(contract: String?) {
        let wanted = settings.payment
        var payment = PaymentInstructions(meansCode: wanted.meansCode)
        payment.meansText = wanted.meansText
        switch wanted.reference {
        case .none: break
        case .fixed(let text): payment.reference = text
        case .invoiceNumber:
            payment.reference = invoice.number.flatMap(CheckDigits.reference731)
        case .contractNumber: payment.reference = contract.flatMap(CheckDigits.reference731)
        }
        if let iban = wanted.iban {
            payment.creditTransfer = CreditTransfer(
                account: iban,
                name: wanted.accountName,
                bic: wanted.bic
            )
        }
        invoice.payment = payment
        invoice.paymentTerms = wanted.terms
        if let due = wanted.due {
            invoice.dueDate = invoice.issueDate?.adding(months: due.months)?.adding(days: due.days)
        }
    }
}
