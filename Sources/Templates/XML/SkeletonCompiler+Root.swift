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
            try requireLasting(element)
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
                try requireLasting(element)
            }
            try requireRoot([last], at: place)
        }
    }

    /// Refuses a root that vanishes where all that is in it does.
    private func requireLasting(_ element: XMLSkeleton.Element) throws(Diagnostic) {
        guard !element.children.isEmpty, element.children.allSatisfy(\.mayVanish) else { return }
        throw element.node.diagnostic(
            "xml",
            "the root element vanishes where everything in it is absent, a document has one",
            cure: "put an element into it that is always written"
        )
    }

    /// Refuses keys that an instruction does not have: they would say nothing.
    func requireBare(_ element: XMLNode.Element, _ known: [String]) throws(Diagnostic) {
        for attribute in element.attributes where !known.contains(attribute.name) {
            throw place(element.line, attribute.name).diagnostic(
                "unknown-key",
                "there is no \(attribute.name) on <\(element.name)>",
                cure: known.isEmpty
                    ? "put it on the elements inside" : "known is \(known.joined(separator: ", "))"
            )
        }
    }

    /// Reports text between the branches of a choice, which would never be written.
    func reportText(in element: XMLNode.Element, _ findings: Findings) {
        for case .text(let text, let line) in element.children
        where !text.allSatisfy(\.isWhitespace) {
            findings.report(
                place(line, text.trimmingBlanks).diagnostic(
                    "xml",
                    "text stands between the branches of <\(element.name)>, and would not be written",
                    cure: "put it into an element"
                )
            )
        }
    }

    /// Reports what stands inside an instruction that writes something else.
    func reportChildren(of element: XMLNode.Element, _ findings: Findings) {
        reportText(in: element, findings)
        for case .element(let child) in element.children {
            findings.report(
                place(child.line, child.name).diagnostic(
                    "xml",
                    "<\(child.name)> stands in <\(element.name)>, and would not be written",
                    cure: "put it behind, or into the part"
                )
            )
        }
    }

    /// Reports branches behind one that is always taken.
    func reportUnreachable(_ branches: [XMLSkeleton.Node], _ findings: Findings) {
        for (index, branch) in branches.enumerated().dropLast() {
            guard case .element(let element) = branch, element.condition == nil else { continue }
            guard case .element(let next) = branches[index + 1] else { return }
            findings.report(
                next.node.diagnostic(
                    "xml",
                    "the branch is never taken, the one before it has no t:if",
                    cure: "put the branch without t:if last"
                )
            )
            return
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

extension XMLSkeleton.Node {
    /// Whether nothing may be left of the node.
    fileprivate var mayVanish: Bool {
        switch self {
        case .text(let text):
            guard text.vanishes else { return false }
            return text.pieces.contains { piece in
                if case .hole(let formula, _) = piece { formula.type.isOptional } else { false }
            }
        case .element(let element):
            return element.condition != nil || !(element.loop?.isLasting ?? true)
                || !element.children.isEmpty && element.children.allSatisfy(\.mayVanish)
        case .choose(let branches):
            guard case .element(let last)? = branches.last, last.condition == nil else {
                return true
            }
            return branches.contains { branch in
                guard case .element(let element) = branch else { return branch.mayVanish }
                return !element.children.isEmpty && element.children.allSatisfy(\.mayVanish)
            }
        case .part(let nodes): return nodes.allSatisfy(\.mayVanish)
        }
    }
}

extension XMLSkeleton.Loop {
    /// Whether it always has something to go over: batches, groups and documents are never empty, and an
    /// invoice has a line (BR-16).
    fileprivate var isLasting: Bool {
        guard case .values(let formula) = list else { return true }
        return isForOne || formula.source.hasSuffix(".lines")
    }
}
