internal import Yams

/// Reads YAML files into nodes with places.
///
/// Only nodes are composed: loading or decoding with Yams expands aliases without bound. Anchors are
/// refused, so no alias can exist; size, nodes and depth are bounded.
public enum YAMLReader {
    /// The largest file, in MiB.
    static let mostMebibytes = 1
    /// The most texts, lists and mappings a document may have, and the longest path to one of them, in
    /// bytes: each keeps its path, and a template has some hundreds.
    private static let mostNodes = 100_000
    private static let longestPath = 500

    /// Reads a file.
    ///
    /// - Throws: `Diagnostic` when it cannot be read or is no YAML document.
    public static func read(file: String) throws(Diagnostic) -> YAMLNode {
        let text = try SourceFile.text(
            of: file,
            atMostMebibytes: mostMebibytes,
            shorten: "make it smaller",
            unreadable: Diagnostic(
                "unreadable",
                "cannot be read",
                cure: "is it there, and may this user read it?",
                file: file
            )
        )
        return try read(text: text, file: file)
    }

    /// Reads a document's text; `file` is what messages call it.
    ///
    /// - Throws: `Diagnostic` when it is no YAML document.
    public static func read(text: String, file: String) throws(Diagnostic) -> YAMLNode {
        // The parser is handed text, of which a byte-order mark is no part.
        let text =
            text.unicodeScalars.first == "\u{FEFF}"
            ? String(text.unicodeScalars.dropFirst()) : text
        let document = YAMLText(file: file, text: text)
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text)
            root = try parser.singleRoot()
        } catch {
            throw diagnostic(error, document)
        }
        // Nodes hold their anchors weakly: those of `compose` are gone once it returns, and aliases then
        // look like what they stand for.
        defer { withExtendedLifetime(parser) {} }
        guard let root else {
            throw Diagnostic("empty", "is empty", cure: "see docs/templates.md", file: file)
        }
        var count = 0
        return try converted(root, document, path: "", &count)
    }

    private static func diagnostic(_ error: any Error, _ document: YAMLText) -> Diagnostic {
        var mark: Mark?
        var problem = "is no YAML document"
        switch error as? YamlError {
        case .scanner(_, let text, let place, _)?, .parser(_, let text, let place, _)?,
            .composer(_, let text, let place, _)?:
            mark = place
            problem = text
        case .duplicatedKeysInMapping(let keys, let context)?:
            mark = context.mark
            problem = "a key stands twice: \(keys.map { "\($0)" }.joined(separator: ", "))"
        default: break
        }
        guard let mark, mark.line >= 1 else {
            return Diagnostic("yaml", problem, cure: "save it as plain text", file: document.file)
        }
        let excerpt = mark.line <= document.lines.count ? document.lines[mark.line - 1] : ""
        return Diagnostic(
            "yaml",
            problem,
            cure: YAMLCure(problem, line: mark.line, column: mark.column, of: document).text,
            file: document.file,
            line: mark.line,
            column: max(1, mark.column),
            excerpt: excerpt
        )
    }

    /// The tag that stands at a place; the parser makes tags up for what has none.
    private static func tag(at place: (line: Int, column: Int), in document: YAMLText) -> String? {
        guard document.hasMarks, document.lines.indices.contains(place.line - 1) else { return nil }
        let text = document.lines[place.line - 1].dropFirst(place.column - 1)
        return text.first == "!" ? String(text.prefix { $0 != " " && $0 != "\t" }) : nil
    }

    private static func converted(
        _ node: Node,
        _ document: YAMLText,
        path: String,
        _ count: inout Int
    ) throws(Diagnostic) -> YAMLNode {
        let place = node.mark.map { (line: $0.line, column: $0.column) } ?? (line: 1, column: 1)
        func made(_ content: YAMLNode.Content) -> YAMLNode {
            YAMLNode(
                content: content,
                document: document,
                line: place.line,
                column: place.column,
                path: path
            )
        }
        count += 1
        guard count <= mostNodes, path.utf8.count <= longestPath else {
            throw Diagnostic(
                count > mostNodes ? "too-long" : "too-deep",
                count > mostNodes
                    ? "has more than \(mostNodes) values" : "nests too deep, or has too long a key",
                cure: "make it smaller",
                file: document.file,
                line: place.line,
                column: place.column
            )
        }
        if let tag = tag(at: place, in: document) {
            throw made(.scalar(tag, .plain)).diagnostic(
                "yaml",
                "'\(tag)' is a YAML tag, no text",
                cure: tag.hasPrefix("!!") ? "leave it out" : "quote the expression"
            )
        }
        guard node.anchor == nil else {
            throw made(.sequence([])).diagnostic(
                "anchor",
                "anchors and aliases are not taken",
                cure: "write it out"
            )
        }
        switch node {
        case .scalar(let scalar):
            let style: YAMLNode.Style =
                switch scalar.style {
                case .plain, .any: .plain
                case .singleQuoted: .single
                case .doubleQuoted: .double
                case .literal, .folded: .block
                }
            return made(.scalar(scalar.string, style))
        case .sequence(let sequence):
            var elements: [YAMLNode] = []
            for (index, element) in sequence.enumerated() {
                elements.append(
                    try converted(element, document, path: "\(path)[\(index + 1)]", &count)
                )
            }
            return made(.sequence(elements))
        case .mapping(let mapping):
            var entries: [(key: YAMLNode, value: YAMLNode)] = []
            for (key, value) in mapping {
                let name = key.scalar?.string ?? "?"
                let inner = path.isEmpty ? name : "\(path).\(name)"
                entries.append(
                    (
                        key: try converted(key, document, path: path, &count),
                        value: try converted(value, document, path: inner, &count)
                    )
                )
            }
            return made(.mapping(entries))
        case .alias:
            throw made(.sequence([])).diagnostic(
                "anchor",
                "anchors and aliases are not taken",
                cure: "write it out"
            )
        }
    }
}
