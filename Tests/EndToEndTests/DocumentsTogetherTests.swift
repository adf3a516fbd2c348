internal import Foundation
import TestSupport
import Testing

/// An invoice goes out whole or not at all: what is held or rejected of it takes the rest along.
struct `Documents go out whole` {
    private static let exports = """
          - name: vouchers
            template: \(Checkout.path)/templates/procountor
            start: 2026-11-01
            parameters: { payableAccount: "2871", expenseAccount: "7779", privateAccount: "1763" }
            lookups: { products: products.csv, vehicles: vehicles.csv, taxes: taxes.csv, rates: rates.csv }
        """

    private static func sell(
        _ id: String,
        _ invoice: String?,
        to partner: Partner,
        rate: String = "24.0000"
    )
        throws
    {
        var changes: [String: String?] = ["vatRate": rate]
        if let invoice {
            changes["invoiceNo"] = "\"\(invoice)\""
            changes["invoiceDate"] = "\"2026-11-22T00:00:00Z\""
        }
        try partner.sell(id, changes)
    }

    private static func with(_ body: (Partner) async throws -> Void) async throws {
        try await Partner.with(exports: exports, isInitialised: false) { partner in
            try partner.write("products.csv", "product,productType,account\n")
            try partner.write("vehicles.csv", CloudMonth.vehicles("item"))
            try partner.write("taxes.csv", "rate,account\n24,29391\n")
            try partner.write("rates.csv", CloudMonth.rates)
            #expect(try partner.occExport("init").status == 0)
            try await body(partner)
        }
    }

    @Test func `an invoice of the first days has what was bought before`() async throws {
        try await Self.with { partner in
            let dates = [("A-1", "2026-11-03"), ("B-1", "2026-10-31")]
            for (index, (invoice, date)) in dates.enumerated() {
                for (row, day) in ["2026-10-28", "2026-11-02"].enumerated() {
                    try partner.sell(
                        "700000000\(index * 2 + row)",
                        day: day,
                        [
                            "invoiceNo": "\"\(invoice)\"",
                            "invoiceDate": "\"\(date)T00:00:00Z\"",
                        ]
                    )
                }
            }
            let run = try partner.occExport("run")
            #expect(run.status == 0, "\(run.output)\(run.error)")
            let batch = try #require(try partner.batches().first)
            // Both rows of A-1, bought in October and in November; none of B-1, of October.
            #expect(try partner.manifest(batch).transactions == 2)
            let files = try FileManager.default.contentsOfDirectory(
                atPath: "\(partner.folder)/\(batch)"
            ).filter { $0.hasSuffix(".csv") }
            let path = "\(partner.folder)/\(batch)/\(try #require(files.first))"
            let text = try String(contentsOfFile: path, encoding: .isoLatin1)
            #expect(text.contains("7000000000") && text.contains("7000000001"))
            #expect(text.contains("Alexela A-1"))
        }
    }

    @Test func `a row that is rejected keeps its invoice back until it is mended, and no other`()
        async throws
    {
        try await Self.with { partner in
            try Self.sell("7000000001", "A-1", to: partner)
            try Self.sell("7000000002", "A-1", to: partner, rate: "17.0000")
            try Self.sell("7000000003", "B-1", to: partner)
            let first = try partner.occExport("run")
            #expect(first.status == 3, "\(first.output)\(first.error)")
            let batch = try #require(try partner.batches().first)
            #expect(try partner.manifest(batch).transactions == 1)
            let manifest = try partner.text("\(batch)/manifest.json")
            #expect(manifest.contains("its document waits for transaction 7000000002"))
            try partner.amend("7000000002", ["vatRate": "24.0000"])
            let second = try partner.occExport("run", now: "2026-11-24T03:01:00Z")
            #expect(second.status == 0, "\(second.output)\(second.error)")
            let later = try #require(try partner.batches().last)
            #expect(try partner.manifest(later).transactions == 2)
        }
    }

    @Test func `a row that waits for its invoice number holds nobody back`() async throws {
        try await Self.with { partner in
            try Self.sell("7000000001", "A-1", to: partner)
            try Self.sell("7000000002", nil, to: partner)
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(
                try partner.manifest(try #require(try partner.batches().first)).transactions == 1
            )
        }
    }

    @Test func `a currency without a rate holds its invoice until there is one`() async throws {
        try await Self.with { partner in
            try partner.write(
                "rates.csv",
                "currency,perEuro,validFrom,validTo\nSEK,11.2,2016-07-01,\n"
            )
            try Self.sell("7000000001", "A-1", to: partner)
            let first = try partner.occExport("run")
            #expect(first.status == 3, "\(first.output)\(first.error)")
            #expect(try partner.batches().isEmpty)
            try partner.write("rates.csv", CloudMonth.rates)
            let second = try partner.occExport("run", now: "2026-11-24T03:01:00Z")
            #expect(second.status == 0, "\(second.output)\(second.error)")
            #expect(try partner.batches().count == 1)
        }
    }

    @Test func `a row without an amount keeps its XML invoice back, and no other`() async throws {
        try await Partner.withInvoices { partner in
            func sell(_ id: String, _ invoice: String, _ changes: [String: String?] = [:]) throws {
                let invoiced: [String: String?] = [
                    "invoiceNo": "\"\(invoice)\"", "invoiceDate": "\"2026-11-22T00:00:00Z\"",
                ]
                try partner.sell(id, invoiced.merging(changes) { $1 })
            }
            try sell("7000000001", "A-1")
            try sell("7000000002", "A-1", ["netAmount": nil as String?])
            try sell("7000000003", "B-1")
            let result = try partner.occExport("run")
            #expect(result.status == 3, "\(result.output)\(result.error)")
            let batch = try #require(try partner.batches().first)
            #expect(try partner.manifest(batch).transactions == 1)
        }
    }
}
