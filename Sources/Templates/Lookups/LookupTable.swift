internal import Expressions
internal import Synchronization
internal import Transactions

/// What a lookup was asked.
public struct LookupUse: Sendable {
    /// Its name in the template.
    public let name: String
    /// The CSV file.
    public let file: String
    /// Lines of the file that no transaction asked for, counted from 1.
    public let unusedLines: [Int]
    /// Questions that found no row.
    public let misses: Int
    /// Codes of products that have no row, ascending, at most 100.
    ///
    /// Other keys may be personal and are not kept.
    public let unknownProducts: [String]
}

/// A lookup's rows by key, read from CSV (RFC 4180) and checked when the plan is made.
final class LookupTable: Sendable {
    private struct Row {
        let line: Int
        let from: CalendarDate?
        let to: CalendarDate?
        let value: Value

        func holds(on day: CalendarDate) -> Bool {
            (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
        }

        func overlaps(_ other: Row) -> Bool {
            let endsBefore = to.flatMap { end in other.from.map { end < $0 } } ?? false
            let beginsAfter = from.flatMap { start in other.to.map { $0 < start } } ?? false
            return !endsBefore && !beginsAfter
        }
    }

    let declaration: LookupDeclaration
    /// The file it was read from; nil where only a check is made, without rows.
    let file: String?
    private let type: RecordType
    private let rows: [Row]
    /// Places of rows by all key columns, or, with `match: first`, one table for each column.
    private let tables: [[[Value]: [Int]]]
    private let fallback: Value?
    /// The rows' values.
    let values: [Value]
    /// Rows by a key of one text, for row programs.
    let textIndex: TextIndex?
    private let asked: Mutex<Asked>

    /// What was asked so far.
    private struct Asked {
        var used: [Bool]
        var misses = 0
        var unknown: Set<String> = []
        /// Whether a key without a row gets one all the same.
        var answersAll = false
    }

    /// Reads the file of a lookup; without a file it has no rows.
    ///
    /// - Throws: `Diagnostic` for a missing column, a value that is not of its column's type, or two
    ///   rows for one key and day.
    init(_ declaration: LookupDeclaration, file: String?, _ findings: Findings)
        throws(Diagnostic)
    {
        self.declaration = declaration
        self.file = file
        if let file { rows = try Self.rows(declaration, file, findings) } else { rows = [] }
        tables = Self.indexed(rows, declaration, file ?? "", findings)
        let fallback = try Self.fallback(declaration)
        self.fallback = fallback
        // What is known of a column is what its cells are: they are all that it can answer.
        let answers = rows.map(\.value) + (fallback.map { [$0] } ?? [])
        var members: [RecordType.Member] = []
        for (place, column) in declaration.columns.enumerated() {
            let cells = file == nil ? [] : Self.cells(place, answers)
            var type = column.kind.type
            if column.kind == .decimal, !cells.isEmpty {
                type = .decimal(places: cells.compactMap(\.number?.normalized.scale).max())
            }
            let bounds = cells.dropFirst().reduce(cells.first.map(Bounds.init(of:)) ?? .unknown) {
                $0.joined(with: Bounds(of: $1))
            }
            members.append(
                .init(column.name, column.isOptional ? .optional(type) : type, bounds: bounds)
            )
        }
        type = RecordType(
            name: "lookup '\(declaration.name)'",
            memberNoun: "column",
            members: members
        )
        values = rows.map(\.value)
        textIndex = Self.textIndex(declaration, values)
        asked = Mutex(Asked(used: [Bool](repeating: false, count: rows.count)))
    }

    /// The values of a column, absent ones left out.
    private static func cells(_ place: Int, _ answers: [Value]) -> [Value] {
        answers.compactMap { answer in
            guard case .record(let record) = answer,
                let cell = (record as? ValuesRecord)?.values[place], !cell.isAbsent
            else { return nil }
            return cell
        }
    }

    /// The largest file, in bytes, and the most rows for one key: rows of a key are compared in pairs.
    private static let mostBytes = 32 << 20
    private static let mostRowsOfKey = 1_000

    private static func rows(
        _ declaration: LookupDeclaration,
        _ file: String,
        _ findings: Findings
    ) throws(Diagnostic) -> [Row] {
        let data: [UInt8]
        do throws(SourceFile.Refusal) {
            data = try SourceFile.bytes(of: file, atMost: mostBytes)
        } catch {
            throw error == .tooLong
                ? Diagnostic(
                    "too-long",
                    "is larger than \(mostBytes >> 20) MiB",
                    cure: "leave out rows that no transaction needs",
                    file: file
                )
                : Diagnostic(
                    "unreadable",
                    "lookup '\(declaration.name)' cannot be read",
                    cure: "is the file there, and may this user read it?",
                    file: file
                )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Diagnostic("encoding", "is not UTF-8", cure: "save it as UTF-8", file: file)
        }
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
    private static func places(
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

    private static func row(
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
        var values: [Value] = []
        for (column, place) in zip(declaration.columns, places) {
            guard let value = value(line.cells[place], column) else {
                throw Diagnostic(
                    "type",
                    "column '\(column.name)' needs a \(column.kind.rawValue)",
                    cure: line.cells[place].isEmpty
                        ? "fill it in, or declare it optional" : "mend the cell",
                    file: file,
                    line: line.number
                )
            }
            values.append(value)
        }
        try requireKey(line, places, declaration, file)
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

    private static func indexed(
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

    private static func fallback(_ declaration: LookupDeclaration) throws(Diagnostic) -> Value? {
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
            guard let value = value(try node.text(), column) else {
                throw node.diagnostic(
                    "type",
                    "column '\(column.name)' needs a \(column.kind.rawValue)",
                    cure: "mend the value"
                )
            }
            values.append(value)
        }
        return .record(ValuesRecord(values: values))
    }

    private static func value(_ text: String, _ column: LookupDeclaration.Column) -> Value? {
        if text.isEmpty {
            return column.isOptional ? .absent : column.kind == .string ? .string("") : nil
        }
        return column.kind.value(text)
    }

    /// Makes the lookup a function: one argument for each key column, then the day if rows are dated.
    func declare(in scope: inout Scope) {
        let result = ValueType.record(type)
        let keys = declaration.key.map { place in
            ValueType.optional(declaration.columns[place].kind.type)
        }
        scope.declareFunction(
            namespace: "lookups",
            name: declaration.name,
            parameters: keys + (declaration.valid == nil ? [] : [.date]),
            result: declaration.missing == .none ? .optional(result) : result
        ) { key throws(EvaluationError) in try self.row(key) }
    }

    /// The row of a key, or what a miss does.
    private func row(_ arguments: [Value]) throws(EvaluationError) -> Value {
        var key = arguments
        var day: CalendarDate?
        if declaration.valid != nil, case .date(let date)? = key.popLast() { day = date }
        if let found = place(key, day) {
            asked.withLock { $0.used[found] = true }
            return rows[found].value
        }
        let unknown = unknownProduct(key)
        let answersAll = asked.withLock {
            if $0.answersAll { return true }
            $0.misses += 1
            if let unknown, $0.unknown.count < 100 { $0.unknown.insert(unknown) }
            return false
        }
        if answersAll { return rows.first?.value ?? fallback ?? madeUp }
        switch declaration.missing {
        case .none: return .absent
        case .default: return fallback ?? .absent
        case .reject, .hold:
            let names = declaration.key.map { declaration.columns[$0].name }
            // Keys of cards, drivers and plates are personal: only a product's key is shown.
            let shown =
                names.count == 1 && names[0].lowercased().contains("product")
                ? " '\(plainText(key[0]))'" : ""
            throw EvaluationError(
                "lookup-miss",
                "lookup '\(declaration.name)' has no row for this \(names.joined(separator: ", "))\(shown)"
                    + (day.map { " on \($0)" } ?? ""),
                disposition: declaration.missing == .hold ? .hold : .reject
            )
        }
    }

    /// The product that a key names, if all its columns are about products.
    private func unknownProduct(_ key: [Value]) -> String? {
        guard
            declaration.key.allSatisfy({
                declaration.columns[$0].name.lowercased().contains("product")
            }), let first = key.first(where: { !$0.isAbsent })
        else { return nil }
        return plainText(first)
    }

    private func place(_ key: [Value], _ day: CalendarDate?) -> Int? {
        func first(_ places: [Int]?) -> Int? {
            guard let places else { return nil }
            guard let day else { return places.first }
            return places.first { rows[$0].holds(on: day) }
        }
        if declaration.match == .all {
            return key.contains(where: \.isAbsent) ? nil : first(tables[0][key])
        }
        for (table, part) in zip(tables, key) where !part.isAbsent {
            if let found = first(table[[part]]) { return found }
        }
        return nil
    }

    /// Notes rows that were asked for elsewhere.
    func note(_ used: [Bool]) {
        asked.withLock { asked in
            for index in used.indices where used[index] { asked.used[index] = true }
        }
    }

    /// Lets every key have a row, for trying a template on made-up rows.
    func answersAll(_ isSo: Bool) { asked.withLock { $0.answersAll = isSo } }

    /// A row of values by their columns' types.
    private var madeUp: Value {
        .record(ValuesRecord(values: declaration.columns.map { $0.kind.standIn }))
    }

    var use: LookupUse {
        let asked = asked.withLock { $0 }
        return LookupUse(
            name: declaration.name,
            file: file ?? "",
            unusedLines: zip(asked.used, rows).filter { !$0.0 }.map(\.1.line),
            misses: asked.misses,
            unknownProducts: asked.unknown.sorted()
        )
    }
}
