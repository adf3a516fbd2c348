internal import CZlib

/// A checksum over what is written, fed as the bytes go to the sink.
struct RunningChecksum {
    private let extent: ChecksumDeclaration.Extent
    /// Where in the output buffer what it has not seen begins.
    var start: Int
    /// The sum so far.
    private(set) var value: UInt32 = 0
    private var place = Place.between

    /// Where among tokens the next byte stands.
    private enum Place { case between, quoted, escaped }

    init(_ extent: ChecksumDeclaration.Extent, from start: Int) {
        self.extent = extent
        self.start = start
    }

    /// Takes what was appended to the buffer since it last looked.
    mutating func take(_ output: [UInt8]) {
        let new = output[min(start, output.count)...]
        start = output.count
        switch extent {
        case .bytes: value = Self.crc32(new, after: value)
        case .tokens: value = Self.crc32(tokens(new)[...], after: value)
        }
    }

    /// The bytes that count: braces and what separates do not, quotes neither; `\"` is a quote that does.
    private mutating func tokens(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var counted: [UInt8] = []
        counted.reserveCapacity(bytes.count)
        for byte in bytes {
            switch (place, byte) {
            case (.between, 0x22): place = .quoted
            case (.between, 0x09), (.between, 0x0A), (.between, 0x0D), (.between, 0x20),
                (.between, 0x7B), (.between, 0x7D):
                break
            case (.quoted, 0x22): place = .between
            case (.quoted, 0x5C): place = .escaped
            case (.escaped, _):
                if byte != 0x22 { counted.append(0x5C) }
                counted.append(byte)
                place = .quoted
            default: counted.append(byte)
            }
        }
        return counted
    }

    /// CRC-32 by zlib (zlib.net/manual.html, crc32).
    static func crc32(_ bytes: ArraySlice<UInt8>, after previous: UInt32) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            UInt32(
                unsafe CZlib.crc32(UInt(previous), buffer.baseAddress, UInt32(buffer.count))
            )
        }
    }
}
