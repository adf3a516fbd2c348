internal import Synchronization

/// Remembers the first error of several.
final class FailureBox: Sendable {
    private let first = Mutex<(any Error)?>(nil)

    var value: (any Error)? { first.withLock { $0 } }

    func set(_ error: any Error) { first.withLock { $0 = $0 ?? error } }
}
