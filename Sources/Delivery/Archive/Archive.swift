internal import FoundationEssentials
internal import Synchronization
public import Transactions

/// A raw answer as it lies in the archive.
public struct ArchivedAnswer: Sendable, Hashable {
    /// The days asked for.
    public let window: Window
    /// Its path from the archive on.
    public let file: String
    /// SHA-256 of the bytes as they came, and their number.
    public let written: CompressedFile.Written
}

/// Raw answers and published files, gzip, for as long as the law or the operator wants them.
///
/// What no commit names is removed at the next start.
public final class Archive: Sendable {
    /// The folder.
    public let path: String

    /// Names an archive in a state folder.
    public init(in state: String) { path = "\(state)/archive" }

    /// Makes its folders; `init` does.
    public func create() throws(DeliveryError) {
        try DurableFolder.create("\(path)/answers", code: .inputOutput)
        try DurableFolder.create("\(path)/batches", code: .inputOutput)
    }

    // MARK: Answers

    /// An answer on its way into the archive; bytes come in any pieces.
    public final class Entry: Sendable {
        private struct State: ~Copyable {
            var file: CompressedFile?
        }

        private let state: Mutex<State>
        private let window: Window
        private let relative: String
        private let full: String

        init(window: Window, relative: String, full: String) throws(DeliveryError) {
            self.window = window
            self.relative = relative
            self.full = full
            let file = try CompressedFile(creating: full, code: .inputOutput)
            state = Mutex(State(file: consume file))
        }

        /// Appends bytes as they came.
        public func write(_ bytes: ArraySlice<UInt8>) throws {
            try state.withLock { state in try state.file?.write(bytes) }
        }

        /// Ends the answer: synced, but for its name in the folder.
        public func finish() throws -> ArchivedAnswer? {
            try state.withLock { state in
                guard let file = state.file.take() else { return nil }
                return ArchivedAnswer(
                    window: window,
                    file: relative,
                    written: try file.finish()
                )
            }
        }

        /// Throws away what an answer that was cut off or not understood left.
        public func discard() throws {
            state.withLock { state in _ = state.file.take() }
            try DurableFolder.remove(full, code: .inputOutput)
        }
    }

    /// Begins an answer: `answers/000123/contract-transactions_22297_2026-10-21_2026-11-20_1.json.gz`.
    public func begin(run: Int64, feed: Feed, contract: String?, window: Window, part: Int)
        throws(DeliveryError) -> Entry
    {
        let folder = "answers/\(padded(Int(run)))"
        try DurableFolder.create("\(path)/\(folder)", code: .inputOutput)
        let place = contract.map { "_\($0)" } ?? ""
        let name = "\(feed.rawValue)\(place)_\(window.from)_\(window.to)_\(part).json.gz"
        return try Entry(
            window: window,
            relative: "\(folder)/\(name)",
            full: "\(path)/\(folder)/\(name)"
        )
    }

    /// Makes the names of a run's answers durable; TX0 comes after it.
    public func sync(run: Int64) throws(DeliveryError) {
        let folder = "\(path)/answers/\(padded(Int(run)))"
        if try DurableFolder.exists(folder, code: .inputOutput) {
            try DurableFolder.sync(folder, code: .inputOutput)
        }
    }

    /// The highest run that has answers here; 0 before the first.
    func lastRun() throws(DeliveryError) -> Int64 {
        try DurableFolder.names(in: "\(path)/answers", code: .inputOutput).compactMap { Int64($0) }
            .max() ?? 0
    }

    /// Removes the answers of a run that no commit names.
    func removeAnswers(of run: Int64, but known: Set<String>) throws(DeliveryError) {
        let folder = "answers/\(padded(Int(run)))"
        for name in try DurableFolder.names(in: "\(path)/\(folder)", code: .inputOutput)
        where !known.contains("\(folder)/\(name)") {
            try DurableFolder.remove("\(path)/\(folder)/\(name)", code: .inputOutput)
        }
    }

    // MARK: Batches

    /// The name under which a batch's manifest is kept beside its data files.
    public static let manifestName = ".manifest"

    /// Reads an archived answer, as it came.
    public func read(_ relative: String, _ take: ([UInt8]) throws(DeliveryError) -> Void)
        throws(DeliveryError)
    {
        try CompressedFile.read("\(path)/\(relative)", code: .inputOutput, take)
    }

    func folder(ofBatch number: Int) -> String { "\(path)/batches/\(padded(number))" }

    /// Keeps a copy of a batch's files; synced before TX1.
    func keep(batch number: Int, files: [(name: String, path: String)]) throws(DeliveryError) {
        let folder = folder(ofBatch: number)
        try DurableFolder.remove(folder, code: .inputOutput)
        try DurableFolder.create(folder, code: .inputOutput)
        for (name, path) in files {
            var kept = try CompressedFile(creating: "\(folder)/\(name).gz", code: .inputOutput)
            try DurableFolder.read(path, code: .outbox) { bytes throws(DeliveryError) in
                try kept.write(bytes)
            }
            _ = try kept.finish()
        }
        try DurableFolder.sync(folder, code: .inputOutput)
    }

    /// Whether a batch's files are still kept.
    public func keeps(batch number: Int) throws(DeliveryError) -> Bool {
        try DurableFolder.exists(folder(ofBatch: number), code: .inputOutput)
    }

    /// Reads one file of a batch, byte for byte as it was published.
    public func read(
        batch number: Int,
        file name: String,
        _ take: ([UInt8]) throws(DeliveryError) -> Void
    ) throws(DeliveryError) {
        try CompressedFile.read("\(folder(ofBatch: number))/\(name).gz", code: .inputOutput, take)
    }

    /// Removes the copies of batches that no commit names.
    func removeBatches(after last: Int) throws(DeliveryError) {
        for name in try DurableFolder.names(in: "\(path)/batches", code: .inputOutput) {
            guard let number = Int(name), number > last else { continue }
            try DurableFolder.remove("\(path)/batches/\(name)", code: .inputOutput)
        }
    }

    /// Removes an answer or a batch's copy for good.
    public func remove(_ relative: String) throws(DeliveryError) {
        try DurableFolder.remove("\(path)/\(relative)", code: .inputOutput)
    }
}
