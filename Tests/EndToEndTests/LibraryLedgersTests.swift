internal import Foundation
import TestSupport
import Testing

/// The ledger templates of the library: the same month of the sandbox in three currencies, with refunds, odd
/// names and a correction, read back by programs that others wrote.
struct `Ledgers of the library` {
    @Test(arguments: LedgerCase.all)
    func `a template is clean under strict checks and passes its own tests`(one: LedgerCase) throws
    {
        let folder = "\(Checkout.path)/templates/\(one.template)"
        let program = Checkout.program("occ-export")
        let check = try run(program, ["template", "check", "--strict", folder])
        #expect(check.status == 0, "\(check.output)\(check.error)")
        let test = try run(program, ["template", "test", folder])
        #expect(test.status == 0, "\(test.output)\(test.error)")
    }

    @Test(
        .enabled(if: LedgerReaders.areThere, LedgerReaders.why),
        arguments: LedgerCase.all.filter { !$0.kinds.isEmpty }
    )
    func
        `a reader accepts a month and its correction, finds the manifest's sums, and refuses damage`(
            one: LedgerCase
        ) async throws
    {
        try await LedgerMonth.with(one) { partner, batches in
            for batch in batches {
                let files = try partner.ledgerFiles(batch, total: one.total)
                    .filter { $0.name.hasSuffix(one.suffix) }
                #expect(!files.isEmpty)
                for file in files {
                    for kind in one.kinds {
                        if kind != "csv" {
                            let verdict = try LedgerReaders.verdict(kind, file.path)
                            #expect(verdict.accepts, "\(file.name): \(verdict.says)")
                        }
                        let total = try LedgerReaders.total(kind, file.path)
                        #expect(total == file.total, "\(kind) \(file.name)")
                    }
                }
            }
            if one.takesReversals {
                // The correction: what was sent is taken back, and the new version sent.
                #expect(try partner.manifest(batches[1]).transactions == 2)
            }
            let file = try partner.ledgerFiles(batches[0], total: one.total)
                .last { $0.name.hasSuffix(one.suffix) && $0.name.contains("EUR") }
            try Self.refuses(one, try #require(file), in: partner.folder)
        }
    }

    private static func refuses(_ one: LedgerCase, _ file: LedgerFile, in folder: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
        // A reader may look at the name too.
        let path = "\(folder)/\(file.name)"
        for damage in one.damages {
            let old = Data(damage.old.unicodeScalars.map { UInt8($0.value) })
            let new = Data(damage.new.unicodeScalars.map { UInt8($0.value) })
            let place = try #require(data.range(of: old), "\(damage.what): nothing to damage")
            var copy = data
            copy.replaceSubrange(place, with: new)
            try copy.write(to: URL(fileURLWithPath: path))
            for kind in one.kinds {
                let verdict = try LedgerReaders.verdict(kind, path)
                #expect(!verdict.accepts, "\(kind) takes \(damage.what): \(verdict.says)")
            }
        }
    }
}
