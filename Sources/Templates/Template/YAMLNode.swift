internal import Expressions

/// A part of a YAML document that knows where it stands.
public struct YAMLNode: Sendable {
    /// How a text is written.
    public enum Style: Sendable {
        /// Without quotes.
        case plain
        /// In single or double quotes.
        case single, double
        /// As lines below `|` or `>`.
        case block
    }

    /// What the part is; a scalar's text is not interpreted.
    public indirect enum Content: Sendable {
        /// Text, and how it is written.
        case scalar(String, Style)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values in the document's order.
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    /// What the part is.
    public let content: Content
    /// The document it belongs to.
    public let document: YAMLText
    /// Line, counted from 1.
    public let line: Int
    /// Column, counted from 1.
    public let column: Int
    /// Where in the document: `exports[1].name`.
    public let path: String

    /// A diagnostic that points here, or at some characters of an expression that stands here.
    public func diagnostic(
        _ name: String,
        _ message: String,
        cure: String? = nil,
        severity: Diagnostic.Severity = .error,
        at range: Range<Int>? = nil,
        path other: String? = nil
    ) -> Diagnostic {
        var place = (line: line, column: column)
        var length = 1
        if case .scalar(let text, let style) = content {
            length = text.prefix { $0 != "\n" }.count
            if let range {
                place = self.place(of: range.lowerBound, in: text, style)
                let marked = Array(text.utf8).dropFirst(range.lowerBound).prefix(range.count)
                length = String(decoding: marked, as: UTF8.self).prefix { $0 != "\n" }.count
            } else if style == .single || style == .double {
                length += 2
            } else if style == .block {
                length = 1
            }
        }
        let excerpt = place.line <= document.lines.count ? document.lines[place.line - 1] : ""
        return Diagnostic(
            name,
            message,
            cure: cure,
            severity: severity,
            file: document.file,
            line: place.line,
            column: place.column,
            length: length,
            path: other ?? path,
            excerpt: excerpt
        )
    }

    /// Where a character of the text stands in the document; `offset` counts its UTF-8.
    private func place(of offset: Int, in text: String, _ style: Style) -> (
        line: Int, column: Int
    ) {
        let before = String(decoding: Array(text.utf8).prefix(offset), as: UTF8.self)
        switch style {
        case .plain: return (line, column + before.count)
        case .block:
            let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
            // The first line that is not blank says how far the block is indented.
            let indent =
                document.lines.dropFirst(line).first { $0.contains { $0 != " " } }?
                .prefix { $0 == " " }.count ?? 0
            return (line + lines.count, indent + (lines.last?.count ?? 0) + 1)
        case .single, .double:
            guard line <= document.lines.count else { return (line, column) }
            let source = Array(document.lines[line - 1])
            var position = column
            for _ in before {
                guard position < source.count else { break }
                let isEscape =
                    style == .double
                    ? source[position] == "\\"
                    : source[position] == "'" && position + 1 < source.count
                        && source[position + 1] == "'"
                position += isEscape ? 2 : 1
            }
            return (line, position + 1)
        }
    }

    /// The text of a scalar.
    ///
    /// - Throws: `Diagnostic` when it is a list or has keys.
    public func text() throws(Diagnostic) -> String {
        guard case .scalar(let text, _) = content else {
            throw diagnostic("type", "a text is wanted here, not \(kind)")
        }
        return text
    }

    /// A whole number.
    ///
    /// - Throws: `Diagnostic` when the text is none, or outside `range`.
    public func int(in range: ClosedRange<Int>) throws(Diagnostic) -> Int {
        let text = try text()
        guard let value = Int(text), range.contains(value) else {
            throw diagnostic(
                "type",
                "'\(text)' is no whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    /// `true` or `false`.
    ///
    /// - Throws: `Diagnostic` for anything else, `yes` and `no` included.
    public func bool() throws(Diagnostic) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        case let other:
            throw diagnostic("type", "'\(other)' is not true or false")
        }
    }

    /// One of a few words.
    ///
    /// - Throws: `Diagnostic` that names them, and the nearest.
    public func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(Diagnostic)
        -> Word where Word.RawValue == String
    {
        let text = try text()
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue)
            let near = nearestName(to: text, among: words)
            throw diagnostic(
                "unknown-word",
                "'\(text)' is not one of \(words.joined(separator: ", "))",
                cure: near.map { "did you mean '\($0)'?" }
            )
        }
        return word
    }

    /// The elements of a list.
    ///
    /// - Throws: `Diagnostic` when it is no list.
    public func elements() throws(Diagnostic) -> [YAMLNode] {
        guard case .sequence(let elements) = content else {
            throw diagnostic("type", "a list is wanted here, not \(kind)")
        }
        return elements
    }

    /// The entries of a mapping whose keys are free names.
    ///
    /// - Throws: `Diagnostic` when it is no mapping.
    public func entries() throws(Diagnostic) -> [(key: YAMLNode, value: YAMLNode)] {
        guard case .mapping(let entries) = content else {
            throw diagnostic("type", "keys are wanted here, not \(kind)")
        }
        return entries
    }

    /// The values of a mapping by key, when all its keys are known.
    ///
    /// - Throws: `Diagnostic` for an unknown key, with the nearest known one.
    public func fields(_ known: [String]) throws(Diagnostic) -> [String: YAMLNode] {
        let findings = Findings()
        let fields = try fields(known, findings)
        try findings.throwFirst()
        return fields
    }

    /// The values of a mapping by key; unknown keys are reported and left out.
    ///
    /// - Throws: `Diagnostic` when it is no mapping, or a key is the rest of an expression.
    func fields(_ known: [String], _ findings: Findings) throws(Diagnostic)
        -> [String: YAMLNode]
    {
        var fields: [String: YAMLNode] = [:]
        for (key, value) in try entries() {
            let name = try key.text()
            guard known.contains(name) else {
                guard !Self.looksCut(name) else { throw key.cutExpression(name) }
                findings.report(key.unknownKey(name, known))
                continue
            }
            fields[name] = value
        }
        return fields
    }

    func unknownKey(_ name: String, _ known: [String]) -> Diagnostic {
        diagnostic(
            "unknown-key",
            "no key '\(name)'",
            cure: nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
                ?? "known are \(known.joined(separator: ", "))"
        )
    }

    /// Whether a key is what YAML left of an expression that a comma cut in two.
    static func looksCut(_ key: String) -> Bool {
        key.contains { "()[]=<>+*&|?".contains($0) }
    }

    private func cutExpression(_ name: String) -> Diagnostic {
        diagnostic(
            "unknown-key",
            "no key '\(name)'",
            cure: Self.cutCure
        )
    }

    static let cutCure = "inside { } a comma ends the value before it: quote the expression"

    /// What a missing key is answered with.
    public func missing(_ key: String, _ meaning: String) -> Diagnostic {
        diagnostic("missing-key", "'\(key)' is missing", cure: "add \(key): \(meaning)")
    }

    private var kind: String {
        switch content {
        case .scalar: "a text"
        case .sequence: "a list"
        case .mapping: "keys"
        }
    }
}

/// The text of a YAML document, for excerpts.
public final class YAMLText: Sendable {
    /// The file as it was named.
    public let file: String
    /// Its lines.
    public let lines: [String]
    /// Whether an exclamation mark stands anywhere, which a tag needs.
    let hasMarks: Bool

    init(file: String, text: String) {
        self.file = file
        hasMarks = text.utf8.contains(0x21)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
