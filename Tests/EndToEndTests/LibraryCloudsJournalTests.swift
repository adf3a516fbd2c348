internal import Foundation
import TestSupport
import Testing

/// Delimited files of cloud ledgers and journals: a month of the sandbox in three currencies, read back by
/// hledger's CSV reader, which refuses a row whose postings do not balance.
@Suite(.enabled(if: CloudReaders.hledgerIsThere, CloudReaders.whyNoHledger))
struct `Cloud ledgers and journals` {
    private static let products = "product,account\n1001,5110\n1005,5120\n2001,5200\n"
    private static let accounts = "rate,account\n24,1510\n22,1510\n9,1511\n0,1510\n"

    @Test func `price and VAT of an Erply line are its total`() async throws {
        let rules = """
            skip 1
            separator ,
            date-format %Y-%m-%d
            fields number,name,id,text,date,due,price,total,tax,taxname,rounding,link,ref,nr,projects,partner,ean,qty,cur,rate
            description %number
            currency %cur
            account1 expenses:%nr
            amount1 %price
            account2 vat
            amount2 %tax
            account3 payable
            amount3 -%total
            """
        try await CloudMonth.with(
            "erply-books",
            parameters:
                "{ expenseAccount: \"5900\", privateAccount: \"1230\", noTaxName: Maksuvaba }",
            lookups: [
                "products": Self.products, "vehicles": CloudMonth.vehicles("project"),
                "taxes": "rate,taxName\n24,24%\n22,22%\n9,9%\n0,0%\n",
                "rates": CloudMonth.rates.replacing("perEuro", with: "currencyRate"),
            ]
        ) { files in
            #expect(
                files.map(\.name).sorted() == [
                    "erply_EUR_1.csv", "erply_PLN_1.csv", "erply_SEK_1.csv",
                ]
            )
            for file in files {
                let currency = String(file.name.dropFirst(6).prefix(3))
                let read = try CloudReaders.balances(file.path, rules: rules)
                #expect(read["payable \(currency)"] == file.totals["gross"].map { -$0 })
                #expect(read["vat \(currency)"] == file.totals["deducted"])
                let text = try String(contentsOfFile: file.path, encoding: .utf8)
                let total = try #require(text.firstMatch(of: /,([1-9]\d*\.\d\d),(\d+\.\d\d),\d/))
                let broken = try CloudMonth.broken(
                    file,
                    String(total.output.0),
                    String(total.output.0).replacing(",\(total.2),", with: ",\(total.2)1,")
                )
                #expect(throws: ReaderFailure.self) {
                    try CloudReaders.balances(broken, rules: rules)
                }
                try Self.requireSpreadsheetSafe(file, "accountNumber")
            }
        }
    }

    @Test func `the lines of Xero's bills add up to the manifest's total`() async throws {
        let rules = """
            skip 1
            separator ,
            date-format %d/%m/%Y
            fields contact,mail,a1,a2,a3,a4,city,region,zip,country,number,date,due,item,text,qty,amt,discount,nr,tax,t1,o1,t2,o2,cur
            description %number
            currency %cur
            account1 expenses:%nr
            amount1 %amt
            account2 payable
            """
        try await CloudMonth.with(
            "xero-bills",
            parameters:
                "{ expenseAccount: \"429\", privateAccount: \"881\", trackingName: Cost centre }",
            lookups: [
                "products": "product,account\n1001,449\n1005,449\n",
                "vehicles": CloudMonth.vehicles("trackingOption"),
                "taxes": "rate,taxType\n24,24% (VAT)\n22,22% (VAT)\n9,9% (VAT)\n0,Zero Rated\n",
            ]
        ) { files in
            #expect(files.count == 3)
            for file in files {
                let currency = String(file.name.dropFirst(11).prefix(3))
                let read = try CloudReaders.balances(file.path, rules: rules)
                #expect(read["payable \(currency)"] == file.totals["gross"].map { -$0 })
                try Self.requireSpreadsheetSafe(file, "*AccountCode", "*InvoiceNumber")
            }
        }
    }

    /// Where Gnumeric's importer is there: columns keep their texts when the file is opened by a double-click.
    private static func requireSpreadsheetSafe(_ file: CloudFile, _ columns: String...) throws {
        guard CloudReaders.areThere else { return }
        for column in columns {
            let verdict = try CloudReaders.verdict("sheet", file.path, "--column", column)
            #expect(verdict.accepts, "\(verdict.says)")
        }
    }

    @Test func `each Procountor file is a voucher that balances`() async throws {
        let rules = """
            separator ;
            decimal-mark ,
            date-format %d.%m.%Y
            fields nr,date,amt,text,dimension,item
            description %text
            account1 a:%nr
            amount1 %amt
            account2 balance
            """
        try await CloudMonth.with(
            "procountor",
            parameters:
                "{ payableAccount: \"2871\", expenseAccount: \"7779\", privateAccount: \"1763\", dimension: Kustannuspaikka }",
            lookups: [
                "products": Self.products, "vehicles": CloudMonth.vehicles("item"),
                "taxes": Self.accounts, "rates": CloudMonth.rates,
            ]
        ) { files in
            // Three half-months in each of three currencies.
            #expect(files.count >= 9)
            for file in files {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
                let text = try #require(String(data: bytes, encoding: .isoLatin1))
                for line in text.split(separator: "\r\n") {
                    #expect(line.split(separator: ";", omittingEmptySubsequences: false).count == 6)
                    #expect(!line.contains("\""))
                }
                // The reader wants UTF-8; names are not what it is asked for.
                try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
                let read = try CloudReaders.balances(file.path, rules: rules)
                #expect(read["balance"] == 0)
                #expect(read["a:2871"] == file.totals["postings"].map { -$0 })
            }
        }
    }

    @Test func `a Business Central document balances, and line numbers are told once`() async throws
    {
        let rules = """
            skip 1
            separator ;
            date-format %Y-%m-%d
            fields template,batch,line,date,kind,document,external,type,nr,text,cur,amt,due,d1,d2,qty
            description %document
            currency %cur
            account1 %type:%nr
            amount1 %amt
            account2 document:%document
            """
        try await CloudMonth.with(
            "business-central",
            parameters: "{ vendor: ALEXELA, expenseAccount: \"8599\", privateAccount: \"2390\" }",
            lookups: [
                "products": Self.products, "taxes": Self.accounts,
                "vehicles": CloudMonth.vehicles("costCentre,vehicleCode")
                    .replacing(/KL[1-4]/) { "\($0.output),CAR" },
            ]
        ) { files in
            let file = try #require(files.first)
            let read = try CloudReaders.balances(file.path, rules: rules)
            let documents = read.filter { $0.key.hasPrefix("document:") }
            #expect(documents.count >= 9)
            #expect(documents.values.allSatisfy { $0 == 0 })
            let vendor = read.filter { $0.key.hasPrefix("Vendor:ALEXELA") }
            #expect(vendor.count == 3)
            #expect(vendor.values.reduce(0, +) == file.totals["payable"])
            #expect(file.totals["postings"] == file.totals["payable"].map { -$0 })
            let text = try String(contentsOfFile: file.path, encoding: .utf8)
            let numbers = text.split(separator: "\r\n").dropFirst().map {
                $0.split(separator: ";")[2]
            }
            #expect(Set(numbers).count == numbers.count)
        }
    }

    @Test func `Sage records carry their sign in the type, and add up to the manifest's totals`()
        async throws
    {
        let rules = """
            separator ,
            date-format %d/%m/%Y
            fields type,account,nominal,department,date,reference,text,net,code,tax,rate,extra
            description %reference
            account1 expenses:%nominal
            amount1 %net
            account2 vat
            amount2 %tax
            account3 payable
            if ^PC,
             amount1 -%net
             amount2 -%tax
            """
        try await CloudMonth.with(
            "sage-50",
            parameters: "{ expenseNominal: \"7399\", privateNominal: \"1103\" }",
            lookups: [
                "products": "product,nominal\n1001,7300\n1005,7300\n",
                "vehicles": CloudMonth.vehicles("department").replacing("KL", with: ""),
                "suppliers": "currency,account\nEUR,ALEXEUR\nSEK,ALEXSEK\nPLN,ALEXPLN\n",
                "taxes": "rate,taxCode\n24,T1\n22,T1\n9,T5\n0,T0\n",
            ]
        ) { files in
            #expect(files.count == 3)
            var kinds: Set<Substring> = []
            for file in files {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
                let text = try #require(String(data: bytes, encoding: .windowsCP1252))
                kinds.formUnion(text.split(separator: "\r\n").map { $0.prefix(2) })
                try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
                let read = try CloudReaders.balances(file.path, rules: rules)
                #expect(read["payable"] == file.totals["gross"].map { -$0 })
                #expect(read["vat"] == file.totals["deducted"])
            }
            #expect(kinds == ["PI", "PC"])
        }
    }
}
