internal import Glibc

/// Files that others wrote, read whole but no further than a limit.
///
/// A pipe or a device would never end, and what is far too large must not fill the memory before it is
/// refused.
public enum SourceFile {
    /// Why a file is not read.
    public enum Refusal: Error {
        /// It is not there, no regular file, or this user may not read it.
        case unreadable
        /// It is larger than the limit.
        case tooLong
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: `Refusal`; nothing beyond the limit is read.
    public static func bytes(of path: String, atMost limit: Int) throws(Refusal) -> [UInt8] {
        // open(2): without O_NONBLOCK a pipe would wait for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable
        }
        guard status.st_size <= limit else { throw .tooLong }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable
            }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            // It may have grown while it was read.
            guard bytes.count <= limit else { throw .tooLong }
        }
    }

    /// The text of a regular file.
    ///
    /// `shorten`: what to do about a file that is too long.
    ///
    /// - Throws: `unreadable`, or a `Diagnostic` of a file that is too long or not UTF-8.
    static func text(
        of path: String,
        atMostMebibytes limit: Int,
        shorten: String,
        unreadable: @autoclosure () -> Diagnostic
    ) throws(Diagnostic) -> String {
        let data: [UInt8]
        do throws(Refusal) {
            data = try bytes(of: path, atMost: limit << 20)
        } catch {
            switch error {
            case .unreadable: throw unreadable()
            case .tooLong:
                throw Diagnostic(
                    "too-long",
                    "is larger than \(limit) MiB",
                    cure: shorten,
                    file: path
                )
            }
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Diagnostic("encoding", "is not UTF-8", cure: "save it as UTF-8", file: path)
        }
        return text
    }

    /// Whether a file is a link, itself or on its way, to somewhere outside of a folder.
    ///
    /// What is not there leads nowhere.
    static func leadsOut(_ path: String, of folder: String) -> Bool {
        guard let file = real(path), let root = real(folder) else { return false }
        return root != "/" && !file.hasPrefix(root + "/")
    }

    private static func real(_ path: String) -> String? {
        guard let found = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(found) }
        return unsafe String(cString: found)
    }
}
