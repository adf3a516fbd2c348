internal import Delivery
internal import FoundationEssentials
internal import Transactions

/// Ledger, archive and outbox, locked for one run (steps 1 to 3).
struct Store: Sendable {
    let outbox: Outbox
    let ledger: Ledger
    let archive: Archive
    private let state: String
    private let locks: [FileLock]

    /// Takes both locks, then opens the ledger and checks that it is this outbox's.
    ///
    /// `isOwnerChecked`: `reconcile` and `resolve` are there for ledgers that do not pass.
    init(_ configuration: Configuration, isOwnerChecked: Bool = true) throws {
        state = configuration.state
        outbox = Outbox(path: configuration.outbox)
        archive = Archive(in: state)
        guard try Ledger.exists(in: state) else {
            // The lock would be the first trace of a state folder that is not there.
            _ = try Ledger(in: state)
            throw RunError(
                .inputOutput,
                "\(state): the ledger came and went; look at the state's disk and mount, then run again"
            )
        }
        try outbox.requireWritable()
        if !configuration.allowsNetworkState,
            try DurableFolder.isOnNetworkShare(state, code: .inputOutput)
        {
            throw RunError(
                .configuration,
                "\(state): the state lies on a network share, where neither locks nor the ledger are safe; use a local disk, or set allow_network_state"
            )
        }
        if !configuration.allowsOpenFolders {
            for (path, code) in [(state, DeliveryError.Code.inputOutput), (outbox.path, .outbox)]
            where try DurableFolder.isOpenToAll(path, code: code) {
                throw RunError(
                    .configuration,
                    "\(path): everyone may write in it, so anybody could add or take files; chmod o-w it, or set allow_open_folders"
                )
            }
        }
        locks = [
            try FileLock("\(state)/lock", code: .inputOutput),
            try FileLock(outbox.lockPath, code: .outbox),
        ]
        ledger = try Ledger(in: state)
        if isOwnerChecked { try outbox.requireOwner(ledger) }
    }

    /// Settles what an interrupted run left; returns the batches that were published now.
    func recover(
        _ checkpoint: @escaping (Publication.Step) throws(DeliveryError) -> Void = { _ in }
    ) throws -> [BatchEntry] {
        try Recovery(outbox, ledger, archive, checkpoint: checkpoint).published
    }

    /// Keeps a run's report in the state folder, where personal data may stand; the last 400.
    func keep(_ report: RunReport, of run: Int64) throws {
        let folder = "\(state)/reports"
        try DurableFolder.create(folder, code: .inputOutput)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try DurableFolder.replace(
            "\(folder)/\(run).json",
            with: Array(try encoder.encode(report)) + [0x0A],
            code: .inputOutput
        )
        try DurableFolder.removeIfThere("\(folder)/\(run - 400).json", code: .inputOutput)
    }
}
