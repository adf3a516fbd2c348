/// Turns the bytes of a written file back into UTF-8, as they come.
struct FileDecoder {
    private enum Form {
        case utf8
        case utf16
        case table([UInt32])
    }

    private let form: Form
    private var held: UInt8?
    private var high: UInt32?
    private var isBigEndian: Bool
    private var isFirst = true
    private var start: [UInt8] = []

    init(_ encoding: CharacterEncoding) {
        isBigEndian = encoding.name == "utf-16be"
        if let codes = encoding.codePoints {
            form = .table(codes)
        } else {
            form = encoding.name.hasPrefix("utf-16") ? .utf16 : .utf8
        }
    }

    /// Appends what bytes say; a byte-order mark is left out.
    mutating func decode(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        switch form {
        case .utf8:
            guard isFirst else {
                output.append(contentsOf: bytes)
                return
            }
            start += bytes
            guard start.count >= 3 else { return }
            isFirst = false
            output.append(
                contentsOf: start.starts(with: [0xEF, 0xBB, 0xBF]) ? start[3...] : start[...]
            )
            start = []
        case .table(let codes): for byte in bytes { Self.append(codes[Int(byte)], to: &output) }
        case .utf16: for byte in bytes { decode(byte, to: &output) }
        }
    }

    /// Appends what was held back at the file's end.
    mutating func finish(to output: inout [UInt8]) {
        output.append(contentsOf: start)
        start = []
    }

    private mutating func decode(_ byte: UInt8, to output: inout [UInt8]) {
        guard let first = held else {
            held = byte
            return
        }
        held = nil
        if isFirst {
            isFirst = false
            if first == 0xFE, byte == 0xFF {
                isBigEndian = true
                return
            }
            if first == 0xFF, byte == 0xFE {
                isBigEndian = false
                return
            }
        }
        let unit =
            isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
        if let lead = high {
            high = nil
            guard (0xDC00...0xDFFF).contains(unit) else {
                Self.append(0xFFFD, to: &output)
                return
            }
            Self.append(0x10000 + (lead & 0x3FF) << 10 + unit & 0x3FF, to: &output)
        } else if (0xD800...0xDBFF).contains(unit) {
            high = unit
        } else {
            Self.append(unit, to: &output)
        }
    }

    private static func append(_ code: UInt32, to output: inout [UInt8]) {
        if code < 0x80 {
            output.append(UInt8(code))
        } else {
            output.append(contentsOf: UTF8.encode(Unicode.Scalar(code) ?? "\u{FFFD}") ?? .init())
        }
    }
}

/// How many columns text takes in a file: characters, or bytes of its encoding.
struct ColumnCount {
    private let countsCharacters: Bool
    private let isUTF16: Bool
    private let isUTF8: Bool

    init(_ encoding: CharacterEncoding, countsCharacters: Bool) {
        self.countsCharacters = countsCharacters
        isUTF16 = encoding.name.hasPrefix("utf-16")
        isUTF8 = encoding.name == "utf-8"
    }

    /// The columns of one character, by its first byte in UTF-8.
    func columns(ofCharacterBeginningWith byte: UInt8) -> Int {
        if countsCharacters || !isUTF8 && !isUTF16 { return 1 }
        if isUTF16 { return byte >= 0xF0 ? 4 : 2 }
        return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
    }

    /// The columns of a text.
    func columns(of text: ArraySlice<UInt8>) -> Int {
        var count = 0
        for byte in text where byte & 0xC0 != 0x80 {
            count += columns(ofCharacterBeginningWith: byte)
        }
        return count
    }
}
