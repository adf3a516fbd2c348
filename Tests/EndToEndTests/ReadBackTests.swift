import Delivery
import Foundation
import TestSupport
import Testing
import Transactions

@testable import Templates
@testable import occ_export

/// Written files read back before anything of them is published: each kind is broken between the two.
struct `Files read back` {
    /// A batch of a shipped template's test, written to a real staging folder.
    private struct Written {
        let plan: Plan
        let rendering: Rendering
        let staged: StagedBatch
        let batch: BatchContext
        let makesInvoices: Bool

        /// Reads everything back as `run` does.
        func readBack() throws -> [String: [Manifest.ControlTotal]] {
            let found = try BatchReadBack(
                rendering,
                staged,
                plan,
                batch: batch,
                makesInvoices: makesInvoices
            )
            return try found.invoices.controlTotals(rendering.invoices)
        }

        func path(_ ending: String) throws -> String {
            let names = rendering.files.map { $0.package ?? $0.name }
            return staged.path(of: try #require(names.first { $0.hasSuffix(ending) }))
        }

        /// Changes a file on the disk; texts are taken as ISO 8859-1, so that no byte is lost.
        func change(_ ending: String, _ edit: (String) -> String) throws {
            let path = try path(ending)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let text = try #require(String(data: bytes, encoding: .isoLatin1))
            let edited = edit(text)
            try #require(edited != text)
            try #require(edited.data(using: .isoLatin1)).write(to: URL(fileURLWithPath: path))
        }
    }

    private static func withBatch(
        _ template: String,
        _ test: String,
        _ body: (Written) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let test = TemplateTest(
                template: "\(Checkout.path)/templates/\(template)",
                folder: "\(Checkout.path)/templates/\(template)/tests/\(test)"
            )
            let plan = try test.plan()
            let batch = try TemplateTest.batch()
            let rows = try Rendered.rows(in: "\(test.folder)/transactions.json", feed: plan.feed)
            var selector = plan.selector(batch: batch)
            var selected: [SelectedTransaction] = []
            for transaction in rows.transactions {
                if case .selected(let one) = selector.outcome(of: transaction) {
                    selected.append(one)
                }
            }
            let outbox = Outbox(path: "\(folder)/outbox")
            try outbox.createFolders()
            let archive = Archive(in: folder)
            try archive.create()
            var sink = StagedSink(
                staged: try StagedBatch(
                    in: outbox,
                    archive,
                    number: 42,
                    export: "e",
                    day: batch.day,
                    folder: "",
                    layout: .directory
                )
            )
            let staged = try StagedBatch(
                in: outbox,
                archive,
                number: 42,
                export: "e",
                day: batch.day,
                folder: "",
                layout: .directory
            )
            let rendering = try plan.render(selected, batch: batch, to: &sink)
            try body(
                Written(
                    plan: plan,
                    rendering: rendering,
                    staged: staged,
                    batch: batch,
                    makesInvoices: plan.template.invoiceModel != nil
                )
            )
        }
    }

    private static func message(_ work: () throws -> Void) -> String {
        do {
            try work()
            return "nothing was noticed"
        } catch {
            return "\(error)"
        }
    }

    // MARK: What is read from the bytes

    /// The control totals of a template, those that its files' own bytes tell, and how many tests told.
    @Test func `the control totals of the shipped templates are added up from the files`() throws {
        let folder = "\(Checkout.path)/templates"
        var missed: [String] = []
        var told = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            for test in try TemplateTest.all(in: "\(folder)/\(name)").suffix(2) {
                let plan = try test.plan()
                let batch = try TemplateTest.batch()
                let rows = try Rendered.rows(
                    in: "\(test.folder)/transactions.json",
                    feed: plan.feed
                )
                var selector = plan.selector(batch: batch)
                var selected: [SelectedTransaction] = []
                for transaction in rows.transactions {
                    if case .selected(let one) = selector.outcome(of: transaction) {
                        selected.append(one)
                    }
                }
                guard let made = try? plan.rendered(selected, batch: batch) else { continue }
                for file in made.rendering.files where file.kind != "xml" {
                    var source: ByteSource = { take in
                        try take((made.contents[file.package ?? file.name] ?? [])[...])
                    }
                    if let package = file.package {
                        source = ZipReader.member(file.name, of: package, source)
                    }
                    let found = try plan.readBack(file, batch: batch, from: source).totalsFound
                    told += found.count
                    missed += file.controlTotals.map(\.name).filter { !found.contains($0) }
                        .map { "\(name): \($0)" }
                }
            }
        }
        // Two records of one layout that nothing fixed tells apart: their sums are the writer's word.
        let known = [
            "procountor: postings", "tryton-move-accrual: payable", "tryton-move-accrual: postings",
            "tryton-move: payable", "tryton-move: postings",
        ]
        #expect(Set(missed).sorted() == known)
        #expect(told > 60)
    }

    // MARK: What is broken

    struct Break: CustomTestStringConvertible {
        let template: String
        let test: String
        /// How the file's name ends.
        let file: String
        let from: String
        let to: String
        let message: String

        var testDescription: String { "\(template): \(from) -> \(to)" }
    }

    @Test(arguments: [
        Break(
            template: "accountant-csv",
            test: "basic",
            file: "EUR_2026-11_42.csv",
            from: ";74,56;EUR",
            to: ";74,57;EUR",
            message:
                "alexela_22297_EUR_2026-11_42.csv: control total 'gross': its records add up to 95.57 in the file; selected were 95.56 [control-total]; nothing was published; is the disk sound? If so, report it"
        ),
        Break(
            template: "accountant-csv",
            test: "basic",
            file: "EUR_2026-11_42.csv",
            from: ";74,56;EUR",
            to: ";74,5G;EUR",
            message:
                "alexela_22297_EUR_2026-11_42.csv: read back: record 2: is no record that the template writes [read-back]; nothing was published; is the disk sound? If so, report it"
        ),
        Break(
            template: "accountant-csv",
            test: "basic",
            file: "EUR_2026-11_42.csv",
            from: "\"Bensiin; 95 ",
            to: "Bensiin; 95 ",
            message:
                "alexela_22297_EUR_2026-11_42.csv: read back: record 3: is no record that the template writes [read-back]; nothing was published; is the disk sound? If so, report it"
        ),
        Break(
            template: "general-ledger-fixed",
            test: "basic",
            file: "gl_EUR_42.dat",
            from: "+0000000006013",
            to: "+0000000006014",
            message:
                "gl_EUR_42.dat: control total 'net': its records add up to 77.08 in the file; selected were 77.07 [control-total]; nothing was published; is the disk sound? If so, report it"
        ),
        Break(
            template: "general-ledger-fixed",
            test: "basic",
            file: "gl_EUR_42.dat",
            from: "NAIDIS    EUR",
            to: "NAIDIS     EUR",
            message:
                "gl_EUR_42.dat: read back: record 1: is 161 columns wide; the template's records have 160 [read-back]; nothing was published; is the disk sound? If so, report it"
        ),
        Break(
            template: "sie-4i",
            test: "ordinary",
            file: ".si",
            from: "#TRANS 2440 {} -",
            to: "#TRANS 2440 {} -1",
            message:
                "alexela_EUR_2026_42.si: control total 'payable': its records add up to -1359.46 in the file; selected were -359.46 [control-total]; nothing was published; is the disk sound? If so, report it"
        ),
        Break(
            template: "ubl-peppol",
            test: "basic",
            file: ".xml",
            from: "</cbc:PayableAmount>",
            to: "</cbc:PayableAmoun>",
            message:
                "Invoice_20261031-19091_EUR.xml:105:1: Opening and ending tag mismatch: PayableAmount line 105 and PayableAmoun [xml]"
        ),
        Break(
            template: "ubl-peppol",
            test: "basic",
            file: ".xml",
            from: "<cbc:PayableAmount currencyID=\"EUR\">",
            to: "<cbc:PayableAmount currencyID=\"EUR\">1",
            message:
                "Invoice_20261031-19091_EUR.xml: control total 'payable': invoice 20261031-19091 asks for 1103.29 in the file; its rows add up to 103.29; nothing was published"
        ),
        Break(
            template: "finvoice",
            test: "basic",
            file: ".xml",
            from: "<EpiInstructedAmount AmountCurrencyIdentifier=\"EUR\">",
            to: "<EpiInstructedAmount AmountCurrencyIdentifier=\"EUR\">1",
            message:
                "Finvoice_20261031-19091_EUR.xml: control total 'payable': invoice 20261031-19091 asks for 1103.29 in the file; its rows add up to 103.29; nothing was published"
        ),
        Break(
            template: "oracle-fbdi",
            test: "ordinary",
            file: ".zip",
            from: "PK\u{1}\u{2}",
            to: "PK\u{1}\u{3}",
            message:
                "ApInvoices_42.zip: read back: the package has no member at 703 [read-back]; nothing was published; is the disk sound? If so, report it"
        ),
    ])
    func `a file that was broken between writing and reading is noticed`(_ broken: Break)
        async throws
    {
        try await Self.withBatch(broken.template, broken.test) { written in
            _ = try written.readBack()
            try written.change(broken.file) {
                $0.replacing(broken.from, with: broken.to, maxReplacements: 1)
            }
            let message = Self.message { _ = try written.readBack() }
            #expect(message == broken.message)
        }
    }

    @Test func `a package whose members have other names is noticed`() async throws {
        try await Self.withBatch("oracle-fbdi", "ordinary") { written in
            _ = try written.readBack()
            try written.change(".zip") {
                $0.replacing("ApInvoicesInterface", with: "ApInvoicesInterfacX")
            }
            let message = Self.message { _ = try written.readBack() }
            #expect(
                message
                    == "ApInvoices_42.zip: read back with the members ApInvoicesInterfacX.csv, ApInvoiceLinesInterface.csv; written were ApInvoicesInterface.csv, ApInvoiceLinesInterface.csv; look at the disk; nothing was published"
            )
        }
    }

    @Test func `an amount inside of a package is noticed`() async throws {
        try await Self.withBatch("oracle-fbdi", "ordinary") { written in
            _ = try written.readBack()
            // Packed again as it was, but for one amount: an archive that is sound in itself.
            let path = try written.path(".zip")
            let packed = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            let source: ByteSource = { take in try take(packed[...]) }
            var archive = ZipArchive()
            var bytes: [UInt8] = []
            for name in try ZipReader.members(of: "a", source) {
                var member: [UInt8] = []
                let inside = ZipReader.member(name, of: "a", source)
                try inside { member += $0 }
                if name == "ApInvoiceLinesInterface.csv" {
                    let text = String(decoding: member, as: UTF8.self)
                    member = Array(
                        text.replacing(",60.13,", with: ",60.14,", maxReplacements: 1).utf8
                    )
                }
                bytes += archive.begin(name)
                bytes += try archive.append(member)
                bytes += try archive.endMember()
            }
            bytes += archive.end()
            #expect(bytes != packed)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let message = Self.message { _ = try written.readBack() }
            #expect(
                message
                    == "ApInvoiceLinesInterface.csv: control total 'hashTotal': its records add up to 359.47 in the file; selected were 359.46 [control-total]; nothing was published; is the disk sound? If so, report it"
            )
        }
    }

    @Test func `JSON is parsed, and its amounts added up`() async throws {
        try await withTemporaryDirectory { folder in
            let template = "\(folder)/t"
            try FileManager.default.createDirectory(
                atPath: "\(template)/tests/a",
                withIntermediateDirectories: true
            )
            try """
            version: 1
            title: Rows
            format: { kind: json, encoding: utf-8, framing: lines }
            files:
              - name: rows_${batch.number}.json
                mixed_currencies: true
                records:
                  - id: row
                    for_each: transactions
                    fields: [{ name: id, value: transactionId }, { name: total, value: "round(totalPrice, 2)", decimals: 2 }]
                control_totals:
                  gross: { selected: "transactions.map(t, round(t.totalPrice, 2)).sum()", written: "written.row.map(r, r.total).sum()" }
            """.write(toFile: "\(template)/template.yaml", atomically: true, encoding: .utf8)
            let plan = try Rendered.plan(template, nil, [], "Europe/Tallinn", invoice: nil)
            let rows = try Rendered.rows(
                in: "\(Checkout.path)/templates/accountant-csv/tests/basic/transactions.json",
                feed: plan.feed
            )
            let batch = try TemplateTest.batch()
            let made = try plan.rendered(
                rows.transactions.map { SelectedTransaction($0) },
                batch: batch
            )
            let file = try #require(made.rendering.files.first)
            let text = String(decoding: try #require(made.contents[file.name]), as: UTF8.self)
            func read(_ text: String) throws -> [String] {
                let source: ByteSource = { take in try take(Array(text.utf8)[...]) }
                return try plan.readBack(file, batch: batch, from: source).totalsFound
            }
            #expect(try read(text) == ["gross"])
            let message = Self.message { _ = try read(text.replacing("74.56", with: "74.50")) }
            #expect(
                message
                    == "rows_42.json: control total 'gross': its records add up to 105.05 in the file; selected were 105.11 [control-total]; nothing was published; is the disk sound? If so, report it"
            )
            let broken = Self.message { _ = try read(text.replacing("74.56}", with: "74.56")) }
            #expect(
                broken
                    == "rows_42.json: read back: record 1: '}' is missing [read-back]; nothing was published; is the disk sound? If so, report it"
            )
        }
    }

    @Test func `what rounding to the cent makes of an invoice is named`() async throws {
        try await Self.withBatch("ubl-peppol", "basic") { written in
            let totals = try written.readBack()
            let all = totals.values.joined()
            #expect(all.count == written.rendering.files.count)
            for total in all {
                let selected = try #require(ExactDecimal(total.selected))
                let asked = try #require(ExactDecimal(total.written))
                let difference = try #require(asked.subtracting(selected))
                #expect(ExactDecimal(total.rounding ?? "0") == difference)
            }
        }
    }
}
