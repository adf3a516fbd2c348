import Foundation
import TestSupport
import Testing
import Transactions

@testable import Templates

/// What is guessed from example files, one property at a time.
struct `Guesses from an example file` {
    // MARK: Encodings

    struct Encoded: CustomTestStringConvertible {
        let encoding: String
        let bytes: [UInt8]
        let text: String
        var testDescription: String { "\(encoding): \(text)" }
    }

    static let encoded = [
        Encoded(encoding: "utf-8", bytes: Array("Diislikütus".utf8), text: "Diislikütus"),
        Encoded(encoding: "utf-8", bytes: [0xEF, 0xBB, 0xBF, 0x61], text: "a"),
        Encoded(
            encoding: "utf-16le",
            bytes: [0xFF, 0xFE] + Array("õli".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
            text: "õli"
        ),
        Encoded(
            encoding: "utf-16be",
            bytes: Array("Bensiin 95".utf16).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
            text: "Bensiin 95"
        ),
        // š ž in Windows-1257; in Windows-1252 these bytes are ð þ.
        Encoded(
            encoding: "windows-1257",
            bytes: Array("Ta".utf8) + [0xF0] + Array("kent, ".utf8) + [0xFE] + Array("elee".utf8),
            text: "Taškent, želee"
        ),
        // š in Windows-1252; Windows-1257 has nothing there.
        Encoded(encoding: "windows-1252", bytes: [0x4D, 0x9A, 0x6B, 0x61], text: "Mška"),
        // ä ö ü õ in CP775.
        Encoded(
            encoding: "cp775",
            bytes: Array("K".utf8) + [0x84, 0x72, 0x75, 0x20, 0xE4, 0x6C, 0x69],
            text: "Käru õli"
        ),
        Encoded(
            encoding: "cp437",
            bytes: Array("#FORMAT PC8\n#FNAMN \"".utf8) + [0x8F] + Array("kare".utf8),
            text: "#FORMAT PC8\n#FNAMN \"Åkare"
        ),
        Encoded(
            encoding: "cp037",
            bytes: [0xC4, 0xF7, 0xF0, 0xF0, 0xF0, 0x40, 0x40, 0xF1, 0xF2],
            text: "D7000  12"
        ),
    ]

    @Test(arguments: encoded) func `know the encoding by its bytes and letters`(_ example: Encoded)
        throws
    {
        let guess = try #require(ExampleEncoding([example.bytes]))
        #expect(guess.name == example.encoding)
        #expect(guess.texts == [example.text])
    }

    // MARK: Dates

    struct Dates: CustomTestStringConvertible {
        let values: [String]
        let pattern: String?
        var isNamed = false
        var testDescription: String { "\(values) \(pattern ?? "none")" }
    }

    @Test(arguments: [
        Dates(values: ["2026-11-01"], pattern: "yyyy-MM-dd"),
        Dates(values: ["01.11.2026", "02.11.2026"], pattern: "dd.MM.yyyy"),
        Dates(values: ["20261101"], pattern: "yyyyMMdd"),
        Dates(values: ["31/12/2026"], pattern: "dd/MM/yyyy"),
        Dates(values: ["12/31/2026"], pattern: "MM/dd/yyyy"),
        // The part that takes more values is the day.
        Dates(values: ["11/01/2026", "11/02/2026", "11/03/2026"], pattern: "MM/dd/yyyy"),
        Dates(values: ["01/11/2026", "02/11/2026"], pattern: "dd/MM/yyyy"),
        Dates(values: ["2026-11-01 10:15:30"], pattern: "yyyy-MM-dd HH:mm:ss"),
        Dates(values: ["2026-11-01T10:15:30"], pattern: "yyyy-MM-dd'T'HH:mm:ss"),
        Dates(values: ["20261101101530"], pattern: "yyyyMMddHHmmss"),
        Dates(values: ["10:15"], pattern: "HH:mm"),
        Dates(values: ["0112"], pattern: nil),
        Dates(values: ["0112"], pattern: "ddMM", isNamed: true),
        Dates(values: ["011126"], pattern: "yyMMdd", isNamed: true),
        Dates(values: ["20261301"], pattern: nil),
        Dates(values: ["2026-11-01", "-"], pattern: nil),
    ]) func `know the pattern of dates`(_ example: Dates) {
        let found = DateShape.pattern(of: example.values, isNamed: example.isNamed)
        #expect(found?.pattern == example.pattern)
    }

    // MARK: Numbers

    struct Numbers: CustomTestStringConvertible {
        let texts: [String]
        var mark: Character?
        var decimals = 0...0
        var sign = "minus"
        var isPadded = false
        let values: [Int]
        var testDescription: String { "\(texts)" }
    }

    @Test(arguments: [
        Numbers(texts: ["1,50", "-2,25"], mark: ",", decimals: 2...2, values: [150, -225]),
        Numbers(texts: ["1.5", "2.25"], mark: ".", decimals: 1...2, values: [150, 225]),
        Numbers(
            texts: ["+00012", "-00003"],
            sign: "plus_minus",
            isPadded: true,
            values: [12, -3]
        ),
        Numbers(texts: ["12-", "3"], sign: "trailing_minus", values: [-12, 3]),
        Numbers(texts: ["12+", "3-"], sign: "trailing_plus_minus", values: [12, -3]),
        // COBOL zoned decimals: 0000012N is -125.
        Numbers(
            texts: ["0000012N", "0000012E"],
            sign: "overpunch",
            isPadded: true,
            values: [-125, 125]
        ),
    ]) func `know how numbers are written`(_ example: Numbers) throws {
        let shape = try #require(NumberShape(example.texts))
        #expect(shape.mark == example.mark)
        #expect(shape.decimals == example.decimals)
        #expect(shape.sign == example.sign)
        #expect(shape.isZeroPadded == example.isPadded)
        #expect(shape.values == example.values)
    }

    @Test(arguments: [["123ABC"], ["1.2.3"], ["12A"], [""], ["1,5", "1.5"]])
    func `take for numbers only what is one`(_ texts: [String]) {
        #expect(NumberShape(texts) == nil)
    }

    // MARK: Headings

    @Test(arguments: [
        ("Kuupäev", ColumnMeaning.date), ("Date", .date), ("Buchungsdatum", .date),
        ("Transaktionsdatum", .date), ("Päiväys", .date), ("Kogus", .quantity),
        ("Menge", .quantity),
        ("Antal", .quantity), ("Määrä", .quantity), ("Summa KM-ga", .gross),
        ("Gross amount", .gross),
        ("Bruttobetrag", .gross), ("Belopp", .gross), ("Yhteensä", .gross), ("KM", .vat),
        ("VAT", .vat),
        ("MwSt", .vat), ("Moms", .vat), ("ALV", .vat), ("Kaardi nr", .card), ("Card no.", .card),
        ("Kartennummer", .card), ("Kortnummer", .card), ("Korttinumero", .card),
        ("Auto nr", .plate),
        ("Kennzeichen", .plate), ("Registreringsnummer", .plate), ("Rekisterinumero", .plate),
        ("Arve nr", .invoiceNo), ("Rechnungsnummer", .invoiceNo), ("Fakturanummer", .invoiceNo),
        ("Laskunumero", .invoiceNo), ("netAmount", .net), ("transactionId", .transactionId),
        ("occProductName", .productName),
    ]) func `know headings of five languages`(_ heading: String, _ meaning: ColumnMeaning) {
        #expect(ColumnMeaning(heading: heading) == meaning)
    }

    @Test func `do not guess what a heading does not say`() {
        #expect(ColumnMeaning(heading: "Kostenstelle") == nil)
        #expect(ColumnMeaning(heading: "") == nil)
    }

    // MARK: Delimited text

    struct Delimited: CustomTestStringConvertible {
        let text: String
        let delimiter: String
        let quote: String
        let hasHeader: Bool
        var testDescription: String { text.replacing("\n", with: "⏎") }
    }

    @Test(arguments: [
        Delimited(
            text: "Date;Total\n01.11.2026;1,50\n",
            delimiter: ";",
            quote: "when_needed",
            hasHeader: true
        ),
        Delimited(text: "a,1,2\nb,3,4\n", delimiter: ",", quote: "when_needed", hasHeader: false),
        Delimited(
            text: "Date\tName\n2026-11-01\tx\n",
            delimiter: "\t",
            quote: "when_needed",
            hasHeader: true
        ),
        Delimited(text: "Card|Net\n1|2\n", delimiter: "|", quote: "when_needed", hasHeader: true),
        Delimited(
            text: "\"x\";\"1\"\n\"y\";\"2\"\n",
            delimiter: ";",
            quote: "always",
            hasHeader: false
        ),
        Delimited(text: "\"x\";1\n\"y\";2\n", delimiter: ";", quote: "text", hasHeader: false),
        Delimited(
            text: "\"x;1\";a,1\ny;b,2\n",
            delimiter: ";",
            quote: "when_needed",
            hasHeader: false
        ),
    ]) func `know delimiter, quoting and header`(_ example: Delimited) throws {
        let found = try #require(DelimitedExample([example.text]))
        #expect(found.delimiter == example.delimiter)
        #expect(found.quote == example.quote)
        #expect((found.headings != nil) == example.hasHeader)
    }

    @Test(arguments: ["one\ntwo\n", "\"open;1\n2;3\n", ""])
    func `take for delimited only what is`(_ text: String) {
        #expect(DelimitedExample([text]) == nil)
    }

    @Test func `keep headings as they are, empty and doubled ones too`() throws {
        let text = "Date;Total;;Total\n01.11.2026;1,50;x;2,50\n"
        let made = try StarterTemplate(
            inferring: [.init(name: "x.csv", bytes: Array(text.utf8))],
            name: "x",
            feed: nil
        )
        let yaml = made.files.first { $0.name == "template.yaml" }?.text ?? ""
        #expect(yaml.matches(of: /name: Total,/).count == 2)
        #expect(yaml.contains("name: \"\""))
        // Which of the two a sum would mean nobody can tell.
        #expect(!yaml.contains("control_totals"))
    }

    // MARK: Fixed width

    @Test func `find columns, record kinds, counts and sums of fixed-width records`() throws {
        let text = """
            H20261124EUR                            \r
            D7000000001 20261101Diesel    +000006013\r
            D7000000002 20261102Bensiin 95+000001694\r
            D7000000003 20261102          -000000238\r
            T000000003+00000000007469               \r

            """
        let fixed = try #require(FixedWidthExample([ExampleText(text)]))
        #expect(fixed.recordLength == 40)
        #expect(fixed.detail.starts == [0, 1, 12, 20, 30])
        #expect(fixed.headers.map(\.starts) == [[0, 1, 9, 12]])
        #expect(fixed.trailers.map(\.starts) == [[0, 1, 10, 25]])
        let made = try StarterTemplate(
            inferring: [.init(name: "gl.dat", bytes: Array(text.utf8))],
            name: "gl",
            feed: nil
        )
        let guesses = Dictionary(made.guesses.map { ($0.what, $0.value) }) { $1 }
        #expect(guesses["record 'T', column 2"] == "part.written.detail.size()")
        #expect(guesses["line_end"] == "crlf")
    }

    @Test func `count what stands behind a header from the transactions, zeros kept`() async throws
    {
        let text = """
            H20261101ALEXELA OU                00000003\r
            D7000000001 20261101Diesel       +000006013\r
            D7000000002 20261102Bensiin 95   +000001694\r
            D7000000003 20261102             -000000238\r

            """
        let made = try StarterTemplate(
            inferring: [.init(name: "gl.dat", bytes: Array(text.utf8))],
            name: "gl",
            feed: nil
        )
        let template = try #require(made.files.first { $0.name == "template.yaml" }).text
        #expect(template.contains("value: part.transactions.size()"))
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(template, in: folder)
            #expect(plan.warnings.map(\.name) == [])
            var maker = RowMaker()
            let rows = try (1...12).map { index in
                try maker.row(index, currency: "EUR", driver: "Mari")
            }
            let outcome = try TemplateHarness.render(plan, rows)
            let lines = try #require(outcome.contents.values.first).split(separator: 0x0A)
            #expect(lines.count == 13)
            #expect(String(decoding: lines[0], as: UTF8.self).hasSuffix("00000012\r"))
        }
    }

    @Test func `find records of a mainframe file, which has no line ends`() throws {
        let records = [
            "D20261101S101 00000060{3", "D20261102S102 00000016I4", "D20261103S101 00000002L8",
        ]
        let text = ExampleText(records.joined())
        #expect(text.lineEnd == "none")
        #expect(text.lines == records)
    }

    @Test func `know the side of an amount, and dates with points or slashes`() throws {
        let text = "D5320  10/31/2026AB  D    124.00\nD2000  11/01/2026CD  C    124.00\n"
        let fixed = try #require(FixedWidthExample([ExampleText(text)]))
        #expect(fixed.detail.starts == [0, 1, 7, 17, 21, 22])
    }

    // MARK: Whole files

    @Test func `find net, VAT and total by what adds up`() {
        let columns = [
            ExampleColumn(heading: "A", raw: ["50,00", "12,50"]),
            ExampleColumn(heading: "B", raw: ["60,13", "16,94"]),
            ExampleColumn(heading: "C", raw: ["14,43", "4,06"]),
            ExampleColumn(heading: "D", raw: ["74,56", "21,00"]),
        ]
        let found = ColumnGuesser(columns, feed: .contractTransactions).columns.map(\.meaning)
        #expect(found == [.quantity, .net, .vat, .gross])
    }

    @Test func `write no value of the example but what is the same in every record`() throws {
        let text =
            "Card;Driver;Centre\n9233450000000011;Mari Maasikas;K-77\n9233450000000029;Jaan Tamm;K-78\n"
        let made = try StarterTemplate(
            inferring: [.init(name: "x.csv", bytes: Array(text.utf8))],
            name: "x",
            feed: nil
        )
        let all = made.files.filter { $0.name != "tests/basic/transactions.json" }.map(\.text)
            .joined()
        for value in ["9233450000000011", "Maasikas", "Jaan", "K-77"] {
            #expect(all.firstRange(of: value) == nil, "\(value)")
        }
        #expect(all.contains("open: cells look like 'A-00'"))
    }

    struct Refusal: CustomTestStringConvertible {
        let bytes: [UInt8]
        let message: String
        var testDescription: String { message }
    }

    @Test(arguments: [
        Refusal(
            bytes: [],
            message: "x.csv: is empty [example]; give a file with a few records in it"
        ),
        Refusal(
            bytes: [0x50, 0x4B, 0x03, 0x04],
            message:
                "x.csv: is a zip archive [example]; unpack it, and give a text file that was in it; "
                + "of a workbook, save one as CSV"
        ),
        Refusal(
            bytes: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0x0A, 0xC3, 0x90, 0x90],
            message:
                "x.csv: is no text: it is full of control characters [example]; give a file that the target system reads as text"
        ),
        Refusal(
            bytes: [0x1F, 0x8B] + (1...200).map { UInt8(($0 * 37) % 250 + 1) },
            message:
                "x.csv: is no text: it is full of control characters [example]; give a file that the target system reads as text"
        ),
        Refusal(
            bytes: Array("<a><b></a>".utf8),
            message:
                "x.csv:1:1: begins like XML and is none: Premature end of data in tag a line 1 [example]; mend the example"
        ),
    ]) func `say why an example is not taken`(_ refusal: Refusal) {
        let error = #expect(throws: Diagnostic.self) {
            try StarterTemplate(
                inferring: [.init(name: "x.csv", bytes: refusal.bytes)],
                name: "x",
                feed: nil
            )
        }
        #expect(error?.oneLine == refusal.message)
    }

    @Test func `read JSON members, and the feed from headings of charging`() throws {
        let text = "[{\"transaction_id\":\"9000001\",\"charger\":\"EV-1\",\"kwh\":10.5}]"
        let made = try StarterTemplate(
            inferring: [.init(name: "ev.json", bytes: Array(text.utf8))],
            name: "ev",
            feed: nil
        )
        #expect(made.feed == .evTransactions)
        let guesses = Dictionary(made.guesses.map { ($0.what, $0.value) }) { $1 }
        #expect(guesses["framing"] == "array")
        #expect(guesses["column 'charger'"] == "chargerId")
    }
}
