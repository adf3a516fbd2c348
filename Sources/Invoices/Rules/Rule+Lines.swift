internal import Transactions

extension Rule {
    static let lineRules = [
        br21, br22, br23, br24, br25, br26, br27, br28, br30, brCO20, brCO04, br54,
    ]

    /// Each Invoice line (BG-25) shall have an Invoice line identifier (BT-126).
    static let br21 = eachLine("BR-21") { missing("BT-126", isBlank($0.id)) }

    /// Each Invoice line (BG-25) shall have an Invoiced quantity (BT-129).
    static let br22 = eachLine("BR-22") { missing("BT-129", $0.quantity == nil) }

    /// An Invoice line (BG-25) shall have an Invoiced quantity unit of measure code (BT-130).
    static let br23 = eachLine("BR-23") { missing("BT-130", isBlank($0.unit)) }

    /// Each Invoice line (BG-25) shall have an Invoice line net amount (BT-131).
    static let br24 = eachLine("BR-24") { missing("BT-131", $0.netAmount == nil) }

    /// Each Invoice line (BG-25) shall contain the Item name (BT-153).
    static let br25 = eachLine("BR-25") { missing("BT-153", isBlank($0.itemName)) }

    /// Each Invoice line (BG-25) shall contain the Item net price (BT-146).
    static let br26 = eachLine("BR-26") { missing("BT-146", $0.netPrice == nil) }

    private static func missing(_ term: String, _ isMissing: Bool) -> Breach? {
        isMissing ? Breach(term, detail: "\(term) is missing") : nil
    }

    /// The Item net price (BT-146) shall NOT be negative.
    static let br27 = eachLine("BR-27") { line in
        guard let price = line.netPrice, price < .zero else { return nil }
        return Breach("BT-146", detail: "BT-146 is \(price)")
    }

    /// The Item gross price (BT-148) shall NOT be negative.
    static let br28 = eachLine("BR-28") { line in
        guard let price = line.grossPrice, price < .zero else { return nil }
        return Breach("BT-148", detail: "BT-148 is \(price)")
    }

    /// The Invoice line period end date (BT-135) shall be later or equal to its start date (BT-134).
    static let br30 = eachLine("BR-30") { line in
        guard let start = line.period?.start, let end = line.period?.end, end < start else {
            return nil
        }
        return Breach("BT-134", "BT-135", detail: "the period ends on \(end), starts on \(start)")
    }

    /// If the Invoice line period (BG-26) is used, its start date (BT-134) or end date (BT-135) shall be filled.
    static let brCO20 = eachLine("BR-CO-20") { line in
        guard let period = line.period, period.start == nil, period.end == nil else { return nil }
        return Breach("BG-26", detail: "the period has no date")
    }

    /// Each Invoice line (BG-25) shall be categorized with an Invoiced item VAT category code (BT-151).
    static let brCO04 = eachLine("BR-CO-04") { line in
        missing("BT-151", line.vat.isEmpty || line.vat.contains { isBlank($0.category) })
    }

    /// Each Item attribute (BG-32) shall contain an Item attribute name (BT-160) and an Item attribute value (BT-161).
    static let br54 = eachLine("BR-54") { line in
        line.properties.contains { isBlank($0.name) || isBlank($0.value) }
            ? Breach("BT-160", "BT-161", detail: "an item attribute has no name or no value") : nil
    }
}
