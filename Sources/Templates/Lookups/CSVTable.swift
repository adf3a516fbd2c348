/// A comma-separated file with a header, for what is configured in tables beside a template.
public struct CSVTable: Sendable {
    /// The file as it was named.
    public let file: String
    /// The names of the columns.
    public let columns: [String]
    /// The lines after the header, each with as many cells as there are columns.
    public let rows: [(line: Int, cells: [String])]

    /// Reads a file of at most 16 MiB.
    ///
    /// - Throws: `Diagnostic` for a file that cannot be read, a missing column, or a line of another length.
    public init(file: String, needs wanted: [String]) throws(Diagnostic) {
        let text = try SourceFile.text(
            of: file,
            atMostMebibytes: 16,
            shorten: "leave out rows that nothing needs",
            unreadable: Diagnostic(
                "unreadable",
                "cannot be read",
                cure: "is it there, and may this user read it?",
                file: file
            )
        )
        let lines = try CSVReader.rows(of: text, file: file)
        guard let header = lines.first else {
            throw Diagnostic("missing-column", "the table has no header", file: file)
        }
        for column in wanted where !header.cells.contains(column) {
            throw Diagnostic(
                "missing-column",
                "there is no column '\(column)'",
                cure: "add it to the header: \(wanted.joined(separator: ","))",
                file: file,
                line: header.number
            )
        }
        for line in lines.dropFirst() where line.cells.count != header.cells.count {
            throw Diagnostic(
                "columns",
                "the line has \(line.cells.count) cells, the header \(header.cells.count)",
                file: file,
                line: line.number
            )
        }
        self.file = file
        columns = header.cells
        rows = lines.dropFirst().map { ($0.number, $0.cells) }
    }

    /// The cell of a column; nil where it is empty or there is no such column.
    public func cell(_ column: String, of row: [String]) -> String? {
        guard let place = columns.firstIndex(of: column), !row[place].isEmpty else { return nil }
        return row[place]
    }
}
