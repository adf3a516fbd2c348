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
    let requires: [ExpressionText]
    let stopsOnReject: Bool
    let documents: DocumentsDeclaration?
    let parameters: [ParameterDeclaration]
    let lookups: [LookupDeclaration]
    let derived: [NamedExpression]
    let format: FormatDeclaration
    let files: [FileDeclaration]
    let node: YAMLNode

    private static let keys = [
        "version", "title", "feed", "requires", "on_reject", "documents", "parameters", "lookups",
        "derive", "format", "files",
    ]
    private static let laterKeys = ["accepts", "layouts", "package", "extends"]

    /// Reads `template.yaml` of a folder.
    ///
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    public init(folder: String) throws(Diagnostic) {
        var trimmed = Substring(folder)
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.folder = String(trimmed)
        name = trimmed.split(separator: "/").last.map(String.init) ?? String(trimmed)
        let root = try YAMLReader.read(file: "\(trimmed)/template.yaml")
        node = root
        let fields = try root.fields(Self.keys, later: Self.laterKeys)
        guard let version = fields["version"] else { throw root.missing("version", "1") }
        guard try version.text() == "1" else {
            throw version.diagnostic(
                "version",
                "template version '\(try version.text())' is not known",
                cure: "the highest version this program reads is 1"
            )
        }
        guard let title = fields["title"] else { throw root.missing("title", "what it makes") }
        self.title = try title.text()
        feed = try fields["feed"]?.word(Feed.self) ?? .contractTransactions
        var requires: [ExpressionText] = []
        for element in try fields["requires"]?.elements() ?? [] {
            requires.append(try ExpressionText(element))
        }
        self.requires = requires
        stopsOnReject = try fields["on_reject"]?.word(RejectPolicy.self) == .stop
        documents = try fields["documents"].map(TemplateReader.documents)
        parameters = try TemplateReader.parameters(fields["parameters"])
        lookups = try TemplateReader.lookups(fields["lookups"])
        derived = try TemplateReader.named(fields["derive"])
        guard let format = fields["format"] else { throw root.missing("format", "{ kind: ... }") }
        self.format = try FormatDeclaration(format)
        guard let files = fields["files"] else { throw root.missing("files", "a list of files") }
        var list: [FileDeclaration] = []
        for element in try files.elements() { list.append(try TemplateReader.file(element)) }
        guard !list.isEmpty else {
            throw files.diagnostic("missing-key", "the template has no file")
        }
        self.files = list
    }

    private enum RejectPolicy: String, CaseIterable { case `continue`, stop }
}
