import Foundation
import TestSupport
import Testing

/// docs/errors.md, "Running", against what ledger, outbox, runs and commands say, and against the tests.
struct `The catalogue of messages` {
    /// A message with `…` for what varies, and the statuses it comes with as far as the source tells.
    private struct Message: Hashable {
        let text: String
        let statuses: Set<String>
    }

    private static let sources = [
        "Delivery", "occ-export/Run", "occ-export/Doctor", "occ-export/Configuration/Configuration",
        "occ-export/Environment", "occ-export/Confinement",
    ]
    private static let commands = [
        "Backup", "Doctor", "Explain", "Fetch", "Init", "Purge", "Reconcile", "Reissue", "Resolve",
        "Run", "Status", "Verify",
    ]

    private static func files() throws -> [(name: String, text: String)] {
        let root = "\(Checkout.path)/Sources"
        let wanted = sources + commands.map { "occ-export/Commands/\($0)Command" }
        let paths = try #require(
            FileManager.default.enumerator(
                atPath: URL(fileURLWithPath: root).resolvingSymlinksInPath().path
            )
        )
        return try paths.compactMap { $0 as? String }.sorted().filter { path in
            path.hasSuffix(".swift")
                && wanted.contains { path.hasPrefix("\($0)/") || path == "\($0).swift" }
        }.map { path in
            (path, try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8))
        }
    }

    /// The calls whose texts are messages.
    private static let calls: Set<String> = [
        "DeliveryError", "RunError", "ValidationError", "Obstacle", "logger.warning",
        "logger.notice", "logger.error", "console.note", "note", "report.attention.append",
        "SetupError", "Finding", "fetched.append", "entry.warnings.append",
    ]
    private static let statusOf = [
        ".outbox": "73", ".inputOutput": "74", ".locked": "75", ".operatorMustDecide": "4",
        ".difference": "65", ".usage": "64", ".data": "65", ".unexpected": "1",
        ".configuration": "78",
    ]

    /// What the sources say.
    private static func said() throws -> Set<Message> {
        var messages: Set<Message> = []
        for (name, text) in try files() {
            for literal in MessageScanner.literals(in: text) where isMessage(literal.text) {
                // What the ledger notes of decisions is for the ledger.
                if literal.call == "note", name.contains("/Ledger/") { continue }
                let call = String(literal.call.drop { $0 == "." })
                // What became of a contract is given to the report's entry.
                guard calls.contains(call) || call == "init" && name.hasSuffix("+Fetching.swift")
                else { continue }
                let status = literal.call == "ValidationError" ? "64" : statusOf[literal.first]
                messages.insert(
                    Message(text: literal.text, statuses: Set(status.map { [$0] } ?? []))
                )
            }
            messages.formUnion(described(name, text))
        }
        return messages
    }

    private static func isMessage(_ text: String) -> Bool {
        text.contains(" ") && text.count > 8 && text != "… (SQLite …); …"
    }

    /// Messages that an error puts together by what it is about, behind `case` and in `description`.
    private static func described(_ name: String, _ text: String) -> Set<Message> {
        let files = [
            "Delivery/DeliveryError.swift": "…", "Delivery/Ledger/Ledger.swift": "… (SQLite …); ",
            "occ-export/Doctor/Doctor.swift": "", "occ-export/Run/RunError.swift": "",
        ]
        guard let opening = files[name] else { return [] }
        let cases = text.matches(
            of: /(?:case [^\n]*:|default:|description: String \{|return)\s*(?=")/
        )
        var messages: Set<Message> = []
        for match in cases {
            let rest = String(text[match.range.upperBound...])
            guard let literal = MessageScanner.literals(in: rest).first,
                isMessage(literal.text)
            else { continue }
            messages.insert(Message(text: opening + literal.text, statuses: []))
        }
        return messages
    }

    /// What the page lists.
    private static func listed() throws -> Set<Message> {
        let text = try String(contentsOfFile: "\(Checkout.path)/docs/errors.md", encoding: .utf8)
        var messages: Set<Message> = []
        for match in text.matches(of: /\n- (?:\*\*([0-9, ]+)\*\* )?`([^`]+)`(?=\n)/) {
            let statuses = (match.1 ?? "").components(separatedBy: ", ").filter { !$0.isEmpty }
            messages.insert(Message(text: String(match.2), statuses: Set(statuses)))
        }
        return messages
    }

    @Test func `lists each message that the program says, and no other`() throws {
        let said = Set(try Self.said().map(\.text))
        let listed = Set(try Self.listed().map(\.text))
        #expect(said.count > 100)
        #expect(said.subtracting(listed).sorted() == [])
        #expect(listed.subtracting(said).sorted() == [])
    }

    @Test func `has the status of each message`() throws {
        let listed = Dictionary(
            try Self.listed().map { ($0.text, $0.statuses) },
            uniquingKeysWith: { $0.union($1) }
        )
        for message in try Self.said() {
            #expect(
                message.statuses.isSubset(of: listed[message.text] ?? []),
                "\(message.text): \(message.statuses)"
            )
        }
    }

    /// Messages that no test can bring about, and why.
    private static let unreachable = [
        "has … bytes, … were written; look at the disk, the next run writes it anew":
            "only a disk that loses what it took",
        "there is no memory to compress it; give the program more, it needs about 100 MB":
            "only a machine without memory",
        "cannot be compressed; is there memory, and is the disk sound?":
            "only a mistake of zlib",
        "version … of transaction number … is no record of this program; bring a backup of the ledger back, then run 'occ-export reconcile'":
            "only a ledger that somebody wrote into, packed as it is",
        "the ledger does not take journal DELETE, synchronous EXTRA; is it on a local disk, and no other program in it?":
            "only another SQLite",
        "…; report it": "only a mistake of the program",
        "the copy is damaged: …; look at the disk, then at the ledger itself: back it up elsewhere":
            "only a disk that loses what it took",
        "a record of the earlier version cannot be read; nothing was changed; bring a backup of the ledger back, then run 'occ-export reconcile'":
            "only a ledger that somebody wrote into, before it was brought on",
        "cannot be encoded: …; report it": "only a mistake of the program",
        "core dumps cannot be switched off: errno …; nothing was begun":
            "only a kernel that refuses",
        "a control total no longer fits 38 digits; nothing was published; report it, with the amounts":
            "only amounts that no row can have",
        "file '…' was ended twice; this is a mistake of the program, report it":
            "only a mistake of the program",
        "…: the ledger came and went; look at the state's disk and mount, then run again":
            "only a mount between two calls",
        "…: the state lies on a network share, where neither locks nor the ledger are safe; use a local disk, or set allow_network_state":
            "only a machine with a share",
        "the failure of run … could not be recorded: …; 'occ-export status' shows it as a run that did not end":
            "only a disk that fails twice",
        "…: this user cannot write the state folder; give it to the job's user":
            "the superuser, as whom tests may run, can",
    ]

    @Test func `has each message word for word in a test`() throws {
        var texts: [String] = []
        for folder in ["EndToEndTests", "DeliveryTests"] {
            let path = "\(Checkout.path)/Tests/\(folder)"
            for name in try FileManager.default.contentsOfDirectory(atPath: path)
            where name.hasSuffix(".swift") && !name.hasPrefix("MessageCatalogue") {
                let text = try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
                texts += MessageScanner.literals(in: text).map(\.text).filter { $0.contains(" ") }
            }
        }
        for message in try Self.listed() where Self.unreachable[message.text] == nil {
            let pattern =
                message.text.components(separatedBy: "…").map(NSRegularExpression.escapedPattern)
                .joined(separator: ".+") + "(; .+)?\\n?$"
            #expect(
                texts.contains { $0.range(of: pattern, options: .regularExpression) != nil },
                "no test has: \(message.text)"
            )
        }
        // What is excused is still a message.
        let listed = Set(try Self.listed().map(\.text))
        #expect(Set(Self.unreachable.keys).subtracting(listed).sorted() == [])
    }
}
