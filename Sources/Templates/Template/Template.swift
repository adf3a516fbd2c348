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
    /// The files it is made of, in the order read: its own, then what it extends and includes.
    public let sources: [String]
    /// Whether it takes changed transactions as a negated copy and a new version.
    public let acceptsReversals: Bool
    let requires: [ExpressionText]
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

    private static let keys = [
        "version", "title", "feed", "extends", "fragments", "requires", "accepts", "on_reject",
        "documents", "parameters", "lookups", "derive", "layouts", "format", "package", "records",
        "files",
    ]

    /// Reads `template.yaml` of a folder, and what it extends.
    ///
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    public init(folder: String) throws(Diagnostic) {
        try self.init(folder: folder, extendedBy: [])
    }

    private init(folder: String, extendedBy users: [String]) throws(Diagnostic) {
        var trimmed = Substring(folder)
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.folder = String(trimmed)
        name = trimmed.split(separator: "/").last.map(String.init) ?? String(trimmed)
        let root = try YAMLReader.read(file: "\(trimmed)/template.yaml")
        node = root
        let fields = try root.fields(Self.keys)
        try Self.requireVersion(fields, root)
        let base = try Self.base(fields["extends"], of: self.folder, users + [name])
        guard let title = fields["title"] else { throw root.missing("title", "what it makes") }
        self.title = try title.text()
        feed = try fields["feed"]?.word(Feed.self) ?? base?.feed ?? .contractTransactions
        requires = try TemplateReader.texts(fields["requires"])
        acceptsReversals = try Self.accepts(fields["accepts"])
        stopsOnReject = try fields["on_reject"]?.word(RejectPolicy.self) == .stop
        documents = try fields["documents"].map(TemplateReader.documents)
        let fragments = try TemplateFragments(fields["fragments"])
        parameters = Self.merged(
            try TemplateReader.parameters(fields["parameters"]),
            base?.parameters ?? []
        ) { $0.name }
        lookups = Self.merged(
            try TemplateReader.lookups(fields["lookups"]),
            base?.lookups ?? []
        ) { $0.name }
        // What is derived may use what stands before it: the extended template's comes first.
        let derived = try TemplateReader.named(fields["derive"])
        let inherited = (base?.derived ?? []) + fragments.derived
        self.derived =
            inherited.map { old in derived.first { $0.name == old.name } ?? old }
            + derived.filter { new in !inherited.contains { $0.name == new.name } }
        layouts = Self.merged(
            try LayoutReader.layouts(fields["layouts"]),
            fragments.layouts + (base?.layouts ?? [])
        ) { $0.name }
        if let format = fields["format"] {
            formatNode = format
            self.format = try FormatDeclaration(format).inside(
                base?.format ?? FormatDeclaration()
            )
        } else if let base {
            formatNode = base.formatNode
            format = base.format
        } else {
            throw root.missing("format", "{ kind: ... }")
        }
        package = try fields["package"].map(TemplateReader.package) ?? base?.package
        var own: [NodeDeclaration] = []
        for element in try fields["records"]?.elements() ?? [] {
            let record = try TemplateReader.record(element, hasLayout: true)
            guard record.id != nil else { throw element.missing("id", "the record's name") }
            own.append(record)
        }
        let records = RecordLibrary(
            own: own,
            fragments: fragments.records,
            base: base?.files.map(\.tree) ?? []
        )
        if let node = fields["files"] {
            var list: [FileDeclaration] = []
            for element in try node.elements() {
                var file = try TemplateReader.file(element)
                file.tree = try records.resolved(file.tree)
                list.append(file)
            }
            guard !list.isEmpty else {
                throw node.diagnostic(
                    "missing-key",
                    "the template has no file",
                    cure: "add one: - name: export.csv"
                )
            }
            files = list
        } else if let base {
            // Files that are taken over write this template's records where it has one of that id.
            files = base.files.map { file in
                var file = file
                file.tree = records.replacing(file.tree)
                return file
            }
        } else {
            throw root.missing("files", "a list of files")
        }
        sources =
            ["\(trimmed)/template.yaml"] + fragments.sources + (base?.sources ?? [])
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
    private static func base(_ node: YAMLNode?, of folder: String, _ users: [String])
        throws(Diagnostic) -> Template?
    {
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
            extendedBy: users
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
