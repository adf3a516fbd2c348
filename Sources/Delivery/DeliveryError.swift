internal import Glibc

/// Why something could not be delivered or recorded.
public struct DeliveryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, which decides the exit status.
    public struct Code: Hashable, Sendable {
        enum Name: String { case outbox, inputOutput, locked, operatorMustDecide, difference }
        let name: Name

        /// The outbox cannot be written.
        public static let outbox = Code(name: .outbox)
        /// The ledger or another file cannot be read or written.
        public static let inputOutput = Code(name: .inputOutput)
        /// Another run holds the lock.
        public static let locked = Code(name: .locked)
        /// Going on needs a decision: a ledger is missing or not this outbox's, staging is gone.
        public static let operatorMustDecide = Code(name: .operatorMustDecide)
        /// What was read back is not what was written.
        public static let difference = Code(name: .difference)
    }

    /// The kind of failure.
    public let code: Code
    /// The file or folder at fault; empty where there is none.
    public let path: String
    /// What is wrong and what to do.
    public let message: String

    /// A file that does not hold what it should; nothing of its batch is published.
    public init(differenceIn path: String, _ message: String) {
        self.init(.difference, path, "\(message); nothing was published")
    }

    /// Says what is wrong with a path, and what to do.
    public init(_ code: Code, _ path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// A failed system call, with the system's own words for its errno.
    static func system(_ code: Code, _ path: String, _ doing: String, _ number: CInt = errno)
        -> Self
    {
        let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        let cure =
            switch number {
            case ENOSPC, EDQUOT: "; free space on the disk, the next run goes on"
            case EACCES, EPERM: "; give this user the right to it"
            case EROFS: "; it is mounted read-only, mount it for writing"
            case EIO, ESTALE: "; look at the disk, or at the share; the next run goes on"
            case ENOENT: "; is its folder there, and mounted?"
            case EEXIST: "; something else is there, choose another name or move it away"
            case ENOTDIR, EISDIR:
                "; a file stands where a folder should be, or the other way round: move it away"
            case ELOOP: "; a link stands in its place, put the file or folder itself there"
            case EMFILE, ENFILE: "; too many files are open, raise the limit (ulimit -n)"
            default: "; mend that, the next run goes on"
            }
        return DeliveryError(code, path, "\(doing): \(text)\(cure)")
    }

    /// One line: path, what is wrong.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
