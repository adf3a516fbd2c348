internal import CSystemCalls
internal import Glibc

/// What is done with files and folders beside writing, each step durable and each failure told.
///
/// "Not there" is ENOENT and nothing else: an I/O error taken for absence would lose a batch.
public enum DurableFolder {
    /// Creates a folder with those it lies in; one that is there already is taken.
    ///
    /// Mode 0750 in the outbox, 0700 elsewhere, whatever the umask; `isShared`: 0770, for consumers who
    /// move and delete. A folder whose names get the folder's group (setgid) hands that on. `root`: below
    /// it each must be a folder of its own, for through a link what is published would land elsewhere.
    ///
    /// - Throws: `DeliveryError` when it cannot be made.
    public static func create(
        _ path: String,
        below root: String? = nil,
        isShared: Bool = false,
        code: DeliveryError.Code
    ) throws(DeliveryError) {
        let mode: mode_t = code == .outbox ? (isShared ? 0o770 : 0o750) : 0o700
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += prefix.isEmpty || prefix == "/" ? String(part) : "/\(part)"
            if try exists(prefix, code: code) {
                if let root, prefix.hasPrefix("\(root)/"), try !isFolder(prefix, code: code) {
                    throw DeliveryError(
                        code,
                        prefix,
                        "is no folder, or a link to one; only folders may lie there, move it away"
                    )
                }
                continue
            }
            if unsafe mkdir(prefix, mode) == 0 {
                // mkdir(2) takes the umask off, and sets setgid where the folder around has it.
                let inherited = try self.mode(of: prefix, code: code) & S_ISGID
                guard unsafe chmod(prefix, mode | inherited) == 0 else {
                    throw .system(code, prefix, "cannot be given its mode")
                }
                try sync(parent(of: prefix), code: code)
            } else if errno != EEXIST {
                throw .system(code, prefix, "cannot be created")
            }
        }
    }

    /// Syncs the file system that a folder is on: all files in it, with one wait.
    ///
    /// - Throws: `DeliveryError` when the disk does not take it.
    public static func syncAll(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(code, path, "cannot be opened") }
        defer { _ = close(descriptor) }
        let number = occ_sync_file_system(descriptor)
        guard number == 0 else { throw .system(code, path, "cannot be synced", number) }
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

    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// Whether something is there under that name, a dangling link included.
    ///
    /// - Throws: `DeliveryError` when that cannot be told.
    public static func exists(_ path: String, code: DeliveryError.Code) throws(DeliveryError)
        -> Bool
    {
        try size(of: path, code: code) != nil
    }

    /// The size of what is there under that name; nil when nothing is.
    static func size(of path: String, code: DeliveryError.Code) throws(DeliveryError) -> Int? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return Int(status.st_size) }
        guard errno == ENOENT || errno == ENOTDIR else {
            throw .system(code, path, "cannot be looked at")
        }
        return nil
    }

    /// Type and permissions of what a path leads to.
    private static func mode(of path: String, code: DeliveryError.Code) throws(DeliveryError)
        -> mode_t
    {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw .system(code, path, "cannot be looked at")
        }
        return status.st_mode
    }

    /// Whether others than owner and group may write in a folder, its sticky bit or not.
    public static func isOpenToAll(_ path: String, code: DeliveryError.Code) throws(DeliveryError)
        -> Bool
    {
        try mode(of: path, code: code) & S_IWOTH != 0
    }

    /// Whether the group may write in a folder.
    static func isOpenToGroup(_ path: String, code: DeliveryError.Code) throws(DeliveryError)
        -> Bool
    {
        try mode(of: path, code: code) & S_IWGRP != 0
    }

    static func isFolder(_ path: String, code: DeliveryError.Code) throws(DeliveryError) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw .system(code, path, "cannot be looked at")
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, sorted; none when the folder is not there.
    static func names(in path: String, code: DeliveryError.Code) throws(DeliveryError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            guard errno == ENOENT else { throw .system(code, path, "cannot be listed") }
            return []
        }
        defer { _ = unsafe closedir(folder) }
        var names: [String] = []
        while true {
            // readdir(3): the end and a failure differ in errno alone.
            errno = 0
            guard let entry = unsafe readdir(folder) else {
                guard errno == 0 else { throw .system(code, path, "cannot be listed") }
                return names.sorted()
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    /// Moves a file or folder to a name that must be free; the errno of the failure, 0 when done.
    ///
    /// Neither folder is synced.
    static func move(_ from: String, to target: String) throws(DeliveryError) -> CInt {
        let result = unsafe occ_rename_noreplace(from, target)
        guard result == EINVAL || result == ENOSYS else { return result }
        // renameat2(2): the file system knows no RENAME_NOREPLACE.
        if try exists(target, code: .outbox) { return EEXIST }
        return unsafe rename(from, target) == 0 ? 0 : errno
    }

    /// Removes a file, or a folder with all that is in it, and syncs the folder it lay in.
    ///
    /// What is not there needs no removal.
    static func remove(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        guard try exists(path, code: code) else { return }
        try removeUnsynced(path, code: code)
        try sync(parent(of: path), code: code)
    }

    private static func removeUnsynced(_ path: String, code: DeliveryError.Code)
        throws(DeliveryError)
    {
        if try isFolder(path, code: code) {
            for name in try names(in: path, code: code) {
                try removeUnsynced("\(path)/\(name)", code: code)
            }
            guard unsafe rmdir(path) == 0 else { throw .system(code, path, "cannot be removed") }
        } else if unsafe unlink(path) != 0 {
            throw .system(code, path, "cannot be removed")
        }
    }

    /// Removes a folder that must be empty, and syncs the one it lay in.
    static func removeEmpty(_ path: String, code: DeliveryError.Code) throws(DeliveryError) {
        if unsafe rmdir(path) != 0, errno != ENOENT {
            throw .system(code, path, "cannot be removed")
        }
        try sync(parent(of: path), code: code)
    }

    /// Puts a small file in place of another, so that either the old or the new one is there.
    public static func replace(_ path: String, with bytes: [UInt8], code: DeliveryError.Code)
        throws(DeliveryError)
    {
        let temporary = path + ".new"
        if unsafe unlink(temporary) != 0, errno != ENOENT {
            throw .system(code, temporary, "cannot be removed")
        }
        var file = try DurableFile(creating: temporary, code: code)
        try file.write(bytes)
        _ = try file.finish()
        guard unsafe rename(temporary, path) == 0 else {
            throw .system(code, path, "cannot be replaced")
        }
        try sync(parent(of: path), code: code)
    }

    /// The bytes of a small file; nil when it is not there.
    ///
    /// `most`: bytes beyond which it is none of ours; whoever can write there could fill the memory.
    public static func contents(
        of path: String,
        most: Int = .max,
        code: DeliveryError.Code
    ) throws(DeliveryError) -> [UInt8]? {
        guard let size = try size(of: path, code: code) else { return nil }
        guard size <= most else {
            throw DeliveryError(
                code,
                path,
                "has \(size) bytes, more than any of ours; move it away"
            )
        }
        var bytes: [UInt8] = []
        try read(path, first: most, code: code) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Reads a regular file in pieces; a pipe in its place would never end.
    ///
    /// `limit`: bytes from the beginning on behind which nothing is read.
    public static func read(
        _ path: String,
        first limit: Int = .max,
        code: DeliveryError.Code,
        _ take: (ArraySlice<UInt8>) throws(DeliveryError) -> Void
    ) throws(DeliveryError) {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system(code, path, "cannot be read") }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(code, path, "cannot be read")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DeliveryError(code, path, "is no regular file; move it away")
        }
        var buffer = [UInt8](repeating: 0, count: min(limit, 262_144))
        var rest = limit
        while rest > 0 {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(code, path, "cannot be read")
            }
            if count == 0 { return }
            try take(buffer[..<min(count, rest)])
            rest -= count
        }
    }

    /// Whether a path lies on a network share, where neither flock nor SQLite can be trusted.
    public static func isOnNetworkShare(_ path: String, code: DeliveryError.Code)
        throws(DeliveryError) -> Bool
    {
        let type = unsafe occ_file_system(path)
        guard type >= 0 else { throw .system(code, path, "cannot be looked at") }
        // statfs(2): NFS, SMB, SMB2, CIFS.
        return [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42].contains(type & 0xFFFF_FFFF)
    }
}

extension DurableFolder {
    /// A path's last part.
    public static func lastPart(of path: String) -> String { name(of: path) }

    /// Removes a file, if it is there.
    public static func removeIfThere(_ path: String, code: DeliveryError.Code) throws(DeliveryError)
    {
        try remove(path, code: code)
    }
}
