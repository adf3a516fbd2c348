import Foundation
import Templates
import TestSupport
import Testing
import Transactions

struct `Templates` {
    private func plan(_ yaml: String, in folder: String) throws -> Plan {
        let path = "\(folder)/t"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
        try yaml.write(toFile: "\(path)/template.yaml", atomically: true, encoding: .utf8)
        return try Plan(
            template: try Template(folder: path),
            parameters: nil,
            lookups: [:],
            owner: nil,
            timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
            when: nil,
            programVersion: "0"
        )
    }

    private func yaml(_ fields: String, _ more: String = "") -> String {
        """
        version: 1
        title: a test
        \(more)
        format: { kind: fixed_width, encoding: windows-1257, absent: "", number: { decimals: 2 } }
        files:
          - name: x.txt
            records:
              - id: row
                for_each: transactions
                fields: [\(fields)]
        """
    }

    struct Refusal: CustomTestStringConvertible {
        let name: String
        let fields: String
        var more = ""
        let message: String
        var testDescription: String { message }
    }

    @Test(arguments: [
        Refusal(
            name: "unknown-name",
            fields: "{ value: driver, width: 3 }",
            message: "a transaction has no field 'driver'"
        ),
        Refusal(
            name: "decimals",
            fields: "{ value: netAmount, width: 9 }",
            message: "the value has up to 4 decimals, 2 are written"
        ),
        Refusal(
            name: "width",
            fields: "{ value: date(transactionTime), width: 8 }",
            message: "'yyyy-MM-dd' writes 10 characters, the field has 8"
        ),
        Refusal(
            name: "pattern",
            fields: "{ value: date(transactionTime), width: 10, pattern: dd.mm.yyyy }",
            message: "'mm' is minutes, and a date has none"
        ),
        Refusal(
            name: "pattern",
            fields: "{ value: transactionTime, width: 30 }",
            message: "an instant is not written as it is"
        ),
        Refusal(
            name: "unmappable",
            fields: "{ text: Ж, width: 1 }",
            message: "U+0416 is not in windows-1257"
        ),
        Refusal(
            name: "unknown-key",
            fields: "{ valeu: currency, width: 3 }",
            message: "no key 'valeu'"
        ),
        Refusal(
            name: "not-offered",
            fields: "{ value: currency, at: 3 }",
            message: "'at' is not offered by this version"
        ),
        Refusal(
            name: "unknown-key",
            fields: "{ value: currency, width: 3 }",
            more: "fildes: 1",
            message: "no key 'fildes'"
        ),
    ])
    func `that are wrong are refused before the first row`(_ refusal: Refusal) async throws {
        try await withTemporaryDirectory { folder in
            let error = #expect(throws: Diagnostic.self) {
                _ = try plan(yaml(refusal.fields, refusal.more), in: folder)
            }
            let found = try #require(error)
            #expect(found.message == refusal.message)
            #expect(found.name == refusal.name)
            #expect(found.line > 0)
        }
    }

    private func transaction(_ id: String, total: String, driver: String) throws -> Transaction {
        var builder = Transaction.Builder(feed: .contractTransactions)
        builder.set(.transactionId, id)
        builder.set(.driverName, driver)
        builder.set(.currency, "EUR")
        builder.set(.totalPrice, try #require(FixedDecimal(total)))
        builder.set(.quantity, try #require(FixedDecimal("1")))
        builder.set(.transactionTime, try #require(UTCTimestamp("2026-11-01T00:00:00Z")))
        return builder.build(contractNumber: "1")
    }

    private func rendered(_ plan: Plan, _ transactions: [Transaction]) throws -> (
        rendering: Rendering, contents: [String: [UInt8]]
    ) {
        let batch = BatchContext(
            id: "b",
            number: 1,
            created: try #require(UTCTimestamp("2026-11-24T00:00:00Z")),
            day: try #require(CalendarDate("2026-11-24"))
        )
        var selected: [SelectedTransaction] = []
        for transaction in transactions {
            guard case .selected(let one) = plan.outcome(of: transaction, batch: batch) else {
                Issue.record("not selected")
                continue
            }
            selected.append(one)
        }
        return try plan.rendered(selected, batch: batch)
    }

    @Test func `a value that does not fit is rejected, never cut, and the rest is written`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let plan = try plan(
                yaml(
                    "{ value: transactionId, width: 4 }, { value: \"round(totalPrice, 2)\", width: 6 }"
                ),
                in: folder
            )
            let (rendering, contents) = try rendered(
                plan,
                [
                    try transaction("1", total: "10.5", driver: "x"),
                    try transaction("2", total: "10000.5", driver: "x"),
                    try transaction("3", total: "-1", driver: "x"),
                ]
            )
            #expect(rendering.carried.map(\.key.transactionId) == ["1", "3"])
            #expect(rendering.rejected.first?.reason.name == "width")
            #expect(
                String(decoding: contents["x.txt"] ?? [], as: UTF8.self)
                    == "1    10.50\n3    -1.00\n"
            )
        }
    }

    @Test func `a rejected transaction takes its document along`() async throws {
        try await withTemporaryDirectory { folder in
            let text = yaml("{ value: transactionId, width: 4 }, { value: driverName, width: 3 }")
                .replacing(
                    "title: a test",
                    with: "title: a test\ndocuments: { group_by: [currency], as: voucher }"
                )
            let plan = try plan(text, in: folder)
            let (rendering, _) = try rendered(
                plan,
                [
                    try transaction("1", total: "1", driver: "abc"),
                    try transaction("2", total: "1", driver: "too long"),
                ]
            )
            #expect(rendering.carried.isEmpty)
            #expect(rendering.rejected.map(\.reason.name).sorted() == ["document", "width"])
        }
    }

    @Test func `no message shows a driver`() async throws {
        try await withTemporaryDirectory { folder in
            let plan = try plan(yaml("{ value: driverName, width: 3 }"), in: folder)
            let (rendering, _) = try rendered(
                plan,
                [try transaction("2", total: "1", driver: "Mari Maasikas")]
            )
            #expect(rendering.rejected.allSatisfy { !"\($0.reason)".contains("Maasikas") })
            #expect(rendering.rejected.count == 1)
        }
    }

    @Test func `anchors are refused, so no alias can grow`() {
        let error = #expect(throws: Diagnostic.self) {
            _ = try YAMLReader.read(text: "a: &x [1]\nb: [*x, *x]", file: "f.yaml")
        }
        #expect(error?.name == "anchor")
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>", "<a/><b/>", "",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    ])
    func `XML that is broken or brings a DTD is refused`(_ text: String) {
        #expect(throws: Diagnostic.self) {
            try XMLValidation.check(Array(text.utf8), schema: nil, file: "x.xml")
        }
    }
}
