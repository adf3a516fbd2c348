internal import Expressions
public import Transactions

/// A transaction that a batch can carry.
public struct SelectedTransaction: Sendable {
    /// The transaction, as it was exported if it is taken back.
    public let transaction: Transaction
    /// The batch that this copy takes back, its amounts negated; nil for what is sent as it is.
    public let reverses: Int?

    /// Selects a transaction.
    ///
    /// - Parameters:
    ///   - transaction: the version to send.
    ///   - reverses: the number of the batch that is taken back by it.
    public init(_ transaction: Transaction, reverses: Int? = nil) {
        self.transaction = transaction
        self.reverses = reverses
    }
}

/// Why a transaction is kept back or set aside.
public struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// The name in docs/errors.md, such as `lookup-miss`.
    public let name: String
    /// What is wrong; never the value of a card, driver or plate.
    public let message: String
    /// What to change in the template, where that may be the cure.
    public let cure: String?
    /// Whether the next run tries again, instead of giving it up.
    public let isHeld: Bool

    /// Message, name and cure in one line.
    public var description: String { "\(message) [\(name)]" + (cure.map { "; \($0)" } ?? "") }

    init(name: String, message: String, cure: String? = nil, isHeld: Bool = false) {
        self.name = name
        self.message = message
        self.cure = cure
        self.isHeld = isHeld
    }

    init(_ error: EvaluationError) {
        name = error.name
        message = error.message
        cure = nil
        isHeld = error.disposition == .hold
    }
}

/// Decides which transactions a batch can carry, one after the other, without making anything twice.
public struct Selector: Sendable {
    let plan: Plan
    var frame: Frame
    /// Documents that cannot be whole, by their keys, with what keeps one of their transactions back.
    var hindrances: [[Value]: Plan.Outcome] = [:]

    init(_ plan: Plan, batch: BatchContext) {
        self.plan = plan
        let slots = plan.selection.rowSlot + plan.selection.derived.count + 4
        frame = Frame(slots: max(slots, (plan.documents?.rowSlot ?? 0) + 4))
        plan.setGlobals(&frame, batch)
    }

    /// Decides on one transaction.
    public mutating func outcome(of transaction: Transaction, reverses: Int? = nil)
        -> Plan.Outcome
    {
        let selected = SelectedTransaction(transaction, reverses: reverses)
        let outcome = outcome(of: selected)
        switch outcome {
        case .held, .rejected: hinder(selected, outcome)
        case .selected, .notMatching: break
        }
        return outcome
    }

    private mutating func outcome(of selected: SelectedTransaction) -> Plan.Outcome {
        let transaction = selected.transaction
        let selection = plan.selection
        do throws(EvaluationError) {
            if let when = selection.when {
                frame[selection.rowSlot] = .record(bare(selected, position: 0))
                if case .bool(false) = try when.evaluate(&frame) { return .notMatching }
            }
            for field in selection.required where !transaction.has(field) {
                return .held(Reason(name: "waiting", message: "waits for '\(field.name)'"))
            }
            // What the template uses without saying what its absence becomes.
            for field in selection.wanted where !transaction.has(field) {
                return .rejected(
                    Reason(name: "missing-field", message: "field '\(field.name)' is absent")
                )
            }
            _ = try row(selected, position: 0)
            return .selected(selected)
        } catch {
            return error.disposition == .hold ? .held(Reason(error)) : .rejected(Reason(error))
        }
    }

    func bare(_ selected: SelectedTransaction, position: Int) -> TransactionRow {
        TransactionRow(
            selected,
            position: position,
            fields: plan.selection.fields,
            acceptsReversals: plan.template.acceptsReversals,
            mayLack: plan.selection.mayLack,
            derived: []
        )
    }

    /// The transaction with what the template derives from it.
    mutating func row(_ selected: SelectedTransaction, position: Int) throws(EvaluationError)
        -> TransactionRow
    {
        let bare = bare(selected, position: position)
        guard !plan.selection.derived.isEmpty else { return bare }
        frame[plan.selection.rowSlot] = .record(bare)
        var derived: [Value] = []
        derived.reserveCapacity(plan.selection.derived.count)
        for (slot, value) in plan.selection.derived {
            let result = try value.evaluate(&frame)
            frame[slot] = result
            derived.append(result)
        }
        return TransactionRow(
            selected,
            position: position,
            fields: plan.selection.fields,
            acceptsReversals: plan.template.acceptsReversals,
            mayLack: plan.selection.mayLack,
            derived: derived
        )
    }
}

extension Plan {
    /// What becomes of a transaction.
    public enum Outcome: Sendable {
        /// The batch can carry it.
        case selected(SelectedTransaction)
        /// The export's condition leaves it out.
        case notMatching
        /// A rule keeps it back; the next run tries again.
        case held(Reason)
        /// It cannot be mapped.
        case rejected(Reason)
    }

    /// Decides on transactions, one after the other.
    ///
    /// - Parameter batch: the batch as far as it is known; `when` may ask for its day.
    /// - Returns: what decides, to be kept for all of them.
    public func selector(batch: BatchContext) -> Selector { Selector(self, batch: batch) }

    /// Decides on one transaction; for many, keep a `selector(batch:)`.
    public func outcome(of transaction: Transaction, batch: BatchContext) -> Outcome {
        var selector = selector(batch: batch)
        return selector.outcome(of: transaction)
    }

    func setGlobals(_ frame: inout Frame, _ batch: BatchContext) {
        frame[slots.run] = .record(ValuesRecord(values: [.string(programVersion)]))
        frame[slots.batch] = batch.record
        frame[slots.parameters] = .record(parameterRecord)
    }
}
