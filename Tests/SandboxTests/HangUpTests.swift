import Foundation
import Glibc
import TestSupport
import Testing

/// A client that goes away in the middle of a large answer.
struct `A sandbox whose client hangs up` {
    @Test func `answers the next one`() throws {
        let sandbox = try SandboxProcess(
            now: "2026-11-24T03:00:00Z",
            ["--rows", "0", "--contracts", "1"]
        )
        defer { sandbox.stop() }
        for _ in 0..<3 {
            // A body that is far larger than all buffers between the two, of which nothing is read.
            try sandbox.control(
                "faults",
                #"[{"operation":"ContractNumbers","times":1,"size":200000000}]"#
            )
            let port = try #require(
                sandbox.address.split(separator: ":").last?.split(separator: "/").first.flatMap {
                    UInt16($0)
                }
            )
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            address.sin_port = port.bigEndian
            let connected = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            #expect(connected == 0)
            let request = Array("GET /api/v1/ContractNumbers HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            #expect(unsafe write(descriptor, request, request.count) == request.count)
            // The answer has begun: then the connection is reset, so that what follows meets nobody.
            var first: UInt8 = 0
            #expect(unsafe read(descriptor, &first, 1) == 1)
            var linger = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(
                descriptor,
                SOL_SOCKET,
                SO_LINGER,
                &linger,
                socklen_t(MemoryLayout.size(ofValue: linger))
            )
            close(descriptor)
            // It lives, and says so.
            #expect(try sandbox.control("log").contains("ContractNumbers"))
        }
    }

    @Test func `answers on although nobody reads what it prints`() throws {
        let sandbox = try SandboxProcess(
            now: "2026-11-24T03:00:00Z",
            ["--rows", "0", "--contracts", "1"]
        )
        defer { sandbox.stop() }
        let root = sandbox.address.replacingOccurrences(of: "/api/v1", with: "")
        let result = try run(
            "/usr/bin/curl",
            [
                "-sS", "--fail", "--max-time", "60", "--output", "/dev/null",
                "\(root)/sandbox/log?n=[1-300]",
            ]
        )
        #expect(result.status == 0, "\(result.error)")
    }
}
