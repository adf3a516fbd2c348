public import Transactions

/// What an expression yields.
public enum Value: Sendable {
    /// No value, where the type is optional.
    case absent
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case int(Int64)
    /// An exact decimal.
    case decimal(ExactDecimal)
    /// Text.
    case string(String)
    /// A day.
    case date(CalendarDate)
    /// A local day and time.
    case datetime(LocalTime)
    /// An instant.
    case timestamp(UTCTimestamp)
    /// Values in order.
    case list([Value])
    /// Named members.
    case record(any RecordValue)

    /// Whether there is no value.
    public var isAbsent: Bool {
        if case .absent = self { return true }
        return false
    }

    /// The number as a decimal; nil for what is no number.
    public var number: ExactDecimal? {
        switch self {
        case .int(let value): ExactDecimal(value)
        case .decimal(let value): value
        default: nil
        }
    }

    /// The text; nil for what is no text.
    public var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}

/// A record whose members are read when an expression needs them.
public protocol RecordValue: Sendable {
    /// The member at a place of the record's type.
    ///
    /// - Throws: `EvaluationError` when the member cannot be had: a required field is absent.
    func member(_ index: Int) throws(EvaluationError) -> Value
}

extension Value: Hashable {
    /// Compares by value: 1 equals 1.0.
    ///
    /// Records are never equal.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.absent, .absent): true
        case (.bool(let one), .bool(let two)): one == two
        case (.int(let one), .int(let two)): one == two
        case (.string(let one), .string(let two)): one == two
        case (.date(let one), .date(let two)): one == two
        case (.datetime(let one), .datetime(let two)): one == two
        case (.timestamp(let one), .timestamp(let two)): one == two
        case (.list(let one), .list(let two)): one == two
        default:
            if let one = left.number, let two = right.number { one == two } else { false }
        }
    }

    /// Hashes so that equal values hash alike.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .absent, .record: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(ExactDecimal(value))
        case .decimal(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .date(let value): hasher.combine(value)
        case .datetime(let value): hasher.combine(value)
        case .timestamp(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
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
            // By code point, so that order does not depend on a locale or a Unicode version.
            one.unicodeScalars.lexicographicallyPrecedes(two.unicodeScalars)
        case (.date(let one), .date(let two)): one < two
        case (.datetime(let one), .datetime(let two)): one < two
        case (.timestamp(let one), .timestamp(let two)): one < two
        default:
            if let one = left.number, let two = right.number { one < two } else { false }
        }
    }
}

/// The variables of one evaluation, by the slot that `Scope.declare` gave.
public struct Frame: Sendable {
    private var slots: [Value]

    /// A frame for a scope; it grows as inner loops need it.
    public init(slots count: Int = 0) { slots = [Value](repeating: .absent, count: count) }

    /// The variable of a slot; absent until it is set.
    public subscript(slot: Int) -> Value {
        get { slot < slots.count ? slots[slot] : .absent }
        set {
            while slots.count <= slot { slots.append(.absent) }
            slots[slot] = newValue
        }
    }
}
