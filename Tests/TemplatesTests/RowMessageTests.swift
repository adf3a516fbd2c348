import Foundation
import Templates
import TestSupport
import Testing
import Transactions

/// What reports and manifests say of a row that cannot be mapped, word for word.
struct `Messages about rows` {
    struct Case: CustomTestStringConvertible {
        let name: String
        var head = ""
        var format = "{ kind: delimited, absent: \"\" }"
        /// The one field's expression.
        let value: String
        /// More keys of the field.
        var form = ""
        var width: Int?
        var node = ""
        /// What the file has beside its records.
        var checks = ""
        var extra: [String: String] = [:]
        /// What is rejected or held, and why nothing is written at all.
        let lines: [String]
        var testDescription: String { name + ": " + value }

        var yaml: String {
            let keys =
                ["name: a", "value: \"\(value.replacing("\"", with: "\\\""))\""]
                + (width.map { ["width: \($0)"] } ?? []) + (form.isEmpty ? [] : [form])
            return """
                version: 1
                title: a test
                \(head)
                format: \(format)
                files:
                  - name: x.csv
                    records:
                      - id: row
                        for_each: transactions
                        fields: [{ \(keys.joined(separator: ", ")) }]\(node)\(checks)

                """
        }
    }

    /// Two purchases; the second has what is hard to write.
    private static func rows() throws -> [Transaction] {
        func row(_ id: String, _ product: String, _ net: Int64) throws -> Transaction {
            var builder = Transaction.Builder(feed: .contractTransactions)
            builder.set(.transactionId, id)
            builder.set(.transactionTime, try #require(UTCTimestamp("2026-10-31T10:00:00Z")))
            builder.set(.currency, "EUR")
            builder.set(.occProductCode, "1005")
            builder.set(.occProductName, product)
            builder.set(.cardNumber, "9233450000000011")
            builder.set(.receiptNo, product == "Diesel" ? "1" : "a\u{1}b")
            builder.set(.authorizationCode, product == "Diesel" ? "1" : "Ж")
            if product == "Diesel" {
                builder.set(.invoiceNo, "20261031")
                builder.set(.plateNumber, "123ABC")
                builder.set(.terminalId, "7")
            } else {
                builder.set(.driverName, "=1+1")
            }
            builder.set(.netAmount, try #require(FixedDecimal(tenThousandths: net)))
            builder.set(.vatAmount, try #require(FixedDecimal(tenThousandths: net / 4)))
            builder.set(.totalPrice, try #require(FixedDecimal(tenThousandths: net * 5 / 4)))
            return builder.build(contractNumber: "22297")
        }
        return [
            try row("7000000001", "Diesel", 120_000),
            try row("7000000002", "Kohv, \"sai\"", -1_200_000),
        ]
    }

    private func lines(_ test: Case) async throws -> [String] {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(test.yaml, files: test.extra, in: folder)
            do {
                let outcome = try TemplateHarness.render(plan, try Self.rows())
                return outcome.held + outcome.rejected
                    + outcome.rendering.rejected.map { "\($0.key): \($0.reason)" }
            } catch let error as RenderingError {
                return [error.description.replacing("\(folder)/t/", with: "")]
            }
        }
    }

    @Test(arguments: cases) func `say what, and what to do`(_ test: Case) async throws {
        let found = try await lines(test)
        #expect(found == test.lines)
        #expect(found.contains { $0.contains("[\(test.name)]") })
    }
}
