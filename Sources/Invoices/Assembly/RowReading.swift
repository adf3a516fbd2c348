internal import Transactions

/// A row as an invoice sees it.
struct RowReading {
    /// Its place in the transactions.
    let source: Int
    let transaction: Transaction
    let quantity: ExactDecimal
    let total: ExactDecimal
    let net: ExactDecimal?
    let vat: ExactDecimal?
    let category: VATCategory
    /// In percent; zero for every category but S.
    let rate: ExactDecimal
    let exemptionReason: String?
    let unit: String
    /// The readings of its prices that fit; none where it has no price.
    let readings: [PriceReading]
    let hasPrice: Bool
}

/// Reads the rows of an invoice and says what does not agree.
struct RowReader {
    let settings: InvoiceSettings
    let source: AmountSource
    /// What forbids the document.
    private(set) var refusals: [Finding] = []
    /// Amounts that do not agree; the settings say what they do.
    private(set) var disagreements: [Finding] = []

    init(settings: InvoiceSettings, source: AmountSource) {
        self.settings = settings
        self.source = source
    }

    mutating func read(_ row: Transaction, at place: Int) throws(InvoicesError) -> RowReading? {
        guard let quantity = row.amount(.quantity)?.exact,
            let total = row.amount(.totalPrice)?.exact
        else {
            refuse(.missingAmount, "the row has no quantity or no totalPrice", row)
            return nil
        }
        let (net, vat) = (row.amount(.netAmount)?.exact, row.amount(.vatAmount)?.exact)
        switch source {
        case .net where net == nil:
            refuse(.missingAmount, "amounts are taken net, and the row has no netAmount", row)
        case .supplierVAT where net == nil || vat == nil:
            refuse(.missingAmount, "the row has no netAmount or no vatAmount", row)
        default: break
        }
        let rule = rule(of: row)
        guard let (category, rate) = try category(of: row, rule) else { return nil }
        guard let unit = rule.unit else {
            refuse(
                .unknownUnit,
                "product '\(row.text(.occProductCode) ?? "")' has no unit; give it one in products",
                row
            )
            return nil
        }
        try check(row, rate: rate, total: total, net: net, vat: vat)
        var readings: [PriceReading] = []
        var nearest: ExactDecimal?
        for reading in PriceReading.all {
            guard let difference = try reading.difference(in: row) else { continue }
            if try reading.fits(row, tolerance: settings.tolerance) { readings.append(reading) }
            if nearest.map({ difference.magnitude < $0.magnitude }) ?? true { nearest = difference }
        }
        if readings.isEmpty, let nearest {
            disagree(
                .quantityTimesPrice,
                "quantity × price is no amount of the row in any reading; the nearest differs by "
                    + "\(nearest.normalized)",
                row,
                nearest
            )
        }
        return RowReading(
            source: place,
            transaction: row,
            quantity: quantity,
            total: total,
            net: net,
            vat: vat,
            category: category,
            rate: rate,
            exemptionReason: rule.exemptionReason ?? settings.exemptionReasons[category]
                ?? category.standardReason,
            unit: unit,
            readings: readings,
            hasPrice: nearest != nil
        )
    }

    /// What the settings say of the row's product: by code, then by type.
    private func rule(of row: Transaction) -> ProductRule {
        let byCode = row.text(.occProductCode).flatMap { settings.products[$0] }
        let byType = row.text(.occProductType).flatMap { settings.productTypes[$0] }
        return ProductRule(
            unit: byCode?.unit ?? byType?.unit,
            zeroCategory: byCode?.zeroCategory ?? byType?.zeroCategory,
            exemptionReason: byCode?.exemptionReason ?? byType?.exemptionReason
        )
    }

    private mutating func category(of row: Transaction, _ rule: ProductRule)
        throws(InvoicesError) -> (VATCategory, ExactDecimal)?
    {
        if source == .statement { return (.outside, .zero) }
        guard let written = row.amount(.vatRate)?.exact else {
            refuse(.missingAmount, "the row has no vatRate", row)
            return nil
        }
        let rate = settings.rateUnit == .fraction ? try written.times(.hundred) : written
        guard !rate.isNegative, rate <= .hundred, rate.normalized.scale <= 2 else {
            refuse(
                .categoryAndRate,
                "vatRate \(written.normalized) read as \(settings.rateUnit.rawValue) is no rate",
                row
            )
            return nil
        }
        if !rate.isZero {
            if let category = row.text(.occProductCode).flatMap({ settings.products[$0] })?
                .zeroCategory, category != .standard
            {
                refuse(
                    .categoryAndRate,
                    "the product is of category \(category.rawValue), the row has "
                        + "\(rate.normalized) % VAT",
                    row
                )
                return nil
            }
            return (.standard, rate.normalized)
        }
        guard let category = rule.zeroCategory else {
            refuse(
                .unknownCategory,
                "product '\(row.text(.occProductCode) ?? "")' of type "
                    + "'\(row.text(.occProductType) ?? "")' has 0 % VAT and no VAT category; "
                    + "give it one of E, AE, K, Z, O in products",
                row
            )
            return nil
        }
        if category == .standard {
            refuse(.categoryAndRate, "the product is of category S, the row has 0 % VAT", row)
            return nil
        }
        return (category, .zero)
    }

    private mutating func check(
        _ row: Transaction,
        rate: ExactDecimal,
        total: ExactDecimal,
        net: ExactDecimal?,
        vat: ExactDecimal?
    ) throws(InvoicesError) {
        guard let net, let vat else { return }
        let sum = try net.plus(vat)
        let difference = try sum.minus(total)
        if difference.magnitude > settings.tolerance {
            disagree(
                .netAndVAT,
                "netAmount \(net.normalized) + vatAmount \(vat.normalized) is \(sum.normalized), "
                    + "totalPrice is \(total.normalized): \(difference.normalized)",
                row,
                difference
            )
        }
        guard source != .statement else { return }
        let wanted = try net.times(rate).over(.hundred, to: 6)
        let missed = try vat.minus(wanted)
        if missed.magnitude > settings.tolerance {
            disagree(
                .vatByRate,
                "vatAmount is \(vat.normalized), netAmount \(net.normalized) × \(rate.normalized) % "
                    + "is \(wanted.normalized): \(missed.normalized)",
                row,
                missed
            )
        }
    }

    private mutating func refuse(_ code: Finding.Code, _ detail: String, _ row: Transaction) {
        refusals.append(Finding(code, detail, transaction: row.key))
    }

    private mutating func disagree(
        _ code: Finding.Code,
        _ detail: String,
        _ row: Transaction,
        _ difference: ExactDecimal
    ) {
        disagreements.append(
            Finding(code, detail, transaction: row.key, difference: difference.normalized)
        )
    }
}
