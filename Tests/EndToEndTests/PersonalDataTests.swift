internal import Foundation
import TestSupport
import Testing

/// Where personal values may stand, and where never (reliability, section 6.7).
struct `Personal data` {
    static let personal = ["9233450000000011", "Mari Maasikas", "123ABC"]

    /// The files below a folder that hold any of the texts, but for those that `may`.
    private func holding(_ texts: [String], below folder: String, may: (String) -> Bool) -> [String]
    {
        let manager = FileManager.default
        return (manager.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { path in
                guard !may(path), let data = manager.contents(atPath: "\(folder)/\(path)") else {
                    return false
                }
                return texts.contains { data.firstRange(of: Data($0.utf8)) != nil }
            }
            .sorted()
    }

    @Test func `stands in data files, ledger and archive, not in manifests, records or reports`()
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", ["totalPrice": nil])
            let night = try partner.occExport("run", "--verbose", "--output", "json")
            #expect(night.status == 3, "\(night.output)\(night.error)")
            try partner.amend("7000000001", ["totalPrice": "13.64"])
            #expect(try partner.occExport("run").status == 3)
            for (command, status) in [("status", 3), ("verify", 0), ("doctor", 0)] {
                #expect(try partner.occExport(command).status == Int32(status), "\(command)")
            }
            _ = try partner.occExport("explain", "--transaction", "7000000001")
            let outbox = holding(Self.personal, below: "\(partner.folder)/outbox") {
                // The page for people sums by vehicle (docs/outbox.md).
                $0.hasSuffix(".csv") || $0.hasSuffix("summary.html")
            }
            #expect(outbox.isEmpty, "\(outbox)")
            let state = holding(Self.personal, below: "\(partner.folder)/state") {
                $0 == "ledger.sqlite"
            }
            #expect(state.isEmpty, "\(state)")
            // The search finds what it looks for.
            #expect(
                !holding(Self.personal, below: "\(partner.folder)/state", may: { _ in false })
                    .isEmpty
            )
        }
    }

    @Test func `the key stands in its own file alone`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run", "--verbose").status == 0)
            let found = holding(["0123456789abcdef0123456789abcdef"], below: partner.folder) {
                $0 == "psk"
            }
            #expect(found.isEmpty, "\(found)")
        }
    }

    @Test func `a rejected row is told by its id, in a report of mode 0600`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000002", ["totalPrice": nil])
            let night = try partner.occExport("run")
            #expect(night.status == 3, "\(night.output)\(night.error)")
            #expect((night.output + night.error).contains("7000000002"))
            let reports = "\(partner.folder)/state/reports"
            let names = try FileManager.default.contentsOfDirectory(atPath: reports)
            #expect(names.count == 1)
            for name in names {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: "\(reports)/\(name)"
                )
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            }
        }
    }
}
