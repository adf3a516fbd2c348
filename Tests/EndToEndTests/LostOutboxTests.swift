import Foundation
import TestSupport
import Testing

/// An outbox that is not there, or lacks what is ours in it, is noticed before anything goes out twice.
struct `An outbox that lost something` {
    private static func sh(_ partner: Partner, _ command: String) throws {
        let done = try run("/bin/sh", ["-ec", command], in: partner.folder)
        #expect(done.status == 0, "\(done.error)")
    }

    /// Three nights with a purchase each, so that three batches lie there.
    private static func nights(_ partner: Partner) throws {
        for number in 1...3 {
            try partner.sell("700000000\(number)")
            #expect(try partner.occExport("run").status == 0)
        }
    }

    @Test(arguments: [
        "mv outbox elsewhere", "mv outbox/.occ-export elsewhere",
        "mv outbox/.occ-export/stamp.json elsewhere; rm outbox/.occ-export/records/000003.jsonl",
    ])
    func `init makes no second one for a ledger that has batches`(_ damage: String) async throws {
        try await Partner.with { partner in
            try Self.nights(partner)
            try Self.sh(partner, damage)
            #expect(try partner.occExport("run").status == 4)
            let refused = try partner.occExport("init")
            #expect(refused.status == 4, "\(refused.output)")
            #expect(
                refused.error.contains(
                    "has published 3 batches, and this outbox does not know the last of them"
                ),
                "\(refused.error)"
            )
            #expect(try partner.occExport("reconcile").status == 4)
            #expect(
                !FileManager.default.fileExists(
                    atPath: "\(partner.folder)/outbox/.occ-export/stamp.json"
                )
            )

            let made = try partner.occExport("reconcile", "--new-stamp")
            #expect(made.status == 0, "\(made.error)")
            #expect(try partner.occExport("verify").status == 0)
            try partner.sell("7000000004")
            #expect(try partner.occExport("run").output.contains("_000004 with 1 transactions"))
            // The new records are as good as the first ones.
            try Self.sh(partner, "rm -r state")
            #expect(
                try partner.occExport("reconcile").output.contains("read 4 batches with 4 rows")
            )
            let next = try partner.occExport("run")
            #expect(next.output.contains("nothing new to publish"), "\(next.output)\(next.error)")
            #expect(try partner.occExport("reconcile", "--new-stamp").status == 64)
        }
    }

    @Test func `a run refuses an older copy of it`() async throws {
        try await Partner.with { partner in
            try Self.nights(partner)
            try Self.sh(partner, "cp -r outbox older")
            try partner.sell("7000000004")
            #expect(try partner.occExport("run").status == 0)
            try Self.sh(partner, "mv outbox newest; mv older outbox")
            try partner.sell("7000000005")
            let refused = try partner.occExport("run")
            #expect(refused.status == 4, "\(refused.output)")
            #expect(
                refused.error.contains(
                    "the ledger published batch 4, and this outbox has no record"
                ),
                "\(refused.error)"
            )
            #expect(try partner.occExport("verify").status == 4)
            #expect(try partner.occExport("doctor").status == 4)
            try Self.sh(partner, "mv outbox older; mv newest outbox")
            #expect(try partner.occExport("run").output.contains("_000005 with 1 transactions"))
            try Self.sh(partner, "mv outbox newest; mv older outbox")
            let mended = try partner.occExport("reconcile")
            #expect(mended.output.contains("wrote the records of batches 4, 5"), "\(mended.output)")
            #expect(try partner.occExport("run").output.contains("nothing new to publish"))
        }
    }

    @Test func `nobody knows what a lost ledger's batch carried without its record`() async throws {
        try await Partner.with { partner in
            try Self.nights(partner)
            try Self.sh(partner, "rm outbox/.occ-export/records/00000[13].jsonl")
            let verified = try partner.occExport("verify")
            #expect(verified.status == 65)
            for number in [1, 3] {
                #expect(
                    verified.output.contains("records/00000\(number).jsonl is missing"),
                    "\(verified.output)"
                )
            }
            try Self.sh(partner, "mv state away")
            for arguments in [[], ["--lost", "1"], ["--lost", "1-3"]] {
                let refused = try run(
                    Checkout.program("occ-export"),
                    ["reconcile"] + arguments,
                    in: partner.folder
                )
                #expect(refused.status == 4, "\(refused.output)\(refused.error)")
                #expect(refused.error.contains("nothing was changed"), "\(refused.error)")
                #expect(!FileManager.default.fileExists(atPath: "\(partner.folder)/state"))
            }
            let refused = try partner.occExport("reconcile")
            #expect(
                refused.error.contains(
                    "the records of batches 1, 3 are missing, and nothing else says what they carried"
                ),
                "\(refused.error)"
            )
            #expect(refused.error.contains("reconcile --lost 1 --lost 3"), "\(refused.error)")
            let given = try partner.occExport("reconcile", "--lost", "1", "--lost", "3")
            #expect(given.status == 0, "\(given.error)")
            #expect(given.output.contains("gave up batches 1, 3"), "\(given.output)")
            let next = try partner.occExport("run")
            #expect(next.output.contains("_000004 with 2 transactions"), "\(next.output)")

            // With the ledger that was there all along, the records are written anew.
            try Self.sh(partner, "rm -r state outbox/*_000004; mv away state")
            try Self.sh(partner, "rm outbox/.occ-export/records/000004.jsonl")
            try Self.sh(
                partner,
                #"sed -i 's/"lastNumber":4/"lastNumber":3/' outbox/.occ-export/stamp.json"#
            )
            let mended = try partner.occExport("reconcile")
            #expect(mended.output.contains("wrote the records of batches 1, 3"), "\(mended.output)")
            let whole = try partner.occExport("verify")
            #expect(whole.status == 0, "\(whole.output)")
            #expect(try partner.occExport("run").output.contains("nothing new to publish"))
        }
    }

    @Test func `init makes no ledger for an outbox with records`() async throws {
        try await Partner.with { partner in
            try Self.nights(partner)
            try Self.sh(partner, "rm -r state; rm outbox/.occ-export/stamp.json")
            let refused = try partner.occExport("init")
            #expect(refused.status == 4, "\(refused.output)")
            #expect(
                refused.error.contains("has records of batches and no stamp"),
                "\(refused.error)"
            )
            #expect(try partner.occExport("reconcile", "--new-stamp").status == 0)
            #expect(try partner.occExport("run").output.contains("nothing new to publish"))
        }
    }
}
