/// Takes the flat objects of a JSON file apart (RFC 8259), an object a record.
struct JSONRecords {
    /// A member's text, without quotes and escapes.
    struct Member {
        let name: [UInt8]
        let text: [UInt8]
        let isText: Bool
    }

    private let bytes: [UInt8]
    private var place = 0
    private var count = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads all objects: lines, or one array.
    ///
    /// - Throws: `ReadBackProblem` for what is no JSON of flat objects.
    mutating func read(isArray: Bool, _ each: ([Member], Int) throws -> Void) throws -> Int {
        if isArray { try expect(0x5B) }
        skipBlanks()
        while place < bytes.count, bytes[place] != 0x5D {
            let members = try object()
            count += 1
            try each(members, count)
            skipBlanks()
            guard isArray, place < bytes.count, bytes[place] == 0x2C else { continue }
            place += 1
            skipBlanks()
        }
        if isArray { try expect(0x5D) }
        skipBlanks()
        guard place == bytes.count else { throw problem("something stands behind its end") }
        return count
    }

    private mutating func object() throws -> [Member] {
        try expect(0x7B)
        var members: [Member] = []
        skipBlanks()
        if place < bytes.count, bytes[place] == 0x7D {
            place += 1
            return members
        }
        while true {
            skipBlanks()
            let name = try text()
            try expect(0x3A)
            skipBlanks()
            if place < bytes.count, bytes[place] == 0x22 {
                members.append(Member(name: name, text: try text(), isText: true))
            } else {
                members.append(Member(name: name, text: bare(), isText: false))
            }
            skipBlanks()
            guard place < bytes.count, bytes[place] == 0x2C else { break }
            place += 1
        }
        try expect(0x7D)
        return members
    }

    private mutating func bare() -> [UInt8] {
        let start = place
        while place < bytes.count, ![0x2C, 0x7D, 0x5D, 0x20, 0x0A, 0x0D].contains(bytes[place]) {
            place += 1
        }
        return Array(bytes[start..<place])
    }

    private mutating func text() throws -> [UInt8] {
        try expect(0x22)
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != 0x22 {
            guard bytes[place] == 0x5C, place + 1 < bytes.count else {
                text.append(bytes[place])
                place += 1
                continue
            }
            switch bytes[place + 1] {
            case 0x6E: text.append(0x0A)
            case 0x72: text.append(0x0D)
            case 0x74: text.append(0x09)
            case 0x75:
                guard place + 6 <= bytes.count,
                    let code = UInt8(
                        String(decoding: bytes[(place + 2)..<(place + 6)], as: UTF8.self),
                        radix: 16
                    )
                else { throw problem("an escape is none of a control character") }
                text.append(code)
                place += 4
            case let plain: text.append(plain)
            }
            place += 2
        }
        try expect(0x22)
        return text
    }

    private mutating func skipBlanks() {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws {
        skipBlanks()
        guard place < bytes.count, bytes[place] == byte else {
            throw problem("'\(Character(Unicode.Scalar(byte)))' is missing")
        }
        place += 1
    }

    private func problem(_ message: String) -> ReadBackProblem {
        ReadBackProblem(line: count + 1, message: message)
    }
}
