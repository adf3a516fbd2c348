internal import Expressions
public import Invoices
internal import Transactions

/// What an export says of its invoices: the settings, and what overrules the template.
public struct InvoiceOptions: Sendable {
    /// Parties, payment, products and how findings are met.
    public let settings: InvoiceSettings
    /// What the documents claim to be, instead of the template's choice.
    public let profile: InvoiceProfile?
    /// How amounts are taken, instead of the template's choice.
    public let amounts: AmountSource?

    /// Options of an export.
    public init(
        settings: InvoiceSettings,
        profile: InvoiceProfile? = nil,
        amounts: AmountSource? = nil
    ) {
        self.settings = settings
        self.profile = profile
        self.amounts = amounts
    }
}

/// How rows become documents with `model: invoice`.
struct InvoicePlan: Sendable {
    /// Nil where the plan was made without an export, to check a template.
    let assembler: InvoiceAssembler?
    let node: YAMLNode

    /// What a row must have to be on an invoice; without it, it waits.
    static let required: [Field] = [.invoiceNo, .invoiceDate]

    /// What an invoice is made of: a change of one of them changes the document.
    static let fields: Set<Field> = [
        .transactionTime, .stationId, .receiptNo, .cardNumber, .currency, .occProductCode,
        .occProductName, .occProductType, .plateNumber, .driverName, .invoiceNo, .contractNumber,
        .invoiceDate, .quantity, .netPricePerUnit, .discountPerUnit, .pricePerUnit, .totalPrice,
        .vatRate, .vatAmount, .netAmount, .odometerReadout,
    ]

    /// Terms that may take part in a file's name.
    static let nameable: Set<String> = [
        "number", "currency", "isCreditNote", "issueDate", "typeCode", "contractReference",
    ]
}

extension Template {
    /// What the template's documents claim to be and how they take amounts; nil without `model: invoice`.
    public var invoiceModel: (profile: InvoiceProfile, amounts: AmountSource)? {
        documents?.model.map { ($0.profile, $0.amounts) }
    }
}

extension PlanBuilder {
    func invoicePlan(
        _ model: InvoiceModelDeclaration,
        _ options: InvoiceOptions?,
        _ timeZone: TimeZoneRules
    ) throws(Diagnostic) -> InvoicePlan {
        guard template.feed == .contractTransactions else {
            throw model.node.diagnostic(
                "type",
                "only contract transactions are invoiced, and the feed is \(template.feed.rawValue)",
                cure: "feed: contract-transactions"
            )
        }
        guard !template.acceptsReversals else {
            throw model.node.diagnostic(
                "writing",
                "an invoice that changes is sent again, its rows are not taken back",
                cure: "leave accepts out"
            )
        }
        return InvoicePlan(
            assembler: options.map {
                InvoiceAssembler(
                    settings: $0.settings,
                    profile: $0.profile ?? model.profile,
                    source: $0.amounts ?? model.amounts,
                    zone: timeZone
                )
            },
            node: model.node
        )
    }

    /// The terms of an invoice as members of a document, and what they come of.
    mutating func invoiceMembers(named name: String) -> ([RecordType.Member], Set<String>) {
        let members = InvoiceRecord.members(of: Invoice.description, row: rowType)
        for member in members where !InvoicePlan.nameable.contains(member.name) {
            origins["\(name).\(member.name)"] = ["\(member.name) of an invoice"]
        }
        // One document has one currency, so its amounts may be summed.
        return (members, ["invoiceNo", "currency"])
    }
}
