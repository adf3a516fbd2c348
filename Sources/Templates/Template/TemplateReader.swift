internal import Expressions
internal import Transactions

/// Turns the parts of template.yaml into declarations.
enum TemplateReader {
    static func named(_ node: YAMLNode?) throws(Diagnostic) -> [NamedExpression] {
        var list: [NamedExpression] = []
        for (key, value) in try node?.entries() ?? [] {
            let name = try key.text()
            try requireName(name, key)
            list.append(NamedExpression(name: name, expression: try ExpressionText(value)))
        }
        return list
    }

    private static func requireName(_ name: String, _ node: YAMLNode) throws(Diagnostic) {
        let isName =
            name.utf8.first.map { !(0x30...0x39).contains($0) } == true
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
        guard isName else {
            throw node.diagnostic(
                "name",
                "'\(name)' is no name",
                cure: "letters, digits and _, and no digit first"
            )
        }
    }

    /// `group_by`: expressions named after their last word, or `{ name: expression }`.
    static func keys(_ node: YAMLNode?) throws(Diagnostic) -> [NamedExpression] {
        var keys: [NamedExpression] = []
        for element in try node?.elements() ?? [] {
            if case .mapping = element.content {
                keys += try named(element)
                continue
            }
            let expression = try ExpressionText(element)
            guard let name = lastWord(expression.text) else {
                throw element.diagnostic(
                    "name",
                    "the key has no name",
                    cure: "write { name: expression }"
                )
            }
            keys.append(NamedExpression(name: name, expression: expression))
        }
        return keys
    }

    /// `part.month` is called `month`; nil for what is no plain path.
    static func lastWord(_ text: String) -> String? {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        let isPath = words.allSatisfy { word in
            !word.isEmpty
                && word.unicodeScalars.allSatisfy {
                    $0.isASCII
                        && ($0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0))
                }
        }
        return isPath ? words.last.map(String.init) : nil
    }

    static func documents(_ node: YAMLNode) throws(Diagnostic) -> DocumentsDeclaration {
        let fields = try node.fields(
            ["group_by", "as", "incomplete"],
            later: ["model", "amounts", "numbered_from"]
        )
        enum Incomplete: String, CaseIterable { case reject, allow }
        return DocumentsDeclaration(
            groupBy: try keys(fields["group_by"]),
            itemName: try fields["as"]?.text() ?? "document",
            allowsIncomplete: try fields["incomplete"]?.word(Incomplete.self) == .allow
        )
    }

    static func parameters(_ node: YAMLNode?) throws(Diagnostic) -> [ParameterDeclaration] {
        var list: [ParameterDeclaration] = []
        for (key, value) in try node?.entries() ?? [] {
            let name = try key.text()
            try requireName(name, key)
            if case .scalar = value.content {
                list.append(
                    ParameterDeclaration(
                        name: name,
                        kind: try value.word(ParameterDeclaration.Kind.self),
                        node: key
                    )
                )
                continue
            }
            let fields = try value.fields(["type", "default", "min", "max", "pattern"])
            guard let type = fields["type"] else { throw value.missing("type", "string") }
            let range = -1_000_000_000_000...1_000_000_000_000
            list.append(
                ParameterDeclaration(
                    name: name,
                    kind: try type.word(ParameterDeclaration.Kind.self),
                    node: key,
                    fallback: fields["default"],
                    pattern: try fields["pattern"]?.text(),
                    least: try fields["min"]?.int(in: range),
                    most: try fields["max"]?.int(in: range)
                )
            )
        }
        return list
    }

    static func lookups(_ node: YAMLNode?) throws(Diagnostic) -> [LookupDeclaration] {
        var list: [LookupDeclaration] = []
        for (key, value) in try node?.entries() ?? [] {
            let name = try key.text()
            try requireName(name, key)
            let fields = try value.fields(
                ["columns", "key", "missing", "default"],
                later: ["match", "valid"]
            )
            guard let columnsNode = fields["columns"] else {
                throw value.missing("columns", "{ name: string }")
            }
            var columns: [LookupDeclaration.Column] = []
            for (column, type) in try columnsNode.entries() {
                var words = try type.text().split(separator: " ")
                let isOptional = words.first == "optional"
                if isOptional { words.removeFirst() }
                guard words.count == 1,
                    let kind = ParameterDeclaration.Kind(rawValue: String(words[0]))
                else {
                    throw type.diagnostic(
                        "unknown-word",
                        "'\(try type.text())' is no type of a column",
                        cure: "one of string, int, decimal, bool, date, or optional before it"
                    )
                }
                let columnName = try column.text()
                try requireName(columnName, column)
                columns.append(.init(name: columnName, kind: kind, isOptional: isOptional))
            }
            var keys: [String] = []
            for element in try fields["key"]?.elements() ?? [] {
                let name = try element.text()
                guard columns.contains(where: { $0.name == name }) else {
                    throw element.diagnostic(
                        "unknown-name",
                        "lookup '\(try key.text())' has no column '\(name)'",
                        cure: nearestName(to: name, among: columns.map(\.name)).map {
                            "did you mean '\($0)'?"
                        }
                    )
                }
                keys.append(name)
            }
            guard !keys.isEmpty else { throw value.missing("key", "[column]") }
            var fallback: [String: YAMLNode] = [:]
            for (column, text) in try fields["default"]?.entries() ?? [] {
                fallback[try column.text()] = text
            }
            let missing = try fields["missing"]?.word(LookupDeclaration.Missing.self) ?? .reject
            list.append(
                LookupDeclaration(
                    name: name,
                    columns: columns,
                    key: keys,
                    missing: missing,
                    fallback: fallback,
                    node: key
                )
            )
        }
        return list
    }

    private static let nodeKeys = [
        "id", "for_each", "group_by", "order_by", "as", "let", "when", "fields", "lines",
        "names_of", "records", "checks", "format",
    ]
    private static let laterNodeKeys = ["layout", "values"]

    static func file(_ node: YAMLNode) throws(Diagnostic) -> FileDeclaration {
        let fields = try node.fields(
            nodeKeys + ["name", "skeleton", "schemas", "control_totals", "mixed_currencies"],
            later: laterNodeKeys
        )
        guard let name = fields["name"] else { throw node.missing("name", "export.csv") }
        var totals: [(name: String, selected: ExpressionText, written: ExpressionText)] = []
        for (key, value) in try fields["control_totals"]?.entries() ?? [] {
            let sides = try value.fields(["selected", "written"])
            guard let selected = sides["selected"] else { throw value.missing("selected", "...") }
            guard let written = sides["written"] else { throw value.missing("written", "...") }
            totals.append(
                (try key.text(), try ExpressionText(selected), try ExpressionText(written))
            )
        }
        var schemas: [ExpressionText] = []
        for element in try fields["schemas"]?.elements() ?? [] {
            schemas.append(try ExpressionText(element))
        }
        return FileDeclaration(
            name: try ExpressionText(name),
            tree: try tree(node, fields),
            schemas: schemas,
            controlTotals: totals,
            mixedCurrencies: try fields["mixed_currencies"]?.bool() ?? false
        )
    }

    private static func tree(_ node: YAMLNode, _ fields: [String: YAMLNode]) throws(Diagnostic)
        -> NodeDeclaration
    {
        let ways = ["fields", "lines", "names_of", "skeleton", "records"].filter {
            fields[$0] != nil
        }
        guard ways.count == 1, let value = fields[ways[0]] else {
            throw node.diagnostic(
                "writing",
                ways.isEmpty
                    ? "the node writes nothing"
                    : "\(ways.joined(separator: " and ")) exclude each other",
                cure: "give it one of fields, lines, names_of, records"
            )
        }
        let writing: NodeDeclaration.Writing
        switch ways[0] {
        case "fields":
            var list: [FieldDeclaration] = []
            for element in try value.elements() { list.append(try field(element)) }
            writing = .fields(list)
        case "lines": writing = .lines(try ExpressionText(value))
        case "names_of": writing = .namesOf(try ExpressionText(value))
        case "skeleton": writing = .skeleton(try ExpressionText(value))
        default:
            var list: [NodeDeclaration] = []
            for element in try value.elements() {
                list.append(
                    try tree(element, try element.fields(nodeKeys, later: laterNodeKeys))
                )
            }
            writing = .records(list)
        }
        var order: [ExpressionText] = []
        for element in try fields["order_by"]?.elements() ?? [] {
            order.append(try ExpressionText(element))
        }
        var checks: [CheckDeclaration] = []
        for element in try fields["checks"]?.elements() ?? [] {
            let parts = try element.fields(["that", "message"])
            guard let that = parts["that"] else { throw element.missing("that", "a condition") }
            checks.append(
                CheckDeclaration(
                    that: try ExpressionText(that),
                    message: try parts["message"].map { node throws(Diagnostic) in
                        try ExpressionText(node)
                    }
                )
            )
        }
        return NodeDeclaration(
            node: node,
            id: try fields["id"]?.text(),
            forEach: try optional(fields["for_each"]),
            groupBy: try keys(fields["group_by"]),
            orderBy: order,
            itemName: try fields["as"]?.text(),
            bindings: try named(fields["let"]),
            condition: try optional(fields["when"]),
            writing: writing,
            checks: checks,
            format: try fields["format"].map { node throws(Diagnostic) in
                try FormatDeclaration(node)
            } ?? FormatDeclaration()
        )
    }

    private static func optional(_ node: YAMLNode?) throws(Diagnostic) -> ExpressionText? {
        try node.map { node throws(Diagnostic) in try ExpressionText(node) }
    }

    private static func field(_ node: YAMLNode) throws(Diagnostic) -> FieldDeclaration {
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
        let own = ["name", "value", "text", "width"]
        let fields = try node.fields(own + FormatDeclaration.fieldKeys, later: ["at"])
        var content = FieldDeclaration.Content.nothing
        if let value = fields["value"] {
            content = .value(try ExpressionText(value))
            if let text = fields["text"] {
                throw text.diagnostic("writing", "text and value exclude each other")
            }
        } else if let text = fields["text"] {
            content = .text(try ExpressionText(text))
        }
        var width: FieldDeclaration.Width?
        if let node = fields["width"] {
            width = try node.text() == "rest" ? .rest : .columns(try node.int(in: 1...100_000))
        }
        var name = try fields["name"]?.text()
        if name == nil, case .value(let expression) = content { name = lastWord(expression.text) }
        return FieldDeclaration(
            name: name,
            content: content,
            width: width,
            pattern: try fields["pattern"]?.text(),
            format: try FormatDeclaration(field: fields),
            node: node
        )
    }
}
