internal import ArgumentParser
internal import Delivery
internal import Transactions

/// `resolve`: what only a person can know, decided and recorded.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract:
            "Decide what waits for a person: a batch, a correction, a contract, an unreadable row.",
        discussion: """
            Without a decision it says what is to be decided. Each decision is recorded.

            A batch was prepared and its staging is gone: did it reach its consumer?
              occ-export resolve --batch 42 --went-out | --never-went-out
            A transaction changed after export, and the export holds corrections:
              occ-export resolve --export ledger --transaction 7000000123 --send | --keep
            An id stands under two contracts with other content: which one counts?
              occ-export resolve --transaction 7000000123 --contract 22297
            A transaction cannot be sent, or is gone at the source: shall it be left out?
              occ-export resolve --export ledger --transaction 7000000123 --drop | --retry
            A row never reads well: may coverage pass it?
              occ-export resolve --unread 7000000123 | --unread unknown
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Option(help: "The number of a prepared batch whose staging is gone.")
    var batch: Int?

    @Flag(help: "It reached its consumer: it counts as published.")
    var wentOut = false

    @Flag(help: "It did not: what it carried is due again, under another number.")
    var neverWentOut = false

    @Option(help: "The transaction's id, with #LINE for a further line.")
    var transaction: String?

    @Option(help: "The feed of the transaction.", transform: FeedName.read)
    var feed = Feed.contractTransactions

    @Option(help: "The export whose correction is held.")
    var export: String?

    @Flag(help: "Send the correction.")
    var send = false

    @Flag(help: "Keep what was sent.")
    var keep = false

    @Flag(
        help: "Leave out what cannot be sent, for good: until it changes at the source, or --retry."
    )
    var drop = false

    @Flag(help: "Try again what was left out.")
    var retry = false

    @Option(help: "The contract under which the transaction counts.")
    var contract: String?

    @Option(help: "The id of rows that may be passed; 'unknown' for those without one.")
    var unread: String?

    private struct Report: Encodable {
        let decided: String
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let store = try Store(configuration, isOwnerChecked: false)
            let now = Environment.now()
            let decided: String
            if let batch {
                decided = try resolve(batch: batch, store, now)
            } else if let unread {
                let id = unread == "unknown" ? nil : unread
                let count = try store.ledger.releaseUnread(id, at: now)
                guard count > 0 else {
                    throw Self.nothing("row '\(unread)' that could not be read")
                }
                decided = "let \(count) rows go; coverage passes them with the next run"
            } else if let transaction {
                decided = try resolve(transaction: transaction, store, now)
            } else {
                try Self.ask(store, configuration, console)
                return .done
            }
            try console.result(Report(decided: decided)) { decided }
            return .done
        }
    }

    private static func nothing(_ what: String) -> RunError {
        RunError(.usage, "there is no \(what); 'occ-export status' says what waits")
    }

    private func resolve(batch: Int, _ store: Store, _ now: UTCTimestamp) throws -> String {
        guard let entry = try store.ledger.batch(batch), entry.state == .prepared else {
            throw Self.nothing("prepared batch \(batch)")
        }
        guard try wentOut != neverWentOut || store.outbox.isStaged(entry) else {
            throw RunError(
                .usage,
                "batch \(batch), '\(entry.name)', was prepared on \(entry.prepared) and its staging folder is gone. Look in the outbox and ask its consumer: did '\(entry.name)' arrive? Then say --went-out, or --never-went-out to send its transactions again"
            )
        }
        try store.outbox.settle(entry, in: store.ledger, wentOut: wentOut, at: now)
        return wentOut
            ? "batch \(batch) counts as published"
            : "batch \(batch) never went out; what it carried is due again with the next run"
    }

    private func resolve(transaction: String, _ store: Store, _ now: UTCTimestamp) throws -> String
    {
        let parts = transaction.split(separator: "#", maxSplits: 1)
        guard let id = parts.first.map(String.init) else {
            throw ValidationError("'\(transaction)' is no transaction id")
        }
        let line = parts.count > 1 ? Int(parts[1]) : 1
        guard let line, line > 0 else {
            throw ValidationError("'\(transaction)' is no transaction id")
        }
        let key = TransactionKey(feed: feed, transactionId: id, line: line)
        if let contract {
            guard try store.ledger.settleConflict(key, contract: contract, at: now) else {
                throw Self.nothing(
                    "transaction \(key) under two contracts, one of them \(contract)"
                )
            }
            return "transaction \(key) counts under contract \(contract)"
        }
        guard let export else {
            throw ValidationError(
                "say --export with --send, --keep, --drop or --retry, or --contract"
            )
        }
        if drop || retry { return try resolve(held: key, of: export, store, now) }
        guard send != keep else {
            throw RunError(
                .usage,
                "transaction \(key) changed at the source after '\(export)' had sent it. --send sends the correction with the next batch, --keep lets what was sent stand; 'occ-export explain --transaction \(key)' shows both versions"
            )
        }
        guard
            try store.ledger.settleCorrection(
                key,
                of: export,
                choice: send ? "send" : "keep",
                at: now
            )
        else { throw Self.nothing("held correction of transaction \(key) for export '\(export)'") }
        return send
            ? "the correction of \(key) goes out with the next run"
            : "what was sent of \(key) stands"
    }

    private func resolve(
        held key: TransactionKey,
        of export: String,
        _ store: Store,
        _ now: UTCTimestamp
    ) throws -> String {
        guard drop != retry, !send, !keep else {
            throw ValidationError("say one of --send, --keep, --drop and --retry")
        }
        guard try store.ledger.settleHeld(key, of: export, isDropped: drop, at: now) else {
            throw Self.nothing(
                drop
                    ? "transaction \(key) that '\(export)' cannot send"
                    : "transaction \(key) that '\(export)' was told to leave out"
            )
        }
        return drop
            ? "'\(export)' leaves out transaction \(key) until it changes at the source; the rest of its document goes out without it"
            : "'\(export)' tries transaction \(key) again with the next run"
    }

    /// The question that a transaction which cannot be sent puts, in plain words.
    private static func question(_ candidate: OpenCandidate, _ export: String) -> String? {
        let place = "\(export), transaction \(candidate.key)"
        let options = "--export \(export) --transaction \(candidate.key)"
        let cure: String
        switch candidate.kind {
        case .waiting, .correction: return nil
        case .dropped:
            return "\(place): was let go; shall it be tried again? \(options) --retry"
        case .held where candidate.reason == "vanished" || candidate.reason == "missing":
            cure = "it goes out by itself if the source has it again"
        case .held: cure = "it goes out by itself once that is mended"
        case .rejected:
            cure = "it goes out by itself once the template, a lookup or the row itself is mended"
        }
        return
            "\(place): \(candidate.message) [\(candidate.reason)]; \(cure). Shall it be left out for good? \(options) --drop"
    }

    /// Says what is to be decided, in plain words.
    private static func ask(
        _ store: Store,
        _ configuration: Configuration,
        _ console: Console
    ) throws {
        let ledger = store.ledger
        var lines: [String] = []
        for batch in try ledger.batches(onlyOpen: true) where batch.state == .prepared {
            // While staging is there, the next run settles it.
            guard try !store.outbox.isStaged(batch) else { continue }
            lines.append(
                "batch \(batch.number), '\(batch.name)': its staging is gone; did it arrive? --batch \(batch.number) --went-out | --never-went-out"
            )
        }
        for conflict in try ledger.conflicts() {
            lines.append(
                "transaction \(conflict.key): contract \(conflict.known) or \(conflict.other)? --transaction \(conflict.key) --contract NUMBER"
            )
        }
        for export in configuration.exports {
            for candidate in try ledger.open(of: export.name) where candidate.kind == .correction {
                lines.append(
                    "\(export.name), transaction \(candidate.key): \(candidate.message)\(candidate.choice.map { " (chosen: \($0))" } ?? ""); --export \(export.name) --transaction \(candidate.key) --send | --keep"
                )
            }
            lines += try ledger.open(of: export.name).compactMap { question($0, export.name) }
        }
        for row in try ledger.unread() where !row.isReleased {
            lines.append(
                "a row of \(row.window) cannot be read: \(row.reason); coverage waits for it; --unread \(row.transactionId ?? "unknown")"
            )
        }
        try console.result(lines) {
            lines.isEmpty ? "there is nothing to decide" : Console.lines(lines)
        }
    }
}
