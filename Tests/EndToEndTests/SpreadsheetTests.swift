internal import Foundation
import TestSupport
import Testing

/// What a spreadsheet makes of the accountant's CSV when it is opened by a double-click.
struct `An accountant's file in a spreadsheet` {
    private static let tests = "\(Checkout.path)/templates/accountant-csv/tests"
    private static let name = "expected/alexela_22297_EUR_2026-11_42.csv"

    private static func verdict(_ test: String, _ column: String) throws -> Bool {
        try CloudReaders.verdict(
            "sheet",
            "\(tests)/\(test)/\(name)",
            "--column",
            column,
            "--locale",
            "et_EE.UTF-8"
        ).accepts
    }

    @Test(
        .enabled(if: CloudReaders.areThere, CloudReaders.why),
        arguments: ["Kaart", "Kviitung", "Auto", "Tehing", "Arve"]
    )
    func `keeps what the prefixes protect`(_ column: String) throws {
        #expect(try Self.verdict("prefixed", column))
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `loses a receipt's zeros without a prefix, so the check is known to look`() throws {
        #expect(try !Self.verdict("basic", "Kviitung"))
    }

    private static let rules = """
        skip 1
        separator ;
        decimal-mark ,
        date-format %d.%m.%Y
        fields date,time,card,car,driver,station,receipt,code,product,qty,net,tax,total,cur,invoice,txn
        description %product
        currency %cur
        account1 net
        amount1 %net
        account2 vat
        amount2 %tax
        account3 gross
        amount3 -%total
        account4 rounding
        """

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `adds up for a reader of CSV to what the manifest says, by contract, currency and month`()
        async throws
    {
        try await CloudMonth.with(
            "accountant-csv",
            parameters: "{ cardPrefix: K }",
            lookups: [:]
        ) { files in
            #expect(files.count >= 6)
            for file in files {
                let read = try CloudReaders.balances(file.path, rules: Self.rules)
                let currency = try #require(["EUR", "SEK", "PLN"].first { file.name.contains($0) })
                #expect(read["gross \(currency)"] == file.totals["gross"].map { -$0 })
                #expect(read["net \(currency)"] == file.totals["net"])
                // Nothing of another currency is in it.
                #expect(read.keys.allSatisfy { $0.hasSuffix(currency) || read[$0] == 0 })
                let rules = file.path + ".rules"
                #expect(try CloudReaders.verdict("csv", file.path, "--rules", rules).accepts)
                let text = try String(contentsOfFile: file.path, encoding: .utf8)
                let amount = try #require(text.firstMatch(of: /;\d+,\d\d;\d+,\d\d;[A-Z]{3};/))
                    .output
                let undated = try CloudMonth.broken(file, ".2026;", ".13.2026;")
                #expect(try !CloudReaders.verdict("csv", undated, "--rules", rules).accepts)
                // It takes a point for a thousands mark, so that the sum is another.
                let pointed = try CloudMonth.broken(
                    file,
                    String(amount),
                    String(amount.replacing(",", with: "."))
                )
                let other = try CloudReaders.balances(pointed, rules: Self.rules)
                #expect(other["gross \(currency)"] != read["gross \(currency)"])
            }
        }
    }
}
