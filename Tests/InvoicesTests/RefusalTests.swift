import Invoices
import Testing
import Transactions

struct `An invoice that cannot go out` {
    private func refusal(
        _ rows: [SampleInvoices.Row],
        _ source: AmountSource = .gross,
        profile: InvoiceProfile = .peppol,
        _ change: (inout InvoiceSettings) -> Void = { _ in }
    ) throws -> InvoiceRefusal {
        let outcomes = try SampleSettings.assembler(source, profile: profile, change)
            .outcomes(of: try rows.map(SampleInvoices.transaction))
        guard case .refused(let refusal)? = outcomes.first, outcomes.count == 1 else {
            throw SampleInvoices.Refused(description: "not refused: \(outcomes)")
        }
        return refusal
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let message: String
        let change: @Sendable (inout SampleInvoices.Row) -> Void
        var testDescription: String { message }
    }

    @Test(arguments: [
        Case(
            message:
                "transaction 7000000001: netAmount 65.6 + vatAmount 15.74 is 81.34, totalPrice is "
                + "81.36: -0.02 [net-and-vat]"
        ) { $0.total = "81.36" },
        Case(
            message:
                "transaction 7000000001: vatAmount is 14.34, netAmount 67 × 24 % is 16.08: -1.74 "
                + "[vat-by-rate]"
        ) { ($0.net, $0.vat) = ("67", "14.34") },
        Case(
            message:
                "transaction 7000000001: quantity × price is no amount of the row in any reading; "
                + "the nearest differs by 2.9274 [quantity-times-price]"
        ) { $0.price = "1.61" },
    ])
    func `is held where the row's own arithmetic does not agree`(_ value: Case) throws {
        var row = SampleInvoices.fuel
        value.change(&row)
        let refusal = try refusal([row])
        #expect(refusal.kind == .held)
        #expect(refusal.findings.map(\.description).contains(value.message), "\(refusal.findings)")
    }

    @Test func `goes out with a notice where the settings accept it`() throws {
        var row = SampleInvoices.fuel
        row.price = "1.61"
        let rows = [try SampleInvoices.transaction(row)]
        let outcomes = try SampleSettings.assembler(.gross) { $0.onDisagreement = .accept }
            .outcomes(of: rows)
        guard case .invoice(let invoice, let notices)? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(notices.map(\.code) == [.quantityTimesPrice])
        // The price is the amount by the quantity, since the stated one leads elsewhere.
        #expect(invoice.lines[0].netPrice == decimal("1.253282"))
        #expect(notices.first?.difference == decimal("2.9274"))
    }

    @Test(arguments: [
        Case(
            message: "transaction 7000000001: product '1005' of type 'Fuel' has 0 % VAT and no VAT "
                + "category; give it one of E, AE, K, Z, O in products [unknown-category]"
        ) { ($0.rate, $0.net, $0.vat) = ("0", "81.34", "0") },
        Case(
            message: "transaction 7000000001: product '1234' has no unit; give it one in products "
                + "[unknown-unit]"
        ) { ($0.product, $0.type) = ("1234", "Novelty") },
        Case(
            message: "transaction 7000000001: the product is of category Z, the row has 24 % VAT "
                + "[category-and-rate]"
        ) { $0.product = "7001" },
        Case(
            message: "transaction 7000000001: vatRate 0.123 read as percent is no rate "
                + "[category-and-rate]"
        ) { $0.rate = "0.123" },
    ])
    func `is rejected where the settings say too little`(_ value: Case) throws {
        var row = SampleInvoices.fuel
        value.change(&row)
        let refusal = try refusal([row])
        #expect(refusal.kind == .rejected)
        #expect(refusal.findings.map(\.description).contains(value.message), "\(refusal.findings)")
    }

    @Test func `is rejected where the rows have several dates`() throws {
        var other = SampleInvoices.fuel
        (other.invoiceDate, other.id) = ("2026-11-03T00:00:00Z", "2")
        let refusal = try refusal([SampleInvoices.fuel, other])
        #expect(
            refusal.findings.map(\.description) == [
                "the rows have different invoice dates: 2026-11-02, 2026-11-03 [invoice-date]"
            ]
        )
        #expect(refusal.sources == [0, 1])
    }

    @Test func `is rejected with rule, terms and values`() throws {
        let refusal = try refusal([SampleInvoices.fuel]) { settings in
            settings.buyer.endpoint = nil
            settings.payment.due = nil
        }
        #expect(refusal.kind == .rejected)
        #expect(
            refusal.violations.map(\.description) == [
                "BR-CO-25: 81.34 is to be paid, and there is neither due date nor payment terms",
                "R010: BT-49 is missing",
            ]
        )
        #expect(
            refusal.summary
                == "invoice 20261031-19091 (EUR, 1 rows) rejected: BR-CO-25: 81.34 is to be paid, and "
                + "there is neither due date nor payment terms; R010: BT-49 is missing"
        )
    }

    @Test func `takes its document outside VAT along`() throws {
        let refusal = try refusal([SampleInvoices.fuel, SampleInvoices.transfer]) {
            $0.seller.registrationNumber = nil
        }
        #expect(refusal.sources == [0, 1])
        #expect(refusal.violations.map(\.rule) == ["BR-CO-26"])
    }

    @Test func `is held where the rounding is larger than allowed`() throws {
        var row = SampleInvoices.fuel
        row.total = "84.34"
        let refusal = try refusal([row], .net) { $0.onDisagreement = .accept }
        #expect(refusal.kind == .held)
        #expect(refusal.findings.map(\.code).contains(.rounding))
    }

    @Test func `has a number that the format cannot carry`() throws {
        var row = SampleInvoices.fuel
        row.number = "2026-10-31/19091-000001"
        let refusal = try refusal([row], profile: .finvoice)
        #expect(
            refusal.findings.map(\.description) == [
                "BT-1 has 23 characters, finvoice takes 1 to 20 [text-length]"
            ]
        )
    }
}

struct `Texts` {
    @Test func `are cut between characters and noted`() throws {
        var row = SampleInvoices.fuel
        // A letter with two accents and a family of seven code points across the limit of 100.
        row.name = String(repeating: "x", count: 97) + "👨‍👩‍👧‍👦" + "e\u{301}"
        let outcomes = try SampleSettings.assembler(.gross, profile: .finvoice)
            .outcomes(of: [try SampleInvoices.transaction(row)])
        guard case .invoice(let invoice, let notices)? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(invoice.lines[0].itemName == String(repeating: "x", count: 97))
        #expect(
            notices.map(\.description) == [
                "BT-153: 1 text was cut to 100 characters, as finvoice asks [cut-text]"
            ]
        )
    }

    @Test func `lose the characters that XML forbids, and say so`() throws {
        var row = SampleInvoices.fuel
        row.name = "Diisel\u{0}\u{1F}kütus"
        row.plate = "\u{2}"
        let outcomes = try SampleSettings.assembler(.gross)
            .outcomes(of: [try SampleInvoices.transaction(row)])
        guard case .invoice(let invoice, let notices)? = outcomes.first else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(invoice.lines[0].itemName == "Diisel  kütus")
        #expect(invoice.lines[0].objects.isEmpty)
        #expect(notices.map(\.code) == [.characters])
    }
}

struct `The accountant's totals` {
    private func outcome(_ header: [String], _ lines: [[String]], _ rows: [SampleInvoices.Row])
        throws
        -> [String]
    {
        let totals = try SupplierTotals(
            header: header,
            rows: lines.enumerated().map { ($0.offset + 2, $0.element) },
            file: "totals.csv"
        )
        let outcomes = try SampleSettings.assembler(.gross) { $0.supplierTotals = totals }
            .outcomes(of: try rows.map(SampleInvoices.transaction))
        switch outcomes.first {
        case .refused(let refusal)?: return refusal.findings.map(\.description)
        case .invoice(_, let notices)?: return notices.map(\.description)
        default: return []
        }
    }

    private let header = ["number", "currency", "total"]

    @Test func `let an invoice out that equals them`() throws {
        #expect(
            try outcome(header, [["20261031-19091", "EUR", "81,34"]], [SampleInvoices.fuel]) == []
        )
    }

    @Test func `hold one that differs, and name the row that is the difference`() throws {
        let found = try outcome(
            header,
            [["20261031-19091", "EUR", "81.34"]],
            [SampleInvoices.fuel, SampleInvoices.insurance]
        )
        #expect(
            found == [
                "the rows of invoice 20261031-19091 add up to 96.34 EUR, the supplier's total is 81.34: "
                    + "15 [supplier-total]",
                "transaction 7000000002: the row's total is exactly the difference [supplier-total]",
            ]
        )
    }

    @Test func `are compared line by line where they have lines`() throws {
        let found = try outcome(
            header + ["transaction"],
            [
                ["20261031-19091", "EUR", "96.35", ""],
                ["20261031-19091", "EUR", "81.35", "7000000001"],
                ["20261031-19091", "EUR", "7", "7000000009"],
            ],
            [SampleInvoices.fuel, SampleInvoices.insurance]
        )
        #expect(
            found.dropFirst() == [
                "transaction 7000000001: the row has 81.34, the supplier's invoice 81.35 [supplier-total]",
                "transaction 7000000002: the supplier's invoice lacks the row of 15 [supplier-total]",
                "transaction 7000000009: the supplier's invoice has 7, no row has come [supplier-total]",
            ]
        )
    }

    @Test func `hold an invoice that they lack`() throws {
        #expect(
            try outcome(header, [], [SampleInvoices.fuel]) == [
                "the supplier's totals have no invoice 20261031-19091 in EUR [no-supplier-total]"
            ]
        )
    }

    @Test func `are refused with file and line`() {
        #expect(throws: (any Error).self) {
            try SupplierTotals(header: ["number"], rows: [], file: "totals.csv")
        }
        let error = #expect(throws: InvoicesError.self) {
            try SupplierTotals(
                header: ["number", "currency", "total"],
                rows: [(2, ["1", "EUR", "ten"])],
                file: "totals.csv"
            )
        }
        #expect(error?.description == "totals.csv:2: 'ten' is no amount")
    }
}

struct `Settings` {
    struct Case: CustomTestStringConvertible, Sendable {
        let path: String
        let message: String
        var profile = InvoiceProfile.peppol
        let change: @Sendable (inout InvoiceSettings) -> Void
        var testDescription: String { message }
    }

    @Test func `of the samples are right for every format`() {
        for profile in InvoiceProfile.allCases {
            #expect(SampleSettings.all.problems(for: profile, source: .gross).isEmpty)
        }
    }

    @Test(arguments: [
        Case(path: "seller", message: "the seller has no name") { $0.seller.name = nil },
        Case(path: "seller", message: "invoices with VAT need the seller's VAT number (BR-S-02)") {
            $0.seller.vatNumber = nil
        },
        Case(
            path: "buyer.vat_number",
            message: "a VAT number starts with its country code (BR-CO-09)"
        ) {
            $0.buyer.vatNumber = "100000002"
        },
        Case(path: "buyer.address.country", message: "'Eesti' is no country code") {
            $0.buyer.address.country = "Eesti"
        },
        Case(path: "seller.endpoint.scheme", message: "'EAN' is no electronic address scheme") {
            $0.seller.endpoint?.scheme = "EAN"
        },
        Case(path: "payment.iban", message: "the IBAN's check digits are wrong") {
            $0.payment.iban = "EE382200221020145686"
        },
        Case(path: "payment", message: "payment means 30 needs an account (BR-61)") {
            $0.payment.iban = nil
        },
        Case(path: "payment", message: "there is neither a due date nor payment terms (BR-CO-25)") {
            $0.payment.due = nil
        },
        Case(path: "products", message: "'PCE' of '3001' is no unit of Recommendation 20") {
            $0.products["3001"] = ProductRule(unit: "PCE")
        },
        Case(path: "buyer", message: "Peppol needs the buyer's electronic address (R010, R020)") {
            $0.buyer.endpoint = nil
        },
        Case(
            path: "seller",
            message: "XRechnung needs the seller's contact phone (BR-DE-5 to 7)",
            profile: .xrechnung
        ) { $0.seller.contact?.phone = nil },
        Case(
            path: "buyer",
            message: "the Estonian e-invoice needs the buyer's register code",
            profile: .estonian
        ) { $0.buyer.registrationNumber = nil },
        Case(
            path: "payment.reference",
            message: "'22297106' is no reference number",
            profile: .finvoice
        ) { $0.payment.reference = .fixed("22297106") },
    ])
    func `are checked once, with the place of what is wrong`(_ value: Case) {
        var settings = SampleSettings.all
        value.change(&settings)
        let problems = settings.problems(for: value.profile, source: .gross)
        #expect(problems.map(\.path) == [value.path])
        #expect(problems.map(\.message) == [value.message])
    }
}
