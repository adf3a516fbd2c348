internal import Expressions

extension TemplateReader {
    func lookups(_ node: YAMLNode?) throws(Diagnostic) -> [LookupDeclaration] {
        var list: [LookupDeclaration] = []
        for (key, value) in try node?.entries() ?? [] {
            let read = findings.collect { () throws(Diagnostic) in
                let name = try key.text()
                try Self.requireName(name, key)
                return findings.collect(declaring: name) { () throws(Diagnostic) in
                    try lookup(name, key, value)
                }
            }
            if let read = read ?? nil { list.append(read) }
        }
        return list
    }

    private func lookup(_ name: String, _ key: YAMLNode, _ value: YAMLNode)
        throws(Diagnostic) -> LookupDeclaration
    {
        let fields = try value.fields(
            ["columns", "key", "match", "valid", "missing", "default"],
            findings
        )
        guard let columnsNode = fields["columns"] else {
            throw value.missing("columns", "{ name: string }")
        }
        var columns: [LookupDeclaration.Column] = []
        for (column, typeNode) in try columnsNode.entries() {
            let columnName = try column.text()
            try Self.requireName(columnName, column)
            let (kind, isOptional) = try Self.type(typeNode, "a column")
            columns.append(
                .init(name: columnName, kind: kind, isOptional: isOptional, node: column)
            )
        }
        func place(_ element: YAMLNode) throws(Diagnostic) -> Int {
            let column = try element.text()
            guard let place = columns.firstIndex(where: { $0.name == column }) else {
                throw element.diagnostic(
                    "unknown-name",
                    "lookup '\(name)' has no column '\(column)'",
                    cure: nearestName(to: column, among: columns.map(\.name)).map {
                        "did you mean '\($0)'?"
                    }
                )
            }
            return place
        }
        var keys: [Int] = []
        for element in try fields["key"]?.elements() ?? [] { keys.append(try place(element)) }
        guard !keys.isEmpty else { throw value.missing("key", "[column]") }
        let match = try fields["match"]?.word(LookupDeclaration.Match.self) ?? .all
        if match == .first {
            for place in keys where !columns[place].isOptional {
                throw columnsNode.diagnostic(
                    "type",
                    "with match: first a row has one of the keys, '\(columns[place].name)' is always there",
                    cure: "\(columns[place].name): optional \(columns[place].kind.rawValue)"
                )
            }
        }
        var valid: (from: Int, to: Int)?
        if let node = fields["valid"] {
            let ends = try node.elements()
            guard ends.count == 2 else {
                throw node.diagnostic(
                    "type",
                    "valid names two columns, the first and the last day",
                    cure: "valid: [validFrom, validTo]"
                )
            }
            let places = (from: try place(ends[0]), to: try place(ends[1]))
            for (place, end) in [(places.from, ends[0]), (places.to, ends[1])]
            where columns[place].kind != .date {
                throw end.diagnostic("type", "'\(columns[place].name)' is no date")
            }
            valid = places
        }
        var fallback: [String: YAMLNode] = [:]
        for (column, text) in try fields["default"]?.entries() ?? [] {
            _ = try place(column)
            fallback[try column.text()] = text
        }
        let missing = try fields["missing"]?.word(LookupDeclaration.Missing.self) ?? .reject
        if let node = fields["default"], missing != .default {
            throw node.diagnostic(
                "writing",
                "default belongs to missing: default",
                cure: "missing: default, or leave it out"
            )
        }
        return LookupDeclaration(
            name: name,
            columns: columns,
            key: keys,
            match: match,
            valid: valid,
            missing: missing,
            fallback: fallback,
            node: key
        )
    }
}
