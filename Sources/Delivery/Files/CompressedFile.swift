internal import CSystemCalls
internal import Crypto
internal import FoundationEssentials

/// A gzip file being written durably; the hash is that of the bytes that went in.
public struct CompressedFile: ~Copyable {
    /// What a finished file is known by.
    public struct Written: Sendable, Hashable {
        /// SHA-256 of the uncompressed bytes, lower-case hexadecimal.
        public let hash: String
        /// Uncompressed bytes.
        public let size: Int
    }

    private var file: DurableFile
    private let stream: GzipStream
    private var hash = SHA256()
    private var size = 0

    /// Creates a file that must not exist.
    public init(creating path: String, code: DeliveryError.Code) throws(DeliveryError) {
        let stream = try GzipStream(isReading: false, path: path, code: code)
        let file = try DurableFile(creating: path, code: code)
        self.stream = stream
        self.file = file
    }

    /// Appends bytes.
    public mutating func write(_ bytes: ArraySlice<UInt8>) throws(DeliveryError) {
        unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        size += bytes.count
        let packed = try stream.step(bytes, isLast: false)
        if !packed.isEmpty { try file.write(packed) }
    }

    /// Ends the stream, syncs and closes the file.
    public consuming func finish() throws(DeliveryError) -> Written {
        try file.write(try stream.step([], isLast: true))
        _ = try file.finish()
        return Written(hash: hexadecimal(hash.finalize()), size: size)
    }

    /// Reads a gzip file in pieces.
    ///
    /// - Throws: `DeliveryError` when it is cut off or no gzip file.
    public static func read(
        _ path: String,
        code: DeliveryError.Code,
        _ take: ([UInt8]) throws(DeliveryError) -> Void
    ) throws(DeliveryError) {
        let stream = try GzipStream(isReading: true, path: path, code: code)
        try DurableFolder.read(path, code: code) { bytes throws(DeliveryError) in
            let plain = try stream.step(bytes, isLast: false)
            if !plain.isEmpty { try take(plain) }
        }
        guard stream.isAtEnd else {
            throw DeliveryError(code, path, "is cut off; bring it back from a copy of the archive")
        }
    }
}

/// Owns one zlib stream: the pointer is this object's alone and freed with it.
@safe private final class GzipStream {
    private let stream: UnsafeMutableRawPointer
    private let path: String
    private let code: DeliveryError.Code
    private(set) var isAtEnd = false
    private var room = [UInt8](repeating: 0, count: 262_144)

    init(isReading: Bool, path: String, code: DeliveryError.Code) throws(DeliveryError) {
        guard let stream = unsafe occ_gzip_begin(isReading ? 1 : 0) else {
            throw DeliveryError(
                code,
                path,
                "there is no memory to compress it; give the program more, it needs about 100 MB"
            )
        }
        unsafe self.stream = unsafe stream
        self.path = path
        self.code = code
    }

    deinit { unsafe occ_gzip_end(stream) }

    func step(_ input: ArraySlice<UInt8>, isLast: Bool) throws(DeliveryError) -> [UInt8] {
        var output: [UInt8] = []
        var taken = 0
        while true {
            var consumed = 0
            var produced = 0
            let result = unsafe input.withUnsafeBufferPointer { from in
                unsafe room.withUnsafeMutableBufferPointer { into in
                    unsafe occ_gzip_step(
                        stream,
                        from.baseAddress.map { unsafe $0 + taken },
                        from.count - taken,
                        into.baseAddress,
                        into.count,
                        isLast ? 1 : 0,
                        &consumed,
                        &produced
                    )
                }
            }
            guard result >= 0 else {
                throw DeliveryError(
                    code,
                    path,
                    "is no whole gzip file; bring it back from a copy of the archive"
                )
            }
            taken += consumed
            output.append(contentsOf: room[..<produced])
            if result == 1 {
                isAtEnd = true
                guard taken == input.count else {
                    throw DeliveryError(
                        code,
                        path,
                        "has something behind its end; bring it back from a copy of the archive"
                    )
                }
                return output
            }
            // Nothing taken and room left: the stream wants more input.
            if taken == input.count, produced < room.count, !isLast { return output }
            if isLast, consumed == 0, produced == 0 {
                throw DeliveryError(
                    code,
                    path,
                    "cannot be compressed; is there memory, and is the disk sound?"
                )
            }
        }
    }
}
