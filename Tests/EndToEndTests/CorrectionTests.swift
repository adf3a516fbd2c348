internal import Foundation
import TestSupport
import Testing

/// What becomes of a transaction that changes after it was exported, by the export's policy.
struct `Corrections` {
    /// A template that minds reversals, one line a row.
    private static let template = """
        version: 1
        title: Ids and amounts
        accepts: [reversals]
        format: { kind: delimited, encoding: utf-8, line_end: lf, delimiter: ";", absent: "-" }
        files:
          - name: rows_${batch.number}.csv
            mixed_currencies: true
            records:
              - id: row
                for_each: transactions
                fields:
                  - { value: transactionId }
                  - { value: totalPrice, decimals: 4 }
                  - { value: "reversal ? 'reversal' : 'sent'" }
                  - { value: reverses }
        """

    private static func with(
        _ keys: String,
        _ body: (Partner) async throws -> Void
    ) async throws {
        try await Partner.with(isInitialised: false) { partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/rows",
                withIntermediateDirectories: false
            )
            try partner.write("rows/template.yaml", template)
            try partner.configure(
                exports: "  - { name: rows, template: rows, start: 2026-07-01, \(keys) }"
            )
            let initialised = try partner.occExport("init")
            #expect(initialised.status == 0, "\(initialised.error)")
            try await body(partner)
        }
    }

    /// The data lines of a batch.
    private static func rows(_ partner: Partner, _ batch: Int) throws -> [String] {
        let name = try #require(try partner.batches().first { $0.hasSuffix("_00000\(batch)") })
        return try partner.text("\(name)/rows_\(batch).csv").split(separator: "\n").map(String.init)
    }

    private static func sell(_ partner: Partner) throws {
        try partner.sell("7000000001")
        #expect(try partner.occExport("run").status == 0)
        try partner.amend("7000000001", ["totalPrice": "24.8000"])
    }

    @Test func `report: it is said, and told again in the next batch's manifest`() async throws {
        try await Self.with("on_change: report") { partner in
            try Self.sell(partner)
            #expect(try partner.occExport("run").status == 3)
            // Said once; a night without news is done.
            #expect(try partner.occExport("run").status == 0)
            try partner.sell("7000000002")
            #expect(try partner.occExport("run").status == 0)
            let manifest = try partner.manifest(try #require(try partner.batches().last))
            #expect(manifest.number == 2)
            #expect(manifest.changed.map(\.transactionId) == ["7000000001"])
            #expect(try Self.rows(partner, 2) == ["7000000002;12.4000;sent;-"])
        }
    }

    @Test func `report: another policy later sends nothing again, a decision does`() async throws {
        try await Self.with("on_change: report") { partner in
            try Self.sell(partner)
            #expect(try partner.occExport("run").status == 3)
            try partner.configure(
                exports:
                    "  - { name: rows, template: rows, start: 2026-07-01, on_change: reverse_and_replace }"
            )
            let quiet = try partner.occExport("run")
            #expect(quiet.status == 0)
            #expect(quiet.output.contains("nothing new to publish"), "\(quiet.output)")
            let decided = try partner.occExport(
                "resolve",
                "--export",
                "rows",
                "--transaction",
                "7000000001",
                "--send"
            )
            #expect(
                decided.output == "the correction of 7000000001 goes out with the next run\n",
                "\(decided.error)"
            )
            #expect(try partner.occExport("run").status == 0)
            #expect(
                try Self.rows(partner, 2) == [
                    "7000000001;-12.4000;reversal;1", "7000000001;24.8000;sent;-",
                ]
            )
            // The next change is one of the new policy.
            try partner.amend("7000000001", ["totalPrice": "12.4000"])
            #expect(try partner.occExport("run").status == 3)
            #expect(
                try Self.rows(partner, 3) == [
                    "7000000001;-24.8000;reversal;2", "7000000001;12.4000;sent;-",
                ]
            )
            #expect(
                try partner.occExport(
                    "resolve",
                    "--export",
                    "rows",
                    "--transaction",
                    "7000000001",
                    "--send"
                ).status == 64
            )
        }
    }

    @Test func `replace: the new version is sent`() async throws {
        try await Self.with("on_change: replace") { partner in
            try Self.sell(partner)
            #expect(try partner.occExport("run").status == 3)
            #expect(try Self.rows(partner, 2) == ["7000000001;24.8000;sent;-"])
            #expect(try partner.occExport("run").output.contains("nothing new to publish"))
        }
    }

    @Test func `reverse_and_replace: what was sent is negated exactly, however often it changes`()
        async throws
    {
        try await Self.with("on_change: reverse_and_replace") { partner in
            try Self.sell(partner)
            #expect(try partner.occExport("run").status == 3)
            #expect(
                try Self.rows(partner, 2) == [
                    "7000000001;-12.4000;reversal;1", "7000000001;24.8000;sent;-",
                ]
            )
            try partner.amend("7000000001", ["totalPrice": "12.4000"])
            #expect(try partner.occExport("run").status == 3)
            #expect(
                try Self.rows(partner, 3) == [
                    "7000000001;-24.8000;reversal;2", "7000000001;12.4000;sent;-",
                ]
            )
            let manifest = try partner.manifest(try #require(try partner.batches().last))
            #expect(manifest.totals["EUR"]?.totalPrice == "-12.4")
            #expect(try partner.occExport("verify").status == 0)
        }
    }

    @Test func `own: corrections travel in a batch of their own`() async throws {
        try await Self.with("on_change: reverse_and_replace, corrections: own") { partner in
            try Self.sell(partner)
            try partner.sell("7000000002")
            #expect(try partner.occExport("run").status == 3)
            #expect(try Self.rows(partner, 2) == ["7000000002;12.4000;sent;-"])
            #expect(try Self.rows(partner, 3).count == 2)
            let last = try #require(try partner.batches().last)
            #expect(try partner.text("\(last)/manifest.json").contains("\"corrections\""))
        }
    }

    @Test func `hold: it waits until somebody has decided`() async throws {
        try await Self.with("on_change: hold") { partner in
            try Self.sell(partner)
            #expect(try partner.occExport("run").status == 3)
            #expect(try partner.batches().count == 1)
            let status = try partner.occExport("status")
            #expect(status.status == 3)
            #expect(status.output.contains("transaction 7000000001 changed: totalPrice"))
            let question = try partner.occExport(
                "resolve",
                "--export",
                "rows",
                "--transaction",
                "7000000001"
            )
            #expect(question.status == 64)
            #expect(question.error.contains("Shall the correction be sent"), "\(question.error)")
            let sent = try partner.occExport(
                "resolve",
                "--export",
                "rows",
                "--transaction",
                "7000000001",
                "--send"
            )
            #expect(sent.status == 0, "\(sent.error)")
            // What is decided wants nobody any more.
            #expect(try partner.occExport("status").status == 0)
            #expect([0, 3].contains(try partner.occExport("run").status))
            #expect(try Self.rows(partner, 2).count == 2)
            #expect(try partner.occExport("status").status == 0)
        }
    }

    @Test(arguments: [
        (["--send"], "say which transaction: --transaction ID; 'occ-export resolve' lists them"),
        (
            ["--contract", "22297"],
            "say which transaction: --transaction ID; 'occ-export resolve' lists them"
        ),
        (["--never-went-out"], "say which batch: --batch N; 'occ-export resolve' lists them"),
    ])
    func `a decision about nothing is refused`(_ arguments: [String], _ cure: String) async throws {
        try await Partner.with { partner in
            let result = try run(
                Checkout.program("occ-export"),
                ["resolve"] + arguments,
                in: partner.folder
            )
            #expect(result.status == 64)
            #expect(
                result.error.contains("\(cure)\n"),
                "\(result.error)"
            )
        }
    }

    @Test func `hold: what is kept is not asked again`() async throws {
        try await Self.with("on_change: hold") { partner in
            try Self.sell(partner)
            #expect(try partner.occExport("run").status == 3)
            let kept = try partner.occExport(
                "resolve",
                "--export",
                "rows",
                "--transaction",
                "7000000001",
                "--keep"
            )
            #expect(kept.status == 0, "\(kept.error)")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.batches().count == 1)
            #expect(try partner.occExport("resolve").output.contains("there is nothing to decide"))
        }
    }

    @Test func `an accrual is reversed once the invoice is there`() async throws {
        let keys = "when: \"!invoiceNo.hasValue()\", on_invoiced: reverse"
        try await Self.with(keys) { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try partner.amend("7000000001", ["invoiceNo": "\"20261130-1\""])
            #expect(try partner.occExport("run").status == 0)
            #expect(try Self.rows(partner, 2) == ["7000000001;-12.4000;reversal;1"])
            #expect(try partner.occExport("run").output.contains("nothing new to publish"))
        }
    }

    @Test func `settle counts local days after the last row of an invoice has arrived`()
        async throws
    {
        let keys = "when: invoiceNo.hasValue(), settle: P1D"
        try await Self.with(keys) { partner in
            let invoice = ["invoiceNo": "\"20261115-1\""]
            try partner.sell("7000000001", invoice)
            // 21:30Z is 23:30 in Tallinn: still the 24th there.
            try Self.clock(partner, "2026-11-24T21:30:00Z")
            let first = try partner.occExport("run", now: "2026-11-24T21:30:00Z")
            #expect(first.status == 0, "\(first.error)")
            #expect(first.output.contains("held: 1 (settle)"))
            try partner.sell("7000000002", invoice)
            try Self.clock(partner, "2026-11-24T22:30:00Z")
            let second = try partner.occExport("run", now: "2026-11-24T22:30:00Z")
            #expect(second.output.contains("held: 2 (settle)"), "\(second.output)\(second.error)")
            try Self.clock(partner, "2026-11-25T22:30:00Z")
            #expect(try partner.occExport("run", now: "2026-11-25T22:30:00Z").status == 0)
            #expect(try partner.batches().count == 1)
        }
    }

    private static func clock(_ partner: Partner, _ now: String) throws {
        try partner.sandbox.control("clock", "{\"now\":\"\(now)\"}")
    }

    @Test func `a template that does not mind reversals is not sent any`() async throws {
        try await Partner.with(
            exports: Partner.accountant + "\n    on_change: reverse_and_replace",
            isInitialised: false
        ) { partner in
            let result = try partner.occExport("run")
            #expect(result.status == 78)
            #expect(
                result.error.contains("template 'accountant-csv' does not accept reversals"),
                "\(result.error)"
            )
        }
    }
}
