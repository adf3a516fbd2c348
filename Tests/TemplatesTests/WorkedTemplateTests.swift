import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// The worked templates of docs/templates.md, one by one, with rows as hostile as the API's.
struct `Worked templates` {
    private func plan(_ name: String) throws -> Plan {
        try TemplateHarness.plan("\(TemplateHarness.folder)/Worked/\(name)")
    }

    private func accept(_ kind: String, _ outcome: TemplateHarness.Outcome) async throws {
        #expect(!outcome.contents.isEmpty)
        for (name, contents) in outcome.contents {
            let verdict = try await Readers.verdict(kind, name, contents)
            #expect(verdict.hasPrefix("ACCEPT"), "\(name): \(verdict)")
        }
    }

    private static let names = [
        "accountant-csv", "fixed-width-200", "sie-4i", "datev-extf-700", "unit4-gl07",
        "oracle-fbdi", "hledger", "cougar-gl", "month-end-accrual",
    ]

    @Test(arguments: names)
    func `pass the check and render`(_ name: String) throws {
        let plan = try plan(name)
        // They are from before `overflow: reject` could be said of numbers.
        let warnings = plan.warnings.filter { !["width", "sign"].contains($0.name) }
        #expect(warnings.map(\.oneLine) == [])
        let outcome = try TemplateHarness.render(plan, try RowMaker.rows(60))
        #expect(outcome.contents.isEmpty == false)
        #expect(outcome.rendering.diagnostics.map(\.oneLine) == [])
    }

    @Test(.enabled(if: Readers.areThere, "erpcheck's readers are not installed"))
    func `a SIE reader accepts the vouchers`() async throws {
        try await accept("sie", try TemplateHarness.render(plan("sie-4i"), RowMaker.rows(120)))
    }

    @Test(.enabled(if: Readers.areThere, "erpcheck's readers are not installed"))
    func `a DATEV reader accepts the bookings`() async throws {
        try await accept(
            "datev",
            try TemplateHarness.render(
                plan("datev-extf-700"),
                RowMaker.rows(120).filter { $0.text(.currency) == "EUR" }
            )
        )
    }

    @Test(.enabled(if: Readers.areThere, "erpcheck's readers are not installed"))
    func `a COBOL reader accepts the GL07 vouchers`() async throws {
        let outcome = try TemplateHarness.render(plan("unit4-gl07"), RowMaker.rows(120))
        try await accept("gl07", outcome)
        #expect(outcome.rendering.nextSerial.map { $0 > 700_001 } == true)
    }

    @Test(.enabled(if: Readers.areThere, "erpcheck's readers are not installed"))
    func `hledger accepts the journal`() async throws {
        try await accept("hledger", try TemplateHarness.render(plan("hledger"), RowMaker.rows(120)))
    }

    @Test(.enabled(if: Readers.areThere, "erpcheck's readers are not installed"))
    func `a Cougar Mountain reader accepts the entries`() async throws {
        let rows = try RowMaker.rows(120)
        let outcome = try TemplateHarness.render(
            plan("cougar-gl"),
            rows,
            reversing: rows.prefix(7).map { ($0, 41) }
        )
        try await accept("cms", outcome)
    }

    @Test(.enabled(if: Readers.areThere, "erpcheck's readers are not installed"))
    func `frictionless accepts both files of the FBDI package`() async throws {
        let outcome = try TemplateHarness.render(plan("oracle-fbdi"), RowMaker.rows(120))
        let archive = try #require(outcome.contents["ApInvoices_42.zip"])
        try await withTemporaryDirectory { folder in
            try Data(archive).write(to: URL(fileURLWithPath: "\(folder)/p.zip"))
            let unpacked = try run(
                Readers.python,
                ["-m", "zipfile", "-e", "\(folder)/p.zip", folder]
            )
            #expect(unpacked.status == 0, "\(unpacked.error)")
            for (kind, name) in [
                ("fbdi-h", "ApInvoicesInterface.csv"), ("fbdi-l", "ApInvoiceLinesInterface.csv"),
            ] {
                let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
                let verdict = try await Readers.verdict(kind, name, Array(data))
                #expect(verdict.hasPrefix("ACCEPT"), "\(name): \(verdict)")
            }
        }
    }
}
