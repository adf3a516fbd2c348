internal import Expressions
internal import Transactions

extension PlanBuilder {
    /// Fields that may take part in a file name (reliability 6.3).
    private static let nameable: Set<String> = [
        "contractNumber", "invoiceNo", "currency", "transactionTime", "transactionStartTime",
        "statusDate", "invoiceDate", "reversal",
    ]

    /// Compiles a file's name, and refuses parts that may not stand in one.
    mutating func fileName(_ text: ExpressionText, _ place: Place) throws(Diagnostic)
        -> TextTemplate
    {
        var offset = 0
        for part in try TextTemplate.parts(of: text.text, at: text.node) {
            switch part {
            case .literal(let literal):
                if let bad = literal.unicodeScalars.first(where: { !FileName.isSafe($0) }) {
                    throw text.node.diagnostic(
                        "file-name",
                        "a file's name has no '\(bad)'",
                        cure: "letters without marks, digits, '.', '_' and '-'"
                    )
                }
            case .hole(let source, _, let start, _):
                let formula = try formula(source, at: text.node, offset: start, place)
                let found = origins(of: formula.usedNames)
                offset = start
                guard let refused = found.subtracting(Self.nameable).sorted().first else {
                    continue
                }
                throw text.node.diagnostic(
                    "file-name",
                    refused == "lookup"
                        ? "a lookup's column may not stand in a file's name"
                        : "'\(refused)' may not stand in a file's name",
                    cure: "only contract, invoice number, currency, dates and the batch may",
                    at: offset..<offset + source.utf8.count
                )
            }
        }
        return try self.text(text, place, Plan.plainFormat)
    }

    /// Reports a name that does not tell the files of one loop apart.
    func reportAlike(_ name: TextTemplate, _ file: FileDeclaration, _ loop: CompiledNode.Loop) {
        var used: Set<String> = []
        for case .hole(let formula, _) in name.pieces { used.formUnion(formula.usedNames) }
        let item: String
        let keys: [String]
        switch loop {
        case .once: return
        case .groups:
            item = file.tree.itemName ?? "group"
            keys = file.tree.groupBy.map(\.name)
        case .items(.documents, _, _, _), .items(.documentsOf, _, _, _):
            guard let documents = template.documents else { return }
            item = documents.itemName
            keys =
                documents.model == nil ? documents.groupBy.map(\.name) : ["number", "currency"]
        case .items(.transactions, _, _, _), .items(.transactionsOf, _, _, _):
            findings.report(
                file.name.node.diagnostic(
                    "doubled-name",
                    "the files of two transactions would have one name: nothing that tells them apart may stand in it",
                    cure: "group them: group_by: [...], as: part"
                )
            )
            return
        case .items(.values, _, _, _):
            item = file.tree.itemName ?? "item"
            guard !used.contains(where: { $0 == item || $0.hasPrefix(item + ".") }) else { return }
            keys = [""]
        }
        guard !used.contains("\(item).position"), !used.contains("\(item).serial") else { return }
        let found = origins(of: used)
        let missing = keys.first { key in
            let from = origins["\(item).\(key)"] ?? []
            return !used.contains("\(item).\(key)") && (from.isEmpty || !from.isSubset(of: found))
        }
        guard let missing else { return }
        let path = missing.isEmpty ? item : "\(item).\(missing)"
        findings.report(
            file.name.node.diagnostic(
                "doubled-name",
                "two files may have one name: '\(path)' is not in it",
                cure: "put ${\(path)} into it"
                    + (missing.isEmpty ? "" : ", or ${\(item).position}")
            )
        )
    }

    /// Reports files that are called alike whatever is in them.
    func reportSameNames() {
        var seen: Set<String> = []
        for file in template.files where !seen.insert(file.name.text).inserted {
            findings.report(
                file.name.node.diagnostic(
                    "doubled-name",
                    "two files are called '\(file.name.text)'",
                    cure: "rename one"
                )
            )
        }
    }
}
