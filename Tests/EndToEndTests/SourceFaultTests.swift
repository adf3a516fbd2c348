internal import Foundation
import TestSupport
import Testing

/// What the API may answer, and what the operator reads of it.
struct `A source that fails` {
    struct Case: CustomTestStringConvertible, Sendable {
        let fault: String
        let status: Int32
        let says: String
        var testDescription: String { says }
    }

    static func fault(_ status: Int, _ error: String, times: Int = 9) -> String {
        #"[{"operation":"ContractTransactions","times":\#(times),"status":\#(status),"#
            + #""body":"{\"success\":false,\"data\":null,\"error\":\"\#(error)\",\"message\":null}"}]"#
    }

    static func body(_ body: String, _ more: String = "") -> String {
        #"[{"operation":"ContractTransactions","times":9,"status":200,"body":"\#(body)"\#(more)}]"#
    }

    @Test(arguments: [
        Case(
            fault: fault(400, "Wrong date format"),
            status: 77,
            says: "the API answers 400: Wrong date format"
        ),
        Case(
            fault: fault(400, "Only 60 days of search at one time is supported"),
            status: 77,
            says: "the API answers 400: Only 60 days of search at one time is supported"
        ),
        Case(
            fault: fault(400, "Only search over last 5 months of transactions is supported"),
            status: 77,
            says: "the API answers 400: Only search over last 5 months of transactions is supported"
        ),
        Case(fault: fault(200, "Wrong Date format"), status: 77, says: "Wrong Date format"),
        Case(
            fault: body(#"[{\"transactionId\":"#),
            status: 65,
            says: "the answer is cut off after"
        ),
        Case(fault: body(""), status: 65, says: "the answer is empty"),
        Case(fault: body("{}"), status: 65, says: "ContractTransactions"),
        Case(fault: body("null"), status: 65, says: "ContractTransactions"),
        Case(
            fault: body("<html>captive</html>", #","headers":{"Content-Type":"text/html"}"#),
            status: 65,
            says: "the answer is an HTML page, not the API's: <html>captive</html>"
        ),
    ])
    func `ends the run with its own words and publishes nothing`(_ example: Case) async throws {
        try await Partner.with(source: "  contracts: [ \"22297\" ]") { partner in
            try partner.sell("7000000001")
            try partner.fail(example.fault)
            let result = try partner.occExport("run")
            #expect(result.status == example.status, "\(result.output)\(result.error)")
            let said = result.output + result.error
            #expect(said.contains(example.says), "\(said)")
            #expect(said.contains("contract 22297"), "\(said)")
            #expect(try partner.batches().isEmpty)
            // Nothing of the failed answer was kept: the next run is a first run.
            try partner.fail("[]")
            #expect(try partner.occExport("run").output.contains("with 1 transactions"))
        }
    }

    @Test func `is asked again after 503, 429 and a cut connection`() async throws {
        try await Partner.with(source: "  contracts: [ \"22297\" ]") { partner in
            try partner.sell("7000000001")
            try partner.fail(
                """
                [{"operation":"ContractTransactions","status":503},
                 {"operation":"ContractTransactions","status":429,"headers":{"Retry-After":"0"}},
                 {"operation":"ContractTransactions","status":200,"body":"[]","cutAfter":1}]
                """
            )
            let result = try partner.occExport("run")
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(result.output.contains("with 1 transactions"))
        }
    }

    @Test func `one contract that fails leaves the others alone`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", contract: "123")
            try partner.fail(
                #"[{"operation":"ContractTransactions","contains":"\"123\"","times":99,"status":400,"#
                    + #""body":"{\"success\":false,\"data\":null,\"error\":\"No\",\"message\":null}"}]"#
            )
            let result = try partner.occExport("run")
            #expect(result.status == 3, "\(result.output)\(result.error)")
            #expect(result.output.contains("contract-transactions of contract 123: "))
            #expect(try partner.lines(try #require(try partner.batches().first)).count == 1)
        }
    }

    @Test func `a wrong key is refused with the settings to look at, and is not shown`()
        async throws
    {
        try await Partner.with { partner in
            let wrong = String(repeating: "wrong-key-", count: 13)
            try partner.write("psk", wrong)
            let result = try partner.occExport("run")
            #expect(result.status == 77)
            #expect(result.error.contains("empty_body_md5"), "\(result.error)")
            #expect(!(result.error + result.output).contains("wrong-key-"))
            #expect(try partner.batches().isEmpty)
        }
    }

    @Test func `a clock ten minutes off ends the run and names the difference`() async throws {
        try await Partner.with { partner in
            let result = try partner.occExport("run", now: "2026-11-24T02:50:00Z")
            #expect(result.status == 77)
            #expect(result.error.contains("s behind the API;"), "\(result.error)")
            #expect(try partner.batches().isEmpty)
        }
    }

    @Test func `an API that nobody answers at is unreachable`() async throws {
        try await Partner.with { partner in
            partner.sandbox.stop()
            let result = try partner.occExport("run")
            #expect(result.status == 69, "\(result.error)")
            #expect(result.error.contains("ContractNumbers"), "\(result.error)")
        }
    }

    @Test func `charging that is not enabled fails its export alone`() async throws {
        let exports =
            Partner.accountant + """

                  - name: charging
                    template: \(Checkout.path)/templates/ev-csv
                    start: 2026-07-01
                """
        try await Partner.with(
            exports: exports,
            sandbox: ["--rows", "0", "--contracts", "1", "--no-ev"]
        ) { partner in
            try partner.sell("7000000001")
            let result = try partner.occExport("run")
            #expect(result.status == 3, "\(result.output)\(result.error)")
            #expect(result.output.contains("EvTransactions"), "\(result.output)")
            #expect(result.output.contains("accountant: published"))
        }
    }
}
