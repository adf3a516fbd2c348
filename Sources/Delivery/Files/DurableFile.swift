internal import CSystemCalls
internal import Crypto
internal import FoundationEssentials
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
    private let code: DeliveryError.Code
    private var hash = SHA256()
    private var isOpen = true

    /// Creates a file that must not exist, mode 0640.
    ///
    /// - Throws: `DeliveryError` when it cannot be made.
    public init(creating path: String, code: DeliveryError.Code = .outbox) throws(DeliveryError) {
        // open(2): O_EXCL refuses whatever is there, a symbolic link too.
        let descriptor = unsafe open(
            path,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            0o640
        )
        guard descriptor >= 0 else { throw .system(code, path, "cannot be created") }
        self.path = path
        self.code = code
        self.descriptor = descriptor
    }

    deinit {
        if isOpen { _ = close(descriptor) }
    }

    /// Appends bytes.
    ///
    /// - Throws: `DeliveryError` when not all of them could be written.
    public mutating func write(_ bytes: [UInt8]) throws(DeliveryError) {
        hash.update(data: bytes)
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

    /// Syncs and closes the file; returns its SHA-256 in lower-case hexadecimal.
    ///
    /// - Throws: `DeliveryError` when the disk does not take it, or its length is not what was written.
    public consuming func finish() throws(DeliveryError) -> String {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(code, path, "cannot be read")
        }
        guard Int(status.st_size) == size else {
            throw DeliveryError(code, path, "has \(status.st_size) bytes, \(size) were written")
        }
        guard fsync(descriptor) == 0 else { throw .system(code, path, "cannot be synced") }
        isOpen = false
        guard close(descriptor) == 0 else { throw .system(code, path, "cannot be closed") }
        return hexadecimal(hash.finalize())
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}

/// What else is done with files and folders, each step durable.
public enum DurableFolder {
    /// Creates a folder, mode 0750, with those it lies in; one that is there already is taken.
    ///
    /// - Throws: `DeliveryError` when it cannot be made.
    public static func create(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += prefix.isEmpty || prefix == "/" ? String(part) : "/\(part)"
            if unsafe mkdir(prefix, 0o750) == 0 {
                try sync(parent(of: prefix), code: code)
            } else if errno != EEXIST {
                throw .system(code, prefix, "cannot be created")
            }
        }
    }

    /// Syncs a folder, so that the names in it are durable.
    static func sync(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(code, path, "cannot be opened") }
        let result = fsync(descriptor)
        let number = errno
        _ = close(descriptor)
        guard result == 0 else { throw .system(code, path, "cannot be synced", number) }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func names(in path: String, code: DeliveryError.Code) throws(DeliveryError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw DeliveryError(code, path, "cannot be listed")
        }
    }

    /// Moves a file or folder to a name that must be free, and syncs both folders.
    static func move(_ from: String, to target: String) throws(DeliveryError) {
        var result = unsafe occ_rename_noreplace(from, target)
        if result == EINVAL {
            // renameat2(2): the file system knows no RENAME_NOREPLACE.
            result = exists(target) ? EEXIST : (unsafe rename(from, target)) == 0 ? 0 : errno
        }
        guard result == 0 else { throw .system(.outbox, target, "cannot be published", result) }
        try sync(parent(of: target), code: .outbox)
        try sync(parent(of: from), code: .outbox)
    }

    /// Removes a folder with all that is in it.
    static func remove(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw DeliveryError(code, path, "cannot be removed")
        }
        try sync(parent(of: path), code: code)
    }

    /// Puts a small file in place of another, so that either the old or the new one is there.
    static func replace(_ path: String, with bytes: [UInt8], code: DeliveryError.Code)
        throws(DeliveryError)
    {
        let temporary = path + ".new"
        _ = unsafe unlink(temporary)
        var file = try DurableFile(creating: temporary, code: code)
        try file.write(bytes)
        _ = try file.finish()
        guard unsafe rename(temporary, path) == 0 else {
            throw .system(code, path, "cannot be replaced")
        }
        try sync(parent(of: path), code: code)
    }

    /// A file's SHA-256 and size.
    static func hash(of path: String, code: DeliveryError.Code) throws(DeliveryError) -> (
        hash: String, size: Int
    ) {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(code, path, "cannot be read") }
        defer { _ = close(descriptor) }
        var hash = SHA256()
        var size = 0
        var buffer = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(code, path, "cannot be read")
            }
            if count == 0 { break }
            hash.update(data: buffer[..<count])
            size += count
        }
        return (hexadecimal(hash.finalize()), size)
    }
}
