internal import Expressions
internal import FoundationEssentials

/// Turns a skeleton document into an `XMLSkeleton`, every expression checked in the scope of its place.
struct SkeletonCompiler {
    /// The namespace of `t:for-each`, `t:if`, `t:choose`, `t:part`, `t:use`.
    static let namespace = "urn:occ-export:template"

    private let root: XMLNode.Element
    private let document: YAMLText
    private let format: FormatDeclaration
    private var parts: [String: XMLNode.Element] = [:]
    private var depth = 0
    private(set) var usedNames: Set<String> = []

    /// Reads a skeleton.
    init(file: String, format: FormatDeclaration) throws(Diagnostic) {
        guard let data = FileManager.default.contents(atPath: file), data.count <= 1 << 20,
            let text = String(validating: data, as: UTF8.self)
        else {
            throw Diagnostic(
                "unreadable",
                "cannot be read, is larger than 1 MiB or not UTF-8",
                file: file
            )
        }
        document = YAMLText(file: file, text: text)
        self.format = format
        do throws(XMLProblem) {
            root = try XMLReader.root(of: Array(data))
        } catch {
            let excerpt =
                error.line > 0 && error.line <= document.lines.count
                ? document.lines[error.line - 1] : ""
            throw Diagnostic(
                "xml",
                error.message,
                file: file,
                line: error.line,
                length: excerpt.count,
                excerpt: excerpt
            )
        }
    }

    mutating func compile(in scope: Scope) throws(Diagnostic) -> XMLSkeleton {
        guard try format.encoding?.text().lowercased() ?? "utf-8" == "utf-8" else {
            throw (format.encoding ?? place(root.line, "")).diagnostic(
                "not-offered",
                "XML is written in utf-8 by this version",
                cure: "encoding: utf-8"
            )
        }
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
            guard case .element(let element) = child else { continue }
            if element.namespace == Self.namespace, element.localName == "part" { continue }
            nodes.append(try compile(element, scope, declarations))
        }
        guard !nodes.isEmpty else {
            throw place(root.line, "").diagnostic("xml", "the skeleton writes no element")
        }
        return XMLSkeleton(
            root: nodes,
            isIndented: format.indent ?? false,
            blanksControlCharacters: format.controlCharacters == .blank
        )
    }

    /// A place in the skeleton for messages: the line, and the column where the text stands in it.
    private func place(_ line: Int, _ text: String) -> YAMLNode {
        let source = line > 0 && line <= document.lines.count ? document.lines[line - 1] : ""
        var column = 1
        if !text.isEmpty, let found = source.firstRange(of: text) {
            column = source.distance(from: source.startIndex, to: found.lowerBound) + 1
        }
        return YAMLNode(
            content: .scalar(text, isPlain: true),
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
                "<\(element.name)> needs \(name)=\"...\""
            )
        }
        return value
    }

    private mutating func compile(
        _ element: XMLNode.Element,
        _ outer: Scope,
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
        if element.namespace == Self.namespace {
            return try compileInstruction(element, outer, inherited)
        }
        var scope = outer
        var loop: (list: Expressions.Expression, slot: Int)?
        var condition: Expressions.Expression?
        func own(_ name: String) -> String? {
            element.attributes.first {
                $0.namespace == Self.namespace && $0.name.hasSuffix(":" + name)
            }?
            .value
        }
        for attribute in element.attributes where attribute.namespace == Self.namespace {
            let name = attribute.name.split(separator: ":").last ?? ""
            guard ["for-each", "as", "if"].contains(name) else {
                throw place(element.line, attribute.name).diagnostic(
                    "unknown-key",
                    "there is no \(attribute.name)",
                    cure: "known are t:for-each, t:as, t:if"
                )
            }
        }
        if let text = own("for-each") {
            let node = place(element.line, text)
            let list = try Expressions.Expression(text, at: node, in: scope)
            usedNames.formUnion(list.usedNames)
            guard case .list(let type) = list.type else {
                throw node.diagnostic("type", "t:for-each goes over a list, this is a \(list.type)")
            }
            let name = own("as") ?? "item"
            guard !scope.declaredNames.contains(name) else {
                throw node.diagnostic(
                    "hidden-name",
                    "'\(name)' has a meaning here already",
                    cure: "choose another name: t:as"
                )
            }
            loop = (list, scope.declare(name, type))
        }
        if let text = own("if") {
            let node = place(element.line, text)
            let compiled = try Expressions.Expression(text, at: node, in: scope)
            usedNames.formUnion(compiled.usedNames)
            guard compiled.type == .bool else {
                throw node.diagnostic("type", "t:if needs a bool, this is a \(compiled.type)")
            }
            condition = compiled
            scope = scope.narrowed(by: compiled)
        }
        var constant = ""
        let declarations = (inherited + element.declarations).filter { $0.uri != Self.namespace }
        for (index, declaration) in declarations.enumerated()
        where !declarations[..<index].contains(where: { $0.prefix == declaration.prefix }) {
            constant +=
                " xmlns\(declaration.prefix.isEmpty ? "" : ":" + declaration.prefix)=\"\(Self.escaped(declaration.uri))\""
        }
        var attributes: [(name: String, value: XMLSkeleton.XMLText)] = []
        for attribute in element.attributes where attribute.namespace != Self.namespace {
            attributes.append(
                (
                    attribute.name,
                    .init(
                        template: try text(attribute.value, element.line, scope),
                        isAttribute: true
                    )
                )
            )
        }
        return .element(
            .init(
                name: element.name,
                constantAttributes: constant,
                attributes: attributes,
                children: try children(of: element, scope),
                loop: loop,
                condition: condition
            )
        )
    }

    private mutating func children(of element: XMLNode.Element, _ scope: Scope) throws(Diagnostic)
        -> [XMLSkeleton.Node]
    {
        let hasElements = element.children.contains {
            if case .element = $0 { true } else { false }
        }
        var nodes: [XMLSkeleton.Node] = []
        for child in element.children {
            switch child {
            case .element(let inner): nodes.append(try compile(inner, scope, []))
            case .text(let text, let line):
                // Blanks between elements are the skeleton's own layout.
                if hasElements, text.allSatisfy(\.isWhitespace) { continue }
                nodes.append(
                    .text(.init(template: try self.text(text, line, scope), isAttribute: false))
                )
            }
        }
        return nodes
    }

    private mutating func compileInstruction(
        _ element: XMLNode.Element,
        _ scope: Scope,
        _ inherited: [(prefix: String, uri: String)]
    ) throws(Diagnostic) -> XMLSkeleton.Node {
        switch element.localName {
        case "choose":
            var branches: [XMLSkeleton.Node] = []
            for case .element(let branch) in element.children {
                branches.append(try compile(branch, scope, inherited))
            }
            return .choose(branches)
        case "use":
            let name = try attribute("part", of: element)
            guard let part = parts[name] else {
                throw place(element.line, name).diagnostic(
                    "unknown-name",
                    "there is no part '\(name)'",
                    cure: nearestName(to: name, among: parts.keys.sorted()).map {
                        "did you mean '\($0)'?"
                    }
                )
            }
            return .part(try children(of: part, scope))
        default:
            throw place(element.line, element.name).diagnostic(
                "unknown-name",
                "there is no <\(element.name)>",
                cure: "known are t:choose, t:part, t:use"
            )
        }
    }

    private mutating func text(_ source: String, _ line: Int, _ scope: Scope) throws(Diagnostic)
        -> TextTemplate
    {
        let template = try TextTemplate(
            source,
            at: place(line, source.trimmingBlanks),
            in: scope,
            format: format
        )
        for case .hole(let expression, _) in template.pieces {
            usedNames.formUnion(expression.usedNames)
        }
        return template
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
    fileprivate var trimmingBlanks: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
