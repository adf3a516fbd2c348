internal import Foundation
import TestSupport
import Testing

/// The registers, cloud ledgers and journals of the library: a month of the sandbox in three currencies, with
/// refunds and odd names, read back by programs that others wrote.
struct `Registers and cloud ledgers` {
    @Test(
        arguments: [
            "isaf-purchases", "kmd-inf-b", "quickbooks-iif", "tryton-move", "erply-books",
            "xero-bills", "procountor", "business-central", "sage-50",
        ]
    )
    func `a template is clean under strict checks and passes its own tests`(template: String) throws
    {
        let folder = "\(Checkout.path)/templates/\(template)"
        let program = Checkout.program("occ-export")
        let check = try run(program, ["template", "check", "--strict", folder])
        #expect(check.status == 0, "\(check.output)\(check.error)")
        let test = try run(program, ["template", "test", folder])
        #expect(test.status == 0, "\(test.output)\(test.error)")
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `i.SAF is rebuilt by pyisaf, and its sums are the manifest's`() async throws {
        try await CloudMonth.with(
            "isaf-purchases",
            parameters:
                "{ registrationNumber: \"305555555\", supplier: { name: 'A & <B> \"C\" Š' } }",
            lookups: [
                "taxes": "rate,taxCode,taxPercentage\n24,PVM21,\n22,PVM21,\n9,PVM2,9\n0,PVM5,0\n",
                "rates": CloudMonth.rates,
            ]
        ) { files in
            #expect(files.map(\.name) == ["isaf_2026-10_1.xml", "isaf_2026-11_1.xml"])
            for file in files {
                let verdict = try CloudReaders.verdict("isaf", file.path)
                #expect(verdict.accepts, "\(verdict.says)")
                let sums = try CloudReaders.sums(file.path, "TaxableValue", "Amount")
                #expect(sums == [file.totals["net"], file.totals["vat"]])
            }
            let month = try #require(files.last)
            for (old, new) in [
                (">SF<", ">XX<"), ("<VATPointDate xsi:nil=\"true\"/>", "<VATPointDate/>"),
                ("<SpecialTaxation/>", ""), (".", ","),
            ] {
                // The point is that of an amount: the first one after the version.
                let old = old == "." ? try Self.amount(in: month) : old
                let new = new == "," ? old.replacing(".", with: ",") : new
                let broken = try CloudMonth.broken(month, old, new)
                #expect(try !CloudReaders.verdict("isaf", broken).accepts, "\(new)")
            }
        }
    }

    /// The first taxable value with its tags.
    private static func amount(in file: CloudFile) throws -> String {
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        return String(try #require(text.firstMatch(of: /<TaxableValue>[^<]*/)).output)
    }

    private static func kmd(_ body: ([CloudFile]) throws -> Void) async throws {
        try await CloudMonth.with(
            "kmd-inf-b",
            parameters:
                "{ taxPayerRegCode: \"10000002\", seller: { registrationCode: \"10000001\", name: 'A & <B> \"C\" Õ' } }",
            lookups: [
                "vehicles": CloudMonth.vehicles("isCar").replacing(/KL[1-4]/, with: "true"),
                "rates": CloudMonth.rates,
            ],
            body
        )
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `the sums of KMD INF are the manifest's`() async throws {
        try await Self.kmd { files in
            let annexes = files.filter { $0.name.hasSuffix(".xml") }
            #expect(annexes.map(\.name) == ["kmdinf-b_2026-10_1.xml", "kmdinf-b_2026-11_1.xml"])
            for file in annexes {
                let sums = try CloudReaders.sums(file.path, "invoiceSumVat", "vatInPeriod")
                #expect(sums == [file.totals["gross"], file.totals["deducted"]])
            }
        }
    }

    @Test(
        .enabled(
            if: CloudReaders.areThere && CloudReaders.kmdSchemaIsThere,
            CloudReaders.whyNoSchema
        )
    )
    func `KMD INF is valid by the tax board's schema`() async throws {
        try await Self.kmd { files in
            for file in files where file.name.hasSuffix(".xml") {
                func verdict(_ path: String) throws -> (accepts: Bool, says: String) {
                    try CloudReaders.verdict("xsd", path, "--xsd", CloudReaders.kmdSchema)
                }
                let verdict = try verdict(file.path)
                #expect(verdict.accepts, "\(verdict.says)")
                let text = try String(contentsOfFile: file.path, encoding: .utf8)
                let sum = String(try #require(text.firstMatch(of: /<vatInPeriod>[^<]*/)).output)
                for (old, new) in [
                    (sum, sum.replacing(".", with: ",")), (sum + "</vatInPeriod>", ""),
                    ("<month>", "<month>1"),
                ] {
                    let broken = try CloudMonth.broken(file, old, new)
                    #expect(
                        try !CloudReaders.verdict("xsd", broken, "--xsd", CloudReaders.kmdSchema)
                            .accepts
                    )
                }
            }
        }
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `IIF is read by skrooge, a file a currency, with the manifest's totals`() async throws {
        try await CloudMonth.with(
            "quickbooks-iif",
            parameters: "{ expenseAccount: Other costs, privateAccount: Due from staff }",
            lookups: [
                "products": "product,account\n1001,Fuel:Petrol\n1005,Fuel:Diesel\n2001,Upkeep\n",
                "vehicles": CloudMonth.vehicles("class"),
                "creditors": "currency,vendor,payable\nEUR,A,AP EUR\nSEK,B,AP SEK\nPLN,C,AP PLN\n",
                "taxes": "rate,account\n24,VAT input\n22,VAT input\n9,VAT input\n0,VAT input\n",
            ]
        ) { files in
            #expect(
                files.map(\.name).sorted() == [
                    "alexela_EUR_1.iif", "alexela_PLN_1.iif", "alexela_SEK_1.iif",
                ]
            )
            for file in files {
                let currency = String(file.name.dropFirst(8).prefix(3))
                let payable = try #require(file.totals["payable"])
                #expect(file.totals["splits"] == -payable)
                let expected = "AP \(currency)=\(Self.decimal(payable))"
                let verdict = try CloudReaders.verdict("iif", file.path, "--expect", expected)
                #expect(verdict.accepts, "\(verdict.says)")
                // skrooge takes a bill's amount from its splits: one of them, ten times as much.
                let text = String(
                    decoding: try Data(contentsOf: URL(fileURLWithPath: file.path)),
                    as: UTF8.self
                )
                let split = try #require(
                    text.firstMatch(of: /SPL\tBILL\t[^\n]*?\t([1-9]\d*)\.\d\d\t/)
                )
                let broken = try CloudMonth.broken(file, "\t\(split.1).", "\t\(split.1)0.")
                #expect(try !CloudReaders.verdict("iif", broken, "--expect", expected).accepts)
                let commas = try CloudMonth.broken(file, "\t", ",")
                #expect(try !CloudReaders.verdict("iif", commas, "--expect", expected).accepts)
            }
        }
    }

    static func decimal(_ hundredths: Int) -> String {
        let digits = String(abs(hundredths))
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return (hundredths < 0 ? "-" : "") + padded.dropLast(2) + "." + padded.suffix(2)
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `Tryton imports and posts the moves, and books the manifest's totals`() async throws {
        try await CloudMonth.with(
            "tryton-move",
            parameters:
                "{ company: Dunder Mifflin, payableAccount: 2.1.1, expenseAccount: 5.1.1, privateAccount: 6.3.6 }",
            lookups: [
                "products": "product,account\n1001,5.1.1\n",
                "vehicles": CloudMonth.vehicles("ignored"),
                "taxes": "rate,account\n24,6.3.6\n22,6.3.6\n9,6.3.6\n0,6.3.6\n",
                "rates": CloudMonth.rates.replacing("perEuro", with: "perUnit"),
            ]
        ) { files in
            let file = try #require(files.first)
            let booked = try TrytonBooks(file.path)
            #expect(booked.states == ["posted"])
            #expect(booked.balances["2.1.1"] == file.totals["payable"].map { -$0 })
            #expect(booked.balances.values.reduce(0, +) == 0)
            #expect(booked.secondCurrencies == ["PLN", "SEK"])
            #expect(booked.secondBalances.allSatisfy { $0 == 0 })
        }
    }

    @Test(.enabled(if: CloudReaders.areThere, CloudReaders.why))
    func `Tryton refuses broken moves`() async throws {
        try await CloudMonth.with(
            "tryton-move",
            parameters:
                "{ company: Dunder Mifflin, payableAccount: 2.1.1, expenseAccount: 5.1.1, privateAccount: 6.3.6 }",
            lookups: [
                "products": "product,account\n1001,5.1.1\n",
                "vehicles": CloudMonth.vehicles("ignored"),
                "taxes": "rate,account\n24,6.3.6\n22,6.3.6\n9,6.3.6\n0,6.3.6\n",
                "rates": CloudMonth.rates.replacing("perEuro", with: "perUnit"),
            ],
            contracts: 1
        ) { files in
            let file = try #require(files.first)
            let day = "2026-11-30"
            let good = try CloudReaders.verdict("tryton", file.path, "--date", day)
            #expect(good.accepts, "\(good.says)")
            for (old, new) in [
                (",0.00,,", ",0.01,,"), (",5.1.1,", ",5.1.9,"), (",Alexela AS,", ",,"),
            ] {
                let broken = try CloudMonth.broken(file, old, new)
                #expect(
                    try !CloudReaders.verdict("tryton", broken, "--date", day).accepts,
                    "\(new)"
                )
            }
        }
    }
}
