internal import ArgumentParser
internal import Delivery
internal import Foundation

/// `reconcile`: reads in from the outbox what a lost or old ledger does not know.
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Rebuild what a lost or restored ledger does not know from the outbox's records.",
        discussion: """
            For a ledger that was restored from a backup, or is lost. Reads .occ-export/records, which \
            no consumer deletes: which transactions which batch carried. What the API said in between is \
            fetched again by the next run, as far back as the API answers. Records that the outbox lacks \
            are written from the ledger; where neither knows a batch it refuses, and changes nothing.

            Examples:
              occ-export reconcile
              occ-export reconcile --lost 7        batch 7 is known to nobody; what it carried goes out again
              occ-export reconcile --new-stamp     the outbox, or its stamp, is lost for good
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Option(
        help: ArgumentHelp(
            "A batch, or several as 3-5, whose record is lost for good: what it carried is exported again.",
            valueName: "batch"
        ),
        transform: ReconcileCommand.numbers
    )
    var lost: [ClosedRange<Int>] = []

    @Flag(
        help:
            "Give an outbox without a stamp to the ledger: when the outbox, or its stamp, is lost for good."
    )
    var newStamp = false

    private struct Report: Encodable {
        let ledger: String
        let isNew: Bool
        let batches: [Int]
        let carried: Int
        let restored: [Int]
        let lost: [Int]

        var text: String {
            var lines = [
                batches.isEmpty && restored.isEmpty && lost.isEmpty && !isNew
                    ? "the ledger knows all batches of the outbox; nothing was changed"
                    : "\(isNew ? "made a new ledger; " : "")read \(batches.count) batches with \(carried) rows from the outbox"
            ]
            if !restored.isEmpty {
                lines.append(
                    "wrote the records of batches \(Self.list(restored)), which the outbox lacked; where a consumer lacks one of them, 'occ-export reissue' sends it again"
                )
            }
            if !lost.isEmpty {
                lines.append(
                    "gave up batches \(Self.list(lost)): what they carried is exported again by the next run"
                )
            }
            return lines.joined(separator: "\n")
        }

        private static func list(_ numbers: [Int]) -> String {
            numbers.prefix(20).map(String.init).joined(separator: ", ")
                + (numbers.count > 20 ? " and \(numbers.count - 20) more" : "")
        }
    }

    static func numbers(_ text: String) throws -> ClosedRange<Int> {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2,
            1 <= first, first <= last, last <= 999_999_999
        else { throw ValidationError("'\(text)' is no batch, such as 7, and none to another, 3-5") }
        return first...last
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let configuration = try Setup(file).configuration
            let outbox = Outbox(path: configuration.outbox)
            let isNew = try !Ledger.exists(in: configuration.state)
            let lost = Set(lost.joined())
            let owner = try owner(configuration, outbox, isNew: isNew)
            if isNew {
                try outbox.requireRecords(knownTo: nil, but: lost)
                try DurableFolder.create(configuration.state, code: .inputOutput)
                try Archive(in: configuration.state).create()
                try Ledger.create(in: configuration.state, id: owner, at: Environment.now())
            }
            if newStamp { try outbox.restamp(owner) }
            try outbox.createFolders()
            let store = try Store(configuration, isOwnerChecked: false)
            guard try outbox.owner() == store.ledger.id else {
                throw RunError(
                    .operatorMustDecide,
                    "\(configuration.outbox): the outbox belongs to another ledger than the one in \(configuration.state); nothing was changed; mend state: or outbox: in the configuration"
                )
            }
            let done = try Reconciliation(outbox, store.ledger, but: lost, at: Environment.now())
            let report = Report(
                ledger: store.ledger.id,
                isNew: isNew,
                batches: done.batches,
                carried: done.carried,
                restored: done.restored,
                lost: lost.sorted()
            )
            try console.result(report) { report.text }
            return .done
        }
    }

    /// The ledger that the outbox belongs to, by its stamp or by what the operator says.
    private func owner(_ configuration: Configuration, _ outbox: Outbox, isNew: Bool) throws
        -> String
    {
        if let owner = try outbox.owner() {
            guard !newStamp else {
                throw RunError(
                    .usage,
                    "\(configuration.outbox): the outbox has its stamp; leave --new-stamp out"
                )
            }
            return owner
        }
        guard try !isNew || outbox.hasRecords() else {
            throw RunError(
                .operatorMustDecide,
                "\(configuration.outbox): there is nothing to reconcile: the outbox belongs to no ledger; run 'occ-export init'"
            )
        }
        guard newStamp else {
            throw RunError(
                .operatorMustDecide,
                "\(configuration.outbox): the outbox has no stamp; is it mounted? Bring '.occ-export' back from a backup; if it is lost for good, add --new-stamp; nothing was changed"
            )
        }
        return isNew
            ? UUID().uuidString.lowercased() : try Ledger(in: configuration.state).id
    }
}
