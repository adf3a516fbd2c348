internal import Foundation
internal import OCCClient
internal import Transactions

/// What the outside gives the program: time, chance, variables.
///
/// Libraries take it as parameters.
enum Environment {
    /// The process's environment variables.
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// The current instant; `OCC_EXPORT_NOW` stands in for the clock in rehearsals.
    static func now() -> UTCTimestamp {
        if let text = variables["OCC_EXPORT_NOW"], let instant = UTCTimestamp(text) {
            return instant
        }
        let seconds = Date().timeIntervalSince1970
        return UTCTimestamp(seconds: Int64(seconds.rounded(.down))) ?? UTCTimestamp(startOf: .first)
    }

    /// The real clock, and real chance.
    static let clock = ClientClock(
        now: now,
        sleep: { milliseconds in try await Task.sleep(for: .milliseconds(milliseconds)) },
        random: { Int.random(in: $0) }
    )
}
