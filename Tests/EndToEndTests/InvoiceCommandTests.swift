import Foundation
import TestSupport
import Testing

struct `Looking at invoices` {
    private func show(_ arguments: [String]) throws -> ProgramResult {
        try run(Checkout.program("occ-export"), ["invoice", "show"] + arguments, in: Checkout.path)
    }

    struct Case: CustomTestStringConvertible {
        let file: String
        let lines: [String]
        var testDescription: String { file }
    }

    @Test(arguments: [
        Case(
            file: "ubl-peppol/tests/basic/expected/Invoice_20261031-19091_EUR.xml",
            lines: [
                "Invoice 20261031-19091 of 2026-11-02 (UBL)", "  to pay              103.29 EUR",
            ]
        ),
        Case(
            file: "cii-en16931/tests/basic/expected/CreditNote_20261031-19092_EUR.xml",
            lines: [
                "Credit note 20261031-19092 of 2026-11-02 (CII)",
                "  credited             15.00 EUR",
            ]
        ),
        Case(
            file: "estonian-e-invoice/tests/basic/expected/e-invoice_42.xml",
            lines: [
                "Invoice 20261031-19091 of 2026-11-02 (Estonian e-invoice)",
                "Credit note 20261031-19092 of 2026-11-02 (Estonian e-invoice)",
                "  VAT 24 % of 71.20: 17.09",
                "  VAT 0 % (exempt) of 15.00: 0.00  Kindlustusteenus (KMS § 16)",
                "  VAT 0 % (outside its scope) of 100.00: 0.00  Not subject to VAT",
                // The format asks for 0.00; what is credited is the total.
                "  credited             15.00 EUR",
            ]
        ),
        Case(
            file: "finvoice/tests/basic/expected/Finvoice_20261031-19092_EUR.xml",
            lines: [
                "Credit note 20261031-19092 of 2026-11-02 (Finvoice)",
                "  credited             15.00 EUR",
            ]
        ),
        Case(
            file: "finvoice/tests/basic/expected/Finvoice_20261031-19093_SEK.xml",
            lines: [
                "Invoice 20261031-19093 of 2026-11-02 (Finvoice)",
                // Finvoice writes 150,00.
                "  VAT 24 % of 120.97: 29.03", "  to pay              150.00 SEK",
            ]
        ),
    ])
    func `prints each format as text`(_ value: Case) throws {
        let result = try show(["templates/\(value.file)"])
        #expect(result.status == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n").map(String.init)
        for line in value.lines { #expect(lines.contains(line), "\(result.output)") }
        #expect(result.output.contains("Näidiskütus AS, reg. 10000001, VAT EE100000001"))
    }

    @Test func `refuses what is no invoice, and says what is`() async throws {
        try await withTemporaryDirectory { folder in
            let file = "\(folder)/other.xml"
            try Data("<Order/>".utf8).write(to: URL(fileURLWithPath: file))
            let result = try show([file])
            #expect(result.status != 0)
            #expect(
                result.error.contains(
                    "<Order> is no invoice that is known here [invoice-format]"
                ),
                "\(result.error)"
            )
        }
    }

    @Test func `are made by render from a file of rows`() async throws {
        try await withTemporaryDirectory { folder in
            let tests = "templates/ubl-peppol/tests/basic"
            let result = try run(
                Checkout.program("occ-export"),
                [
                    "render", "--template", "templates/ubl-peppol", "--invoice",
                    "\(tests)/invoice.yaml", "--output-folder", "\(folder)/out",
                    "\(tests)/transactions.json",
                ],
                in: Checkout.path
            )
            // One invoice is held, since a row of it does not agree with itself.
            #expect(result.status == 3, "\(result.error)")
            #expect(result.output.contains("[quantity-times-price]"))
            let name = "Invoice_20261031-19091_EUR.xml"
            let made = try String(contentsOfFile: "\(folder)/out/\(name)", encoding: .utf8)
            let expected = try String(
                contentsOfFile: "\(Checkout.path)/\(tests)/expected/\(name)",
                encoding: .utf8
            )
            #expect(made == expected)
        }
    }

    @Test func `says what an export with invoices lacks`() async throws {
        try await withTemporaryDirectory { folder in
            try Data(
                """
                version: 1
                source: { base_url: http://127.0.0.1:9/api/v1, access_id: A, psk_file: psk }
                state: state
                outbox: outbox
                exports:
                  - name: invoices
                    template: \(Checkout.path)/templates/ubl-peppol
                    start: 2026-11-01
                    invoice:
                      seller: { name: A, vat_number: "100", address: { country: EE } }
                      buyer: { name: B, address: { country: EE } }
                      payment: { iban: EE382200221020145685, due: P14D }
                """.utf8
            ).write(to: URL(fileURLWithPath: "\(folder)/occ-export.yaml"))
            let result = try run(
                Checkout.program("occ-export"),
                ["template", "check", "--config", "\(folder)/occ-export.yaml"]
            )
            #expect(result.status == 78)
            #expect(
                result.error.contains(
                    "occ-export.yaml:10:38: exports[1].invoice.seller.vat_number: a VAT number starts with "
                        + "its country code (BR-CO-09) [invoice]; such as EE100000001"
                ),
                "\(result.error)"
            )
        }
    }
}
