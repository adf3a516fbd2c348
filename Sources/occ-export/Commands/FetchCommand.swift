internal import ArgumentParser
internal import Delivery
internal import OCCClient
internal import Templates
internal import Transactions

/// `fetch`: asks the API and records what it says; publishes nothing.
struct FetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Fetch and record, publish nothing; or save real answers to a file.",
        discussion: """
            Examples:
              occ-export fetch
              occ-export fetch --from 2026-09-01 --to 2026-09-30
              occ-export fetch --raw rows.json --from 2026-11-01

            --raw writes the rows of the exports' first feed as one JSON list, each with its contract, \
            as 'render' and 'template test' take them: personal data, for your eyes.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Option(help: "First day to ask for, in UTC: yyyy-MM-dd.", transform: RunCommand.day)
    var from: CalendarDate?

    @Option(help: "Last day to ask for, in UTC: yyyy-MM-dd.", transform: RunCommand.day)
    var to: CalendarDate?

    @Flag(help: "Let days go that the API no longer answers for; recorded in the ledger.")
    var acceptGap = false

    @Option(help: "Also save the answers' rows to this file, which must not be there yet.")
    var raw: String?

    @Option(
        help: "The feed whose rows are saved; the exports' first if not said.",
        transform: FeedName.read
    )
    var feed: Feed?

    func run() async throws {
        let console = output.console
        try await console.run {
            let setup = try Setup(file)
            let plans = try setup.plans()
            Interruption.listen()
            if let raw, try DurableFolder.exists(raw, code: .inputOutput) {
                throw RunError(
                    .usage,
                    "\(raw): is there already; nothing was changed; choose another name"
                )
            }
            let run = ExportRun(
                configuration: setup.configuration,
                plans: plans,
                options: .init(
                    isFetchOnly: true,
                    from: from,
                    to: to,
                    acceptsGap: acceptGap
                ),
                clock: Environment.clock,
                key: try setup.key(),
                console: console,
                logger: output.logger
            )
            let (report, status) = try await run.run()
            if let raw, let feed = feed ?? plans.first?.plan.feed {
                try save(feed, to: raw, setup.configuration)
            }
            try console.result(report) { report.text }
            return status
        }
    }

    /// Puts the last run's raw answers of a feed into one list.
    private func save(_ feed: Feed, to path: String, _ configuration: Configuration) throws {
        let ledger = try Ledger(in: configuration.state)
        let archive = Archive(in: configuration.state)
        var file = try DurableFile(creating: path, code: .inputOutput)
        var isFirst = true
        try file.write(Array("[".utf8))
        for answer in try ledger.lastAnswers(of: feed) {
            var bytes: [UInt8] = []
            try archive.read(answer.file) { bytes += $0 }
            let rows = RawRows(bytes, contract: answer.contract)
            guard !rows.bytes.isEmpty else { continue }
            try file.write(Array((isFirst ? "\n" : ",\n").utf8))
            try file.write(rows.bytes)
            isFirst = false
        }
        try file.write(Array("\n]\n".utf8))
        _ = try file.finish()
    }
}

/// Reads the name of a feed from the command line.
enum FeedName {
    static func read(_ text: String) throws -> Feed {
        guard let feed = Feed(rawValue: text) else {
            throw ValidationError(
                "'\(text)' is no feed; there are \(Feed.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return feed
    }
}

/// The rows of an answer as they were written, each with its contract in front.
///
/// Bytes are cut, not parsed: numbers stay as the API wrote them.
struct RawRows {
    /// The rows with commas between, without the list's brackets.
    private(set) var bytes: [UInt8] = []

    init(_ answer: [UInt8], contract: String?) {
        let label = contract.map { Array("\"contractNumber\":\"\($0)\",".utf8) } ?? []
        // The list is the whole answer, or stands under "data" of an envelope.
        guard let start = answer.firstIndex(of: 0x5B) else { return }
        var depth = 0
        var isText = false
        var isEscaped = false
        for byte in answer[(start + 1)...] {
            if isText {
                bytes.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    isText = false
                }
                continue
            }
            switch byte {
            case 0x22: isText = true
            case 0x7B, 0x5B: depth += 1
            case 0x7D: depth -= 1
            case 0x5D:
                if depth == 0 {
                    trim()
                    return
                }
                depth -= 1
            default: break
            }
            bytes.append(byte)
            if byte == 0x7B, depth == 1 { bytes += label }
            if byte == 0x2C, depth == 0 { bytes.append(0x0A) }
        }
        trim()
    }

    private mutating func trim() {
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    }
}
