internal import Foundation
import TestSupport
import Testing

/// A month of nights in one test: late rows, corrections, invoicing, a refund, a vanished row, an outage
/// of five nights, a restored old ledger, and a consumer that deletes at once.
///
/// On every evening the sum of all batches is what the source's own books say.
struct `A month of nights` {
    private static let template = """
        version: 1
        title: Ids and amounts, reversals negated
        accepts: [reversals]
        format: { kind: delimited, encoding: utf-8, line_end: lf, delimiter: ";", absent: "" }
        files:
          - name: rows_${batch.number}.csv
            mixed_currencies: true
            records:
              - names_of: row
              - id: row
                for_each: transactions
                fields:
                  - { name: id, value: transactionId }
                  - { name: total, value: totalPrice, decimals: 4 }
        """

    private static func exports(_ folder: String) -> String {
        """
          - name: ledger
            template: \(folder)/rows
            start: 2026-10-01
            on_change: reverse_and_replace
          - name: accrual
            template: \(folder)/rows
            start: 2026-10-01
            layout: flat
            folder: accrual
            when: "!invoiceNo.hasValue()"
            on_change: reverse_and_replace
            on_invoiced: reverse
          - name: invoiced
            template: \(folder)/rows
            start: 2026-10-01
            when: invoiceNo.hasValue()
            on_change: reverse_and_replace
            corrections: own
        """
    }

    /// What a consumer has taken: the sum of each export's amounts, in ten-thousandths.
    private struct Taken {
        var sums: [String: Int] = [:]

        /// Takes all data files that are shown, and everything else away.
        mutating func collect(_ partner: Partner) throws {
            for file in try partner.shownFiles() {
                if file.hasSuffix(".csv") {
                    let export =
                        ["accrual", "invoiced", "ledger"].first { file.contains($0) } ?? ""
                    for line in try partner.text("outbox/\(file)").split(separator: "\n")
                        .dropFirst()
                    {
                        let cell = line.split(separator: ";").last.map(String.init) ?? ""
                        sums[export, default: 0] += Self.tenThousandths(cell)
                    }
                }
                try FileManager.default.removeItem(atPath: "\(partner.folder)/outbox/\(file)")
            }
        }

        static func tenThousandths(_ text: String) -> Int {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let places = (parts.count > 1 ? String(parts[1]) : "") + "0000"
            return Int(String(parts[0]) + places.prefix(4)) ?? 0
        }
    }

    /// The books' sums as of the sandbox's day: all, without an invoice, with one.
    private static func books(_ partner: Partner) throws -> [String: Int] {
        let books = try partner.sandbox.control("books")
        var sums = ["ledger": 0, "accrual": 0, "invoiced": 0]
        // Rows are objects without objects inside; numbers are read as they are written.
        let places = books.matches(of: /"contract-transactions\/[0-9]+":\[(.*?)\](?=,"|\})/)
        let rows = places.flatMap { $0.1.matches(of: /\{"[^{}]*\}/) }
        for row in rows {
            guard let total = row.0.firstMatch(of: /"totalPrice":"?(-?[0-9.]+)/),
                let time = row.0.firstMatch(of: /"transactionTime":"([0-9-]{10})T([0-9:]{5})/)
            else { continue }
            // Tallinn is ahead of UTC: what happens at 21:00 or later is the next day's there.
            guard "\(time.1)T\(time.2)" >= "2026-09-30T21:00" else { continue }
            let amount = Taken.tenThousandths(String(total.1))
            sums["ledger", default: 0] += amount
            let isInvoiced = row.0.contains(/"invoiceNo":"[^"]/)
            sums[isInvoiced ? "invoiced" : "accrual", default: 0] += amount
        }
        return sums
    }

    @Test func `leaves the consumer with what the books say, every evening`() async throws {
        let sandbox = [
            "--rows", "300", "--contracts", "2", "--seed", "11", "--events", "usual", "--no-ev",
        ]
        try await Partner.with(
            sandbox: sandbox,
            clock: "2026-10-25T20:00:00Z",
            isInitialised: false
        ) { partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/rows",
                withIntermediateDirectories: false
            )
            try partner.write("rows/template.yaml", Self.template)
            try partner.configure(exports: Self.exports(partner.folder))
            #expect(try partner.occExport("init", now: "2026-10-25T19:00:00Z").status == 0)
            var taken = Taken()
            var gone = 0
            var kinds: Set<String> = []
            for night in 0..<31 {
                let now = Self.instant(night)
                try partner.sandbox.control("clock", "{\"now\":\"\(now)\"}")
                if night == 5 { try Self.refund(partner) }
                if night == 20 { try partner.amend("7999000001", ["totalPrice": "-24.8000"]) }
                if night == 18 { gone = try Self.remove(partner) }
                if (8...12).contains(night) {
                    try partner.fail("[{\"status\":503,\"times\":40}]")
                    let result = try partner.occExport("run", now: now)
                    #expect(result.status == 69, "night \(night): \(result.error)")
                    try partner.fail("[]")
                    continue
                }
                if night == 14 {
                    let copy = try partner.occExport("backup", "copy.sqlite", now: now)
                    #expect(copy.status == 0, "\(copy.error)")
                }
                let result = try partner.occExport("run", "--output", "json", now: now)
                #expect([0, 3].contains(result.status), "night \(night): \(result.error)")
                for kind in ["changed", "vanished"]
                where result.output.contains("\"\(kind)\" : [\n        \"") { kinds.insert(kind) }
                try taken.collect(partner)
                let books = try Self.books(partner)
                #expect(
                    taken.sums["ledger"] ?? 0 == (books["ledger"] ?? 0) + gone,
                    "night \(night)"
                )
                #expect(taken.sums["invoiced"] ?? 0 == books["invoiced"], "night \(night)")
                #expect(
                    taken.sums["accrual"] ?? 0 == (books["accrual"] ?? 0) + gone,
                    "night \(night)"
                )
                if night == 14 { try Self.restore(partner, now, &taken) }
            }
            #expect(kinds == ["changed", "vanished"])
            #expect(try partner.occExport("verify", now: Self.instant(31)).status == 0)
            let status = try partner.occExport("status", now: Self.instant(31))
            #expect(status.status == 0, "\(status.output)")
        }
    }

    private static func instant(_ night: Int) -> String {
        let day = night + 25
        let text = day <= 31 ? "10-\(day)" : "11-\(day - 31 < 10 ? "0" : "")\(day - 31)"
        return "2026-\(text)T20:00:00Z"
    }

    private static func refund(_ partner: Partner) throws {
        try partner.sell(
            "7999000001",
            day: "2026-10-29",
            [
                "quantity": "-10.0000", "totalPrice": "-12.4000", "vatAmount": "-2.4000",
                "netAmount": "-10.0000",
            ]
        )
        try partner.sell("7999000002", day: "2026-10-29")
    }

    /// Takes a row away at the source that was exported long ago; returns its amount.
    private static func remove(_ partner: Partner) throws -> Int {
        try partner.sandbox.control(
            "edit",
            """
            {"feed":"contract-transactions","contract":"22297","transactionId":"7999000002","remove":true}
            """
        )
        return 124_000
    }

    /// Puts an old copy of the ledger in place: refused, then reconciled, and nothing comes again.
    private static func restore(_ partner: Partner, _ now: String, _ taken: inout Taken) throws {
        let ledger = "\(partner.folder)/state/ledger.sqlite"
        try FileManager.default.removeItem(atPath: ledger)
        try FileManager.default.moveItem(atPath: "\(partner.folder)/copy.sqlite", toPath: ledger)
        let refused = try partner.occExport("run", now: now)
        #expect(refused.status == 4)
        #expect(refused.error.contains("it is an old copy"), "\(refused.error)")
        let reconciled = try partner.occExport("reconcile", now: now)
        #expect(reconciled.status == 0, "\(reconciled.error)")
        let before = taken.sums
        let result = try partner.occExport("run", now: now)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        try taken.collect(partner)
        #expect(taken.sums == before)
    }
}
