import Expressions
import Foundation
import Invoices
import TestSupport
import Testing
import Transactions

struct `UBL` {
    @Test func `is accepted by the official rules`() async throws {
        let rendering = try FormatRendering("ubl-peppol", parameters: [("groupByCard", .bool, .bool(true))])
        let count = Int(ProcessInfo.processInfo.environment["OCC_SWEEP"] ?? "") ?? 60
        var sweep = InvoiceSweep(seed: 77)
        let folder = "/tmp/inv-ubl"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for serial in 0..<count {
            let rows = sweep.invoice(serial)
            let assembler = try SampleSettings.assembler(AmountSource.allCases[serial % 4])
            for case .invoice(let invoice, _) in assembler.outcomes(of: rows) {
                let text = try rendering.document(invoice, rows: rows)
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(invoice.number ?? "").xml"))
            }
        }
    }
}
