internal import Crypto
public import FoundationEssentials
internal import Glibc

/// A file being written so that it is whole after a crash: new, hashed as bytes pass, synced, closed.
///
/// Errors of fsync and close are final (fsync(2): after EIO the kernel may have dropped the pages);
/// nothing is retried but EINTR.
public struct DurableFile: ~Copyable {
    /// The file's path.
    public let path: String
    /// Bytes written.
    public private(set) var size = 0
    private let descriptor: CInt
    private let mode: mode_t
    private let code: DeliveryError.Code
    private var hash = SHA256()
    private var isOpen = true

    /// Creates a file that must not exist; 0640 in the outbox, 0600 elsewhere, 0660 where `isShared`.
    ///
    /// - Throws: `DeliveryError` when it cannot be made.
    public init(
        creating path: String,
        isShared: Bool = false,
        code: DeliveryError.Code = .outbox
    ) throws(DeliveryError) {
        let mode: mode_t = isShared ? 0o660 : code == .outbox ? 0o640 : 0o600
        // open(2): O_EXCL refuses whatever is there, a symbolic link too.
        let descriptor = unsafe open(
            path,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            mode
        )
        guard descriptor >= 0 else { throw .system(code, path, "cannot be created") }
        self.path = path
        self.mode = mode
        self.code = code
        self.descriptor = descriptor
    }

    deinit {
        if isOpen { _ = close(descriptor) }
    }

    /// Appends bytes.
    ///
    /// - Throws: `DeliveryError` when not all of them could be written.
    public mutating func write(_ bytes: some ContiguousBytes & RandomAccessCollection<UInt8>)
        throws(DeliveryError)
    {
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress?.advanced(by: start),
                    buffer.count - start
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(code, path, "cannot be written")
            }
            start += count
        }
        size += bytes.count
    }

    /// Syncs and closes the file.
    ///
    /// - Parameter syncs: false where the caller syncs the whole file system before it relies on the
    ///   file (`DurableFolder.syncAll`): one wait for thousands of files.
    /// - Returns: its SHA-256 in lower-case hexadecimal.
    /// - Throws: `DeliveryError` when the disk does not take it, or its length is not what was written.
    public consuming func finish(syncs: Bool = true) throws(DeliveryError) -> String {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(code, path, "cannot be read")
        }
        guard Int(status.st_size) == size else {
            throw DeliveryError(
                code,
                path,
                "has \(status.st_size) bytes, \(size) were written; look at the disk, the next run writes it anew"
            )
        }
        // The umask must not decide who may collect a file. It seldom takes anything off these modes, so
        // this is asked once the file is looked at anyway: of thousands of files each call counts.
        guard status.st_mode & 0o7777 == mode || fchmod(descriptor, mode) == 0 else {
            throw .system(code, path, "cannot be given its mode")
        }
        guard !syncs || fsync(descriptor) == 0 else {
            throw .system(code, path, "cannot be synced")
        }
        isOpen = false
        guard close(descriptor) == 0 else { throw .system(code, path, "cannot be closed") }
        return hexadecimal(hash.finalize())
    }
}

/// Bytes as lower-case hexadecimal digits.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
