internal import Glibc

/// A lock that dies with its process: flock(2), so that no stale one can be left behind.
public final class FileLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock of a file, which is made if it is not there.
    ///
    /// - Throws: `DeliveryError` with code `locked` when another run has it.
    public init(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(code, path, "cannot be opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            _ = close(descriptor)
            guard number == EWOULDBLOCK else {
                throw .system(code, path, "cannot be locked", number)
            }
            throw DeliveryError(
                .locked,
                path,
                "another run holds the lock; wait until it has ended"
            )
        }
    }

    deinit { _ = close(descriptor) }
}
