import Logging
import OCCClient
import Synchronization
import Testing
import Transactions

/// A clock that a test sets, which never waits: sleeping only moves it on.
final class TestClock: Sendable {
    private let state: Mutex<(milliseconds: Int64, sleeps: [Int])>

    init(_ text: String = "2022-07-05T07:08:09Z") {
        let seconds = UTCTimestamp(text)?.seconds ?? 0
        state = Mutex((seconds * 1_000, []))
    }

    /// How long was slept, in milliseconds, each time.
    var sleeps: [Int] { state.withLock { $0.sleeps } }

    /// Lets time pass.
    func advance(seconds: Int64) { state.withLock { $0.milliseconds += seconds * 1_000 } }

    /// Waits take `random`'s upper end, so that tests know them.
    var clock: ClientClock {
        ClientClock(
            now: { [self] in
                let now = state.withLock { $0.milliseconds }
                return UTCTimestamp(seconds: now / 1_000) ?? UTCTimestamp(startOf: .first)
            },
            sleep: { [self] milliseconds in
                state.withLock {
                    $0.milliseconds += Int64(milliseconds)
                    $0.sleeps.append(milliseconds)
                }
            },
            random: { $0.upperBound }
        )
    }
}

/// Collects what is logged.
final class TestLog: Sendable {
    private let texts = Mutex<[String]>([])

    /// All lines, with their metadata.
    var lines: [String] { texts.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: TestLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.texts.withLock {
                $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])")
            }
        }
    }
}

let testKey = String(repeating: "0123456789abcdef", count: 8)

func days(_ from: String, _ to: String) throws -> Window {
    let first = try #require(CalendarDate(from))
    let last = try #require(CalendarDate(to))
    return try #require(Window(from: first, to: last))
}

/// A row with these fields besides the required ones.
func row(_ id: Int, _ more: String = "") -> String {
    #"{"transactionId":"\#(id)","transactionTime":"2022-07-01T00:00:00Z","quantity":1,"totalPrice":2.5\#(more)}"#
}

func list(_ rows: Range<Int>) -> String { "[" + rows.map { row($0) }.joined(separator: ",") + "]" }

/// A server with these replies, a client that asks it, and what they left behind.
@discardableResult
func withClient<Result>(
    _ replies: [WireServer.Reply],
    tls: (certificate: String, key: String)? = nil,
    clock: TestClock = TestClock(),
    log: TestLog = TestLog(),
    path: String = "/api/v1",
    _ change: (inout ClientConfiguration) -> Void = { _ in },
    _ body: (OCCClient, WireServer) async throws -> Result
) async throws -> Result {
    let server = try await WireServer(replies, tls: tls)
    let host = tls == nil ? "http://127.0.0.1" : "https://localhost"
    var configuration = try ClientConfiguration(
        baseURL: "\(host):\(server.port)\(path)",
        accessId: "ERP-TEST-1"
    )
    // Where time is not the matter of the test, a machine under load must not be taken for a server
    // that went silent: the transport's timers go on while the client waits for its turn.
    configuration.limits.connect = 3_600_000
    configuration.limits.idle = 3_600_000
    configuration.limits.whole = 3_600_000
    change(&configuration)
    let client = try OCCClient(
        configuration,
        key: try PreSharedKey(testKey),
        clock: clock.clock,
        logger: log.logger
    )
    do {
        let result = try await body(client, server)
        try await client.shutdown()
        try await server.stop()
        return result
    } catch {
        try await client.shutdown()
        try await server.stop()
        throw error
    }
}

/// The error that the client gives.
func failure(
    _ replies: [WireServer.Reply],
    clock: TestClock = TestClock(),
    log: TestLog = TestLog(),
    path: String = "/api/v1",
    feed: Feed = .contractTransactions,
    _ change: (inout ClientConfiguration) -> Void = { _ in }
) async throws -> (error: OCCClientError, requests: Int) {
    try await withClient(replies, clock: clock, log: log, path: path, change) { client, server in
        let error = await #expect(throws: OCCClientError.self) {
            try await client.transactions(
                feed,
                contract: feed.isAskedByContract ? "22297" : nil,
                try days("2022-07-01", "2022-07-03")
            )
        }
        return (try #require(error), server.requests.count)
    }
}
