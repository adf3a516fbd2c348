public import Transactions

/// A record of a file with its values, and the rows that it was written for.
public struct TracedRecord: Sendable {
    /// The file's name.
    public let file: String
    /// The bytes of the file that it, or what is told of it, takes.
    public let range: Range<Int>
    /// Where the template declares it: `templates/x/template.yaml:41`.
    public let place: String
    /// Its name and values.
    public let record: TemplatePreview.Record
    /// The transactions that it was written for; empty for what is written of all.
    public let transactions: [TransactionKey]
}

/// What a trace looks for.
public enum TraceQuery: Sendable {
    /// The records that wrote some bytes of a file.
    case bytes(file: String, Range<Int>)
    /// The records that a row was written to, by its place among the rows.
    case row(Int)
}

extension Plan {
    /// Renders rows again and tells which records wrote something, value by value.
    ///
    /// - Parameters:
    ///   - query: what is looked for.
    ///   - rows: the rows of the batch, in the order in which it was written.
    ///   - batch: the batch as it was.
    ///   - sink: where the files go, so that they can be held against what was published.
    /// - Returns: the records in the order written; none when a row can no longer be mapped.
    /// - Throws: `RenderingError` when a file as a whole is wrong; what the sink throws.
    public func trace(
        _ query: TraceQuery,
        _ rows: [SelectedTransaction],
        batch: BatchContext,
        to sink: inout some FileSink
    ) throws -> [TracedRecord] {
        var renderer = Renderer(plan: self, source: rows, batch: batch, excluded: [], sink: sink)
        switch query {
        case .bytes(let file, let range): renderer.trace = RecordTrace(.bytes(file: file, range))
        case .row(let position): renderer.trace = RecordTrace(.row(position))
        }
        do {
            _ = try renderer.writeFiles()
            try renderer.sink.finish()
        } catch let problem as FieldProblem {
            throw RenderingError(problem)
        }
        sink = renderer.sink.takeBack()
        guard !renderer.isSpoiled else { return [] }
        let personal = PersonalNames(template, rows.map(\.transaction))
        return (renderer.trace?.records ?? []).map { record in
            TracedRecord(
                file: record.file,
                range: record.range,
                place: "\(record.node.document.file):\(record.node.line)",
                record: shown(record, personal),
                transactions: record.positions.prefix(100).map { rows[$0].transaction.key }
            )
        }
    }
}
