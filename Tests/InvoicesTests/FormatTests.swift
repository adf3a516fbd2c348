import Foundation
import Invoices
import Templates
import TestSupport
import Testing
import Transactions

struct Format: CustomTestStringConvertible, Sendable {
    let template: String
    let profile: InvoiceProfile
    let validation: [String]
    var testDescription: String { "\(template), \(profile.rawValue)" }

    static let ubl = Format(
        template: "ubl-peppol",
        profile: .peppol,
        validation: ["--format", "ubl", "--peppol"]
    )

    static let all = [
        ubl,
        Format(
            template: "cii-en16931",
            profile: .en16931,
            validation: ["--format", "cii", "--facturx"]
        ),
        Format(
            template: "cii-en16931",
            profile: .xrechnung,
            validation: ["--format", "cii", "--xrechnung"]
        ),
        Format(
            template: "estonian-e-invoice",
            profile: .estonian,
            validation: ["--format", "estonian", "--arith"]
        ),
        Format(
            template: "finvoice",
            profile: .finvoice,
            validation: ["--format", "finvoice", "--arith"]
        ),
    ]
}

struct `Each format` {
    /// How many invoices: some in the tests, thousands in scripts/soak.
    private static let count =
        Int(ProcessInfo.processInfo.environment["OCC_SWEEP"] ?? "") ?? 60

    @Test(.officialRules, arguments: Format.all)
    func `is accepted by the official schemas and rules`(_ format: Format) async throws {
        var sweep = InvoiceSweep(seed: 77)
        var rows: [AmountSource: [Transaction]] = [:]
        for serial in 0..<Self.count {
            rows[AmountSource.allCases[serial % 4], default: []] += sweep.invoice(serial)
        }
        var checked = 0
        for (place, source) in AmountSource.allCases.enumerated() {
            var settings = SampleSettings.all
            settings.discounts = place % 2 == 0 ? .line : .price
            let rendering = try FormatRendering(
                format.template,
                InvoiceOptions(settings: settings, profile: format.profile, amounts: source)
            )
            let (outcome, files) = try rendering.files(rows[source] ?? [])
            #expect(outcome.rejected.isEmpty, "\(outcome.rejected.first?.reason.message ?? "")")
            // The supplier's VAT is no product of base and rate, which --arith asks of the formats without
            // official rules.
            let findings = try await OfficialRules.findings(
                format.validation.filter { source != .supplierVAT || $0 != "--arith" },
                files
            )
            #expect(findings.isEmpty, "\(source): \(findings.prefix(5))")
            checked += files.count
        }
        print("\(format.testDescription): \(checked) files of \(Self.count) invoices are valid")
    }

    @Test(.officialRules, arguments: Format.all)
    func `needs no more than its settings are asked for`(_ format: Format) async throws {
        var settings = InvoiceSettings()
        let whole = SampleSettings.all
        for (party, path) in [
            (whole.seller, \InvoiceSettings.seller), (whole.buyer, \InvoiceSettings.buyer),
        ] {
            settings[keyPath: path].name = party.name
            settings[keyPath: path].registrationNumber = party.registrationNumber
            settings[keyPath: path].vatNumber = party.vatNumber
            settings[keyPath: path].address.country = party.address.country
            if format.profile == .peppol || format.profile == .xrechnung {
                settings[keyPath: path].endpoint = party.endpoint
            }
            if format.profile == .xrechnung {
                settings[keyPath: path].address.city = party.address.city
                settings[keyPath: path].address.postCode = party.address.postCode
                settings[keyPath: path].contact = whole.seller.contact
            }
        }
        settings.payment.iban = whole.payment.iban
        settings.payment.due = whole.payment.due
        settings.products = whole.products
        settings.shownCard = .none
        settings.propertyNames = [:]
        settings.repeatsInNote = false
        #expect(settings.problems(for: format.profile, source: .gross).isEmpty)
        let rows = try [SampleInvoices.fuel, SampleInvoices.insurance, SampleInvoices.transfer].map(
            SampleInvoices.transaction
        )
        let rendering = try FormatRendering(
            format.template,
            InvoiceOptions(settings: settings, profile: format.profile)
        )
        let (outcome, files) = try rendering.files(rows)
        #expect(outcome.rejected.isEmpty, "\(outcome.rejected.first?.reason.message ?? "")")
        let findings = try await OfficialRules.findings(format.validation, files)
        #expect(findings.isEmpty, "\(findings)")
    }
}
