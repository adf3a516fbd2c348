internal import Expressions
internal import Transactions

/// The parameters of an export, checked against what the template declares.
struct ParameterValues {
    let type: RecordType
    let values: [Value]
    /// As plain texts by name, for the manifest and batch id.
    let texts: [String: String]

    init(
        _ declarations: [ParameterDeclaration],
        given: YAMLNode?,
        owner: YAMLNode?,
        template: Template
    ) throws(Diagnostic) {
        let fields = try given?.fields(declarations.map(\.name)) ?? [:]
        var values: [Value] = []
        var texts: [String: String] = [:]
        for declaration in declarations {
            guard let node = fields[declaration.name] ?? declaration.fallback else {
                throw (given ?? owner ?? declaration.node).diagnostic(
                    "missing-parameter",
                    "template '\(template.name)' needs '\(declaration.name)' (\(declaration.kind.rawValue))",
                    cure:
                        "add \(declaration.name): ... (declared in \(declaration.node.document.file):\(declaration.node.line))"
                )
            }
            let text = try node.text()
            guard let value = declaration.kind.value(text) else {
                throw node.diagnostic(
                    "parameter",
                    "'\(text)' is no \(declaration.kind.rawValue)",
                    cure: declaration.kind == .date ? "write it as yyyy-MM-dd" : nil
                )
            }
            if case .int(let number) = value {
                let least = declaration.least.map(Int64.init) ?? .min
                let most = declaration.most.map(Int64.init) ?? .max
                guard (least...max(least, most)).contains(number) else {
                    throw node.diagnostic(
                        "parameter",
                        "\(number) is outside \(least) to \(most)"
                    )
                }
            }
            if let pattern = declaration.pattern {
                let matches: Bool
                do {
                    matches = try Regex(pattern).wholeMatch(in: text) != nil
                } catch {
                    throw declaration.node.diagnostic(
                        "pattern",
                        "'\(pattern)' is no regular expression"
                    )
                }
                guard matches else {
                    throw node.diagnostic(
                        "parameter",
                        "'\(text)' does not match \(pattern)",
                        cure:
                            "declared in \(declaration.node.document.file):\(declaration.node.line)"
                    )
                }
            }
            values.append(value)
            texts[declaration.name] = plainText(value)
        }
        type = RecordType(
            name: "'parameters'",
            memberNoun: "parameter",
            members: declarations.map { .init($0.name, $0.kind.type) }
        )
        self.values = values
        self.texts = texts
    }
}
