import OCCClient
import Synchronization
import Testing
import Transactions

/// Windows, their order and what they may hide: traps 22, 23 and 40 of the API document.
struct `Windows` {
    private let july = (1...9).map { "2022-07-0\($0)" }

    private func fetch(
        _ windows: [Window],
        _ replies: [WireServer.Reply],
        clock: TestClock = TestClock(),
        log: TestLog = TestLog(),
        _ change: (inout ClientConfiguration) -> Void = { _ in }
    ) async throws -> (slices: [OCCClient.Slice], requests: [String]) {
        try await withClient(replies, clock: clock, log: log, change) { client, server in
            let slices = try await client.transactions(
                .contractTransactions,
                contract: "22297",
                windows
            )
            return (slices, server.requests)
        }
    }

    @Test func `come back in order, asked a pause apart`() async throws {
        let clock = TestClock()
        let windows = try july[..<4].map { try days($0, $0) }
        let replies = (1...4).map { WireServer.Reply.http(200, list($0 * 10..<$0 * 10 + $0)) }
        let found = try await fetch(windows, replies, clock: clock)
        #expect(found.slices.map(\.window) == windows)
        #expect(found.slices.map(\.rows) == [1, 2, 3, 4])
        #expect(found.requests.count == 4)
        #expect(clock.sleeps == [250, 250, 250])
    }

    @Test func `come back in order when four are asked at once`() async throws {
        let windows = try july.map { try days($0, $0) }
        let progress = Mutex<[Int]>([])
        try await withClient(
            [.http(200, "[]")],
            { $0.mostConcurrent = 4 },
            { client, server in
                let slices = try await client.transactions(
                    .contractTransactions,
                    contract: "22297",
                    windows,
                    progress: { done in progress.withLock { $0.append(done) } }
                )
                #expect(slices.map(\.window) == windows)
                #expect(server.requests.count == 9)
            }
        )
        #expect(progress.withLock { $0 } == Array(1...9))
    }

    @Test func `one that fails leaves nothing of the others`() async throws {
        let windows = try july[..<3].map { try days($0, $0) }
        let error = await #expect(throws: OCCClientError.self) {
            try await fetch(windows, [.http(), .http(400, ""), .http()])
        }
        #expect(error?.window == windows[1])
        #expect(error?.contract == "22297")
        #expect(error?.operation == "ContractTransactions")
    }

    @Test func `a refusal of tomorrow falls back to today, and is remembered`() async throws {
        let ahead = try days("2022-07-01", "2022-07-06")
        let replies: [WireServer.Reply] = [
            .http(400, #"{"error":"toDate is in the future"}"#), .http(),
        ]
        try await withClient(replies) { client, server in
            #expect(!client.refusesFutureDays)
            for _ in 0..<2 {
                let slice = try await client.transactions(
                    .contractTransactions,
                    contract: "22297",
                    ahead
                )
                #expect(slice.window == (try days("2022-07-01", "2022-07-05")))
            }
            #expect(client.refusesFutureDays)
            #expect(server.requests.count == 3)
            #expect(server.requests[0].contains(#""toDate":"2022-07-06""#))
            #expect(server.requests[1].contains(#""toDate":"2022-07-05""#))
            #expect(server.requests[2].contains(#""toDate":"2022-07-05""#))
        }
    }

    @Test(arguments: [
        "Only 60 days of search at one time is supported",
        "only search over LAST 5 months of transactions is supported",
    ])
    func `a refusal for another documented reason does not`(_ text: String) async throws {
        let error = await #expect(throws: OCCClientError.self) {
            try await fetch(
                [try days("2022-07-01", "2022-07-06")],
                [.http(400, #"{"error":"\#(text)"}"#)]
            )
        }
        #expect(error?.message == "the API answers 400: \(text)")
    }

    @Test func `exactly 500 rows are asked for again in two parts`() async throws {
        let found = try await fetch(
            [try days("2022-07-01", "2022-07-05")],
            [.http(200, list(0..<500)), .http(200, list(0..<300)), .http(200, list(200..<500))]
        )
        #expect(found.slices.map(\.rows) == [500])
        #expect(found.requests.count == 3)
        #expect(found.requests[1].contains(#""fromDate":"2022-07-01","toDate":"2022-07-03""#))
        #expect(found.requests[2].contains(#""fromDate":"2022-07-03","toDate":"2022-07-05""#))
    }

    @Test func `parts with more rows than the whole are an error`() async throws {
        let error = await #expect(throws: OCCClientError.self) {
            try await fetch(
                [try days("2022-07-01", "2022-07-05")],
                [
                    .http(200, list(0..<1_000)), .http(200, list(0..<700)),
                    .http(200, list(700..<1_400)),
                ]
            )
        }
        #expect(
            error?.message
                == "the answer has 1000 transactions, its two halves have 1400: the API seems to cut answers short; ask for fewer days at a time"
        )
    }

    @Test func `the same highest count in two windows is looked into`() async throws {
        let found = try await fetch(
            [try days("2022-07-01", "2022-07-03"), try days("2022-07-04", "2022-07-05")],
            [.http(200, list(0..<120)), .http(200, list(200..<320))]
        )
        #expect(found.slices.map(\.rows) == [120, 120])
        let log = TestLog()
        _ = try await fetch(
            [try days("2022-07-01", "2022-07-01"), try days("2022-07-04", "2022-07-05")],
            [.http(200, list(0..<120)), .http(200, list(200..<320))],
            log: log
        )
        #expect(
            log.lines.contains {
                $0.contains("120 rows for 2022-07-04..2022-07-05 may be a limit of the API")
            }
        )
    }
}
