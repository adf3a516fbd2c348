internal import Expressions
internal import Transactions

/// The parameters of an export, checked against what the template declares.
struct ParameterValues {
    let type: RecordType
    let values: [Value]
    /// As plain texts by path, for the manifest and batch id.
    private(set) var texts: [String: String] = [:]
    /// Those that were given or have a default, by path.
    private(set) var known: [String: Value] = [:]
    /// Paths of those that were not given and that a value of their type stands in for.
    private(set) var standIns: [String] = []

    /// `standingIn`: whether a required parameter that is not given gets a value of its type.
    init(
        _ declarations: [ParameterDeclaration],
        given: YAMLNode?,
        owner: YAMLNode?,
        template: Template,
        standingIn: Bool,
        _ findings: Findings
    ) throws(Diagnostic) {
        try self.init(declarations, given, owner, template, standingIn, findings, path: "")
    }

    private init(
        _ declarations: [ParameterDeclaration],
        _ given: YAMLNode?,
        _ owner: YAMLNode?,
        _ template: Template,
        _ standingIn: Bool,
        _ findings: Findings,
        path: String
    ) throws(Diagnostic) {
        let fields = try given?.fields(declarations.map(\.name), findings) ?? [:]
        var values: [Value] = []
        var members: [RecordType.Member] = []
        var texts: [String: String] = [:]
        for declaration in declarations {
            let name = path + declaration.name
            if let inner = declaration.members {
                let nested = try ParameterValues(
                    inner,
                    fields[declaration.name],
                    given ?? owner,
                    template,
                    standingIn,
                    findings,
                    path: name + "."
                )
                members.append(.init(declaration.name, .record(nested.type)))
                values.append(.record(ValuesRecord(values: nested.values)))
                texts.merge(nested.texts) { _, new in new }
                standIns += nested.standIns
                known.merge(nested.known) { _, new in new }
                continue
            }
            func declare(_ type: ValueType, _ bounds: Bounds) {
                members.append(
                    .init(
                        declaration.name,
                        declaration.isOptional ? .optional(type) : type,
                        bounds: bounds
                    )
                )
            }
            let type = declaration.kind.type
            guard let node = fields[declaration.name] ?? declaration.fallback else {
                guard !declaration.isOptional else {
                    declare(type, .unknown)
                    values.append(.absent)
                    continue
                }
                if !standingIn {
                    findings.report(Self.missing(declaration, name, given ?? owner, template))
                }
                declare(type, try Self.bounds(declaration))
                values.append(declaration.kind.standIn)
                standIns.append(name)
                continue
            }
            // The value of a wrong one is never used: its type is known, which is enough for the rest.
            let value = findings.collect { () throws(Diagnostic) in
                try Self.value(declaration, node)
            }
            values.append(value ?? declaration.kind.standIn)
            if case .decimal(let digits)? = value {
                declare(.decimal(places: digits.normalized.scale), Bounds(of: .decimal(digits)))
            } else {
                declare(type, value.map(Bounds.init(of:)) ?? .unknown)
            }
            if let value {
                texts[name] = plainText(value)
                known["parameters." + name] = value
            }
        }
        type = RecordType(
            name: path.isEmpty ? "'parameters'" : "'parameters.\(path.dropLast())'",
            memberNoun: "parameter",
            members: members
        )
        self.values = values
        self.texts = texts
    }

    /// What the declaration alone says of a number that is not given.
    private static func bounds(_ declaration: ParameterDeclaration) throws(Diagnostic) -> Bounds {
        guard declaration.kind == .int || declaration.kind == .decimal,
            let least = try declaration.least?.text(), let most = try declaration.most?.text(),
            let first = declaration.kind.value(least), let last = declaration.kind.value(most)
        else { return .unknown }
        return Bounds(of: first).joined(with: Bounds(of: last))
    }

    private static func missing(
        _ declaration: ParameterDeclaration,
        _ name: String,
        _ place: YAMLNode?,
        _ template: Template
    ) -> Diagnostic {
        let node = declaration.node
        return (place ?? node).diagnostic(
            "missing-parameter",
            "template '\(template.name)' needs '\(name)' (\(declaration.kind.rawValue))",
            cure:
                "add \(declaration.name): ... (declared in \(node.document.file):\(node.line))"
        )
    }

    private static func value(_ declaration: ParameterDeclaration, _ node: YAMLNode)
        throws(Diagnostic) -> Value
    {
        let text = try node.text()
        let declared = "declared in \(declaration.node.document.file):\(declaration.node.line)"
        guard let value = declaration.kind.value(text) else {
            throw node.diagnostic(
                "parameter",
                "'\(text)' is no \(declaration.kind.rawValue)",
                cure: declaration.kind == .date ? "write it as yyyy-MM-dd" : declared
            )
        }
        for (bound, isLeast) in [(declaration.least, true), (declaration.most, false)] {
            guard let bound else { continue }
            let limitText = try bound.text()
            guard let limit = declaration.kind.value(limitText) else {
                throw bound.diagnostic(
                    "parameter",
                    "'\(limitText)' is no \(declaration.kind.rawValue)",
                    cure: "min and max are of the parameter's type"
                )
            }
            if isLeast ? Value.isOrdered(value, limit) : Value.isOrdered(limit, value) {
                throw node.diagnostic(
                    "parameter",
                    "\(text) is \(isLeast ? "below" : "above") \(limitText)",
                    cure: declared
                )
            }
        }
        if let pattern = declaration.pattern {
            let patternText = try pattern.text()
            guard try matches(text, patternText, pattern) else {
                throw node.diagnostic(
                    "parameter",
                    "'\(text)' does not match \(patternText)",
                    cure: declared
                )
            }
        }
        return value
    }

    /// Whether a text as a whole matches a pattern: the language's own `matches`, which cannot hang.
    private static func matches(_ text: String, _ pattern: String, _ node: YAMLNode)
        throws(Diagnostic) -> Bool
    {
        do throws(PatternError) {
            return try TextPattern(pattern).isWhole(text)
        } catch {
            throw node.diagnostic("pattern", error.message, cure: error.cure)
        }
    }
}

extension ParameterDeclaration.Kind {
    /// The static type of such a value.
    var type: ValueType {
        switch self {
        case .string: .string
        case .int: .int
        case .decimal: .decimal(places: nil)
        case .bool: .bool
        case .date: .date
        }
    }

    /// A value of the type, for what is only checked.
    var standIn: Value {
        switch self {
        case .string: .string("")
        case .int: .int(0)
        case .decimal: .decimal(ExactDecimal(0))
        case .bool: .bool(false)
        case .date: value("2026-01-01") ?? .absent
        }
    }

    /// A text as such a value; nil when it is none.
    func value(_ text: String) -> Value? {
        switch self {
        case .string: .string(text)
        case .int: Int64(text).map(Value.int)
        case .decimal: ExactDecimal(text).map(Value.decimal)
        case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .date: CalendarDate(text).map(Value.date)
        }
    }
}
