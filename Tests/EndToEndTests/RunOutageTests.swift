import Foundation
import TestSupport
import Testing

/// What a run leaves behind, and says, when the source or a name fails.
struct `Runs that meet trouble` {
    private static let next = "2026-11-24T03:01:00Z"

    @Test func `no heartbeat is published while a contract cannot be read`() async throws {
        let exports = Partner.accountant + "\n    empty_batch: true"
        try await Partner.with(exports: exports) { partner in
            try partner.fail(#"[{"operation":"ContractTransactions","times":99,"status":503}]"#)
            let outage = try partner.occExport("run")
            #expect(outage.status == 69, "\(outage.output)\(outage.error)")
            #expect(try partner.batches().isEmpty)
            #expect(!outage.output.contains("nothing new to publish"), "\(outage.output)")
            try partner.fail("[]")
            #expect(try partner.occExport("run", now: Self.next).status == 0)
            #expect(try partner.batches().count == 1)
        }
    }

    @Test func `a run that failed leaves its report, its status and attention until one is well`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.fail(#"[{"operation":"ContractNumbers","times":99,"status":503}]"#)
            #expect(try partner.occExport("run").status == 69)
            #expect(try partner.text("state/reports/1.json").contains("ContractNumbers"))
            let status = try partner.occExport("status")
            #expect(status.status == 3)
            #expect(status.output.contains("unreachable"), "\(status.output)")
            #expect(!status.output.contains("did not end"))
            #expect(status.output.contains("reports/1.json says why"), "\(status.output)")
            try partner.fail("[]")
            #expect(try partner.occExport("run", now: Self.next).status == 0)
            #expect(try partner.occExport("status", now: Self.next).status == 0)
        }
    }

    @Test func `what cannot go out wants attention`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001", ["netAmount": nil as String?])
            let night = try partner.occExport("run")
            #expect(night.status == 3, "\(night.output)\(night.error)")
            let status = try partner.occExport("status")
            #expect(status.status == 3, "\(status.output)")
            #expect(
                status.output.contains("attention: accountant: 1 transactions cannot go out"),
                "\(status.output)"
            )
        }
    }

    @Test func `a dry run lets no days go`() async throws {
        try await Partner.with { partner in
            #expect(try partner.occExport("run").status == 0)
            let late = "2027-06-24T03:00:00Z"
            try partner.sandbox.control("clock", "{\"now\":\"\(late)\"}")
            let dry = try partner.occExport("run", "--dry-run", "--accept-gap", now: late)
            #expect(dry.status == 64, "\(dry.output)\(dry.error)")
            // The gap is there as before.
            #expect(try partner.occExport("run", now: late).status == 4)
        }
    }

    @Test(arguments: ["2026-11-01", "garbage", ""])
    func `an instant that is none is refused`(text: String) async throws {
        try await Partner.with { partner in
            let result = try partner.occExport("status", now: text)
            #expect(result.status == 64, "\(result.output)")
            #expect(
                result.error.contains("OCC_EXPORT_NOW: '\(text)' is no instant"),
                "\(result.error)"
            )
        }
    }

    @Test func `nothing is published through a link in the outbox`() async throws {
        let exports = Partner.accountant + "\n    folder: sub"
        try await Partner.with(exports: exports) { partner in
            let elsewhere = "\(partner.folder)/elsewhere"
            let files = FileManager.default
            try files.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
            try files.createSymbolicLink(
                atPath: "\(partner.folder)/outbox/sub",
                withDestinationPath: elsewhere
            )
            try partner.sell("7000000001")
            let result = try partner.occExport("run")
            #expect(result.status == 73, "\(result.output)\(result.error)")
            #expect(result.error.contains("outbox/sub"), "\(result.error)")
            #expect(try files.contentsOfDirectory(atPath: elsewhere).isEmpty)
            try files.removeItem(atPath: "\(partner.folder)/outbox/sub")
            let after = try partner.occExport("run")
            #expect(after.status == 0, "\(after.output)\(after.error)")
            #expect(try partner.manifest(try #require(partner.batches().first)).transactions == 1)
        }
    }

    @Test func `values that only case or other signs tell apart get files of their own`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", ["currency": "\"eur\""])
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            let batch = try #require(try partner.batches().first)
            let files = try FileManager.default.contentsOfDirectory(
                atPath: "\(partner.folder)/\(batch)"
            ).filter { $0.hasSuffix(".csv") }
            #expect(files.count == 2, "\(files)")
            #expect(files.contains { $0.contains(/_[0-9a-f]{8}\.csv$/) }, "\(files)")
            #expect(try partner.lines(batch).count == 2)
        }
    }

    @Test func `the history of a row names export and day of what happened to it`() async throws {
        let exports =
            Partner.accountant + """

                  - name: second
                    template: \(Checkout.path)/templates/accountant-csv
                    start: 2026-07-01
                """
        try await Partner.with(exports: exports) { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.amend("7000000001", ["totalPrice": "24.8000"])
            _ = try partner.occExport("run", now: Self.next)
            let told = try partner.occExport("explain", "--transaction", "7000000001")
            for export in ["accountant", "second"] {
                #expect(
                    told.output.contains("(export \(export), 2026-11-24T03:01:00Z)"),
                    "\(told.output)"
                )
            }
        }
    }

    @Test func `a fault whose text is empty meets every request`() async throws {
        try await Partner.with { partner in
            try partner.fail(#"[{"contains":"","times":99,"status":503}]"#)
            #expect(try partner.occExport("run").status == 69)
        }
    }
}
