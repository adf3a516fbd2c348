/// What a template is and needs, for lists.
public struct TemplateSummary: Sendable {
    /// A parameter it declares.
    public struct Parameter: Sendable, Encodable {
        /// Its name.
        public let name: String
        /// `string`, `int`, `decimal`, `bool`, `date`.
        public let type: String
        /// Whether an export has to set it.
        public let isRequired: Bool
    }

    /// A lookup it declares.
    public struct Lookup: Sendable, Encodable {
        /// Its name.
        public let name: String
        /// The columns its file must have.
        public let columns: [String]
        /// The columns of its key.
        public let key: [String]
    }

    /// `delimited`, `fixed_width`, `xml`, `text` or `json`.
    public let format: String
    /// The parameters, in the order declared.
    public let parameters: [Parameter]
    /// The lookups, in the order declared.
    public let lookups: [Lookup]
}

extension Template {
    /// What it is and needs.
    public var summary: TemplateSummary {
        TemplateSummary(
            format: format.kind?.rawValue ?? "no kind",
            parameters: parameters.flatMap { Self.summary(of: $0, in: "") },
            lookups: lookups.map { lookup in
                TemplateSummary.Lookup(
                    name: lookup.name,
                    columns: lookup.columns.map(\.name),
                    key: lookup.key.map { lookup.columns[$0].name }
                )
            }
        )
    }

    /// A parameter, or those that a mapping holds, as `accounts.vat`.
    private static func summary(of declaration: ParameterDeclaration, in outer: String)
        -> [TemplateSummary.Parameter]
    {
        let name = outer + declaration.name
        if let members = declaration.members {
            return members.flatMap { summary(of: $0, in: name + ".") }
        }
        return [
            TemplateSummary.Parameter(
                name: name,
                type: (declaration.isOptional ? "optional " : "") + declaration.kind.rawValue,
                isRequired: declaration.fallback == nil && !declaration.isOptional
            )
        ]
    }
}
