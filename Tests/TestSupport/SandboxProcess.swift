internal import Foundation

/// A running `occ-sandbox`, ended with the test.
public final class SandboxProcess: Sendable {
    /// The API's address, for `base_url`.
    public let address: String
    private let process: Process

    /// Starts a sandbox with its clock at `now` (RFC 3339 in UTC), on a port that the kernel picks.
    public init(now: String, _ arguments: [String] = []) throws {
        let process = Process()
        // As a shell starts it: a test process that ignores SIGPIPE would hand that on.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let standing = ISO8601DateFormatter().date(from: now) ?? .distantPast
        let offset = Int(standing.timeIntervalSinceNow.rounded())
        process.arguments =
            [
                "--default-signal=PIPE", Checkout.program("occ-sandbox"), "--port", "0",
                "--clock-offset=\(offset)", "--today", String(now.prefix(10)),
            ]
            + arguments
        let pipe = Pipe()
        // F_SETPIPE_SZ: of the smallest size, for nobody reads behind the first line.
        _ = fcntl(pipe.fileHandleForReading.fileDescriptor, 1031, 4_096)
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        // The first line tells the address; it comes once the server listens.
        var line = Data()
        while !line.contains(0x0A) {
            let part = pipe.fileHandleForReading.availableData
            guard !part.isEmpty else {
                throw SandboxFailure(output: String(decoding: line, as: UTF8.self))
            }
            line.append(part)
        }
        self.process = process
        address = String(decoding: line, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
            .replacingOccurrences(of: "listening on ", with: "")
    }

    /// Ends it.
    public func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Asks the sandbox's own, unsigned part: `faults`, `edit`, `books`, `log`, `now`.
    ///
    /// - Returns: the answer's text.
    /// - Throws: `ControlFailure` when the status is not 200.
    @discardableResult
    public func control(_ path: String, _ body: String? = nil) throws -> String {
        let root = address.replacingOccurrences(of: "/api/v1", with: "")
        var arguments = ["-sS", "--fail-with-body", "\(root)/sandbox/\(path)"]
        // Beyond 128 KiB the kernel takes no argument: then a file holds the body.
        let file =
            FileManager.default.temporaryDirectory.path + "/occ-export-body-" + UUID().uuidString
        let isLong = (body?.utf8.count ?? 0) > 100_000
        if isLong { try Data((body ?? "").utf8).write(to: URL(fileURLWithPath: file)) }
        defer { if isLong { try? FileManager.default.removeItem(atPath: file) } }
        if let body { arguments += ["-d", isLong ? "@\(file)" : body] }
        let result = try run("/usr/bin/curl", arguments)
        guard result.status == 0 else { throw ControlFailure(path: path, says: result.output) }
        return result.output
    }
}

/// A sandbox that did not come up.
struct SandboxFailure: Error {
    let output: String
}

/// A control request that the sandbox refused.
public struct ControlFailure: Error {
    /// What was asked.
    public let path: String
    /// What the sandbox said.
    public let says: String
}
