public import Transactions

/// What an expression yields.
public enum Value: Sendable {
    /// No value, where the type is optional.
    case absent
    /// CEL's `null`: a value of its own that equals nothing else.
    case null
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
    /// A length of time.
    case duration(ExactDuration)
    /// Values in order.
    case list([Value])
    /// Values by key.
    case map(MapValue)
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

    /// The number at a place, nil when absent: the way that makes no `Value`.
    ///
    /// - Throws: `EvaluationError` as `member(_:)` does.
    func number(_ index: Int) throws(EvaluationError) -> ExactDecimal?

    /// Appends the UTF-8 of the text at a place and says whether there is one: the way that makes no
    /// `String`.
    ///
    /// - Throws: `EvaluationError` as `member(_:)` does.
    func appendText(_ index: Int, to output: inout [UInt8]) throws(EvaluationError) -> Bool
}

extension RecordValue {
    /// The number at a place, by way of `member(_:)`.
    public func number(_ index: Int) throws(EvaluationError) -> ExactDecimal? {
        try member(index).number
    }

    /// Appends the text at a place, by way of `member(_:)`.
    public func appendText(_ index: Int, to output: inout [UInt8]) throws(EvaluationError) -> Bool {
        guard case .string(let text) = try member(index) else { return false }
        output.append(contentsOf: text.utf8)
        return true
    }
}

/// What the checker has proven a value to be; a value of another kind ends the evaluation, never the
/// program.
extension Value {
    private func mismatch(_ wanted: String) -> EvaluationError {
        EvaluationError(.type, "\(wanted) is needed here, the value is of another kind")
    }

    var asBool: Bool {
        get throws(EvaluationError) {
            guard case .bool(let value) = self else { throw mismatch("a bool") }
            return value
        }
    }

    var asInt: Int64 {
        get throws(EvaluationError) {
            guard case .int(let value) = self else { throw mismatch("an int") }
            return value
        }
    }

    var asNumber: ExactDecimal {
        get throws(EvaluationError) {
            guard let number else { throw mismatch("a number") }
            return number
        }
    }

    var asText: String {
        get throws(EvaluationError) {
            guard case .string(let text) = self else { throw mismatch("a string") }
            return text
        }
    }

    var asList: [Value] {
        get throws(EvaluationError) {
            guard case .list(let values) = self else { throw mismatch("a list") }
            return values
        }
    }

    var asMap: MapValue {
        get throws(EvaluationError) {
            guard case .map(let map) = self else { throw mismatch("a map") }
            return map
        }
    }

    var asRecord: any RecordValue {
        get throws(EvaluationError) {
            guard case .record(let record) = self else { throw mismatch("a record") }
            return record
        }
    }

    var asDate: CalendarDate {
        get throws(EvaluationError) {
            guard case .date(let date) = self else { throw mismatch("a date") }
            return date
        }
    }

    var asInstant: UTCTimestamp {
        get throws(EvaluationError) {
            guard case .timestamp(let instant) = self else { throw mismatch("a timestamp") }
            return instant
        }
    }

    var asDuration: ExactDuration {
        get throws(EvaluationError) {
            guard case .duration(let duration) = self else { throw mismatch("a duration") }
            return duration
        }
    }
}
