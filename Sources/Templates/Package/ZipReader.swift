internal import CZlib

/// Reads a zip archive from its first byte to its last (PKWARE APPNOTE 6.3), as its members lie in it.
///
/// It knows what `ZipArchive` makes: deflated members whose sizes follow the data, no archive of parts.
public enum ZipReader {
    /// The names of the members, in order, once each was unpacked and held against checksum, sizes and
    /// the directory.
    ///
    /// `take`: is given the bytes of each member as they are unpacked, with its name.
    ///
    /// - Throws: `RenderingError` for what is damaged; what `source` throws.
    public static func members(
        of archive: String,
        _ source: @escaping ByteSource,
        take: (_ member: String, _ bytes: [UInt8]) -> Void = { _, _ in }
    ) throws -> [String] {
        var names: [String] = []
        try read(
            archive,
            source,
            begin: { names.append($0) },
            take: { bytes in if let name = names.last { take(name, bytes) } }
        )
        return names
    }

    /// The bytes of one member.
    public static func member(
        _ name: String,
        of archive: String,
        _ source: @escaping ByteSource
    ) -> ByteSource {
        { take in
            var isIt = false
            try read(
                archive,
                source,
                begin: { isIt = $0 == name },
                take: { bytes in if isIt { try take(bytes[...]) } }
            )
        }
    }

    private static func read(
        _ archive: String,
        _ source: @escaping ByteSource,
        begin: (String) throws -> Void,
        take: ([UInt8]) throws -> Void
    ) throws {
        var reading = ZipReading(archive)
        try source { bytes in try reading.take(bytes, begin, take) }
        try reading.finish()
    }
}

private struct ZipReading {
    private enum State { case header, data, sizes, directory }

    private struct Member {
        let name: [UInt8]
        let offset: Int
        var checksum: UInt = 0
        var packed = 0
        var size = 0
    }

    private let archive: String
    private var state = State.header
    private var rest: [UInt8] = []
    private var offset = 0
    private var members: [Member] = []
    private var inflater: Inflater?
    private var directoryAt = 0

    init(_ archive: String) { self.archive = archive }

    mutating func take(
        _ bytes: ArraySlice<UInt8>,
        _ begin: (String) throws -> Void,
        _ each: ([UInt8]) throws -> Void
    ) throws {
        rest += bytes
        while true {
            switch state {
            case .header:
                guard rest.count >= 4 else { return }
                if number(0, 4) == 0x0201_4B50 || number(0, 4) == 0x0605_4B50 {
                    state = .directory
                    directoryAt = offset
                    continue
                }
                guard number(0, 4) == 0x0403_4B50 else {
                    throw damaged("has no member at \(offset)")
                }
                guard rest.count >= 30, rest.count >= 30 + number(26, 2) + number(28, 2) else {
                    return
                }
                guard number(8, 2) == 8 else { throw damaged("a member is not deflated") }
                let name = Array(rest[30..<(30 + number(26, 2))])
                members.append(Member(name: name, offset: offset))
                drop(30 + number(26, 2) + number(28, 2))
                inflater = Inflater()
                state = .data
                try begin(String(decoding: name, as: UTF8.self))
            case .data:
                guard !rest.isEmpty, let inflater else { return }
                let last = members.count - 1
                let (plain, used, isEnd) = try inflater.inflate(rest, damaged)
                members[last].checksum = Self.checksum(plain, after: members[last].checksum)
                members[last].size += plain.count
                members[last].packed += used
                drop(used)
                if !plain.isEmpty { try each(plain) }
                if isEnd {
                    state = .sizes
                } else if used == 0, plain.isEmpty {
                    return
                }
            case .sizes:
                guard rest.count >= 16, let member = members.last else { return }
                guard number(0, 4) == 0x0807_4B50, number(4, 4) == Int(member.checksum),
                    number(8, 4) == member.packed, number(12, 4) == member.size
                else {
                    throw damaged(
                        "member '\(String(decoding: member.name, as: UTF8.self))' does not have its checksum or size"
                    )
                }
                drop(16)
                state = .header
            case .directory: return
            }
        }
    }

    /// Holds the directory against the members (APPNOTE 4.3.12 and 4.3.16).
    mutating func finish() throws {
        guard state == .directory else { throw damaged("is cut off") }
        for member in members {
            guard rest.count >= 46, number(0, 4) == 0x0201_4B50,
                number(16, 4) == Int(member.checksum), number(20, 4) == member.packed,
                number(24, 4) == member.size, number(42, 4) == member.offset,
                rest.count >= 46 + number(28, 2),
                rest[46..<(46 + number(28, 2))].elementsEqual(member.name)
            else { throw damaged("its directory does not have its members") }
            drop(46 + number(28, 2) + number(30, 2) + number(32, 2))
        }
        guard rest.count == 22, number(0, 4) == 0x0605_4B50, number(10, 2) == members.count,
            number(16, 4) == directoryAt
        else { throw damaged("its directory has another end") }
    }

    private func number(_ place: Int, _ bytes: Int) -> Int {
        (0..<bytes).reduce(0) { $0 | Int(rest[place + $1]) << (8 * $1) }
    }

    private mutating func drop(_ count: Int) {
        rest.removeSubrange(..<count)
        offset += count
    }

    private func damaged(_ message: String) -> RenderingError {
        RenderingError(
            diagnostic: Diagnostic(
                "read-back",
                "read back: the package \(message)",
                cure: "nothing was published; is the disk sound? If so, report it",
                file: archive
            )
        )
    }

    private static func checksum(_ bytes: [UInt8], after previous: UInt) -> UInt {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe crc32(previous, buffer.baseAddress, UInt32(buffer.count))
        }
    }
}

/// One raw deflate stream being read; freed with its owner, its pointers set only during a call.
@safe private final class Inflater {
    private var stream = unsafe z_stream()
    private var isOpen = false

    init() { unsafe isOpen = occ_inflateInit(&stream) == Z_OK }

    deinit { if isOpen { _ = unsafe inflateEnd(&stream) } }

    /// zlib.net/manual.html, inflate: what one buffer full of output takes of the input.
    func inflate(_ bytes: [UInt8], _ damaged: (String) -> RenderingError) throws -> (
        plain: [UInt8], used: Int, isEnd: Bool
    ) {
        guard isOpen else { throw damaged("cannot be unpacked, there is no memory") }
        var input = bytes
        var room = [UInt8](repeating: 0, count: 1 << 18)
        var status: CInt = Z_OK
        let (written, left) = unsafe input.withUnsafeMutableBufferPointer { from in
            unsafe room.withUnsafeMutableBufferPointer { into in
                unsafe stream.next_in = from.baseAddress
                unsafe stream.avail_in = UInt32(from.count)
                unsafe stream.next_out = into.baseAddress
                unsafe stream.avail_out = UInt32(into.count)
                status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                unsafe stream.next_in = nil
                unsafe stream.next_out = nil
                return unsafe (into.count - Int(stream.avail_out), Int(stream.avail_in))
            }
        }
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw damaged("a member cannot be unpacked")
        }
        return (Array(room[..<written]), bytes.count - left, status == Z_STREAM_END)
    }
}
