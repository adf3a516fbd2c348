import TestSupport
import Testing

/// What a run makes of rows that come, or are taken back, after their document went out.
struct `After the document went out` {
    private static func withInvoices(_ body: (Partner) async throws -> Void) async throws {
        try await Partner.withInvoices { partner in
            try sell("7000000001", to: partner)
            let first = try partner.occExport("run")
            #expect(first.status == 0, "\(first.output)\(first.error)")
            try sell("7000000002", to: partner)
            try sell("7000000003", "B-1", to: partner)
            let late = try partner.occExport("run", now: "2026-11-24T03:01:00Z")
            #expect(late.status == 3, "\(late.output)\(late.error)")
            // The other invoice goes out; of the sent one there is no second.
            #expect(try partner.batches().count == 2)
            #expect(try partner.manifest(partner.batches()[1]).transactions == 1)
            let question = try partner.occExport("resolve")
            #expect(
                question.output.contains(
                    "transaction 7000000002: came after its invoice 'A-1' was sent in batch 1"
                ),
                "\(question.output)"
            )
            try await body(partner)
        }
    }

    private static func sell(_ id: String, _ invoice: String = "A-1", to partner: Partner) throws {
        try partner.sell(
            id,
            ["invoiceNo": "\"\(invoice)\"", "invoiceDate": "\"2026-11-22T00:00:00Z\""]
        )
    }

    private static func decide(_ choice: String, _ partner: Partner) throws {
        let result = try partner.occExport(
            "resolve",
            "--export",
            "invoices",
            "--transaction",
            "7000000002",
            choice
        )
        #expect(result.status == 0, "\(result.error)")
    }

    @Test func `a late row is held, and stays out when somebody says so`() async throws {
        try await Self.withInvoices { partner in
            try Self.decide("--keep", partner)
            let after = try partner.occExport("run", now: "2026-11-24T03:02:00Z")
            #expect(after.status == 0, "\(after.output)\(after.error)")
            #expect(try partner.batches().count == 2)
            #expect(try partner.occExport("status", now: "2026-11-24T03:02:00Z").status == 0)
        }
    }

    @Test func `a late row goes out by itself when somebody says so`() async throws {
        try await Self.withInvoices { partner in
            try Self.decide("--send", partner)
            let after = try partner.occExport("run", now: "2026-11-24T03:02:00Z")
            #expect(after.status == 0, "\(after.output)\(after.error)")
            #expect(try partner.batches().count == 3)
        }
    }

    @Test
    func `a session cancelled after it was sent stays a question where nothing can be reversed`()
        async throws
    {
        let exports = """
              - name: charging
                template: \(Checkout.path)/templates/ev-csv
                start: 2026-07-01
                on_change: replace
            """
        try await Partner.with(exports: exports) { partner in
            try partner.sandbox.control(
                "edit",
                """
                {"feed":"ev-transactions","transactionId":"9001","day":"2026-11-20","add":{
                "transactionId":"9001","stationId":"500","chargerId":"\\"E\\"",
                "transactionStatus":"\\"confirmed\\"","transactionTime":"\\"2026-11-20T10:00:00Z\\"",
                "transactionStartTime":"\\"2026-11-20T09:00:00Z\\"","quantity":"26.8692",
                "connectorNumber":"null"}}
                """
            )
            let first = try partner.occExport("run")
            #expect(first.status == 0, "\(first.output)\(first.error)")
            #expect(try partner.batches().count == 1)
            try partner.sandbox.control(
                "edit",
                """
                {"feed":"ev-transactions","transactionId":"9001",
                "set":{"transactionStatus":"\\"cancelled\\""}}
                """
            )
            for minute in 1...3 {
                let now = "2026-11-24T03:0\(minute):00Z"
                #expect(try partner.occExport("run", now: now).status == 3)
                let status = try partner.occExport("status", now: now)
                #expect(status.status == 3)
                #expect(
                    status.output.contains(
                        "a template that accepts reversals can take it back"
                    ),
                    "\(status.output)"
                )
            }
        }
    }
}
