internal import Expressions
internal import Transactions

/// A document goes out whole: a transaction that is held or rejected takes the others of it along.
extension Selector {
    /// What keeps a selected transaction back all the same: another one of its document was held or
    /// rejected; nil when nothing does.
    ///
    /// To be asked once all transactions of the batch have been decided on.
    public mutating func hindrance(of selected: SelectedTransaction) -> Plan.Outcome? {
        guard !hindrances.isEmpty, let key = documentKey(of: selected) else { return nil }
        return hindrances[key]
    }

    /// Notes that a transaction's document cannot be whole.
    mutating func hinder(_ selected: SelectedTransaction, _ outcome: Plan.Outcome) {
        guard let key = documentKey(of: selected), hindrances[key] == nil else { return }
        let message = "its document waits for transaction \(selected.transaction.key)"
        switch outcome {
        case .held(let reason):
            // What merely waits lets the others wait too.
            let name = reason.name == "waiting" ? reason.name : "document"
            hindrances[key] = .held(Reason(name: name, message: message, isHeld: true))
        default: hindrances[key] = .rejected(Reason(name: "document", message: message))
        }
    }

    /// The keys of a transaction's document, as far as they can be told: nil where they depend on what
    /// the transaction lacks or a lookup does not have.
    private mutating func documentKey(of selected: SelectedTransaction) -> [Value]? {
        guard let documents = plan.documents, !documents.allowsIncomplete else { return nil }
        if documents.keys.isEmpty {
            // model: invoice, which groups by number and currency itself.
            let transaction = selected.transaction
            guard let number = transaction.text(.invoiceNo),
                let currency = transaction.text(.currency)
            else { return nil }
            return [.string(number), .string(currency)]
        }
        let selection = plan.selection
        var unknown: Set<Substring> = []
        for field in selection.required + selection.wanted where !selected.transaction.has(field) {
            unknown.insert(Substring(field.name))
        }
        func isKnown(_ names: Set<String>) -> Bool {
            names.allSatisfy { name in
                !unknown.contains(name.prefix { $0 != "." })
            }
        }
        frame[selection.rowSlot] = .record(bare(selected, position: 0))
        var derived: [Value] = []
        for (declaration, (slot, value)) in zip(plan.template.derived, selection.derived) {
            var result = Value.absent
            var isTold = isKnown(value.usedNames)
            if isTold {
                do throws(EvaluationError) {
                    result = try value.evaluate(&frame)
                } catch {
                    // Nothing is lost: the transaction is held or rejected for this very reason.
                    isTold = false
                }
            }
            if !isTold { unknown.insert(Substring(declaration.name)) }
            frame[slot] = result
            derived.append(result)
        }
        frame[documents.rowSlot] = .record(
            TransactionRow(
                selected,
                position: 0,
                fields: selection.fields,
                acceptsReversals: plan.template.acceptsReversals,
                mayLack: plan.selection.mayLack,
                derived: derived
            )
        )
        var key: [Value] = []
        for formula in documents.keys {
            guard formula.streams.isEmpty, isKnown(formula.usedNames) else { return nil }
            do throws(EvaluationError) {
                key.append(try formula.expression.evaluate(&frame))
            } catch {
                return nil
            }
        }
        return key
    }
}
