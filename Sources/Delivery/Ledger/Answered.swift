public import Transactions

/// What the API said of one feed and contract in one run: whole answers only.
public struct Answered: Sendable {
    /// One answer as archived, and how many rows it had.
    public struct Part: Sendable {
        /// The raw answer.
        public let answer: ArchivedAnswer
        /// Rows in it, those set aside included.
        public let rows: Int

        /// Describes an answer.
        public init(answer: ArchivedAnswer, rows: Int) {
            self.answer = answer
            self.rows = rows
        }
    }

    /// A row of which no transaction could be made.
    public struct Unread: Sendable, Hashable {
        /// Its id, as far as it could be read.
        public let transactionId: String?
        /// Why; never a value of the row.
        public let reason: String
        /// The days asked for.
        public let window: Window

        /// Describes a row that was set aside.
        public init(transactionId: String?, reason: String, window: Window) {
            self.transactionId = transactionId
            self.reason = reason
            self.window = window
        }
    }

    /// The kind of transactions.
    public let feed: Feed
    /// The contract; nil for a feed that is not asked by contract.
    public let contract: String?
    /// All days asked for.
    public let asked: Window
    /// Whether these are all the days that the API allows.
    public let isAll: Bool
    /// The raw answers, in the order of their windows.
    public var parts: [Part] = []
    /// Their transactions, in the answers' order.
    public var transactions: [Transaction] = []
    /// Their rows that were set aside.
    public var unread: [Unread] = []

    /// Begins with nothing.
    public init(feed: Feed, contract: String?, asked: Window, isAll: Bool) {
        self.feed = feed
        self.contract = contract
        self.asked = asked
        self.isAll = isAll
    }
}

/// What a recording changed.
public struct RecordOutcome: Sendable {
    /// Transactions seen for the first time.
    public var new = 0
    /// Transactions whose content differs from the version known so far.
    public var changed = 0
    /// Transactions known as they are.
    public var unchanged = 0
    /// Transactions missing in this run and in one at least 12 hours before: gone at the source.
    public var vanished: [TransactionKey] = []
    /// Transactions that were reported as vanished and are back.
    public var returned: [TransactionKey] = []
    /// Ids that stand under two contracts with other content: an operator decides.
    public var conflicts: [TransactionKey] = []
    /// Ids that stand under two contracts with the same content: counted once.
    public var shared = 0
    /// Parts whose answer has less than half the rows known of its days.
    public var shrunk: [Window] = []
}
