public import Transactions

/// Makes invoices of rows.
public struct InvoiceAssembler: Sendable {
    /// What the API does not give.
    public let settings: InvoiceSettings
    /// What the documents claim to be.
    public let profile: InvoiceProfile
    /// How amounts are taken.
    public let source: AmountSource
    /// The zone of dates.
    public let zone: TimeZoneRules

    /// An assembler for one export.
    public init(
        settings: InvoiceSettings,
        profile: InvoiceProfile,
        source: AmountSource,
        zone: TimeZoneRules
    ) {
        self.settings = settings
        self.profile = profile
        self.source = source
        self.zone = zone
    }

    /// The rows of each invoice number and currency, by their place, ascending by number and currency.
    ///
    /// Rows without a number are in no group.
    public static func groups(of transactions: [Transaction]) -> [(
        number: String, currency: String, sources: [Int]
    )] {
        var groups: [String: [String: [Int]]] = [:]
        for (place, row) in transactions.enumerated() {
            guard let number = row.text(.invoiceNo), !number.isEmpty else { continue }
            groups[number, default: [:]][row.text(.currency) ?? "", default: []].append(place)
        }
        func precedes(_ left: String, _ right: String) -> Bool {
            left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        }
        return groups.sorted { precedes($0.key, $1.key) }.flatMap { number, currencies in
            currencies.sorted { precedes($0.key, $1.key) }.map { (number, $0.key, $0.value) }
        }
    }

    /// The documents of the rows of one invoice number and currency.
    ///
    /// Two where rows outside VAT get their own. If one of them cannot be, none goes out.
    public func outcomes(of transactions: [Transaction]) -> [InvoiceOutcome] {
        let number = transactions.first?.text(.invoiceNo) ?? ""
        let currency = transactions.first?.text(.currency) ?? ""
        func refusal(
            _ kind: InvoiceRefusal.Kind,
            _ findings: [Finding],
            _ violations: [Violation] = []
        ) -> [InvoiceOutcome] {
            [
                .refused(
                    InvoiceRefusal(
                        kind: kind,
                        number: number,
                        currency: currency,
                        sources: Array(transactions.indices),
                        findings: findings,
                        violations: violations
                    )
                )
            ]
        }
        let alike = transactions.allSatisfy {
            $0.text(.invoiceNo) == number && $0.text(.currency) == currency
        }
        guard alike, !number.isEmpty else {
            return refusal(.rejected, [Finding(.mixedRows, "the rows are not of one invoice")])
        }
        do throws(InvoicesError) {
            var reader = RowReader(settings: settings, source: source)
            var rows: [RowReading] = []
            for (place, transaction) in transactions.enumerated() {
                if let row = try reader.read(transaction, at: place) { rows.append(row) }
            }
            guard reader.refusals.isEmpty else {
                return refusal(.rejected, reader.refusals + reader.disagreements)
            }
            if !reader.disagreements.isEmpty, settings.onDisagreement == .hold {
                return refusal(.held, reader.disagreements)
            }
            let differences =
                settings.supplierTotals?
                .findings(number: number, currency: currency, rows: transactions) ?? []
            let isMissing = differences.contains { $0.code == .noSupplierTotal }
            if !differences.isEmpty, !isMissing || settings.onMissingTotal == .hold {
                return refusal(.held, reader.disagreements + differences)
            }
            return try documents(
                of: rows,
                number,
                currency,
                reader.disagreements + differences,
                refusal
            )
        } catch {
            return refusal(.rejected, [Finding(.tooLarge, error.description)])
        }
    }

    private func documents(
        of rows: [RowReading],
        _ number: String,
        _ currency: String,
        _ disagreements: [Finding],
        _ refusal: (InvoiceRefusal.Kind, [Finding], [Violation]) -> [InvoiceOutcome]
    ) throws(InvoicesError) -> [InvoiceOutcome] {
        var outcomes: [InvoiceOutcome] = []
        var findings: [Finding] = []
        var violations: [Violation] = []
        var isHeld = false
        let outside = rows.filter { $0.category == .outside }
        let taxed = rows.filter { $0.category != .outside }
        var parts = [(number: number, rows: taxed.isEmpty ? outside : taxed)]
        if !taxed.isEmpty, !outside.isEmpty {
            switch settings.outsideVAT {
            case .separate:
                parts.append((number + settings.outsideVATSuffix, outside))
            case .leaveOut:
                var total = ExactDecimal.zero
                for row in outside { total = try total.plus(row.total) }
                let notice = Finding(
                    .leftOut,
                    "\(outside.count) rows outside VAT, together \(total.normalized) \(currency), "
                        + "are left out of invoice \(number)"
                )
                outcomes.append(
                    .leftOut(sources: outside.map(\.source), total: total, notice: notice)
                )
            }
        }
        for (place, part) in parts.enumerated() {
            var builder = try DocumentBuilder(self, number: part.number, currency: currency)
            var invoice = try builder.document(of: part.rows)
            var notices = place == 0 ? disagreements : []
            TextLimits(profile).apply(to: &invoice, noting: &notices, refusing: &findings)
            findings += builder.refusals
            let amount = invoice.totals.rounding?.magnitude ?? .zero
            if amount > settings.roundingLimit {
                isHeld = true
                findings.append(
                    Finding(
                        .rounding,
                        "the rounding amount (BT-114) of \(part.number) would be \(amount)",
                        difference: amount
                    )
                )
            }
            violations += Rule.violations(of: invoice, profile: profile, source: source)
            outcomes.append(.invoice(invoice, notices: notices))
        }
        guard findings.isEmpty, violations.isEmpty else {
            let isOnlyHeld =
                isHeld && violations.isEmpty && findings.allSatisfy { $0.code == .rounding }
            return refusal(isOnlyHeld ? .held : .rejected, findings + disagreements, violations)
        }
        return outcomes
    }
}
