/// An expression as written, with its place.
struct ExpressionText: Sendable {
    let text: String
    let node: YAMLNode

    init(_ node: YAMLNode) throws(Diagnostic) {
        text = try node.text()
        self.node = node
    }
}

/// A name and the expression that gives its value.
struct NamedExpression: Sendable {
    let name: String
    let expression: ExpressionText
}

/// A parameter that a template declares.
struct ParameterDeclaration: Sendable {
    enum Kind: String, CaseIterable { case string, int, decimal, bool, date }

    let name: String
    let kind: Kind
    let node: YAMLNode
    var fallback: YAMLNode?
    var pattern: String?
    var least: Int?
    var most: Int?
}

/// A lookup table that a template declares.
struct LookupDeclaration: Sendable {
    enum Missing: String, CaseIterable { case reject, hold, `default`, none }
    struct Column: Sendable {
        let name: String
        let kind: ParameterDeclaration.Kind
        let isOptional: Bool
    }

    let name: String
    let columns: [Column]
    let key: [String]
    let missing: Missing
    let fallback: [String: YAMLNode]
    let node: YAMLNode
}

/// One column or field of a record.
struct FieldDeclaration: Sendable {
    enum Content: Sendable {
        case value(ExpressionText)
        case text(ExpressionText)
        case nothing
    }
    enum Width: Sendable {
        case columns(Int)
        case rest
    }

    let name: String?
    let content: Content
    let width: Width?
    let pattern: String?
    let format: FormatDeclaration
    let node: YAMLNode
}

/// A condition that must hold, and what is said when it does not.
struct CheckDeclaration: Sendable {
    let that: ExpressionText
    let message: ExpressionText?
}

/// One node of a template's tree: it writes, or it holds records.
struct NodeDeclaration: Sendable {
    enum Writing: Sendable {
        case fields([FieldDeclaration])
        case lines(ExpressionText)
        case namesOf(ExpressionText)
        case skeleton(ExpressionText)
        case records([NodeDeclaration])
    }

    let node: YAMLNode
    let id: String?
    let forEach: ExpressionText?
    let groupBy: [NamedExpression]
    let orderBy: [ExpressionText]
    let itemName: String?
    let bindings: [NamedExpression]
    let condition: ExpressionText?
    let writing: Writing
    let checks: [CheckDeclaration]
    let format: FormatDeclaration
}

/// One file of a template.
struct FileDeclaration: Sendable {
    let name: ExpressionText
    let tree: NodeDeclaration
    let schemas: [ExpressionText]
    let controlTotals: [(name: String, selected: ExpressionText, written: ExpressionText)]
    let mixedCurrencies: Bool
}

/// What is written or rejected together.
struct DocumentsDeclaration: Sendable {
    let groupBy: [NamedExpression]
    let itemName: String
    let allowsIncomplete: Bool
}
