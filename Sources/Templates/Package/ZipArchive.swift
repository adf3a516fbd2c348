internal import CZlib
internal import Synchronization

/// Makes a zip archive as its members come (PKWARE APPNOTE 6.3): deflated, with sizes after the data.
///
/// Nothing in it depends on the clock or the machine: every member has the format's first day.
struct ZipArchive: Sendable {
    private struct Member: Sendable {
        let name: [UInt8]
        let offset: UInt32
        var checksum: UInt32
        var compressed: UInt32
        var size: UInt32
    }

    private var members: [Member] = []
    private var offset: UInt32 = 0
    private var deflater: Deflater?

    /// 1980-01-01, the first day that the format knows (APPNOTE 4.4.6).
    private static let day: UInt16 = 0x21
    /// Bit 3: sizes follow the data; bit 11: names are UTF-8 (APPNOTE 4.4.4).
    private static let flags: UInt16 = 0x0808

    /// Begins a member; returns what to write.
    mutating func begin(_ name: String) -> [UInt8] {
        let name = Array(name.utf8)
        members.append(Member(name: name, offset: offset, checksum: 0, compressed: 0, size: 0))
        deflater = Deflater()
        var header: [UInt8] = []
        Self.put(UInt32(0x0403_4B50), to: &header)
        Self.put(UInt16(20), to: &header)
        Self.put(Self.flags, to: &header)
        Self.put(UInt16(8), to: &header)
        Self.put(UInt16(0), to: &header)
        Self.put(Self.day, to: &header)
        for _ in 0..<3 { Self.put(UInt32(0), to: &header) }
        Self.put(UInt16(name.count), to: &header)
        Self.put(UInt16(0), to: &header)
        header += name
        offset += UInt32(header.count)
        return header
    }

    /// Appends to the member; returns what to write.
    ///
    /// - Throws: `ZipError` when the archive would pass 4 GiB, which its format cannot say.
    mutating func append(_ bytes: [UInt8]) throws(ZipError) -> [UInt8] {
        guard let last = members.indices.last, let deflater else { return [] }
        let packed = try deflater.deflate(bytes, isLast: false)
        members[last].checksum = RunningChecksum.crc32(bytes[...], after: members[last].checksum)
        let (size, overflow) = members[last].size.addingReportingOverflow(
            UInt32(clamping: bytes.count)
        )
        guard !overflow, UInt64(offset) + UInt64(packed.count) < UInt64(UInt32.max) - 65_536 else {
            throw ZipError(message: "a package of more than 4 GiB cannot be made")
        }
        members[last].size = size
        members[last].compressed += UInt32(packed.count)
        offset += UInt32(packed.count)
        return packed
    }

    /// Ends the member; returns what to write.
    mutating func endMember() throws(ZipError) -> [UInt8] {
        guard let last = members.indices.last, let deflater else { return [] }
        var rest = try deflater.deflate([], isLast: true)
        members[last].compressed += UInt32(rest.count)
        self.deflater = nil
        Self.put(UInt32(0x0807_4B50), to: &rest)
        Self.put(members[last].checksum, to: &rest)
        Self.put(members[last].compressed, to: &rest)
        Self.put(members[last].size, to: &rest)
        offset += UInt32(rest.count)
        return rest
    }

    /// The directory that ends the archive.
    func end() -> [UInt8] {
        var directory: [UInt8] = []
        for member in members {
            Self.put(UInt32(0x0201_4B50), to: &directory)
            // Made by version 2.0 for Unix, so that the attributes below are those of a file.
            Self.put(UInt16(0x0314), to: &directory)
            Self.put(UInt16(20), to: &directory)
            Self.put(Self.flags, to: &directory)
            Self.put(UInt16(8), to: &directory)
            Self.put(UInt16(0), to: &directory)
            Self.put(Self.day, to: &directory)
            Self.put(member.checksum, to: &directory)
            Self.put(member.compressed, to: &directory)
            Self.put(member.size, to: &directory)
            Self.put(UInt16(member.name.count), to: &directory)
            for _ in 0..<4 { Self.put(UInt16(0), to: &directory) }
            Self.put(UInt32(0o100644) << 16, to: &directory)
            Self.put(member.offset, to: &directory)
            directory += member.name
        }
        let size = UInt32(directory.count)
        Self.put(UInt32(0x0605_4B50), to: &directory)
        Self.put(UInt32(0), to: &directory)
        Self.put(UInt16(members.count), to: &directory)
        Self.put(UInt16(members.count), to: &directory)
        Self.put(size, to: &directory)
        Self.put(offset, to: &directory)
        Self.put(UInt16(0), to: &directory)
        return directory
    }

    private static func put(_ value: some FixedWidthInteger, to output: inout [UInt8]) {
        for byte in 0..<value.bitWidth / 8 {
            output.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
        }
    }
}

/// Why an archive cannot be made.
struct ZipError: Error, CustomStringConvertible {
    let message: String

    var description: String { "\(message) [package]" }
}

/// One raw deflate stream of zlib; freed with its owner, its pointers set only during a call.
///
/// It stays where it is: zlib refuses a stream that has moved.
@safe private final class Deflater: Sendable {
    private let stream: Mutex<z_stream>
    private let isOpen: Bool

    init() {
        unsafe stream = Mutex(z_stream())
        isOpen = unsafe stream.withLock { unsafe occ_deflateInit(&$0) == Z_OK }
    }

    deinit { if isOpen { _ = unsafe stream.withLock { unsafe deflateEnd(&$0) } } }

    /// zlib.net/manual.html, deflate: called until the output buffer is not filled.
    func deflate(_ bytes: [UInt8], isLast: Bool) throws(ZipError) -> [UInt8] {
        guard isOpen else { throw ZipError(message: "the compressor has no memory") }
        return try unsafe stream.withLock { stream throws(ZipError) in
            try unsafe Self.deflate(bytes, isLast: isLast, &stream)
        }
    }

    private static func deflate(_ bytes: [UInt8], isLast: Bool, _ stream: inout z_stream)
        throws(ZipError) -> [UInt8]
    {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var input = bytes
        var status: CInt = Z_OK
        unsafe input.withUnsafeMutableBufferPointer { buffer in
            unsafe stream.next_in = buffer.baseAddress
            unsafe stream.avail_in = UInt32(buffer.count)
            repeat {
                let written = unsafe chunk.withUnsafeMutableBufferPointer { room in
                    unsafe stream.next_out = room.baseAddress
                    unsafe stream.avail_out = UInt32(room.count)
                    status = unsafe CZlib.deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return room.count - Int(unsafe stream.avail_out)
                }
                output += chunk.prefix(written)
            } while unsafe stream.avail_out == 0
            unsafe stream.next_in = nil
        }
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw ZipError(message: "the compressor failed with status \(status)")
        }
        return output
    }
}
