import Foundation
import TestSupport
import Testing

/// A clock that is ahead for one night costs that night, and nothing else.
struct `A clock that was ahead` {
    /// Runs at an instant at which the API's clock stands too.
    private static func night(_ partner: Partner, _ now: String, _ more: String...) throws
        -> ProgramResult
    {
        try partner.sandbox.control("clock", "{\"now\":\"\(now)\"}")
        return more.isEmpty
            ? try partner.occExport("run", now: now)
            : try partner.occExport("run", more[0], now: now)
    }

    /// The ids in all batches, in order.
    private static func sent(_ partner: Partner) throws -> [String] {
        try partner.batches().flatMap { try partner.lines($0) }
            .compactMap { $0.firstMatch(of: /70000000\d\d/).map { String($0.0) } }
    }

    @Test(arguments: ["2027-02-26T03:00:00Z", "2028-02-26T03:00:00Z"])
    func `a run that the API refused for its clock moves no windows`(ahead: String) async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            let refused = try partner.occExport("run", now: ahead)
            #expect(refused.status == 77, "\(refused.error)")
            try partner.sell("7000000002", day: "2026-11-25")
            let next = try Self.night(partner, "2026-11-26T03:00:00Z")
            #expect(next.status == 0, "\(next.error)")
            #expect(next.output.contains("2026-11-26_accountant_000002"), "\(next.output)")
            try partner.sell("7000000003", day: "2026-12-10")
            #expect(try Self.night(partner, "2026-12-20T03:00:00Z").status == 0)
            #expect(try Self.sent(partner) == ["7000000001", "7000000002", "7000000003"])
            let status = try partner.occExport("status", now: "2026-12-20T03:00:00Z")
            #expect(status.status == 0)
            #expect(status.output.contains("to 2026-12-19"), "\(status.output)")
        }
    }

    @Test func `no gap is accepted by a clock that nothing has proven`() async throws {
        let exports = """
              - name: charging
                template: \(Checkout.path)/templates/ev-csv
                start: 2026-07-01
            """
        try await Partner.with(exports: exports) { partner in
            #expect(try partner.occExport("run").status == 0)
            let ahead = "2028-02-26T03:00:00Z"
            let refused = try partner.occExport("run", "--accept-gap", now: ahead)
            #expect(refused.status == 77, "\(refused.output)\(refused.error)")
            let next = try Self.night(partner, "2026-11-25T03:00:00Z")
            #expect(next.status == 0, "\(next.error)")
            let status = try partner.occExport("status", now: "2026-11-25T03:00:00Z")
            #expect(!status.output.contains("never fetched"), "\(status.output)")
        }
    }

    @Test(arguments: ["2027-02-26T03:00:00Z", "2028-02-26T03:00:00Z"])
    func `a ledger that covers days to come takes that back and reads them`(ahead: String)
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            // Both clocks are wrong, so that nobody refuses.
            #expect([0, 4].contains(try Self.night(partner, ahead).status))
            #expect(try Self.night(partner, ahead, "--accept-gap").status == 0)
            try partner.sell("7000000002", day: "2026-11-25")
            try partner.sell("7000000003", day: "2026-12-10")

            let now = "2026-12-20T03:00:00Z"
            let claimed = ahead.hasPrefix("2027") ? "2027-02-25" : "2028-02-25"
            let before = try partner.occExport("status", now: now)
            #expect(before.status == 3)
            #expect(before.output.contains("which is still to come"), "\(before.output)")
            let healed = try Self.night(partner, now)
            #expect(healed.status == 0, "\(healed.output)\(healed.error)")
            #expect(
                healed.error.contains(
                    "contract-transactions of contract 22297: the ledger is sure up to \(claimed), which is still to come, since a clock was ahead; answers prove 2026-06-30..2026-11-23: all that the API answers for is read again"
                ),
                "\(healed.error)"
            )
            #expect(try Self.sent(partner) == ["7000000001", "7000000002", "7000000003"])
            let status = try partner.occExport("status", now: now)
            #expect(status.status == 0, "\(status.output)")
            #expect(status.output.contains("to 2026-12-19"), "\(status.output)")
            #expect(!status.output.contains("never fetched"), "\(status.output)")
            let next = try Self.night(partner, "2026-12-21T03:00:00Z")
            #expect(next.status == 0)
            #expect(!next.error.contains("clock"), "\(next.error)")
        }
    }

    @Test func `what was seen by a clock ahead does not wait for that day to come`() async throws {
        try await Partner.with { partner in
            #expect(try partner.occExport("run").status == 0)
            try partner.sell("7000000001", day: "2026-11-25", ["totalPrice": "\"much\""])
            #expect(try Self.night(partner, "2027-02-26T03:00:00Z").status == 3)
            try partner.amend("7000000001", ["totalPrice": "12.4000"])
            let now = "2026-11-26T03:00:00Z"
            #expect(try Self.night(partner, now).status == 0)
            #expect(try Self.sent(partner) == ["7000000001"])
            let status = try partner.occExport("status", now: now)
            #expect(status.status == 0, "\(status.output)")
        }
    }
}
