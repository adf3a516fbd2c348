internal import Templates

/// An invoice as a person reads it, whatever XML format it came in.
struct ShownInvoice: Encodable, Equatable {
    struct Party: Encodable, Equatable {
        var name: String?
        var registrationNumber: String?
        var vatNumber: String?
    }

    struct Line: Encodable, Equatable {
        var id: String?
        var name: String?
        var quantity: String?
        var unit: String?
        var price: String?
        var netAmount: String?
        var vatRate: String?
        var detail: [String] = []
    }

    struct VAT: Encodable, Equatable {
        var category: String?
        var rate: String?
        var taxableAmount: String?
        var taxAmount: String?
        var reason: String?
    }

    /// `UBL`, `CII`, `Estonian e-invoice` or `Finvoice`.
    var format: String
    var isCreditNote = false
    var number: String?
    var issueDate: String?
    var dueDate: String?
    var currency: String?
    var contract: String?
    var seller = Party()
    var buyer = Party()
    var lines: [Line] = []
    var vat: [VAT] = []
    var netAmount: String?
    var vatAmount: String?
    var totalAmount: String?
    var rounding: String?
    var payable: String?
    var reference: String?
    var account: String?

    init(format: String) { self.format = format }

    /// The invoices of a file; one but for the Estonian format.
    ///
    /// - Throws: `Diagnostic` for what is no XML, or an XML of another kind.
    static func all(in bytes: [UInt8], file: String) throws(Diagnostic) -> [ShownInvoice] {
        let root = try XMLView(bytes, file: file)
        switch (root.name, root.namespace ?? "") {
        case ("Invoice", let space) where space.hasSuffix(":xsd:Invoice-2"): return [ubl(root)]
        case ("CreditNote", let space) where space.hasSuffix(":xsd:CreditNote-2"):
            return [ubl(root)]
        case ("CrossIndustryInvoice", _): return [cii(root)]
        case ("E_Invoice", _): return root.all("Invoice").map(estonian)
        case ("Finvoice", _): return [finvoice(root)]
        default:
            throw Diagnostic(
                "invoice-format",
                "<\(root.name)> is no invoice that is known here",
                cure: "UBL, CII, the Estonian e-invoice and Finvoice are",
                file: file,
                line: 1
            )
        }
    }

    /// The invoice on some lines of text.
    var text: String {
        var rows: [String] = []
        rows.append(
            "\(isCreditNote ? "Credit note" : "Invoice") \(number ?? "without number") "
                + "of \(issueDate ?? "?") (\(format))"
        )
        rows.append("  seller   \(Self.describe(seller))")
        rows.append("  buyer    \(Self.describe(buyer))")
        if let contract { rows.append("  contract \(contract)") }
        rows.append("")
        for line in lines {
            let price = line.price.map { " × \($0)" } ?? ""
            rows.append(
                "  \(Self.padded(line.id ?? "", 4)) \(Self.padded(line.name ?? "", 32)) "
                    + Self.padded("\(line.quantity ?? "") \(line.unit ?? "")\(price)", 28)
                    + Self.aligned(line.netAmount ?? "", 12)
                    + "  \(line.vatRate.map { "\($0) %" } ?? "no VAT")"
            )
            if !line.detail.isEmpty { rows.append("       \(line.detail.joined(separator: ", "))") }
        }
        rows.append("")
        for part in vat {
            let kind = [
                "VAT", part.rate.map { "\($0) %" }, Self.meaning(part.category).map { "(\($0))" },
            ].compactMap { $0 }.joined(separator: " ")
            let reason = part.reason.map { "  \($0)" } ?? ""
            rows.append(
                "  \(kind) of \(part.taxableAmount ?? "?"): "
                    + "\(part.taxAmount ?? "0.00")\(reason)"
            )
        }
        let totals = [
            ("without VAT", netAmount), ("VAT", vatAmount), ("with VAT", totalAmount),
            ("rounding", rounding), (isCreditNote ? "credited" : "to pay", payable),
        ]
        for (name, amount) in totals {
            guard let amount else { continue }
            rows.append("  \(Self.padded(name, 12))\(Self.aligned(amount, 14)) \(currency ?? "")")
        }
        let payment = [
            dueDate.map { "by \($0)" }, account.map { "to \($0)" },
            reference.map { "reference \($0)" },
        ]
        let given = payment.compactMap { $0 }
        if !given.isEmpty { rows.append("  \(given.joined(separator: ", "))") }
        return rows.joined(separator: "\n")
    }

    /// Whether an amount is there and not zero.
    static func hasAmount(_ text: String?) -> Bool {
        text?.contains { ("1"..."9").contains($0) } == true
    }

    /// What a category of VAT means (UNCL 5305, and the words of the Estonian format).
    ///
    /// The ordinary ones go without saying, for the rate is there.
    private static func meaning(_ category: String?) -> String? {
        switch category {
        case nil, "S", "Z", "TAX": nil
        case "E", "TAXEX": "exempt"
        case "O", "NOTTAX": "outside its scope"
        case "AE": "reverse charge"
        case "K": "within the EU"
        case "G": "export"
        case let other?: "category \(other)"
        }
    }

    private static func describe(_ party: Party) -> String {
        [
            party.name, party.registrationNumber.map { "reg. \($0)" },
            party.vatNumber.map { "VAT \($0)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        let cut = text.count > width ? text.prefix(width - 1) + "…" : text[...]
        return cut + String(repeating: " ", count: max(0, width - cut.count))
    }

    private static func aligned(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
