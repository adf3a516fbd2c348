internal import Expressions
internal import Invoices
internal import Transactions

/// Turns the parts of template.yaml into declarations; what is wrong is left out and reported.
struct TemplateReader {
    let findings: Findings

    func named(_ node: YAMLNode?) throws(Diagnostic) -> [NamedExpression] {
        var list: [NamedExpression] = []
        for (key, value) in try node?.entries() ?? [] {
            let read = findings.collect { () throws(Diagnostic) in
                let name = try key.text()
                if YAMLNode.looksCut(name), let torn = list.popLast() {
                    // What stands before is the other half of the same expression.
                    findings.lose(torn.name)
                }
                try Self.requireName(name, key)
                return findings.collect(declaring: name) { () throws(Diagnostic) in
                    NamedExpression(name: name, expression: try ExpressionText(value))
                }
            }
            if let read = read ?? nil { list.append(read) }
        }
        return list
    }

    /// What is read of each element of a list; one that is wrong is left out.
    func elements<Element>(
        _ node: YAMLNode?,
        _ read: (YAMLNode) throws(Diagnostic) -> Element
    ) throws(Diagnostic) -> [Element] {
        var list: [Element] = []
        for element in try node?.elements() ?? [] {
            let found = findings.collect { () throws(Diagnostic) in try read(element) }
            if let found { list.append(found) }
        }
        return list
    }

    static func requireName(_ name: String, _ node: YAMLNode) throws(Diagnostic) {
        guard isName(name) else {
            throw node.diagnostic(
                "name",
                "'\(name)' is no name",
                cure: YAMLNode.looksCut(name)
                    ? YAMLNode.cutCure : "letters, digits and _, and no digit first"
            )
        }
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        text.utf8.first.map { !(0x30...0x39).contains($0) } == true
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x5F
            }
    }

    /// `group_by`: expressions named after their last word, or `{ name: expression }`.
    func keys(_ node: YAMLNode?) throws(Diagnostic) -> [NamedExpression] {
        try elements(node) { element throws(Diagnostic) in
            if case .mapping = element.content { return try named(element) }
            let expression = try ExpressionText(element)
            guard let name = Self.lastWord(expression.text) else {
                throw element.diagnostic(
                    "name",
                    "the key has no name",
                    cure: "write { name: expression }"
                )
            }
            return [NamedExpression(name: name, expression: expression)]
        }.flatMap(\.self)
    }

    /// `part.month` is called `month`; nil for what is no plain path.
    static func lastWord(_ text: String) -> String? {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        return words.allSatisfy(isName) ? words.last.map(String.init) : nil
    }

    func documents(_ node: YAMLNode) throws(Diagnostic) -> DocumentsDeclaration {
        let fields = try node.fields(
            [
                "group_by", "as", "incomplete", "numbered_from", "model", "amounts", "profile",
                "checks",
            ],
            findings
        )
        enum Incomplete: String, CaseIterable { case reject, allow }
        enum Model: String, CaseIterable { case invoice }
        var model: InvoiceModelDeclaration?
        if let name = fields["model"] {
            _ = try name.word(Model.self)
            if let keys = fields["group_by"] {
                throw keys.diagnostic(
                    "writing",
                    "model: invoice groups by invoice number and currency itself",
                    cure: "leave group_by out"
                )
            }
            model = InvoiceModelDeclaration(
                amounts: try fields["amounts"]?.word(AmountSource.self)
                    ?? .gross,
                profile: try fields["profile"]?.word(InvoiceProfile.self) ?? .en16931,
                node: name
            )
        } else if let amounts = fields["amounts"] ?? fields["profile"] {
            throw amounts.diagnostic(
                "writing",
                "amounts and profile belong to model: invoice",
                cure: "leave it out"
            )
        }
        let keys = try keys(fields["group_by"])
        guard !keys.isEmpty || model != nil else { throw node.missing("group_by", "[invoiceNo]") }
        let name = try fields["as"]?.text() ?? "document"
        try Self.requireName(name, fields["as"] ?? node)
        return DocumentsDeclaration(
            groupBy: keys,
            itemName: name,
            allowsIncomplete: try fields["incomplete"]?.word(Incomplete.self) == .allow,
            numberedFrom: try fields["numbered_from"].map { node throws(Diagnostic) in
                try ExpressionText(node)
            },
            model: model,
            checks: try checks(fields["checks"]),
            node: node
        )
    }

    func package(_ node: YAMLNode) throws(Diagnostic) -> PackageDeclaration {
        let fields = try node.fields(["kind", "name"], findings)
        enum Kind: String, CaseIterable { case zip }
        guard let kind = fields["kind"] else { throw node.missing("kind", "zip") }
        _ = try kind.word(Kind.self)
        guard let name = fields["name"] else { throw node.missing("name", "export.zip") }
        return PackageDeclaration(name: try ExpressionText(name))
    }

    // MARK: Parameters

    func parameters(_ node: YAMLNode?) throws(Diagnostic) -> [ParameterDeclaration] {
        var list: [ParameterDeclaration] = []
        for (key, value) in try node?.entries() ?? [] {
            let read = findings.collect { () throws(Diagnostic) in
                let name = try key.text()
                try Self.requireName(name, key)
                return findings.collect(declaring: name) { () throws(Diagnostic) in
                    try parameter(name, key, value)
                }
            }
            if let read = read ?? nil { list.append(read) }
        }
        return list
    }

    private func parameter(_ name: String, _ key: YAMLNode, _ value: YAMLNode)
        throws(Diagnostic) -> ParameterDeclaration
    {
        if case .scalar = value.content {
            let (kind, isOptional) = try Self.type(value, "a parameter")
            return ParameterDeclaration(
                name: name,
                kind: kind,
                node: key,
                isOptional: isOptional
            )
        }
        let entries = try value.entries()
        // A mapping with a type is one value; any other is a mapping of values.
        var hasType = false
        for (key, value) in entries where try key.text() == "type" {
            if case .scalar = value.content { hasType = true }
        }
        guard hasType else {
            guard !entries.isEmpty else { throw value.missing("type", "string") }
            return ParameterDeclaration(
                name: name,
                kind: .string,
                node: key,
                members: try parameters(value)
            )
        }
        let fields = try value.fields(["type", "default", "min", "max", "pattern"], findings)
        guard let type = fields["type"] else { throw value.missing("type", "string") }
        let (kind, isOptional) = try Self.type(type, "a parameter")
        var limits = fields
        let isOrdered = kind == .int || kind == .decimal || kind == .date
        let foreign: [(key: String, owner: String)] =
            (isOrdered
                ? [] : [("min", "an int, decimal or date"), ("max", "an int, decimal or date")])
            + (kind == .string ? [] : [("pattern", "a string")])
        for (key, owner) in foreign {
            guard let limit = limits.removeValue(forKey: key) else { continue }
            findings.report(
                limit.diagnostic(
                    "type",
                    "\(key) belongs to \(owner), this is \(kind.type.withArticle)",
                    cure: "leave it out"
                )
            )
        }
        return ParameterDeclaration(
            name: name,
            kind: kind,
            node: key,
            isOptional: isOptional,
            fallback: fields["default"],
            pattern: limits["pattern"],
            least: limits["min"],
            most: limits["max"]
        )
    }

    /// `string`, or `optional string`.
    static func type(_ node: YAMLNode, _ owner: String) throws(Diagnostic) -> (
        kind: ParameterDeclaration.Kind, isOptional: Bool
    ) {
        var words = try node.text().split(separator: " ")
        let isOptional = words.first == "optional" && words.count > 1
        if isOptional { words.removeFirst() }
        guard words.count == 1, let kind = ParameterDeclaration.Kind(rawValue: String(words[0]))
        else {
            let near = nearestName(
                to: words.last.map(String.init) ?? "",
                among: ParameterDeclaration.Kind.allCases.map(\.rawValue)
            )
            throw node.diagnostic(
                "unknown-word",
                "'\(try node.text())' is no type of \(owner)",
                cure: near.map { "did you mean '\($0)'?" }
                    ?? "one of string, int, decimal, bool, date, or optional before it"
            )
        }
        return (kind, isOptional)
    }
}
