internal import Delivery
internal import Transactions

/// What only a person can decide, asked in plain words, with the commands that answer.
enum Question {
    private static let resolve = "occ-export resolve"

    /// A batch that was prepared, and of which nobody knows whether it went out.
    static func about(_ batch: BatchEntry) -> String {
        "batch \(batch.number), '\(batch.name)', was prepared on \(batch.prepared) and its staging folder is gone. Look in the outbox and ask its consumer: did '\(batch.name)' arrive? \(resolve) --batch \(batch.number) --went-out, or --never-went-out to send its transactions again"
    }

    /// An id that stands under two contracts.
    static func about(_ conflict: ContractConflict) -> String {
        "transaction \(conflict.key) stands under contract \(conflict.known) and under \(conflict.other) with other content. Under which does it count? \(resolve) --transaction \(conflict.key)\(feed(of: conflict.key)) --contract \(conflict.known), or --contract \(conflict.other)"
    }

    /// A row that never reads well.
    static func about(_ row: UnreadRow) -> String {
        "a row of \(row.window) cannot be read: \(row.reason); the sure days end before it. Shall it be let go? \(resolve) --unread \(row.transactionId ?? "unknown")"
    }

    /// A transaction that does not go out by itself; nil for one that only waits.
    static func about(_ candidate: OpenCandidate, of export: String) -> String? {
        let place = "\(export), transaction \(candidate.key): \(candidate.message)"
        let answer =
            "\(resolve) --export \(export) --transaction \(candidate.key)\(feed(of: candidate.key))"
        let cure: String
        switch candidate.kind {
        case .waiting: return nil
        case .correction:
            let chosen = candidate.choice.map { " (chosen: \($0))" } ?? ""
            return candidate.reason == "document"
                ? "\(place)\(chosen). Shall another invoice be made of it, or shall it be left out? \(answer) --send, or --keep"
                : "\(place)\(chosen). Shall the correction be sent, or does what was sent stand? \(answer) --send, or --keep ('occ-export explain --transaction \(candidate.key)' shows all versions)"
        case .dropped:
            return "\(place). Shall it be tried again? \(answer) --retry"
        case .held where candidate.reason == "vanished" || candidate.reason == "missing":
            cure = "it goes out by itself if the source has it again"
        case .held: cure = "it goes out by itself once that is mended"
        case .rejected:
            cure = "it goes out by itself once the template, a lookup or the row itself is mended"
        }
        return
            "\(place) [\(candidate.reason)]; \(cure). Shall it be left out for good? \(answer) --drop"
    }

    /// The option that names the feed, where it is not the usual one.
    static func feed(of key: TransactionKey) -> String {
        key.feed == .contractTransactions ? "" : " --feed \(key.feed.rawValue)"
    }
}
