internal import Foundation
import TestSupport
import Testing

/// Running numbers of documents: counted on from batch to batch, and known when a batch is explained.
struct `Numbers of documents` {
    private static let template = """
        version: 1
        title: Vouchers
        documents: { group_by: [transactionId], as: voucher, numbered_from: 700 }
        format: { kind: delimited, line_end: lf, delimiter: ";" }
        files:
          - name: vouchers_${batch.number}.csv
            records:
              - for_each: documents
                id: voucher
                fields:
                  - { value: voucher.serial }
                  - { value: voucher.transactionId }
        """

    private static func with(_ body: (Partner) throws -> Void) async throws {
        try await Partner.with(
            exports: "  - { name: vouchers, template: vouchers, start: 2026-07-01 }"
        ) { partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/vouchers",
                withIntermediateDirectories: false
            )
            try partner.write("vouchers/template.yaml", template)
            try body(partner)
        }
    }

    private static func publish(_ partner: Partner, _ batch: Int) throws -> String {
        try partner.sell("700000000\(batch)1")
        try partner.sell("700000000\(batch)2")
        let night = try partner.occExport("run")
        #expect(night.status == 0, "\(night.output)\(night.error)")
        return "\(try #require(try partner.batches().last))/vouchers_\(batch).csv"
    }

    private static func numbers(_ partner: Partner, _ file: String) throws -> [Int]? {
        struct Manifest: Decodable { let documentNumbers: [Int]? }
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        let data = Data(try partner.text("\(folder)/manifest.json").utf8)
        return try JSONDecoder().decode(Manifest.self, from: data).documentNumbers
    }

    @Test func `go on from batch to batch, and stand in the manifest`() async throws {
        try await Self.with { partner in
            let first = try Self.publish(partner, 1)
            let second = try Self.publish(partner, 2)
            #expect(try partner.text(first) == "700;70000000011\n701;70000000012\n")
            #expect(try partner.text(second) == "702;70000000021\n703;70000000022\n")
            #expect(try Self.numbers(partner, first) == [700, 701])
            #expect(try Self.numbers(partner, second) == [702, 703])
        }
    }

    @Test func `are those of the batch when a line of any batch is explained`() async throws {
        try await Self.with { partner in
            for batch in 1...3 { _ = try Self.publish(partner, batch) }
            let middle = "\(try partner.batches()[1])/vouchers_2.csv"
            let line = try partner.occExport("explain", "\(middle):2")
            #expect(line.status == 0, "\(line.error)")
            #expect(line.output.contains("record voucher"), "\(line.output)")
            #expect(line.output.contains("transaction 70000000022"), "\(line.output)")
            #expect(!line.output.contains("transaction 70000000021"), "\(line.output)")
            // Another first number in the template is another template from now on.
            try partner.write(
                "vouchers/template.yaml",
                Self.template.replacing("numbered_from: 700", with: "numbered_from: 900")
            )
            let later = try partner.occExport("explain", "\(middle):2")
            #expect(later.output.contains("record voucher"), "\(later.output)")
            try partner.write(
                "vouchers/template.yaml",
                Self.template.replacing("delimiter: \";\"", with: "delimiter: \",\"")
            )
            let changed = try partner.occExport("explain", "\(middle):2")
            #expect(changed.status == 0)
            #expect(
                changed.output.contains(
                    "template, parameters or lookups of 'vouchers' are no longer what they were, so which field wrote what cannot be told"
                ),
                "\(changed.output)"
            )
            #expect(changed.output.contains("transaction 70000000022"), "\(changed.output)")
        }
    }

    @Test func `are not given twice by a ledger that was rebuilt`() async throws {
        try await Self.with { partner in
            _ = try Self.publish(partner, 1)
            try FileManager.default.removeItem(atPath: "\(partner.folder)/state")
            #expect(try partner.occExport("reconcile").status == 0)
            let second = try Self.publish(partner, 2)
            #expect(try partner.text(second) == "702;70000000021\n703;70000000022\n")
        }
    }
}
