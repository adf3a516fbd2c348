internal import Foundation
import TestSupport
import Testing

/// From a line to its transactions and back, in files whose lines are no records.
struct `An explanation` {
    private static let exports = """
          - { name: list, template: \(Checkout.path)/templates/transaction-list-xml, start: 2026-07-01 }
          - { name: ledger, template: ledger, start: 2026-07-01, lookups: { products: products.csv } }
        """

    private static let ledger = """
        version: 1
        title: Marked records
        lookups: { products: { columns: { product: string, account: string }, key: [product] } }
        format: { kind: fixed_width, encoding: iso-8859-1, line_end: lf, absent: "", text: { overflow: reject } }
        files:
          - name: ledger_${batch.number}.dat
            records:
              - id: row
                for_each: transactions
                fields: [{ text: D, width: 1 }, { value: transactionId, width: 12 }, { value: lookups.products(occProductCode).account, width: 8 }]
        """

    private static func published(_ body: (Partner) throws -> Void) async throws {
        try await Partner.with(exports: exports) { partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/ledger",
                withIntermediateDirectories: false
            )
            try partner.write("ledger/template.yaml", ledger)
            try partner.write("products.csv", "product,account\n1005,4011\n")
            for id in 1...9 { try partner.sell("700000000\(id)") }
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            try body(partner)
        }
    }

    private static func told(_ partner: Partner, _ place: String) throws -> [String] {
        let result = try partner.occExport("explain", place)
        #expect(result.status == 0, "\(result.error)")
        return result.output.matches(of: /(?m)^transaction (\d+)/).map { String($0.1) }
    }

    private static func file(_ partner: Partner, _ ending: String) throws -> (
        path: String, lines: [String]
    ) {
        let shown = try #require(try partner.shownFiles().first { $0.hasSuffix(ending) })
        let path = "outbox/\(shown)"
        return (path, try partner.text(path).components(separatedBy: "\n"))
    }

    @Test func `of a line of XML is the row of the element around it`() async throws {
        try await Self.published { partner in
            let (path, lines) = try Self.file(partner, ".xml")
            let starts = lines.indices.filter { lines[$0].contains("<Transaction id") }
            let ends = lines.indices.filter { lines[$0].contains("</Transaction>") }
            #expect(starts.count == 9 && ends.count == 9)
            for row in [0, 4, 8] {
                // The element's own lines have no value in them.
                for line in [starts[row], starts[row] + 1, ends[row]] {
                    #expect(
                        try Self.told(partner, "\(path):\(line + 1)") == ["700000000\(row + 1)"],
                        "line \(line + 1)"
                    )
                }
            }
            // The document's own lines are made of all.
            #expect(try Self.told(partner, "\(path):\(lines.count - 1)").count == 9)
            let back = try partner.occExport("explain", "--transaction", "7000000005").output
            #expect(
                back.contains("\(path.dropFirst(7)):\(starts[4] + 1): record"),
                "\(back)"
            )
        }
    }

    @Test func `of a line whose lookup has changed goes by the id behind the record's mark`()
        async throws
    {
        try await Self.published { partner in
            let (path, lines) = try Self.file(partner, ".dat")
            #expect(lines[2].hasPrefix("D7000000003 "))
            try partner.write("products.csv", "product,account\n1005,4099\n")
            #expect(try Self.told(partner, "\(path):3") == ["7000000003"])
        }
    }

    @Test func `of a batch whose copy was lost with the state blames no purge`() async throws {
        try await Self.published { partner in
            let (path, _) = try Self.file(partner, ".dat")
            try FileManager.default.removeItem(atPath: "\(partner.folder)/state")
            let rebuilt = try partner.occExport("reconcile")
            #expect(rebuilt.status == 0, "\(rebuilt.error)")
            let told = try partner.occExport("explain", "\(path):3").output
            #expect(
                told.contains(
                    "the archive does not have the batch: it was purged, or lost with the state\n"
                ),
                "\(told)"
            )
            #expect(told.contains("transaction 7000000003"), "\(told)")
        }
    }

    @Test func `of a line of an invoice is the row of that line`() async throws {
        try await Partner.withInvoices { partner in
            for id in 1...3 {
                try partner.sell(
                    "700000000\(id)",
                    ["invoiceNo": "\"A-1\"", "invoiceDate": "\"2026-11-22T00:00:00Z\""]
                )
            }
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            let (path, lines) = try Self.file(partner, ".xml")
            let ids = lines.indices.filter { lines[$0].contains("<cbc:ID>2</cbc:ID>") }
            let line = try #require(ids.last)
            #expect(try Self.told(partner, "\(path):\(line + 1)") == ["7000000002"])
            #expect(try Self.told(partner, "\(path):\(line + 2)") == ["7000000002"])
        }
    }
}
