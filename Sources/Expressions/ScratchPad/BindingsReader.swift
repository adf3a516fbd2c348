internal import Transactions

/// Why bindings cannot be read.
public struct BindingsError: Error, Hashable, CustomStringConvertible {
    /// What is wrong and where, in one line.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Reads JSON into values with types, numbers exactly as they are written.
///
/// A number with a point or an exponent is a decimal, another an int. An object whose values have one type
/// is a map, another one a record.
struct BindingsReader {
    /// A value with the type that JSON gives it.
    struct Bound: Sendable {
        let type: ValueType
        let value: Value
    }

    /// A record whose members are at hand.
    private struct HeldRecord: RecordValue {
        let values: [Value]

        func member(_ index: Int) throws(EvaluationError) -> Value { values[index] }
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    static let maximumDepth = 64

    /// The members of the object that the text holds.
    static func members(of text: String) throws(BindingsError) -> [(name: String, bound: Bound)] {
        var reader = BindingsReader(bytes: Array(text.utf8))
        reader.skipBlanks()
        guard reader.byte == 0x7B else { throw reader.unexpected("an object is needed") }
        let members = try reader.object()
        reader.skipBlanks()
        guard reader.position == reader.bytes.count else {
            throw reader.unexpected("the JSON should end here")
        }
        return members
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private func unexpected(_ message: String) -> BindingsError {
        BindingsError("bindings: byte \(position + 1): \(message)")
    }

    private mutating func skipBlanks() {
        while [0x20, 0x09, 0x0A, 0x0D].contains(byte), position < bytes.count { position += 1 }
    }

    private mutating func expect(_ wanted: UInt8) throws(BindingsError) {
        guard byte == wanted, position < bytes.count else {
            throw unexpected("'\(UnicodeScalar(wanted))' is missing")
        }
        position += 1
    }

    private mutating func value() throws(BindingsError) -> Bound {
        skipBlanks()
        switch byte {
        case 0x22: return Bound(type: .string, value: .string(try text()))
        case 0x7B: return Self.held(try object())
        case 0x5B: return try list()
        case 0x2D, 0x30...0x39: return try number()
        default: break
        }
        let words: [(String, Bound)] = [
            ("true", Bound(type: .bool, value: .bool(true))),
            ("false", Bound(type: .bool, value: .bool(false))),
            ("null", Bound(type: .null, value: .null)),
        ]
        for (word, bound) in words where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return bound
        }
        throw unexpected("a value is missing")
    }

    private mutating func number() throws(BindingsError) -> Bound {
        let start = position
        while [0x2D, 0x2B, 0x2E, 0x45, 0x65].contains(byte) || (0x30...0x39).contains(byte) {
            position += 1
        }
        let digits = bytes[start..<position]
        guard let number = ExactDecimal(digits) else {
            throw unexpected("no number, or one beyond 38 digits")
        }
        let isWhole = !digits.contains { [0x2E, 0x45, 0x65].contains($0) }
        guard isWhole else {
            return Bound(type: .decimal(places: nil), value: .decimal(number))
        }
        guard let whole = Int64(exactly: number.significand) else {
            throw unexpected("the number does not fit 64 bits; write it with a point")
        }
        return Bound(type: .int, value: .int(whole))
    }

    private mutating func nested() throws(BindingsError) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw unexpected("the JSON nests too deep") }
    }

    private mutating func list() throws(BindingsError) -> Bound {
        try nested()
        defer { depth -= 1 }
        try expect(0x5B)
        var values: [Value] = []
        var type = ValueType.unknown
        skipBlanks()
        while byte != 0x5D {
            let start = position
            let element = try value()
            guard let joined = type.joined(with: element.type) else {
                position = start
                throw unexpected(
                    "a list holds values of one type, here \(type) and \(element.type)"
                )
            }
            type = joined
            values.append(element.value)
            skipBlanks()
            guard byte != 0x5D else { break }
            try expect(0x2C)
            skipBlanks()
        }
        try expect(0x5D)
        return Bound(type: .list(type), value: .list(values))
    }

    private mutating func object() throws(BindingsError) -> [(name: String, bound: Bound)] {
        try nested()
        defer { depth -= 1 }
        try expect(0x7B)
        var members: [(name: String, bound: Bound)] = []
        skipBlanks()
        while byte != 0x7D {
            skipBlanks()
            let name = try text()
            guard !members.contains(where: { $0.name == name }) else {
                throw unexpected("'\(name)' stands twice")
            }
            skipBlanks()
            try expect(0x3A)
            members.append((name, try value()))
            skipBlanks()
            guard byte != 0x7D else { break }
            try expect(0x2C)
            skipBlanks()
            guard byte != 0x7D else { throw unexpected("a name is missing") }
        }
        try expect(0x7D)
        return members
    }

    private static func held(_ members: [(name: String, bound: Bound)]) -> Bound {
        var common: ValueType? = .unknown
        for member in members { common = common.flatMap { $0.joined(with: member.bound.type) } }
        guard let common else {
            let record = RecordType(
                name: "the object",
                members: members.map { .init($0.name, $0.bound.type) }
            )
            let values = members.map(\.bound.value)
            return Bound(type: .record(record), value: .record(HeldRecord(values: values)))
        }
        var map = MapValue()
        for member in members { _ = map.insert(.string(member.name), member.bound.value) }
        return Bound(
            type: .map(members.isEmpty ? .unknown : .string, common),
            value: .map(map)
        )
    }

    private mutating func text() throws(BindingsError) -> String {
        try expect(0x22)
        var output: [UInt8] = []
        while byte != 0x22 {
            guard position < bytes.count, byte >= 0x20 else {
                throw unexpected("the text has no closing quote")
            }
            guard byte == 0x5C else {
                output.append(byte)
                position += 1
                continue
            }
            position += 1
            let letter = byte
            position += 1
            switch letter {
            case 0x22, 0x2F, 0x5C: output.append(letter)
            case 0x62: output.append(0x08)
            case 0x66: output.append(0x0C)
            case 0x6E: output.append(0x0A)
            case 0x72: output.append(0x0D)
            case 0x74: output.append(0x09)
            case 0x75: output.append(contentsOf: String(try character()).utf8)
            default: throw unexpected("no such escape")
            }
        }
        position += 1
        guard let text = String(validating: output, as: UTF8.self) else {
            throw unexpected("the text is no UTF-8")
        }
        return text
    }

    private mutating func unit() throws(BindingsError) -> UInt32 {
        let end = min(position + 4, bytes.count)
        let digits = String(decoding: bytes[position..<end], as: UTF8.self)
        // The number reader would take a sign as well.
        guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
            let unit = UInt32(digits, radix: 16)
        else {
            throw unexpected("four hexadecimal digits are missing")
        }
        position = end
        return unit
    }

    private mutating func character() throws(BindingsError) -> UnicodeScalar {
        let first = try unit()
        if let scalar = UnicodeScalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), byte == 0x5C, position + 1 < bytes.count,
            bytes[position + 1] == 0x75
        else { throw unexpected("half a character") }
        position += 2
        let second = try unit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw unexpected("half a character") }
        return scalar
    }
}
