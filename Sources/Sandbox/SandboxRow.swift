/// A row as it goes out: ordered keys and JSON texts, and the day by which windows find it.
struct SandboxRow: Sendable {
    var id: String
    var day: SandboxDay
    var fields: [(key: String, json: String)]

    /// The JSON object.
    var json: String {
        var text = "{"
        for field in fields {
            if text.utf8.count > 1 { text += "," }
            text += "\"\(field.key)\":\(field.json)"
        }
        return text + "}"
    }

    /// Replaces or adds fields, which then stand last.
    mutating func set(_ changes: [(key: String, json: String)]) {
        for change in changes {
            fields.removeAll { $0.key == change.key }
            fields.append(change)
        }
    }

    /// The JSON text of a field.
    subscript(key: String) -> String? { fields.first { $0.key == key }?.json }

    /// A text as JSON (RFC 8259): quotes, backslashes and control characters escaped.
    static func text(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{0}"..."\u{1F}":
                quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Ten-thousandths as a JSON number, with four places or as few as needed.
    static func amount(_ value: Int, isShort: Bool) -> String {
        let digits = String(value.magnitude)
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        var text = (value < 0 ? "-" : "") + padded.dropLast(4) + "." + padded.suffix(4)
        if isShort {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return text
    }

    /// The ten-thousandths of such a number, with or without quotes; nil for anything else.
    static func tenThousandths(_ json: String) -> Int? {
        var text = Substring(json)
        if text.first == "\"", text.last == "\"", text.count > 1 {
            text = text.dropFirst().dropLast()
        }
        let isNegative = text.first == "-"
        if isNegative { text.removeFirst() }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty,
            parts.count == 1 || (1...4).contains(parts[1].count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
        else { return nil }
        let decimals = (parts.count == 2 ? parts[1] : "") + "0000"
        return Int(parts[0] + decimals.prefix(4)).map { isNegative ? -$0 : $0 }
    }
}

/// Chance from a seed (Steele, Lea, Flood: SplitMix64).
struct SplitMix64: Sendable {
    var state: UInt64

    /// The chance of one row: the same for the same seed, kind and number, whatever was drawn before.
    init(_ seed: UInt64, _ kind: UInt64, _ number: Int) {
        state =
            seed &* 0x9E37_79B9_7F4A_7C15 ^ kind << 56
            ^ UInt64(truncatingIfNeeded: number) &* 0xD134_2543_DE82_EF95
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one below the limit.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
