internal import Foundation
import TestSupport
import Testing

/// Each choice of `resolve`: the question in plain words, the answer as the question names it, and what
/// becomes of it.
struct `Decisions` {
    private static func clock(_ partner: Partner, _ day: Int) throws -> String {
        let now = "2026-11-\(day)T03:00:00Z"
        try partner.sandbox.control("clock", "{\"now\":\"\(now)\"}")
        return now
    }

    /// Asks what is to be decided, expects one question, and gives the answer that stands in it.
    private static func answer(
        _ partner: Partner,
        _ question: String,
        with option: String,
        now: String,
        says: String
    ) throws {
        let asked = try partner.occExport("resolve", now: now)
        #expect(asked.status == 0)
        #expect(asked.output == question + "\n")
        // The command is copied from the question, up to its first choice.
        let command = try #require(question.firstMatch(of: /occ-export (resolve [^?(]*)/)?.1)
        let words = command.split(separator: " ").map { $0.trimmingCharacters(in: [","]) }
        let choices = ["--send", "--keep", "--drop", "--retry", "--contract", "--unread"]
        let stem = words.prefix { !choices.contains($0) }
        let result = try run(
            Checkout.program("occ-export"),
            Array(stem) + option.split(separator: " ").map(String.init),
            environment: ["OCC_EXPORT_NOW": now],
            in: partner.folder
        )
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output == says + "\n", "\(result.error)")
    }

    private static let settling = Partner.accountant + "\n    settle: P9D"

    @Test func `what is gone at the source before it was sent can be dropped, and tried again`()
        async throws
    {
        try await Partner.with(exports: Self.settling) { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.sandbox.control(
                "edit",
                #"{"feed":"contract-transactions","contract":"22297","transactionId":"7000000001","remove":true}"#
            )
            #expect(try partner.occExport("run", now: try Self.clock(partner, 25)).status == 0)
            let now = try Self.clock(partner, 26)
            #expect(try partner.occExport("run", now: now).status == 3)
            let status = try partner.occExport("status", now: now)
            #expect(status.status == 3)
            #expect(
                status.output.contains(
                    "attention: accountant: 1 transactions cannot go out [vanished]; they are listed above, and 'occ-export resolve' tells what can be done"
                ),
                "\(status.output)"
            )
            try Self.answer(
                partner,
                "accountant, transaction 7000000001: is gone at the source [vanished]; it goes out by itself if the source has it again. Shall it be left out for good? occ-export resolve --export accountant --transaction 7000000001 --drop",
                with: "--drop",
                now: now,
                says:
                    "'accountant' leaves out transaction 7000000001 until it changes at the source; the rest of its document goes out without it"
            )
            let quiet = try partner.occExport("run", now: now)
            #expect(quiet.status == 0, "\(quiet.output)")
            #expect(quiet.output.contains("held: 1 (dropped)"), "\(quiet.output)")
            #expect(try partner.occExport("status", now: now).status == 0)
            try Self.answer(
                partner,
                "accountant, transaction 7000000001: an operator has let it go. Shall it be tried again? occ-export resolve --export accountant --transaction 7000000001 --retry",
                with: "--retry",
                now: now,
                says: "'accountant' tries transaction 7000000001 again with the next run"
            )
            #expect(try partner.occExport("run", now: now).status == 3)
        }
    }

    private static let choosy =
        "  - { name: priced, template: \(Checkout.path)/templates/accountant-csv, start: 2026-07-01, when: occProductCode != '9' || netAmount > 0.0 }"

    @Test func `what is rejected can be dropped, and goes out once it is mended`() async throws {
        try await Partner.with(exports: Self.choosy) { partner in
            try partner.sell("7000000002", ["occProductCode": "\"9\"", "netAmount": "null"])
            let first = try partner.occExport("run")
            #expect(first.status == 3, "\(first.output)")
            let message = try #require(
                first.output.firstMatch(of: /rejected: transaction 7000000002: (.*)/)?.1
            )
            try Self.answer(
                partner,
                "priced, transaction 7000000002: \(message); it goes out by itself once the template, a lookup or the row itself is mended. Shall it be left out for good? occ-export resolve --export priced --transaction 7000000002 --drop",
                with: "--drop",
                now: Partner.now,
                says:
                    "'priced' leaves out transaction 7000000002 until it changes at the source; the rest of its document goes out without it"
            )
            #expect(try partner.occExport("run").status == 0)
            try partner.amend("7000000002", ["netAmount": "10.00"])
            #expect(try partner.occExport("run").output.contains("with 1 transactions"))
        }
    }

    @Test(arguments: [
        (
            "--send", "the correction of 7000000001 goes out with the next run",
            "with 1 transactions"
        ),
        ("--keep", "what was sent of 7000000001 stands", "nothing new to publish"),
    ])
    func `a held correction is sent, or what was sent stands`(
        _ option: String,
        _ says: String,
        _ next: String
    ) async throws {
        try await Partner.with(exports: Partner.accountant + "\n    on_change: hold") { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.amend("7000000001", ["totalPrice": "24.8000"])
            #expect(try partner.occExport("run").status == 3)
            #expect(
                try partner.occExport("status").output.contains(
                    "attention: accountant: transaction 7000000001 changed: totalPrice; 'occ-export resolve --export accountant --transaction 7000000001' decides"
                )
            )
            try Self.answer(
                partner,
                "accountant, transaction 7000000001: changed: totalPrice. Shall the correction be sent, or does what was sent stand? occ-export resolve --export accountant --transaction 7000000001 --send, or --keep ('occ-export explain --transaction 7000000001' shows all versions)",
                with: option,
                now: Partner.now,
                says: says
            )
            #expect(try partner.occExport("run").output.contains(next))
            #expect(try partner.occExport("resolve").output == "there is nothing to decide\n")
        }
    }

    @Test func `a transaction under two contracts counts under the one that is chosen`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.sell("7000000001", contract: "123", ["totalPrice": "24.8000"])
            #expect(try partner.occExport("run").status == 3)
            let status = try partner.occExport("status")
            #expect(status.status == 3)
            #expect(
                status.output.contains(
                    "attention: transaction 7000000001: known under contract 22297, also under 123; 'occ-export resolve' asks what shall become of it"
                ),
                "\(status.output)"
            )
            let question =
                "transaction 7000000001 stands under contract 22297 and under 123 with other content. Under which does it count? occ-export resolve --transaction 7000000001 --contract 22297, or --contract 123"
            #expect(
                try partner.occExport("resolve").output.split(separator: "\n").first ?? ""
                    == question
            )
            let decided = try partner.occExport(
                "resolve",
                "--transaction",
                "7000000001",
                "--contract",
                "22297"
            )
            #expect(decided.output == "transaction 7000000001 counts under contract 22297\n")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("status").status == 0)
        }
    }

    @Test func `a transaction under two contracts with the same content needs no decision`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000001", contract: "123")
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)")
            #expect(
                night.output.contains(
                    "1 transactions stand under another contract too, with the same content; they count once"
                ),
                "\(night.output)"
            )
            #expect(try partner.occExport("resolve").output == "there is nothing to decide\n")
        }
    }

    @Test func `a row that never reads well is let go, and the sure days pass it`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001", ["totalPrice": "\"twelve\""])
            let first = try partner.occExport("run")
            #expect(first.status == 3, "\(first.output)")
            let reason = "field 'totalPrice' is no plain decimal"
            #expect(
                first.output.contains(
                    "  row 1 of 2026-11-01..2026-11-25 (transaction 7000000001): field 'totalPrice' is no plain decimal\n"
                ),
                "\(first.output)"
            )
            let status = try partner.occExport("status")
            #expect(status.status == 3)
            #expect(status.output.contains("22297: sure from 2026-06-30 to 2026-10-31"))
            try Self.answer(
                partner,
                "a row of 2026-11-01..2026-11-25 cannot be read: \(reason); the sure days end before it. Shall it be let go? occ-export resolve --unread 7000000001",
                with: "--unread 7000000001",
                now: Partner.now,
                says: "let 1 rows go; coverage passes them with the next run"
            )
            let passed = try partner.occExport("run")
            #expect(passed.status == 0, "\(passed.output)")
            #expect(
                passed.output.contains("0 new, 1 rows set aside, 1 of them let go\n"),
                "\(passed.output)"
            )
            let after = try partner.occExport("status")
            #expect(after.output.contains("22297: sure from 2026-06-30 to 2026-11-23"))
            #expect(after.status == 0, "\(after.output)")
        }
    }
}
