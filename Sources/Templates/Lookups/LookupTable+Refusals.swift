internal import Expressions

extension LookupTable {
    /// Refuses a file that other signs than commas separate.
    static func requireCommas(_ header: CSVReader.Row, _ file: String) throws(Diagnostic) {
        guard header.cells.count == 1, let cell = header.cells.first else { return }
        for (sign, name) in [(";", "';'"), ("\t", "tabs")] where cell.contains(sign) {
            throw Diagnostic(
                "columns",
                "the file is separated by \(name), a lookup by ','",
                cure: "save it with commas",
                file: file,
                line: header.number,
                excerpt: cell
            )
        }
    }

    /// Refuses a column that the first line names twice.
    static func requireOnce(_ column: String, _ header: CSVReader.Row, _ file: String)
        throws(Diagnostic)
    {
        let places = header.cells.indices.filter { header.cells[$0] == column }
        guard places.count > 1 else { return }
        throw Diagnostic(
            "doubled-name",
            "the first line names '\(column)' twice",
            cure: "rename one",
            file: file,
            line: header.number,
            column: header.cells[..<places[1]].reduce(1) { $0 + $1.count + 1 },
            length: column.count,
            excerpt: header.cells.joined(separator: ",")
        )
    }

    /// Refuses a row whose key nothing can ask for: empty, with blanks around it, or with control
    /// characters.
    static func requireKey(
        _ line: CSVReader.Row,
        _ places: [Int],
        _ declaration: LookupDeclaration,
        _ file: String
    ) throws(Diagnostic) {
        guard !declaration.key.allSatisfy({ line.cells[places[$0]].isEmpty }) else {
            throw Diagnostic(
                "lookup-key",
                "the row has no key",
                cure: "fill in \(declaration.key.map { declaration.columns[$0].name }.joined(separator: " or ")), or leave the row out",
                file: file,
                line: line.number
            )
        }
        for place in declaration.key {
            let cell = line.cells[places[place]].utf8
            guard
                cell.first == 0x20 || cell.last == 0x20
                    || cell.contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { continue }
            throw Diagnostic(
                "lookup-key",
                "the key '\(declaration.columns[place].name)' has a blank around it, or a control character in it",
                cure: "mend the cell",
                file: file,
                line: line.number
            )
        }
    }
}
