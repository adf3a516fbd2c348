internal import Transactions

/// The variables of one evaluation, by the slot that `Scope.declare` gave, and the work it may still do.
public struct Frame: Sendable {
    private var slots: [Value]
    /// Steps that are left; a step is one round of a macro or 64 bytes of text made.
    private var stepsLeft = Frame.baseSteps

    /// Steps that every evaluation may take, whatever the data.
    static let baseSteps = 1_000_000
    /// Steps that each element of a list of the surroundings adds, so that work may grow with the data
    /// but not faster.
    static let stepsPerElement = 256

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

    /// The record in a slot, without a copy of the value around it.
    func record(_ slot: Int) throws(EvaluationError) -> any RecordValue {
        guard slot < slots.count, case .record(let record) = slots[slot] else {
            throw EvaluationError(.type, "a record is needed here, there is none")
        }
        return record
    }

    /// The number of a record in a slot.
    func number(_ slot: Int, _ index: Int) throws(EvaluationError) -> ExactDecimal {
        guard let number = try record(slot).number(index) else {
            throw EvaluationError(.type, "a number is needed here, there is none")
        }
        return number
    }

    /// Appends the text of a record in a slot; false where it is absent.
    func appendText(_ slot: Int, _ index: Int, to output: inout [UInt8]) throws(EvaluationError)
        -> Bool
    {
        try record(slot).appendText(index, to: &output)
    }

    /// Begins an evaluation.
    mutating func begin() {
        stepsLeft = Self.baseSteps
    }

    /// Takes steps.
    ///
    /// - Throws: `EvaluationError` when none are left.
    mutating func spend(_ steps: Int) throws(EvaluationError) {
        stepsLeft -= steps
        guard stepsLeft >= 0 else {
            throw EvaluationError(
                .tooMuchWork,
                "the expression takes more steps than its data can need"
            )
        }
    }

    /// Takes a step for each value that a list or map holds, however deep, and one for 64 bytes of each text:
    /// what stands in many places is one value in memory, and work in each of them.
    ///
    /// - Throws: `EvaluationError` when none are left.
    mutating func spend(through value: Value) throws(EvaluationError) {
        switch value {
        case .string(let text): try spend(text.utf8.count / 64)
        case .list(let values):
            try spend(values.count)
            for value in values { try spend(through: value) }
        case .map(let map):
            try spend(map.count)
            for key in map.keys { try spend(through: map[key] ?? .absent) }
        default: return
        }
    }

    /// Grants steps for a list that the surroundings gave.
    mutating func allow(elements: Int) {
        let (steps, overflow) = elements.multipliedReportingOverflow(by: Self.stepsPerElement)
        let (sum, more) = stepsLeft.addingReportingOverflow(steps)
        stepsLeft = overflow || more ? Int.max / 2 : sum
    }
}
