import Testing
import Transactions

@testable import OCCClient

struct `The reader` {
    /// What came of a text: rows, or the problem; one value, to compare whole.
    enum Outcome: Equatable {
        case rows([String], Int)
        case problem(String, TransactionReader.Problem.Kind)
    }

    /// Reads a text cut at the given places.
    private func outcome(
        _ bytes: [UInt8],
        cuts: [Int] = [],
        scans: Bool = true,
        feed: Feed = .contractTransactions,
        largestRow: Int = 1 << 20
    ) -> Outcome {
        var reader = TransactionReader(
            feed: feed,
            contractNumber: "22297",
            acceptsContractNumber: true,
            largestRow: largestRow,
            scans: scans
        )
        var rows: [String] = []
        func take(_ row: ReadRow) {
            switch row {
            case .transaction(let transaction, let warnings):
                rows.append(
                    "\(transaction.contractNumber ?? "-") \(transaction.record) \(warnings)"
                )
            case .rejected(let rejected): rows.append("\(rejected)")
            }
        }
        do throws(TransactionReader.Problem) {
            var start = 0
            for cut in cuts + [bytes.count] {
                try reader.consume(bytes[start..<cut], take)
                start = cut
            }
            let count = try reader.finish(take)
            return .rows(rows, count)
        } catch {
            return .problem(error.description, error.kind)
        }
    }

    private func read(_ text: String, feed: Feed = .contractTransactions) throws
        -> (transactions: [Transaction], rejected: [RejectedRow], warnings: [String])
    {
        var reader = TransactionReader(feed: feed, contractNumber: "22297")
        var transactions: [Transaction] = []
        var rejected: [RejectedRow] = []
        var warnings: [String] = []
        func take(_ row: ReadRow) {
            switch row {
            case .transaction(let transaction, let notes):
                transactions.append(transaction)
                warnings += notes
            case .rejected(let row): rejected.append(row)
            }
        }
        try reader.consume(text.utf8, take)
        _ = try reader.finish(take)
        return (transactions, rejected, warnings)
    }

    /// A row with every field of the feed, and what rows may have besides.
    static let full =
        #"{"transactionId":"7000000001","statusDate":"2026-11-01T01:02:03Z","transactionTime":"2026-11-01T00:00:00.123Z","#
        + #""terminalId":"T1","stationId":5,"receiptNo":"0001","authorizationCode":"","cardNumber":"9233450000000011","#
        + #""currency":"EUR","occProductCode":"1005","occProductName":"Diislikütus","occProdyctType":"Fuel","#
        + #""plateNumber":"123ABC","driverName":"J\u00fcri \"\ud83d\ude97\"\n","invoiceNo":null,"#
        + #""invoiceDate":"0001-01-01T00:00:00","quantity":-12.5,"netPricePerUnit":1.2345,"discountPerUnit":0,"#
        + #""pricePerUnit":1.5e0,"totalPrice":99999999999999.9999,"vatRate":24.0000,"vatAmount":0.01,"#
        + #""netAmount":-0,"odometerReadout":50123,"new":"x","more":{"a":[1,{"b":null}]},"flag":true}"#
    static let plain =
        #"{ "transactionId" : "8" , "transactionTime":"2026-11-01 00:00:00","quantity":1.50000,"totalPrice":"12.34","contractNumber":"30051" }"#

    static let texts: [String] = [
        "[]", " [ ] \n", "[\(full)]", "[\(plain)]", "[\(full),\(plain) , \(full)]\n",
        #"{"success":true,"data":[\#(full), \#(plain)],"error":null,"message":"ok"}"#,
        #"{"message":"é","data":[],"error":"","success":true}"#,
        #"{"success":false,"data":null,"error":"Wrong Date format","message":null}"#,
        #"{"success":true,"data":null}"#, "{}", "null", "", "  ", "[1]", "[{},]", "[{}{}]", "[,]",
        "[{\"a\":1,\"a\":2}]", "[{\"transactionId\":\"1\",\"transactionId\":\"1\"}]",
        "[{\"z\":1,\"z\":2,\"transactionId\":\"1\"}]", "<html>", "[]x", "[] []",
        "[{\"a\":\"\\ud800\"}]",
        "[{\"a\":\"\\udc00\"}]", "[{\"a\":\"\\ud83dx\"}]", "[{\"a\":\"\\x\"}]",
        "[{\"a\":\"\\u12g4\"}]",
        "[{\"a\":01}]", "[{\"a\":+1}]", "[{\"a\":.5}]", "[{\"a\":1.}]", "[{\"a\":1e}]",
        "[{\"a\":-}]",
        "[{\"a\":NaN}]", "[{\"a\":Infinity}]", "[{\"a\":tru}]", "[{\"a\":nul}]", "[{\"a\" 1}]",
        "[{a:1}]", "[{'a':1}]", "[{\"a\":1 \"b\":2}]", "[{\"a\":\"\u{1}\"}]", "[{\"a\":\"x\ty\"}]",
        "\u{FEFF}[]", "[\u{FEFF}{}]", "[[[]]]", "[/* c */]", "[{\"driverName\":\"“typographic”\"}]",
        "[{\"transactionId\":\"1\",\"transactionTime\":\"2026-02-30T00:00:00Z\",\"quantity\":1,\"totalPrice\":1}]",
        "[" + String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40)
            + "]",
        "[{\"transactionId\":\"1\",\"transactionTime\":\"2026-02-03T00:00:00Z\",\"quantity\":"
            + String(repeating: "9", count: 300) + ",\"totalPrice\":1}]",
        "[{\"transactionId\":" + String(repeating: "7", count: 60)
            + ",\"transactionTime\":\"2026-02-03T00:00:00+02:00\",\"quantity\":1e2,\"totalPrice\":1E-4}]",
    ]

    @Test(arguments: texts)
    func `gives the same wherever the bytes are split`(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = outcome(bytes)
        for cut in 0...bytes.count {
            #expect(outcome(bytes, cuts: [cut]) == whole, "cut at \(cut)")
        }
        #expect(outcome(bytes, cuts: Array(0...bytes.count)) == whole, "byte by byte")
        #expect(outcome(bytes, cuts: Array(stride(from: 0, to: bytes.count, by: 7))) == whole)
    }

    @Test(arguments: texts)
    func `gives the same on the short and on the checked way`(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(outcome(bytes) == outcome(bytes, scans: false))
        // The same with each byte spoilt in turn: neither way takes what the other refuses.
        for index in stride(from: 0, to: bytes.count, by: bytes.count > 800 ? 3 : 1) {
            for byte: UInt8 in [0x22, 0x5C, 0xC3, 0x39, 0x7D] {
                var spoilt = bytes
                spoilt[index] = byte
                #expect(
                    outcome(spoilt) == outcome(spoilt, scans: false),
                    "byte \(index) as \(byte)"
                )
            }
        }
    }

    @Test(arguments: texts)
    func `a cut text never counts as whole`(_ text: String) {
        let bytes = Array(text.utf8)
        guard case .rows = outcome(bytes) else { return }
        let last = bytes.lastIndex { $0 == 0x5D || $0 == 0x7D } ?? 0
        for length in 0...last {
            guard case .problem = outcome(Array(bytes[..<length])) else {
                Issue.record("the first \(length) bytes count as whole")
                return
            }
        }
    }

    @Test(arguments: [
        "{}", "null", "", "[1]", "[{},]", "[{\"a\":1,\"a\":2}]", "<html>", "[]x", "[{}{}]",
        "{\"success\":true,\"data\":null,\"error\":null}", "[{\"a\":\"\\ud800\"}]", "[{\"a\":01}]",
        "\u{FEFF}[]", "[[[]]]", "[{\"a\":NaN}]", "[{\"a\":\"\u{1}\"}]",
    ])
    func `refuses what is no strict JSON list`(_ text: String) {
        guard case .problem(_, .notUnderstood) = outcome(Array(text.utf8)) else {
            Issue.record("it was taken")
            return
        }
    }

    @Test func `refuses bytes that are no UTF-8`() {
        for bad: [UInt8] in [
            [0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
        ] {
            for key in ["driverName", "unknown"] {
                let bytes = Array("[{\"\(key)\":\"".utf8) + bad + Array("\"}]".utf8)
                guard case .problem(let text, .notUnderstood) = outcome(bytes) else {
                    Issue.record("\(bad) was taken")
                    continue
                }
                #expect(text == "row 1 is no strict JSON: a text is not valid UTF-8 (at byte 1)")
            }
        }
    }

    @Test func `names a doubled key`() {
        #expect(
            outcome(Array("[\(row(1)),{\"a\":1,\"a\":2}]".utf8))
                == .problem(
                    "row 2 is no strict JSON: key 'a' stands twice (at byte 94)",
                    .notUnderstood
                )
        )
    }

    @Test func `bounds the size of a row, wherever it is split`() {
        let long = Array(
            ("[" + row(1, #","x":""# + String(repeating: "y", count: 500) + "\"") + "]").utf8
        )
        let expected = Outcome.problem("a row has more than 300 bytes (at byte 1)", .notUnderstood)
        for cuts in [[], [200], Array(0..<long.count)] {
            #expect(outcome(long, cuts: cuts, largestRow: 300) == expected)
            #expect(outcome(long, cuts: cuts, scans: false, largestRow: 300) == expected)
        }
        #expect(outcome(long, largestRow: long.count - 2) == outcome(long))
        #expect(outcome(long, largestRow: long.count - 3) != outcome(long))
    }

    @Test func `a row of a hundred thousand keys costs no more than its length`() throws {
        let keys = (0..<40_000).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(try read("[" + row(1, "," + keys) + "]").transactions.count == 1)
    }

    @Test func `reads every field exactly`() throws {
        let found = try read("[\(Self.full)]")
        let transaction = try #require(found.transactions.first)
        #expect(found.warnings.isEmpty)
        #expect(transaction.text(.transactionId) == "7000000001")
        #expect(transaction.text(.stationId) == "5")
        #expect(!transaction.has(.authorizationCode))
        #expect(transaction.text(.occProductName) == "Diislikütus")
        #expect(transaction.text(.occProductType) == "Fuel")
        #expect(transaction.text(.driverName) == "Jüri \"🚗\"\n")
        #expect(!transaction.has(.invoiceNo))
        #expect(!transaction.has(.invoiceDate))
        #expect(transaction.amount(.quantity)?.tenThousandths == -125_000)
        #expect(transaction.amount(.totalPrice)?.tenThousandths == 999_999_999_999_999_999)
        #expect(transaction.amount(.netAmount)?.tenThousandths == 0)
        #expect(transaction.amount(.pricePerUnit)?.tenThousandths == 15_000)
        #expect(transaction.integer(.odometerReadout) == 50_123)
        #expect(transaction.timestamp(.transactionTime) == UTCTimestamp("2026-11-01T00:00:00.123Z"))
    }

    struct Case: CustomTestStringConvertible {
        let good: String
        let bad: String
        let reason: String
        var testDescription: String { bad }
    }

    @Test(arguments: [
        Case(
            good: #""totalPrice":2.5"#,
            bad: #""totalPrice":"2,5""#,
            reason: "field 'totalPrice' is no Decimal(18,4): below 10^14, at most 4 decimals"
        ),
        Case(
            good: #""totalPrice":2.5"#,
            bad: #""totalPrice":0.12345"#,
            reason: "field 'totalPrice' is no Decimal(18,4): below 10^14, at most 4 decimals"
        ),
        Case(
            good: #""totalPrice":2.5"#,
            bad: #""totalPrice":100000000000000"#,
            reason: "field 'totalPrice' is no Decimal(18,4): below 10^14, at most 4 decimals"
        ),
        Case(
            good: #""totalPrice":2.5"#,
            bad: #""totalPrice":1e400"#,
            reason: "field 'totalPrice' is no Decimal(18,4): below 10^14, at most 4 decimals"
        ),
        Case(
            good: #""totalPrice":2.5"#,
            bad: #""totalPrice":"1e1""#,
            reason: "field 'totalPrice' is no plain decimal"
        ),
        Case(
            good: #""totalPrice":2.5"#,
            bad: #""totalPrice":null"#,
            reason: "field 'totalPrice' is absent"
        ),
        Case(
            good: #""quantity":1"#,
            bad: #""quantity":true"#,
            reason: "field 'quantity' is no number"
        ),
        Case(
            good: #""quantity":1"#,
            bad: #""quantity":[1]"#,
            reason: "field 'quantity' is no number"
        ),
        Case(
            good: "2022-07-01T",
            bad: "2022-02-30T",
            reason: "field 'transactionTime' is no date-time"
        ),
        Case(
            good: #""quantity":1"#,
            bad: #""odometerReadout":1.5,"quantity":1"#,
            reason: "field 'odometerReadout' is no whole number"
        ),
        Case(
            good: #""quantity":1"#,
            bad: #""odometerReadout":99999999999999999999,"quantity":1"#,
            reason: "field 'odometerReadout' is no whole number"
        ),
        Case(
            good: #""quantity":1"#,
            bad: #""receiptNo":{"a":1},"quantity":1"#,
            reason: "field 'receiptNo' is no text"
        ),
    ])
    func `sets a bad row aside and keeps the rest`(_ example: Case) throws {
        let bad = row(7).replacing(example.good, with: example.bad)
        let found = try read("[\(bad),\(row(8))]")
        #expect(found.transactions.map { $0.text(.transactionId) } == ["8"])
        #expect(
            found.rejected == [RejectedRow(position: 1, transactionId: "7", reason: example.reason)]
        )
    }

    @Test func `warns of what is odd and taken`() throws {
        let text = row(1, #","occProductType":"Fuel","occProdyctType":"Service""#)
        #expect(
            try read("[\(text)]").warnings
                == ["occProductType and occProdyctType differ; the former is taken"]
        )
        let quoted = row(1).replacing("2.5", with: "\"2.50\"")
        let found = try read("[\(quoted)]")
        #expect(found.warnings == ["field 'totalPrice' is a number in quotes"])
        #expect(found.transactions.first?.amount(.totalPrice)?.tenThousandths == 25_000)
    }

    @Test func `takes charging sessions with ids as numbers`() throws {
        let found = try read(
            #"[{"transactionId":9007199254740993,"stationId":5,"transactionTime":"2026-11-01T00:00:00Z","quantity":1}]"#,
            feed: .evTransactions
        )
        #expect(found.transactions.first?.text(.transactionId) == "9007199254740993")
        #expect(found.transactions.first?.text(.stationId) == "5")
    }
}
