internal import Foundation
import TestSupport
import Testing

/// The real binary killed behind each step of a publication: the next run leaves one whole batch.
struct `A killed run` {
    struct Case: CustomTestStringConvertible, Sendable {
        let step: String
        let layout: String
        var testDescription: String { "killed behind '\(step)', \(layout) layout" }

        static let all = [
            "staged", "prepared", "renamed", "shown", "published", "stamped", "cleaned",
        ]
        .flatMap { step in
            ["directory", "flat"].map { Case(step: step, layout: $0) }
        }
    }

    private static func exports(_ layout: String) -> String {
        Partner.accountant + "\n    layout: \(layout)"
    }

    @Test(.tags(.crash), arguments: Case.all)
    func `is settled by the next`(_ kill: Case) async throws {
        try await Partner.with(exports: Self.exports(kill.layout)) { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", contract: "123")
            let killed = try partner.occExport(
                "run",
                environment: ["OCC_EXPORT_CRASH_AFTER": kill.step]
            )
            #expect(killed.status == SIGKILL)
            let next = try partner.occExport("run")
            #expect(next.status == 0, "\(next.error)")
            let again = try partner.occExport("run")
            #expect(again.output.contains("accountant: nothing new to publish"))
            #expect(
                try partner.occExport("verify").output.contains("1 batches intact, 0 collected")
            )
            let csv = try partner.shownFiles().filter { $0.hasSuffix(".csv") }
            #expect(csv.count == 2, "\(csv)")
            #expect(try partner.staged().isEmpty)
        }
    }

    @Test(.tags(.crash)) func `is killed again while the next settles it, and settled then`()
        async throws
    {
        try await Partner.with(exports: Self.exports("flat")) { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", contract: "123")
            for step in ["prepared", "renamed", "renamed", "shown"] {
                let killed = try partner.occExport(
                    "run",
                    environment: ["OCC_EXPORT_CRASH_AFTER": step]
                )
                #expect(killed.status == SIGKILL, "\(step): \(killed.output)")
            }
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("verify").output.contains("1 batches intact"))
            #expect(try partner.staged().isEmpty)
        }
    }

    @Test(.tags(.crash)) func `whose files were collected at once is not sent again`() async throws
    {
        try await Partner.with(exports: Self.exports("flat")) { partner in
            try partner.sell("7000000001")
            _ = try partner.occExport("run", environment: ["OCC_EXPORT_CRASH_AFTER": "renamed"])
            let taken = try partner.shownFiles()
            #expect(taken.count == 1)
            for file in taken {
                try FileManager.default.removeItem(atPath: "\(partner.folder)/outbox/\(file)")
            }
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.shownFiles().filter { $0.hasSuffix(".csv") }.isEmpty)
            #expect(try partner.shownFiles().contains { $0.hasSuffix(".manifest.json") })
        }
    }

    @Test func `keeps another run from starting`() async throws {
        try await Partner.with { partner in
            // A stranger holds the lock as a run does.
            let script = "exec 9>state/lock; flock -n 9; \(Checkout.program("occ-export")) run"
            let result = try run(
                "/bin/sh",
                ["-c", script],
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(result.status == 75)
            #expect(
                result.error.contains("another run holds the lock; wait until it has ended"),
                "\(result.error)"
            )
        }
    }
}

extension Partner {
    /// All files that consumers see, from the outbox on.
    func shownFiles() throws -> [String] {
        let paths = FileManager.default.enumerator(atPath: "\(folder)/outbox")?
            .compactMap { $0 as? String }
        return try (paths ?? []).filter { path in
            guard !path.hasPrefix(".occ-export") else { return false }
            let attributes = try FileManager.default.attributesOfItem(
                atPath: "\(folder)/outbox/\(path)"
            )
            return attributes[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }

    /// What lies in staging.
    func staged() throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: "\(folder)/outbox/.occ-export/staging"
        )
    }
}
