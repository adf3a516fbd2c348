public import Transactions

/// Where the raw bytes of one answer go as they arrive, such as an archive.
///
/// It is told the bytes in order and then, once, how it ended; what it keeps counts only after
/// `Ending.whole`. An error that it throws ends the request and is not tried again.
public struct AnswerSink: Sendable {
    /// How an answer ended.
    public enum Ending: Sendable {
        /// Complete and understood.
        case whole
        /// Cut off, too large, or not understood: to be thrown away.
        case discarded
    }

    /// Which answer it is.
    public struct Label: Sendable, Hashable {
        /// The kind of transactions.
        public let feed: Feed
        /// The contract asked for.
        public let contract: String?
        /// The days asked for.
        public let window: Window
        /// 1 for the first attempt of the request.
        public let attempt: Int
    }

    let write: @Sendable (ArraySlice<UInt8>) throws -> Void
    let end: @Sendable (Ending) throws -> Void

    /// Makes a sink.
    public init(
        write: @escaping @Sendable (ArraySlice<UInt8>) throws -> Void,
        end: @escaping @Sendable (Ending) throws -> Void
    ) {
        self.write = write
        self.end = end
    }
}
