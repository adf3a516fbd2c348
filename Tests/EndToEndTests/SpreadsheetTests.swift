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
}
