import Expressions
import Foundation
import Invoices
import TestSupport
import Testing
import Transactions

struct Format: CustomTestStringConvertible, Sendable {
    let template: String
    let profile: InvoiceProfile
    let parameters: [(String, ValueType, Value)]
    let validation: [String]
    var testDescription: String { "\(template), \(profile.rawValue)" }

    static let all = [
        Format(
            template: "ubl-peppol",
            profile: .peppol,
            parameters: [("groupByCard", .bool, .bool(true))],
            validation: ["--format", "ubl", "--peppol"]
        ),
        Format(
            template: "cii-en16931",
            profile: .en16931,
            parameters: [],
            validation: ["--format", "cii", "--facturx"]
        ),
        Format(
            template: "cii-en16931",
            profile: .xrechnung,
            parameters: [],
            validation: ["--format", "cii", "--xrechnung"]
        ),
        Format(
            template: "estonian-e-invoice",
            profile: .estonian,
            parameters: [
                ("language", .string, .string("et")), ("invoiceName", .string, .string("Arve")),
                ("creditName", .string, .string("Kreeditarve")),
                ("creditRows", .string, .string("positive")),
                ("creditTotal", .string, .string("zero")), ("oneFileEach", .bool, .bool(false)),
            ],
            validation: ["--format", "estonian", "--arith"]
        ),
        Format(
            template: "finvoice",
            profile: .finvoice,
            parameters: [
                ("invoiceText", .string, .string("LASKU")),
                ("creditText", .string, .string("HYVITYSLASKU")),
            ],
            validation: ["--format", "finvoice", "--arith"]
        ),
    ]
}

struct `Each format` {
    /// How many invoices: some in the tests, thousands in scripts/soak.
    private static let count =
        Int(ProcessInfo.processInfo.environment["OCC_SWEEP"] ?? "") ?? 60

    @Test(.officialRules, arguments: Format.all)
    func `is accepted by the official schemas and rules`(_ format: Format) async throws {
        let rendering = try FormatRendering(format.template, parameters: format.parameters)
        var sweep = InvoiceSweep(seed: 77)
        var documents: [(name: String, text: String)] = []
        // The supplier's VAT is no product of base and rate, which --arith asks of the formats without rules.
        var suppliers: [(name: String, text: String)] = []
        for serial in 0..<Self.count {
            let rows = sweep.invoice(serial)
            let source = AmountSource.allCases[serial % 4]
            let assembler = try SampleSettings.assembler(source, profile: format.profile) {
                $0.discounts = serial % 3 == 0 ? .line : .price
            }
            for outcome in assembler.outcomes(of: rows) {
                guard case .invoice(let invoice, _) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                let document = (
                    name: "\(serial)-\(invoice.number ?? "").xml",
                    text: try rendering.document(invoice, rows: rows)
                )
                if source == .supplierVAT, format.validation.contains("--arith") {
                    suppliers.append(document)
                } else {
                    documents.append(document)
                }
            }
        }
        var findings = try await OfficialRules.findings(format.validation, documents)
        if !suppliers.isEmpty {
            findings += try await OfficialRules.findings(
                format.validation.filter { $0 != "--arith" },
                suppliers
            )
        }
        print(
            "\(format.testDescription): \(documents.count + suppliers.count) documents, \(findings.count) findings"
        )
        #expect(findings.isEmpty, "\(findings.prefix(5))")
    }
}
