internal import Expressions
internal import Transactions

/// A plan's selection as far as it can be decided on a row's columns.
struct RowSelection: Sendable {
    enum Decision {
        case selected
        /// Held, because a required field is absent; its document needs no mention.
        case waiting
        case notMatching
        /// The `Selector` knows.
        case unsure
    }

    /// Asks the condition and the lookups of derived fields; it writes nothing.
    let program: RowProgram
    /// Whether the program decides at all.
    private let decides: Bool
    private let required: UInt32
    private let wanted: UInt32
    private let hasCondition: Bool
    /// Fields without which a row has no document; nil where documents do not matter.
    private let keys: UInt32?

    init(_ plan: Plan) {
        let selection = plan.selection
        func mask(_ fields: [Field]) -> UInt32 {
            fields.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
        }
        required = mask(selection.required)
        wanted = mask(selection.wanted)
        hasCondition = selection.when != nil
        if let documents = plan.documents, !documents.allowsIncomplete {
            let names =
                documents.keys.isEmpty
                ? ["invoiceNo", "currency"] : documents.keys.flatMap(\.usedNames)
            keys = mask(names.compactMap { Field(name: $0) })
        } else {
            keys = nil
        }
        var draft = RowProgramDraft()
        let program = Self.program(plan, &draft)
        decides = program && RowProgram.isEnabled
        self.program = RowProgram(decides ? draft : RowProgramDraft(), encoding: .utf8)
    }

    /// Puts the condition and what derived fields ask for into a draft; false where there is more to it.
    private static func program(_ plan: Plan, _ draft: inout RowProgramDraft) -> Bool {
        let selection = plan.selection
        let values = RowValues(plan: plan, rowSlot: selection.rowSlot)
        if let when = selection.when {
            guard let shape = when.shape, let test = values.test(shape),
                let jumps = draft.test(test)
            else { return false }
            RowProgramCompiler(plan: plan).finish(&draft, jumps)
        }
        for (_, derived) in selection.derived {
            guard let shape = derived.shape, let value = values.value(shape),
                value.isFound(by: &draft)
            else { return false }
        }
        return true
    }

    /// Decides on a row.
    @inline(__always)
    func decision(
        on row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ machine: inout RowMachine
    ) -> Decision {
        guard decides else { return .unsure }
        if row.present & required != required {
            guard !hasCondition, keys.map({ row.present & $0 != $0 }) ?? true else {
                return .unsure
            }
            return .waiting
        }
        guard row.present & wanted == wanted else { return .unsure }
        return switch program.test(row, bytes, &machine) {
        case .written: .selected
        case .leftOut: .notMatching
        case .unsure: .unsure
        }
    }
}

extension RowValue {
    /// Registers the lookups that a derived field asks; false where there are too many.
    fileprivate func isFound(by draft: inout RowProgramDraft) -> Bool {
        switch self {
        case .lookup(let table, let key), .column(let table, let key, _):
            draft.lookup(table, key) != nil
        case .conditional(let test, let one, let two):
            test.isFound(by: &draft) && one.isFound(by: &draft) && two.isFound(by: &draft)
        case .outer: false
        default: true
        }
    }
}

extension RowTest {
    fileprivate func isFound(by draft: inout RowProgramDraft) -> Bool {
        switch self {
        case .presentColumn(let table, let key, _): draft.lookup(table, key) != nil
        case .not(let inner): inner.isFound(by: &draft)
        case .both(let one, let two), .any(let one, let two):
            one.isFound(by: &draft) && two.isFound(by: &draft)
        default: true
        }
    }
}
