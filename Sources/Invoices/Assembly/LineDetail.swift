internal import Transactions

/// The fuel-card detail of a line: what was bought where, when, by which card and vehicle.
struct LineDetail {
    let settings: InvoiceSettings
    let zone: TimeZoneRules
    /// Whether the lines are of several contracts, so that each says its own.
    let showsContract: Bool

    func add(_ row: Transaction, to line: inout InvoiceLine) {
        let plate = text(row, .plateNumber)
        let card = text(row, .cardNumber)
        line.itemName = text(row, .occProductName) ?? text(row, .occProductCode)
        line.sellerItemIdentifier = text(row, .occProductCode)
        line.card = card
        line.shownCard = card.flatMap(shown)
        line.accountingReference =
            plate.flatMap { settings.costCentres[$0] } ?? card.flatMap { settings.costCentres[$0] }
        if let plate { line.objects = [ObjectIdentifier(id: plate, scheme: "ABZ")] }
        var clock: String?
        if let instant = row.timestamp(.transactionTime) {
            let local = zone.localTime(at: instant)
            line.period = Period(start: local.date, end: local.date)
            clock = "\(local.date) \(two(local.hour)):\(two(local.minute)):\(two(local.second))"
        }
        let values: [(InvoiceSettings.PropertyCode, String?)] = [
            (.card, line.shownCard), (.plate, plate), (.driver, text(row, .driverName)),
            (.odometer, row.integer(.odometerReadout).map { String($0) }),
            (.station, text(row, .stationId)), (.receipt, text(row, .receiptNo)), (.time, clock),
            (.contract, showsContract ? row.contractNumber : nil),
        ]
        for (code, value) in values {
            guard let name = settings.propertyNames[code], let value else { continue }
            line.properties.append(ItemProperty(code: code.rawValue, name: name, value: value))
        }
        if settings.repeatsInNote {
            let repeated = [plate, line.shownCard].compactMap { $0 }
            if !repeated.isEmpty { line.notes = [repeated.joined(separator: " ")] }
        }
    }

    /// A text of a row without blanks around it; nil when nothing is left.
    private func text(_ row: Transaction, _ field: Field) -> String? {
        guard let text = row.text(field) else { return nil }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        return String(scalars[first...last])
    }

    private func shown(_ card: String) -> String? {
        switch settings.shownCard {
        case .none: nil
        case .full: card
        case .masked: Self.masked(card)
        }
    }

    /// First six and last four characters, stars between; of a short number the last four at most.
    static func masked(_ card: String) -> String {
        let kept = card.count >= 14 ? 6 : 0
        let end = card.count > 4 ? 4 : 0
        return card.prefix(kept) + String(repeating: "*", count: card.count - kept - end)
            + card.suffix(end)
    }

    private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
