internal import Foundation
import TestSupport
import Testing

/// Who may read and write what the program makes (reliability, section 6.3).
struct `Files and folders` {
    /// Type and mode of everything below a folder, by path: `drwxr-x---` as an octal number.
    private func modes(below folder: String) throws -> [String: (isFolder: Bool, mode: Int)] {
        let manager = FileManager.default
        var modes: [String: (isFolder: Bool, mode: Int)] = [:]
        for path in manager.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            let attributes = try manager.attributesOfItem(atPath: "\(folder)/\(path)")
            modes[path] = (
                attributes[.type] as? FileAttributeType == .typeDirectory,
                (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            )
        }
        return modes
    }

    /// A command of the shell in the partner's folder, where `$0` is the program.
    private func shell(_ partner: Partner, _ script: String) throws -> ProgramResult {
        try run(
            "/bin/sh",
            ["-c", script, Checkout.program("occ-export")],
            environment: ["OCC_EXPORT_NOW": Partner.now],
            in: partner.folder
        )
    }

    @Test(arguments: ["000", "022", "077"])
    func `are for their user and the outbox's readers alone, whatever the umask`(_ umask: String)
        async throws
    {
        try await Partner.with(isInitialised: false) { partner in
            try partner.sell("7000000001")
            let night = try shell(
                partner,
                "umask \(umask); \"$0\" init && \"$0\" run && \"$0\" backup copy.sqlite && \"$0\" fetch --raw rows.json"
            )
            #expect(night.status == 0, "\(night.output)\(night.error)")
            let state = try modes(below: "\(partner.folder)/state")
            #expect(state.count > 6, "\(state.keys)")
            for (path, found) in state {
                #expect(found.mode == (found.isFolder ? 0o700 : 0o600), "state/\(path)")
            }
            let outbox = try modes(below: "\(partner.folder)/outbox")
            #expect(outbox.keys.contains { $0.hasSuffix("manifest.json") })
            for (path, found) in outbox {
                let file = path.hasSuffix("/lock") ? 0o600 : 0o640
                #expect(found.mode == (found.isFolder ? 0o750 : file), "outbox/\(path)")
            }
            let own = try modes(below: partner.folder)
            #expect(own["state"]?.mode == 0o700)
            #expect(own["outbox"]?.mode == 0o750)
            #expect(own["copy.sqlite"]?.mode == 0o600)
            #expect(own["rows.json"]?.mode == 0o600)
        }
    }

    @Test(arguments: ["directory", "flat"])
    func `of an outbox that a group may write can be moved and deleted by it`(_ layout: String)
        async throws
    {
        let exports =
            Partner.accountant.replacing("accountant-csv", with: "csv-machine")
            + "\n    folder: sub\n    layout: \(layout)"
        try await Partner.with(exports: exports) { partner in
            try partner.sell("7000000001")
            let outbox = "\(partner.folder)/outbox"
            // The group is another than this user's own where the test may give files away.
            let group = getuid() == 0 ? 12_345 : Int(getgid())
            try FileManager.default.setAttributes(
                [.groupOwnerAccountID: group],
                ofItemAtPath: outbox
            )
            #expect(try run("/bin/chmod", ["2770", outbox]).status == 0)
            for own in ["", "/staging"] {
                try FileManager.default.setAttributes(
                    [.groupOwnerAccountID: group],
                    ofItemAtPath: "\(outbox)/.occ-export\(own)"
                )
                #expect(try run("/bin/chmod", ["g+s", "\(outbox)/.occ-export\(own)"]).status == 0)
            }
            let night = try shell(partner, "umask 022; \"$0\" run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            let found = try modes(below: outbox)
            #expect(found.keys.contains { $0.hasSuffix("manifest.json") })
            for (path, found) in found where !path.hasPrefix(".occ-export") {
                #expect(found.mode == (found.isFolder ? 0o2770 : 0o660), "\(path)")
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: "\(outbox)/\(path)"
                )
                #expect(
                    (attributes[.groupOwnerAccountID] as? NSNumber)?.intValue == group,
                    "\(path)"
                )
            }
            // What is the program's own stays its own.
            for (path, found) in found where path.hasPrefix(".occ-export") {
                #expect(found.mode & 0o022 == 0, "\(path)")
            }
            #expect(try partner.occExport("verify").status == 0)
        }
    }

    @Test(arguments: ["state", "outbox"], ["0777", "1777", "0702"])
    func `that everyone may write are refused, unless a setting takes them`(
        _ folder: String,
        _ mode: String
    ) async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try run("/bin/chmod", [mode, "\(partner.folder)/\(folder)"]).status == 0)
            let refused = try partner.occExport("run")
            #expect(refused.status == 78, "\(refused.output)\(refused.error)")
            #expect(
                refused.error.contains(
                    "\(folder): everyone may write in it, so anybody could add or take files; chmod o-w it, or set allow_open_folders"
                ),
                "\(refused.error)"
            )
            #expect(try partner.batches().isEmpty)
            let text = try partner.text("occ-export.yaml")
            try partner.write("occ-export.yaml", text + "\nallow_open_folders: true\n")
            let taken = try partner.occExport("run")
            #expect(taken.status == 0, "\(taken.output)\(taken.error)")
        }
    }

    @Test func `a link in place of a folder or file of ours is not followed`() async throws {
        try await Partner.with { partner in
            #expect(try partner.occExport("run").status == 0)
            try partner.sell("7000000001")
            let manager = FileManager.default
            for name in ["lock", "stamp.json"] {
                let path = "\(partner.folder)/outbox/.occ-export/\(name)"
                try manager.moveItem(atPath: path, toPath: "\(partner.folder)/\(name)")
                try manager.createSymbolicLink(
                    atPath: path,
                    withDestinationPath: "\(partner.folder)/\(name)"
                )
                let refused = try partner.occExport("run")
                #expect(refused.status == 73, "\(refused.output)\(refused.error)")
                #expect(refused.error.contains(name), "\(refused.error)")
                try manager.removeItem(atPath: path)
                try manager.moveItem(atPath: "\(partner.folder)/\(name)", toPath: path)
            }
            #expect(try partner.batches().isEmpty)
            #expect(try partner.occExport("run").status == 0)
        }
    }

    @Test func `a pipe in place of a file is told, not waited for`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            let batch = try #require(try partner.batches().first)
            let lines = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "\(partner.folder)/\(batch)")
                    .first { $0.hasSuffix(".csv") }
            )
            let cases: [(name: String, status: Int32, says: String)] = [
                ("\(batch)/manifest.json", 65, "manifest.json is not the one that was published"),
                ("\(batch)/\(lines)", 65, "\(lines) was changed after publication"),
                ("outbox/.occ-export/stamp.json", 73, "is no regular file"),
            ]
            for (name, status, says) in cases {
                let path = "\(partner.folder)/\(name)"
                try FileManager.default.moveItem(atPath: path, toPath: "\(partner.folder)/kept")
                #expect(try run("/usr/bin/mkfifo", [path]).status == 0)
                let found = try partner.occExport("verify")
                #expect(found.status == status, "\(found.output)\(found.error)")
                let told = found.output + found.error
                #expect(told.contains(says), "\(told)")
                try FileManager.default.removeItem(atPath: path)
                try FileManager.default.moveItem(atPath: "\(partner.folder)/kept", toPath: path)
            }
            #expect(try partner.occExport("verify").status == 0)
        }
    }

    @Test func `of a row's fields only few take part in a name, none leads out of the outbox`()
        async throws
    {
        let exports = """
              - name: invoices
                template: invoices
                start: 2026-07-01
            """
        try await Partner.with(exports: exports) { partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/invoices",
                withIntermediateDirectories: false
            )
            try partner.write(
                "invoices/template.yaml",
                """
                version: 1
                title: t
                format: { kind: delimited }
                files:
                  - name: "${file.invoiceNo.orValue('none')}.csv"
                    for_each: transactions
                    group_by: [invoiceNo]
                    as: file
                    records:
                      - { id: row, for_each: file.transactions, fields: [{ name: id, value: transactionId }] }
                """
            )
            let names = [
                "../../../x", "/etc/x", "..", "con", "-rf", ".occ-export", "a\\\\b",
                "manifest.json",
            ]
            for (index, name) in names.enumerated() {
                try partner.sell("700000000\(index)", ["invoiceNo": "\"\(name)\""])
            }
            let before = try FileManager.default.contentsOfDirectory(atPath: partner.folder)
                .sorted()
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: partner.folder).sorted()
                    == before
            )
            let batch = try #require(try partner.batches().first)
            let files = try FileManager.default.contentsOfDirectory(
                atPath: "\(partner.folder)/\(batch)"
            ).filter { !["manifest.json", "SHA256SUMS", "summary.html"].contains($0) }
            #expect(files.count == names.count, "\(files)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(partner.folder)/outbox")
                    .count == 2
            )
        }
    }
}
