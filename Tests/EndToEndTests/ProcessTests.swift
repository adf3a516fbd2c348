internal import Foundation
internal import Glibc
import TestSupport
import Testing

/// What others on the machine can see of a running program (reliability, section 6.1).
struct `A running program` {
    @Test func `shows no key to the process list and can leave no core dump`() async throws {
        try await Partner.with { partner in
            let server = try LoopbackListener(waits: true)
            let text = try partner.text("occ-export.yaml")
            try partner.write(
                "occ-export.yaml",
                text.replacing(
                    partner.sandbox.address,
                    with: "http://127.0.0.1:\(server.port)/api/v1"
                )
            )
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = [
                "-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" run",
                Checkout.program("occ-export"),
            ]
            process.currentDirectoryURL = URL(fileURLWithPath: partner.folder)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            // It is in the middle of its work once it asks.
            let connection = server.connection()
            let id = process.processIdentifier
            let limits = try String(contentsOfFile: "/proc/\(id)/limits", encoding: .utf8)
            let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            #expect(line?.wholeMatch(of: /Max core file size +0 +0 +bytes */) != nil, "\(limits)")
            for list in ["cmdline", "environ"] {
                // Who may read it is the system's choice; what can be read holds no key.
                let seen = FileManager.default.contents(atPath: "/proc/\(id)/\(list)") ?? Data()
                #expect(
                    !String(decoding: seen, as: UTF8.self).contains("0123456789abcdef"),
                    "\(list)"
                )
            }
            kill(id, SIGKILL)
            process.waitUntilExit()
            close(connection)
        }
    }

    @Test func `takes a key from no argument`() throws {
        for command in ["run", "fetch", "doctor", "contracts", "init", "bonuscards define"] {
            let help = try run(
                Checkout.program("occ-export"),
                command.split(separator: " ").map(String.init) + ["--help"]
            )
            #expect(help.status == 0)
            #expect(!help.output.lowercased().contains("--psk"), "\(command)")
            #expect(!help.output.lowercased().contains("--key"), "\(command)")
        }
        let refused = try run(Checkout.program("occ-export"), ["run", "--psk", "0123"])
        #expect(refused.status == 64)
    }

    @Test(arguments: [
        ("OCC_EXPORT_NOW", "2040-01-01T00:00:00Z"), ("OCC_EXPORT_CRASH_AFTER", "prepared"),
    ])
    func `is rehearsed only against this machine`(_ variable: String, _ value: String) async throws
    {
        try await Partner.with { partner in
            let text = try partner.text("occ-export.yaml")
            try partner.write(
                "occ-export.yaml",
                text.replacing(partner.sandbox.address, with: "https://occ.example.com/api/v1")
            )
            for command in [["run"], ["purge", "--yes"], ["status"]] {
                let refused = try run(
                    Checkout.program("occ-export"),
                    command,
                    environment: [variable: value],
                    in: partner.folder
                )
                #expect(refused.status == 64, "\(refused.output)\(refused.error)")
                #expect(
                    refused.error.contains(
                        "\(variable) is for rehearsals against a sandbox on this machine"
                    ),
                    "\(refused.error)"
                )
            }
        }
    }
}
