internal import Transactions

/// A value as names and messages show it: ISO dates, plain numbers.
public func plainText(_ value: Value) -> String {
    switch value {
    case .absent, .record: ""
    case .null: "null"
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .decimal(let value): value.normalized.description
    case .string(let text): text
    case .date(let date): date.description
    case .datetime(let time): time.description
    case .timestamp(let instant): instant.description
    case .duration(let duration): duration.description
    case .list(let values): "[" + values.map(plainText).joined(separator: ", ") + "]"
    case .map(let map):
        "{"
            + map.keys.map { (plainText($0), plainText(map[$0] ?? .absent)) }
            .sorted { $0.0 < $1.0 }.map { "\($0): \($1)" }.joined(separator: ", ") + "}"
    }
}
