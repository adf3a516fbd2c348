internal import Logging
internal import NIOCore
internal import Transactions

/// Reads one answer of a feed: bytes to the sink and to the reader, rows into a slice.
struct TransactionAnswer: AnswerReading {
    private var reader: TransactionReader
    private var collected: Collected
    private let operation: String
    private let sink: AnswerSink?
    private let logger: Logger
    private var isEnded = false

    private struct Collected {
        var slice: OCCClient.Slice
        var warnings: Set<String> = []
        private var seen: Set<Transaction> = []

        init(slice: OCCClient.Slice) { self.slice = slice }

        mutating func add(_ row: ReadRow) {
            switch row {
            case .rejected(let rejected): slice.rejected.append(rejected)
            case .transaction(let transaction, let notes):
                if !notes.isEmpty { warnings.formUnion(notes) }
                // Trap 30: byte-equal rows of one answer count once.
                guard seen.insert(transaction).inserted else {
                    warnings.insert(
                        "transaction \(transaction.key) stands twice, with equal content"
                    )
                    return
                }
                slice.transactions.append(transaction)
            }
        }
    }

    init(
        _ feed: Feed,
        contract: String?,
        _ window: Window,
        _ operation: String,
        sink: AnswerSink?,
        logger: Logger
    ) {
        collected = Collected(slice: OCCClient.Slice(window: window))
        reader = TransactionReader(feed: feed, contractNumber: contract)
        self.operation = operation
        self.sink = sink
        self.logger = logger
    }

    mutating func take(_ bytes: ByteBufferView) throws {
        if let sink { try sink.write(Array(bytes)[...]) }
        do throws(TransactionReader.Problem) {
            try reader.consume(bytes) { collected.add($0) }
        } catch {
            throw failure(error)
        }
    }

    mutating func finish() throws -> OCCClient.Slice {
        do throws(TransactionReader.Problem) {
            let rows = try reader.finish { collected.add($0) }
            collected.slice.rows = rows
        } catch {
            throw failure(error)
        }
        isEnded = true
        try sink?.end(.whole)
        collected.slice.warnings = collected.warnings.sorted()
        return collected.slice
    }

    mutating func discard() {
        guard !isEnded, let sink else { return }
        isEnded = true
        do {
            try sink.end(.discarded)
        } catch {
            // The error that made it be thrown away is on its way; this one only leaves a rest behind.
            logger.warning("\(operation): a part of an answer could not be removed: \(error)")
        }
    }

    private func failure(_ problem: TransactionReader.Problem) -> any Error {
        let error = OCCClientError(
            problem.kind == .refused ? .refused : .notUnderstood,
            problem.description,
            operation: operation,
            status: 200
        )
        // Cut off without the transport noticing: broken transport, so worth another attempt.
        return problem.kind == .cutOff ? RetryableFailure(error: error) : error
    }
}
