internal import Invoices

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

/// A parameter that a template declares: a value, or a mapping of them.
struct ParameterDeclaration: Sendable {
    enum Kind: String, CaseIterable { case string, int, decimal, bool, date }

    let name: String
    let kind: Kind
    let node: YAMLNode
    var isOptional = false
    var fallback: YAMLNode?
    var pattern: YAMLNode?
    var least: YAMLNode?
    var most: YAMLNode?
    /// What a mapping holds; nil for a value.
    var members: [ParameterDeclaration]?
}

/// A lookup table that a template declares.
struct LookupDeclaration: Sendable {
    enum Missing: String, CaseIterable { case reject, hold, `default`, none }
    /// Which key columns a row must agree with.
    enum Match: String, CaseIterable {
        /// All of them.
        case all
        /// The first that finds a row, in the order declared.
        case first
    }
    struct Column: Sendable {
        let name: String
        let kind: ParameterDeclaration.Kind
        let isOptional: Bool
        let node: YAMLNode
    }

    let name: String
    let columns: [Column]
    /// Places of the key's columns.
    let key: [Int]
    let match: Match
    /// Places of the columns of the first and last day on which a row holds.
    let valid: (from: Int, to: Int)?
    let missing: Missing
    let fallback: [String: YAMLNode]
    let node: YAMLNode
}

/// What a column of a layout holds, as its table says.
enum ColumnType: String, CaseIterable, Sendable { case text, number, date }

/// One column or field of a record.
struct FieldDeclaration: Sendable {
    enum Content: Sendable {
        case value(ExpressionText)
        case text(ExpressionText)
        case nothing
    }
    enum Width: Sendable {
        case columns(Int)
        /// First and last column, counted from 1.
        case at(ClosedRange<Int>)
        case rest
    }

    var name: String?
    var content: Content
    var width: Width?
    var pattern: YAMLNode?
    var format: FormatDeclaration
    var node: YAMLNode
    var type: ColumnType?
    /// Whether the layout says that it is quoted; nil when the format decides.
    var isQuoted: Bool?
    /// The node of its width, for messages about it.
    var widthNode: YAMLNode?
}

/// Named columns, in place or from a table as vendors publish it.
struct LayoutDeclaration: Sendable {
    let name: String
    let fields: [FieldDeclaration]
    let recordLength: Int?
    let node: YAMLNode
}

/// What one column of a layout is set to.
struct LayoutValue: Sendable {
    let key: YAMLNode
    let field: FieldDeclaration
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
        /// A record of the layout in force.
        case layout
        case lines(ExpressionText)
        case namesOf(ExpressionText)
        case skeleton(ExpressionText)
        case records([NodeDeclaration])
        /// A record of the extended template or of a fragment, by id.
        case include(ExpressionText)
    }

    let node: YAMLNode
    var id: String?
    let forEach: ExpressionText?
    let groupBy: [NamedExpression]
    let orderBy: [ExpressionText]
    let itemName: String?
    let bindings: [NamedExpression]
    let condition: ExpressionText?
    var writing: Writing
    let layout: ExpressionText?
    let values: [LayoutValue]
    let checks: [CheckDeclaration]
    let format: FormatDeclaration
    /// A sum over what the node writes; nil for nearly every node.
    var checksum: ChecksumDeclaration?
}

/// One file of a template.
struct FileDeclaration: Sendable {
    let name: ExpressionText
    var tree: NodeDeclaration
    let schemas: [ExpressionText]
    let controlTotals: [ControlTotalDeclaration]
    let mixedCurrencies: Bool
}

/// A sum that must agree between what was selected and what was written.
struct ControlTotalDeclaration: Sendable {
    let name: String
    let selected: ExpressionText
    let written: ExpressionText
}

/// What is written or rejected together.
struct DocumentsDeclaration: Sendable {
    let groupBy: [NamedExpression]
    let itemName: String
    let allowsIncomplete: Bool
    let numberedFrom: ExpressionText?
    let model: InvoiceModelDeclaration?
    /// What must hold of each document, whatever the files do with it.
    let checks: [CheckDeclaration]
    let node: YAMLNode
}

/// `documents: { model: invoice }`: what the documents claim to be, and whose amounts they take.
struct InvoiceModelDeclaration: Sendable {
    let amounts: AmountSource
    let profile: InvoiceProfile
    let node: YAMLNode
}

/// Files that are published as one.
struct PackageDeclaration: Sendable {
    let name: ExpressionText
}
