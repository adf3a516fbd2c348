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
                decided = try resolve(transaction: transaction, store, configuration, now)
            } else if wentOut || neverWentOut {
                throw ValidationError("say which batch: --batch N; 'occ-export resolve' lists them")
            } else if send || keep || drop || retry || contract != nil {
                throw ValidationError(
                    "say which transaction: --transaction ID; 'occ-export resolve' lists them"
                )
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
            throw RunError(.usage, Question.about(entry))
        }
        try store.outbox.settle(entry, in: store.ledger, wentOut: wentOut, at: now)
        return wentOut
            ? "batch \(batch) counts as published"
            : "batch \(batch) never went out; what it carried is due again with the next run"
    }

    private func resolve(
        transaction: String,
        _ store: Store,
        _ configuration: Configuration,
        _ now: UTCTimestamp
    ) throws -> String {
        let key = try key(of: transaction)
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
        guard configuration.exports.contains(where: { $0.name == export }) else {
            throw configuration.unknownExport(export)
        }
        guard [send, keep, drop, retry].filter({ $0 }).count < 2 else {
            throw ValidationError("say one of --send, --keep, --drop and --retry")
        }
        if drop || retry { return try resolve(held: key, of: export, store, now) }
        guard send || keep else {
            let open = try store.ledger.open(of: export).first { $0.key == key }
            guard let open, let question = Question.about(open, of: export) else {
                throw Self.nothing("decision on transaction \(key) that '\(export)' waits for")
            }
            throw RunError(.usage, question)
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

    private func key(of transaction: String) throws -> TransactionKey {
        let parts = transaction.split(separator: "#", maxSplits: 1)
        let line = parts.count > 1 ? Int(parts[1]) : 1
        guard let id = parts.first.map(String.init), let line, line > 0 else {
            throw ValidationError(
                "'\(transaction)' is no transaction id; say it as 'occ-export status' shows it: 7000000123, or 7000000123#2 for a second line"
            )
        }
        return TransactionKey(feed: feed, transactionId: id, line: line)
    }

    private func resolve(
        held key: TransactionKey,
        of export: String,
        _ store: Store,
        _ now: UTCTimestamp
    ) throws -> String {
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
            if try !store.outbox.isStaged(batch) { lines.append(Question.about(batch)) }
        }
        lines += try ledger.conflicts().map(Question.about)
        for export in configuration.exports {
            let open = try ledger.open(of: export.name)
            let isCorrection = { (candidate: OpenCandidate) in candidate.kind == .correction }
            for candidate in open.filter(isCorrection) + open.filter({ !isCorrection($0) }) {
                if let question = Question.about(candidate, of: export.name) {
                    lines.append(question)
                }
            }
        }
        lines += try ledger.unread().filter { !$0.isReleased }.map(Question.about)
        try console.result(lines) {
            lines.isEmpty ? "there is nothing to decide" : Console.lines(lines)
        }
    }
}
