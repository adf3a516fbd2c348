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
}
