import Delivery
import Foundation
import TestSupport
import Testing

/// Files that are whole or not there, locks that die with their process, files read back.
struct `Files` {
    @Test func `a new file is not made over another or a link`() async throws {
        try await withTemporaryDirectory { folder in
            try Data("old".utf8).write(to: URL(fileURLWithPath: "\(folder)/a"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/b",
                withDestinationPath: "\(folder)/c"
            )
            for name in ["a", "b"] {
                let error = #expect(throws: DeliveryError.self) {
                    _ = try DurableFile(creating: "\(folder)/\(name)").finish()
                }
                #expect(
                    error?.description
                        == "\(folder)/\(name): cannot be created: File exists; something else is there, choose another name or move it away"
                )
            }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/c"))
        }
    }

    @Test func `a file of the outbox has mode 0640, another 0600, whatever the umask`() async throws
    {
        try await withTemporaryDirectory { folder in
            let previous = umask(0o077)
            defer { umask(previous) }
            _ = try DurableFile(creating: "\(folder)/a").finish()
            _ = try DurableFile(creating: "\(folder)/b", code: .inputOutput).finish()
            let modes = try ["a", "b"].map {
                try FileManager.default.attributesOfItem(atPath: "\(folder)/\($0)")[
                    .posixPermissions
                ] as? Int
            }
            #expect(modes == [0o640, 0o600])
        }
    }

    @Test func `compressed files give back what went in, and say when they are cut off`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/a.gz"
            let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
            var file = try CompressedFile(creating: path, code: .inputOutput)
            try file.write(bytes[..<300_000])
            try file.write(bytes[300_000...])
            let written = try file.finish()
            #expect(written.size == 700_000)
            var back: [UInt8] = []
            try CompressedFile.read(path, code: .inputOutput) { back += $0 }
            #expect(back == bytes)
            let gunzip = try run("/bin/sh", ["-c", "gzip -dc \(path) | sha256sum"])
            #expect(gunzip.output.hasPrefix(written.hash))
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            try data.prefix(data.count - 9).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DeliveryError.self) {
                try CompressedFile.read(path, code: .inputOutput) { _ in }
            }
            #expect(
                error?.description
                    == "\(path): is cut off; bring it back from a copy of the archive"
            )
        }
    }

    @Test func `a second lock is refused while the first is held`() async throws {
        try await withTemporaryDirectory { folder in
            let first = try FileLock("\(folder)/lock", code: .inputOutput)
            let error = #expect(throws: DeliveryError.self) {
                try FileLock("\(folder)/lock", code: .inputOutput)
            }
            #expect(error?.code == .locked)
            withExtendedLifetime(first) {}
        }
    }
}
