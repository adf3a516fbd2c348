internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// A mock OCC Partners API on loopback: made-up data, real signatures, the documented limits and texts.
public final class SandboxServer: Sendable {
    /// What the sandbox is like.
    public struct Settings: Sendable {
        /// The only access id it knows.
        public var accessId = "ERP-TEST-1"
        /// The pre-shared key of that access id: made up, for tests.
        public var key = String(repeating: "0123456789abcdef", count: 8)
        /// Where all chance comes from.
        public var seed: UInt64 = 1
        /// Rows of contract transactions in all.
        public var rows = 400
        /// How many contracts there are.
        public var contracts = 3
        /// The last day with rows.
        public var today: SandboxDay
        /// Seconds that its clock is ahead of the system's.
        public var clockOffset = 0
        /// Whether charging sessions are enabled for the access id.
        public var hasChargingSessions = true

        /// The usual sandbox on a day.
        public init(today: SandboxDay) { self.today = today }
    }

    /// A fault that the next matching requests meet.
    struct Fault: Codable, Sendable {
        /// `ContractTransactions`; nil for any operation.
        var operation: String?
        /// Text that the body or query must hold, such as a contract number.
        var contains: String?
        /// How many requests it meets; 1 if not said.
        var times: Int?
        /// The status of the answer.
        var status: Int?
        /// The body in place of the right one.
        var body: String?
        /// Headers added.
        var headers: [String: String]?
        /// Only so many bytes of the body are sent, then the connection ends.
        var cutAfter: Int?
    }

    private struct State: Sendable {
        var books: SandboxBooks
        var today: SandboxDay
        var faults: [Fault] = []
        var log: [String] = []
    }

    private let settings: Settings
    private let state: Mutex<State>
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
                    contracts: settings.contracts
                ),
                today: settings.today
            )
        )
        server = HTTPServer(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port),
            timeout: 300
        )
    }

    /// Answers requests until it is stopped.
    public func run() async throws {
        await server.appendRoute("*") { [self] request in await answer(request) }
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

    // MARK: Answers

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let target = request.target.rawValue
        let body: Data
        do {
            body = try await request.bodyData
        } catch {
            return envelope(400, "the body could not be read")
        }
        if request.target.path().hasPrefix("/sandbox/") {
            return control(request.target.path(), request.method.rawValue, body)
        }
        let operation = request.target.path().split(separator: "/").last.map(String.init) ?? ""
        let response = respond(request, target, operation, body)
        state.withLock {
            $0.log.append("\(request.method.rawValue) \(target) \(response.statusCode.code)")
        }
        return response
    }

    private func respond(
        _ request: HTTPRequest,
        _ target: String,
        _ operation: String,
        _ body: Data
    ) -> HTTPResponse {
        let now = Int(Date().timeIntervalSince1970) + settings.clockOffset
        if let fault = takeFault(operation, target + String(decoding: body, as: UTF8.self)) {
            return faulty(fault, now)
        }
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

    private func result(of operation: String, _ request: HTTPRequest, _ body: Data) -> HTTPResponse
    {
        let books = state.withLock { $0.books }
        let isPost = request.method == .POST
        switch operation {
        case "ContractNumbers" where !isPost:
            return json("[" + books.contracts.map { "\"\($0)\"" }.joined(separator: ",") + "]")
        case "ContractTransactions":
            let query = isPost ? Self.fields(body) : Self.query(request.target.query())
            return window(query) { from, to in
                var parts: [String] = []
                for contract in query["contractNumbers"] ?? [] {
                    guard books.contracts.contains(contract) else {
                        return self.envelope(403, "Contract \(contract) is not allowed")
                    }
                    let list = books.answer("contract-transactions/\(contract)", from: from, to: to)
                    if list != "[]" { parts.append(String(list.dropFirst().dropLast())) }
                }
                return self.json("[" + parts.joined(separator: ",") + "]")
            }
        case "GetBonuscardTransactions" where isPost:
            return window(Self.fields(body)) { from, to in
                self.json(books.answer("bonuscard-transactions", from: from, to: to))
            }
        case "EvTransactions" where !isPost:
            guard settings.hasChargingSessions else {
                return envelope(403, "EvTransactions is not enabled")
            }
            return window(Self.query(request.target.query())) { from, to in
                self.json(books.answer("ev-transactions", from: from, to: to))
            }
        case "DefineBonuscards" where isPost:
            let lists = Self.fields(body)
            guard lists["bonuscards"] != nil, lists["premiumBonuscards"] != nil else {
                return envelope(400, "Both lists are needed")
            }
            return json("{\"success\":true,\"data\":null,\"error\":null,\"message\":\"OK\"}")
        default: return envelope(404, "Not found")
        }
    }

    private func window(
        _ query: [String: [String]],
        _ found: (String, String) -> HTTPResponse
    ) -> HTTPResponse {
        guard let from = query["fromDate"]?.first.flatMap({ SandboxDay($0) }),
            let to = query["toDate"]?.first.flatMap({ SandboxDay($0) }), from <= to
        else { return envelope(400, "Wrong date format") }
        guard to.seconds - from.seconds <= 60 * 86_400 else {
            return envelope(400, "Only 60 days of search at one time is supported")
        }
        let today = state.withLock { $0.today }
        guard from >= today.fiveMonthsEarlier else {
            return envelope(400, "Only search over last 5 months of transactions is supported")
        }
        return found("\(from)", "\(to)")
    }

    private static func fields(_ body: Data) -> [String: [String]] {
        guard let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any] else {
            return [:]
        }
        return object.compactMapValues { value in
            (value as? [String]) ?? (value as? String).map { [$0] }
        }
    }

    private static func query(_ text: String) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            fields[String(sides[0])] = sides[1].replacingOccurrences(of: "%2C", with: ",")
                .split(separator: ",").map(String.init)
        }
        return fields
    }

    // MARK: Responses

    private func headers(_ now: Int) -> HTTPHeaders {
        [
            HTTPHeader("Content-Type"): "application/json",
            HTTPHeader("Date"): SandboxSignature.date(now),
        ]
    }

    private var now: Int { Int(Date().timeIntervalSince1970) + settings.clockOffset }

    private func json(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            statusCode: HTTPStatusCode(status, phrase: ""),
            headers: headers(now),
            body: Data(text.utf8)
        )
    }

    private func envelope(_ status: Int, _ error: String) -> HTTPResponse {
        json(
            "{\"success\":false,\"data\":null,\"error\":\"\(error)\",\"message\":null}",
            status: status
        )
    }

    private func takeFault(_ operation: String, _ text: String) -> Fault? {
        state.withLock { state in
            guard
                let index = state.faults.firstIndex(where: { fault in
                    (fault.operation == nil || fault.operation == operation)
                        && (fault.contains.map { text.contains($0) } ?? true)
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

    private func faulty(_ fault: Fault, _ now: Int) -> HTTPResponse {
        var all = headers(now)
        for (name, value) in fault.headers ?? [:] { all[HTTPHeader(name)] = value }
        let data = Data((fault.body ?? "").utf8)
        let status = HTTPStatusCode(fault.status ?? 200, phrase: "")
        guard let cut = fault.cutAfter else {
            return HTTPResponse(statusCode: status, headers: all, body: data)
        }
        // A length that the body never reaches: the connection ends in the middle.
        let sent = data.prefix(cut)
        return HTTPResponse(
            statusCode: status,
            headers: all,
            body: HTTPBodySequence(from: CutBody(bytes: Array(sent)), count: data.count + 1)
        )
    }

    // MARK: Control

    private struct Edit: Decodable {
        let feed: String
        let contract: String?
        let transactionId: String
        let day: String?
        let set: [String: String]?
        let add: [String: String]?
        let remove: Bool?
    }

    /// The unsigned part for tests: faults, edits, the day, the log, the books.
    private func control(_ path: String, _ method: String, _ body: Data) -> HTTPResponse {
        do {
            switch (path, method) {
            case ("/sandbox/faults", "POST"):
                let faults = try JSONDecoder().decode([Fault].self, from: body)
                state.withLock { $0.faults = faults }
            case ("/sandbox/today", "POST"):
                let days = try JSONDecoder().decode([String: String].self, from: body)
                guard let day = days["today"].flatMap({ SandboxDay($0) }) else {
                    return envelope(400, "today is no day")
                }
                state.withLock { $0.today = day }
            case ("/sandbox/edit", "POST"):
                guard apply(try JSONDecoder().decode(Edit.self, from: body)) else {
                    return envelope(404, "no such row")
                }
            case ("/sandbox/log", _):
                let log = state.withLock { $0.log }
                return json(String(decoding: try JSONEncoder().encode(log), as: UTF8.self))
            case ("/sandbox/books", _):
                let rows = state.withLock { $0.books.rows }
                let parts = rows.sorted { $0.key < $1.key }.map { key, rows in
                    "\"\(key)\":[" + rows.map(\.json).joined(separator: ",") + "]"
                }
                return json("{" + parts.joined(separator: ",") + "}")
            default: return envelope(404, "Not found")
            }
        } catch {
            return envelope(400, "the body is not understood")
        }
        return json("{}")
    }

    /// Values of an edit are JSON texts, which go out as they are.
    private func apply(_ edit: Edit) -> Bool {
        let place = edit.contract.map { "\(edit.feed)/\($0)" } ?? edit.feed
        return state.withLock { state in
            if let row = edit.add {
                state.books.add(
                    place,
                    id: edit.transactionId,
                    day: edit.day ?? "\(state.today)",
                    row.sorted { $0.key < $1.key }.map { (key: $0.key, json: $0.value) }
                )
                return true
            }
            if edit.remove == true { return state.books.remove(place, id: edit.transactionId) }
            return state.books.set(
                place,
                id: edit.transactionId,
                (edit.set ?? [:]).sorted { $0.key < $1.key }.map { (key: $0.key, json: $0.value) }
            )
        }
    }
}

/// A body that ends before its announced length.
private struct CutBody: AsyncBufferedSequence, Sendable {
    typealias Element = UInt8
    let bytes: [UInt8]

    struct Iterator: AsyncBufferedIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> UInt8? { rest.popFirst() }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            guard !rest.isEmpty else { throw CutShort() }
            let part = rest.prefix(count)
            rest = rest.dropFirst(count)
            return part
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }
}

private struct CutShort: Error {}
