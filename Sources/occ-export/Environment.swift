internal import Foundation
internal import OCCClient
internal import Transactions

/// What the outside gives the program: time, chance, variables.
///
/// Libraries take it as parameters.
enum Environment {
    /// The process's environment variables.
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// The instant that `OCC_EXPORT_NOW` sets for a rehearsal: a clock that stands still.
    private static var rehearsed: UTCTimestamp? {
        variables["OCC_EXPORT_NOW"].flatMap { UTCTimestamp($0) }
    }

    /// Refuses an `OCC_EXPORT_NOW` that is no instant: the real clock in its place would surprise.
    ///
    /// - Throws: `RunError` with status 64.
    static func check() throws {
        guard let text = variables["OCC_EXPORT_NOW"], rehearsed == nil else { return }
        throw RunError(
            .usage,
            "OCC_EXPORT_NOW: '\(text)' is no instant in UTC, such as 2026-11-24T03:00:00Z"
        )
    }

    /// Refuses the variables of rehearsals where the source is real: a clock that was left standing would
    /// let `purge` delete what is due in years, or a run end behind a step every night.
    ///
    /// - Throws: `RunError` with status 64.
    static func requireRehearsal(of source: ClientConfiguration) throws {
        guard !source.isLoopback else { return }
        for name in ["OCC_EXPORT_NOW", "OCC_EXPORT_CRASH_AFTER"] where variables[name] != nil {
            throw RunError(
                .usage,
                "\(name) is for rehearsals against a sandbox on this machine, and source.base_url is elsewhere; take it out of the environment"
            )
        }
    }

    /// The current instant.
    static func now() -> UTCTimestamp {
        if let rehearsed { return rehearsed }
        let seconds = Date().timeIntervalSince1970
        return UTCTimestamp(seconds: Int64(seconds.rounded(.down))) ?? UTCTimestamp(startOf: .first)
    }

    /// The real clock, and real chance; where the clock stands still, waiting takes no time.
    static let clock = ClientClock(
        now: now,
        sleep: { milliseconds in
            if rehearsed == nil { try await Task.sleep(for: .milliseconds(milliseconds)) }
        },
        random: { Int.random(in: $0) }
    )
}
