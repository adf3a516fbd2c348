internal import Foundation
import TestSupport
import Testing

/// All that a manifest promises (docs/outbox.md), looked for in a batch of each kind.
struct `What a manifest says` {
    private struct Manifest: Decodable {
        struct Sums: Decodable {
            let count: Int
            let netAmount: String
            let vatAmount: String
            let totalPrice: String
            let byVatRate: [String: Sums]?
        }
        struct Rows: Decodable, Equatable {
            let originals: Int
            let reversals: Int
            let replacements: Int
        }
        struct Mention: Decodable, Equatable {
            let transactionId: String
            let reason: String
            let message: String?
        }
        struct Dialect: Decodable, Equatable {
            let delimiter: String
            let quoteChar: String
            let doubleQuote: Bool
            let lineTerminator: String
            let header: Bool
        }
        struct Column: Decodable { let name: String }
        struct Schema: Decodable { let fields: [Column] }
        struct Total: Decodable {
            let name: String
            let selected: String
            let written: String
        }
        struct Resource: Decodable {
            let path: String
            let bytes: Int
            let hash: String
            let encoding: String
            let format: String
            let dialect: Dialect?
            let schema: Schema?
            let records: Int
            let controlTotals: [Total]
            let substitutions: [String: Int]
            let members: [Resource]?
        }

        let id: String
        let number: Int
        let kind: String
        let of: [Int]?
        let previous: String?
        let export: String
        let template: String
        let templateHash: String
        let program: String
        let window: [String]
        let transactions: Int
        let rows: Rows
        let totals: [String: Sums]
        let hashTotal: String
        let held: [String: Int]
        let rejected: [Mention]
        let changed: [Mention]
        let vanished: [Mention]
        let resources: [Resource]
    }

    /// One file a currency, all kinds of trouble: rows held, rejected, altered, taken back.
    private static func template(_ package: String) -> String {
        """
        version: 1
        title: Rows
        accepts: [reversals]
        requires: [receiptNo]
        optional: [receiptNo]
        format: { kind: delimited, encoding: iso-8859-1, line_end: crlf, delimiter: ";", absent: "", unmappable: transliterate }
        \(package)
        layouts:
          row: { fields: [id, product, total] }
        files:
          - name: "rows_${file.currency}_${batch.number}.csv"
            for_each: transactions
            group_by: [currency]
            as: file
            records:
              - names_of: row
              - { id: row, for_each: file.transactions, layout: row, values: { id: transactionId, product: occProductName, total: { value: "round(totalPrice, 2)", decimals: 2 } } }
            control_totals: { total: { selected: "file.transactions.map(t, round(t.totalPrice, 2)).sum()", written: "written.row.map(r, r.total).sum()" } }
        """
    }

    private static func night(_ partner: Partner, _ day: Int, _ status: Int32) throws {
        let now = "2026-11-\(day)T03:00:00Z"
        try partner.sandbox.control("clock", "{\"now\":\"\(now)\"}")
        let result = try partner.occExport("run", now: now)
        #expect(result.status == status, "\(result.output)\(result.error)")
    }

    /// Publishes batches of each kind; gives the paths of their folders with their manifests, by number.
    private static func publish(_ partner: Partner) throws {
        for (folder, package) in [
            ("rows", ""), ("zipped", "package: { kind: zip, name: \"rows_${batch.number}.zip\" }"),
        ] {
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/\(folder)",
                withIntermediateDirectories: false
            )
            try partner.write("\(folder)/template.yaml", template(package))
        }
        try partner.sell("7000000001", ["occProductName": "\"Kütus ŽŽ\""])
        try partner.sell("7000000002", ["currency": "\"SEK\"", "vatRate": "25.0000"])
        try partner.sell("7000000003", ["vatRate": "9.0000"])
        try partner.sell("7000000004", ["netAmount": "null", "occProductCode": "\"9\""])
        try partner.sell("7000000005", ["receiptNo": nil])
        try night(partner, 24, 3)
        try partner.amend("7000000001", ["totalPrice": "24.8000"])
        try partner.sandbox.control(
            "edit",
            #"{"feed":"contract-transactions","contract":"22297","transactionId":"7000000003","remove":true}"#
        )
        try night(partner, 25, 3)
        // The second night without it tells that it is gone.
        try partner.sell("7000000006")
        try partner.sell("7000000007", ["currency": "\"SEK\""])
        try night(partner, 26, 3)
        let again = try partner.occExport("reissue", "1", now: "2026-11-26T03:00:00Z")
        #expect(again.status == 0, "\(again.error)")
    }

    private static let exports = """
          - { name: rows, template: rows, start: 2026-07-01, on_change: reverse_and_replace, corrections: own, when: occProductCode != '9' || netAmount > 0.0 }
          - { name: zipped, template: zipped, start: 2026-07-01 }
          - { name: quiet, template: rows, start: 2026-07-01, when: occProductCode == 'none', empty_batch: true }
        """

    /// By a program that is not ours.
    private static func hash(_ path: String) throws -> String {
        String(try run("/usr/bin/sha256sum", [path]).output.prefix(64))
    }

    @Test func `is all there in each kind of batch`() async throws {
        try await Partner.with(exports: Self.exports, isInitialised: true) { partner in
            try Self.publish(partner)
            var previous: String?
            var byName: [String: [Manifest]] = [:]
            for (index, batch) in try partner.batches().enumerated() {
                let data = Data(try partner.text("\(batch)/manifest.json").utf8)
                let manifest = try JSONDecoder().decode(Manifest.self, from: data)
                byName[manifest.export, default: []].append(manifest)
                #expect(manifest.number == index + 1)
                #expect(manifest.previous == previous, "\(batch)")
                previous = try Self.hash("\(partner.folder)/\(batch)/manifest.json")
                try Self.checkWhatAllHave(manifest, in: "\(partner.folder)/\(batch)")
            }
            try Self.checkRows(try #require(byName["rows"]))
            try Self.checkZipped(try #require(byName["zipped"]?.first))
            for quiet in try #require(byName["quiet"]) {
                #expect(quiet.kind == "regular")
                #expect(quiet.transactions == 0)
                #expect(quiet.totals.isEmpty)
                #expect(quiet.hashTotal == "0")
            }
        }
    }

    private static func checkWhatAllHave(_ manifest: Manifest, in folder: String) throws {
        #expect(!manifest.id.isEmpty)
        #expect(manifest.template == (manifest.export == "zipped" ? "zipped" : "rows"))
        #expect(manifest.templateHash.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
        #expect(manifest.program == "occ-export 0.1.0")
        #expect(manifest.window.count == 2)
        let all = manifest.rows
        #expect(all.originals + all.reversals + all.replacements == manifest.transactions)
        for resource in manifest.resources {
            let path = "\(folder)/\(resource.path)"
            #expect(resource.bytes == (try Data(contentsOf: URL(fileURLWithPath: path))).count)
            #expect(resource.hash == "sha256:\(try hash(path))")
            for file in resource.members ?? [resource] {
                #expect(file.encoding == "iso-8859-1")
                #expect(file.format == "csv")
                #expect(
                    file.dialect
                        == .init(
                            delimiter: ";",
                            quoteChar: "\"",
                            doubleQuote: true,
                            lineTerminator: "\r\n",
                            header: true
                        )
                )
                #expect(file.schema?.fields.map(\.name) == ["id", "product", "total"])
                #expect(file.records > 1)
                #expect(file.controlTotals.map(\.name) == ["total"])
                #expect(file.controlTotals.allSatisfy { $0.selected == $0.written })
            }
        }
    }

    private static func checkRows(_ manifests: [Manifest]) throws {
        try #require(manifests.map(\.kind) == ["regular", "corrections", "regular", "reissue"])
        let first = manifests[0]
        #expect(first.resources.map(\.path) == ["rows_EUR_1.csv", "rows_SEK_1.csv"])
        #expect(first.transactions == 3)
        #expect(first.totals["EUR"]?.totalPrice == "24.8")
        #expect(first.totals["EUR"]?.byVatRate?.keys.sorted() == ["24", "9"])
        #expect(first.totals["EUR"]?.byVatRate?["9"]?.vatAmount == "2.4")
        #expect(first.totals["SEK"]?.byVatRate?["25"]?.netAmount == "10")
        #expect(first.hashTotal == "30")
        #expect(first.held == ["waiting": 1])
        #expect(first.rejected.map(\.transactionId) == ["7000000004"])
        #expect(first.rejected.allSatisfy { !$0.reason.isEmpty && $0.message != nil })
        #expect(first.resources.map(\.substitutions) == [["characters": 2], [:]])
        let correction = manifests[1]
        #expect(correction.rows == .init(originals: 0, reversals: 1, replacements: 1))
        #expect(correction.totals["EUR"]?.totalPrice == "12.4")
        #expect(
            correction.changed == [
                .init(transactionId: "7000000001", reason: "changed", message: "totalPrice")
            ]
        )
        #expect(
            manifests[2].vanished == [
                .init(transactionId: "7000000003", reason: "vanished", message: nil)
            ]
        )
        #expect(manifests[2].held["waiting"] == 1)
        let reissue = manifests[3]
        #expect(reissue.of == [1])
        #expect(reissue.resources.map(\.hash) == first.resources.map(\.hash))
        #expect(reissue.totals["EUR"]?.totalPrice == "24.8")
        #expect(reissue.rejected == first.rejected)
        #expect(reissue.held == first.held)
    }

    private static func checkZipped(_ manifest: Manifest) throws {
        let package = try #require(manifest.resources.first)
        #expect(package.path == "rows_2.zip")
        #expect(package.format == "zip")
        #expect(package.members?.map(\.path) == ["rows_EUR_2.csv", "rows_SEK_2.csv"])
        #expect(package.substitutions == ["characters": 2])
        for member in package.members ?? [] {
            #expect(member.hash.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
            #expect(member.bytes > 40)
        }
    }
}
