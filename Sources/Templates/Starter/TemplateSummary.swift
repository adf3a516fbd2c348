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
            parameters: parameters.map { declaration in
                TemplateSummary.Parameter(
                    name: declaration.name,
                    type: declaration.kind.rawValue,
                    isRequired: declaration.fallback == nil
                )
            },
            lookups: lookups.map { lookup in
                TemplateSummary.Lookup(
                    name: lookup.name,
                    columns: lookup.columns.map(\.name),
                    key: lookup.key
                )
            }
        )
    }
}
