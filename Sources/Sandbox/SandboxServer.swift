internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// A mock OCC Partners API on loopback: made-up data, real signatures, the documented limits and texts.
///
/// It shares no code with the client that it tests. See `docs/sandbox.md`.
public final class SandboxServer: Sendable {
    /// What the sandbox is like.
    public struct Settings: Sendable {
        /// The only access id it knows.
        public var accessId = "ERP-TEST-1"
        /// The pre-shared key of that access id: made up, for tests.
        public var key = String(repeating: "0123456789abcdef", count: 8)
        /// Where all chance comes from.
        public var seed: UInt64 = 1
        /// Purchases of the 150 days up to `today`; after it they go on at the same rate.
        public var rows = 400
        /// How many contracts there are.
        public var contracts = 3
        /// The day it is at the start.
        public var today: SandboxDay
        /// Seconds that its clock is ahead of the system's.
        public var clockOffset = 0
        /// Whether charging sessions are enabled for the access id.
        public var hasChargingSessions = true
        /// What befalls purchases as the days go by.
        public var events = SandboxEvents.usual
        /// The most rows an answer has, silently; nil for no limit.
        public var rowLimit: Int?
        /// Whether a window that ends after its today is refused.
        public var refusesFutureDays = false

        /// The usual sandbox on a day.
        public init(today: SandboxDay) { self.today = today }
    }

    struct State: Sendable {
        var books: SandboxBooks
        var today: SandboxDay
        var clockOffset: Int
        var faults: [SandboxFault] = []
        var log: [String] = []
        /// The last lists of bonus cards, counted only: nobody needs the cards themselves.
        var bonuscards: [String: Int] = [:]
    }

    let settings: Settings
    let state: Mutex<State>
    private let server: HTTPServer

    /// Makes a sandbox; `run()` starts it.
    ///
    /// `port`: 0 for one that the kernel picks.
    public init(_ settings: Settings, port: UInt16) throws {
        self.settings = settings
        state = Mutex(
            State(
                books: SandboxBooks(
                    seed: settings.seed,
                    today: settings.today,
                    rows: settings.rows,
                    contracts: settings.contracts,
                    events: settings.events
                ),
                today: settings.today,
                clockOffset: settings.clockOffset
            )
        )
        server = HTTPServer(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port),
            timeout: 300,
            // Three lines a request, to a pipe that who started it may never read: full, it would hold
            // all answers up; closed, SIGPIPE would end the program.
            logger: .disabled
        )
    }

    /// Answers requests until it is stopped.
    public func run() async throws {
        await server.appendRoute("*") { [self] request in try await answer(request) }
        try await server.run()
    }

    /// Waits until it listens; returns its port.
    public func port() async throws -> UInt16 {
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { return 0 }
        return port
    }

    /// Ends it.
    public func stop() async { await server.stop() }

    /// Seconds since 1970 by its own clock.
    var now: Int { Int(Date().timeIntervalSince1970) + state.withLock { $0.clockOffset } }

    // MARK: Answers

    /// What goes back: kept apart from the HTTP library, so that faults can befall it.
    struct Answer: Sendable {
        var status: Int
        var type = "application/json"
        var body: SandboxBody
        var headers: [String: String] = [:]
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        let target = request.target.rawValue
        let body: Data
        do {
            body = try await request.bodyData
        } catch {
            return response(envelope(400, "the body could not be read"), nil)
        }
        let path = request.target.path()
        if path.hasPrefix("/sandbox/") {
            return response(
                control(path, request.method.rawValue, request.target.query(), body),
                nil
            )
        }
        let operation = path.split(separator: "/").last.map(String.init) ?? ""
        let fault = takeFault(operation, target + String(decoding: body, as: UTF8.self))
        if let delay = fault?.delay { try await Task.sleep(for: .milliseconds(delay)) }
        var answer: Answer
        if let replaced = fault?.replacement() {
            answer = Answer(
                status: replaced.status,
                type: replaced.type,
                body: replaced.body,
                headers: replaced.headers
            )
        } else {
            answer = checked(request, target, operation, body)
            if let row = fault?.row { answer.body = answer.body.preceded(by: row) }
        }
        // Neither headers nor bodies: no signature and no card number is ever written down.
        state.withLock { state in
            if state.log.count >= 10_000 { state.log.removeFirst(5_000) }
            state.log.append("\(request.method.rawValue) \(target) \(answer.status)")
        }
        return response(answer, fault)
    }

    private func checked(
        _ request: HTTPRequest,
        _ target: String,
        _ operation: String,
        _ body: Data
    ) -> Answer {
        guard request.headers[HTTPHeader("Content-Type")] == "application/json" else {
            return envelope(415, "Content-Type must be application/json")
        }
        guard let date = request.headers[HTTPHeader("Date")],
            let signed = SandboxSignature.seconds(date)
        else { return envelope(400, "Wrong Date format") }
        let expected = SandboxSignature.expected(
            accessId: settings.accessId,
            key: settings.key,
            target: target,
            body: body,
            date: date
        )
        guard abs(signed - now) <= 300, request.headers[HTTPHeader("Authorization")] == expected
        else { return envelope(401, "Unauthorized") }
        return result(of: operation, request, body)
    }

    private func response(_ answer: Answer, _ fault: SandboxFault?) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers[HTTPHeader("Content-Type")] = answer.type
        headers[HTTPHeader("Date")] = SandboxSignature.date(now + (fault?.skew ?? 0))
        for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
        for (name, value) in fault?.headers ?? [:] { headers[HTTPHeader(name)] = value }
        var body = answer.body
        body.drip = fault?.drip
        body.every = fault?.every ?? 0
        if let cut = fault?.drop == true ? 0 : fault?.cutAfter {
            body.cutAfter = cut
            // A length that the body never reaches: the connection ends in the middle.
            body.count = (body.count ?? cut) + 1
        }
        let sequence =
            body.count.map {
                HTTPBodySequence(from: body, count: $0, suggestedBufferSize: 65_536)
            } ?? HTTPBodySequence(from: body, suggestedBufferSize: 65_536)
        return HTTPResponse(
            statusCode: HTTPStatusCode(answer.status, phrase: ""),
            headers: headers,
            body: sequence
        )
    }

    func json(_ text: String, status: Int = 200) -> Answer {
        Answer(status: status, body: SandboxBody(text))
    }

    func envelope(_ status: Int, _ error: String) -> Answer {
        json(
            "{\"success\":false,\"data\":null,\"error\":\"\(error)\",\"message\":null}",
            status: status
        )
    }

    private func takeFault(_ operation: String, _ text: String) -> SandboxFault? {
        state.withLock { state in
            guard
                let index = state.faults.firstIndex(where: { fault in
                    (fault.operation == nil || fault.operation == operation)
                        && (fault.contains.map { $0.isEmpty || text.contains($0) } ?? true)
                })
            else { return nil }
            let fault = state.faults[index]
            let left = (fault.times ?? 1) - 1
            if left <= 0 {
                state.faults.remove(at: index)
            } else {
                state.faults[index].times = left
            }
            return fault
        }
    }
}

extension SandboxBody {
    /// The same list with one more row in front, whatever that row's text is.
    func preceded(by row: String) -> SandboxBody {
        var changed = self
        changed.count = nil
        let source = source
        changed.source = { step in
            guard var bytes = source(step) else { return nil }
            if step == 0, bytes.first == 0x5B {
                let isEmpty = bytes.dropFirst().first == 0x5D
                bytes.replaceSubrange(0..<1, with: Array(("[" + row + (isEmpty ? "" : ",")).utf8))
            }
            return bytes
        }
        return changed
    }
}
