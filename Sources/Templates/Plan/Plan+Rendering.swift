internal import Expressions
internal import Transactions

extension Plan {
    /// Writes the files of a batch.
    ///
    /// What cannot be mapped is set aside with its document: the sink starts over and the rest is
    /// written, so that a file never holds part of a document.
    ///
    /// - Parameters:
    ///   - source: the transactions, in the batch's order.
    ///   - batch: the batch they belong to.
    ///   - sink: where the files go.
    /// - Returns: the files, and what is not in them.
    /// - Throws: `RenderingError` when a file as a whole is wrong, or `on_reject: stop` meets a
    ///   rejection; what the source and the sink throw.
    public func render(
        _ source: some TransactionSource,
        batch: BatchContext,
        to sink: inout some FileSink
    ) throws -> Rendering {
        var rejected: [Int: Rendering.Rejected] = [:]
        var diagnostics: [Diagnostic] = []
        var passes = 0
        while true {
            passes += 1
            var renderer = Renderer(
                plan: self,
                source: source,
                batch: batch,
                excluded: Set(rejected.keys),
                sink: sink
            )
            let files: [RenderedFile]
            do {
                files = try renderer.writeFiles()
                try renderer.sink.finish()
            } catch {
                // The caller takes away what was written so far.
                sink = renderer.sink.takeBack()
                if let problem = error as? FieldProblem { throw RenderingError(problem) }
                throw error
            }
            diagnostics += renderer.diagnostics
            guard renderer.isSpoiled else {
                sink = renderer.sink.takeBack()
                return Rendering(
                    files: files,
                    count: renderer.count,
                    rejected: rejected.values.sorted { $0.position < $1.position },
                    notices: renderer.notices,
                    invoices: renderer.invoices,
                    diagnostics: diagnostics,
                    firstSerial: documents?.numberedFrom == nil
                        ? nil : renderer.documents.first.map { Int($0.serial) },
                    nextSerial: nextSerial(renderer),
                    passes: passes
                )
            }
            // A sink that cannot start over is the caller's all the same.
            defer { sink = renderer.sink.takeBack() }
            try renderer.sink.restart()
            if template.stopsOnReject,
                let first = renderer.rejections.min(by: { $0.key < $1.key })?.value
            {
                throw RenderingError(
                    diagnostic: diagnostics.first
                        ?? template.node.diagnostic(
                            first.reason.name,
                            "transaction \(first.key): \(first.reason.message), and on_reject is stop",
                            cure: "mend what is wrong, or leave on_reject out"
                        )
                )
            }
            let known = rejected.count
            for (position, (key, reason)) in renderer.rejections where rejected[position] == nil {
                rejected[position] = .init(position: position, key: key, reason: reason)
            }
            // Each pass leaves out more than the one before, so there is an end to it.
            precondition(rejected.count > known, "a pass that rejects nothing is not spoiled")
        }
    }

    private func nextSerial(_ renderer: Renderer<some FileSink>) -> Int? {
        guard documents?.numberedFrom != nil else { return nil }
        return renderer.documents.last.map { Int($0.serial) + 1 } ?? renderer.batch.nextSerial
    }

    /// Which members of a record sums look at; nil when no sum does.
    func keptMembers(of record: Int) -> [Bool]? {
        var kept: [Bool]?
        for level in levels {
            for sum in level.written where sum.record == record && sum.body != nil {
                // A body that is more than one member may look at any.
                guard let member = sum.member else { return [] }
                var members = kept ?? []
                while members.count <= member { members.append(false) }
                members[member] = true
                kept = members
            }
        }
        // What is behind the last member looked at is not kept.
        return kept.map { $0 + [Bool](repeating: false, count: 1024) }
    }

    /// Renders to memory: for tests and previews.
    public func rendered(_ source: some TransactionSource, batch: BatchContext) throws -> (
        rendering: Rendering, contents: [String: [UInt8]]
    ) {
        var sink = MemorySink()
        let rendering = try render(source, batch: batch, to: &sink)
        return (rendering, sink.contents)
    }
}

/// Keeps files in memory.
private struct MemorySink: FileSink {
    var contents: [String: [UInt8]] = [:]
    private var current = ""

    mutating func begin(_ name: String) {
        current = name
        contents[name] = []
    }

    mutating func write(_ bytes: [UInt8]) { contents[current]?.append(contentsOf: bytes) }

    mutating func end() {}

    mutating func restart() { contents = [:] }
}
