internal import Synchronization
public import Transactions

/// Rows that can be read more than once, before anything was selected: a file of the API's rows.
public protocol RowReading: Sendable {
    /// Visits all in order with their places, which ascend.
    ///
    /// - Throws: what `body` throws, and the reading's own failures.
    func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws

    /// Reads the row at a place; its texts stand in `bytes` from `start` on.
    ///
    /// So many bytes as are returned belong to it. What is before them stays, what is behind is nobody's.
    ///
    /// - Throws: the reading's own failures.
    func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int
}

/// The rows of a reading that a plan selects, decided on as they go by.
///
/// Only what is held or rejected is remembered, so memory does not grow with what is selected.
public final class SelectedRows<Rows: RowReading>: TransactionSource {
    /// What was not selected.
    public struct Verdicts: Sendable {
        /// Rows that a rule keeps back, by the reason's name.
        public fileprivate(set) var held: [String: Int] = [:]
        /// Rows that cannot be mapped, in their order.
        public fileprivate(set) var rejected: [(key: TransactionKey, reason: Reason)] = []
        /// What is selected adds up to.
        public fileprivate(set) var totals = ColumnTotals()
        /// Rows that only wait for a field that the template requires.
        fileprivate var waiting = 0
    }

    private struct State {
        var selector: Selector
        var machine: RowMachine
        var verdicts = Verdicts()
        /// Whether all rows were decided on once, so that nothing more is noted.
        var isDecided = false
        /// Rows that were selected and are left out all the same: their document is not whole.
        var left: Set<Int> = []
    }

    private let rows: Rows
    private let selection: RowSelection
    private let state: Mutex<State>

    /// Selects rows by a plan.
    public init(_ rows: Rows, _ plan: Plan, batch: BatchContext) {
        self.rows = rows
        selection = RowSelection(plan)
        state = Mutex(
            State(
                selector: plan.selector(batch: batch),
                machine: RowMachine(selection.program)
            )
        )
    }

    /// What was not selected; whole after the first visit of all rows.
    public var verdicts: Verdicts { state.withLock { $0.verdicts } }

    /// Visits what is selected.
    ///
    /// - Throws: what `body` throws, and the reading's own failures.
    public func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws {
        // Taken out once, not locked row by row; visits do not overlap.
        var state = self.state.withLock { $0 }
        defer {
            state.machine.noteUse(selection.program)
            self.state.withLock { $0 = state }
        }
        let counts = !state.isDecided
        try rows.visitRows { position, row, bytes in
            guard Self.isSelected(position, row, bytes, selection, &state) else { return }
            if counts { state.verdicts.totals.add(row, bytes) }
            try body(position, row, bytes)
        }
        guard counts else { return }
        state.isDecided = true
        if state.verdicts.waiting > 0 {
            state.verdicts.held["waiting", default: 0] += state.verdicts.waiting
        }
    }

    private static func isSelected(
        _ position: Int,
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ selection: RowSelection,
        _ state: inout State
    ) -> Bool {
        switch selection.decision(on: row, bytes, &state.machine) {
        case .selected: break
        case .waiting:
            if !state.isDecided { state.verdicts.waiting += 1 }
            return false
        case .notMatching: return false
        case .unsure:
            let transaction = row.transaction(bytes)
            switch state.selector.outcome(of: transaction) {
            case .selected: break
            case .notMatching: return false
            case .held(let reason):
                if !state.isDecided { state.verdicts.held[reason.name, default: 0] += 1 }
                return false
            case .rejected(let reason):
                if !state.isDecided {
                    state.verdicts.rejected.append((transaction.key, reason))
                }
                return false
            }
        }
        return state.left.isEmpty || !state.left.contains(position)
    }

    /// Visits what is selected, as transactions.
    ///
    /// - Throws: as `visitRows(_:)`.
    public func visit(_ body: (Int, SelectedTransaction) throws -> Void) throws {
        try visitRows { position, row, bytes in
            try body(position, SelectedTransaction(row.transaction(bytes)))
        }
    }

    /// Reads a row again.
    ///
    /// - Throws: the reading's own failures.
    public func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int {
        try rows.readRow(at: position, &row, &bytes, from: start)
    }

    /// What the transactions add up to that a rendering carried.
    ///
    /// - Throws: the reading's own failures.
    public func totals(without rejected: [Rendering.Rejected]) throws -> ColumnTotals {
        var totals = verdicts.totals
        var row = ScannedRow(feed: .contractTransactions)
        var bytes: [UInt8] = []
        for one in rejected {
            _ = try rows.readRow(at: one.position, &row, &bytes, from: 0)
            totals.add(row, bytes.span, times: -1)
        }
        return totals
    }

    /// Reads a transaction again.
    ///
    /// - Throws: the reading's own failures.
    public func transaction(at position: Int) throws -> SelectedTransaction {
        var row = ScannedRow(feed: .contractTransactions)
        var bytes: [UInt8] = []
        _ = try rows.readRow(at: position, &row, &bytes, from: 0)
        return SelectedTransaction(row.transaction(bytes.span))
    }

    /// Leaves out what was selected before another row of its document was held or rejected.
    ///
    /// - Throws: the reading's own failures.
    public func settle() throws -> Bool {
        var selector = state.withLock { $0.selector }
        guard !selector.hindrances.isEmpty else { return false }
        var left: Set<Int> = []
        var verdicts = verdicts
        try visitRows { position, row, bytes in
            let transaction = row.transaction(bytes)
            switch selector.hindrance(of: SelectedTransaction(transaction)) {
            case .held(let reason)?: verdicts.held[reason.name, default: 0] += 1
            case .rejected(let reason)?: verdicts.rejected.append((transaction.key, reason))
            default: return
            }
            verdicts.totals.add(row, bytes, times: -1)
            left.insert(position)
        }
        state.withLock { state in
            state.left.formUnion(left)
            state.verdicts = verdicts
        }
        return !left.isEmpty
    }
}
