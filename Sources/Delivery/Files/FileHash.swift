internal import Crypto
internal import FoundationEssentials

/// SHA-256 of files.
enum FileHash {
    /// A file's SHA-256 in lower-case hexadecimal, and its size.
    static func of(_ path: String, code: DeliveryError.Code) throws(DeliveryError) -> (
        hash: String, size: Int
    ) {
        var hash = SHA256()
        var size = 0
        try DurableFolder.read(path, code: code) { bytes in
            unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            size += bytes.count
        }
        return (hexadecimal(hash.finalize()), size)
    }

    /// Whether what is there under that name is a file of that size and hash.
    ///
    /// The size is looked at first: what others put there may have no end worth waiting for.
    static func matches(
        _ path: String,
        hash: String,
        bytes: Int,
        code: DeliveryError.Code
    ) throws(DeliveryError) -> Bool {
        guard try DurableFolder.size(of: path, code: code) == bytes else { return false }
        let found = try of(path, code: code)
        return found.hash == hash && found.size == bytes
    }
}
