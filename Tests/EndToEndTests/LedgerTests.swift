import Foundation
import TestSupport
import Testing

/// What an operator decides, what a lost ledger is rebuilt from, and which days are asked for.
struct `The ledger` {
    private static func clock(_ partner: Partner, _ now: String) throws {
        try partner.sandbox.control("clock", "{\"now\":\"\(now)\"}")
    }

    private static func remove(_ partner: Partner, _ path: String) throws {
        try FileManager.default.removeItem(atPath: "\(partner.folder)/\(path)")
    }

    private static func neverWentOut(_ partner: Partner) throws -> ProgramResult {
        try partner.occExport("resolve", "--batch", "1", "--never-went-out")
    }

    @Test(arguments: ["prepared", "renamed", "shown"])
    func `a batch whose staging is there is the next run's, not an operator's`(_ step: String)
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            _ = try partner.occExport("run", environment: ["OCC_EXPORT_CRASH_AFTER": step])
            let asked = try partner.occExport("resolve")
            #expect(asked.output.contains("there is nothing to decide"), "\(asked.output)")
            let refused = try Self.neverWentOut(partner)
            #expect(refused.status == 4)
            #expect(refused.error.contains("the next run settles it"), "\(refused.error)")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.batches().count == 1)
        }
    }

    @Test func `a batch that lies in the outbox cannot be said never to have gone out`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            _ = try partner.occExport("run", environment: ["OCC_EXPORT_CRASH_AFTER": "renamed"])
            try Self.remove(partner, "outbox/.occ-export/staging/1")
            #expect(try partner.occExport("resolve").output.contains("batch 1"))
            let refused = try Self.neverWentOut(partner)
            #expect(refused.status == 4)
            #expect(refused.error.contains("lies in the outbox"), "\(refused.error)")
            let batch = try #require(try partner.batches().first)
            try FileManager.default.moveItem(
                atPath: "\(partner.folder)/\(batch)",
                toPath: "\(partner.folder)/aside"
            )
            #expect(try Self.neverWentOut(partner).status == 0)
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("verify").status == 0)
            // Somebody puts it back: its rows now lie there twice.
            try FileManager.default.moveItem(
                atPath: "\(partner.folder)/aside",
                toPath: "\(partner.folder)/\(batch)"
            )
            let verified = try partner.occExport("verify")
            #expect(verified.status == 65)
            #expect(verified.output.contains("never went out"), "\(verified.output)")
        }
    }

    @Test func `a lost ledger is rebuilt after a batch that never went out`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            _ = try partner.occExport("run", environment: ["OCC_EXPORT_CRASH_AFTER": "prepared"])
            try Self.remove(partner, "outbox/.occ-export/staging/1")
            #expect(try Self.neverWentOut(partner).status == 0)
            #expect(try partner.occExport("run").status == 0)
            try Self.remove(partner, "state")
            let reconciled = try partner.occExport("reconcile")
            #expect(reconciled.status == 0, "\(reconciled.error)")
            let verified = try partner.occExport("verify")
            #expect(verified.status == 0, "\(verified.output)")
            let next = try partner.occExport("run")
            #expect(next.output.contains("nothing new to publish"), "\(next.output)\(next.error)")
            #expect(try partner.batches().count == 1)
        }
    }

    @Test func `a correction is sent although what was sent is no longer known`() async throws {
        try await Partner.with(exports: Partner.accountant + "\n    on_change: hold") { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try Self.remove(partner, "state")
            #expect(try partner.occExport("reconcile").status == 0)
            try partner.amend("7000000001", ["totalPrice": "24.8000"])
            #expect(try partner.occExport("run").status == 3)
            #expect(try partner.batches().count == 1)
            let sent = try partner.occExport(
                "resolve",
                "--export",
                "accountant",
                "--transaction",
                "7000000001",
                "--send"
            )
            #expect(sent.status == 0, "\(sent.error)")
            let next = try partner.occExport("run")
            #expect([0, 3].contains(next.status), "\(next.error)")
            #expect(try partner.batches().count == 2)
            #expect(try partner.occExport("resolve").output.contains("there is nothing to decide"))
        }
    }

    @Test func `an outbox that is not mounted is not verified`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try Self.remove(partner, "outbox")
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/outbox",
                withIntermediateDirectories: false
            )
            let result = try partner.occExport("verify")
            #expect(result.status == 4, "\(result.output)")
            #expect(result.error.contains("is the outbox mounted?"), "\(result.error)")
        }
    }

    @Test func `a file that its consumer wrote into counts as collected, not as intact`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            let batch = try #require(try partner.batches().first)
            let file = "\(batch)/alexela_22297_EUR_2026-11_1.csv"
            try partner.write(file, try partner.text(file) + "imported\r\n")
            #expect(try partner.occExport("run").status == 0)
            let result = try partner.occExport("verify")
            #expect(
                result.output.contains("0 batches intact, 1 collected, 0 findings"),
                "\(result.output)"
            )
        }
    }

    @Test func `an answer that lacks most of the rows known of its days is warned of`()
        async throws
    {
        try await Partner.with { partner in
            for day in 10...20 {
                try partner.sell("70000000\(day)", day: "2026-11-\(day)")
            }
            let first = try partner.occExport("run")
            #expect(!(first.output + first.error).contains("less than half"))
            try Self.clock(partner, "2026-11-25T03:00:00Z")
            try partner.fail(
                #"[{"operation":"ContractTransactions","contains":"22297","times":9,"status":200,"body":"[]"}]"#
            )
            let short = try partner.occExport("run", now: "2026-11-25T03:00:00Z")
            #expect(
                (short.output + short.error).contains(
                    "the answer for 2026-10-21..2026-11-20 has less than half the rows known of its days; if tomorrow's has not more, ask Alexela"
                ),
                "\(short.output)\(short.error)"
            )
            try partner.fail("[]")
            try Self.clock(partner, "2026-11-26T03:00:00Z")
            let whole = try partner.occExport("run", now: "2026-11-26T03:00:00Z")
            #expect(!(whole.output + whole.error).contains("less than half"))
        }
    }

    @Test func `a start before the API's reach is fetched once, then the overlap alone`()
        async throws
    {
        let exports = Partner.accountant.replacing("2026-07-01", with: "2025-01-01")
        try await Partner.with(exports: exports) { partner in
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.text("state/reports/1.json").contains("2026-06-26..2026-11-25"))
            try Self.clock(partner, "2026-11-25T03:00:00Z")
            #expect(try partner.occExport("run", now: "2026-11-25T03:00:00Z").status == 0)
            let report = try partner.text("state/reports/2.json")
            #expect(report.contains("2026-10-21..2026-11-26"), "\(report)")
            #expect(!report.contains("2026-06-"), "\(report)")
        }
    }
}
