internal import Delivery
internal import Templates

/// How delimited text is written, and its columns: what a manifest says of it.
struct Table {
    let dialect: Manifest.Dialect
    let schema: Manifest.Schema

    /// Describes a file by its first record; nil where it is none of delimited text.
    init?(_ file: RenderedFile, _ plan: Plan, firstRecord cells: [String], lineEnd: String) {
        guard let delimiter = file.delimiter else { return nil }
        let hasNames = plan.beginsWithNames(file)
        dialect = Manifest.Dialect(
            delimiter: delimiter,
            lineTerminator: lineEnd,
            header: hasNames
        )
        // A row's values are not for manifests: columns without a name have their number.
        var seen: Set<String> = []
        schema = Manifest.Schema(
            cells.enumerated().map { index, text in
                !hasNames || text.isEmpty || !seen.insert(text).inserted
                    ? "column\(index + 1)" : text
            }
        )
    }
}
