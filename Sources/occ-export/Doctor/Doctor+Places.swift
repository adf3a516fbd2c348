internal import Delivery
internal import Foundation
internal import Transactions

extension Doctor {
    /// Looks at the folders; before `init` there is nothing to find in them.
    func places(_ diagnosis: inout Diagnosis) async {
        let files = FileManager.default
        let hasState = files.fileExists(atPath: configuration.state)
        let hasOutbox = files.fileExists(atPath: configuration.outbox)
        guard hasState || hasOutbox else {
            await diagnosis.look("state") {
                Finding(verdict: .warning, says: "not initialised; run 'occ-export init'")
            }
            return
        }
        await diagnosis.look("state") { try state() }
        // Without it there is no ledger, and no telling whose the outbox is.
        guard hasState else { return }
        await diagnosis.look("ledger") { try ledger() }
        if files.fileExists(atPath: "\(configuration.state)/ledger.sqlite") {
            await diagnosis.look("days") { try days() }
            await diagnosis.look("outbox") { try outbox() }
        }
        if hasOutbox { await diagnosis.look("disk") { try disk() } }
    }

    private func state() throws -> Finding {
        let path = configuration.state
        guard FileManager.default.fileExists(atPath: path) else { throw SetupError.noState(path) }
        try Store.requireLocal(configuration)
        try Store.requirePrivate(path, .inputOutput, configuration)
        let parts = ["", "/lock", "/reports", "/archive", "/archive/answers", "/archive/batches"]
        for part in parts where !isWritable(path + part) {
            throw SetupError.stateNotWritable(path + part)
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        var remarks: [String] = []
        if mode & 0o020 != 0 { remarks.append("its group can write it; chmod 0700 it") }
        if mode & 0o005 != 0 { remarks.append("others can read it; chmod 0700 it") }
        return .fine(path, but: remarks)
    }

    /// Whether this user may write there; what is not there yet is made by the run.
    private func isWritable(_ path: String) -> Bool {
        let files = FileManager.default
        return !files.fileExists(atPath: path) || files.isWritableFile(atPath: path)
    }

    private func ledger() throws -> Finding {
        let path = "\(configuration.state)/ledger.sqlite"
        let ledger = try Ledger(in: configuration.state)
        guard isWritable(path) else { throw SetupError.stateNotWritable(path) }
        return .fine("id \(ledger.id), \(try ledger.lastNumber()) batches")
    }

    /// Whether the API still answers for the days that a run would ask for.
    private func days() throws -> Finding {
        let ledger = try Ledger(in: configuration.state)
        let now = Environment.now()
        let coverage = try ledger.coverage()
        let gaps = coverage.compactMap { place in
            place.gap(today: now.date).map {
                AcceptedGap(feed: place.feed, contract: place.contract, days: $0)
            }
        }
        guard gaps.isEmpty else { throw GapError(gaps: gaps) }
        var remarks = try ledger.futureClaims(at: now).map {
            "\($0): the next run reads again what the API answers for"
        }
        for place in coverage where place.daysUntilGap(today: now.date) <= ExportRun.warning {
            let contract = place.contract.map { " of contract \($0)" } ?? ""
            remarks.append(
                "\(place.feed.rawValue)\(contract): a gap arises in \(place.daysUntilGap(today: now.date)) days"
            )
        }
        guard let last = coverage.map(\.days.to).min() else {
            return .fine("none is fetched yet")
        }
        return .fine("all are fetched up to \(last)", but: remarks)
    }

    private func outbox() throws -> Finding {
        let outbox = Outbox(path: configuration.outbox)
        try outbox.requireWritable()
        try Store.requirePrivate(outbox.path, .outbox, configuration)
        for folder in Set(configuration.exports.map(\.folder)) where !folder.isEmpty {
            let path = "\(outbox.path)/\(folder)"
            guard isWritable(path) else { throw SetupError.folderNotWritable(path) }
        }
        let ledger = try Ledger(in: configuration.state)
        try outbox.requireOwner(ledger)
        for batch in try ledger.batches(onlyOpen: true) where batch.state == .prepared {
            guard try outbox.isStaged(batch) else {
                throw SetupError.stagingGone(batch.name, batch.number)
            }
        }
        return .fine("\(configuration.outbox) belongs to the ledger and can be written")
    }

    /// Less free room than this is not enough for a night, in bytes.
    private static let leastRoom: Int64 = 50 << 20

    private func disk() throws -> Finding {
        var rooms: [String] = []
        for (name, path) in [("state", configuration.state), ("outbox", configuration.outbox)] {
            let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
            let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
            guard free >= Self.leastRoom else {
                throw name == "outbox"
                    ? SetupError.outboxFull(path, free: free >> 20)
                    : SetupError.stateFull(path, free: free >> 20)
            }
            rooms.append("\(free >> 20) MiB free at the \(name)")
        }
        return .fine(rooms.joined(separator: ", "))
    }
}

/// What is wrong with the folders that a configuration names.
enum SetupError: Error, CustomStringConvertible {
    case noState(String)
    case stateNotWritable(String)
    case folderNotWritable(String)
    case stagingGone(String, Int)
    case stateFull(String, free: Int64)
    case outboxFull(String, free: Int64)

    var description: String {
        switch self {
        case .noState(let path):
            "\(path): there is no state folder; run 'occ-export init' once, or mount the volume"
        case .stateNotWritable(let path):
            "\(path): this user cannot write it; give the state folder, and all that is in it, to the job's user"
        case .folderNotWritable(let path):
            "\(path): this user cannot write it; give the outbox, and what is in it, to the job's user"
        case .stagingGone(let batch, let number):
            "\(batch): was prepared, and its staging folder is gone; 'occ-export resolve --batch \(number)' decides"
        case .stateFull(let path, let free):
            "\(path): \(free) MiB are free at the state, 50 are wanted; make room"
        case .outboxFull(let path, let free):
            "\(path): \(free) MiB are free at the outbox, 50 are wanted; make room"
        }
    }
}
