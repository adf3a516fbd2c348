internal import Expressions
public import Transactions

/// A template as written: template.yaml read and its keys known, nothing proven yet.
public struct Template: Sendable {
    /// The folder, as it was named.
    public let folder: String
    /// The folder's own name, which is the template's.
    public let name: String
    /// What it makes, in one line.
    public let title: String
    /// The kind of transactions it maps.
    public let feed: Feed
    /// The folders it is made of: its own, then those of what it extends.
    public let folders: [String]
    /// Whether it takes changed transactions as a negated copy and a new version.
    public let acceptsReversals: Bool
    let requires: [ExpressionText]
    /// Fields that a template can do without although rows have them as a rule.
    let optional: [ExpressionText]
    let stopsOnReject: Bool
    let documents: DocumentsDeclaration?
    let parameters: [ParameterDeclaration]
    let lookups: [LookupDeclaration]
    let derived: [NamedExpression]
    let layouts: [LayoutDeclaration]
    let format: FormatDeclaration
    let package: PackageDeclaration?
    let files: [FileDeclaration]
    let node: YAMLNode
    let formatNode: YAMLNode
    /// Whether the format could be read: without, nothing is said of what it would lack.
    let isFormatKnown: Bool
    /// The fragments as the template names them.
    let fragments: [ExpressionText]
    /// What stands under `records`, to be included or to replace one of the extended template.
    let ownRecords: [NodeDeclaration]

    private static let keys = [
        "version", "title", "feed", "extends", "fragments", "requires", "optional", "accepts",
        "on_reject", "documents", "parameters", "lookups", "derive", "layouts", "format", "package",
        "records",
        "files",
    ]

    /// Reads `template.yaml` of a folder, and what it extends.
    ///
    /// - Parameters:
    ///   - folder: the template's folder.
    ///   - findings: takes all that is wrong; what can be read is a template all the same.
    /// - Throws: `Diagnostic` when nothing can be read; without `findings`, the first thing that is wrong.
    public init(folder: String, findings: Findings? = nil) throws(Diagnostic) {
        let all = findings ?? Findings()
        try self.init(folder: folder, extendedBy: [], all)
        if findings == nil { try all.throwFirst() }
    }

    private init(folder: String, extendedBy users: [String], _ findings: Findings)
        throws(Diagnostic)
    {
        var trimmed = Substring(folder)
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.folder = String(trimmed)
        let name = trimmed.split(separator: "/").last.map(String.init) ?? String(trimmed)
        self.name = name
        let root = try YAMLReader.read(file: "\(trimmed)/template.yaml")
        node = root
        let fields = try root.fields(Self.keys, findings)
        try Self.requireVersion(fields, root)
        let reader = TemplateReader(findings: findings)
        func read<Part>(_ step: () throws(Diagnostic) -> Part?) -> Part? {
            findings.collect(step) ?? nil
        }
        let path = self.folder
        let base = read { () throws(Diagnostic) in
            try Self.base(fields["extends"], of: path, users + [name], findings)
        }
        title =
            read { () throws(Diagnostic) in
                guard let title = fields["title"] else {
                    throw root.missing("title", "what it makes")
                }
                return try title.text()
            } ?? ""
        feed =
            read { () throws(Diagnostic) in try fields["feed"]?.word(Feed.self) }
            ?? base?.feed ?? .contractTransactions
        requires = read { () throws(Diagnostic) in try reader.texts(fields["requires"]) } ?? []
        optional =
            read { () throws(Diagnostic) in try reader.texts(fields["optional"]) }
            ?? base?.optional ?? []
        acceptsReversals =
            read { () throws(Diagnostic) in try Self.accepts(fields["accepts"]) } ?? false
        stopsOnReject =
            read { () throws(Diagnostic) in try fields["on_reject"]?.word(RejectPolicy.self) }
            == .stop
        documents = read { () throws(Diagnostic) in
            try fields["documents"].map { node throws(Diagnostic) in try reader.documents(node) }
        }
        if let node = fields["documents"], documents == nil {
            findings.lose("document")
            findings.loseNames(in: node)
        }
        let fragments = TemplateFragments(fields["fragments"], findings)
        self.fragments = fragments.parts
        parameters = Self.merged(
            read { () throws(Diagnostic) in try reader.parameters(fields["parameters"]) } ?? [],
            base?.parameters ?? []
        ) { $0.name }
        lookups = Self.merged(
            read { () throws(Diagnostic) in try reader.lookups(fields["lookups"]) } ?? [],
            base?.lookups ?? []
        ) { $0.name }
        // What is derived may use what stands before it: the extended template's comes first.
        let derived = read { () throws(Diagnostic) in try reader.named(fields["derive"]) } ?? []
        let inherited = (base?.derived ?? []) + fragments.derived
        self.derived =
            inherited.map { old in derived.first { $0.name == old.name } ?? old }
            + derived.filter { new in !inherited.contains { $0.name == new.name } }
        let layouts = read { () throws(Diagnostic) in
            try LayoutReader(findings: findings).layouts(fields["layouts"])
        }
        self.layouts = Self.merged(
            layouts ?? [],
            fragments.layouts + (base?.layouts ?? [])
        ) { $0.name }
        if let format = fields["format"] {
            formatNode = format
            let own = read { () throws(Diagnostic) in try FormatDeclaration(format, findings) }
            self.format = (own ?? FormatDeclaration()).inside(base?.format ?? FormatDeclaration())
            isFormatKnown = own != nil
        } else if let base {
            formatNode = base.formatNode
            format = base.format
            isFormatKnown = base.isFormatKnown
        } else {
            findings.report(root.missing("format", "{ kind: ... }"))
            formatNode = root
            format = FormatDeclaration()
            isFormatKnown = false
        }
        package =
            read { () throws(Diagnostic) in
                try fields["package"].map { node throws(Diagnostic) in try reader.package(node) }
            } ?? base?.package
        let own = read { () throws(Diagnostic) in try reader.namedRecords(fields["records"]) } ?? []
        ownRecords = own
        let records = RecordLibrary(
            own: own,
            fragments: fragments.records,
            base: base?.files.map(\.tree) ?? []
        )
        files = Self.files(fields["files"], root, base, records, reader)
        folders = [String(trimmed)] + (base?.folders ?? [])
    }

    /// The template's files with what they include, or those of the template it extends.
    private static func files(
        _ node: YAMLNode?,
        _ root: YAMLNode,
        _ base: Template?,
        _ records: RecordLibrary,
        _ reader: TemplateReader
    ) -> [FileDeclaration] {
        guard let node else {
            guard let base else {
                reader.findings.report(root.missing("files", "a list of files"))
                return []
            }
            // Files that are taken over write this template's records where it has one of that id.
            return base.files.map { file in
                var file = file
                file.tree = records.replacing(file.tree)
                return file
            }
        }
        let errors = reader.findings.errors.count
        let list = reader.findings.collect { () throws(Diagnostic) in
            try reader.elements(node) { element throws(Diagnostic) in
                var file = try reader.file(element)
                file.tree = try records.resolved(file.tree, reader.findings)
                return file
            }
        }
        if list?.isEmpty ?? true, reader.findings.errors.count == errors {
            reader.findings.report(
                node.diagnostic(
                    "missing-key",
                    "the template has no file",
                    cure: "add one: - name: export.csv"
                )
            )
        }
        return list ?? []
    }

    private enum RejectPolicy: String, CaseIterable { case `continue`, stop }
    private enum Accepted: String, CaseIterable { case reversals }

    private static func requireVersion(_ fields: [String: YAMLNode], _ root: YAMLNode)
        throws(Diagnostic)
    {
        guard let version = fields["version"] else { throw root.missing("version", "1") }
        guard try version.text() == "1" else {
            throw version.diagnostic(
                "version",
                "template version '\(try version.text())' is not known",
                cure: "the highest version this program reads is 1"
            )
        }
    }

    private static func accepts(_ node: YAMLNode?) throws(Diagnostic) -> Bool {
        var accepts = false
        for element in try node?.elements() ?? [] {
            accepts = try element.word(Accepted.self) == .reversals
        }
        return accepts
    }

    /// The template of a folder beside this one's.
    private static func base(
        _ node: YAMLNode?,
        of folder: String,
        _ users: [String],
        _ findings: Findings
    ) throws(Diagnostic) -> Template? {
        guard let node else { return nil }
        let name = try node.text()
        guard TemplateFolder.isPlainName(name) else {
            throw node.diagnostic(
                "file-name",
                "'\(name)' is no name of a template's folder",
                cure: "name a folder beside this template's"
            )
        }
        guard !users.contains(name), users.count < 8 else {
            throw node.diagnostic(
                "too-deep",
                users.contains(name)
                    ? "'\(name)' extends itself" : "templates extend one another 8 times",
                cure: "extend a template that stands on its own"
            )
        }
        return try Template(
            folder: "\(TemplateFolder.folder(of: folder))/\(name)",
            extendedBy: users,
            findings
        )
    }

    private static func merged<Element>(
        _ own: [Element],
        _ base: [Element],
        by name: (Element) -> String
    ) -> [Element] {
        own + base.filter { old in !own.contains { name($0) == name(old) } }
    }
}
