internal import CSystemCalls
internal import Glibc

/// What the process gives up before it reads anything.
enum Confinement {
    /// Files for its own user alone, unless they are given another mode; no core dump, since memory holds the key.
    ///
    /// - Throws: `RunError` when the system does not take it.
    static func enter() throws {
        _ = umask(0o077)
        // core(5): a pipe as core_pattern does not look at the limit, prctl(2) PR_SET_DUMPABLE stops both.
        let result = occ_forbid_core_dumps()
        guard result == 0 else {
            throw RunError(
                .unexpected,
                "core dumps cannot be switched off: errno \(result); nothing was begun"
            )
        }
    }
}
