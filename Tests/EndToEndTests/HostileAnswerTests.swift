internal import Foundation
import TestSupport
import Testing

/// What never ends, or grows, ends with its documented error and in bounded memory (DESIGN section 12).
struct `An attack on the memory` {
    /// The most that a run may hold, in MiB.
    static let most = 256

    private func attacked(
        _ arguments: [String] = ["--rows", "0", "--contracts", "2"],
        fault: String? = nil,
        command: [String] = ["run"],
        source: String = "",
        prepare: (Partner) throws -> Void = { _ in }
    ) async throws -> MeasuredResult {
        try await Partner.with(source: source, sandbox: arguments) { partner in
            if let fault { try partner.fail(fault) }
            try prepare(partner)
            let result = try measured(
                Checkout.program("occ-export"),
                command,
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(try partner.batches().isEmpty)
            return result
        }
    }

    private func expect(_ found: MeasuredResult, _ status: Int32, _ says: String) {
        let said = found.result.output + found.result.error
        #expect(found.result.status == status, "\(said.prefix(2_000))")
        #expect(said.contains(says), "\(said.prefix(2_000))")
        #expect(found.peak < Self.most, "\(found.peak) MiB")
    }

    @Test func `an endless body ends at 64 MiB`() async throws {
        let found = try await attacked(
            fault: #"[{"operation":"ContractTransactions","times":9,"size":1000000000000}]"#,
            source: "  contracts: [ \"22297\" ]"
        )
        expect(found, 65, "the answer is larger than 67108864 bytes")
    }

    @Test func `an endless row ends at a mebibyte`() async throws {
        let start = #"[{\"transactionId\":\""# + String(repeating: "x", count: 2_000_000)
        let found = try await attacked(
            fault:
                #"[{"operation":"ContractTransactions","times":9,"status":200,"body":"\#(start)"}]"#,
            source: "  contracts: [ \"22297\" ]"
        )
        expect(found, 65, "a row has more than 1048576 bytes")
    }

    @Test func `a compression bomb is not unpacked`() async throws {
        let found = try await attacked(
            fault: #"[{"operation":"ContractTransactions","times":9,"compressed":true}]"#,
            source: "  contracts: [ \"22297\" ]"
        )
        expect(found, 65, "the answer is compressed, which was not asked for")
    }

    @Test func `ten million contracts are refused`() async throws {
        let found = try await attacked(
            fault: #"[{"operation":"ContractNumbers","times":9,"numbers":10000000}]"#
        )
        expect(found, 65, "the answer is larger than 1048576 bytes")
    }

    @Test func `an alias bomb in the configuration is refused`() async throws {
        let found = try await attacked(prepare: { partner in
            var bomb = "a0: &a0 [x]\n"
            for level in 1...9 {
                bomb += "a\(level): &a\(level) ["
                bomb +=
                    [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ",") + "]\n"
            }
            try partner.write("occ-export.yaml", bomb)
        })
        expect(found, 78, "[anchor]")
    }

    @Test(arguments: [100_000, 1_000_000])
    func `a template of so many fields is refused`(_ count: Int) async throws {
        let found = try await attacked(
            command: ["template", "check", "wide"],
            prepare: { partner in
                try FileManager.default.createDirectory(
                    atPath: "\(partner.folder)/wide",
                    withIntermediateDirectories: false
                )
                let fields = (0..<count).map { "{name: f\($0)}" }.joined(separator: ",")
                try partner.write(
                    "wide/template.yaml",
                    "version: 1\ntitle: t\nformat: { kind: delimited }\nfiles: [{ name: x.csv, for_each: transactions, fields: [\(fields)] }]"
                )
            }
        )
        expect(found, 78, "[too-long]")
    }

    @Test func `a list as long as the file may be is refused`() async throws {
        let found = try await attacked(prepare: { partner in
            try partner.write(
                "occ-export.yaml",
                "[" + String(repeating: "a,", count: 524_000) + "]"
            )
        })
        expect(found, 78, "[too-long]")
    }

    @Test func `a lookup of a million rows is refused, one of a quarter fits`() async throws {
        for (count, status, says) in [
            (1_000_000, 78, "has more than 250000 rows"), (250_000, 0, "nothing new"),
        ] {
            let exports = """
                  - name: codes
                    template: codes
                    start: 2026-07-01
                    lookups: { codes: codes.csv }
                """
            let found = try await Partner.with(exports: exports) { partner in
                try FileManager.default.createDirectory(
                    atPath: "\(partner.folder)/codes",
                    withIntermediateDirectories: false
                )
                try partner.write(
                    "codes/template.yaml",
                    """
                    version: 1
                    title: t
                    lookups: { codes: { columns: { card: string, cost: string, account: int }, key: [card], missing: none } }
                    format: { kind: delimited }
                    files:
                      - name: x.csv
                        records:
                          - { id: row, for_each: transactions, fields: [{ name: a, value: "lookups.codes(cardNumber).?cost.orValue('')" }] }
                    """
                )
                try partner.write(
                    "codes.csv",
                    "card,cost,account\n"
                        + (0..<count).map { "92334\($0),K\($0),1\n" }
                        .joined()
                )
                return try measured(
                    Checkout.program("occ-export"),
                    ["run"],
                    environment: ["OCC_EXPORT_NOW": Partner.now],
                    in: partner.folder
                )
            }
            expect(found, Int32(status), says)
        }
    }
}
