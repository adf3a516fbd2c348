internal import Expressions

extension TemplateReader {
    static let nodeKeys = [
        "id", "for_each", "group_by", "order_by", "as", "let", "when", "fields", "layout", "values",
        "lines", "names_of", "records", "include", "checks", "format",
    ]
    private static let ways = ["fields", "lines", "names_of", "skeleton", "records", "include"]

    func file(_ node: YAMLNode) throws(Diagnostic) -> FileDeclaration {
        do throws(Diagnostic) {
            return try fileInside(node)
        } catch {
            findings.loseNames(in: node)
            throw error
        }
    }

    private func fileInside(_ node: YAMLNode) throws(Diagnostic) -> FileDeclaration {
        let fields = try nodeFields(
            node,
            Self.nodeKeys + [
                "name", "skeleton", "schemas", "control_totals", "mixed_currencies",
            ]
        )
        guard let name = fields["name"] else { throw node.missing("name", "export.csv") }
        var totals: [ControlTotalDeclaration] = []
        for (key, value) in try fields["control_totals"]?.entries() ?? [] {
            let total = findings.collect { () throws(Diagnostic) in
                let sides = try value.fields(["selected", "written"], findings)
                guard let selected = sides["selected"] else {
                    throw value.missing("selected", "...")
                }
                guard let written = sides["written"] else {
                    throw value.missing("written", "...")
                }
                return ControlTotalDeclaration(
                    name: try key.text(),
                    selected: try ExpressionText(selected),
                    written: try ExpressionText(written)
                )
            }
            if let total { totals.append(total) }
        }
        return FileDeclaration(
            name: try ExpressionText(name),
            tree: try tree(node, fields, hasLayout: false),
            schemas: try texts(fields["schemas"]),
            controlTotals: totals,
            mixedCurrencies: try fields["mixed_currencies"]?.bool() ?? false
        )
    }

    /// Keys without which little of a node can be understood.
    private static let bearingKeys: Set<String> = [
        "id", "for_each", "group_by", "as", "let", "when", "fields", "layout", "values", "lines",
        "names_of", "records", "include", "skeleton", "name",
    ]

    /// The keys of a node; one that is misspelled and bears the rest leaves the node out, so that
    /// nothing is told that only follows.
    private func nodeFields(_ node: YAMLNode, _ known: [String]) throws(Diagnostic)
        -> [String: YAMLNode]
    {
        let fields = try node.fields(known, findings)
        for (key, _) in try node.entries() {
            let name = try key.text()
            guard !known.contains(name), let near = nearestName(to: name, among: known),
                Self.bearingKeys.contains(near)
            else { continue }
            throw key.unknownKey(name, known)
        }
        return fields
    }

    func texts(_ node: YAMLNode?) throws(Diagnostic) -> [ExpressionText] {
        try elements(node) { element throws(Diagnostic) in try ExpressionText(element) }
    }

    func record(_ node: YAMLNode, hasLayout: Bool) throws(Diagnostic) -> NodeDeclaration {
        do throws(Diagnostic) {
            let fields = try nodeFields(node, Self.nodeKeys + ["checksum"])
            var record = try tree(node, fields, hasLayout: hasLayout)
            record.checksum = try ChecksumDeclaration.read(node, fields)
            return record
        } catch {
            findings.loseNames(in: node)
            throw error
        }
    }

    /// Records that others name by their ids.
    func namedRecords(_ node: YAMLNode?) throws(Diagnostic) -> [NodeDeclaration] {
        try elements(node) { element throws(Diagnostic) in
            let record = try record(element, hasLayout: true)
            guard record.id != nil else { throw element.missing("id", "the record's name") }
            return record
        }
    }

    private func tree(
        _ node: YAMLNode,
        _ fields: [String: YAMLNode],
        hasLayout outerHasLayout: Bool
    ) throws(Diagnostic) -> NodeDeclaration {
        let hasLayout = outerHasLayout || fields["layout"] != nil
        if let values = fields["values"], !hasLayout {
            findings.report(
                values.diagnostic(
                    "writing",
                    "values belong to a layout, and there is none here",
                    cure: "add layout: NAME"
                )
            )
        }
        if let groupBy = fields["group_by"], fields["for_each"] == nil {
            findings.report(
                groupBy.diagnostic(
                    "missing-key",
                    "group_by needs for_each",
                    cure: "add for_each: transactions"
                )
            )
        }
        return NodeDeclaration(
            node: node,
            id: try fields["id"]?.text(),
            forEach: try Self.optional(fields["for_each"]),
            groupBy: try keys(fields["group_by"]),
            orderBy: try texts(fields["order_by"]),
            itemName: try fields["as"].map { node throws(Diagnostic) in
                let name = try node.text()
                try Self.requireName(name, node)
                return name
            },
            bindings: try named(fields["let"]),
            condition: try Self.optional(fields["when"]),
            writing: try writing(node, fields, hasLayout: hasLayout),
            layout: try Self.optional(fields["layout"]),
            values: try values(fields["values"]),
            checks: try checks(fields["checks"]),
            format: try fields["format"].map { node throws(Diagnostic) in
                try FormatDeclaration(node, findings)
            } ?? FormatDeclaration()
        )
    }

    private func writing(
        _ node: YAMLNode,
        _ fields: [String: YAMLNode],
        hasLayout: Bool
    ) throws(Diagnostic) -> NodeDeclaration.Writing {
        let found = Self.ways.filter { fields[$0] != nil }
        guard found.count <= 1 else {
            throw (fields[found[1]] ?? node).diagnostic(
                "writing",
                "\(found.joined(separator: " and ")) exclude each other",
                cure: "give the node one of them"
            )
        }
        guard let way = found.first, let value = fields[way] else {
            guard hasLayout else {
                throw node.diagnostic(
                    "writing",
                    "the node writes nothing",
                    cure: "give it one of fields, layout, lines, names_of, records"
                )
            }
            return .layout
        }
        switch way {
        case "fields":
            let list = try elements(value) { element throws(Diagnostic) in
                do throws(Diagnostic) {
                    try requireSet(element)
                    return try field(element)
                } catch {
                    findings.loseColumn(element)
                    throw error
                }
            }
            LayoutReader.reportDoubled(list, in: "the record", findings)
            return .fields(list)
        case "lines": return .lines(try ExpressionText(value))
        case "names_of": return .namesOf(try ExpressionText(value))
        case "skeleton": return .skeleton(try ExpressionText(value))
        case "include": return .include(try ExpressionText(value))
        default:
            return .records(
                try elements(value) { element throws(Diagnostic) in
                    try record(element, hasLayout: hasLayout)
                }
            )
        }
    }

    func checks(_ node: YAMLNode?) throws(Diagnostic) -> [CheckDeclaration] {
        try elements(node) { element throws(Diagnostic) in
            let parts = try element.fields(["that", "message"], findings)
            guard let that = parts["that"] else { throw element.missing("that", "a condition") }
            return CheckDeclaration(
                that: try ExpressionText(that),
                message: try Self.optional(parts["message"])
            )
        }
    }

    static func optional(_ node: YAMLNode?) throws(Diagnostic) -> ExpressionText? {
        try node.map { node throws(Diagnostic) in try ExpressionText(node) }
    }

    /// What `values` sets, by name or number.
    private func values(_ node: YAMLNode?) throws(Diagnostic) -> [LayoutValue] {
        var values: [LayoutValue] = []
        for (key, value) in try node?.entries() ?? [] {
            let read = findings.collect { () throws(Diagnostic) in
                try self.value(key, value)
            }
            if let read { values.append(read) }
        }
        return values
    }

    private func value(_ key: YAMLNode, _ value: YAMLNode) throws(Diagnostic) -> LayoutValue {
        var field = FieldDeclaration(
            name: nil,
            content: .nothing,
            width: nil,
            pattern: nil,
            format: FormatDeclaration(),
            node: value
        )
        if case .scalar = value.content {
            field.content = .value(try ExpressionText(value))
        } else {
            let parts = try value.fields(
                ["value", "text"] + FormatDeclaration.fieldKeys,
                findings
            )
            field.content = try Self.content(parts)
            field.pattern = parts["pattern"]
            field.format = try FormatDeclaration(field: parts, findings)
        }
        return LayoutValue(key: key, field: field)
    }

    private static func content(_ fields: [String: YAMLNode]) throws(Diagnostic)
        -> FieldDeclaration.Content
    {
        if let value = fields["value"] {
            if let text = fields["text"] {
                throw text.diagnostic(
                    "writing",
                    "text and value exclude each other",
                    cure: "give the field one of them"
                )
            }
            return .value(try ExpressionText(value))
        }
        return try Self.optional(fields["text"]).map(FieldDeclaration.Content.text) ?? .nothing
    }

    /// Refuses a field of a record's own that is a bare name: no record sets it, it would stay empty.
    private func requireSet(_ node: YAMLNode) throws(Diagnostic) {
        guard case .scalar(let name, _) = node.content else { return }
        throw node.diagnostic(
            "writing",
            "'\(name)' names a column, and nothing says what is written there",
            cure: "{ value: \(name) } for a value, { name: \(name) } for a column that stays empty"
        )
    }

    /// A field of a record, or a column of a layout.
    func field(_ node: YAMLNode) throws(Diagnostic) -> FieldDeclaration {
        if case .scalar(let name, _) = node.content {
            // A column of that name which nobody sets stays empty.
            return FieldDeclaration(
                name: name,
                content: .nothing,
                width: nil,
                pattern: nil,
                format: FormatDeclaration(),
                node: node
            )
        }
        let fields = try node.fields(
            ["name", "value", "text", "width", "at", "type"] + FormatDeclaration.fieldKeys,
            findings
        )
        let content = try Self.content(fields)
        var name = try fields["name"]?.text()
        if name == nil, case .value(let expression) = content {
            name = Self.lastWord(expression.text)
        }
        var field = FieldDeclaration(
            name: name,
            content: content,
            width: try Self.width(fields),
            pattern: fields["pattern"],
            format: try FormatDeclaration(field: fields, findings),
            node: node
        )
        field.type = try fields["type"]?.word(ColumnType.self)
        field.widthNode = fields["width"] ?? fields["at"]
        return field
    }

    /// `width: 12`, `width: rest`, `at: 12` or `at: 12-61`.
    private static func width(_ fields: [String: YAMLNode]) throws(Diagnostic)
        -> FieldDeclaration.Width?
    {
        if let node = fields["width"] {
            if let at = fields["at"] {
                throw at.diagnostic(
                    "writing",
                    "at and width exclude each other",
                    cure: "give the field one of them"
                )
            }
            return try node.text() == "rest" ? .rest : .columns(try node.int(in: 1...100_000))
        }
        return try fields["at"].map { node throws(Diagnostic) in
            .at(try columns(try node.text(), node))
        }
    }

    /// `12-61`: first and last column, counted from 1.
    static func columns(_ text: String, _ node: YAMLNode) throws(Diagnostic) -> ClosedRange<Int> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
            first >= 1, last >= first, last <= 100_000
        else {
            throw node.diagnostic(
                "type",
                "'\(text)' is no place of columns",
                cure: "write first-last, counted from 1: 12-61"
            )
        }
        return first...last
    }
}
