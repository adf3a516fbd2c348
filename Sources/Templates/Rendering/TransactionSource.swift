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
