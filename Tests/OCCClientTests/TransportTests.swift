import Foundation
import OCCClient
import TestSupport
import Testing

/// TLS and addresses: reliability, section 6.2.
struct `The transport` {
    @Test func `a right certificate of a named authority is taken`() async throws {
        try await withTemporaryDirectory { folder in
            let file = "\(folder)/ca.pem"
            try TestCertificates.authority.write(toFile: file, atomically: true, encoding: .utf8)
            let numbers = try await withClient(
                [.http(200, "[\"1\"]")],
                tls: (TestCertificates.right, TestCertificates.rightKey),
                { $0.authorityFile = file },
                { client, _ in try await client.contractNumbers() }
            )
            #expect(numbers == ["1"])
        }
    }

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let certificate: String
        let key: String
        let namesAuthority: Bool
        let message: String
    }

    @Test(arguments: [
        Case(
            testDescription: "another name",
            certificate: TestCertificates.other,
            key: TestCertificates.otherKey,
            namesAuthority: true,
            message: "the server's certificate is for another name; check source.base_url"
        ),
        Case(
            testDescription: "expired",
            certificate: TestCertificates.expired,
            key: TestCertificates.expiredKey,
            namesAuthority: true,
            message:
                "the server's certificate is expired or of an unknown authority; the authority of a test service can be named as source.ca_file"
        ),
        Case(
            testDescription: "an unknown authority",
            certificate: TestCertificates.right,
            key: TestCertificates.rightKey,
            namesAuthority: false,
            message:
                "the server's certificate is expired or of an unknown authority; the authority of a test service can be named as source.ca_file"
        ),
    ])
    func `a wrong certificate is refused at once, and nothing is sent`(_ wrong: Case) async throws {
        try await withTemporaryDirectory { folder in
            let file = "\(folder)/ca.pem"
            try TestCertificates.authority.write(toFile: file, atomically: true, encoding: .utf8)
            let clock = TestClock()
            try await withClient(
                [.http()],
                tls: (wrong.certificate, wrong.key),
                clock: clock,
                { if wrong.namesAuthority { $0.authorityFile = file } },
                { client, server in
                    let error = await #expect(throws: OCCClientError.self) {
                        try await client.contractNumbers()
                    }
                    #expect(error?.message == wrong.message)
                    #expect(error?.code == .unreachable)
                    #expect(server.requests.isEmpty)
                    #expect(clock.sleeps.isEmpty)
                }
            )
        }
    }

    @Test(arguments: [
        "http://occ.example.com/api/v1", "ftp://127.0.0.1/api/v1", "https://host/v1",
        "https://u:p@host/api/v1", "https:///api/v1", "https://host/api/v1?x=1",
        "https://host/api v1", "http://localhost.example.com/api/v1", "",
        "http://127.0.0.1.example.com/api/v1", "http://127.0.0.1@example.com/api/v1",
        "http://[::1].example.com/api/v1",
    ])
    func `an address that is not safe or not the API's is refused`(_ address: String) {
        #expect(throws: OCCClientError.self) {
            try ClientConfiguration(baseURL: address, accessId: "A")
        }
    }

    @Test(arguments: [
        "https://occ.example.com/api/v1", "https://occ.example.com:8443/x/api/v1/",
        "http://127.0.0.1:8085/api/v1", "http://localhost/api/v1", "http://[::1]:80/api/v1",
    ])
    func `https to anywhere and http to loopback are taken`(_ address: String) throws {
        let configuration = try ClientConfiguration(baseURL: address, accessId: "A")
        #expect(configuration.path.hasSuffix("/api/v1"))
    }

    @Test func `a proxy is used only if it is configured`() async throws {
        let proxy = try ClientConfiguration.Proxy("http://proxy.example:3128")
        #expect(proxy.host == "proxy.example")
        #expect(proxy.port == 3128)
        for wrong in ["https://p:1", "http://u:p@p:1", "http://p", "http://p:0", "p:1"] {
            #expect(throws: OCCClientError.self) { try ClientConfiguration.Proxy(wrong) }
        }
        let server = try await WireServer([.http()])
        try await withClient(
            [.http()],
            { $0.proxy = try? ClientConfiguration.Proxy("http://127.0.0.1:\(server.port)") },
            { client, direct in
                _ = try await client.contractNumbers()
                #expect(direct.requests.isEmpty)
                #expect(server.requests.first?.hasPrefix("CONNECT 127.0.0.1:") == true)
            }
        )
        try await server.stop()
    }
}
