internal import Foundation
import TestSupport
import Testing

/// Disks that are full or cannot be written, and runs that are killed: nothing is lost, nothing comes twice.
struct `A disk that fails` {
    private static let isRoot = geteuid() == 0

    /// Mounts a small file system for the outbox; `options` are those of tmpfs.
    private func withOutbox(_ options: String, _ partner: Partner, _ body: () async throws -> Void)
        async throws
    {
        let outbox = "\(partner.folder)/outbox"
        try FileManager.default.createDirectory(
            atPath: outbox,
            withIntermediateDirectories: true
        )
        // tmpfs would be open to everyone, which no outbox may be.
        let options = "mode=0750,\(options)"
        let mounted = try run("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", outbox])
        try #require(mounted.status == 0, "\(mounted.error)")
        do {
            try await body()
        } catch {
            _ = try run("/bin/umount", [outbox])
            throw error
        }
        let unmounted = try run("/bin/umount", [outbox])
        #expect(unmounted.status == 0, "\(unmounted.error)")
    }

    @Test(.enabled(if: isRoot, "mounting a file system needs root"))
    func `a full outbox ends the run with 73, and with room again everything comes once`()
        async throws
    {
        try await Partner.with(isInitialised: false) { partner in
            try await withOutbox("size=160k", partner) {
                #expect(try partner.occExport("init").status == 0)
                for number in 0..<40 { try partner.sell("70000000\(10 + number)") }
                let filler = "\(partner.folder)/outbox/filler"
                // All but one page is taken by somebody else.
                _ = try run("/bin/sh", ["-c", "cat /dev/zero > '\(filler)' 2>/dev/null; true"])
                let full = try partner.occExport("run")
                #expect(full.status == 73, "\(full.output)\(full.error)")
                #expect(full.error.contains("No space left on device"), "\(full.error)")
                #expect(try partner.batches().isEmpty)
                try FileManager.default.removeItem(atPath: filler)
                let after = try partner.occExport("run")
                #expect(after.status == 0, "\(after.output)\(after.error)")
                let batches = try partner.batches()
                #expect(try batches.flatMap { try partner.lines($0) }.count == 40)
            }
        }
    }

    @Test(.enabled(if: isRoot, "mounting a file system needs root"))
    func `an outbox that cannot be written is found before anything is fetched`() async throws {
        try await Partner.with(isInitialised: false) { partner in
            try await withOutbox("size=1m", partner) {
                #expect(try partner.occExport("init").status == 0)
                try partner.sell("7000000001")
                let outbox = "\(partner.folder)/outbox"
                #expect(try run("/bin/mount", ["-o", "remount,ro", outbox]).status == 0)
                let result = try partner.occExport("run")
                #expect(result.status == 73, "\(result.output)\(result.error)")
                #expect(result.error.contains("Read-only file system"), "\(result.error)")
                #expect(try partner.sandbox.control("log") == "[]")
                #expect(try run("/bin/mount", ["-o", "remount,rw", outbox]).status == 0)
                #expect(try partner.occExport("run").output.contains("with 1 transactions"))
            }
        }
    }

    @Test(.enabled(if: isRoot, "mounting a file system needs root"))
    func `a backup that does not fit leaves nothing behind`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            let small = "\(partner.folder)/small"
            try FileManager.default.createDirectory(
                atPath: small,
                withIntermediateDirectories: true
            )
            let mount = ["-t", "tmpfs", "-o", "mode=0750,size=16k", "tmpfs", small]
            try #require(try run("/bin/mount", mount).status == 0)
            defer { #expect((try? run("/bin/umount", [small]).status) == 0) }
            let result = try partner.occExport("backup", "\(small)/copy.sqlite")
            #expect(result.status == 74)
            #expect(
                result.error
                    == "error: \(small)/copy.sqlite.new: SQLite 13 (database or disk is full); free space on the disk, the next run goes on\n"
            )
            #expect(try FileManager.default.contentsOfDirectory(atPath: small) == [])
        }
    }

    @Test(arguments: ["staged", "prepared", "renamed", "published", "stamped", "cleaned"])
    func `a run killed at any step of the publication is settled by the next`(_ step: String)
        async throws
    {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            let killed = try partner.occExport(
                "run",
                environment: ["OCC_EXPORT_CRASH_AFTER": step]
            )
            #expect(killed.status == 9, "\(killed.output)\(killed.error)")
            let next = try partner.occExport("run")
            #expect(next.status == 0, "\(next.output)\(next.error)")
            let batches = try partner.batches()
            #expect(batches.count == 1)
            #expect(try batches.flatMap { try partner.lines($0) }.count == 1)
            #expect(try partner.occExport("verify").status == 0)
            let third = try partner.occExport("run")
            #expect(third.output.contains("accountant: nothing new to publish"))
        }
    }

    @Test func `two runs never meet`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            // The shell's own descriptor holds the lock that a run takes.
            let result = try run(
                "/bin/sh",
                [
                    "-c",
                    "exec 9<>state/lock && flock -n 9 && exec \"$0\" run",
                    Checkout.program("occ-export"),
                ],
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(result.status == 75, "\(result.output)\(result.error)")
            #expect(result.error.contains("another run holds the lock"))
            #expect(try partner.batches().isEmpty)
        }
    }

    @Test func `a state folder without a ledger is not filled silently`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try FileManager.default.removeItem(atPath: "\(partner.folder)/state/ledger.sqlite")
            let result = try partner.occExport("run")
            #expect(result.status == 4, "\(result.output)\(result.error)")
            #expect(try partner.batches().count == 1)
        }
    }
}
