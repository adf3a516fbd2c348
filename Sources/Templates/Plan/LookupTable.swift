internal import Expressions
internal import FoundationEssentials
internal import Transactions

/// A lookup's rows by key, read from CSV (RFC 4180) and checked when the plan is made.
struct LookupTable: Sendable {
    let declaration: LookupDeclaration
    let type: RecordType
    private let rows: [[Value]: Value]
    private let fallback: Value?

    /// Reads the file of a lookup.
    ///
    /// - Throws: `Diagnostic` for a missing column, a value that is not of its column's type, or two
    ///   rows for one key.
    init(_ declaration: LookupDeclaration, file: String) throws(Diagnostic) {
        self.declaration = declaration
        type = Self.recordType(declaration)
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Diagnostic(
                "unreadable",
                "lookup '\(declaration.name)' cannot be read",
                cure: "is the file there?",
                file: file
            )
        }
        guard data.count <= 256 << 20, let text = String(validating: data, as: UTF8.self) else {
            throw Diagnostic("encoding", "is not UTF-8, or is larger than 256 MiB", file: file)
        }
        let lines = try CSVReader.rows(of: text, file: file)
        guard let header = lines.first else { throw Diagnostic("empty", "is empty", file: file) }
        var places: [Int] = []
        for column in declaration.columns {
            guard let place = header.cells.firstIndex(of: column.name) else {
                throw Diagnostic(
                    "unknown-name",
                    "has no column '\(column.name)'",
                    cure: nearestName(to: column.name, among: header.cells).map {
                        "it has '\($0)'"
                    } ?? "add it to the first line",
                    file: file,
                    line: 1
                )
            }
            places.append(place)
        }
        var rows: [[Value]: Value] = [:]
        for line in lines.dropFirst() {
            guard line.cells.count == header.cells.count else {
                throw Diagnostic(
                    "columns",
                    "has \(line.cells.count) cells, the first line has \(header.cells.count)",
                    file: file,
                    line: line.number
                )
            }
            var values: [Value] = []
            for (column, place) in zip(declaration.columns, places) {
                let cell = line.cells[place]
                guard let value = Self.value(cell, column) else {
                    throw Diagnostic(
                        "type",
                        "column '\(column.name)' needs a \(column.kind.rawValue)",
                        cure: cell.isEmpty ? "fill it in, or declare it optional" : nil,
                        file: file,
                        line: line.number
                    )
                }
                values.append(value)
            }
            let key = declaration.key.map { name in
                values[declaration.columns.firstIndex { $0.name == name } ?? 0]
            }
            guard rows.updateValue(.record(ValuesRecord(values: values)), forKey: key) == nil else {
                throw Diagnostic(
                    "doubled-key",
                    "a second row for the same \(declaration.key.joined(separator: ", "))",
                    cure: "leave one",
                    file: file,
                    line: line.number
                )
            }
        }
        self.rows = rows
        if declaration.missing == .default {
            var values: [Value] = []
            for column in declaration.columns {
                let node = declaration.fallback[column.name]
                let text = try node?.text() ?? ""
                let isKey = declaration.key.contains(column.name)
                guard let value = Self.value(text, column) ?? (isKey ? .absent : nil) else {
                    throw (node ?? declaration.node).diagnostic(
                        "missing-key",
                        "the default of lookup '\(declaration.name)' has no '\(column.name)'",
                        cure: "add \(column.name): ..."
                    )
                }
                values.append(value)
            }
            fallback = .record(ValuesRecord(values: values))
        } else {
            fallback = nil
        }
    }

    static func recordType(_ declaration: LookupDeclaration) -> RecordType {
        RecordType(
            name: "lookup '\(declaration.name)'",
            memberNoun: "column",
            members: declaration.columns.map {
                .init($0.name, $0.isOptional ? .optional($0.kind.type) : $0.kind.type)
            }
        )
    }

    private static func value(_ text: String, _ column: LookupDeclaration.Column) -> Value? {
        if text.isEmpty {
            return column.isOptional ? .absent : column.kind == .string ? .string("") : nil
        }
        return column.kind.value(text)
    }

    /// The row of a key, or what a miss does.
    func row(_ key: [Value]) throws(EvaluationError) -> Value {
        if let row = rows[key] { return row }
        switch declaration.missing {
        case .none: return .absent
        case .default: return fallback ?? .absent
        case .reject, .hold:
            // Keys of cards, drivers and plates are personal: only a product's key is shown.
            let shown =
                declaration.key.count == 1 && declaration.key[0].lowercased().contains("product")
                ? " '\(plainText(key[0]))'" : ""
            throw EvaluationError(
                "lookup-miss",
                "lookup '\(declaration.name)' has no row for this \(declaration.key.joined(separator: ", "))\(shown)",
                disposition: declaration.missing == .hold ? .hold : .reject
            )
        }
    }
}

extension ParameterDeclaration.Kind {
    /// The static type of such a value.
    var type: ValueType {
        switch self {
        case .string: .string
        case .int: .int
        case .decimal: .decimal(places: nil)
        case .bool: .bool
        case .date: .date
        }
    }

    /// A text as such a value; nil when it is none.
    func value(_ text: String) -> Value? {
        switch self {
        case .string: .string(text)
        case .int: Int64(text).map(Value.int)
        case .decimal: ExactDecimal(text).map(Value.decimal)
        case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .date: CalendarDate(text).map(Value.date)
        }
    }
}

/// Reads comma-separated text (RFC 4180), with lines that begin with `#` as comments.
enum CSVReader {
    struct Row {
        let number: Int
        let cells: [String]
    }

    static func rows(of text: String, file: String) throws(Diagnostic) -> [Row] {
        var rows: [Row] = []
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var line = 1
        while let first = bytes.first {
            let start = line
            var cells: [String] = []
            var cell: [UInt8] = []
            let isComment = first == 0x23
            reading: while true {
                guard let byte = bytes.first else { break }
                bytes = bytes.dropFirst()
                switch byte {
                case 0x22 where cell.isEmpty && !isComment:
                    while true {
                        guard let inner = bytes.first else {
                            throw Diagnostic(
                                "syntax",
                                "a quote is not closed",
                                file: file,
                                line: start
                            )
                        }
                        bytes = bytes.dropFirst()
                        if inner == 0x0A { line += 1 }
                        if inner == 0x22 {
                            guard bytes.first == 0x22 else { break }
                            bytes = bytes.dropFirst()
                        }
                        cell.append(inner)
                    }
                case 0x2C:
                    cells.append(String(decoding: cell, as: UTF8.self))
                    cell = []
                case 0x0D where bytes.first == 0x0A: continue
                case 0x0A: break reading
                default: cell.append(byte)
                }
            }
            line += 1
            cells.append(String(decoding: cell, as: UTF8.self))
            if !isComment, cells != [""] { rows.append(Row(number: start, cells: cells)) }
        }
        return rows
    }
}
