internal import Dispatch
internal import Synchronization

/// Steps that a sink is asked for, with the bytes to write.
struct SinkBatch {
    enum Step {
        case beginPackage(String)
        case endPackage
        case begin(String)
        /// The buffer with that number.
        case write(Int)
        case end
    }

    private(set) var steps: [Step] = []
    /// Used again from batch to batch, the first ones filled.
    private(set) var buffers: [[UInt8]] = []
    private var filled = 0
    /// Bytes to write, and a page for each file, which costs something even when it is empty.
    private(set) var size = 0

    /// Buffers that a batch keeps when it is emptied: what thousands of small files needed goes.
    private static let kept = 4

    var isEmpty: Bool { steps.isEmpty }

    mutating func add(_ step: Step) {
        steps.append(step)
        size += 4_096
    }

    /// Takes bytes and leaves an empty buffer for them.
    mutating func add(_ bytes: inout [UInt8]) {
        size += bytes.count
        if filled == buffers.count { buffers.append([]) }
        swap(&buffers[filled], &bytes)
        steps.append(.write(filled))
        filled += 1
    }

    /// Empties the batch to be filled again.
    mutating func clear() {
        steps.removeAll(keepingCapacity: true)
        if buffers.count > Self.kept { buffers.removeLast(buffers.count - Self.kept) }
        for index in buffers.indices { buffers[index].removeAll(keepingCapacity: true) }
        filled = 0
        size = 0
    }
}

/// A thread that runs a sink's steps, batch after batch in the order in which they come.
final class SinkThread<Inner: FileSink>: Sendable {
    /// Batches on their way: `waiting` to the thread, `empty` back from it.
    private struct Desk {
        var waiting: [SinkBatch] = []
        var empty: [SinkBatch] = []
        var failure: (any Error)?
    }

    private let desk = Mutex(Desk())
    private let sink: Mutex<PackagingSink<Inner>>
    /// One block at a time, each by a thread of its own pool: none of those that async code needs.
    private let queue = DispatchQueue(label: "occ-export.files")
    /// Batches that may be under way; whoever fills them faster waits.
    private let room = DispatchSemaphore(value: 2)

    init(_ sink: PackagingSink<Inner>) { self.sink = Mutex(sink) }

    /// What went wrong first; nothing is written after it.
    var failure: (any Error)? { desk.withLock { $0.failure } }

    /// Takes a batch and leaves an empty one, as soon as there is room.
    ///
    /// - Throws: what an earlier batch threw.
    func take(_ batch: inout SinkBatch) throws {
        room.wait()
        let failure = desk.withLock { desk in
            guard desk.failure == nil else { return desk.failure }
            let empty = desk.empty.popLast() ?? SinkBatch()
            desk.waiting.append(batch)
            batch = empty
            return nil
        }
        if let failure {
            room.signal()
            throw failure
        }
        queue.async { self.runBatch() }
    }

    /// Waits for what is under way; the sink is the caller's again.
    func stop() -> PackagingSink<Inner> {
        queue.sync {}
        return sink.withLock { $0 }
    }

    private func runBatch() {
        var (batch, isUsable) = desk.withLock { desk in
            (desk.waiting.removeFirst(), desk.failure == nil)
        }
        var failure: (any Error)?
        if isUsable {
            do {
                try sink.withLock { sink in try Self.run(batch, on: &sink) }
            } catch {
                // Told to whoever hands over the next batch, or waits for the last.
                failure = error
            }
        }
        batch.clear()
        desk.withLock { desk in
            desk.failure = desk.failure ?? failure
            desk.empty.append(batch)
        }
        room.signal()
    }

    private static func run(_ batch: SinkBatch, on sink: inout PackagingSink<Inner>) throws {
        for step in batch.steps {
            switch step {
            case .beginPackage(let name): try sink.beginPackage(name)
            case .endPackage: try sink.endPackage()
            case .begin(let name): try sink.begin(name)
            case .write(let number): try sink.write(batch.buffers[number])
            case .end: try sink.end()
            }
        }
    }
}
