import OCCClient
import Testing
import Transactions

/// The reader of answers against everything that is nearly JSON, cut at every byte (issue: strict JSON only).
struct `Strict JSON` {
    /// What came of the bytes in these pieces, as one text to compare.
    private func outcome(_ pieces: [ArraySlice<UInt8>], largestRow: Int = 1 << 20) -> String {
        var reader = TransactionReader(
            feed: .contractTransactions,
            contractNumber: "22297",
            largestRow: largestRow
        )
        var said = ""
        func take(_ row: ReadRow) {
            switch row {
            case .transaction(let transaction, let warnings):
                said += "\(transaction.record) \(warnings)\n"
            case .rejected(let rejected): said += "\(rejected)\n"
            }
        }
        do throws(TransactionReader.Problem) {
            for piece in pieces { try reader.consume(piece, take) }
            let count = try reader.finish(take)
            return said + "\(count) rows"
        } catch {
            // Nothing that came before a problem is used.
            return "\(error.kind): \(error.description)"
        }
    }

    /// A row with these members besides the required ones.
    static func row(_ more: String) -> [UInt8] {
        Array(
            #"[{"transactionId":"1","transactionTime":"2026-11-01T00:00:00Z","quantity":1,"totalPrice":2.5,\#(more)}]"#
                .utf8
        )
    }

    /// Bytes that are an answer.
    static let taken: [[UInt8]] = [
        Array("[]".utf8), Array(" [\t]\r\n ".utf8),
        row(#""driverName":"Jüri 😀 \ud83d\ude00\u0000\/""#),
        row(#""new":{"a":[[],{},null,true,false,-0.0e+10]}"#),
        row(#""totalPrice2":0.00000000000000000000000000001"#),
        row(#""x":\#(String(repeating: "[", count: 30))\#(String(repeating: "]", count: 30))"#),
        row(#""x":\#(String(repeating: "9", count: 1_500))"#),
        Array(#"{"success":true,"data":[],"error":null}"#.utf8),
        Array(" {\t\"success\"\r:\n true , \"data\" : [ ] , \"error\" : null } ".utf8),
    ]

    /// Bytes that are none.
    static let refused: [[UInt8]] = [
        [0xEF, 0xBB, 0xBF] + Array("[]".utf8),
        Array("[".utf8) + [0xEF, 0xBB, 0xBF] + Array("]".utf8),
        row(#""driverName":"\ud800""#), row(#""driverName":"\udc00\ud800""#),
        row(#""driverName":"\ud83d\u0041""#), row(#""driverName":"\ud83""#),
        row(#""driverName":"\x""#), row("\"driverName\":\"a\nb\""),
        row(#""driverName":"a","driverName":"a""#), row(#""a":1,"b":{"c":1,"c":2}"#),
        row(#""driverN\u0061me":"a","driverName":"b""#),
        row(#""a":[1,]"#), row(#""a":{"b":1,}"#), row(#""a":1,"#), row(#""a":[,1]"#),
        row(#""a":01"#), row(#""a":+1"#), row(#""a":.5"#), row(#""a":1."#), row(#""a":1e"#),
        row(#""a":0x10"#), row(#""a":NaN"#), row(#""a":Infinity"#), row(#""a":-"#),
        row(#""a":tru"#),
        row(#""a":'b'"#), row(#"a:1"#), row(#""a":1 /* no */"#), row(#""a" 1"#),
        row(#""x":\#(String(repeating: "[", count: 60))\#(String(repeating: "]", count: 60))"#),
        row(#""x":\#(String(repeating: "[", count: 1_500))"#),
        // Blanks are four, and no other control character is one, in the envelope either.
        Array("{\"success\"\u{1}:true,\"data\":[],\"error\":null}".utf8),
        Array("{\"success\":\u{C}true,\"data\":[],\"error\":null}".utf8),
        Array("{\"success\":true,\"data\"\u{0}:[],\"error\":null}".utf8),
        Array("{\"success\":true,\"data\":\u{1F}[],\"error\":null}".utf8),
        Array("{\u{B}\"success\":true,\"data\":[],\"error\":null}".utf8),
        row("\"a\":\u{A0}1"), Array("[]\u{0}".utf8), Array("[][]".utf8), Array("[1]".utf8),
        // Overlong, a surrogate in UTF-8, beyond U+10FFFF, a lone and a missing continuation.
        row("\"a\":\"@\"").flatMap { $0 == 0x40 ? [0xC0, 0xAF] : [$0] },
        row("\"a\":\"@\"").flatMap { $0 == 0x40 ? [0xE0, 0x80, 0xAF] : [$0] },
        row("\"a\":\"@\"").flatMap { $0 == 0x40 ? [0xED, 0xA0, 0x80] : [$0] },
        row("\"a\":\"@\"").flatMap { $0 == 0x40 ? [0xF4, 0x90, 0x80, 0x80] : [$0] },
        row("\"a\":\"@\"").flatMap { $0 == 0x40 ? [0x80] : [$0] },
        row("\"a\":\"@\"").flatMap { $0 == 0x40 ? [0xE2, 0x82] : [$0] },
        row("\"driverName\":\"@\"").flatMap { $0 == 0x40 ? [0xFF] : [$0] },
    ]

    @Test(arguments: taken) func `is taken in any two pieces with the same result`(_ bytes: [UInt8])
    {
        let whole = outcome([bytes[...]])
        #expect(whole.hasSuffix("rows"), "\(whole.suffix(200))")
        expectSame(bytes, whole)
    }

    @Test(arguments: refused)
    func `what is nearly so is refused in any two pieces with the same words`(_ bytes: [UInt8]) {
        let whole = outcome([bytes[...]])
        #expect(whole.hasPrefix("notUnderstood: ") || whole.hasPrefix("cutOff: "), "\(whole)")
        expectSame(bytes, whole)
    }

    private func expectSame(_ bytes: [UInt8], _ whole: String) {
        for cut in bytes.indices {
            let parts = outcome([bytes[..<cut], bytes[cut...]])
            #expect(parts == whole, "cut at \(cut) of \(bytes.count)")
        }
        #expect(outcome(bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte")
    }

    @Test func `each byte of a good answer that is changed or lost ends with rows or a problem`() {
        let good = Self.row(#""driverName":"J\u00fcri","invoiceNo":null,"netAmount":-12.5e0"#)
        for place in good.indices {
            for byte: UInt8 in [0x00, 0x22, 0x2C, 0x5B, 0x5D, 0x7B, 0x7D, 0x5C, 0x80, 0xFF] {
                var bad = good
                bad[place] = byte
                let whole = outcome([bad[...]])
                #expect(outcome([bad[..<place], bad[place...]]) == whole, "\(byte) at \(place)")
            }
            var short = good
            short.remove(at: place)
            let whole = outcome([short[...]])
            #expect(outcome(short.indices.map { short[$0...$0] }) == whole, "without \(place)")
        }
    }

    @Test func `a row beyond the limit is refused wherever it is cut`() {
        let bytes = Self.row("\"a\":\"\(String(repeating: "x", count: 1_500))\"")
        for cut in bytes.indices {
            let said = outcome([bytes[..<cut], bytes[cut...]], largestRow: 1_000)
            #expect(
                said == "notUnderstood: a row has more than 1000 bytes (at byte 1)",
                "cut at \(cut)"
            )
        }
    }

    @Test func `nesting and numbers as long as a row may be cost no more than their length`() {
        func nested(_ open: String, _ close: String, _ count: Int) -> String {
            String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        }
        for (inside, end) in [
            (nested("[", "]", 450_000), "notUnderstood"),
            (nested("{\"a\":", "}", 150_000), "notUnderstood"),
            (String(repeating: "[", count: 900_000), "cutOff"),
            (String(repeating: "9", count: 900_000), "1 rows"),
        ] {
            let bytes = Self.row("\"x\":\(inside)")
            let whole = outcome([bytes[...]])
            #expect(whole.hasPrefix(end) || whole.hasSuffix(end), "\(whole.prefix(200))")
            #expect(outcome([bytes[..<500_000], bytes[500_000...]]) == whole)
        }
    }

    @Test func `a number of any length is a value or a rejected row`() {
        for digits in [1, 14, 15, 19, 20, 38, 39, 400, 100_000] {
            let bytes = Array(
                #"[{"transactionId":"1","transactionTime":"2026-11-01T00:00:00Z","quantity":1,"totalPrice":\#(String(repeating: "9", count: digits))}]"#
                    .utf8
            )
            let said = outcome([bytes[...]])
            #expect(said.hasSuffix("1 rows"), "\(digits): \(said.suffix(300))")
            #expect(said.contains("totalPrice") == (digits > 14), "\(digits): \(said.suffix(300))")
        }
    }
}

/// What an answer may take, as the program uses it (reliability, section 6.2).
struct `The limits of an answer` {
    @Test func `are those that are documented`() throws {
        let limits = try ClientConfiguration(baseURL: "https://h/api/v1", accessId: "A").limits
        #expect(limits.connect == 10_000)
        #expect(limits.idle == 30_000)
        #expect(limits.whole == 120_000)
        #expect(limits.body == 64 << 20)
        #expect(limits.headers == 64 << 10)
    }
}
