import Invoices
import Transactions

private let yesterday = CalendarDate(year: 2026, month: 10, day: 13)
private let charge = DocumentAllowance(
    isCharge: true,
    amount: decimal("1.00"),
    category: "S",
    rate: decimal("24")
)
private let allowance = DocumentAllowance(
    isCharge: false,
    amount: decimal("1.00"),
    category: "S",
    rate: decimal("24")
)

/// The first line's place of category S is 0, E is 1, Z is 2; breakdowns stand in the order S, E, Z.
let mutations: [Mutation] = documentMutations + lineMutations + vatMutations + totalMutations

private let documentMutations: [Mutation] = [
    Mutation("BR-01") { $0.specification = nil },
    Mutation("BR-02") { $0.number = "  " },
    Mutation("BR-03") { $0.issueDate = nil },
    Mutation("BR-04") { $0.typeCode = nil },
    Mutation("BR-05", also: ["R051"]) { $0.currency = nil },
    Mutation("BR-06") { $0.seller.name = nil },
    Mutation("BR-07") { $0.buyer.name = nil },
    Mutation("BR-09") { $0.seller.address.country = nil },
    Mutation("BR-11") { $0.buyer.address.country = nil },
    Mutation("BR-CO-09") { $0.buyer.vatNumber = "100000002" },
    Mutation("BR-CO-26", on: .outside) { $0.seller.registrationNumber = nil },
    Mutation("BR-62") { $0.seller.endpoint?.scheme = nil },
    Mutation("BR-63") { $0.buyer.endpoint?.scheme = nil },
    Mutation("BR-S-02", also: ["BR-E-02", "BR-Z-02"]) { $0.seller.vatNumber = nil },
    Mutation("BR-E-02", also: ["BR-S-02", "BR-Z-02"]) { $0.seller.vatNumber = nil },
    Mutation("BR-Z-02", also: ["BR-S-02", "BR-E-02"]) { $0.seller.vatNumber = nil },
    Mutation("BR-AE-02", on: .reverseCharge) { $0.seller.vatNumber = nil },
    Mutation("BR-IC-02", on: .intraCommunity) { $0.buyer.vatNumber = nil },
    Mutation("BR-O-02", on: .outside) { $0.seller.vatNumber = "EE100000001" },
    Mutation(
        "BR-16",
        also: ["BR-S-08", "BR-E-08", "BR-Z-08", "BR-CO-10", "BR-CO-13"]
    ) { $0.lines = [] },
    Mutation("BR-29", also: ["R111"]) { $0.period?.end = yesterday },
    Mutation("BR-CO-19") { $0.period = Period(start: nil, end: nil) },
    Mutation("BR-55") { $0.precedingInvoice = PrecedingInvoice(number: nil) },
    Mutation("BR-CO-25") { $0.dueDate = nil },
    Mutation("BR-49") { $0.payment?.meansCode = nil },
    Mutation("BR-50", also: ["BR-61"]) { $0.payment?.creditTransfer?.account = nil },
    Mutation("BR-61") { $0.payment?.creditTransfer = nil },
    Mutation("BR-CL-01") { $0.typeCode = "381" },
    Mutation("BR-CL-04", also: ["BR-CL-03"]) { invoice in
        invoice.currency = "HRK"
        for index in invoice.lines.indices { invoice.lines[index].currency = "HRK" }
    },
    Mutation("BR-CL-14") { $0.buyer.address.country = "EU" },
    Mutation("BR-CL-16") { $0.payment?.meansCode = "999" },
    Mutation("BR-CL-25") { $0.buyer.endpoint?.scheme = "0000" },
    Mutation("R001") { $0.businessProcess = nil },
    Mutation("R002") { $0.notes = ["one", "two"] },
    Mutation("R003") { $0.buyerReference = nil },
    Mutation("R004") { $0.specification = "urn:cen.eu:en16931:2017" },
    Mutation("R007") { $0.businessProcess = "urn:fdc:peppol.eu:2017:poacc:billing:1:1.0" },
    Mutation("R008") { $0.paymentTerms = "" },
    Mutation("R010") { $0.buyer.endpoint = nil },
    Mutation("R020") { $0.seller.endpoint = nil },
]

private let lineMutations: [Mutation] = [
    Mutation("BR-21") { $0.lines[0].id = nil },
    Mutation("BR-22") { $0.lines[0].quantity = nil },
    Mutation("BR-23") { $0.lines[0].unit = nil },
    Mutation("BR-24", also: ["BR-S-08", "BR-CO-10", "BR-CO-13"]) { $0.lines[0].netAmount = nil },
    Mutation("BR-25") { $0.lines[0].itemName = nil },
    Mutation("BR-26") { $0.lines[0].netPrice = nil },
    Mutation("BR-27") { invoice in
        invoice.lines[0].netPrice = invoice.lines[0].netPrice?.negated
        invoice.lines[0].quantity = invoice.lines[0].quantity?.negated
    },
    Mutation("BR-28") { invoice in
        invoice.lines[0].grossPrice = decimal("-1")
        invoice.lines[0].priceDiscount = decimal("-1").subtracting(
            invoice.lines[0].netPrice ?? .zero
        )
    },
    Mutation("BR-30") { invoice in
        invoice.lines[0].period?.start = invoice.period?.start?.adding(days: 1)
    },
    Mutation("BR-CO-20") { $0.lines[0].period = Period(start: nil, end: nil) },
    Mutation("BR-CO-04", also: ["BR-S-08", "R008"]) { $0.lines[0].vat[0].category = "" },
    Mutation("BR-54", also: ["R008"]) { $0.lines[0].properties[0].value = "" },
    Mutation("BR-CL-03", also: ["R051"]) { $0.lines[0].currency = "XXY" },
    Mutation("BR-CL-07") { $0.lines[0].objects[0].scheme = "PLATE" },
    Mutation("BR-CL-18", also: ["BR-S-08"]) { $0.lines[0].vat[0].category = "X" },
    Mutation("BR-CL-23") { $0.lines[0].unit = "PCE" },
    Mutation("UBL-SR-34") { $0.lines[0].notes = ["one", "two"] },
    Mutation("UBL-SR-48") { $0.lines[0].vat.append($0.lines[0].vat[0]) },
    Mutation("UBL-SR-50") { $0.lines[0].descriptions = ["one", "two"] },
    Mutation("UBL-SR-52") { $0.lines[0].objects.append($0.lines[0].objects[0]) },
    Mutation("R046") { invoice in
        invoice.lines[0].grossPrice = invoice.lines[0].netPrice?.adding(decimal("0.02"))
        invoice.lines[0].priceDiscount = decimal("0.01")
    },
    Mutation("R051") { $0.lines[0].currency = "SEK" },
    Mutation("R101") { $0.lines[0].objects[0].documentType = "50" },
    Mutation("R110") { $0.lines[0].period?.start = yesterday },
    Mutation("R111") { invoice in
        invoice.lines[0].period?.end = invoice.period?.end?.adding(days: 1)
    },
    Mutation("R120") { $0.lines[0].quantity = decimal("52.38") },
]

private let vatMutations: [Mutation] = [
    Mutation("BR-CO-18", also: ["BR-S-01", "BR-E-01", "BR-Z-01", "BR-CO-14"]) {
        $0.vatBreakdown = []
    },
    Mutation("BR-45") { $0.vatBreakdown[0].taxableAmount = nil },
    Mutation("BR-46", also: ["BR-CO-14"]) { $0.vatBreakdown[0].taxAmount = nil },
    Mutation("BR-47", also: ["BR-S-01"]) { $0.vatBreakdown[0].category = nil },
    Mutation("BR-48", also: ["BR-S-08"]) { $0.vatBreakdown[0].rate = nil },
    Mutation("BR-S-01") { $0.vatBreakdown[0].category = "L" },
    Mutation("BR-E-01") { $0.vatBreakdown[1].category = "G" },
    Mutation("BR-Z-01") { $0.vatBreakdown[2].category = "G" },
    Mutation("BR-AE-01", on: .reverseCharge) { $0.vatBreakdown[0].category = "G" },
    Mutation("BR-IC-01", on: .intraCommunity) { $0.vatBreakdown[0].category = "G" },
    Mutation("BR-O-01", on: .outside, also: ["BR-48"]) { $0.vatBreakdown[0].category = "G" },
    Mutation("BR-S-05", also: ["BR-S-08"]) { $0.lines[0].vat[0].rate = .zero },
    Mutation("BR-E-05") { $0.lines[1].vat[0].rate = decimal("24") },
    Mutation("BR-Z-05") { $0.lines[2].vat[0].rate = decimal("24") },
    Mutation("BR-AE-05", on: .reverseCharge) { $0.lines[0].vat[0].rate = decimal("24") },
    Mutation("BR-IC-05", on: .intraCommunity) { $0.lines[0].vat[0].rate = decimal("24") },
    Mutation("BR-O-05", on: .outside) { $0.lines[0].vat[0].rate = .zero },
    Mutation("BR-O-11", on: .outside) { invoice in
        var other = VATBreakdown()
        (other.category, other.rate) = ("G", .zero)
        (other.taxableAmount, other.taxAmount) = (decimal("0.00"), decimal("0.00"))
        invoice.vatBreakdown.append(other)
    },
    Mutation("BR-O-12", on: .outside) { invoice in
        var other = invoice.lines[0]
        other.vat = [LineVAT(category: "G", rate: .zero)]
        (other.netAmount, other.quantity) = (decimal("0.00"), .zero)
        invoice.lines.append(other)
    },
    Mutation("BR-O-13", on: .outside) { invoice in
        invoice.allowances = [
            DocumentAllowance(isCharge: false, amount: decimal("0.00"), category: "G", rate: .zero)
        ]
    },
    Mutation("BR-O-14", on: .outside) { invoice in
        invoice.allowances = [
            DocumentAllowance(isCharge: true, amount: decimal("0.00"), category: "G", rate: .zero)
        ]
    },
    Mutation("BR-IC-11", on: .intraCommunity) { invoice in
        invoice.delivery?.date = nil
        invoice.period = nil
    },
    Mutation("BR-IC-12", on: .intraCommunity) { $0.delivery?.country = nil },
    Mutation("BR-S-08", also: ["BR-CO-17", "BR-S-09"]) {
        $0.vatBreakdown[0].taxableAmount = decimal("166.60")
    },
    Mutation("BR-E-08") { $0.vatBreakdown[1].taxableAmount = decimal("15.01") },
    Mutation("BR-Z-08") { $0.vatBreakdown[2].taxableAmount = decimal("10.01") },
    Mutation("BR-AE-08", on: .reverseCharge) {
        $0.vatBreakdown[0].taxableAmount = decimal("10.01")
    },
    Mutation("BR-IC-08", on: .intraCommunity) {
        $0.vatBreakdown[0].taxableAmount = decimal("10.01")
    },
    Mutation("BR-O-08", on: .outside) { $0.vatBreakdown[0].taxableAmount = decimal("100.01") },
    Mutation("BR-CO-17", also: ["BR-S-09", "BR-CO-14"]) {
        $0.vatBreakdown[0].taxAmount = decimal("25.75")
    },
    Mutation("BR-S-09", also: ["BR-CO-17", "BR-CO-14"]) {
        $0.vatBreakdown[0].taxAmount = decimal("25.73")
    },
    Mutation("BR-E-09", also: ["BR-CO-17", "BR-CO-14"]) {
        $0.vatBreakdown[1].taxAmount = decimal("0.01")
    },
    Mutation("BR-Z-09", also: ["BR-CO-17", "BR-CO-14"]) {
        $0.vatBreakdown[2].taxAmount = decimal("0.01")
    },
    Mutation("BR-AE-09", on: .reverseCharge, also: ["BR-CO-17", "BR-CO-14"]) {
        $0.vatBreakdown[0].taxAmount = decimal("0.01")
    },
    Mutation("BR-IC-09", on: .intraCommunity, also: ["BR-CO-17", "BR-CO-14"]) {
        $0.vatBreakdown[0].taxAmount = decimal("0.01")
    },
    Mutation("BR-O-09", on: .outside, also: ["BR-CO-14"]) {
        $0.vatBreakdown[0].taxAmount = decimal("0.01")
    },
    Mutation("BR-S-10") { $0.vatBreakdown[0].exemptionReason = "none" },
    Mutation("BR-E-10") { $0.vatBreakdown[1].exemptionReason = nil },
    Mutation("BR-Z-10") { $0.vatBreakdown[2].exemptionReason = "none" },
    Mutation("BR-AE-10", on: .reverseCharge) { $0.vatBreakdown[0].exemptionReason = nil },
    Mutation("BR-IC-10", on: .intraCommunity) { $0.vatBreakdown[0].exemptionReason = nil },
    Mutation("BR-O-10", on: .outside) { $0.vatBreakdown[0].exemptionReason = nil },
]

private let totalMutations: [Mutation] = [
    Mutation("BR-CO-10") { $0.totals.lineNetAmount = decimal("90.61") },
    Mutation("BR-CO-11") { invoice in
        invoice.totals.allowances = decimal("0.01")
        invoice.totals.withoutVAT = invoice.totals.withoutVAT?.subtracting(decimal("0.01"))
        invoice.totals.withVAT = invoice.totals.withVAT?.subtracting(decimal("0.01"))
        invoice.totals.rounding = decimal("0.01")
    },
    Mutation("BR-CO-12") { invoice in
        invoice.totals.charges = decimal("0.01")
        invoice.totals.withoutVAT = invoice.totals.withoutVAT?.adding(decimal("0.01"))
        invoice.totals.withVAT = invoice.totals.withVAT?.adding(decimal("0.01"))
        invoice.totals.rounding = decimal("-0.01")
    },
    Mutation("BR-CO-13", also: ["BR-CO-15"]) { $0.totals.withoutVAT = decimal("90.61") },
    Mutation("BR-CO-14", also: ["BR-CO-15"]) { $0.totals.vat = decimal("15.75") },
    Mutation("BR-CO-15", also: ["BR-CO-16"]) { $0.totals.withVAT = decimal("106.35") },
    Mutation("BR-CO-16") { $0.totals.payable = decimal("106.33") },
    Mutation("BR-DEC-01") { invoice in
        var item = allowance
        item.amount = zero
        invoice.allowances = [item]
    },
    Mutation("BR-DEC-05") { invoice in
        var item = charge
        item.amount = zero
        invoice.allowances = [item]
    },
    Mutation("BR-DEC-09") { $0.totals.lineNetAmount = wide($0.totals.lineNetAmount) },
    Mutation("BR-DEC-10") { $0.totals.allowances = zero },
    Mutation("BR-DEC-11") { $0.totals.charges = zero },
    Mutation("BR-DEC-12") { $0.totals.withoutVAT = wide($0.totals.withoutVAT) },
    Mutation("BR-DEC-13") { $0.totals.vat = wide($0.totals.vat) },
    Mutation("BR-DEC-14") { $0.totals.withVAT = wide($0.totals.withVAT) },
    Mutation("BR-DEC-15") { $0.totals.vatInAccountingCurrency = zero },
    Mutation("BR-DEC-16") { $0.totals.paid = zero },
    Mutation("BR-DEC-17") { $0.totals.rounding = zero },
    Mutation("BR-DEC-18") { $0.totals.payable = wide($0.totals.payable) },
    Mutation("BR-DEC-19") {
        $0.vatBreakdown[0].taxableAmount = wide($0.vatBreakdown[0].taxableAmount)
    },
    Mutation("BR-DEC-20") { $0.vatBreakdown[0].taxAmount = wide($0.vatBreakdown[0].taxAmount) },
    Mutation("BR-DEC-23") { $0.lines[0].netAmount = wide($0.lines[0].netAmount) },
    Mutation("BR-DEC-24") { invoice in
        invoice.lines[0].allowances = [
            LineAllowance(isCharge: false, amount: zero, reasonCode: "95", reason: "Discount")
        ]
    },
    Mutation("BR-DEC-27") { invoice in
        invoice.lines[0].allowances = [
            LineAllowance(isCharge: true, amount: zero, reasonCode: "ZZZ", reason: "Surcharge")
        ]
    },
]

/// Zero with a third decimal.
private let zero = ExactDecimal(significand: 0, scale: 3)

/// The same value with a third decimal.
private func wide(_ amount: ExactDecimal?) -> ExactDecimal? {
    amount.flatMap { $0.significand(atScale: 3) }.map { ExactDecimal(significand: $0, scale: 3) }
}
