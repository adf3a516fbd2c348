internal import ArgumentParser

/// The statuses the program ends with: stable, documented in docs/operations.md, after sysexits.
enum ExitStatus: Int32, CaseIterable {
    /// Done, or nothing to do.
    case done = 0
    /// Something nobody foresaw.
    case unexpected = 1
    /// Done in part: something was rejected, changed, vanished or held, or one contract failed.
    case partial = 3
    /// An operator must decide: a gap, a ledger that is missing or not this outbox's, staging gone.
    case operatorMustDecide = 4
    /// The command line is wrong.
    case usage = 64
    /// Data not understood, template output refused, or `verify` or `template test` found a difference.
    case data = 65
    /// The API cannot be reached.
    case unreachable = 69
    /// The outbox cannot be written.
    case outbox = 73
    /// The ledger, the archive or another file cannot be read or written.
    case inputOutput = 74
    /// Another run holds the lock.
    case locked = 75
    /// The API refused the request.
    case refused = 77
    /// The configuration or a template is invalid.
    case configuration = 78
    /// Ended by SIGINT.
    case interrupted = 130
    /// Ended by SIGTERM.
    case terminated = 143

    /// What ArgumentParser is told.
    var code: ExitCode { ExitCode(rawValue) }

    /// The word a report shows for it.
    var name: String { String(describing: self) }
}
