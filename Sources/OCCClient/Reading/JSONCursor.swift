/// Why bytes are no strict JSON (RFC 8259).
struct JSONProblem: Error {
    let message: String
}

/// A JSON value; a number is its text.
indirect enum JSONValue {
    case null
    case bool(Bool)
    case number(ArraySlice<UInt8>)
    /// Decoded UTF-8.
    case string([UInt8])
    case array([JSONValue])
    case object([(key: [UInt8], value: JSONValue)])

    /// Whether it is a text or a number.
    var isScalar: Bool {
        switch self {
        case .string, .number: true
        default: false
        }
    }
}

/// Reads one strict JSON value: no trailing commas, no lone surrogates, no doubled keys, bounded depth.
struct JSONCursor {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// How deep arrays and objects may nest.
    static let maximumDepth = 32

    /// The value that the bytes are, with nothing but blanks around it.
    static func value(of bytes: ArraySlice<UInt8>) throws(JSONProblem) -> JSONValue {
        var cursor = JSONCursor(bytes)
        let value = try cursor.value(depth: 0)
        cursor.skipBlanks()
        guard cursor.position == bytes.endIndex else {
            throw JSONProblem(message: "something follows the value")
        }
        return value
    }

    /// The value at the start of bytes, whatever follows it.
    static func first(of bytes: ArraySlice<UInt8>) throws(JSONProblem) -> JSONValue {
        var cursor = JSONCursor(bytes)
        return try cursor.value(depth: 0)
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    private var byte: UInt8 { position < bytes.endIndex ? bytes[position] : 0 }

    private mutating func skipBlanks() {
        while position < bytes.endIndex {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
        guard depth <= Self.maximumDepth else {
            throw JSONProblem(message: "values nest deeper than \(Self.maximumDepth) levels")
        }
        skipBlanks()
        switch byte {
        case 0x22: return .string(try string())
        case 0x7B: return try object(depth)
        case 0x5B: return try array(depth)
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6E: return try word("null", .null)
        case 0x2D, 0x30...0x39: return .number(try number())
        default: throw JSONProblem(message: "a value is missing")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue
    {
        guard bytes[position...].starts(with: word.utf8) else {
            throw JSONProblem(message: "a value is missing")
        }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONProblem) -> ArraySlice<UInt8> {
        let start = position
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        func digits() throws(JSONProblem) {
            guard isDigit(byte) else { throw JSONProblem(message: "a number lacks a digit") }
            while isDigit(byte) { position += 1 }
        }
        if byte == 0x2D { position += 1 }
        if byte == 0x30 { position += 1 } else { try digits() }
        if byte == 0x2E {
            position += 1
            try digits()
        }
        if byte == 0x65 || byte == 0x45 {
            position += 1
            if byte == 0x2B || byte == 0x2D { position += 1 }
            try digits()
        }
        guard position == bytes.endIndex || !isDigit(byte) else {
            throw JSONProblem(message: "a number begins with 0")
        }
        return bytes[start..<position]
    }

    private mutating func array(_ depth: Int) throws(JSONProblem) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipBlanks()
        if byte == 0x5D {
            position += 1
            return .array([])
        }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            switch byte {
            case 0x2C: position += 1
            case 0x5D:
                position += 1
                return .array(values)
            default: throw JSONProblem(message: "a list lacks ',' or ']'")
            }
        }
    }

    private mutating func object(_ depth: Int) throws(JSONProblem) -> JSONValue {
        position += 1
        var entries: [(key: [UInt8], value: JSONValue)] = []
        // A set, so that a hostile row of many keys costs no more than its length.
        var keys: Set<[UInt8]> = []
        skipBlanks()
        if byte == 0x7D {
            position += 1
            return .object([])
        }
        while true {
            skipBlanks()
            guard byte == 0x22 else { throw JSONProblem(message: "a key is missing") }
            let key = try string()
            guard keys.insert(key).inserted else {
                let name = String(decoding: key.prefix(40), as: UTF8.self)
                throw JSONProblem(message: "key '\(printable(name))' stands twice")
            }
            skipBlanks()
            guard byte == 0x3A else { throw JSONProblem(message: "a key lacks ':'") }
            position += 1
            entries.append((key, try value(depth: depth + 1)))
            skipBlanks()
            switch byte {
            case 0x2C: position += 1
            case 0x7D:
                position += 1
                return .object(entries)
            default: throw JSONProblem(message: "an object lacks ',' or '}'")
            }
        }
    }

    private mutating func string() throws(JSONProblem) -> [UInt8] {
        position += 1
        let start = position
        while position < bytes.endIndex, bytes[position] != 0x22 {
            position += bytes[position] == 0x5C ? 2 : 1
        }
        guard position < bytes.endIndex else { throw JSONProblem(message: "a text has no end") }
        var text: [UInt8] = []
        try JSONText.decode(bytes[start..<position].span, into: &text)
        position += 1
        guard String(validating: text, as: UTF8.self) != nil else {
            throw JSONProblem(message: "a text is not valid UTF-8")
        }
        return text
    }
}
