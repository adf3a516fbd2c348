internal import Foundation
import TestSupport
import Testing

/// A month of sandbox transactions through one ledger template, and the night after.
enum LedgerMonth {
    /// The configuration of one export.
    private static func exports(_ one: LedgerCase) -> String {
        let folder = "\(Checkout.path)/templates/\(one.template)"
        let lookups = one.lookups.map { "\($0): \(folder)/lookups/\($0).csv" }
        return """
              - name: month
                template: \(folder)
                start: 2026-10-15
                on_change: \(one.takesReversals ? "reverse_and_replace" : "report")
                parameters: \(one.parameters)
                lookups: { \(lookups.joined(separator: ", ")) }
            """
    }

    private static let known = "7900000001"

    /// Two nights at a partner's: a month, then a correction of what the first night sent.
    static func with(
        _ one: LedgerCase,
        _ body: (Partner, _ batches: [String]) throws -> Void
    ) async throws {
        try await Partner.with(
            exports: exports(one),
            sandbox: [
                "--rows", "450", "--contracts", "3", "--seed", "20", "--events", "late,lines",
            ]
        ) { partner in
            try partner.sell(
                known,
                day: "2026-11-05",
                [
                    "invoiceNo": "\"20261115-19000\"", "invoiceDate": "\"2026-11-18T00:00:00Z\"",
                    "driverName": "\"=Jüri \\\"Õ\\\"; <Ž>\\t& Co\"",
                    "occProductName": "\"Diislikütus {50} #1 | \\\"õ\\\"; ž\"",
                ]
            )
            let first = try partner.occExport("run")
            #expect([0, 3].contains(first.status), "\(first.output)\(first.error)")
            try #require(try partner.batches().count == 1, "\(first.output)\(first.error)")
            if one.takesReversals {
                try partner.amend(
                    known,
                    ["totalPrice": "24.8000", "netAmount": "20.0000", "vatAmount": "4.8000"]
                )
                let second = try partner.occExport("run", now: "2026-11-24T03:01:00Z")
                try #require(
                    try partner.batches().count == 2,
                    "\(second.output)\(second.error)"
                )
            }
            try body(partner, try partner.batches())
        }
    }
}
