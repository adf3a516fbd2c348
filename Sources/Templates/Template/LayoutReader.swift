internal import Expressions
internal import FoundationEssentials

/// Reads layouts: columns in place, or from a CSV table of the template's folder.
struct LayoutReader {
    let findings: Findings

    private static let tableColumns = ["name", "width", "at", "type", "quote", "text"]

    func layouts(_ node: YAMLNode?) throws(Diagnostic) -> [LayoutDeclaration] {
        var list: [LayoutDeclaration] = []
        for (key, value) in try node?.entries() ?? [] {
            let read = findings.collect { () throws(Diagnostic) in
                let name = try key.text()
                try TemplateReader.requireName(name, key)
                return findings.collect(declaring: name) { () throws(Diagnostic) in
                    try layout(name, key, value)
                }
            }
            if let read = read ?? nil { list.append(read) }
        }
        return list
    }

    private func layout(_ name: String, _ key: YAMLNode, _ value: YAMLNode)
        throws(Diagnostic) -> LayoutDeclaration
    {
        let parts = try value.fields(["file", "fields", "record_length"], findings)
        let reader = TemplateReader(findings: findings)
        let fields: [FieldDeclaration]
        switch (parts["file"], parts["fields"]) {
        case (let file?, nil): fields = try table(try ExpressionText(file))
        case (nil, let given?):
            fields = try reader.elements(given) { element throws(Diagnostic) in
                do throws(Diagnostic) {
                    return try reader.field(element)
                } catch {
                    findings.loseColumn(element)
                    throw error
                }
            }
        case (_, let both?):
            throw both.diagnostic(
                "writing",
                "file and fields exclude each other",
                cure: "give the layout one of them"
            )
        case (nil, nil): throw value.missing("fields", "[name, ...], or file: TABLE.csv")
        }
        Self.reportDoubled(fields, in: "layout '\(name)'", findings)
        return LayoutDeclaration(
            name: name,
            fields: fields,
            recordLength: try parts["record_length"]?.int(in: 1...100_000),
            node: key
        )
    }

    /// Reports two columns of one name, of which sums and headers could mean only one.
    ///
    /// The same value may stand in a record twice.
    static func reportDoubled(
        _ fields: [FieldDeclaration],
        in owner: String,
        _ findings: Findings
    ) {
        var seen: [String: FieldDeclaration] = [:]
        for field in fields {
            guard let name = field.name else { continue }
            guard let other = seen.updateValue(field, forKey: name) else { continue }
            if case .value(let one) = other.content, case .value(let two) = field.content,
                one.text == two.text
            {
                continue
            }
            findings.report(
                field.node.diagnostic(
                    "doubled-name",
                    "\(owner) has two columns '\(name)'",
                    cure: "rename one"
                )
            )
        }
    }

    private func table(_ file: ExpressionText) throws(Diagnostic) -> [FieldDeclaration] {
        let path = try TemplateFolder.path(of: file)
        let text = try TemplateFolder.text(of: path, at: file.node)
        let document = YAMLText(file: path, text: text)
        let rows = try CSVReader.rows(of: text, file: path)
        guard let header = rows.first, header.cells.contains("name") else {
            throw Diagnostic(
                "unknown-name",
                "has no column 'name'",
                cure: "the first line names the columns: name,width,type",
                file: path,
                line: 1,
                excerpt: document.lines.first ?? ""
            )
        }
        func cell(_ row: CSVReader.Row, _ column: String) -> String? {
            guard let place = header.cells.firstIndex(of: column), place < row.cells.count else {
                return nil
            }
            return row.cells[place].isEmpty ? nil : row.cells[place]
        }
        for column in header.cells where !Self.tableColumns.contains(column) {
            // Vendors' tables carry notes; only what looks like a slip of ours is refused.
            if let near = nearestName(to: column, among: Self.tableColumns),
                !header.cells.contains(near)
            {
                throw Diagnostic(
                    "unknown-name",
                    "has a column '\(column)'",
                    cure: "did you mean '\(near)'?",
                    file: path,
                    line: 1,
                    excerpt: document.lines.first ?? ""
                )
            }
        }
        var fields: [FieldDeclaration] = []
        for row in rows.dropFirst() {
            let place = YAMLNode(
                content: .scalar(row.cells.joined(separator: ","), .plain),
                document: document,
                line: row.number,
                column: 1,
                path: ""
            )
            func scalar(_ text: String) -> YAMLNode {
                YAMLNode(
                    content: .scalar(text, .plain),
                    document: document,
                    line: row.number,
                    column: 1,
                    path: ""
                )
            }
            var field = FieldDeclaration(
                name: cell(row, "name"),
                content: .nothing,
                width: nil,
                pattern: nil,
                format: FormatDeclaration(),
                node: place
            )
            if let text = cell(row, "text") {
                field.content = .text(try ExpressionText(scalar(text)))
            }
            if let width = cell(row, "width") {
                field.width = .columns(try scalar(width).int(in: 1...100_000))
            } else if let at = cell(row, "at") {
                field.width = .at(try TemplateReader.columns(at, scalar(at)))
            }
            field.type = try cell(row, "type").map { word throws(Diagnostic) in
                try scalar(word).word(ColumnType.self)
            }
            enum Quote: String, CaseIterable { case yes, no }
            field.isQuoted = try cell(row, "quote").map { word throws(Diagnostic) in
                try scalar(word).word(Quote.self) == .yes
            }
            fields.append(field)
        }
        return fields
    }
}

/// Names of files that a template may open: plain names in its own folder.
enum TemplateFolder {
    /// The path of a file named in a document: beside that document.
    static func path(of file: ExpressionText) throws(Diagnostic) -> String {
        guard isPlainName(file.text) else {
            throw file.node.diagnostic(
                "file-name",
                "'\(file.text)' is no name of a file in the template's folder",
                cure: "put the file beside template.yaml"
            )
        }
        let folder = folder(of: file.node.document.file)
        let path = "\(folder)/\(file.text)"
        guard !SourceFile.leadsOut(path, of: "\(folder)/..") else {
            throw file.node.diagnostic(
                "file-name",
                "'\(file.text)' is a link that leads out of the folder of templates",
                cure: "put the file itself beside template.yaml"
            )
        }
        return path
    }

    static func isPlainName(_ text: String) -> Bool {
        !text.isEmpty && text.first != "."
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F
            }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    /// The text of a file of at most 1 MiB.
    static func text(of path: String, at node: YAMLNode) throws(Diagnostic) -> String {
        try SourceFile.text(
            of: path,
            atMostMebibytes: YAMLReader.mostMebibytes,
            shorten: "make it smaller",
            unreadable: node.diagnostic(
                "unreadable",
                "'\(path)' cannot be read",
                cure: "is it there, and may this user read it?"
            )
        )
    }
}
