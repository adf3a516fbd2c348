internal import Logging
internal import Synchronization
public import Transactions

extension OCCClient {
    /// Makes the sink of one answer; nil for an answer that nobody keeps.
    public typealias Archive = @Sendable (AnswerSink.Label) throws -> AnswerSink?

    /// The transactions of a feed in windows of at most 31 days each, in the windows' order.
    ///
    /// Up to `mostConcurrent` requests are under way at once, their starts `pause` apart.
    ///
    /// - Parameters:
    ///   - feed: the kind of transactions.
    ///   - contract: the contract, for the feed that is asked by contract.
    ///   - windows: the days to ask for.
    ///   - archive: makes the sink of each answer's raw bytes.
    ///   - progress: called with the count of windows that are done.
    /// - Returns: the whole answers, in the windows' order.
    /// - Throws: `OCCClientError` with operation, contract and window; then no answer counts.
    public func transactions(
        _ feed: Feed,
        contract: String?,
        _ windows: [Window],
        archive: Archive? = nil,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> [Slice] {
        var found = [Slice?](repeating: nil, count: windows.count)
        try await withThrowingTaskGroup(of: (Int, Slice).self) { group in
            var next = 0
            var done = 0
            func start() async throws {
                let index = next
                next += 1
                try await pauseBetweenRequests()
                group.addTask { [self] in
                    (index, try await answer(feed, contract, windows[index], archive))
                }
            }
            while next < min(configuration.mostConcurrent, windows.count) { try await start() }
            while let (index, slice) = try await group.next() {
                found[index] = slice
                done += 1
                progress(done)
                if next < windows.count { try await start() }
            }
        }
        let slices = found.compactMap { $0 }
        for slice in slices where isSuspicious(slice, feed) {
            try await proveComplete(slice, feed, contract, archive)
        }
        return slices
    }

    /// The transactions of a feed in one window of at most 31 days.
    public func transactions(
        _ feed: Feed,
        contract: String?,
        _ window: Window,
        archive: Archive? = nil
    ) async throws -> Slice {
        guard
            let slice = try await transactions(
                feed,
                contract: contract,
                [window],
                archive: archive
            ).first
        else { return Slice(window: window) }
        return slice
    }

    // MARK: Days to come (trap 40)

    /// Asks for a window; where it ends in the future and is refused for that, once more up to today.
    private func answer(
        _ feed: Feed,
        _ contract: String?,
        _ window: Window,
        _ archive: Archive?
    ) async throws -> Slice {
        let today = clock.now().date
        let shorter = Window(from: window.from, to: today).flatMap { window.to > today ? $0 : nil }
        if let shorter, refusesFutureDays {
            return try await answerOnce(feed, contract, shorter, archive)
        }
        do {
            return try await answerOnce(feed, contract, window, archive)
        } catch let error as OCCClientError where error.isRefusedForDays {
            guard let shorter else { throw error }
            let slice = try await answerOnce(feed, contract, shorter, archive)
            memory.withLock { $0.refusesFutureDays = true }
            logger.notice("the API refuses days to come; windows end today from now on")
            return slice
        }
    }

    private func answerOnce(
        _ feed: Feed,
        _ contract: String?,
        _ window: Window,
        _ archive: Archive?
    ) async throws -> Slice {
        let request = APIRequest.transactions(feed, contract: contract, window, configuration)
        do {
            return try await sender.send(request) { attempt in
                let label = AnswerSink.Label(
                    feed: feed,
                    contract: contract,
                    window: window,
                    attempt: attempt
                )
                return TransactionAnswer(
                    feed,
                    contract: contract,
                    window,
                    request.operation,
                    sink: try archive?(label),
                    logger: logger
                )
            }
        } catch var error as OCCClientError {
            error.contract = contract
            error.window = window
            throw error
        }
    }

    // MARK: Silent limits (trap 22)

    /// Rows below which equal counts of two windows are chance.
    static let fewRows = 100

    /// Whether the count of rows looks like a limit: whole 500s, or the highest count once more.
    private func isSuspicious(_ slice: Slice, _ feed: Feed) -> Bool {
        let isRepeated = memory.withLock { memory in
            var highest = memory.highestCounts[feed] ?? (rows: 0, windows: 0)
            if slice.rows > highest.rows {
                highest = (rows: slice.rows, windows: 1)
            } else if slice.rows == highest.rows {
                highest.windows += 1
            }
            memory.highestCounts[feed] = highest
            return slice.rows == highest.rows && highest.windows > 1
        }
        return slice.rows >= 500 && slice.rows % 500 == 0
            || isRepeated && slice.rows >= Self.fewRows
    }

    /// Asks for the window again in two parts, which must have the same rows together.
    ///
    /// The parts share a day, so that this holds whether or not the last day is included (trap 40).
    private func proveComplete(
        _ slice: Slice,
        _ feed: Feed,
        _ contract: String?,
        _ archive: Archive?
    ) async throws {
        let window = slice.window
        let middle = window.from.adding(days: (window.days - 1) / 2) ?? window.from
        guard window.days > 2, let first = Window(from: window.from, to: middle),
            let second = Window(from: middle, to: window.to)
        else {
            logger.warning(
                "\(feed.rawValue): \(slice.rows) rows for \(window) may be a limit of the API"
            )
            return
        }
        var together: Set<Transaction> = []
        var rejected = 0
        for part in [first, second] {
            try await pauseBetweenRequests()
            let answer = try await answerOnce(feed, contract, part, archive)
            together.formUnion(answer.transactions)
            rejected += answer.rejected.count
        }
        guard together == Set(slice.transactions), (rejected > 0) == !slice.rejected.isEmpty else {
            throw OCCClientError(
                .notUnderstood,
                "the answer has \(slice.transactions.count) transactions, its two halves have "
                    + "\(together.count): the API seems to cut answers short; ask for fewer days "
                    + "at a time",
                operation: APIRequest.transactions(feed, contract: contract, window, configuration)
                    .operation,
                contract: contract,
                window: window,
                status: 200
            )
        }
    }
}
