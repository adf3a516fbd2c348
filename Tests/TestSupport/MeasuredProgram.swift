internal import Foundation

/// A program's result with the most memory it held at once.
public struct MeasuredResult: Sendable {
    /// What it said, and how it ended.
    public let result: ProgramResult
    /// Its largest resident set, in MiB.
    public let peak: Int
}

/// Runs a program to its end and tells the most memory it held: the kernel's own account (getrusage(2)).
///
/// A Python process stands between, since the account of children covers all that a process has had.
public func measured(
    _ program: String,
    _ arguments: [String],
    environment: [String: String] = [:],
    in folder: String? = nil
) throws -> MeasuredResult {
    let script = """
        import resource, subprocess, sys
        done = subprocess.run(sys.argv[1:])
        print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
        sys.exit(done.returncode)
        """
    let result = try run(
        "/usr/bin/env",
        ["python3", "-c", script, program] + arguments,
        environment: environment,
        in: folder
    )
    let lines = result.error.split(separator: "\n")
    guard let last = lines.last, last.hasPrefix("peak "), let peak = Int(last.dropFirst(5)) else {
        throw UnmeasuredProgram(says: result.error)
    }
    let error = lines.dropLast().map { $0 + "\n" }.joined()
    return MeasuredResult(
        result: ProgramResult(status: result.status, output: result.output, error: error),
        peak: peak
    )
}

/// A program that could not be measured.
struct UnmeasuredProgram: Error {
    let says: String
}
