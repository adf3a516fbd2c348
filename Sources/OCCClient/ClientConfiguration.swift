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

    /// What an answer may take; times in milliseconds, sizes in bytes.
    public struct Limits: Sendable {
        /// Until a connection stands.
        public var connect = 10_000
        /// Without a byte.
        public var idle = 30_000
        /// For one attempt.
        public var whole = 120_000
        /// For all attempts of a request.
        public var total = 600_000
        /// The largest body.
        public var body = 64 << 20
        /// The largest headers together.
        public var headers = 64 << 10

        /// The limits that the program uses.
        public init() {}
    }

    /// An HTTP proxy.
    public struct Proxy: Sendable, Hashable {
        /// Its host name or address.
        public let host: String
        /// Its port.
        public let port: Int

        /// Reads `http://host:port`.
        ///
        /// - Throws: `OCCClientError` for anything else, such as a proxy that wants a password.
        public init(_ address: String) throws(OCCClientError) {
            let parts = address.dropFirst(7).split(separator: ":", omittingEmptySubsequences: false)
            guard address.hasPrefix("http://"), parts.count == 2, !parts[0].isEmpty,
                parts[0].utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x40 && $0 != 0x2F }
                ),
                let port = Int(parts[1]), (1...65_535).contains(port)
            else { throw OCCClientError(.refused, "'\(address)' is not http://HOST:PORT") }
            host = String(parts[0])
            self.port = port
        }
    }

    /// Scheme, host and port, without a slash at the end: `https://occ.example.com`.
    public let origin: String
    /// The path of the operations: `/api/v1`.
    public let path: String
    /// Whether the address is this machine's own, such as a sandbox.
    public let isLoopback: Bool
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
    /// What an answer may take in time and bytes.
    public var limits = Limits()
    /// The proxy to go through; nil for none, whatever the environment says.
    public var proxy: Proxy?
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
        isLoopback = Self.isLoopback(authority)
        guard isSecure || isLoopback else {
            throw refused("'\(baseURL)' is not encrypted; only https leaves this machine")
        }
        origin = (isSecure ? "https://" : "http://") + authority
        self.path = String(path)
        self.accessId = accessId
    }

    /// Whether the host, with or without a port, is this machine by its very spelling: a name that only
    /// begins like an address is another host's.
    private static func isLoopback(_ authority: Substring) -> Bool {
        let isIPv6 = authority.hasPrefix("[::1]")
        let host = isIPv6 ? authority.prefix(5) : authority.prefix { $0 != ":" }
        let rest = authority.dropFirst(host.count)
        guard rest.isEmpty || rest.first == ":" && UInt16(rest.dropFirst()) != nil else {
            return false
        }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return isIPv6 || host == "localhost"
            || numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
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
