public import Transactions

/// What a run must know of a template beside its files, with what it took from the one it extends.
extension Plan {
    /// Whether several transactions are written or rejected together.
    public var hasDocuments: Bool { documents != nil }

    /// Whether a transaction without this field waits.
    public func requires(_ field: Field) -> Bool { selection.required.contains(field) }

    /// Whether a file begins with a record of column names, so that no row's value is taken for one.
    public func beginsWithNames(_ file: RenderedFile) -> Bool {
        files.indices.contains(file.declaration) && Self.writesNames(files[file.declaration].tree)
    }

    private static func writesNames(_ node: CompiledNode) -> Bool {
        switch node.writing {
        case .names: return true
        case .records(let nodes):
            guard let first = nodes.first, first.condition == nil, case .once = first.loop else {
                return false
            }
            return writesNames(first)
        case .checksum(let inner, _, _): return inner.condition == nil && writesNames(inner)
        case .record, .lines, .skeleton: return false
        }
    }

    /// Reads the first record of delimited text, and no further: its cells, and what ends it.
    ///
    /// - Returns: nil for other files, and for those without a record.
    /// - Throws: what `source` throws.
    public func firstRecord(
        of file: RenderedFile,
        from source: ByteSource
    ) throws -> (cells: [String], lineEnd: String)? {
        guard files.indices.contains(file.declaration), file.kind == "delimited" else { return nil }
        return try FileReading.firstRecord(files[file.declaration].form, source)
    }
}
