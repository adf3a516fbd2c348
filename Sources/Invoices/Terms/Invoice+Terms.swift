internal import Transactions

extension Invoice {
    /// The terms of an invoice under their names, for templates.
    public static var description: TermGroupDescription { Self.table.description }

    /// The invoice with its values, in the order of `description`.
    public var group: TermGroup { Self.table.group(self) }

    static let table = TermTable<Invoice>(
        "an invoice",
        [
            .text("number", "BT-1") { $0.number },
            .date("issueDate", "BT-2") { $0.issueDate },
            .text("typeCode", "BT-3") { $0.typeCode },
            .init(
                term: Term(name: "isCreditNote", number: "", type: .bool, isOptional: false)
            ) { .bool($0.isCreditNote) },
            .text("currency", "BT-5") { $0.currency },
            .date("dueDate", "BT-9", isOptional: true) { $0.dueDate },
            .maybeText("buyerReference", "BT-10") { $0.buyerReference },
            .maybeText("contractReference", "BT-12") { $0.contractReference },
            .maybeText("orderReference", "BT-13") { $0.orderReference },
            .maybeText("buyerAccountingReference", "BT-19") { $0.buyerAccountingReference },
            .maybeText("paymentTerms", "BT-20") { $0.paymentTerms },
            .maybeText("note", "BT-22") { $0.notes.first },
            .maybeText("businessProcess", "BT-23") { $0.businessProcess },
            .text("specification", "BT-24") { $0.specification },
            .group("precedingInvoice", "BG-3", .precedingInvoice, isOptional: true) {
                $0.precedingInvoice
            },
            .group("seller", "BG-4", .party) { $0.seller },
            .group("buyer", "BG-7", .party) { $0.buyer },
            .group("delivery", "BG-13", .delivery, isOptional: true) { $0.delivery },
            .group("period", "BG-14", .period, isOptional: true) { $0.period },
            .group("payment", "BG-16", .payment) { $0.payment },
            .group("totals", "BG-22", .totals) { $0.totals },
            .list("vatBreakdown", "BG-23", .vatBreakdown) { $0.vatBreakdown },
            .list("lines", "BG-25", .line) { $0.lines },
            .list("lineGroups", "", .lineGroup) { $0.lineGroups },
        ]
    )
}

extension TermTable where Root == PrecedingInvoice {
    static let precedingInvoice = TermTable(
        "a preceding invoice",
        [
            .text("number", "BT-25") { $0.number },
            .date("issueDate", "BT-26", isOptional: true) { $0.issueDate },
        ]
    )
}

extension TermTable where Root == Party {
    static let party = TermTable(
        "a party",
        [
            .text("name", "BT-27/BT-44") { $0.name },
            .maybeText("tradingName", "BT-28/BT-45") { $0.tradingName },
            .maybeText("identifier", "BT-29/BT-46") { $0.identifier },
            .maybeText("registrationNumber", "BT-30/BT-47") { $0.registrationNumber },
            .maybeText("registrationScheme", "") { $0.registrationScheme },
            .maybeText("vatNumber", "BT-31/BT-48") { $0.vatNumber },
            .group("endpoint", "BT-34/BT-49", .endpoint, isOptional: true) { $0.endpoint },
            .group("address", "BG-5/BG-8", .address) { $0.address },
            .group("contact", "BG-6/BG-9", .contact, isOptional: true) { $0.contact },
        ]
    )
}

extension TermTable where Root == ElectronicAddress {
    static let endpoint = TermTable(
        "an electronic address",
        [.text("scheme", "") { $0.scheme }, .text("id", "BT-34/BT-49") { $0.id }]
    )
}

extension TermTable where Root == PostalAddress {
    static let address = TermTable(
        "an address",
        [
            .maybeText("street", "BT-35/BT-50") { $0.street },
            .maybeText("additionalStreet", "BT-36/BT-51") { $0.additionalStreet },
            .maybeText("city", "BT-37/BT-52") { $0.city },
            .maybeText("postCode", "BT-38/BT-53") { $0.postCode },
            .maybeText("subdivision", "BT-39/BT-54") { $0.subdivision },
            .text("country", "BT-40/BT-55") { $0.country },
        ]
    )
}

extension TermTable where Root == Contact {
    static let contact = TermTable(
        "a contact",
        [
            .maybeText("name", "BT-41/BT-56") { $0.name },
            .maybeText("phone", "BT-42/BT-57") { $0.phone },
            .maybeText("email", "BT-43/BT-58") { $0.email },
        ]
    )
}

extension TermTable where Root == Delivery {
    static let delivery = TermTable(
        "a delivery",
        [
            .date("date", "BT-72", isOptional: true) { $0.date },
            .maybeText("country", "BT-80") { $0.country },
        ]
    )
}

extension TermTable where Root == Period {
    // The assembler always gives both days.
    static let period = TermTable(
        "a period",
        [.date("start", "BT-73/BT-134") { $0.start }, .date("end", "BT-74/BT-135") { $0.end }]
    )
}

extension TermTable where Root == PaymentInstructions {
    static let payment = TermTable(
        "payment instructions",
        [
            .text("meansCode", "BT-81") { $0.meansCode },
            .maybeText("meansText", "BT-82") { $0.meansText },
            .maybeText("reference", "BT-83") { $0.reference },
            .maybeText("iban", "BT-84") { $0.creditTransfer?.account },
            .maybeText("accountName", "BT-85") { $0.creditTransfer?.name },
            .maybeText("bic", "BT-86") { $0.creditTransfer?.bic },
        ]
    )
}

extension TermTable where Root == DocumentTotals {
    static let totals = TermTable(
        "document totals",
        [
            .number("lineNetAmount", "BT-106") { $0.lineNetAmount },
            .number("withoutVat", "BT-109") { $0.withoutVAT },
            .maybeNumber("vat", "BT-110") { $0.vat },
            .number("withVat", "BT-112") { $0.withVAT },
            .maybeNumber("paid", "BT-113") { $0.paid },
            .maybeNumber("rounding", "BT-114") { $0.rounding },
            .number("payable", "BT-115") { $0.payable },
        ]
    )
}

extension TermTable where Root == VATBreakdown {
    static let vatBreakdown = TermTable(
        "a VAT breakdown",
        [
            .number("taxableAmount", "BT-116") { $0.taxableAmount },
            .number("taxAmount", "BT-117") { $0.taxAmount },
            .text("category", "BT-118") { $0.category },
            .maybeNumber("rate", "BT-119") { $0.rate },
            .maybeText("exemptionReason", "BT-120") { $0.exemptionReason },
            .maybeText("exemptionReasonCode", "BT-121") { $0.exemptionReasonCode },
        ]
    )
}

extension TermTable where Root == InvoiceLine {
    static let line = TermTable(
        "an invoice line",
        [
            .text("id", "BT-126") { $0.id },
            .maybeText("note", "BT-127") { $0.notes.first },
            .maybeText("objectIdentifier", "BT-128") { $0.objects.first?.id },
            .maybeText("objectScheme", "") { $0.objects.first?.scheme },
            .number("quantity", "BT-129", places: 4) { $0.quantity },
            .text("unit", "BT-130") { $0.unit },
            .number("netAmount", "BT-131") { $0.netAmount },
            .maybeText("accountingReference", "BT-133") { $0.accountingReference },
            .list("allowances", "BG-27", .allowance) { $0.allowances },
            .group("period", "BG-26", .period, isOptional: true) { $0.period },
            .number("netPrice", "BT-146", places: 14) { $0.netPrice },
            .maybeNumber("priceDiscount", "BT-147", places: 6) { $0.priceDiscount },
            .maybeNumber("grossPrice", "BT-148", places: 6) { $0.grossPrice },
            .text("vatCategory", "BT-151") { $0.vat.first?.category },
            .maybeNumber("vatRate", "BT-152") { $0.vat.first?.rate },
            .text("itemName", "BT-153") { $0.itemName },
            .maybeText("itemDescription", "BT-154") { $0.descriptions.first },
            .maybeText("sellerItemIdentifier", "BT-155") { $0.sellerItemIdentifier },
            .list("properties", "BG-32", .property) { $0.properties },
            .number("vatAmount", "") { $0.vatAmount },
            .number("totalAmount", "") { $0.totalAmount },
            .maybeNumber("priceWithVat", "", places: 6) { $0.priceWithVAT },
            .text("unitText", "") { $0.unitText },
            .maybeText("card", "") { $0.shownCard },
            .init(
                term: Term(name: "transaction", number: "", type: .transaction, isOptional: false)
            ) { .transaction($0.source) },
        ]
    )
}

extension TermTable where Root == LineAllowance {
    static let allowance = TermTable(
        "a line allowance",
        [
            .init(
                term: Term(name: "isCharge", number: "", type: .bool, isOptional: false)
            ) { .bool($0.isCharge) },
            .number("amount", "BT-136/BT-141") { $0.amount },
            .maybeText("reasonCode", "BT-140/BT-145") { $0.reasonCode },
            .maybeText("reason", "BT-139/BT-144") { $0.reason },
        ]
    )
}

extension TermTable where Root == ItemProperty {
    static let property = TermTable(
        "an item property",
        [
            .text("code", "") { $0.code },
            .text("name", "BT-160") { $0.name },
            .text("value", "BT-161") { $0.value },
        ]
    )
}

extension TermTable where Root == LineGroup {
    static let lineGroup = TermTable(
        "a group of lines",
        [
            .maybeText("id", "") { $0.id },
            .list("lines", "BG-25", .line) { $0.lines },
            .number("netAmount", "") { $0.netAmount },
            .number("vatAmount", "") { $0.vatAmount },
            .number("totalAmount", "") { $0.totalAmount },
        ]
    )
}
