internal import Expressions

/// What a skeleton's top level must be, so that every document has one root; and the namespace's name.
extension SkeletonCompiler {
    /// Whether the nodes are one that is always written, and once.
    func requireRoot(_ nodes: [XMLSkeleton.Node], at place: YAMLNode) throws(Diagnostic) {
        guard nodes.count == 1 else {
            throw place.diagnostic(
                "xml",
                "a second root element, a document has one",
                cure: "enclose both in one element"
            )
        }
        switch nodes[0] {
        case .text:
            throw place.diagnostic(
                "xml",
                "text stands beside the root element",
                cure: "put it into the root element"
            )
        case .part(let inner): try requireRoot(inner, at: place)
        case .element(let element):
            guard element.loop?.isForOne ?? true else {
                throw element.node.diagnostic(
                    "xml",
                    "the root element is repeated, a document has one",
                    cure: "put t:for-each on an element in it"
                )
            }
            guard element.condition == nil else {
                throw element.node.diagnostic(
                    "xml",
                    "the root element may be left out, a document has one",
                    cure: "leave t:if out, or use t:choose whose last branch has none"
                )
            }
        case .choose(let branches):
            guard let last = branches.last else {
                throw place.diagnostic(
                    "xml",
                    "t:choose has no branch",
                    cure: "put elements into it"
                )
            }
            for branch in branches.dropLast() {
                guard case .element(let element) = branch, element.loop?.isForOne ?? true else {
                    try requireRoot([branch], at: place)
                    continue
                }
            }
            try requireRoot([last], at: place)
        }
    }

    /// Refuses a namespace that is ours but for a slip, which would make our instructions plain elements.
    func requireKnownNamespaces(_ element: XMLNode.Element) throws(Diagnostic) {
        let cure = "write xmlns:t=\"\(Self.namespace)\""
        for (_, uri) in element.declarations where uri != Self.namespace {
            let isNear = nearestName(to: uri, among: [Self.namespace]) != nil
            guard !isNear else {
                throw place(element.line, uri).diagnostic(
                    "xml",
                    "there is no namespace '\(uri)'",
                    cure: cure
                )
            }
        }
        let isForeignSkeleton =
            element.localName == "skeleton" && element.name.hasPrefix("t:")
            && element.namespace != Self.namespace
        let names =
            [(element.name, element.namespace)] + element.attributes.map { ($0.name, $0.namespace) }
        for (name, namespace) in names
        where (namespace == nil && name.contains(":")) || isForeignSkeleton {
            throw place(element.line, name).diagnostic(
                "xml",
                "the prefix of '\(name)' stands for no namespace that is known",
                cure: name.hasPrefix("t:") ? cure : "declare it: xmlns:...=\"...\""
            )
        }
    }
}
