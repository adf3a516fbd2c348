/// One thing that is wrong with a configuration, a template or a lookup, with its place and its cure.
public struct Diagnostic: Error, Hashable, Sendable {
    /// How grave it is.
    public enum Severity: String, Sendable {
        /// Nothing runs with it.
        case error
        /// It may be meant; `--strict` refuses it.
        case warning
    }

    /// How grave it is.
    public let severity: Severity
    /// The name in docs/errors.md.
    public let name: String
    /// The file as it was named.
    public let file: String
    /// Line, counted from 1; 0 when the whole file is meant.
    public let line: Int
    /// Column, counted from 1 in characters.
    public let column: Int
    /// Characters that are marked, at least 1.
    public let length: Int
    /// Where in the document: `files[1].records[2].when`.
    public let path: String
    /// What is wrong.
    public let message: String
    /// What to do.
    public let cure: String?
    /// The line's text, for the excerpt.
    public let excerpt: String
    /// How many more mistakes were found beside this one, which came first.
    public internal(set) var others = 0

    /// Describes something wrong.
    public init(
        _ name: String,
        _ message: String,
        cure: String? = nil,
        severity: Severity = .error,
        file: String,
        line: Int = 0,
        column: Int = 1,
        length: Int = 1,
        path: String = "",
        excerpt: String = ""
    ) {
        self.name = name
        self.message = message
        self.cure = cure
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.length = max(1, length)
        self.path = path
        self.excerpt = excerpt
    }

    /// The first line: `FILE:LINE:COLUMN: path: what [name]`.
    public var headline: String {
        let place = line == 0 ? file : "\(file):\(line):\(column)"
        let warning = severity == .warning ? "warning: " : ""
        return "\(place): \(warning)\(path.isEmpty ? "" : path + ": ")\(message) [\(name)]"
    }

    /// One line, the cure behind `; `: for logs and pipes.
    public var oneLine: String { headline + (cure.map { "; \($0)" } ?? "") }

    /// Three lines for a terminal: what, the source with its mark, the cure beside the mark.
    public var threeLines: String {
        guard line > 0, !excerpt.isEmpty else { return oneLine }
        let characters = Array(excerpt)
        // A long line is cut around the mark.
        let start = column > 70 ? column - 50 : 1
        let end = min(characters.count, start + 110)
        var shown = start <= end ? String(characters[(start - 1)..<end]) : ""
        var indent = column - start
        if start > 1 {
            shown = "…" + shown
            indent += 1
        }
        if end < characters.count { shown += "…" }
        let number = String(line)
        let gutter = String(repeating: " ", count: max(0, 4 - number.count)) + number
        let mark =
            "^" + String(repeating: "~", count: max(0, min(length, end - column + 1) - 1))
        return """
            \(headline)
            \(gutter) | \(shown)
                 | \(String(repeating: " ", count: max(0, indent)))\(mark)\(cure.map { " \($0)" } ?? "")
            """
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The one-line form.
    public var description: String { oneLine }
}
