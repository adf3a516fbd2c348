internal import Foundation

/// Whether what tests write stays, for `scripts/soak leaks`, which searches it.
private var keepsFiles: Bool { ProcessInfo.processInfo.environment["OCC_KEEP_TEST_FILES"] != nil }

private func removeUnlessKept(_ path: String) throws {
    if !keepsFiles { try FileManager.default.removeItem(atPath: path) }
}

/// Runs a test in a fresh folder that is removed afterwards.
public func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws
    -> Result
{
    let path = FileManager.default.temporaryDirectory.path + "/occ-export-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    do {
        let result = try await body(path)
        try removeUnlessKept(path)
        return result
    } catch {
        try removeUnlessKept(path)
        throw error
    }
}

/// Where the project's files are, found from where this file was compiled.
public enum Checkout {
    /// The checkout's folder.
    public static let path: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/")
    }()

    /// A built program of this package.
    public static func program(_ name: String) -> String {
        // Tests run from the folder of the build's products.
        let bundle = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let folder = bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for candidate in [folder.joined(separator: "/"), "\(path)/.build/debug"]
        where FileManager.default.isExecutableFile(atPath: "\(candidate)/\(name)") {
            return "\(candidate)/\(name)"
        }
        return "\(path)/.build/debug/\(name)"
    }
}

/// What a program said, and how it ended.
public struct ProgramResult: Sendable {
    /// The exit status, or the number of the signal that ended it.
    public let status: Int32
    /// Standard output.
    public let output: String
    /// Standard error.
    public let error: String
}

/// Runs a program to its end.
public func run(
    _ program: String,
    _ arguments: [String],
    environment: [String: String] = [:],
    in folder: String? = nil
) throws -> ProgramResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    // The name tells what ran and how, to whoever searches what was kept.
    let words = ([String(program.split(separator: "/").last ?? "")] + arguments.prefix(3))
        .joined(separator: "_").map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    let name = "/occ-export-out-\(UUID().uuidString)-\(String(words).prefix(80))"
    let files = try ["", "-error"].map { ending in
        let path = FileManager.default.temporaryDirectory.path + name + ending
        try Data().write(to: URL(fileURLWithPath: path))
        return (path, try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
    }
    process.standardOutput = files[0].1
    process.standardError = files[1].1
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { path, handle in
        try handle.close()
        let data = FileManager.default.contents(atPath: path) ?? Data()
        try removeUnlessKept(path)
        return String(decoding: data, as: UTF8.self)
    }
    return ProgramResult(status: process.terminationStatus, output: texts[0], error: texts[1])
}
