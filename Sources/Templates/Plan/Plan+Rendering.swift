internal import Expressions
internal import Transactions

extension Plan {
    /// Writes the files of a batch.
    ///
    /// Everything is evaluated once without writing, until all that cannot be mapped is known and set
    /// aside with its document; only then does the first byte of any file go out.
    ///
    /// `selected`: the transactions, in the batch's order.
    /// `batch`: the batch they belong to.
    /// `sink`: where the files go.
    /// Throws `RenderingError` when a file as a whole is wrong, or `on_reject: stop` meets a
    ///   rejection; what the sink throws.
    public func render(
        _ selected: [SelectedTransaction],
        batch: BatchContext,
        to sink: inout some FileSink
    ) throws -> Rendering {
        var rows = selected
        var rejected: [(key: TransactionKey, reason: Reason)] = []
        while true {
            var nowhere = NoSink()
            var trial = Renderer(plan: self, batch: batch, isTrial: true)
            let documents = try trial.documents(of: rows)
            let files = try trial.files(rows, documents, to: &nowhere)
            guard !trial.rejections.isEmpty else {
                try requireDistinctNames(files.map(\.name))
                break
            }
            if template.stopsOnReject, let (key, reason) = trial.rejections.first {
                throw RenderingError(
                    diagnostic: template.node.diagnostic(
                        reason.name,
                        "transaction \(key): \(reason.message), and on_reject is stop",
                        cure: "mend what is wrong, or leave on_reject out"
                    )
                )
            }
            let gone = trial.rejectedKeys
            rejected += trial.rejections.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            rows.removeAll { gone.contains($0.transaction.key) }
        }
        var renderer = Renderer(plan: self, batch: batch, isTrial: false)
        let documents = try renderer.documents(of: rows)
        let files = try renderer.files(rows, documents, to: &sink)
        return Rendering(files: files, carried: rows.map(\.transaction), rejected: rejected)
    }

    private func requireDistinctNames(_ names: [String]) throws {
        // Compared without case, for shares that know none.
        let all = names.map { $0.lowercased() }
        guard let doubled = all.first(where: { name in all.filter { $0 == name }.count > 1 }) else {
            return
        }
        throw RenderingError(
            diagnostic: files[0].nameNode.diagnostic(
                "doubled-name",
                "two files are called '\(doubled)'",
                cure: "put what tells them apart into the name"
            )
        )
    }

    /// Renders to memory: for tests and previews.
    public func rendered(_ selected: [SelectedTransaction], batch: BatchContext) throws -> (
        rendering: Rendering, contents: [String: [UInt8]]
    ) {
        var sink = MemorySink()
        let rendering = try render(selected, batch: batch, to: &sink)
        return (rendering, sink.contents)
    }
}

/// Takes nothing: for the evaluation that comes before writing.
private struct NoSink: FileSink {
    mutating func begin(_ name: String) {}
    mutating func write(_ bytes: [UInt8]) {}
    mutating func end() {}
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
}
