internal import Expressions
internal import Synchronization
internal import Transactions

/// What a lookup was asked.
public struct LookupUse: Sendable {
    /// Its name in the template.
    public let name: String
    /// The CSV file.
    public let file: String
    /// Rows of the file.
    public let rows: Int
    /// Lines of the file that no transaction asked for, counted from 1.
    public let unusedLines: [Int]
    /// Questions that found no row.
    public let misses: Int
    /// Codes of products that have no row, ascending, at most 100.
    ///
    /// Other keys may be personal and are not kept.
    public let unknownProducts: [String]
    /// How many products have no row, at most 10,000.
    public let unknownProductCount: Int
}

/// A lookup's rows by key, read from CSV (RFC 4180) and checked when the plan is made.
final class LookupTable: Sendable {
    struct Row {
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
            // Of a table without end nothing is said: looking at each cell would cost more than reading it.
            let isKnown = file != nil && answers.count <= 100_000
            let cells = isKnown ? Self.cells(place, answers) : []
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
            if let unknown, $0.unknown.count < 10_000 { $0.unknown.insert(unknown) }
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
            rows: rows.count,
            unusedLines: zip(asked.used, rows).filter { !$0.0 }.map(\.1.line),
            misses: asked.misses,
            unknownProducts: Array(asked.unknown.sorted().prefix(100)),
            unknownProductCount: asked.unknown.count
        )
    }
}
