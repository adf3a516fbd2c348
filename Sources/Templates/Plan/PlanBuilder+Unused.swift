internal import Expressions

/// Warnings of what a template declares and nothing uses: it is a slip, or left over.
extension PlanBuilder {
    mutating func warnOfUnused() {
        let words = Set(usedNames.flatMap { $0.split(separator: ".").map(String.init) })
        let nodes = template.files.flatMap { $0.tree.all }
        warnOfParameters(template.parameters, "parameters")
        warnOfLookups(words)
        for value in template.derived
        where isOwn(value.expression.node) && !words.contains(value.name)
            // A lookup rejects or holds a transaction, whatever becomes of its value.
            && !value.expression.text.contains("lookups.")
        {
            warn(value.expression.node, "derived field", value.name)
        }
        for node in nodes {
            for binding in node.bindings
            where isOwn(binding.expression.node) && !words.contains(binding.name) {
                warn(binding.expression.node, "name", binding.name)
            }
        }
        for layout in template.layouts where isOwn(layout.node) && !isUsed(layout, nodes) {
            warn(layout.node, "layout", layout.name, "layouts.\(layout.name)")
        }
        for record in template.ownRecords where !nodes.contains(where: { $0.isSame(as: record) }) {
            warn(record.node, "record", record.id ?? "")
        }
        warnOfFragments(words, nodes)
    }

    private mutating func warn(
        _ node: YAMLNode,
        _ noun: String,
        _ name: String,
        _ path: String? = nil
    ) {
        warnings.append(
            node.diagnostic(
                "unused",
                "\(noun) '\(name)' is never used",
                cure: "leave it out",
                severity: .warning,
                path: path
            )
        )
    }

    /// Whether something stands in the template itself: what others share need not all be used here.
    private func isOwn(_ node: YAMLNode) -> Bool {
        node.document.file == template.node.document.file
    }

    private func isUsed(_ path: String) -> Bool {
        usedNames.contains { $0 == path || $0.hasPrefix(path + ".") }
    }

    private mutating func warnOfParameters(
        _ declarations: [ParameterDeclaration],
        _ prefix: String
    ) {
        for declaration in declarations {
            let path = "\(prefix).\(declaration.name)"
            if let members = declaration.members {
                warnOfParameters(members, path)
            } else if isOwn(declaration.node), !isUsed(path) {
                warn(declaration.node, "parameter", String(path.dropFirst(11)), path)
            }
        }
    }

    private mutating func warnOfLookups(_ words: Set<String>) {
        for declaration in template.lookups where isOwn(declaration.node) {
            guard isUsed("lookups.\(declaration.name)") else {
                warn(declaration.node, "lookup", declaration.name, "lookups.\(declaration.name)")
                continue
            }
            for (place, column) in declaration.columns.enumerated() {
                let isNeeded =
                    declaration.key.contains(place) || declaration.valid?.from == place
                    || declaration.valid?.to == place
                guard !isNeeded, !words.contains(column.name) else { continue }
                warn(column.node, "lookup '\(declaration.name)': column", column.name)
            }
        }
    }

    private func isUsed(_ layout: LayoutDeclaration, _ nodes: [NodeDeclaration]) -> Bool {
        nodes.contains { node in
            if node.layout?.text == layout.name { return true }
            if case .namesOf(let id) = node.writing { return id.text == layout.name }
            return false
        }
    }

    private mutating func warnOfFragments(_ words: Set<String>, _ nodes: [NodeDeclaration]) {
        for fragment in template.fragments {
            let file =
                TemplateFolder.folder(of: fragment.node.document.file) + "/" + fragment.text
            let isUsed =
                template.derived.contains {
                    $0.expression.node.document.file == file && words.contains($0.name)
                }
                || template.layouts.contains {
                    $0.node.document.file == file && self.isUsed($0, nodes)
                }
                || nodes.contains { $0.node.document.file == file }
            if !isUsed { warn(fragment.node, "fragment", fragment.text) }
        }
    }
}

extension NodeDeclaration {
    /// The node and all inside it.
    var all: [NodeDeclaration] {
        guard case .records(let records) = writing else { return [self] }
        return [self] + records.flatMap(\.all)
    }

    /// Whether both are one part of one document.
    fileprivate func isSame(as other: NodeDeclaration) -> Bool {
        node.document === other.node.document && node.line == other.node.line
            && node.column == other.node.column
    }
}
