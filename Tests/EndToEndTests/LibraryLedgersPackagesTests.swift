internal import Foundation
import TestSupport
import Testing

/// The templates of which several files are read together: Oracle's zip and the machine's Data Package.
struct `Packages of the library` {
    private static func one(_ template: String) throws -> LedgerCase {
        try #require(LedgerCase.all.first { $0.template == template })
    }

    /// Sums of decimals in hundredths.
    private static func hundredths(_ text: String) -> Int {
        let parts = text.split(separator: ".")
        return Int(parts[0] + ((parts.count > 1 ? parts[1] : "") + "00").prefix(2)) ?? .min
    }

    @Test(.enabled(if: LedgerReaders.areThere, LedgerReaders.why))
    func `frictionless reads both files of Oracle's package, whose sums agree`() async throws {
        try await LedgerMonth.with(try Self.one("oracle-fbdi")) { partner, batches in
            for batch in batches {
                let files = try partner.ledgerFiles(batch, total: "hashTotal")
                let zip = try #require(files.first { $0.name.hasSuffix(".zip") })
                let folder = "\(partner.folder)/\(batch)-unpacked"
                let unpacked = try run(
                    "/usr/bin/env",
                    ["python3", "-m", "zipfile", "-e", zip.path, folder]
                )
                #expect(unpacked.status == 0, "\(unpacked.error)")
                let members = [
                    ("fbdi-h", "ApInvoicesInterface.csv"),
                    ("fbdi-l", "ApInvoiceLinesInterface.csv"),
                ]
                let sums = try members.map { kind, name in
                    let verdict = try LedgerReaders.verdict(kind, "\(folder)/\(name)")
                    #expect(verdict.accepts, "\(name): \(verdict.says)")
                    return try LedgerReaders.total(kind, "\(folder)/\(name)")
                }
                #expect(sums[0] == sums[1])
                let text = try partner.text("\(batch)/manifest.json")
                #expect(
                    text.contains("\"written\" : \"\(sums[0])\"")
                        || text.contains("\"written\":\"\(sums[0])\"")
                )
                for (kind, name, old, new) in [
                    ("fbdi-h", members[0].1, "/11/", ".11."),
                    ("fbdi-h", members[0].1, ",OCC,", ",,"),
                    ("fbdi-h", members[0].1, ",N,N,", ",N,"),
                    ("fbdi-l", members[1].1, ",ITEM,", ",,ITEM,"),
                ] {
                    let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                    let range = try #require(text.firstRange(of: old), "\(old)")
                    let path = "\(folder)/damaged-\(name)"
                    try text.replacingCharacters(in: range, with: new)
                        .write(toFile: path, atomically: true, encoding: .utf8)
                    #expect(try !LedgerReaders.verdict(kind, path).accepts, "\(name): \(new)")
                }
            }
        }
    }

    @Test(.enabled(if: LedgerReaders.areThere, LedgerReaders.why))
    func `frictionless validates the machine's CSV by the schema beside it`() async throws {
        try await LedgerMonth.with(try Self.one("csv-machine")) { partner, batches in
            for batch in batches {
                let files = try partner.ledgerFiles(batch, total: "gross")
                let package = try #require(files.first { $0.name.hasPrefix("datapackage_") })
                let verdict = try LedgerReaders.verdict("datapackage", package.path)
                #expect(verdict.accepts, "\(verdict.says)")
                let data = try #require(files.first { $0.name.hasSuffix(".csv") })
                let whole = try String(contentsOfFile: data.path, encoding: .utf8)
                let amount = try #require(whole.firstMatch(of: /,([0-9]+)\.([0-9]{4}),/))
                for damaged in [
                    whole.replacing(/2026-([0-9]{2})-([0-9]{2}),/, maxReplacements: 1) {
                        "\($0.2).\($0.1).2026,"
                    },
                    whole.replacingCharacters(
                        in: amount.range,
                        with: ",\"\(amount.1),\(amount.2)\","
                    ),
                    whole.replacing("\r\n7", with: "\r\n,7", maxReplacements: 1),
                ] {
                    #expect(damaged != whole)
                    try damaged.write(toFile: data.path, atomically: true, encoding: .utf8)
                    #expect(try !LedgerReaders.verdict("datapackage", package.path).accepts)
                }
            }
        }
    }
}
