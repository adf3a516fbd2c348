internal import Expressions
internal import Transactions

/// A few rows through a template, value by value.
public struct TemplatePreview: Sendable {
    /// One value of a record.
    public struct Value: Sendable {
        /// The field's name; empty where it has none.
        public let name: String
        /// The text as the file has it, before padding and quoting.
        public let text: String
        /// The expression it comes from; empty for fixed text.
        public let expression: String
        /// How it is written: `2 decimals, ",", 14 wide`.
        public let form: String
        /// Whether it shows a card, a driver, a plate or an odometer.
        public let isPersonal: Bool

        /// The text with its letters and digits replaced, its form kept: `Aaaa Aaaaaaaa`.
        public var masked: String {
            String(
                text.map { character in
                    character.isNumber
                        ? "0" : character.isUppercase ? "A" : character.isLetter ? "a" : character
                }
            )
        }
    }

    /// One record.
    public struct Record: Sendable {
        /// Its id, or where it stands in the template.
        public let name: String
        /// Its values in order.
        public let values: [Value]
    }

    /// The records in the order written.
    public let records: [Record]
    /// What could not be mapped, and why.
    public let rejected: [Rendering.Rejected]
}

extension Plan {
    /// Renders transactions to nowhere and tells what each value became.
    ///
    /// - Parameters:
    ///   - rows: the transactions; sums and counts are of these alone.
    ///   - batch: the batch they are rendered as.
    /// - Returns: each record's values, and what could not be mapped.
    /// - Throws: `RenderingError` when a file as a whole is wrong.
    public func preview(_ rows: [SelectedTransaction], batch: BatchContext) throws
        -> TemplatePreview
    {
        var rejected: [Int: Rendering.Rejected] = [:]
        while true {
            var renderer = Renderer(
                plan: self,
                source: rows,
                batch: batch,
                excluded: Set(rejected.keys),
                sink: NoSink()
            )
            renderer.trace = RecordTrace()
            do {
                _ = try renderer.writeFiles()
            } catch let problem as FieldProblem {
                throw RenderingError(problem)
            }
            let known = rejected.count
            for (position, (key, reason)) in renderer.rejections where rejected[position] == nil {
                rejected[position] = .init(position: position, key: key, reason: reason)
            }
            // Each pass leaves out more than the one before, so there is an end to it.
            if renderer.isSpoiled, rejected.count > known { continue }
            let personal = PersonalNames(template, rows.map(\.transaction))
            return TemplatePreview(
                records: (renderer.trace?.records ?? []).map { shown($0, personal) },
                rejected: rejected.values.sorted { $0.position < $1.position }
            )
        }
    }

    func shown(_ record: RecordTrace.Record, _ personal: PersonalNames)
        -> TemplatePreview.Record
    {
        TemplatePreview.Record(
            name: record.id.map { ids[$0] } ?? record.node.path,
            values: record.entries.map { entry in
                TemplatePreview.Value(
                    name: entry.name ?? "",
                    text: entry.text,
                    expression: entry.source,
                    form: Self.form(entry),
                    isPersonal: personal.isShown(by: entry.source, entry.text)
                )
            }
        )
    }

    private static func form(_ entry: RecordTrace.Entry) -> String {
        var parts: [String] = []
        if entry.isAbsent, entry.form != nil { parts.append("absent") }
        if let form = entry.form {
            switch form.type.present {
            case .string: parts.append("text")
            case .bool: parts.append("bool")
            case .int: parts.append("whole number")
            case .decimal:
                let mark = form.format.decimalMark ?? "."
                parts.append(
                    (form.format.decimals.map { "\($0) decimals" } ?? "decimals")
                        + (mark == "implied" ? " implied" : " '\(mark)'")
                )
                if let sign = form.format.sign, sign != .minus { parts.append(sign.rawValue) }
            case .date, .datetime:
                let kind = form.type.present == .date ? "date" : "time"
                parts.append(pattern(entry, form).map { "\(kind) \($0)" } ?? kind)
            default: break
            }
        }
        if let look = entry.field?.look, look.width > 0 {
            parts.append("\(look.width) wide")
            if look.alignsRight { parts.append(look.padsZeros ? "right after 0" : "right") }
            if look.cuts { parts.append("cut") }
        }
        return parts.joined(separator: ", ")
    }
}

extension Plan {
    /// A field's own date pattern, else the format's; a hole's own is not kept.
    private static func pattern(_ entry: RecordTrace.Entry, _ form: FieldForm) -> String? {
        guard let field = entry.field else { return nil }
        var node = form.format.datePattern
        if case .mapping(let entries) = field.node.content {
            for (key, value) in entries {
                if case .scalar("pattern", _) = key.content { node = value }
            }
        }
        guard case .scalar(let text, _)? = node?.content else { return nil }
        return text
    }
}

/// Which expressions and texts show personal data.
struct PersonalNames {
    private var names: Set<String>
    private let texts: [String]

    init(_ template: Template, _ rows: [Transaction]) {
        names = Set(Field.allCases.filter(\.isPersonal).map(\.name))
        texts = Array(
            Set(
                rows.flatMap { row in
                    Field.allCases.filter { $0.isPersonal && $0.kind == .text }
                        .compactMap { row.text($0) }
                }.filter { $0.count > 3 }
            )
        )
        for derived in template.derived where mentions(derived.expression.text) {
            names.insert(derived.name)
        }
        for file in template.files { add(file.tree) }
    }

    private mutating func add(_ node: NodeDeclaration) {
        for binding in node.bindings where mentions(binding.expression.text) {
            names.insert(binding.name)
        }
        if case .records(let inner) = node.writing { for one in inner { add(one) } }
    }

    /// Whether an expression uses a personal field; a lookup's row is the lookup's, not the driver's.
    private func mentions(_ expression: String) -> Bool {
        guard !expression.hasPrefix("lookups.") else { return false }
        return expression.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            .contains { names.contains(String($0)) }
    }

    func isShown(by expression: String, _ text: String) -> Bool {
        !text.isEmpty && (mentions(expression) || texts.contains { text.contains($0) })
    }
}

/// Where the files of a preview go.
private struct NoSink: FileSink {
    mutating func begin(_ name: String) {}
    mutating func write(_ bytes: [UInt8]) {}
    mutating func end() {}
    mutating func restart() {}
}
