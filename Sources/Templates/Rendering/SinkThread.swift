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
    /// A batch on its way to the thread, emptied when it is back, and what was wrong by then.
    private final class Slot: Sendable {
        let state = Mutex<(batch: SinkBatch, failure: (any Error)?)>((SinkBatch(), nil))
    }

    /// Taken in turn: room for one more means that the one taken longest ago is back.
    private let slots = [Slot(), Slot()]
    private let taken = Atomic(0)
    /// Of the thread, and of whoever has waited for it.
    private let work: Mutex<(sink: PackagingSink<Inner>, failure: (any Error)?)>
    /// One block at a time, each by a thread of its own pool: none of those that async code needs.
    private let queue = DispatchQueue(label: "occ-export.files")
    /// Batches that may be under way; whoever fills them faster waits.
    private let room = DispatchSemaphore(value: 2)

    init(_ sink: PackagingSink<Inner>) { work = Mutex((sink, nil)) }

    /// What went wrong first, once it has stopped; nothing was written after it.
    var failure: (any Error)? { work.withLock { $0.failure } }

    /// Takes a batch and leaves an empty one, as soon as there is room.
    ///
    /// - Throws: what an earlier batch threw.
    func take(_ batch: inout SinkBatch) throws {
        room.wait()
        let number = taken.load(ordering: .relaxed)
        let slot = slots[number % slots.count]
        let failure = slot.state.withLock { state in
            if state.failure == nil { swap(&state.batch, &batch) }
            return state.failure
        }
        if let failure {
            room.signal()
            throw failure
        }
        taken.store(number + 1, ordering: .relaxed)
        queue.async { self.run(slot) }
    }

    /// Waits for what is under way; the sink is the caller's again.
    func stop() -> PackagingSink<Inner> {
        queue.sync {}
        return work.withLock { $0.sink }
    }

    private func run(_ slot: Slot) {
        slot.state.withLock { state in
            let batch = state.batch
            state.failure = work.withLock { work in
                guard work.failure == nil else { return work.failure }
                do {
                    try Self.run(batch, on: &work.sink)
                } catch {
                    // Told to whoever hands over a batch after the next, or waits for the last.
                    work.failure = error
                }
                return work.failure
            }
        }
        slot.state.withLock { $0.batch.clear() }
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
