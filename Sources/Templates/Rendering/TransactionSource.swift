public import Transactions

/// Transactions that can be read more than once: in memory, in a file, in a ledger.
///
/// A rendering reads them in order, once where nothing needs to look ahead; groups and orders come back
/// for single ones by their places, so that only places are kept in memory.
public protocol TransactionSource: Sendable {
    /// Visits all in the batch's order with their places, which ascend.
    ///
    /// - Throws: what `body` throws, and the source's own failures.
    func visit(_ body: (Int, SelectedTransaction) throws -> Void) throws

    /// The transaction at a place that `visit` gave.
    ///
    /// - Throws: the source's own failures.
    func transaction(at position: Int) throws -> SelectedTransaction

    /// Visits all as columns over bytes that hold only during the visit.
    ///
    /// - Throws: as `visit(_:)`.
    func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws

    /// Reads the row at a place that `visit` gave; its texts stand in `bytes` from `start` on.
    ///
    /// So many bytes as are returned belong to it. What is before them stays, what is behind is nobody's.
    ///
    /// - Throws: as `transaction(at:)`.
    func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int

    /// Called when all were visited for the first time and nothing is written yet: whether some of them
    /// turned out to be none of the batch's, so that those at hand must be visited again.
    ///
    /// - Throws: the source's own failures.
    func settle() throws -> Bool
}

extension TransactionSource {
    /// Visits all, each loaded into one row.
    public func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws {
        var row = ScannedRow(feed: .contractTransactions)
        try visit { position, selected in
            row.load(selected.transaction, reverses: selected.reverses)
            try body(position, row, selected.transaction.record.span)
        }
    }

    /// Loads the transaction at a place.
    public func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int {
        let selected = try transaction(at: position)
        row.load(selected.transaction, reverses: selected.reverses)
        bytes.replaceSubrange(start..., with: selected.transaction.record)
        return selected.transaction.record.count
    }

    /// Nothing turns out late.
    public func settle() -> Bool { false }
}

extension Array: TransactionSource where Element == SelectedTransaction {
    /// Visits all in order.
    ///
    /// - Throws: what `body` throws.
    public func visit(_ body: (Int, SelectedTransaction) throws -> Void) throws {
        for index in indices { try body(index, self[index]) }
    }

    /// The transaction at an index.
    public func transaction(at position: Int) throws -> SelectedTransaction { self[position] }
}
