internal import Foundation
import TestSupport
import Testing

/// The manifest's sums against sums that another program takes from the source's own books.
struct `Control totals` {
    /// Adds up the books, in Python: amounts as Decimal from the JSON text.
    private static let script = """
        import datetime, decimal, json, sys, zoneinfo
        books = json.load(open(sys.argv[1]), parse_float=decimal.Decimal, parse_int=decimal.Decimal)
        totals, quantity = {}, decimal.Decimal(0)
        for place, rows in books.items():
            if not place.startswith("contract-transactions/"): continue
            for row in rows:
                instant = datetime.datetime.fromisoformat(row["transactionTime"][:19] + "+00:00")
                day = instant.astimezone(zoneinfo.ZoneInfo("Europe/Tallinn")).date()
                if str(day) < sys.argv[2]: continue
                sums = totals.setdefault(row["currency"], {"count": 0})
                sums["count"] += 1
                quantity += row["quantity"]
                for key in ("totalPrice", "netAmount", "vatAmount"):
                    sums[key] = sums.get(key, 0) + row[key]
        plain = lambda number: format(number.normalize(), "f")
        print(json.dumps({"quantity": plain(quantity), "totals": {
            currency: {"count": sums["count"], **{k: plain(v) for k, v in sums.items() if k != "count"}}
            for currency, sums in totals.items()}}))
        """

    private struct Books: Decodable {
        let quantity: String
        let totals: [String: BatchManifest.Totals]
    }

    @Test func `equal the sums of the source's own books in three currencies`() async throws {
        let exports = Partner.accountant.replacing("2026-07-01", with: "2026-07-15")
        try await Partner.with(
            exports: exports,
            sandbox: ["--rows", "900", "--contracts", "3", "--seed", "11"]
        ) { partner in
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let manifest = try partner.manifest(try #require(try partner.batches().first))
            try partner.write("books.json", try partner.sandbox.control("books"))
            let sums = try run(
                "/usr/bin/env",
                ["python3", "-c", Self.script, "books.json", "2026-07-15"],
                in: partner.folder
            )
            try #require(sums.status == 0, "\(sums.error)")
            let books = try JSONDecoder().decode(Books.self, from: Data(sums.output.utf8))
            #expect(manifest.hashTotal == books.quantity)
            #expect(manifest.totals.keys.sorted() == ["EUR", "PLN", "SEK"])
            for (currency, expected) in books.totals {
                let found = try #require(manifest.totals[currency])
                #expect(found.count == expected.count)
                #expect(found.totalPrice == expected.totalPrice)
                #expect(found.netAmount == expected.netAmount)
                #expect(found.vatAmount == expected.vatAmount)
            }
            // And what stands in the files adds up to what the manifest says, cent by cent.
            let batch = try #require(try partner.batches().first)
            let cents = try partner.lines(batch).reduce(into: 0) { sum, line in
                let cells = line.split(separator: ";", omittingEmptySubsequences: false)
                sum += Int(cells[cells.count - 4].replacing(",", with: "")) ?? 0
            }
            let files = try partner.controlTotals(batch, "gross")
            #expect(files.reduce(0, +) == cents)
        }
    }
}
