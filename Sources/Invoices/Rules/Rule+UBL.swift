extension Rule {
    static let ublRules = [ublSR34, ublSR48, ublSR50, ublSR52]

    /// Invoice line note shall occur maximum once.
    static let ublSR34 = eachLine("UBL-SR-34", .ubl) { line in
        line.notes.count > 1
            ? Breach("BT-127", detail: "there are \(line.notes.count) notes") : nil
    }

    /// Invoice lines shall have one and only one classified tax category.
    static let ublSR48 = eachLine("UBL-SR-48", .ubl) { line in
        line.vat.count == 1
            ? nil : Breach("BT-151", detail: "there are \(line.vat.count) VAT categories")
    }

    /// Item description shall occur maximum once.
    static let ublSR50 = eachLine("UBL-SR-50", .ubl) { line in
        line.descriptions.count > 1
            ? Breach("BT-154", detail: "there are \(line.descriptions.count) descriptions") : nil
    }

    /// Document reference shall occur maximum once.
    static let ublSR52 = eachLine("UBL-SR-52", .ubl) { line in
        line.objects.count > 1
            ? Breach("BT-128", detail: "there are \(line.objects.count) objects") : nil
    }
}
