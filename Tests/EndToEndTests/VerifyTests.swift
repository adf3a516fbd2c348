internal import Foundation
import TestSupport
import Testing

/// `verify` sees each difference between outbox, manifests and ledger, and names it.
struct `Verification` {
    struct Damage: CustomTestStringConvertible, Sendable {
        let says: String
        /// A shell command in the partner's folder; `$BATCH` is the first batch.
        let command: String
        var testDescription: String { says }
    }

    @Test(arguments: [
        Damage(
            says: "alexela_22297_EUR_2026-11_1.csv was changed after publication",
            command: "echo >> $BATCH/alexela_22297_EUR_2026-11_1.csv"
        ),
        Damage(
            says: "alexela_22297_EUR_2026-11_1.csv is missing",
            command: "rm $BATCH/alexela_22297_EUR_2026-11_1.csv"
        ),
        Damage(says: "notes.txt is no file of the batch", command: "touch $BATCH/notes.txt"),
        Damage(
            says: "manifest.json is not the one that was published",
            command: "sed -i 's/accountant/auditor/' $BATCH/manifest.json"
        ),
        Damage(
            says: "is a batch that the ledger does not know",
            command:
                "cp -r $BATCH outbox/2026-11-24_accountant_000099 && echo >> outbox/2026-11-24_accountant_000099/manifest.json"
        ),
    ])
    func `names what was damaged and ends with 65`(_ damage: Damage) async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("verify").status == 0)
            let batch = try #require(try partner.batches().first)
            let done = try run(
                "/bin/sh",
                ["-ec", damage.command],
                environment: ["BATCH": batch],
                in: partner.folder
            )
            #expect(done.status == 0, "\(done.error)")
            let result = try partner.occExport("verify")
            #expect(result.status == 65)
            #expect(result.output.contains(damage.says), "\(result.output)")
        }
    }

    @Test func `a batch that was never renamed is named until a run settles it`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            _ = try partner.occExport("run", environment: ["OCC_EXPORT_CRASH_AFTER": "prepared"])
            let before = try partner.occExport("verify")
            #expect(before.status == 65)
            #expect(before.output.contains("is prepared and not published"), "\(before.output)")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("verify").status == 0)
        }
    }

    @Test func `a collected batch is no difference`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            let batch = try #require(try partner.batches().first)
            try FileManager.default.moveItem(
                atPath: "\(partner.folder)/\(batch)",
                toPath: "\(partner.folder)/taken"
            )
            let result = try partner.occExport("verify")
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("0 batches intact, 1 collected, 0 findings"))
        }
    }
}
