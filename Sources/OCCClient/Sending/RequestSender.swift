internal import AsyncHTTPClient
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Transactions

/// Reads one answer as it arrives; made anew for each attempt.
protocol AnswerReading {
    associatedtype Value
    /// Takes the next bytes, which are used by nobody before `finish()` returned.
    mutating func take(_ bytes: ByteBufferView) throws
    /// Ends a whole answer.
    mutating func finish() throws -> Value
    /// Throws an answer away: it was cut off, refused or not understood.
    mutating func discard()
}

/// What one attempt came to, when it is worth another.
struct RetryableFailure: Error {
    let error: OCCClientError
    /// Seconds that the server asks to wait.
    var wait: Int?
}

/// Signs and sends requests, and tries again what is worth it (trap 19).
struct RequestSender: Sendable {
    let configuration: ClientConfiguration
    let signer: RequestSigner
    let clock: ClientClock
    let logger: Logger
    let http: HTTPClient

    /// The longest wait that a server may ask for, in seconds.
    static let longestWait = 120

    /// Sends a request until it is answered or not worth another attempt.
    func send<Reader: AnswerReading>(
        _ request: APIRequest,
        reading begin: (_ attempt: Int) throws -> Reader
    ) async throws -> Reader.Value {
        let start = clock.now()
        for attempt in 1... {
            do {
                return try await attemptOnce(request, try begin(attempt))
            } catch let failure as RetryableFailure {
                try await wait(after: failure, attempt, request, since: start)
            }
        }
        // The loop has no end but by return or throw.
        throw OCCClientError(.unreachable, "no attempt was made", operation: request.operation)
    }

    /// Waits by chance between nothing and a limit that doubles, or as long as the server asks.
    private func wait(
        after failure: RetryableFailure,
        _ attempt: Int,
        _ request: APIRequest,
        since start: UTCTimestamp
    ) async throws {
        var error = failure.error
        guard attempt < configuration.mostAttempts else {
            error.message += "; gave up after \(attempt) attempts"
            throw error
        }
        var wait = clock.random(0...min(30_000, 1_000 << (attempt - 1)))
        if let seconds = failure.wait {
            guard seconds <= Self.longestWait else {
                let when = clock.now().adding(seconds: Int64(seconds)).map { ", at \($0)" } ?? ""
                error.message += "; it asks to come back in \(seconds) s\(when)"
                throw error
            }
            wait = max(wait, seconds * 1_000)
        }
        let spent = clock.now().seconds - start.seconds
        guard spent * 1_000 + Int64(wait) <= Int64(configuration.limits.total) else {
            error.message += "; gave up after \(attempt) attempts in \(spent) s"
            throw error
        }
        logger.notice(
            "\(request.operation): \(error.message); trying again",
            metadata: ["attempt": "\(attempt)", "wait_ms": "\(wait)"]
        )
        try await clock.sleep(wait)
    }

    private func attemptOnce<Reader: AnswerReading>(
        _ request: APIRequest,
        _ reader: consuming Reader
    ) async throws -> Reader.Value {
        var reader = reader
        do {
            // Trap 13: signed after any wait, right before sending. Trap 12: one text, used twice.
            let date = HTTPDate.text(clock.now())
            let response = try await responseHead(request, date)
            let check = AnswerCheck(request, configuration, clock, logger)
            let skew = try check.head(response.headers)
            guard response.status.code == 200 else {
                let body = try await start(of: response.body, request)
                throw check.failure(
                    Int(response.status.code),
                    response.headers,
                    body,
                    skew,
                    canonicalString: signer.canonicalString(
                        target: request.uri,
                        body: request.body,
                        date: date
                    )
                )
            }
            if let problem = check.encoding(response.headers) { throw problem }
            if check.isPage(response.headers) {
                throw check.page(try await start(of: response.body, request))
            }
            try await read(response.body, request, &reader)
            return try reader.finish()
        } catch {
            reader.discard()
            throw error
        }
    }

    /// Signs, sends, and waits for the answer's head.
    private func responseHead(
        _ request: APIRequest,
        _ date: String
    ) async throws -> HTTPClientResponse {
        var message = HTTPClientRequest(url: configuration.origin + request.uri)
        message.method = HTTPMethod(rawValue: request.method)
        message.headers.add(name: "Content-Type", value: "application/json")
        message.headers.add(name: "Accept", value: "application/json")
        message.headers.add(name: "Accept-Encoding", value: "identity")
        message.headers.add(name: "Date", value: date)
        message.headers.add(
            name: "Authorization",
            value: signer.authorization(target: request.uri, body: request.body, date: date)
        )
        if let account = request.crmAccountId {
            message.headers.add(name: "crm_account_id", value: account)
        }
        if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            return try await http.execute(
                message,
                timeout: .milliseconds(Int64(configuration.limits.whole))
            )
        } catch {
            throw broken(error, request)
        }
    }

    /// Gives the body to the reader as it arrives, within the limits of size and time.
    private func read<Reader: AnswerReading>(
        _ body: HTTPClientResponse.Body,
        _ request: APIRequest,
        _ reader: inout Reader
    ) async throws {
        let begun = clock.now().seconds
        let most = configuration.limits.body
        var count = 0
        var chunks = body.makeAsyncIterator()
        while true {
            let chunk: ByteBuffer
            do {
                guard let next = try await chunks.next() else { return }
                chunk = next
            } catch {
                throw broken(error, request)
            }
            count += chunk.readableBytes
            guard count <= most else {
                throw OCCClientError(
                    .notUnderstood,
                    "the answer is larger than \(most) bytes",
                    operation: request.operation,
                    status: 200
                )
            }
            let spent = clock.now().seconds - begun
            guard spent * 1_000 <= Int64(configuration.limits.whole) else {
                throw RetryableFailure(
                    error: OCCClientError(
                        .unreachable,
                        "no whole answer: it still drips after \(spent) s",
                        operation: request.operation
                    )
                )
            }
            try reader.take(chunk.readableBytesView)
        }
    }

    /// The first bytes of a body that is not to be read as an answer.
    private func start(
        of body: HTTPClientResponse.Body,
        _ request: APIRequest
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body {
                bytes.append(contentsOf: chunk.readableBytesView.prefix(65_536 - bytes.count))
                if bytes.count >= 65_536 { break }
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The status says enough; its body is only for the message.
            logger.debug("\(request.operation): the body of the refusal was cut off")
        }
        return bytes
    }

    /// A failure of the transport: no connection, no answer in time, cut off; or a certificate that
    /// is not right, which another attempt cannot mend.
    private func broken(_ error: any Error, _ request: APIRequest) -> any Error {
        if error is CancellationError || (error as? HTTPClientError) == .cancelled {
            return CancellationError()
        }
        if let problem = Self.certificateProblem(error) {
            return OCCClientError(.unreachable, problem, operation: request.operation)
        }
        return RetryableFailure(
            error: OCCClientError(
                .unreachable,
                "no whole answer: \(printable(Self.words(for: error)))",
                operation: request.operation
            )
        )
    }

    private static func certificateProblem(_ error: any Error) -> String? {
        if let extra = error as? NIOSSLExtraError, extra == .failedToValidateHostname {
            return "the server's certificate is for another name; check source.base_url"
        }
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("failedToValidate") {
            return "the server's certificate is expired or of an unknown authority; the authority "
                + "of a test service can be named as source.ca_file"
        }
        return nil
    }

    private static func words(for error: any Error) -> String {
        switch error as? HTTPClientError {
        case .connectTimeout?: "no connection in time"
        case .readTimeout?: "the server went silent"
        case .deadlineExceeded?: "not answered in time"
        case .remoteConnectionClosed?: "the server closed the connection"
        default:
            switch (error as? IOError)?.errnoCode {
            case ECONNREFUSED?: "connection refused"
            case ECONNRESET?, EPIPE?: "connection reset"
            case EHOSTUNREACH?, ENETUNREACH?: "no way to the server"
            case ETIMEDOUT?: "no connection in time"
            default: "\(error)"
            }
        }
    }
}
