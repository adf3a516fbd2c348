/// Passes files on, by a second thread once there is enough of them: packing, hashing and writing then
/// go on while rows are rendered (docs/design/second-core.md).
///
/// The sink is asked for the same steps in the same order either way, by one thread at a time.
struct BackgroundSink<Inner: FileSink> {
    /// The sink; out of date while the thread has it.
    private var sink: PackagingSink<Inner>
    private var thread: SinkThread<Inner>?
    private var batch = SinkBatch()
    /// Bytes that went to the sink before a thread took it.
    private var written = 0

    /// Bytes that must have been written before a thread is started: small outputs start none.
    static var least: Int { 1 << 20 }

    /// Bytes that are handed over at once; small enough to be in the cache still when they are hashed.
    static var most: Int { 1 << 18 }

    init(_ inner: Inner) { sink = PackagingSink(inner) }

    mutating func beginPackage(_ name: String) throws {
        guard thread == nil else { return try add(.beginPackage(name)) }
        try sink.beginPackage(name)
    }

    mutating func endPackage() throws {
        guard thread == nil else { return try add(.endPackage) }
        try sink.endPackage()
    }

    mutating func begin(_ name: String) throws {
        guard thread == nil else { return try add(.begin(name)) }
        try sink.begin(name)
    }

    /// Takes bytes and leaves an empty buffer.
    mutating func write(_ bytes: inout [UInt8]) throws {
        guard thread == nil else {
            batch.add(&bytes)
            return try handOverIfFull()
        }
        try sink.write(bytes)
        written += bytes.count
        bytes.removeAll(keepingCapacity: true)
        if written >= Self.least { thread = SinkThread(sink) }
    }

    mutating func end() throws {
        guard thread == nil else { return try add(.end) }
        try sink.end()
    }

    /// Forgets every file so far, those that are still to be written too.
    mutating func restart() throws {
        stop()
        written = 0
        try sink.restart()
    }

    /// Waits until all is written; the sink is the caller's again.
    ///
    /// - Throws: what the sink threw and nobody has heard of.
    mutating func finish() throws {
        guard let thread else { return }
        if !batch.isEmpty { try thread.take(&batch) }
        stop()
        if let failure = thread.failure { throw failure }
    }

    /// The sink as far as it has come, after `finish` or a failure.
    mutating func takeBack() -> Inner {
        stop()
        return sink.inner
    }

    /// Waits for the thread to end what it has; what was not handed over is dropped.
    private mutating func stop() {
        batch = SinkBatch()
        guard let thread else { return }
        sink = thread.stop()
        self.thread = nil
    }

    private mutating func add(_ step: SinkBatch.Step) throws {
        batch.add(step)
        try handOverIfFull()
    }

    private mutating func handOverIfFull() throws {
        if batch.size >= Self.most { try thread?.take(&batch) }
    }
}
