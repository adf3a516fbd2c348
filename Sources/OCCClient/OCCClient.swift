internal import AsyncHTTPClient
internal import FoundationEssentials
public import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
public import Transactions

/// The operations of the OCC Partners API.
///
/// One request is signed anew for each attempt, right before it is sent; redirects are never followed;
/// TLS is always verified.
public final class OCCClient: Sendable {
    /// A whole answer for one window.
    public struct Slice: Sendable {
        /// The window asked for.
        public let window: Window
        /// Its transactions, in the answer's order; byte-equal rows only once.
        public var transactions: [Transaction] = []
        /// Rows that are no transactions.
        public var rejected: [RejectedRow] = []
        /// What was odd and taken, each once.
        public var warnings: [String] = []
    }

    private let configuration: ClientConfiguration
    private let signer: RequestSigner
    private let clock: ClientClock
    private let logger: Logger
    private let http: HTTPClient

    /// Opens a client; `shutdown()` must end it.
    ///
    /// - Throws: `OCCClientError` when the authority file is no PEM file.
    public init(
        _ configuration: ClientConfiguration,
        key: PreSharedKey,
        clock: ClientClock,
        logger: Logger
    ) throws(OCCClientError) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        signer = RequestSigner(
            accessId: configuration.accessId,
            key: key,
            emptyBody: configuration.emptyBody,
            target: configuration.target
        )
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(30)),
            decompression: .disabled
        )
        if let file = configuration.authorityFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw OCCClientError(.secret, "the authority file '\(file)' cannot be read")
            }
            tls.trustRoots = .file(file)
            settings.tlsConfiguration = tls
        }
        settings.httpVersion = .http1Only
        // Attempts are counted and paced here; the pool's own would hide them for 10 s each.
        settings.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
    }

    /// Ends the client's connections.
    public func shutdown() async throws { try await http.shutdown() }

    // MARK: Operations

    /// The contract numbers that the access id may see.
    public func contractNumbers() async throws -> [String] {
        let answer = try await send("ContractNumbers", "GET", target: "ContractNumbers", body: nil)
        let value: JSONValue
        do throws(JSONProblem) {
            value = try JSONCursor.value(of: answer[...])
        } catch {
            throw notUnderstood("ContractNumbers", error.message)
        }
        var list = value
        if case .object(let members) = value {
            func member(_ key: String) -> JSONValue? {
                members.first { $0.key == Array(key.utf8) }?.value
            }
            guard case .bool(true)? = member("success"), let data = member("data") else {
                var text = "no reason"
                if case .string(let bytes)? = member("error") {
                    text = String(decoding: bytes, as: UTF8.self)
                }
                throw OCCClientError(
                    .refused,
                    "the API says: \(printable(text))",
                    operation: "ContractNumbers",
                    status: 200
                )
            }
            list = data
        }
        guard case .array(let elements) = list else {
            throw notUnderstood("ContractNumbers", "the answer is no list")
        }
        var numbers: Set<String> = []
        for element in elements {
            let text: String
            switch element {
            case .string(let bytes): text = String(decoding: bytes, as: UTF8.self)
            case .number(let digits): text = String(decoding: digits, as: UTF8.self)
            default: throw notUnderstood("ContractNumbers", "the list holds more than texts")
            }
            guard ClientConfiguration.isContractNumber(text) else {
                throw notUnderstood("ContractNumbers", "a contract number has unknown characters")
            }
            numbers.insert(text)
        }
        return numbers.sorted()
    }

    /// The transactions of a feed in a window of at most 31 days.
    ///
    /// `contract`: the contract, for the feed that is asked by contract.
    public func transactions(_ feed: Feed, contract: String?, _ window: Window) async throws
        -> Slice
    {
        let (operation, method, target, body) = request(feed, contract, window)
        do {
            let answer = try await send(operation, method, target: target, body: body)
            return try read(answer, feed, contract, window)
        } catch var error as OCCClientError {
            error.contract = contract
            error.window = window
            throw error
        }
    }

    /// Sets the lists of bonus cards: the only operation that writes.
    public func defineBonuscards(regular: [String], premium: [String]) async throws {
        let body =
            #"{"bonuscards":\#(Self.json(regular)),"premiumBonuscards":\#(Self.json(premium))}"#
        // Trap 49: status 200 is success, whatever the body says.
        _ = try await send(
            "DefineBonuscards",
            "POST",
            target: "DefineBonuscards",
            body: Array(body.utf8)
        )
    }

    private static func json(_ texts: [String]) -> String {
        "["
            + texts.map { text in
                var quoted = "\""
                for scalar in text.unicodeScalars {
                    switch scalar {
                    case "\"", "\\": quoted += "\\\(scalar)"
                    default: quoted.unicodeScalars.append(scalar)
                    }
                }
                return quoted + "\""
            }.joined(separator: ",") + "]"
    }

    private func request(_ feed: Feed, _ contract: String?, _ window: Window) -> (
        operation: String, method: String, target: String, body: [UInt8]?
    ) {
        let dates = "fromDate=\(window.from)&toDate=\(window.to)"
        let fields = #""fromDate":"\#(window.from)","toDate":"\#(window.to)""#
        switch feed {
        case .contractTransactions:
            let number = contract ?? ""
            if configuration.method == .get {
                return (
                    "ContractTransactions", "GET",
                    "ContractTransactions?contractNumbers=\(number)&\(dates)", nil
                )
            }
            let body = #"{"contractNumbers":["\#(number)"],\#(fields)}"#
            return ("ContractTransactions", "POST", "ContractTransactions", Array(body.utf8))
        case .bonuscardTransactions:
            return (
                "GetBonuscardTransactions", "POST", "GetBonuscardTransactions",
                Array("{\(fields)}".utf8)
            )
        case .evTransactions: return ("EvTransactions", "GET", "EvTransactions?\(dates)", nil)
        }
    }

    private func read(_ answer: [UInt8], _ feed: Feed, _ contract: String?, _ window: Window) throws
        -> Slice
    {
        var slice = Slice(window: window)
        var reader = TransactionReader(feed: feed, contractNumber: contract)
        var seen: Set<Transaction> = []
        var warnings: Set<String> = []
        func take(_ row: ReadRow) {
            switch row {
            case .rejected(let rejected): slice.rejected.append(rejected)
            case .transaction(let transaction, let notes):
                warnings.formUnion(notes)
                guard seen.insert(transaction).inserted else {
                    warnings.insert("transaction \(transaction.key) stands twice, byte for byte")
                    return
                }
                slice.transactions.append(transaction)
            }
        }
        do throws(TransactionReader.Problem) {
            try reader.consume(answer, take)
            _ = try reader.finish(take)
        } catch {
            throw OCCClientError(
                error.isRefusal ? .refused : .notUnderstood,
                error.description,
                operation: request(feed, contract, window).operation,
                status: 200
            )
        }
        slice.warnings = warnings.sorted()
        return slice
    }

    private func notUnderstood(_ operation: String, _ message: String) -> OCCClientError {
        OCCClientError(.notUnderstood, message, operation: operation, status: 200)
    }

    // MARK: Sending

    /// What one attempt came to, when it is worth another.
    private struct Retry: Error {
        let error: OCCClientError
        /// Seconds that the server asks to wait.
        let wait: Int?
    }

    private func send(_ operation: String, _ method: String, target: String, body: [UInt8]?)
        async throws -> [UInt8]
    {
        var uri = "\(configuration.path)/\(target)"
        if method == "GET", let account = configuration.crmAccountId {
            uri += "\(uri.contains("?") ? "&" : "?")crm_account_id=\(account)"
        }
        for attempt in 1... {
            do {
                return try await attemptOnce(operation, method, uri, body)
            } catch let retry as Retry {
                guard attempt < configuration.mostAttempts else { throw retry.error }
                // Full jitter: by chance between nothing and a cap that doubles.
                let cap = min(30_000, 1_000 << (attempt - 1))
                var wait = clock.random(0...cap)
                if let seconds = retry.wait {
                    guard seconds <= 120 else {
                        throw OCCClientError(
                            .unreachable,
                            "\(retry.error.message); it asks to come back in \(seconds) s",
                            operation: operation,
                            status: retry.error.status
                        )
                    }
                    wait = max(wait, seconds * 1_000)
                }
                logger.notice(
                    "\(operation): \(retry.error.message); trying again",
                    metadata: ["attempt": "\(attempt)", "wait_ms": "\(wait)"]
                )
                try await clock.sleep(wait)
            }
        }
        // The loop has no end but by return or throw.
        throw OCCClientError(.unreachable, "no attempt was made", operation: operation)
    }

    private func attemptOnce(_ operation: String, _ method: String, _ uri: String, _ body: [UInt8]?)
        async throws -> [UInt8]
    {
        let date = HTTPDate.text(clock.now())
        var request = HTTPClientRequest(url: configuration.origin + uri)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Accept-Encoding", value: "identity")
        request.headers.add(name: "Date", value: date)
        request.headers.add(
            name: "Authorization",
            value: signer.authorization(target: uri, body: body, date: date)
        )
        if let account = configuration.crmAccountId, method == "GET" {
            request.headers.add(name: "crm_account_id", value: account)
        }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let status: Int
        var answer: [UInt8] = []
        let headers: HTTPHeaders
        do {
            let response = try await http.execute(request, timeout: .seconds(120))
            status = Int(response.status.code)
            headers = response.headers
            let limit = status == 200 ? configuration.largestBody : 65_536
            for try await chunk in response.body {
                answer.append(contentsOf: chunk.readableBytesView)
                guard answer.count <= limit else {
                    if status != 200 { break }
                    throw OCCClientError(
                        .notUnderstood,
                        "the answer is larger than \(limit) bytes",
                        operation: operation,
                        status: status
                    )
                }
            }
        } catch let error as OCCClientError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Every failure of the transport: no connection, no answer in time, cut off, TLS.
            throw Retry(
                error: OCCClientError(
                    .unreachable,
                    "no whole answer: \(printable("\(error)"))",
                    operation: operation
                ),
                wait: nil
            )
        }
        let skew = try measureSkew(headers, operation, isAnswerUsable: status == 200)
        guard status == 200 else {
            throw failure(operation, method, status, headers, answer, skew)
        }
        if let encoding = headers.first(name: "Content-Encoding"),
            encoding.lowercased() != "identity"
        {
            throw notUnderstood(operation, "the answer is compressed, which was not asked for")
        }
        if let type = headers.first(name: "Content-Type"), type.lowercased().hasPrefix("text/html")
        {
            let start = printable(String(decoding: answer.prefix(100), as: UTF8.self))
            throw notUnderstood(operation, "the answer is an HTML page, not the API's: \(start)")
        }
        return answer
    }

    /// Seconds that the local clock is behind the API's; nil when it does not say.
    private func measureSkew(_ headers: HTTPHeaders, _ operation: String, isAnswerUsable: Bool)
        throws -> Int64?
    {
        guard let text = headers.first(name: "Date"), let theirs = HTTPDate.instant(text) else {
            return nil
        }
        let skew = theirs.seconds - clock.now().seconds
        if abs(skew) > 300 {
            throw OCCClientError(
                .clock,
                "the \(Self.described(skew)); set the clock, signatures are valid for 300 s",
                operation: operation
            )
        }
        if abs(skew) > 60 { logger.warning("the \(Self.described(skew))") }
        return skew
    }

    private static func described(_ skew: Int64) -> String {
        "local clock is \(abs(skew)) s \(skew > 0 ? "behind" : "ahead of") the API's"
    }

    private func failure(
        _ operation: String,
        _ method: String,
        _ status: Int,
        _ headers: HTTPHeaders,
        _ answer: [UInt8],
        _ skew: Int64?
    ) -> any Error {
        var text = ""
        if case .object(let members) = Self.value(of: answer) {
            for key in ["error", "message"] {
                if case .string(let bytes)? = members.first(where: { $0.key == Array(key.utf8) })?
                    .value,
                    !bytes.isEmpty, text.isEmpty
                {
                    text = String(decoding: bytes, as: UTF8.self)
                }
            }
        }
        var message = "the API answers \(status)"
        if !text.isEmpty { message += ": \(printable(text))" }
        if status == 408 || status == 429 || status >= 500 {
            return Retry(
                error: OCCClientError(.unreachable, message, operation: operation, status: status),
                wait: retryAfter(headers)
            )
        }
        if status == 401 {
            if let skew, abs(skew) > 5 { message += "; the \(Self.described(skew))" }
            message += "; check access_id and the pre-shared key"
            if method == "GET" { message += ", then signing.empty_body_md5" }
        }
        if (300...399).contains(status) { message += "; redirects are never followed" }
        let isRefusal = (400...499).contains(status)
        return OCCClientError(
            isRefusal ? .refused : .notUnderstood,
            message,
            operation: operation,
            status: status
        )
    }

    /// The body of an error as JSON; null for a page or nothing at all, which then has no text to show.
    private static func value(of answer: [UInt8]) -> JSONValue {
        do throws(JSONProblem) {
            return try JSONCursor.value(of: answer[...])
        } catch {
            return .null
        }
    }

    private func retryAfter(_ headers: HTTPHeaders) -> Int? {
        guard let text = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Int(text) { return max(0, seconds) }
        guard let date = HTTPDate.instant(text) else { return nil }
        return Int(max(0, date.seconds - clock.now().seconds))
    }
}
