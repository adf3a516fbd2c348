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
    @Test(arguments: Format.all)
    func `is accepted by the official rules`(_ format: Format) throws {
        let rendering = try FormatRendering(format.template, parameters: format.parameters)
        let count = Int(ProcessInfo.processInfo.environment["OCC_SWEEP"] ?? "") ?? 60
        var sweep = InvoiceSweep(seed: 77)
        let folder = "/tmp/inv-sweep/\(format.template)-\(format.profile.rawValue)"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for serial in 0..<count {
            let rows = sweep.invoice(serial)
            let assembler = try SampleSettings.assembler(
                AmountSource.allCases[serial % 4],
                profile: format.profile
            ) { $0.discounts = serial % 3 == 0 ? .line : .price }
            for outcome in assembler.outcomes(of: rows) {
                guard case .invoice(let invoice, _) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                let text = try rendering.document(invoice, rows: rows)
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(invoice.number ?? "").xml"))
            }
        }
    }
}
