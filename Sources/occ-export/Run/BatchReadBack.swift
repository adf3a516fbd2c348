internal import Delivery
internal import FoundationEssentials
internal import Templates

/// What a written file turned out to be when it was read again.
struct ReadBackError: Error, CustomStringConvertible {
    let description: String
}

/// The files of a batch read back before TX1: counted, parsed, validated, their sums compared.
struct BatchReadBack {
    /// The columns of delimited files by name: those of a header, else numbers, for a row's values are
    /// not for manifests.
    private(set) var columns: [String: [String]] = [:]
    /// What ends a record of delimited files, by name.
    private(set) var lineEnds: [String: String] = [:]
    /// The schema that each XML file obeys; none where none was there.
    private(set) var validatedBy: [String: String] = [:]
    /// Schemas are read once for all files of the batch.
    private var schemas: [[String]: XMLSchemas] = [:]

    /// Reads every file.
    ///
    /// - Throws: `ReadBackError` or `Diagnostic` that says which figure differs.
    init(_ rendering: Rendering, _ staged: StagedBatch, hasHeaders: Bool) throws {
        for file in rendering.files {
            let path = staged.path(of: file.name)
            for total in file.controlTotals where total.selected != total.written {
                throw ReadBackError(
                    description:
                        "\(file.name): control total '\(total.name)' is \(total.selected) selected and \(total.written) written; nothing was published"
                )
            }
            // What lies in a package was counted before it was packed.
            if file.package != nil { continue }
            let unit = file.encoding.lowercased().hasPrefix("utf-16") ? 2 : 1
            switch file.kind {
            case "xml": try validate(file, path)
            case "delimited":
                let delimiter = file.delimiter?.utf8.first ?? 0x2C
                var found = try ReadBack.delimited(
                    path,
                    delimiter: delimiter,
                    quotes: true,
                    unit: unit
                )
                if found.records != file.records {
                    // A template may write cells without quotes: then a quote is a character.
                    found = try ReadBack.delimited(
                        path,
                        delimiter: delimiter,
                        quotes: false,
                        unit: unit
                    )
                }
                try require(file, "records", found.records, file.records)
                columns[file.name] = Self.columns(found, hasHeaders: hasHeaders)
                lineEnds[file.name] = found.hasCarriageReturns ? "\r\n" : "\n"
            case "fixed_width", "text":
                let found = try ReadBack.lines(path, unit: unit)
                if file.kind == "fixed_width", found.records > 1 || file.records <= 1 {
                    try require(file, "records", found.records, file.records)
                }
            default: continue
            }
        }
    }

    private func require(_ file: RenderedFile, _ what: String, _ found: Int, _ written: Int) throws
    {
        guard found == written else {
            throw ReadBackError(
                description:
                    "\(file.name): read back as \(found) \(what), \(written) were written; nothing was published"
            )
        }
    }

    private mutating func validate(_ file: RenderedFile, _ path: String) throws {
        guard let bytes = try DurableFolder.contents(of: path, code: .outbox) else {
            throw ReadBackError(description: "\(file.name): is gone from staging")
        }
        let known = try schemas[file.schemas] ?? XMLSchemas(file.schemas)
        schemas[file.schemas] = known
        validatedBy[file.name] = try known.check(bytes, file: file.name)
    }

    /// The cells of the first record; columns that have no name of their own get their number.
    private static func columns(_ found: ReadBack, hasHeaders: Bool) -> [String] {
        guard hasHeaders else { return found.firstRecord.indices.map { "column\($0 + 1)" } }
        var seen: Set<String> = []
        return found.firstRecord.enumerated().map { index, bytes in
            var text = String(decoding: bytes, as: UTF8.self)
            if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
            return text.isEmpty || !seen.insert(text).inserted ? "column\(index + 1)" : text
        }
    }
}
