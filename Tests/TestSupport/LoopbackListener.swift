internal import Foundation

/// A port of loopback that takes connections and says nothing.
public final class LoopbackListener {
    /// The port, picked by the kernel.
    public let port: UInt16
    private let descriptor: CInt

    /// `waits`: whether `connection()` waits for somebody.
    public init(waits: Bool) throws {
        let kind = CInt(SOCK_STREAM.rawValue) | (waits ? 0 : CInt(SOCK_NONBLOCK.rawValue))
        let descriptor = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
    }

    /// The next connection, which is the caller's to close; -1 where there is none.
    public func connection() -> CInt { accept(descriptor, nil, nil) }

    /// Whether anybody has connected.
    public var wasAsked: Bool {
        let accepted = connection()
        if accepted >= 0 { close(accepted) }
        return accepted >= 0
    }

    deinit { close(descriptor) }
}
