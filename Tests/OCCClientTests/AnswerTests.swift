import OCCClient
import Synchronization
import Testing
import Transactions

/// Answers, errors and attempts: traps 17 to 25, 34 and 49 of the API document.
struct `Answers` {
    @Test(arguments: [400, 403, 404, 405, 415, 422])
    func `a refusal is not tried again`(_ status: Int) async throws {
        let body = #"{"success":false,"data":null,"error":"Wrong Date format","message":null}"#
        let found = try await failure([.http(status, body)])
        #expect(found.requests == 1)
        #expect(found.error.code == .refused)
        #expect(
            "\(found.error)"
                == "ContractTransactions of contract 22297 for 2022-07-01..2022-07-03: the API answers \(status): Wrong Date format"
        )
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func `a failure of the server is tried four times, with waits that double`(
        _ status: Int
    ) async throws {
        let clock = TestClock()
        let found = try await failure([.http(status, "")], clock: clock)
        #expect(found.requests == 4)
        #expect(found.error.code == .unreachable)
        #expect(
            found.error.message == "the API answers \(status); gave up after 4 attempts"
        )
        #expect(clock.sleeps == [1_000, 2_000, 4_000])
    }

    @Test func `a dropped connection and a cut body are tried again`() async throws {
        let cut = WireServer.Reply.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n["
        )
        let unnoticed = WireServer.Reply.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[\(row(1)),"
        )
        let slice = try await withClient([.drop, cut, unnoticed, .http(200, list(1..<3))]) {
            client,
            server in
            let slice = try await client.transactions(
                .contractTransactions,
                contract: "22297",
                try days("2022-07-01", "2022-07-03")
            )
            #expect(server.requests.count == 4)
            return slice
        }
        #expect(slice.transactions.count == 2)
        #expect(slice.transactions.allSatisfy { $0.contractNumber == "22297" })
    }

    @Test(.timeLimit(.minutes(5)))
    func `a server that stays silent is given up in the time set`() async throws {
        let error = try await withClient(
            [.silence],
            {
                $0.limits.idle = 100
                $0.mostAttempts = 2
            },
            { client, server in
                let error = await #expect(throws: OCCClientError.self) {
                    try await client.contractNumbers()
                }
                // The client may give up before the server has read what it was sent.
                await server.received(2)
                #expect(server.requests.count == 2)
                return error
            }
        )
        #expect(error?.code == .unreachable)
        #expect(
            error?.message == "no whole answer: the server went silent; gave up after 2 attempts"
        )
    }

    @Test func `nobody listening is an error that says so`() async throws {
        let server = try await WireServer([.http()])
        let port = server.port
        try await server.stop()
        let client = try OCCClient(
            try ClientConfiguration(baseURL: "http://127.0.0.1:\(port)/api/v1", accessId: "A"),
            key: try PreSharedKey(testKey),
            clock: TestClock().clock,
            logger: TestLog().logger
        )
        let error = await #expect(throws: OCCClientError.self) {
            try await client.contractNumbers()
        }
        try await client.shutdown()
        #expect(error?.code == .unreachable)
    }

    @Test func `Retry-After is waited for, in seconds or as a date`() async throws {
        let clock = TestClock()
        let replies: [WireServer.Reply] = [
            .http(429, "", headers: ["Retry-After: 7"]),
            .http(503, "", headers: ["Retry-After: Tue, 05 Jul 2022 07:08:46 GMT"]), .http(),
        ]
        _ = try await withClient(replies, clock: clock) { client, _ in
            try await client.contractNumbers()
        }
        #expect(clock.sleeps == [7_000, 30_000])
    }

    @Test func `a Retry-After beyond two minutes is not waited for`() async throws {
        let found = try await failure([.http(429, "", headers: ["Retry-After: 121"])])
        #expect(found.requests == 1)
        #expect(
            found.error.message
                == "the API answers 429; it asks to come back in 121 s, at 2022-07-05T07:10:10Z"
        )
    }

    @Test func `all attempts together have a deadline`() async throws {
        let found = try await failure([.http(429, "", headers: ["Retry-After: 100"])]) {
            $0.limits.total = 150_000
        }
        #expect(found.requests == 2)
        #expect(found.error.message == "the API answers 429; gave up after 2 attempts in 100 s")
    }

    @Test(arguments: [201, 202, 204, 206])
    func `a success other than 200 is an error`(_ status: Int) async throws {
        let found = try await failure([.http(status, status == 204 ? "" : "[]")])
        #expect(found.requests == 1)
        #expect(found.error.code == .notUnderstood)
        #expect(found.error.message.hasPrefix("the API answers \(status)"))
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is not followed`(_ status: Int) async throws {
        let other = try await WireServer([.http()])
        let found = try await failure([
            .http(status, "", headers: ["Location: http://127.0.0.1:\(other.port)/api/v1/X"])
        ])
        #expect(found.requests == 1)
        #expect(other.requests.isEmpty)
        try await other.stop()
        #expect(
            found.error.message == "the API answers \(status); redirects are never followed"
        )
    }

    @Test func `an HTML page with 200 is quoted, at most 100 characters`() async throws {
        let page = "<html>\n" + String(repeating: "x", count: 200)
        let found = try await failure([.http(200, page, type: "text/html; charset=utf-8")])
        #expect(found.error.code == .notUnderstood)
        #expect(
            found.error.message
                == "the answer is an HTML page, not the API's: <html>\\u{a}"
                + String(repeating: "x", count: 93)
        )
        let bare = try await failure([.http(200, "<html></html>")])
        #expect(bare.error.message == "the answer is HTML or XML, not JSON (at byte 0)")
    }

    @Test func `a compressed answer is refused`() async throws {
        let found = try await failure([.http(200, "[]", headers: ["Content-Encoding: gzip"])])
        #expect(found.error.message == "the answer is compressed, which was not asked for")
    }

    @Test func `an endless body ends at the limit`() async throws {
        let log = TestLog()
        let endless = WireServer.Reply.http(200, "[" + String(repeating: " ", count: 100_000))
        let found = try await failure([endless], log: log) { $0.limits.body = 50_000 }
        #expect(found.requests == 1, "\(log.lines)")
        #expect(found.error.message == "the answer is larger than 50000 bytes")
    }

    @Test func `a body that drips beyond two minutes is given up and tried again`() async throws {
        let clock = TestClock()
        let long = WireServer.Reply.http(200, "[" + String(repeating: " ", count: 1_000_000))
        try await withClient(
            [long],
            clock: clock,
            {
                $0.limits.whole = 120_000
                $0.limits.body = 500_000
            },
            { client, server in
                let error = await #expect(throws: OCCClientError.self) {
                    try await client.transactions(
                        .contractTransactions,
                        contract: "22297",
                        try days("2022-07-01", "2022-07-03"),
                        archive: { _ in
                            AnswerSink(write: { _ in clock.advance(seconds: 121) }, end: { _ in })
                        }
                    )
                }
                #expect(
                    error?.message
                        == "no whole answer: it still drips after 121 s; gave up after 4 attempts"
                )
                #expect(server.requests.count == 4)
            }
        )
    }

    @Test func `headers beyond 64 KiB are refused`() async throws {
        let long = (0..<20).map { "X-\($0): " + String(repeating: "y", count: 4_000) }
        let found = try await failure([.http(200, "[]", headers: long)])
        #expect(found.error.message == "the answer's headers are larger than 65536 bytes")
    }

    @Test func `an error text is cut to 300 characters and escaped`() async throws {
        let text = "a\\u0007b" + String(repeating: "c", count: 400)
        let found = try await failure([.http(400, #"{"error":"\#(text)"}"#)])
        #expect(
            found.error.message
                == "the API answers 400: a\\u{7}b" + String(repeating: "c", count: 297) + "…"
        )
    }

    @Test func `the text may stand in message`() async throws {
        let found = try await failure([
            .http(400, #"{"success":false,"data":null,"error":null,"message":"no such thing"}"#)
        ])
        #expect(found.error.message == "the API answers 400: no such thing")
    }

    @Test(arguments: [
        (#"{"success":false,"data":null,"error":"nope"}"#, "the API says: nope"),
        (#"{"success":true,"data":[],"error":"but"}"#, "the API says: but"),
        (#"{"success":true,"data":null,"error":null}"#, "the envelope has no list under 'data'"),
        ("{}", "the answer is no JSON list and no envelope"),
        (#"{"success":false}"#, "the API says: no success, and no reason"),
        ("null", "the answer is no JSON list (at byte 0)"), ("", "the answer is empty"),
        (#"{"success":true,"data":[],"error":{"a":1}}"#, "the API says: an error that is no text"),
    ])
    func `what is no list is an error`(_ body: String, _ message: String) async throws {
        let found = try await failure([.http(200, body)])
        #expect(found.requests == 1)
        #expect(found.error.message == message)
    }

    @Test func `an envelope with a list is taken`() async throws {
        let body = #"{"success":true,"data":\#(list(1..<4)),"error":null,"message":null}"#
        let slice = try await withClient([.http(200, body)]) { client, _ in
            try await client.transactions(
                .contractTransactions,
                contract: "22297",
                try days("2022-07-01", "2022-07-03")
            )
        }
        #expect(slice.transactions.count == 3)
    }

    @Test func `a bad row is set aside, a doubled one collapses`() async throws {
        let body = "[\(row(1)),{\"transactionId\":\"2\"},\(row(1)),\(row(1, #","receiptNo":"x""#))]"
        let slice = try await withClient([.http(200, body)]) { client, _ in
            try await client.transactions(
                .contractTransactions,
                contract: "22297",
                try days("2022-07-01", "2022-07-03")
            )
        }
        #expect(slice.rows == 4)
        #expect(slice.transactions.count == 2)
        #expect(slice.rejected.map(\.position) == [2])
        #expect(slice.rejected.map(\.transactionId) == ["2"])
        #expect(slice.warnings == ["transaction 1 stands twice, with equal content"])
    }

    @Test func `a 401 names the clock, the key and the settings`() async throws {
        let found = try await withClient(
            [.http(401, "", headers: ["Date: Tue, 05 Jul 2022 07:08:39 GMT"])],
            path: "/p/api/v1"
        ) { client, server in
            let error = await #expect(throws: OCCClientError.self) {
                try await client.contractNumbers()
            }
            #expect(server.requests.count == 1)
            return try #require(error)
        }
        #expect(
            found.hints == [
                "the local clock is 30 s behind the API",
                "check source.access_id and the pre-shared key, which is used as it is given",
                "for a GET try signing.empty_body_md5: md5",
                "for a path before /api/ try signing.uri: full",
            ]
        )
        #expect(
            found.canonicalString
                == "application/json,,/api/v1/ContractNumbers,Tue, 05 Jul 2022 07:08:09 GMT"
        )
        #expect(found.message.contains("try signing.empty_body_md5: md5"))
        #expect(!"\(found)".contains(testKey.prefix(16)))
    }

    @Test func `a clock more than five minutes off ends it`() async throws {
        let found = try await failure([
            .http(200, "[]", headers: ["Date: Tue, 05 Jul 2022 07:13:10 GMT"])
        ])
        #expect(found.error.code == .clock)
        #expect(
            found.error.message
                == "the local clock is 301 s behind the API; set the clock, signatures are valid for 300 s"
        )
        let log = TestLog()
        _ = try await withClient(
            [.http(200, "[]", headers: ["Date: Tue, 05 Jul 2022 07:07:08 GMT"])],
            log: log
        ) { client, _ in try await client.contractNumbers() }
        #expect(log.lines.contains { $0.contains("the local clock is 61 s ahead of the API") })
    }

    @Test func `charging sessions that are not enabled are told apart`() async throws {
        let found = try await failure([.http(403, "")], feed: .evTransactions)
        #expect(found.error.isFeedNotEnabled)
        #expect(
            "\(found.error)"
                == "EvTransactions for 2022-07-01..2022-07-03: the API answers 403; charging sessions must be enabled for access id 'ERP-TEST-1': ask Alexela, or take out the exports of this feed"
        )
    }

    @Test func `defining bonus cards succeeds with 200, whatever the body`() async throws {
        try await withClient([.http(200, "not json"), .http(400, "")]) { client, _ in
            try await client.defineBonuscards(regular: ["1"], premium: ["2"])
            await #expect(throws: OCCClientError.self) {
                try await client.defineBonuscards(regular: ["1"], premium: ["2"])
            }
        }
    }

    @Test(arguments: [
        (#"["22297","123","22297"]"#, ["123", "22297"]), ("[22297]", ["22297"]), ("[]", []),
        (#"{"success":true,"data":["5"],"error":null}"#, ["5"]),
    ])
    func `contract numbers come sorted, each once`(_ body: String, _ numbers: [String]) async throws
    {
        let found = try await withClient([.http(200, body)]) { client, _ in
            try await client.contractNumbers()
        }
        #expect(found == numbers)
    }

    @Test(arguments: [#"["a b"]"#, #"["a,b"]"#, "[null]", "[[]]", "{}", "null", #"["1",]"#, ""])
    func `contract numbers that cannot be are refused`(_ body: String) async throws {
        try await withClient([.http(200, body)]) { client, _ in
            await #expect(throws: OCCClientError.self) { try await client.contractNumbers() }
        }
    }

    @Test func `the sink gets the bytes in order, and is told of the end`() async throws {
        let kept = Mutex<[String]>([])
        let body = list(0..<2_000)
        _ = try await withClient([
            .raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[{"
            ),
            .http(200, body),
        ]) { client, _ in
            try await client.transactions(
                .contractTransactions,
                contract: "22297",
                [try days("2022-07-01", "2022-07-01")],
                archive: { label in
                    kept.withLock { $0.append("\(label.attempt):") }
                    return AnswerSink(
                        write: { bytes in
                            kept.withLock {
                                $0[$0.count - 1] += String(decoding: bytes, as: UTF8.self)
                            }
                        },
                        end: { ending in kept.withLock { $0[$0.count - 1] += " \(ending)" } }
                    )
                }
            )
        }
        #expect(kept.withLock { $0 } == ["1:[{ discarded", "2:\(body) whole"])
    }

    @Test func `an error of the sink is not tried again`() async throws {
        struct Full: Error {}
        try await withClient([.http(200, list(0..<2))]) { client, server in
            await #expect(throws: Full.self) {
                try await client.transactions(
                    .contractTransactions,
                    contract: "22297",
                    [try days("2022-07-01", "2022-07-01")],
                    archive: { _ in AnswerSink(write: { _ in throw Full() }, end: { _ in }) }
                )
            }
            #expect(server.requests.count == 1)
        }
    }
}
