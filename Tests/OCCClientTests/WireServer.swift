import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that records the very bytes it got and answers what a test says.
final class WireServer: Sendable {
    /// One answer: bytes, and what then happens to the connection.
    struct Reply: Sendable {
        var bytes: [UInt8]
        /// Whether the connection ends behind the bytes.
        var closes = false
        /// Parts that are sent one after the other; the rest follows at once.
        var parts: [Int] = []
        /// Whether nothing at all is answered, while the connection stays open.
        var isSilent = false

        /// A whole answer.
        static func http(
            _ status: Int = 200,
            _ body: String = "[]",
            headers: [String] = [],
            type: String = "application/json"
        ) -> Reply {
            let lines =
                ["HTTP/1.1 \(status) X", "Content-Type: \(type)"] + headers + [
                    "Content-Length: \(body.utf8.count)"
                ]
            return Reply(bytes: Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
        }

        /// Bytes as they are, then the end of the connection.
        static func raw(_ text: String) -> Reply { Reply(bytes: Array(text.utf8), closes: true) }

        /// No answer.
        static let silence = Reply(bytes: [], isSilent: true)
        /// The connection ends without an answer.
        static let drop = Reply(bytes: [], closes: true)
    }

    private let channel: any Channel
    private let state: State
    let port: Int

    final class State: Sendable {
        let replies: Mutex<[Reply]>
        let requests = Mutex<[String]>([])
        let arrivals: AsyncStream<Void>
        let arrived: AsyncStream<Void>.Continuation

        init(_ replies: [Reply]) {
            self.replies = Mutex(replies)
            (arrivals, arrived) = AsyncStream.makeStream()
        }
    }

    /// What it got, a text a request.
    var requests: [String] { state.requests.withLock { $0 } }

    /// Waits until so many requests have come, which may be after their client gave up.
    func received(_ count: Int) async {
        for await _ in state.arrivals where requests.count >= count { return }
    }

    /// Starts; `replies` are used in order, and the last one again and again.
    init(_ replies: [Reply], tls: (certificate: String, key: String)? = nil) async throws {
        let state = State(replies)
        self.state = state
        var context: NIOSSLContext?
        if let tls {
            let certificate = try NIOSSLCertificate(
                bytes: Array(tls.certificate.utf8),
                format: .pem
            )
            let key = try NIOSSLPrivateKey(bytes: Array(tls.key.utf8), format: .pem)
            context = try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: [.certificate(certificate)],
                    privateKey: .privateKey(key)
                )
            )
        }
        let secure = context
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let secure {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: secure)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(RecordingHandler(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Ends it.
    func stop() async throws { try await channel.close() }
}

/// Gathers one request with its body, then answers.
private final class RecordingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let state: WireServer.State
    private var bytes: [UInt8] = []

    init(_ state: WireServer.State) { self.state = state }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n") else { return }
        var length = 0
        for line in text[..<head.lowerBound].split(separator: "\r\n")
        where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.split(separator: " ").last ?? "0") ?? 0
        }
        guard text[head.upperBound...].utf8.count >= length else { return }
        bytes = []
        state.requests.withLock { $0.append(text) }
        state.arrived.yield()
        let reply = state.replies.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }
        guard let reply, !reply.isSilent else { return }
        var rest = reply.bytes[...]
        for part in reply.parts {
            context.writeAndFlush(
                wrapOutboundOut(ByteBuffer(bytes: rest.prefix(part))),
                promise: nil
            )
            rest = rest.dropFirst(part)
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        if reply.closes {
            let channel = context.channel
            promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: rest)), promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
