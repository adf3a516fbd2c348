internal import Delivery
internal import FoundationEssentials
internal import Synchronization
internal import Templates

/// Rendered files on their way into a staged batch.
struct StagedSink: FileSink {
    /// A file that is written and synced.
    struct Finished {
        let name: String
        let hash: String
        let size: Int
    }

    private let staged: StagedBatch
    private var writer: FileWriter?
    private(set) var finished: [Finished] = []

    init(staged: StagedBatch) { self.staged = staged }

    mutating func begin(_ name: String) throws {
        writer = FileWriter(name, try staged.newFile(name))
    }

    mutating func write(_ bytes: [UInt8]) throws { try writer?.write(bytes) }

    mutating func end() throws {
        if let writer { finished.append(try writer.finish()) }
        writer = nil
    }

    mutating func restart() throws {
        // A file that is open is closed first; nothing of it stays.
        try end()
        for file in finished {
            try FileManager.default.removeItem(atPath: staged.path(of: file.name))
        }
        finished = []
    }
}

/// Holds the one open file: a durable file cannot be copied, and a sink may be.
final class FileWriter: Sendable {
    private let name: String
    private let file: Mutex<DurableFile?>

    init(_ name: String, _ file: consuming sending DurableFile) {
        self.name = name
        self.file = Mutex(consume file)
    }

    func write(_ bytes: [UInt8]) throws { try file.withLock { try $0?.write(bytes) } }

    func finish(syncs: Bool = true) throws -> StagedSink.Finished {
        guard let file = file.withLock({ $0.take() }) else {
            throw RunError(
                .unexpected,
                "file '\(name)' was ended twice; this is a mistake of the program, report it"
            )
        }
        let size = file.size
        return StagedSink.Finished(name: name, hash: try file.finish(syncs: syncs), size: size)
    }
}
