internal import AsyncHTTPClient
internal import FoundationEssentials
public import Logging
internal import NIOCore
internal import NIOSSL
internal import Synchronization
internal import Transactions

/// The operations of the OCC Partners API.
///
/// Each attempt of a request is signed anew, right before it is sent; redirects are never followed;
/// TLS is always verified. See `docs/design/client.md`.
public final class OCCClient: Sendable {
    let configuration: ClientConfiguration
    let clock: ClientClock
    let logger: Logger
    let sender: RequestSender
    let memory = Mutex(Memory())
    private let http: HTTPClient

    /// What earlier answers taught.
    struct Memory {
        /// Whether the API refused a window that ends tomorrow (trap 40).
        var refusesFutureDays = false
        /// The most rows an answer of a feed had, and in how many windows (trap 22).
        var highestCounts: [Feed: (rows: Int, windows: Int)] = [:]
        /// Whether a request was sent: the first one waits for nothing.
        var hasSent = false
    }

    /// Opens a client; `shutdown()` must end it.
    ///
    /// - Throws: `OCCClientError` when the authority file cannot be read.
    public init(
        _ configuration: ClientConfiguration,
        key: PreSharedKey,
        clock: ClientClock,
        logger: Logger
    ) throws(OCCClientError) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: try Self.transport(configuration)
        )
        sender = RequestSender(
            configuration: configuration,
            signer: RequestSigner(
                accessId: configuration.accessId,
                key: key,
                emptyBody: configuration.emptyBody,
                target: configuration.target
            ),
            clock: clock,
            logger: logger,
            http: http
        )
    }

    /// Ends the client's connections.
    public func shutdown() async throws { try await http.shutdown() }

    /// Whether the API refused a window that ends tomorrow, so that windows now end today (trap 40).
    public var refusesFutureDays: Bool { memory.withLock { $0.refusesFutureDays } }

    /// How HTTP is spoken: version 1.1, no redirects, no decompression, no proxy but a configured one.
    private static func transport(
        _ configuration: ClientConfiguration
    ) throws(OCCClientError) -> HTTPClient.Configuration {
        let limits = configuration.limits
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: .milliseconds(Int64(limits.connect)),
                read: .milliseconds(Int64(limits.idle)),
                write: .milliseconds(Int64(limits.idle))
            ),
            decompression: .disabled
        )
        settings.httpVersion = .http1Only
        // Our own retries count and wait as the API document decides.
        settings.connectionPool.retryConnectionEstablishment = false
        if let proxy = configuration.proxy {
            settings.proxy = .server(host: proxy.host, port: proxy.port)
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        tls.minimumTLSVersion = .tlsv12
        if let file = configuration.authorityFile {
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw OCCClientError(.secret, "the authority file '\(file)' cannot be read")
            }
            tls.trustRoots = .file(file)
        }
        settings.tlsConfiguration = tls
        return settings
    }
}
