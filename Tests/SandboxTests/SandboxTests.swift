import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// The sandbox against the API document, through curl: the third party that shares code with neither side.
struct `The sandbox` {
    /// What came back.
    struct Answer {
        let status: Int
        let head: String
        let body: String

        var rows: [[String: Any]] {
            (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]]) ?? []
        }
        var error: String? {
            let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            return object?["error"] as? String
        }
    }

    /// A running `occ-sandbox` and the way to ask it.
    final class Place: Sendable {
        static let key = String(repeating: "0123456789abcdef", count: 8)
        static let start = SandboxDay(year: 2026, month: 11, day: 24)
        private let sandbox: SandboxProcess
        private let begun = Date()
        let address: String

        init(_ arguments: [String]) throws {
            sandbox = try SandboxProcess(now: "\(Self.start)T03:00:00Z", arguments)
            address = sandbox.address.replacing("/api/v1", with: "")
        }

        /// Seconds since 1970 by the sandbox's clock.
        var now: Int {
            Self.start.number * 86_400 + 3 * 3_600 + Int(Date().timeIntervalSince(begun))
        }

        func stop() { sandbox.stop() }

        /// A request as curl sends it; `exit` is curl's own status.
        func curl(_ arguments: [String]) throws -> (exit: Int32, answer: Answer) {
            let result = try run(
                "/usr/bin/curl",
                ["-sS", "-i", "--max-time", "20"] + arguments
            )
            let parts = result.output.firstRange(of: "\r\n\r\n")
            let head = parts.map { String(result.output[..<$0.lowerBound]) } ?? ""
            let body = parts.map { String(result.output[$0.upperBound...]) } ?? ""
            let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return (result.status, Answer(status: status, head: head, body: body))
        }

        /// A signed request, unless some of it is said to be wrong.
        func ask(
            _ path: String,
            _ body: String? = nil,
            type: String = "application/json",
            date: String? = nil,
            signedBody: String? = nil,
            key: String? = nil
        ) throws -> Answer {
            let date = date ?? SandboxSignature.date(now)
            let header = SandboxSignature.expected(
                accessId: "ERP-TEST-1",
                key: key ?? Self.key,
                target: "/api/v1/\(path)",
                body: Data((signedBody ?? body ?? "").utf8),
                date: date
            )
            var arguments = [
                "-H", "Content-Type: \(type)", "-H", "Date: \(date)", "-H",
                "Authorization: \(header)", "\(address)/api/v1/\(path)",
            ]
            if let body { arguments += ["--data-binary", body] }
            return try curl(arguments).answer
        }

        func purchases(_ contract: String, _ from: String, _ to: String) throws -> Answer {
            try ask(
                "ContractTransactions",
                #"{"contractNumbers":["\#(contract)"],"fromDate":"\#(from)","toDate":"\#(to)"}"#
            )
        }

        @discardableResult
        func control(_ path: String, _ body: String? = nil) throws -> String {
            let url = "\(address)/sandbox/\(path)"
            let answer = try curl(body.map { ["-d", $0, url] } ?? [url]).answer
            #expect(answer.status == 200, "\(answer.body)")
            return answer.body
        }
    }

    private func withSandbox<Result>(
        _ arguments: String...,
        body: (Place) throws -> Result
    ) throws -> Result {
        let place = try Place(arguments)
        defer { place.stop() }
        return try body(place)
    }

    // MARK: Signatures

    @Test(arguments: [
        (
            "/api/v1/ContractNumbers", "", "Tue, 05 Jul 2022 07:08:09 GMT",
            "17r5ADQFvtmhEX0aEuwLLsgpDwmluOW29HRt3YDf7q8="
        ),
        (
            "/api/v1/GetBonuscardTransactions",
            #"{"fromDate":"2022-07-01","toDate":"2022-07-07"}"#, "Tue, 05 Jul 2022 07:08:09 GMT",
            "MhdlQyX1TS8nlDy8hXZWiUq+zX2qJ6whONeM1glsB6U="
        ),
        (
            "/x/api/v1/EvTransactions?fromDate=2023-12-01&toDate=2023-12-31&crm_account_id=4711",
            "", "Fri, 01 Mar 2024 00:00:00 GMT", "LknWDhHs4hq+zTCH/Y0GwFrnu3ooVUmlq/ck3fRVsFU="
        ),
    ])
    func `expects the signatures of the API document`(
        _ target: String,
        _ body: String,
        _ date: String,
        _ signature: String
    ) {
        #expect(
            SandboxSignature.expected(
                accessId: "ERP-TEST-1",
                key: String(repeating: "0123456789abcdef", count: 8),
                target: target,
                body: Data(body.utf8),
                date: date
            ) == "APIAuth-HMAC-SHA256 ERP-TEST-1:\(signature)"
        )
    }

    @Test func `takes a right signature and no other`() throws {
        try withSandbox { (place) throws -> Void in
            #expect(try place.ask("ContractNumbers").body == #"["22297","123","30051"]"#)
            #expect(try place.ask("ContractNumbers", key: "other").status == 401)
            let body = #"{"fromDate":"2026-11-01","toDate":"2026-11-02"}"#
            #expect(try place.ask("GetBonuscardTransactions", body).status == 200)
            #expect(
                try place.ask("GetBonuscardTransactions", body, signedBody: body + " ").status
                    == 401
            )
            let old = SandboxSignature.date(place.now - 302)
            #expect(try place.ask("ContractNumbers", date: old).status == 401)
            let recent = SandboxSignature.date(place.now - 290)
            #expect(try place.ask("ContractNumbers", date: recent).status == 200)
            let wrong = try place.ask("ContractNumbers", date: "2026-11-24T00:00:00Z")
            #expect(wrong.status == 400)
            #expect(
                wrong.body
                    == #"{"success":false,"data":null,"error":"Wrong Date format","message":null}"#
            )
            #expect(
                try place.ask("ContractNumbers", type: "application/json; charset=utf-8").status
                    == 415
            )
        }
    }

    @Test func `its log holds no signature, key, body or card`() throws {
        try withSandbox { (place) throws -> Void in
            _ = try place.purchases("22297", "2026-11-01", "2026-11-20")
            let log = try place.control("log")
            #expect(log == #"["POST \/api\/v1\/ContractTransactions 200"]"#)
        }
    }

    // MARK: Limits

    @Test func `keeps the documented limits with the documented texts`() throws {
        try withSandbox { (place) throws -> Void in
            #expect(
                try place.purchases("22297", "2026-09-24", "2026-11-24").error
                    == "Only 60 days of search at one time is supported"
            )
            #expect(try place.purchases("22297", "2026-09-25", "2026-11-24").status == 200)
            #expect(
                try place.purchases("22297", "2026-06-23", "2026-07-01").error
                    == "Only search over last 5 months of transactions is supported"
            )
            #expect(try place.purchases("22297", "2026-06-24", "2026-07-01").status == 200)
            for wrong in ["2026-11-31", "24.11.2026", "", "2026-11-2"] {
                #expect(
                    try place.purchases("22297", wrong, "2026-11-24").error == "Wrong date format"
                )
            }
            #expect(try place.purchases("22297", "2026-11-24", "2026-11-23").status == 400)
            #expect(try place.purchases("999", "2026-11-01", "2026-11-02").status == 403)
            #expect(try place.ask("getBalance").status == 404)
        }
    }

    @Test func `gives the same by POST and by GET, and ends each window where it says`()
        throws
    {
        try withSandbox { (place) throws -> Void in
            let posted = try place.purchases("22297", "2026-11-01", "2026-11-10")
            let got = try place.ask(
                "ContractTransactions?contractNumbers=22297&fromDate=2026-11-01&toDate=2026-11-10"
            )
            #expect(!posted.rows.isEmpty)
            #expect(posted.body == got.body)
            for row in posted.rows {
                let time = try #require(row["transactionTime"] as? String)
                #expect(time >= "2026-11-01" && time < "2026-11-11")
            }
        }
    }

    @Test func `charging can be off, days to come refused, rows limited in silence`() throws {
        let query = "EvTransactions?fromDate=2026-11-01&toDate=2026-11-24"
        try withSandbox { (place) throws -> Void in
            let rows = try place.ask(query).rows
            #expect(!rows.isEmpty)
        }
        try withSandbox(
            "--no-ev",
            "--refuse-future",
            "--row-limit",
            "3",
            body: { (place) throws -> Void in
                #expect(try place.ask(query).error == "EvTransactions is not enabled")
                #expect(try place.purchases("22297", "2026-11-01", "2026-11-25").status == 400)
                #expect(try place.purchases("22297", "2026-11-01", "2026-11-24").rows.count == 3)
            }
        )
    }

    @Test func `takes lists of bonus cards and counts them`() throws {
        try withSandbox { (place) throws -> Void in
            #expect(try place.ask("DefineBonuscards", #"{"bonuscards":["1"]}"#).status == 400)
            let both = #"{"bonuscards":["1","2"],"premiumBonuscards":["3"]}"#
            #expect(try place.ask("DefineBonuscards", both).status == 200)
            #expect(try place.control("bonuscards") == #"{"bonuscards":2,"premiumBonuscards":1}"#)
        }
    }

    // MARK: A month of nights

    private func books(_ place: Place) throws -> [String: [[String: Any]]] {
        let data = Data(try place.control("books").utf8)
        return try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]]
        )
    }

    @Test func `the same seed and day give the same books, another seed others`() throws {
        func books(_ seed: UInt64) throws -> String {
            try withSandbox(
                "--seed",
                "\(seed)",
                "--events",
                "all",
                body: { try $0.control("books") }
            )
        }
        let first = try books(7)
        #expect(try books(7) == first)
        #expect(try books(8) != first)
    }

    @Test
    func `as the days go by rows appear, late ones too, get invoiced and corrected, and vanish`()
        throws
    {
        try withSandbox(
            "--rows",
            "3000",
            "--events",
            "all",
            body: { (place) throws -> Void in
                var seen: [String: [String: Any]] = [:]
                var (late, invoiced, corrected, vanished) = (0, 0, 0, 0)
                var states: Set<[String]> = []
                for night in 0..<30 {
                    let day = SandboxDay(number: Place.start.number + night)
                    try place.control("clock", #"{"now":"\#(day)T03:00:00Z"}"#)
                    var now: [String: [String: Any]] = [:]
                    let books = try books(place)
                    for row in books["contract-transactions/22297"] ?? [] {
                        let id = "\(row["transactionId"] ?? "") \(row["occProductCode"] ?? "")"
                        now[id] = row
                        guard night > 0 else { continue }
                        if let before = seen[id] {
                            if before["invoiceNo"] == nil, row["invoiceNo"] != nil { invoiced += 1 }
                            if "\(before["totalPrice"] ?? "")" != "\(row["totalPrice"] ?? "")" {
                                corrected += 1
                            }
                        } else {
                            let time = try #require(row["transactionTime"] as? String)
                            if time < "\(day)" { late += 1 }
                        }
                    }
                    vanished += seen.keys.count { now[$0] == nil }
                    seen = now
                    for row in books["ev-transactions"] ?? [] where night % 10 == 0 {
                        states.insert(["\(row["transactionStatus"] ?? "")"])
                    }
                }
                #expect(late > 0)
                #expect(invoiced > 50)
                #expect(corrected > 0)
                #expect(vanished > 0)
                #expect(states == [["unconfirmed"], ["confirmed"], ["cancelled"]])
            }
        )
    }

    @Test func `refunds, odd names, several lines and shared ids are in the books`() throws {
        try withSandbox(
            "--rows",
            "2000",
            "--events",
            "all",
            body: { (place) throws -> Void in
                let books = try books(place)
                let rows = books.filter { $0.key.hasPrefix("contract") }.flatMap(\.value)
                #expect(rows.contains { ($0["quantity"] as? Double ?? 0) < 0 })
                let names = Set(rows.compactMap { $0["driverName"] as? String })
                #expect(names.isSuperset(of: ["=1+1", "Emoji 🚗 Driver", "Kadri \"Kiire\" Kask"]))
                var contracts: [String: Set<String>] = [:]
                var texts: [String: [String]] = [:]
                for (place, rows) in books where place.hasPrefix("contract") {
                    for row in rows {
                        let id = try #require(row["transactionId"] as? String)
                        contracts[id, default: []].insert(place)
                        texts["\(place) \(id)", default: []].append(
                            "\(row["occProductCode"] ?? "")"
                        )
                    }
                }
                #expect(contracts.values.contains { $0.count == 2 })
                #expect(texts.values.contains { Set($0).count == 2 })
                #expect(texts.values.contains { $0.count != Set($0).count })
            }
        )
    }

    @Test func `the sums are those of the rows`() throws {
        try withSandbox { (place) throws -> Void in
            try place.control(
                "edit",
                #"{"feed":"contract-transactions","contract":"123","transactionId":"5","day":"2026-11-20","add":{"transactionId":"\"5\"","totalPrice":"1.25","currency":"\"SEK\""}}"#
            )
            let sums = try #require(
                try JSONSerialization.jsonObject(with: Data(place.control("sums").utf8))
                    as? [String: [String: [String: Any]]]
            )
            for (name, rows) in try books(place) where name.hasPrefix("contract") {
                let currencies = Set(rows.compactMap { $0["currency"] as? String })
                #expect(sums[name].map { Set($0.keys) } == currencies)
                for currency in currencies {
                    let found = rows.filter { $0["currency"] as? String == currency }
                    let total = found.reduce(Decimal(0)) {
                        $0 + (Decimal(string: "\($1["totalPrice"] ?? 0)") ?? 0)
                    }
                    #expect(sums[name]?[currency]?["count"] as? Int == found.count)
                    let said = sums[name]?[currency]?["totalPrice"] as? String
                    #expect(said.flatMap { Decimal(string: $0) } == total)
                }
            }
        }
    }

    @Test func `rows are added, changed and taken away`() throws {
        try withSandbox(
            "--rows",
            "0",
            body: { (place) throws -> Void in
                func edit(_ more: String) throws -> Int {
                    try place.curl([
                        "-d",
                        #"{"feed":"contract-transactions","contract":"22297","transactionId":"9",\#(more)}"#,
                        "\(place.address)/sandbox/edit",
                    ]).answer.status
                }
                func ids() throws -> [String] {
                    try place.purchases("22297", "2026-11-01", "2026-11-24").rows
                        .map { "\($0["transactionId"] ?? "") \($0["totalPrice"] ?? "")" }
                }
                #expect(try edit(#""set":{"totalPrice":"2"}"#) == 404)
                #expect(
                    try edit(
                        #""day":"2026-11-20","add":{"transactionId":"\"9\"","totalPrice":"1"}"#
                    ) == 200
                )
                #expect(try ids() == ["9 1"])
                #expect(try edit(#""set":{"totalPrice":"2"}"#) == 200)
                #expect(try ids() == ["9 2"])
                #expect(try edit(#""remove":true"#) == 200)
                #expect(try ids().isEmpty)
            }
        )
    }

    @Test func `a hundred thousand rows stream out whole`() throws {
        try withSandbox(
            "--rows",
            "300000",
            "--contracts",
            "1",
            "--events",
            "none",
            body: { (place) throws -> Void in
                let answer = try place.purchases("22297", "2026-10-01", "2026-11-19")
                #expect(answer.head.lowercased().contains("transfer-encoding: chunked"))
                #expect(answer.rows.count == 100_000)
            }
        )
    }

    // MARK: Faults

    @Test func `faults befall the next matching requests, as often as they say`() throws {
        try withSandbox { (place) throws -> Void in
            try place.control(
                "faults",
                #"[{"operation":"ContractNumbers","times":2,"status":503,"headers":{"Retry-After":"9"}}]"#
            )
            #expect(try place.purchases("22297", "2026-11-01", "2026-11-02").status == 200)
            let first = try place.ask("ContractNumbers")
            #expect(first.status == 503)
            #expect(first.head.contains("Retry-After: 9"))
            #expect(try place.ask("ContractNumbers").status == 503)
            #expect(try place.ask("ContractNumbers").status == 200)
        }
    }

    struct Case: CustomTestStringConvertible {
        let fault: String
        /// What curl ends with: 18 is a transfer cut off, 28 out of time.
        var exit: Int32 = 0
        var status = 200
        var head = ""
        var body = ""
        var testDescription: String { fault }
    }

    @Test(arguments: [
        Case(fault: #"{"html":true}"#, head: "text/html", body: "<html>"),
        Case(
            fault: #"{"redirect":"http://example.com/"}"#,
            status: 302,
            head: "Location: http://example.com/"
        ),
        Case(fault: #"{"cutAfter":10}"#, exit: 18, body: #"["22297",""#),
        Case(fault: #"{"drop":true}"#, exit: 18),
        Case(fault: #"{"compressed":true}"#, head: "Content-Encoding: gzip"),
        Case(
            fault: #"{"numbers":3}"#,
            head: "Content-Length: 34",
            body: #"["10000001","10000002","10000003"]"#
        ),
        Case(fault: #"{"size":200000}"#, head: "Content-Length: 200000", body: "[   "),
        Case(fault: #"{"row":"{\"bad\":1}"}"#, body: #"[{"bad":1},"22297","123","30051"]"#),
        Case(fault: #"{"drip":3,"every":1}"#, body: #"["22297","123","30051"]"#),
        Case(fault: #"{"delay":1}"#, body: #"["22297","123","30051"]"#),
        Case(fault: #"{"skew":86400}"#, body: "["),
        Case(fault: #"{"body":"{"}"#, body: "{"),
    ])
    func `each fault is what it says`(_ example: Case) throws {
        try withSandbox { (place) throws -> Void in
            try place.control("faults", "[\(example.fault)]")
            let date = SandboxSignature.date(place.now)
            let header = SandboxSignature.expected(
                accessId: "ERP-TEST-1",
                key: Place.key,
                target: "/api/v1/ContractNumbers",
                body: Data(),
                date: date
            )
            let (exit, answer) = try place.curl([
                "-H", "Content-Type: application/json", "-H", "Date: \(date)", "-H",
                "Authorization: \(header)", "\(place.address)/api/v1/ContractNumbers",
            ])
            #expect(exit == example.exit)
            #expect(answer.status == example.status)
            #expect(example.head.isEmpty || answer.head.contains(example.head), "\(answer.head)")
            #expect(answer.body.hasPrefix(example.body), "\(answer.body.prefix(100))")
            if example.fault.contains("skew") {
                let tomorrow = SandboxSignature.date(place.now + 86_400)
                #expect(answer.head.contains(tomorrow.prefix(16)))
            }
        }
    }

    @Test func `days are those of the calendar`() throws {
        #expect(SandboxDay("2026-02-29") == nil)
        #expect(SandboxDay("2024-02-29")?.adding(1).description == "2024-03-01")
        #expect(SandboxDay("2026-07-31")?.fiveMonthsEarlier.description == "2026-02-28")
        #expect(SandboxDay("2026-03-15")?.fiveMonthsEarlier.description == "2025-10-15")
        #expect(SandboxDay("1970-01-01")?.number == 0)
        #expect(SandboxDay("2026-02-20")?.halfMonth.number == "20260228")
        #expect(SandboxDay("2026-02-15")?.halfMonth.issued.description == "2026-02-18")
        #expect(SandboxSignature.date(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(SandboxSignature.seconds("Tue, 05 Jul 2022 07:08:09 GMT") == 1_657_004_889)
        #expect(SandboxSignature.seconds("Wed, 05 Jul 2022 07:08:09 GMT") == nil)
    }
}
