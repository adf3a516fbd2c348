internal import Expressions
public import Transactions

/// A transaction that a batch can carry, with what the template derives from it.
public struct SelectedTransaction: Sendable {
    /// The transaction.
    public let transaction: Transaction
    let row: Value
}

/// Why a transaction is kept back or set aside.
public struct Reason: Hashable, Sendable, CustomStringConvertible {
    /// The name in docs/errors.md, such as `lookup-miss`.
    public let name: String
    /// What is wrong; never the value of a card, driver or plate.
    public let message: String

    /// Message and name in one line.
    public var description: String { "\(message) [\(name)]" }

    init(name: String, message: String) {
        self.name = name
        self.message = message
    }

    init(_ error: EvaluationError) {
        name = error.name
        message = error.message
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

    /// Decides on one transaction.
    ///
    /// `batch`: the batch as far as it is known; `when` may ask for its day.
    public func outcome(of transaction: Transaction, batch: BatchContext) -> Outcome {
        var frame = Frame(slots: selection.rowSlot + selection.derived.count + 4)
        frame[slots.run] = .record(ValuesRecord(values: [.string(programVersion)]))
        frame[slots.batch] = batch.record
        frame[slots.parameters] = .record(parameterRecord)
        let bare = TransactionRow(transaction, fields: selection.fields, derived: [])
        frame[selection.rowSlot] = .record(bare)
        do throws(EvaluationError) {
            if let when = selection.when, case .bool(false) = try when.evaluate(&frame) {
                return .notMatching
            }
            for field in selection.required where !transaction.has(field) {
                return .held(Reason(name: "waiting", message: "waits for '\(field.name)'"))
            }
            // What the template uses without saying what its absence becomes.
            for field in materialFields where !field.isOptional && !transaction.has(field) {
                return .rejected(
                    Reason(name: "missing-field", message: "field '\(field.name)' is absent")
                )
            }
            var derived: [Value] = []
            for (slot, value) in selection.derived {
                let result = try value.evaluate(&frame)
                frame[slot] = result
                derived.append(result)
            }
            let row = TransactionRow(transaction, fields: selection.fields, derived: derived)
            return .selected(
                SelectedTransaction(transaction: transaction, row: .record(row))
            )
        } catch {
            return error.disposition == .hold ? .held(Reason(error)) : .rejected(Reason(error))
        }
    }
}
