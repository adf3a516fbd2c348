internal import Logging
internal import NIOHTTP1
internal import Transactions

/// Judges an answer by its status and headers, and words what is wrong with it.
struct AnswerCheck {
    private let request: APIRequest
    private let configuration: ClientConfiguration
    private let clock: ClientClock
    private let logger: Logger

    /// Seconds by which the clocks may differ without a word, and at all (trap 13).
    static let noticedSkew: Int64 = 60
    static let mostSkew: Int64 = 300

    init(
        _ request: APIRequest,
        _ configuration: ClientConfiguration,
        _ clock: ClientClock,
        _ logger: Logger
    ) {
        self.request = request
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    /// Checks the headers' size and the clock; returns the seconds that the local clock is behind
    /// the API's, nil when the answer does not say.
    func head(_ headers: HTTPHeaders) throws(OCCClientError) -> Int64? {
        let size = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard size <= configuration.limits.headers else {
            throw notUnderstood(
                "the answer's headers are larger than \(configuration.limits.headers) bytes"
            )
        }
        guard let text = headers.first(name: "Date"), let theirs = HTTPDate.instant(text) else {
            return nil
        }
        let skew = theirs.seconds - clock.now().seconds
        if abs(skew) > Self.mostSkew {
            throw OCCClientError(
                .clock,
                "the \(Self.described(skew)); set the clock, signatures are valid for 300 s",
                operation: request.operation
            )
        }
        if abs(skew) > Self.noticedSkew { logger.warning("the \(Self.described(skew))") }
        return skew
    }

    /// Only plain bytes were asked for (no decompression bombs).
    func encoding(_ headers: HTTPHeaders) -> OCCClientError? {
        guard let encoding = headers.first(name: "Content-Encoding"),
            encoding.lowercased() != "identity"
        else { return nil }
        return notUnderstood("the answer is compressed, which was not asked for")
    }

    /// Whether the answer is a page for people: a proxy's or a login's (trap 21).
    func isPage(_ headers: HTTPHeaders) -> Bool {
        headers.first(name: "Content-Type")?.lowercased().hasPrefix("text/html") ?? false
    }

    /// The error for such a page.
    func page(_ body: [UInt8]) -> OCCClientError {
        let start = printable(String(decoding: body.prefix(100), as: UTF8.self))
        return notUnderstood("the answer is an HTML page, not the API's: \(start)")
    }

    private func notUnderstood(_ message: String) -> OCCClientError {
        OCCClientError(.notUnderstood, message, operation: request.operation, status: 200)
    }

    private static func described(_ skew: Int64) -> String {
        "local clock is \(abs(skew)) s \(skew > 0 ? "behind" : "ahead of") the API"
    }

    // MARK: Refusals

    /// The error that a status other than 200 means; a `RetryableFailure` where that is worth it.
    func failure(
        _ status: Int,
        _ headers: HTTPHeaders,
        _ body: [UInt8],
        _ skew: Int64?,
        canonicalString: String
    ) -> any Error {
        let text = Self.text(in: body)
        var message = "the API answers \(status)"
        if let text { message += ": \(printable(text))" }
        func error(_ code: OCCClientError.Code) -> OCCClientError {
            OCCClientError(code, message, operation: request.operation, status: status)
        }
        switch status {
        case 408, 429, 500...:
            return RetryableFailure(error: error(.unreachable), wait: retryAfter(headers))
        case 401:
            var refusal = error(.refused)
            refusal.canonicalString = canonicalString
            refusal.hints = hints(skew)
            refusal.message += "; " + refusal.hints.joined(separator: "; ")
            return refusal
        case 400...499:
            var refusal = error(.refused)
            if request.operation == "EvTransactions", Self.documented(text) == nil {
                refusal.isFeedNotEnabled = true
                refusal.message +=
                    "; charging sessions must be enabled for access id "
                    + "'\(configuration.accessId)': ask Alexela, or take out the exports of this feed"
            }
            return refusal
        case 300...399:
            message += "; redirects are never followed"
            return error(.notUnderstood)
        default: return error(.notUnderstood)
        }
    }

    /// What to look at after a 401: the clock, then the settings that wrong signatures come from.
    private func hints(_ skew: Int64?) -> [String] {
        var hints: [String] = []
        if let skew, abs(skew) > 5 { hints.append("the \(Self.described(skew))") }
        hints.append("check source.access_id and the pre-shared key, which is used as it is given")
        if request.body == nil {
            let other = configuration.emptyBody == .empty ? "md5" : "empty"
            hints.append("for a GET try signing.empty_body_md5: \(other)")
        }
        if !configuration.path.hasPrefix("/api/") {
            let other = configuration.target == .fromAPI ? "full" : "from_api"
            hints.append("for a path before /api/ try signing.uri: \(other)")
        }
        return hints
    }

    /// What the API document says of windows, matched without case (trap 18).
    enum DocumentedRefusal: String, CaseIterable {
        case dateFormat = "wrong date format"
        case longWindow = "only 60 days of search at one time is supported"
        case oldWindow = "only search over last 5 months of transactions is supported"
    }

    static func documented(_ text: String?) -> DocumentedRefusal? {
        guard let text = text?.lowercased() else { return nil }
        return DocumentedRefusal.allCases.first { text.contains($0.rawValue) }
    }

    /// The error text of a body, in `error` or `message`; nil for a page or nothing at all.
    static func text(in body: [UInt8]) -> String? {
        let value: JSONValue
        do throws(JSONProblem) {
            value = try JSONCursor.value(of: body[...])
        } catch {
            // The body of a refusal need not be the API's; the status stands for itself.
            return nil
        }
        guard case .object(let members) = value else { return nil }
        return Envelope(members).text
    }

    private func retryAfter(_ headers: HTTPHeaders) -> Int? {
        guard let text = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Int(text) { return max(0, seconds) }
        guard let date = HTTPDate.instant(text) else { return nil }
        return Int(max(0, date.seconds - clock.now().seconds))
    }
}

extension OCCClientError {
    /// Whether a request of other days may be taken: status 400 without a text that names another
    /// reason.
    var isRefusedForDays: Bool {
        code == .refused && status == 400
            && !message.lowercased().contains(AnswerCheck.DocumentedRefusal.longWindow.rawValue)
            && !message.lowercased().contains(AnswerCheck.DocumentedRefusal.oldWindow.rawValue)
    }
}
