internal import Foundation
import TestSupport
import Testing

/// A product that a lookup does not know goes to its default, and the run says so.
struct `A product without a row` {
    private static let folder = "\(Checkout.path)/templates/hledger"
    private static let exports = """
          - name: journal
            template: \(folder)
            start: 2026-07-01
            lookups: { products: products.csv, vehicles: \(folder)/lookups/vehicles.csv, taxes: \(folder)/lookups/taxes.csv }
        """

    @Test func `is booked to the default and named by the run`() async throws {
        try await Partner.with(exports: Self.exports, isInitialised: false) { partner in
            try partner.write(
                "products.csv",
                "product,productType,account\n1005,,expenses:diesel\n,Service,expenses:service\n"
            )
            #expect(try partner.occExport("init").status == 0)
            try partner.sell("7000000001")
            try partner.sell(
                "7000000002",
                ["occProductCode": "\"8001\"", "occProductType": "\"Service\""]
            )
            try partner.sell("7000000003", ["occProductCode": "\"9999\""])
            // Two of three products have their row, and each row of the table is asked for.
            let trial = try partner.occExport("run", "--dry-run", "--output", "json")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(trial.output.utf8)) as? [String: Any]
            )
            let exports = try #require(report["exports"] as? [[String: Any]])
            let lookups = try #require(exports.first?["lookups"] as? [String: [String: Any]])
            #expect(lookups["products"]?["rows"] as? Int == 2)
            #expect(lookups["products"]?["unusedRows"] as? Int == 0)
            #expect(lookups["products"]?["unknownProducts"] as? Int == 1)
            #expect(lookups["vehicles"]?["unusedRows"] as? Int ?? 0 > 0)
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.contains("lookup 'products' has no row for product 9999\n"))
            let batch = try #require(try partner.batches().first)
            let journal = try partner.text("\(batch)/alexela_EUR_1.journal")
            for account in ["expenses:diesel", "expenses:service", "expenses:other"] {
                #expect(journal.contains("    \(account)  10.00 EUR"), "\(account)")
            }
        }
    }
}
