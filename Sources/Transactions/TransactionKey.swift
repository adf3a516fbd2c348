/// What makes two rows the same transaction: the feed, the id as text and, where one id has
/// several different rows, the line's number.
///
/// The contract is an attribute, not a part.
public struct TransactionKey: Hashable, Comparable, Sendable {
    /// The kind of transactions.
    public let feed: Feed
    /// The API's transactionId, as its text.
    public let transactionId: String
    /// 1 for the first or only row of an id.
    public let line: Int

    /// Names a transaction.
    public init(feed: Feed, transactionId: String, line: Int = 1) {
        self.feed = feed
        self.transactionId = transactionId
        self.line = line
    }

    /// Orders by feed, id and line, so that output has one order.
    public static func < (left: Self, right: Self) -> Bool {
        (left.feed.rawValue, left.transactionId, left.line)
            < (right.feed.rawValue, right.transactionId, right.line)
    }
}

extension TransactionKey: CustomStringConvertible {
    /// `7000000123`, or `7000000123#2` for a second line.
    public var description: String { line == 1 ? transactionId : "\(transactionId)#\(line)" }
}
