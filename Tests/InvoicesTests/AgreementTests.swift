import Invoices
import Testing
import Transactions

/// What the official rules say of the documents that our rules refuse.
struct `Our rules and the official ones` {
    @Test(.officialRules)
    func `agree on broken documents`() async throws {
        let format = Format.ubl
        let rendering = try FormatRendering(format.template)
        var documents: [(name: String, text: String)] = []
        for (place, mutation) in mutations.enumerated() {
            let broken = try rendering.document(try mutation.broken(), rows: [])
            guard let edit = edits[mutation.rule] else {
                documents.append((name: "\(place).xml", text: broken))
                continue
            }
            // The skeleton cannot write what breaks the rule; the good document is edited instead.
            let good = try rendering.document(try mutation.base.invoice(), rows: [])
            let edited = edit.reduce(good) { $1.apply(to: $0) }
            #expect(edited != good, "\(mutation.rule): the edit changes nothing")
            documents.append((name: "\(place).xml", text: edited))
        }
        let findings = try await OfficialRules.findings(format.validation, documents)
        var official: [Int: [String]] = [:]
        for finding in findings {
            let place = Int(finding.file.split(separator: ".")[0]) ?? -1
            let rule = finding.rule
            official[place, default: []].append(
                rule.hasPrefix("PEPPOL-EN16931-") ? String(rule.dropFirst(15)) : rule
            )
        }
        print("rule | official rules on the same document | agreement")
        for (place, mutation) in mutations.enumerated() {
            let found = official[place] ?? []
            let isSame = found.contains(mutation.rule)
            let reason = differences[mutation.rule]
            print(
                "\(mutation.rule) | \(found.joined(separator: " ")) | "
                    + (isSame ? "same" : reason ?? "DIFFERENT")
            )
            #expect(isSame || reason != nil, "\(mutation.rule): \(found)")
            #expect(
                !isSame || reason == nil,
                "\(mutation.rule) agrees; drop it from the differences"
            )
        }
        let same = mutations.indices.filter { official[$0]?.contains(mutations[$0].rule) ?? false }
        print("\(same.count) of \(mutations.count) mutations are refused by the same rule")
    }
}

/// Why a rule of ours has no counterpart of its id on the same document.
private let differences: [String: String] = [
    "BR-CO-25":
        "dropped from CEN's rules in 1.3.16; still in the norm and tested by other receivers",
    "BR-DEC-13": "CEN's binding to UBL tests it under UBL-DT-01",
    "BR-DEC-15": "CEN's binding to UBL tests it under UBL-DT-01",
]

/// A change of a document's text.
private struct Edit {
    let found: String
    let replacement: String

    /// Replaces the first place where a text stands.
    static func replace(_ found: String, _ replacement: String) -> Edit {
        Edit(found: found, replacement: replacement)
    }

    /// Puts a text before the first place where another stands.
    static func insert(_ text: String, before place: String) -> Edit {
        Edit(found: place, replacement: text + place)
    }

    func apply(to text: String) -> String {
        guard let range = text.firstRange(of: found) else { return text }
        return text[..<range.lowerBound] + replacement + text[range.upperBound...]
    }
}

private func item(_ isCharge: Bool, _ category: String, _ amount: String) -> String {
    let rate = category == "S" ? "24" : "0"
    return """
        <cac:AllowanceCharge><cbc:ChargeIndicator>\(isCharge)</cbc:ChargeIndicator>\
        <cbc:AllowanceChargeReason>x</cbc:AllowanceChargeReason>\
        <cbc:Amount currencyID="EUR">\(amount)</cbc:Amount><cac:TaxCategory><cbc:ID>\(category)</cbc:ID>\
        <cbc:Percent>\(rate)</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>\
        </cac:TaxCategory></cac:AllowanceCharge>
        """
}

private func lineItem(_ isCharge: Bool) -> Edit {
    .insert(
        "<cac:AllowanceCharge><cbc:ChargeIndicator>\(isCharge)</cbc:ChargeIndicator>"
            + "<cbc:AllowanceChargeReason>x</cbc:AllowanceChargeReason>"
            + "<cbc:Amount currencyID=\"EUR\">0.000</cbc:Amount></cac:AllowanceCharge>",
        before: "<cac:Item>"
    )
}

private func total(_ element: String, _ amount: String) -> Edit {
    .insert(
        "<cbc:\(element) currencyID=\"EUR\">\(amount)</cbc:\(element)>",
        before: "<cbc:PayableAmount"
    )
}

private func thirdDecimal(_ element: String, _ amount: String) -> Edit {
    .replace(
        "<cbc:\(element) currencyID=\"EUR\">\(amount)<",
        "<cbc:\(element) currencyID=\"EUR\">\(amount)0<"
    )
}

/// What breaks a rule that no model can break through the skeleton, since it writes amounts with two
/// decimals, one note, one object and so on.
private let edits: [String: [Edit]] = [
    "BR-CO-19": [
        .replace(
            "<cac:InvoicePeriod>\n    <cbc:StartDate>2026-10-14</cbc:StartDate>\n    "
                + "<cbc:EndDate>2026-10-14</cbc:EndDate>",
            "<cac:InvoicePeriod><cbc:Description>x</cbc:Description>"
        )
    ],
    "BR-55": [
        .insert(
            "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:IssueDate>2026-01-01"
                + "</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>",
            before: "<cac:ContractDocumentReference>"
        )
    ],
    "R002": [
        .insert(
            "<cbc:Note>one</cbc:Note><cbc:Note>two</cbc:Note>",
            before: "<cbc:DocumentCurrencyCode>"
        )
    ],
    "BR-CO-20": [
        .replace(
            "</cbc:LineExtensionAmount>\n    <cac:InvoicePeriod>\n      <cbc:StartDate>2026-10-14</cbc:StartDate>\n      <cbc:EndDate>2026-10-14</cbc:EndDate>",
            "</cbc:LineExtensionAmount>\n    <cac:InvoicePeriod><cbc:Description>x</cbc:Description>"
        )
    ],
    "BR-CO-04": [
        .replace("<cac:ClassifiedTaxCategory>", "<!--"),
        .replace("</cac:ClassifiedTaxCategory>", "-->"),
    ],
    "BR-54": [.replace("<cbc:Value>923345******2345</cbc:Value>", "")],
    "BR-CL-03": [
        .replace("<cbc:PriceAmount currencyID=\"EUR\"", "<cbc:PriceAmount currencyID=\"XXY\"")
    ],
    "R051": [
        .replace("<cbc:PriceAmount currencyID=\"EUR\"", "<cbc:PriceAmount currencyID=\"SEK\"")
    ],
    "UBL-SR-34": [.insert("<cbc:Note>two</cbc:Note>", before: "<cbc:InvoicedQuantity")],
    "UBL-SR-48": [
        .insert(
            "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>24</cbc:Percent>"
                + "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory>",
            before: "<cac:ClassifiedTaxCategory>"
        )
    ],
    "UBL-SR-50": [
        .replace(
            "<cac:Item>",
            "<cac:Item><cbc:Description>one</cbc:Description><cbc:Description>two</cbc:Description>"
        )
    ],
    "UBL-SR-52": [
        .insert(
            "<cac:DocumentReference><cbc:ID schemeID=\"ABZ\">2</cbc:ID>"
                + "<cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:DocumentReference>",
            before: "<cac:DocumentReference>"
        )
    ],
    "R101": [.replace("<cbc:DocumentTypeCode>130<", "<cbc:DocumentTypeCode>50<")],
    "BR-O-13": [.insert(item(false, "G", "0.00"), before: "<cac:TaxTotal>")],
    "BR-O-14": [.insert(item(true, "G", "0.00"), before: "<cac:TaxTotal>")],
    "BR-CO-11": [total("AllowanceTotalAmount", "0.01")],
    "BR-CO-12": [total("ChargeTotalAmount", "0.01")],
    "BR-DEC-01": [.insert(item(false, "S", "0.000"), before: "<cac:TaxTotal>")],
    "BR-DEC-05": [.insert(item(true, "S", "0.000"), before: "<cac:TaxTotal>")],
    "BR-DEC-09": [thirdDecimal("LineExtensionAmount", "90.60")],
    "BR-DEC-10": [total("AllowanceTotalAmount", "0.000")],
    "BR-DEC-11": [total("ChargeTotalAmount", "0.000")],
    "BR-DEC-12": [thirdDecimal("TaxExclusiveAmount", "90.60")],
    "BR-DEC-13": [thirdDecimal("TaxAmount", "15.74")],
    "BR-DEC-14": [thirdDecimal("TaxInclusiveAmount", "106.34")],
    "BR-DEC-15": [
        .insert("<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>", before: "<cbc:BuyerReference>"),
        .insert(
            "<cac:TaxTotal><cbc:TaxAmount currencyID=\"SEK\">170.000</cbc:TaxAmount></cac:TaxTotal>",
            before: "<cac:LegalMonetaryTotal>"
        ),
    ],
    "BR-DEC-16": [total("PrepaidAmount", "0.000")],
    "BR-DEC-17": [total("PayableRoundingAmount", "0.000")],
    "BR-DEC-18": [thirdDecimal("PayableAmount", "106.34")],
    "BR-DEC-19": [thirdDecimal("TaxableAmount", "65.60")],
    "BR-DEC-20": [
        .replace(
            "</cbc:TaxableAmount>\n      <cbc:TaxAmount currencyID=\"EUR\">15.74<",
            "</cbc:TaxableAmount>\n      <cbc:TaxAmount currencyID=\"EUR\">15.740<"
        )
    ],
    "BR-DEC-23": [thirdDecimal("LineExtensionAmount", "65.60")],
    "BR-DEC-24": [lineItem(false)],
    "BR-DEC-27": [lineItem(true)],
]
