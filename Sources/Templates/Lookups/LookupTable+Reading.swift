internal import Expressions
internal import Transactions

/// Reading a lookup's file: rows, their index, the row that a miss falls back to.
extension LookupTable {
    /// The values of a column, absent ones left out.
    static func cells(_ place: Int, _ answers: [Value]) -> [Value] {
        answers.compactMap { answer in
            guard case .record(let record) = answer,
                let cell = (record as? ValuesRecord)?.values[place], !cell.isAbsent
            else { return nil }
            return cell
        }
    }

    /// The largest file, in MiB, and the most rows for one key: rows of a key are compared in pairs.
    private static let mostMebibytes = 32
    private static let mostRowsOfKey = 1_000

    static func rows(
        _ declaration: LookupDeclaration,
        _ file: String,
        _ findings: Findings
    ) throws(Diagnostic) -> [Row] {
        let text = try SourceFile.text(
            of: file,
            atMostMebibytes: mostMebibytes,
            shorten: "leave out rows that no transaction needs",
            unreadable: Diagnostic(
                "unreadable",
                "lookup '\(declaration.name)' cannot be read",
                cure: "is the file there, and may this user read it?",
                file: file
            )
        )
        var rows: [Row] = []
        var header: (row: CSVReader.Row, places: [Int])?
        try CSVReader.read(text, file: file) { line throws(Diagnostic) in
            if let header {
                let read = findings.collect { () throws(Diagnostic) in
                    try row(line, header.row, header.places, declaration, file)
                }
                if let read { rows.append(read) }
            } else {
                header = (line, try self.places(line, declaration, file))
            }
        }
        guard header != nil else {
            throw Diagnostic(
                "empty",
                "is empty",
                cure: "the first line names the columns",
                file: file
            )
        }
        return rows
    }

    /// Where the declared columns stand in the header.
    static func places(
        _ header: CSVReader.Row,
        _ declaration: LookupDeclaration,
        _ file: String
    ) throws(Diagnostic) -> [Int] {
        try requireCommas(header, file)
        var places: [Int] = []
        for column in declaration.columns {
            try requireOnce(column.name, header, file)
            guard let place = header.cells.firstIndex(of: column.name) else {
                let near = nearestName(to: column.name, among: header.cells)
                throw Diagnostic(
                    "unknown-name",
                    "has no column '\(column.name)'",
                    cure: near.map { "it has '\($0)'" } ?? "add it to the first line",
                    file: file,
                    line: header.number
                )
            }
            places.append(place)
        }
        return places
    }

    static func row(
        _ line: CSVReader.Row,
        _ header: CSVReader.Row,
        _ places: [Int],
        _ declaration: LookupDeclaration,
        _ file: String
    ) throws(Diagnostic) -> Row {
        guard line.cells.count == header.cells.count else {
            throw Diagnostic(
                "columns",
                "has \(line.cells.count) cells, the first line has \(header.cells.count)",
                cure: "a cell with a comma stands in quotes",
                file: file,
                line: line.number
            )
        }
        try requireKey(line, places, declaration, file)
        var values: [Value] = []
        for (column, place) in zip(declaration.columns, places) {
            guard let value = value(line.cells[place], column, takesEmptyText: false) else {
                throw Diagnostic(
                    "type",
                    "column '\(column.name)' needs \(column.kind.type.withArticle)",
                    cure: line.cells[place].isEmpty
                        ? "fill it in, or declare it optional" : "mend the cell",
                    file: file,
                    line: line.number
                )
            }
            values.append(value)
        }
        func day(_ place: Int?) -> CalendarDate? {
            guard let place, case .date(let day) = values[place] else { return nil }
            return day
        }
        return Row(
            line: line.number,
            from: day(declaration.valid?.from),
            to: day(declaration.valid?.to),
            value: .record(ValuesRecord(values: values))
        )
    }

    static func indexed(
        _ rows: [Row],
        _ declaration: LookupDeclaration,
        _ file: String,
        _ findings: Findings
    ) -> [[[Value]: [Int]]] {
        let keys =
            declaration.match == .first ? declaration.key.map { [$0] } : [declaration.key]
        var tables = [[[Value]: [Int]]](repeating: [:], count: keys.count)
        for (index, row) in rows.enumerated() {
            guard case .record(let record) = row.value else { continue }
            for (table, columns) in keys.enumerated() {
                var key: [Value] = []
                do throws(EvaluationError) {
                    for column in columns { key.append(try record.member(column)) }
                } catch {
                    findings.report(
                        Diagnostic(error.name, error.message, file: file, line: row.line)
                    )
                    continue
                }
                if declaration.match == .first, key.contains(where: \.isAbsent) { continue }
                let names = columns.map { declaration.columns[$0].name }.joined(separator: ", ")
                let others = tables[table][key] ?? []
                guard others.count < mostRowsOfKey else {
                    findings.report(
                        Diagnostic(
                            "too-long",
                            "has more than \(mostRowsOfKey) rows for the same \(names)",
                            cure: "leave out days that no transaction needs",
                            file: file,
                            line: row.line
                        )
                    )
                    return tables
                }
                for other in others where rows[other].overlaps(row) {
                    findings.report(
                        Diagnostic(
                            "doubled-key",
                            declaration.valid == nil
                                ? "a second row for the same \(names), the first is in line \(rows[other].line)"
                                : "a row for the same \(names) and days as line \(rows[other].line)",
                            cure: "leave one",
                            file: file,
                            line: row.line
                        )
                    )
                    break
                }
                tables[table][key, default: []].append(index)
            }
        }
        return tables
    }

    static func fallback(_ declaration: LookupDeclaration) throws(Diagnostic) -> Value? {
        guard declaration.missing == .default else { return nil }
        var values: [Value] = []
        for (place, column) in declaration.columns.enumerated() {
            let isKey =
                declaration.key.contains(place) || declaration.valid?.from == place
                || declaration.valid?.to == place
            guard let node = declaration.fallback[column.name] else {
                guard column.isOptional || isKey else {
                    throw declaration.node.diagnostic(
                        "missing-key",
                        "the default has no '\(column.name)'",
                        cure: "add \(column.name): ..."
                    )
                }
                values.append(.absent)
                continue
            }
            guard let value = value(try node.text(), column, takesEmptyText: true) else {
                throw node.diagnostic(
                    "type",
                    "column '\(column.name)' needs \(column.kind.type.withArticle)",
                    cure: "mend the value"
                )
            }
            values.append(value)
        }
        return .record(ValuesRecord(values: values))
    }

    /// The value of a text; nil when it is none of the column's.
    ///
    /// `takesEmptyText`: an empty default was written so, an empty cell was forgotten.
    private static func value(
        _ text: String,
        _ column: LookupDeclaration.Column,
        takesEmptyText: Bool
    ) -> Value? {
        if text.isEmpty {
            if column.isOptional { return .absent }
            return takesEmptyText && column.kind == .string ? .string("") : nil
        }
        return column.kind.value(text)
    }
}
