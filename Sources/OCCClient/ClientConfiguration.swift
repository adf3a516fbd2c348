public import Transactions

/// How the API is asked.
public struct ClientConfiguration: Sendable {
    /// How contract transactions are asked for.
    public enum Method: String, CaseIterable, Sendable {
        /// With a JSON body, so that no query is signed.
        case post
        /// With a query.
        case get
    }

    /// Scheme, host and port, without a slash at the end: `https://occ.example.com`.
    public let origin: String
    /// The path of the operations: `/api/v1`.
    public let path: String
    /// The partner's access id.
    public let accessId: String
    /// How contract transactions are asked for.
    public var method = Method.post
    /// Requests under way at once, 1 to 4.
    public var mostConcurrent = 1
    /// Milliseconds between two requests.
    public var pause = 250
    /// A PEM file of the authorities to trust instead of the system's.
    public var authorityFile: String?
    /// Sent as query and header with GET, if set (API document, trap 15).
    public var crmAccountId: String?
    /// What stands for the MD5 of a request without a body.
    public var emptyBody = RequestSigner.EmptyBody.empty
    /// Which part of the request target is signed.
    public var target = RequestSigner.Target.fromAPI
    /// The largest answer, in bytes.
    public var largestBody = 64 << 20
    /// The most times a request is sent.
    public var mostAttempts = 4

    /// Reads the API's address.
    ///
    /// - Throws: `OCCClientError` when it is no http address with an `/api/` path, or not encrypted
    ///   although it leaves the machine.
    public init(baseURL: String, accessId: String) throws(OCCClientError) {
        func refused(_ message: String) -> OCCClientError { OCCClientError(.refused, message) }
        let isSecure = baseURL.hasPrefix("https://")
        guard isSecure || baseURL.hasPrefix("http://") else {
            throw refused("'\(baseURL)' is no https address")
        }
        let rest = baseURL.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        let isPlain = path.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || [0x2F, 0x2D, 0x2E, 0x5F, 0x7E].contains($0)
        }
        guard !authority.isEmpty, !authority.contains("@"), isPlain, (path + "/").contains("/api/")
        else { throw refused("'\(baseURL)' has no /api/ in its path; write .../api/v1") }
        let host = authority.prefix { $0 != ":" }
        let isLoopback =
            host == "localhost" || host.hasPrefix("127.") || authority.hasPrefix("[::1]")
        guard isSecure || isLoopback else {
            throw refused("'\(baseURL)' is not encrypted; only https leaves this machine")
        }
        origin = (isSecure ? "https://" : "http://") + authority
        self.path = String(path)
        self.accessId = accessId
    }

    /// Whether a contract number can stand in a request without being encoded (trap 9).
    public static func isContractNumber(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
            }
    }
}

/// Time and chance, which tests bring themselves.
public struct ClientClock: Sendable {
    /// The current instant.
    public let now: @Sendable () -> UTCTimestamp
    /// Waits so many milliseconds.
    public let sleep: @Sendable (Int) async throws -> Void
    /// A number of the range, by chance.
    public let random: @Sendable (ClosedRange<Int>) -> Int

    /// Makes a clock.
    public init(
        now: @escaping @Sendable () -> UTCTimestamp,
        sleep: @escaping @Sendable (Int) async throws -> Void,
        random: @escaping @Sendable (ClosedRange<Int>) -> Int
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }
}
