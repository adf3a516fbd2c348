import OCCClient
import Testing
import Transactions

/// What goes over the wire: traps 1 to 16 of the API document.
struct `On the wire` {
    /// The header of that name, exactly as it was sent.
    private func header(_ name: String, _ request: String) throws -> String {
        let lines = request.split(separator: "\r\n").filter {
            $0.lowercased().hasPrefix(name.lowercased() + ":")
        }
        #expect(lines.count == 1, "\(name) stands once")
        let line = try #require(lines.first)
        return String(line.dropFirst(name.count + 1).drop { $0 == " " })
    }

    @Test func `V1 goes out as the vector says, without a body`() async throws {
        let request = try await withClient([.http(200, "[\"22297\"]")]) { client, server in
            _ = try await client.contractNumbers()
            return try #require(server.requests.first)
        }
        #expect(request.hasPrefix("GET /api/v1/ContractNumbers HTTP/1.1\r\n"))
        #expect(try header("Date", request) == "Tue, 05 Jul 2022 07:08:09 GMT")
        #expect(try header("Content-Type", request) == "application/json")
        #expect(try header("Accept-Encoding", request) == "identity")
        #expect(
            try header("Authorization", request)
                == "APIAuth-HMAC-SHA256 ERP-TEST-1:17r5ADQFvtmhEX0aEuwLLsgpDwmluOW29HRt3YDf7q8="
        )
        #expect(request.hasSuffix("\r\n\r\n"))
    }

    @Test func `V5 goes out as the vector says, body and all`() async throws {
        let request = try await withClient([.http()]) { client, server in
            _ = try await client.transactions(
                .bonuscardTransactions,
                contract: nil,
                try days("2022-07-01", "2022-07-07")
            )
            return try #require(server.requests.first)
        }
        #expect(request.hasPrefix("POST /api/v1/GetBonuscardTransactions HTTP/1.1\r\n"))
        #expect(try header("Content-Type", request) == "application/json")
        #expect(
            request.hasSuffix("\r\n\r\n{\"fromDate\":\"2022-07-01\",\"toDate\":\"2022-07-07\"}")
        )
        #expect(
            try header("Authorization", request)
                == "APIAuth-HMAC-SHA256 ERP-TEST-1:MhdlQyX1TS8nlDy8hXZWiUq+zX2qJ6whONeM1glsB6U="
        )
    }

    @Test func `V4 goes out as the vector says, in UTF-8`() async throws {
        let clock = TestClock("2024-03-01T00:00:00Z")
        let request = try await withClient([.http(200, "OK")], clock: clock) { client, server in
            try await client.defineBonuscards(
                regular: ["Jõgeva-0001", "7077400000000001"],
                premium: ["Õnne-žš-002"]
            )
            return try #require(server.requests.first)
        }
        #expect(
            try header("Authorization", request)
                == "APIAuth-HMAC-SHA256 ERP-TEST-1:Hppbr98kwMArog/M+OugDw4HPC0b0aqjvcfv41RWRUI="
        )
        #expect(
            request.hasSuffix(
                #"{"bonuscards":["Jõgeva-0001","7077400000000001"],"premiumBonuscards":["Õnne-žš-002"]}"#
            )
        )
    }

    @Test func `V6 goes out as the vector says, the account in query and header`() async throws {
        let clock = TestClock("2024-03-01T00:00:00Z")
        let request = try await withClient(
            [.http()],
            clock: clock,
            { $0.crmAccountId = "4711" },
            {
                client,
                server in
                _ = try await client.transactions(
                    .evTransactions,
                    contract: nil,
                    try days("2023-12-01", "2023-12-31")
                )
                return try #require(server.requests.first)
            }
        )
        let target =
            "/api/v1/EvTransactions?fromDate=2023-12-01&toDate=2023-12-31&crm_account_id=4711"
        #expect(request.hasPrefix("GET \(target) HTTP/1.1\r\n"))
        #expect(try header("crm_account_id", request) == "4711")
        #expect(
            try header("Authorization", request)
                == "APIAuth-HMAC-SHA256 ERP-TEST-1:LknWDhHs4hq+zTCH/Y0GwFrnu3ooVUmlq/ck3fRVsFU="
        )
    }

    @Test func `by GET the target signed is the target sent`() async throws {
        let request = try await withClient(
            [.http()],
            { $0.method = .get },
            { client, server in
                _ = try await client.transactions(
                    .contractTransactions,
                    contract: "A.b_c-1",
                    try days("2022-07-01", "2022-07-07")
                )
                return try #require(server.requests.first)
            }
        )
        let target =
            "/api/v1/ContractTransactions?contractNumbers=A.b_c-1&fromDate=2022-07-01&toDate=2022-07-07"
        #expect(request.hasPrefix("GET \(target) HTTP/1.1\r\n"))
        let signer = RequestSigner(accessId: "ERP-TEST-1", key: try PreSharedKey(testKey))
        let date = try header("Date", request)
        #expect(
            try header("Authorization", request)
                == signer.authorization(target: target, body: nil, date: date)
        )
    }

    @Test(arguments: [
        (RequestSigner.Target.fromAPI, "/api/v1/ContractNumbers"),
        (.full, "/proxy/api/v1/ContractNumbers"),
    ])
    func `a prefix before the API is sent and signed as the setting says`(
        _ target: RequestSigner.Target,
        _ signed: String
    ) async throws {
        let request = try await withClient(
            [.http()],
            path: "/proxy/api/v1",
            { $0.target = target },
            { client, server in
                _ = try await client.contractNumbers()
                return try #require(server.requests.first)
            }
        )
        #expect(request.hasPrefix("GET /proxy/api/v1/ContractNumbers HTTP/1.1\r\n"))
        let signer = RequestSigner(
            accessId: "ERP-TEST-1",
            key: try PreSharedKey(testKey),
            target: .full
        )
        let date = try header("Date", request)
        #expect(
            try header("Authorization", request)
                == signer.authorization(target: signed, body: nil, date: date)
        )
    }

    @Test func `each attempt is signed anew after the wait`() async throws {
        let clock = TestClock()
        let requests = try await withClient([.http(503), .http()], clock: clock) { client, server in
            _ = try await client.contractNumbers()
            return server.requests
        }
        #expect(requests.count == 2)
        #expect(try header("Date", requests[0]) == "Tue, 05 Jul 2022 07:08:09 GMT")
        #expect(try header("Date", requests[1]) == "Tue, 05 Jul 2022 07:08:10 GMT")
        #expect(
            try header("Authorization", requests[0]) != (try header("Authorization", requests[1]))
        )
    }

    @Test func `no log line holds the key, a signature or a body`() async throws {
        let log = TestLog()
        let requests = try await withClient([.http(500), .http(429), .http(401)], log: log) {
            client,
            server in
            await #expect(throws: OCCClientError.self) { try await client.contractNumbers() }
            return server.requests
        }
        let signatures = try requests.map { try header("Authorization", $0) }
        #expect(!log.lines.isEmpty)
        for line in log.lines {
            #expect(!line.contains(testKey.prefix(16)))
            for signature in signatures { #expect(!line.contains(signature.suffix(20))) }
        }
    }
}
