internal import Foundation
import TestSupport
import Testing

/// The nightly job as the ERP sees it: the real binary against the sandbox API.
struct `The nightly run` {
    @Test func `a first run publishes what is there and a second run nothing`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", contract: "123", ["currency": "\"SEK\""])
            let first = try partner.occExport("run")
            #expect(first.status == 0, "\(first.error)")
            #expect(
                first.output.contains(
                    "accountant: published 2026-11-24_accountant_000001 with 2 transactions"
                )
            )
            let batches = try partner.batches()
            #expect(batches == ["outbox/2026-11-24_accountant_000001"])
            let second = try partner.occExport("run")
            #expect(second.status == 0, "\(second.error)")
            #expect(second.output.contains("accountant: nothing new to publish"))
            #expect(try partner.batches() == batches)
        }
    }

    @Test func `rows that arrive late come in the next batch, and only they`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.sell("7000000002", day: "2026-11-01")
            let late = try partner.occExport("run", now: "2026-11-24T03:01:00Z")
            #expect(late.status == 0, "\(late.error)")
            let batches = try partner.batches()
            #expect(batches.count == 2)
            #expect(try partner.lines(batches[1]).map { $0.suffix(10) } == ["7000000002"])
        }
    }

    @Test func `an invoice number that appears later is no change and lets the row go out`()
        async throws
    {
        let exports =
            Partner.accountant + """

                  - name: invoiced
                    template: \(Checkout.path)/templates/transaction-list-xml
                    start: 2026-07-01
                    when: invoiceNo.hasValue()
                """
        try await Partner.with(exports: exports) { partner in
            try partner.sell("7000000001")
            let before = try partner.occExport("run")
            #expect(before.status == 0, "\(before.error)")
            #expect(before.output.contains("invoiced: nothing new to publish"))
            try partner.amend(
                "7000000001",
                ["invoiceNo": "\"20261115-19091\"", "invoiceDate": "\"2026-11-23T00:00:00Z\""]
            )
            let after = try partner.occExport("run")
            #expect(after.status == 0, "\(after.output)\(after.error)")
            #expect(after.output.contains("accountant: nothing new to publish"))
            #expect(
                after.output.contains(
                    "invoiced: published 2026-11-24_invoiced_000002 with 1 transactions"
                )
            )
        }
    }

    @Test func `an amount that changes after export is reported, and not sent again`() async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.amend(
                "7000000001",
                ["totalPrice": "24.8000", "netAmount": "20.0000", "vatAmount": "4.8000"]
            )
            let result = try partner.occExport("run")
            #expect(result.status == 3)
            #expect(
                result.output.contains("changed at the source after export: transaction 7000000001")
            )
            #expect(try partner.batches().count == 1)
        }
    }

    @Test func `a refund is carried with its sign and lowers the totals`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell(
                "7000000002",
                [
                    "quantity": "-10.0000", "totalPrice": "-12.4000", "vatAmount": "-2.4000",
                    "netAmount": "-10.0000",
                ]
            )
            try partner.sell("7000000003")
            #expect(try partner.occExport("run").status == 0)
            let manifest = try partner.manifest(try #require(try partner.batches().first))
            #expect(manifest.totals["EUR"]?.totalPrice == "12.4")
            #expect(manifest.totals["EUR"]?.count == 3)
            #expect(manifest.hashTotal == "10")
        }
    }

    @Test func `contracts and currencies stay apart in files and totals`() async throws {
        try await Partner.with(sandbox: ["--rows", "0", "--contracts", "3"]) { partner in
            for (contract, currency) in [("22297", "EUR"), ("123", "SEK"), ("30051", "PLN")] {
                try partner.sell(
                    "70000\(contract)",
                    contract: contract,
                    ["currency": "\"\(currency)\""]
                )
            }
            #expect(try partner.occExport("run").status == 0)
            let batch = try #require(try partner.batches().first)
            let names = try FileManager.default.contentsOfDirectory(
                atPath: "\(partner.folder)/\(batch)"
            ).filter { $0.hasSuffix(".csv") }.sorted()
            #expect(
                names == [
                    "alexela_123_SEK_2026-11_1.csv", "alexela_22297_EUR_2026-11_1.csv",
                    "alexela_30051_PLN_2026-11_1.csv",
                ]
            )
            let totals = try partner.manifest(batch).totals
            #expect(
                totals.mapValues(\.totalPrice) == ["EUR": "12.4", "SEK": "12.4", "PLN": "12.4"]
            )
        }
    }

    @Test func `only the configured contracts are asked, and one the key may not see is named`()
        async throws
    {
        try await Partner.with(source: "  contracts: [ \"22297\", \"999\" ]") { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", contract: "123")
            let result = try partner.occExport("run")
            #expect(result.status == 3)
            #expect(
                result.output.contains(
                    "contract-transactions of contract 999: is not among the contracts that this access id may see"
                )
            )
            #expect(try partner.lines(try #require(try partner.batches().first)).count == 1)
        }
    }

    @Test func `an empty window publishes nothing, or a heartbeat where that is asked for`()
        async throws
    {
        try await Partner.with { partner in
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.contains("accountant: nothing new to publish"))
            #expect(try partner.batches().isEmpty)
            try partner.configure(exports: Partner.accountant + "\n    empty_batch: true")
            let heartbeat = try partner.occExport("run")
            #expect(heartbeat.status == 0, "\(heartbeat.error)")
            let manifest = try partner.manifest(try #require(try partner.batches().first))
            #expect(manifest.transactions == 0)
        }
    }

    @Test func `a purchase late in the evening belongs to the next local month`() async throws {
        try await Partner.with { partner in
            try partner.sell(
                "7000000001",
                day: "2026-10-31",
                ["transactionTime": "\"2026-10-31T22:30:00Z\""]
            )
            #expect(try partner.occExport("run").status == 0)
            let batch = try #require(try partner.batches().first)
            #expect(try partner.lines(batch).first?.hasPrefix("01.11.2026;00:30;") == true)
        }
    }

    @Test func `a purchase before the export's start is recorded and never exported`() async throws
    {
        let exports = Partner.accountant.replacing("2026-07-01", with: "2026-11-01")
        try await Partner.with(exports: exports) { partner in
            try partner.sell("7000000001", day: "2026-10-20")
            try partner.sell("7000000002", day: "2026-11-02")
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.error)")
            #expect(result.output.contains("contract 22297: 2 transactions, 2 new"))
            #expect(try partner.lines(try #require(try partner.batches().first)).count == 1)
        }
    }

    @Test func `a dry run says what it would publish and publishes nothing`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            let dry = try partner.occExport("run", "--dry-run")
            #expect(dry.status == 0, "\(dry.error)")
            #expect(dry.output.contains("accountant: would publish"))
            #expect(try partner.batches().isEmpty)
            #expect(try partner.occExport("run").output.contains("with 1 transactions"))
        }
    }

    @Test func `one bad row is set aside by its id and the others go out`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", ["totalPrice": "\"12,40\""])
            let result = try partner.occExport("run")
            #expect(result.status == 3)
            #expect(result.output.contains("(transaction 7000000002): field 'totalPrice'"))
            #expect(!result.output.contains("12,40"))
            #expect(try partner.lines(try #require(try partner.batches().first)).count == 1)
        }
    }

    @Test func `JSON output is one object with the batch and the status`() async throws {
        struct Report: Decodable {
            struct Export: Decodable {
                let export: String
                let transactions: Int
                let number: Int?
            }
            let exports: [Export]
            let status: String
        }
        try await Partner.with { partner in
            try partner.sell("7000000001")
            let result = try partner.occExport("run", "--output", "json")
            let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
            #expect(report.status == "done")
            #expect(report.exports.first?.number == 1)
            #expect(report.exports.first?.transactions == 1)
        }
    }

    @Test func `SHA256SUMS agrees with sha256sum`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            let batch = try #require(try partner.batches().first)
            let sums = try run(
                "/usr/bin/sha256sum",
                ["--check", "--strict", "SHA256SUMS"],
                in: "\(partner.folder)/\(batch)"
            )
            #expect(sums.status == 0, "\(sums.output)\(sums.error)")
        }
    }
}
