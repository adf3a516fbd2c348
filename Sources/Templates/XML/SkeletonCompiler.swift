internal import Expressions

/// Turns a skeleton document into an `XMLSkeleton`, every expression checked in the scope of its place.
struct SkeletonCompiler {
    /// The namespace of `t:for-each`, `t:if`, `t:choose`, `t:part`, `t:use`.
    static let namespace = "urn:occ-export:template"

    private let root: XMLNode.Element
    private let document: YAMLText
    private let escaper: XMLEscaper
    private var parts: [String: XMLNode.Element] = [:]
    private var usedParts: Set<String> = []
    private var depth = 0
    /// Elements and texts compiled, a part's as often as it is used.
    private var size = 0

    /// The most elements and texts, parts put in.
    static let maximumSize = 20_000

    /// Reads a skeleton.
    init(file: String, at node: YAMLNode, form: OutputForm, format: FormatDeclaration)
        throws(Diagnostic)
    {
        let text = try TemplateFolder.text(of: file, at: node)
        document = YAMLText(file: file, text: text)
        escaper = XMLEscaper(
            encoding: form.encoding,
            control: format.controlCharacters ?? .reject
        )
        do throws(XMLProblem) {
            root = try XMLReader.root(of: Array(text.utf8))
        } catch {
            let excerpt =
                error.line > 0 && error.line <= document.lines.count
                ? document.lines[error.line - 1] : ""
            throw Diagnostic(
                "xml",
                error.message,
                cure: error.cure,
                file: file,
                line: error.line,
                length: excerpt.count,
                excerpt: excerpt
            )
        }
    }

    mutating func compile(_ builder: inout PlanBuilder, _ place: PlanBuilder.Place)
        throws(Diagnostic) -> XMLSkeleton
    {
        var top: [XMLNode] = [.element(root)]
        var declarations: [(prefix: String, uri: String)] = []
        if root.namespace == Self.namespace, root.localName == "skeleton" {
            top = root.children
            declarations = root.declarations.filter { $0.uri != Self.namespace }
        }
        for case .element(let element) in top
        where element.namespace == Self.namespace && element.localName == "part" {
            parts[try attribute("name", of: element)] = element
        }
        var nodes: [XMLSkeleton.Node] = []
        for child in top {
            switch child {
            case .text(let text, let line):
                guard text.allSatisfy(\.isWhitespace) else {
                    throw self.place(line, text.trimmingBlanks).diagnostic(
                        "xml",
                        "text stands beside the root element",
                        cure: "put it into the root element"
                    )
                }
            case .element(let element):
                if element.namespace == Self.namespace, element.localName == "part" { continue }
                let errors = builder.findings.errors.count
                nodes.append(try compile(element, &builder, place, declarations))
                // What is wrong in it is left out, and may be what the root consists of.
                guard builder.findings.errors.count == errors else { continue }
                try requireRoot(nodes, at: self.place(element.line, element.name))
            }
        }
        guard !nodes.isEmpty else {
            throw self.place(root.line, "").diagnostic(
                "xml",
                "the skeleton writes no element",
                cure: "put the document's root element into it"
            )
        }
        for name in parts.keys.sorted() where !usedParts.contains(name) {
            builder.warnings.append(
                self.place(parts[name]?.line ?? 1, name).diagnostic(
                    "unused",
                    "part '\(name)' is never used",
                    cure: "leave it out",
                    severity: .warning
                )
            )
        }
        return XMLSkeleton(
            root: nodes,
            isIndented: place.format.indent ?? false,
            escaper: escaper
        )
    }

    /// A place in the skeleton for messages: the line, and the column where the text stands in it.
    func place(_ line: Int, _ text: String) -> YAMLNode {
        let source = line > 0 && line <= document.lines.count ? document.lines[line - 1] : ""
        var column = 1
        if !text.isEmpty, let found = source.firstRange(of: text) {
            column = source.distance(from: source.startIndex, to: found.lowerBound) + 1
        }
        return YAMLNode(
            content: .scalar(text, .plain),
            document: document,
            line: max(1, line),
            column: column,
            path: ""
        )
    }

    private func attribute(_ name: String, of element: XMLNode.Element) throws(Diagnostic) -> String
    {
        guard let value = element.attributes.first(where: { $0.name == name })?.value else {
            throw place(element.line, "").diagnostic(
                "missing-key",
                "<\(element.name)> needs \(name)",
                cure: "add \(name)=\"...\""
            )
        }
        return value
    }

    private mutating func compile(
        _ element: XMLNode.Element,
        _ builder: inout PlanBuilder,
        _ outer: PlanBuilder.Place,
        _ inherited: [(prefix: String, uri: String)]
    ) throws(Diagnostic) -> XMLSkeleton.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 64 else {
            throw place(element.line, "").diagnostic(
                "too-deep",
                "parts or elements nest deeper than 64 levels",
                cure: "does a part use itself?"
            )
        }
        try grow(element.line)
        try requireKnownNamespaces(element)
        if element.namespace == Self.namespace {
            return try compileInstruction(element, &builder, outer, inherited)
        }
        var inner = outer
        try requireKnownKeys(element)
        let loop = try compileLoop(element, &builder, &inner)
        var condition: Formula?
        var isConditionLost = false
        if let text = own("if", of: element) {
            let node = place(element.line, text)
            let scope = inner
            condition = builder.findings.collect { () throws(Diagnostic) in
                let compiled = try builder.formula(text, at: node, offset: 0, scope)
                guard compiled.type == .bool else {
                    throw node.diagnostic(
                        "type",
                        "t:if needs a bool, this is \(compiled.type.withArticle)",
                        cure: "compare it: ... == ..."
                    )
                }
                return compiled
            }
            if let condition {
                inner.scope = inner.scope.narrowed(by: condition.expression)
            } else {
                isConditionLost = true
            }
        }
        var start = "<" + element.name
        let declarations = (inherited + element.declarations).filter { $0.uri != Self.namespace }
        for (index, declaration) in declarations.enumerated()
        where !declarations[..<index].contains(where: { $0.prefix == declaration.prefix }) {
            let prefix = declaration.prefix.isEmpty ? "" : ":" + declaration.prefix
            start += " xmlns\(prefix)=\"\(Self.escaped(declaration.uri))\""
        }
        guard escaper.encoding.firstMissing(in: start) == nil else {
            throw place(element.line, element.name).diagnostic(
                "unmappable",
                "<\(element.name)> cannot be written in \(escaper.encoding.name)",
                cure: "encoding: utf-8"
            )
        }
        var attributes: [(start: [UInt8], value: XMLSkeleton.XMLText)] = []
        let scope = inner
        for attribute in element.attributes where attribute.namespace != Self.namespace {
            let value = builder.findings.collect { () throws(Diagnostic) -> XMLSkeleton.XMLText in
                let findings = builder.findings
                return try findings.withoutCondition(isConditionLost) {
                    () throws(Diagnostic) -> XMLSkeleton.XMLText in
                    try text(attribute.value, element.line, isAttribute: true, &builder, scope)
                }
            }
            guard let value else { continue }
            attributes.append((Array(" \(attribute.name)=\"".utf8), value))
        }
        let children = try builder.findings.withoutCondition(isConditionLost) {
            () throws(Diagnostic) -> [XMLSkeleton.Node] in
            try self.children(of: element, &builder, scope)
        }
        return .element(
            .init(
                start: escaper.encoding.bytes(start),
                end: escaper.encoding.bytes("</\(element.name)>"),
                attributes: attributes,
                children: children,
                hasText: children.contains { if case .text = $0 { true } else { false } },
                loop: loop,
                condition: condition,
                node: place(element.line, element.name)
            )
        )
    }

    /// Counts a node, so that parts that use parts many times do not grow without end.
    private mutating func grow(_ line: Int) throws(Diagnostic) {
        size += 1
        guard size <= Self.maximumSize else {
            throw place(line, "").diagnostic(
                "too-large",
                "with its parts put in, the skeleton has more than \(Self.maximumSize) nodes",
                cure: "use parts less often, or repeat with t:for-each"
            )
        }
    }

    private func own(_ name: String, of element: XMLNode.Element) -> String? {
        element.attributes.first {
            $0.namespace == Self.namespace && $0.name.hasSuffix(":" + name)
        }?.value
    }

    private func requireKnownKeys(_ element: XMLNode.Element) throws(Diagnostic) {
        for attribute in element.attributes where attribute.namespace == Self.namespace {
            let name = attribute.name.split(separator: ":").last.map(String.init) ?? ""
            guard ["for-each", "as", "if", "group-by", "number"].contains(name) else {
                throw place(element.line, attribute.name).diagnostic(
                    "unknown-key",
                    "there is no \(attribute.name)",
                    cure: "known are t:for-each, t:as, t:if, t:group-by, t:number"
                )
            }
            guard own("for-each", of: element) != nil || name == "if" || name == "for-each" else {
                throw place(element.line, attribute.name).diagnostic(
                    "missing-key",
                    "\(attribute.name) stands without t:for-each",
                    cure: "say what the element is repeated for"
                )
            }
        }
    }

    private func compileLoop(
        _ element: XMLNode.Element,
        _ builder: inout PlanBuilder,
        _ inner: inout PlanBuilder.Place
    ) throws(Diagnostic) -> XMLSkeleton.Loop? {
        guard let text = own("for-each", of: element) else { return nil }
        let node = place(element.line, text)
        let expression = try ExpressionText(node)
        let (list, type) = try builder.list(expression, inner)
        let isDocument = builder.documentType.map { type == .record($0) } ?? false
        let name =
            own("as", of: element) ?? (isDocument ? builder.template.documents?.itemName : nil)
            ?? "item"
        if let keys = own("group-by", of: element) {
            return try compileGroups(keys, of: list, type, named: name, element, &builder, &inner)
        }
        let slot = try builder.declare(name, type, node, &inner.scope)
        var level: Int?
        if isDocument, let documentType = builder.documentType {
            level = builder.addLevel(
                name,
                .document,
                slot,
                documentType,
                builder.documentOrigins,
                &inner
            )
        }
        return XMLSkeleton.Loop(
            list: list,
            slot: slot,
            level: level,
            grouping: nil,
            numberSlot: try number(of: element, &builder, &inner)
        )
    }

    /// The name of the element's number, if it has one.
    private func number(
        of element: XMLNode.Element,
        _ builder: inout PlanBuilder,
        _ inner: inout PlanBuilder.Place
    ) throws(Diagnostic) -> Int? {
        guard let name = own("number", of: element) else { return nil }
        return try builder.declare(name, .int, place(element.line, name), &inner.scope)
    }

    /// Groups transactions by fields: `t:group-by="vatRate, currency"`.
    private func compileGroups(
        _ text: String,
        of list: CompiledNode.List,
        _ type: ValueType,
        named name: String,
        _ element: XMLNode.Element,
        _ builder: inout PlanBuilder,
        _ inner: inout PlanBuilder.Place
    ) throws(Diagnostic) -> XMLSkeleton.Loop {
        let node = place(element.line, text)
        guard type == .record(builder.rowType) else {
            throw node.diagnostic(
                "type",
                "only transactions are grouped",
                cure: "leave t:group-by out"
            )
        }
        var keyPlace = inner
        let rowSlot = try builder.declareRow(node, &keyPlace)
        var declarations: [NamedExpression] = []
        for part in text.split(separator: ",") {
            let key = String(part).trimmingBlanks
            let expression = try ExpressionText(place(element.line, key))
            declarations.append(NamedExpression(name: key, expression: expression))
        }
        let (keys, members, found) = try builder.compileKeys(declarations, named: name, keyPlace)
        let group = builder.groupType(
            keys: members,
            named: name,
            ofDocuments: false,
            hasSerial: false
        )
        // The keys' slot is not given again while the group is at hand.
        _ = inner.scope.declare("element ", .bool)
        let slot = try builder.declare(name, .record(group), node, &inner.scope)
        let level = builder.addLevel(name, .group, slot, group, found, &inner)
        return XMLSkeleton.Loop(
            list: list,
            slot: slot,
            level: level,
            grouping: .init(keys: keys, rowSlot: rowSlot, level: level),
            numberSlot: try number(of: element, &builder, &inner)
        )
    }

    /// The result of a step; nil when it is wrong, which is noted.
    ///
    /// What grows without end is not gone on with.
    private mutating func recovered<Result>(
        _ builder: inout PlanBuilder,
        _ step: (inout SkeletonCompiler, inout PlanBuilder) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result? {
        do throws(Diagnostic) {
            return try step(&self, &builder)
        } catch {
            guard error.name != "too-deep", error.name != "too-large" else { throw error }
            builder.findings.report(error)
            return nil
        }
    }

    private mutating func children(
        of element: XMLNode.Element,
        _ builder: inout PlanBuilder,
        _ inner: PlanBuilder.Place
    ) throws(Diagnostic) -> [XMLSkeleton.Node] {
        let hasElements = element.children.contains {
            if case .element = $0 { true } else { false }
        }
        var nodes: [XMLSkeleton.Node] = []
        for child in element.children {
            switch child {
            case .element(let element):
                let node = try recovered(&builder) { (compiler, builder) throws(Diagnostic) in
                    try compiler.compile(element, &builder, inner, [])
                }
                if let node { nodes.append(node) }
            case .text(let text, let line):
                try grow(line)
                // Blanks between elements are the skeleton's own layout.
                if hasElements, text.allSatisfy(\.isWhitespace) { continue }
                let node = builder.findings.collect { () throws(Diagnostic) in
                    try self.text(text, line, isAttribute: false, &builder, inner)
                }
                if let node { nodes.append(.text(node)) }
            }
        }
        return nodes
    }

    private mutating func compileInstruction(
        _ element: XMLNode.Element,
        _ builder: inout PlanBuilder,
        _ inner: PlanBuilder.Place,
        _ inherited: [(prefix: String, uri: String)]
    ) throws(Diagnostic) -> XMLSkeleton.Node {
        switch element.localName {
        case "choose":
            try requireBare(element, [])
            reportText(in: element, builder.findings)
            var branches: [XMLSkeleton.Node] = []
            for case .element(let branch) in element.children {
                let node = try recovered(&builder) { (compiler, builder) throws(Diagnostic) in
                    try compiler.compile(branch, &builder, inner, inherited)
                }
                if let node { branches.append(node) }
            }
            reportUnreachable(branches, builder.findings)
            return .choose(branches)
        case "use":
            try requireBare(element, ["part"])
            reportChildren(of: element, builder.findings)
            let name = try attribute("part", of: element)
            guard let part = parts[name] else {
                throw place(element.line, name).diagnostic(
                    "unknown-name",
                    "there is no part '\(name)'",
                    cure: nearestName(to: name, among: parts.keys.sorted()).map {
                        "did you mean '\($0)'?"
                    } ?? "add <t:part name=\"\(name)\">"
                )
            }
            usedParts.insert(name)
            return .part(try children(of: part, &builder, inner))
        default:
            throw place(element.line, element.name).diagnostic(
                "unknown-name",
                "there is no <\(element.name)>",
                cure: "known are t:choose, t:part, t:use"
            )
        }
    }

    /// A text with its holes; what is fixed is escaped now.
    private func text(
        _ source: String,
        _ line: Int,
        isAttribute: Bool,
        _ builder: inout PlanBuilder,
        _ inner: PlanBuilder.Place
    ) throws(Diagnostic) -> XMLSkeleton.XMLText {
        // Messages count from the text's first sign that is not blank, where its line is found.
        let blanks = source.prefix { $0.isWhitespace }
        let node = place(line, source.trimmingBlanks)
        let template = try builder.text(
            source,
            at: node,
            shiftedBy: blanks.utf8.count,
            inner,
            inner.format
        )
        var holes = 0
        var isBlank = true
        var pieces: [TextTemplate.Piece] = []
        for piece in template.pieces {
            guard case .literal(let literal) = piece else {
                holes += 1
                pieces.append(piece)
                continue
            }
            isBlank = isBlank && literal.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
            var escaped: [UInt8] = []
            do throws(FormError) {
                _ = try escaper.append(literal, isAttribute: isAttribute, to: &escaped)
            } catch {
                throw error.diagnostic(at: node)
            }
            pieces.append(.literal(escaped))
        }
        return XMLSkeleton.XMLText(
            pieces: pieces,
            isAttribute: isAttribute,
            vanishes: holes == 1 && isBlank,
            node: node
        )
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
            "\"",
            with: "&quot;"
        )
    }
}

extension String {
    /// The text without blanks at its ends, to find it in its line.
    var trimmingBlanks: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
