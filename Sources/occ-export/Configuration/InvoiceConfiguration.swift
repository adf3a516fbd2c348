internal import Invoices
internal import Templates
internal import Transactions

/// The `invoice` section of an export: what EN 16931 wants and the API does not give.
struct InvoiceConfiguration: Sendable {
    /// What invoices are made with.
    let settings: InvoiceSettings
    /// What the documents claim to be, where the template's own choice is overruled.
    let profile: InvoiceProfile?
    /// How amounts are taken, where the template's own choice is overruled.
    let amounts: AmountSource?
    private let node: YAMLNode

    /// The keys of the section.
    private static let keys = [
        "profile", "amounts", "seller", "buyer", "payment", "delivery_country", "buyer_reference",
        "order_reference", "buyer_accounting_reference", "note", "products", "product_types",
        "exemption_reasons", "unit_texts", "vat_rate", "on_disagreement", "tolerance",
        "rounding_limit", "discounts", "outside_vat", "outside_vat_suffix", "properties",
        "card_number", "repeat_in_note", "cost_centres", "preceding_invoices", "supplier_totals",
        "on_missing_total",
    ]

    /// Reads the section.
    ///
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    init(_ node: YAMLNode, _ resolved: (String) -> String) throws(Diagnostic) {
        self.node = node
        let fields = try node.fields(Self.keys)
        var settings = InvoiceSettings()
        profile = try fields["profile"]?.word(InvoiceProfile.self)
        amounts = try fields["amounts"]?.word(AmountSource.self)
        guard let seller = fields["seller"] else { throw node.missing("seller", "{ name: ... }") }
        guard let buyer = fields["buyer"] else { throw node.missing("buyer", "{ name: ... }") }
        guard let payment = fields["payment"] else {
            throw node.missing("payment", "{ means: \"30\", iban: ..., due: P14D }")
        }
        settings.seller = try Self.party(seller)
        settings.buyer = try Self.party(buyer)
        settings.payment = try Self.payment(payment)
        settings.deliveryCountry = try fields["delivery_country"]?.text()
        settings.buyerReference = try fields["buyer_reference"]?.text()
        settings.orderReference = try fields["order_reference"]?.text()
        settings.buyerAccountingReference = try fields["buyer_accounting_reference"]?.text()
        settings.note = try fields["note"]?.text()
        try Self.readProducts(fields, resolved, &settings)
        try Self.readHandling(fields, &settings)
        try Self.readDetail(fields, &settings)
        try Self.readTables(fields, resolved, &settings)
        self.settings = settings
    }

    /// Reads the section from a file of its own, for `render` and template tests.
    ///
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    init(file: String) throws(Diagnostic) {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        try self.init(try YAMLReader.read(file: file)) { path in
            path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        }
    }

    /// What a template's invoices are made with; nil for templates without invoices.
    ///
    /// - Throws: `Diagnostic` where the template needs the section and the export has none, has one that
    ///   nobody reads, or has a wrong one.
    static func options(
        _ configuration: InvoiceConfiguration?,
        for template: Template,
        owner: YAMLNode?
    ) throws(Diagnostic) -> InvoiceOptions? {
        guard let model = template.invoiceModel else {
            guard let configuration else { return nil }
            throw configuration.node.diagnostic(
                "unknown-key",
                "template '\(template.name)' makes no invoices",
                cure: "leave invoice out"
            )
        }
        guard let configuration else {
            // Without an export, as in template check, a plan proves the template all the same.
            guard let owner else { return nil }
            throw owner.missing(
                "invoice",
                "{ seller: ..., buyer: ..., payment: ... }, template '\(template.name)' makes invoices"
            )
        }
        try configuration.check(
            profile: configuration.profile ?? model.profile,
            source: configuration.amounts ?? model.amounts
        )
        return InvoiceOptions(
            settings: configuration.settings,
            profile: configuration.profile,
            amounts: configuration.amounts
        )
    }

    /// Checks the settings for the documents that a template makes; once, not for each file.
    ///
    /// - Throws: `Diagnostic` at the key that is wrong, or that should have the missing one.
    func check(profile: InvoiceProfile, source: AmountSource) throws(Diagnostic) {
        guard let problem = settings.problems(for: profile, source: source).first else { return }
        throw place(of: problem.path).diagnostic("invoice", problem.message, cure: problem.cure)
    }

    /// The node of a key such as `seller.vat_number`, or the nearest one around it.
    private func place(of path: String) -> YAMLNode {
        var place = node
        for name in path.split(separator: ".") {
            guard case .mapping(let entries) = place.content,
                let next = entries.first(where: { entry in
                    if case .scalar(String(name), _) = entry.key.content { true } else { false }
                })
            else { break }
            place = next.value
        }
        return place
    }

    private static func party(_ node: YAMLNode) throws(Diagnostic) -> Party {
        let fields = try node.fields([
            "name", "trading_name", "identifier", "registration_number", "registration_scheme",
            "vat_number", "endpoint", "address", "contact",
        ])
        var party = Party()
        party.name = try fields["name"]?.text()
        party.tradingName = try fields["trading_name"]?.text()
        party.identifier = try fields["identifier"]?.text()
        party.registrationNumber = try fields["registration_number"]?.text()
        party.registrationScheme = try fields["registration_scheme"]?.text()
        party.vatNumber = try fields["vat_number"]?.text()
        if let endpoint = fields["endpoint"] {
            let parts = try endpoint.fields(["scheme", "id"])
            guard let id = parts["id"] else { throw endpoint.missing("id", "\"10000001\"") }
            party.endpoint = ElectronicAddress(
                scheme: try parts["scheme"]?.text(),
                id: try id.text()
            )
        }
        if let address = fields["address"] {
            let parts = try address.fields([
                "street", "additional_street", "city", "post_code", "subdivision", "country",
            ])
            party.address.street = try parts["street"]?.text()
            party.address.additionalStreet = try parts["additional_street"]?.text()
            party.address.city = try parts["city"]?.text()
            party.address.postCode = try parts["post_code"]?.text()
            party.address.subdivision = try parts["subdivision"]?.text()
            party.address.country = try parts["country"]?.text()
        }
        if let node = fields["contact"] {
            let parts = try node.fields(["name", "phone", "email"])
            var contact = Contact()
            contact.name = try parts["name"]?.text()
            contact.phone = try parts["phone"]?.text()
            contact.email = try parts["email"]?.text()
            party.contact = contact
        }
        return party
    }

    private static func payment(_ node: YAMLNode) throws(Diagnostic) -> PaymentSettings {
        let fields = try node.fields([
            "means", "means_text", "iban", "account_name", "bic", "reference", "reference_from",
            "due", "terms",
        ])
        var payment = PaymentSettings()
        if let means = fields["means"] { payment.meansCode = try means.text() }
        payment.meansText = try fields["means_text"]?.text()
        payment.iban = try fields["iban"]?.text()
        payment.accountName = try fields["account_name"]?.text()
        payment.bic = try fields["bic"]?.text()
        payment.terms = try fields["terms"]?.text()
        enum ReferenceSource: String, CaseIterable {
            case invoiceNumber = "invoice_number"
            case contractNumber = "contract_number"
        }
        if let source = fields["reference_from"] {
            if fields["reference"] != nil {
                throw source.diagnostic(
                    "writing",
                    "reference and reference_from exclude each other"
                )
            }
            payment.reference =
                switch try source.word(ReferenceSource.self) {
                case .invoiceNumber: .invoiceNumber
                case .contractNumber: .contractNumber
                }
        } else if let text = try fields["reference"]?.text() {
            payment.reference = .fixed(text)
        }
        if let due = fields["due"] {
            guard let period = PaymentSettings.DuePeriod(try due.text()) else {
                throw due.diagnostic(
                    "type",
                    "'\(try due.text())' is no period of days, weeks or months",
                    cure: "P14D, P2W or P1M"
                )
            }
            payment.due = period
        }
        return payment
    }

    private static func readProducts(
        _ fields: [String: YAMLNode],
        _ resolved: (String) -> String,
        _ settings: inout InvoiceSettings
    ) throws(Diagnostic) {
        if let products = fields["products"] {
            let table = try CSVTable(
                file: resolved(try products.text()),
                needs: ["product", "unit", "vatCategory"]
            )
            for row in table.rows {
                guard let code = table.cell("product", of: row.cells) else { continue }
                let letters = table.cell("vatCategory", of: row.cells)
                let category = letters.flatMap { VATCategory(rawValue: $0) }
                guard letters == nil || category != nil else {
                    throw Diagnostic(
                        "unknown-word",
                        "'\(letters ?? "")' is no VAT category",
                        cure:
                            "one of \(VATCategory.allCases.map(\.rawValue).joined(separator: ", "))",
                        file: table.file,
                        line: row.line
                    )
                }
                settings.products[code] = ProductRule(
                    unit: table.cell("unit", of: row.cells),
                    zeroCategory: category,
                    exemptionReason: table.cell("exemptionReason", of: row.cells)
                )
            }
        }
        for (key, value) in try fields["product_types"]?.entries() ?? [] {
            let parts = try value.fields(["unit", "vat_category", "exemption_reason"])
            let standard = InvoiceSettings.standardTypes[try key.text()]
            settings.productTypes[try key.text()] = ProductRule(
                unit: try parts["unit"]?.text() ?? standard?.unit,
                zeroCategory: try parts["vat_category"]?.word(VATCategory.self)
                    ?? standard?.zeroCategory,
                exemptionReason: try parts["exemption_reason"]?.text()
            )
        }
        for (key, value) in try fields["exemption_reasons"]?.entries() ?? [] {
            settings.exemptionReasons[try key.word(VATCategory.self)] = try value.text()
        }
        for (key, value) in try fields["unit_texts"]?.entries() ?? [] {
            settings.unitTexts[try key.text()] = try value.text()
        }
    }

    private static func readHandling(
        _ fields: [String: YAMLNode],
        _ settings: inout InvoiceSettings
    ) throws(Diagnostic) {
        if let node = fields["vat_rate"] {
            settings.rateUnit = try node.word(InvoiceSettings.RateUnit.self)
        }
        if let node = fields["on_disagreement"] {
            settings.onDisagreement = try node.word(InvoiceSettings.Disposition.self)
        }
        if let node = fields["tolerance"] { settings.tolerance = try amount(node) }
        if let node = fields["rounding_limit"] { settings.roundingLimit = try amount(node) }
        if let node = fields["discounts"] {
            settings.discounts = try node.word(InvoiceSettings.Discounts.self)
        }
        if let node = fields["outside_vat"] {
            settings.outsideVAT = try node.word(InvoiceSettings.OutsideVAT.self)
        }
        if let node = fields["outside_vat_suffix"] {
            settings.outsideVATSuffix = try node.text()
            guard !settings.outsideVATSuffix.isEmpty else {
                throw node.diagnostic("type", "two documents would have one number", cure: "\"-O\"")
            }
        }
    }

    private static func amount(_ node: YAMLNode) throws(Diagnostic) -> ExactDecimal {
        guard let amount = ExactDecimal(try node.text()), amount >= .zero else {
            throw node.diagnostic("type", "'\(try node.text())' is no amount such as 0.01")
        }
        return amount
    }

    private static func readDetail(
        _ fields: [String: YAMLNode],
        _ settings: inout InvoiceSettings
    ) throws(Diagnostic) {
        for (key, value) in try fields["properties"]?.entries() ?? [] {
            let code = try key.word(InvoiceSettings.PropertyCode.self)
            // "false" leaves a detail out.
            let name = try value.text()
            settings.propertyNames[code] = name == "false" ? nil : name
        }
        if let node = fields["card_number"] {
            settings.shownCard = try node.word(InvoiceSettings.ShownCard.self)
        }
        if let node = fields["repeat_in_note"] { settings.repeatsInNote = try node.bool() }
    }

    private static func readTables(
        _ fields: [String: YAMLNode],
        _ resolved: (String) -> String,
        _ settings: inout InvoiceSettings
    ) throws(Diagnostic) {
        if let node = fields["cost_centres"] {
            let table = try CSVTable(
                file: resolved(try node.text()),
                needs: ["plate", "card", "costCentre"]
            )
            for row in table.rows {
                guard let centre = table.cell("costCentre", of: row.cells) else { continue }
                for key in ["plate", "card"] {
                    if let text = table.cell(key, of: row.cells) {
                        settings.costCentres[text] = centre
                    }
                }
            }
        }
        if let node = fields["preceding_invoices"] {
            let table = try CSVTable(
                file: resolved(try node.text()),
                needs: ["number", "preceding", "issued"]
            )
            for row in table.rows {
                guard let number = table.cell("number", of: row.cells) else { continue }
                let issued = table.cell("issued", of: row.cells)
                let day = issued.flatMap { CalendarDate($0) }
                guard issued == nil || day != nil else {
                    throw Diagnostic(
                        "type",
                        "'\(issued ?? "")' is no day as yyyy-MM-dd",
                        file: table.file,
                        line: row.line
                    )
                }
                settings.precedingInvoices[number] = PrecedingInvoice(
                    number: table.cell("preceding", of: row.cells),
                    issueDate: day
                )
            }
        }
        if let node = fields["supplier_totals"] {
            let file = resolved(try node.text())
            let table = try CSVTable(file: file, needs: ["number", "currency", "total"])
            do throws(InvoicesError) {
                settings.supplierTotals = try SupplierTotals(
                    header: table.columns,
                    rows: table.rows,
                    file: file
                )
            } catch {
                throw Diagnostic("totals", error.description, file: file)
            }
        }
        if let node = fields["on_missing_total"] {
            settings.onMissingTotal = try node.word(InvoiceSettings.Disposition.self)
        }
    }
}
