internal import Transactions

/// Values as JSON text.
enum JSONText {
    static func text(_ value: Value, _ type: ValueType) throws(EvaluationError) -> String {
        switch value {
        case .absent, .null: return "null"
        case .bool, .int, .decimal: return plainText(value)
        case .string, .date, .datetime, .timestamp, .duration: return quoted(plainText(value))
        case .list(let values):
            var element = ValueType.unknown
            if case .list(let inner) = type.present { element = inner }
            var parts: [String] = []
            for value in values { parts.append(try text(value, element)) }
            return "[" + parts.joined(separator: ", ") + "]"
        case .map(let map):
            var element = ValueType.unknown
            if case .map(_, let inner) = type.present { element = inner }
            var parts: [String] = []
            for key in map.keys {
                parts.append(
                    quoted(plainText(key)) + ": " + (try text(map[key] ?? .absent, element))
                )
            }
            return "{" + parts.joined(separator: ", ") + "}"
        case .record(let record):
            guard case .record(let members) = type.present else { return "null" }
            var parts: [String] = []
            for (index, member) in members.members.enumerated() {
                parts.append(
                    quoted(member.name) + ": " + (try text(record.member(index), member.type))
                )
            }
            return "{" + parts.joined(separator: ", ") + "}"
        }
    }

    /// A text between quotes (RFC 8259, 7).
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
