internal import Transactions

extension Value: Hashable {
    /// Compares by value: 1 equals 1.0, texts are equal when their code points are.
    ///
    /// Records are never equal.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.absent, .absent), (.null, .null): true
        case (.bool(let one), .bool(let two)): one == two
        case (.int(let one), .int(let two)): one == two
        case (.string(let one), .string(let two)): isSameText(one, two)
        case (.date(let one), .date(let two)): one == two
        case (.datetime(let one), .datetime(let two)): one == two
        case (.timestamp(let one), .timestamp(let two)): one == two
        case (.duration(let one), .duration(let two)): one == two
        case (.list(let one), .list(let two)): one == two
        case (.map(let one), .map(let two)): one == two
        default:
            if let one = left.number, let two = right.number { one == two } else { false }
        }
    }

    /// Swift's own `==` takes canonically equivalent texts for equal, CEL does not.
    private static func isSameText(_ one: String, _ two: String) -> Bool {
        one == two && one.utf8.count == two.utf8.count && one.utf8.elementsEqual(two.utf8)
    }

    /// Hashes so that equal values hash alike.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .absent, .record: hasher.combine(0)
        case .null: hasher.combine(1)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(ExactDecimal(value))
        case .decimal(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .date(let value): hasher.combine(value)
        case .datetime(let value): hasher.combine(value)
        case .timestamp(let value): hasher.combine(value)
        case .duration(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
        case .map(let map): hasher.combine(map)
        }
    }

    /// Whether one value comes before another of the same type; an absent one comes first.
    public static func isOrdered(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.absent, .absent): false
        case (.absent, _): true
        case (.bool(let one), .bool(let two)): !one && two
        case (.int(let one), .int(let two)): one < two
        case (.string(let one), .string(let two)):
            // By code point, which UTF-8 keeps: order depends on no locale and no Unicode version.
            one.utf8.lexicographicallyPrecedes(two.utf8)
        case (.date(let one), .date(let two)): one < two
        case (.datetime(let one), .datetime(let two)): one < two
        case (.timestamp(let one), .timestamp(let two)): one < two
        case (.duration(let one), .duration(let two)): one < two
        default:
            if let one = left.number, let two = right.number { one < two } else { false }
        }
    }
}
