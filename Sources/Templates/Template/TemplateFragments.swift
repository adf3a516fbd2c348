internal import Expressions

/// Parts that several templates share: `fragments: [common.yaml]`, files beside template.yaml with
/// `derive`, `layouts` and `records`.
struct TemplateFragments {
    private(set) var derived: [NamedExpression] = []
    private(set) var layouts: [LayoutDeclaration] = []
    private(set) var records: [NodeDeclaration] = []
    /// The fragments as the template names them.
    private(set) var parts: [ExpressionText] = []

    /// Reads the fragments; one that is wrong is left out and reported.
    init(_ node: YAMLNode?, _ findings: Findings) {
        let reader = TemplateReader(findings: findings)
        let files = findings.collect { () throws(Diagnostic) in try reader.texts(node) }
        for file in files ?? [] {
            _ = findings.collect { () throws(Diagnostic) in try take(file, reader) }
        }
    }

    private mutating func take(_ file: ExpressionText, _ reader: TemplateReader)
        throws(Diagnostic)
    {
        let path = try TemplateFolder.path(of: file)
        let root = try YAMLReader.read(file: path)
        let fields = try root.fields(["derive", "layouts", "records"], reader.findings)
        derived += try reader.named(fields["derive"])
        layouts += try LayoutReader(findings: reader.findings).layouts(fields["layouts"])
        records += try reader.namedRecords(fields["records"])
        parts.append(file)
    }
}

/// Records by id: the template's own, those of its fragments and of the template it extends.
struct RecordLibrary {
    private let own: [String: NodeDeclaration]
    private let all: [String: NodeDeclaration]

    init(own: [NodeDeclaration], fragments: [NodeDeclaration], base: [NodeDeclaration]) {
        self.own = Self.byId(own)
        all = self.own.merging(Self.byId(fragments)) { own, _ in own }
            .merging(Self.byId(base)) { nearer, _ in nearer }
    }

    private static func byId(_ nodes: [NodeDeclaration]) -> [String: NodeDeclaration] {
        var found: [String: NodeDeclaration] = [:]
        for node in nodes {
            if let id = node.id, found[id] == nil { found[id] = node }
            if case .records(let inner) = node.writing {
                found.merge(byId(inner)) { first, _ in first }
            }
        }
        return found
    }

    /// The node with each `include: ID` replaced by that record; one that is wrong is left out.
    func resolved(_ node: NodeDeclaration, depth: Int = 0, _ findings: Findings)
        throws(Diagnostic) -> NodeDeclaration
    {
        switch node.writing {
        case .include(let id):
            guard depth < 32 else {
                throw id.node.diagnostic(
                    "too-deep",
                    "records include one another deeper than 32 levels",
                    cure: "does '\(id.text)' include itself?"
                )
            }
            guard let record = all[id.text] else {
                throw id.node.diagnostic(
                    "unknown-name",
                    "there is no record '\(id.text)' to include",
                    cure: nearestName(to: id.text, among: all.keys.sorted()).map {
                        "did you mean '\($0)'?"
                    } ?? "name a record of the extended template or of a fragment"
                )
            }
            let found = try resolved(record, depth: depth + 1, findings)
            guard node.isBare else {
                var node = node
                node.writing = .records([found])
                return node
            }
            return found
        case .records(let inner):
            var node = node
            var nodes: [NodeDeclaration] = []
            for one in inner {
                let found = findings.collect { () throws(Diagnostic) in
                    try resolved(one, depth: depth, findings)
                }
                if let found { nodes.append(found) }
            }
            node.writing = .records(nodes)
            return node
        default: return node
        }
    }

    /// The node with this template's own records in the place of those of the same id.
    func replacing(_ node: NodeDeclaration) -> NodeDeclaration {
        if let id = node.id, let record = own[id] { return record }
        guard case .records(let inner) = node.writing else { return node }
        var node = node
        node.writing = .records(inner.map(replacing))
        return node
    }
}

extension NodeDeclaration {
    /// Whether the node says nothing but what it writes.
    fileprivate var isBare: Bool {
        forEach == nil && bindings.isEmpty && condition == nil && layout == nil && values.isEmpty
            && checks.isEmpty && format.written.isEmpty && checksum == nil
    }
}
