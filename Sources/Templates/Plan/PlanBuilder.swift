internal import Expressions
internal import Transactions

/// Makes a plan of a template: resolves every name, checks every expression, width and form.
struct PlanBuilder {
    /// A place that encloses others and counts what happens inside it.
    struct Level {
        let id: Int
        /// `part`; empty for the batch, `written` for a file.
        let name: String
        let kind: Kind
        let type: RecordType?
        /// What the group's keys come of: fields, or `lookup`.
        let keyOrigins: Set<String>

        enum Kind { case batch, file, group, document }
    }

    /// Where an expression stands: the names it may use and the form of what it yields.
    struct Place {
        var scope: Scope
        var levels: [Level]
        var format: FormatDeclaration
        var layout: LayoutDeclaration?
        /// What the columns of the layout are set to unless a record says otherwise.
        var defaults: [Int: LayoutValue] = [:]
        var form: OutputForm
        var mixesCurrencies: Bool
        /// Whether a loop over transactions encloses the place.
        var isInRow = false
        /// The loops around the place, outermost first.
        var loops: [EnclosingLoop] = []
    }

    let template: Template
    /// What is wrong; a step that is wrong is left out, so that the rest is checked too.
    let findings: Findings
    var rowType: RecordType
    var documentType: RecordType?
    /// Globals only: what a sum's body may use beside its element.
    var globalScope: Scope
    /// Names that the template uses.
    var usedNames: Set<String> = []
    var warnings: [Diagnostic] = []
    /// Fields of the record at hand that a value may be too wide for.
    var narrowFields: [NarrowField] = []
    /// The values of parameters by their paths, `parameters.company`.
    var parameterValues: [String: Value] = [:]
    var levels: [LevelPlan] = []
    /// What names come of: fields of a row, or `lookup`.
    var origins: [String: Set<String>] = [:]
    /// The ids of records in the order met, and the members they have.
    var ids: [String] = []
    var written: [String: [RecordType.Member]] = [:]
    var writtenOrigins: [String: [String: Set<String>]] = [:]
    /// Records whose place was passed, level by level.
    var passedRecords: Set<PassedRecord> = []
    /// Members that sums took for present when they were compiled, to compare at the end.
    var assumedMembers: [(id: String, member: RecordType.Member, node: YAMLNode)] = []
    /// The fields of each record by id, whose names `names_of` writes.
    var fieldsById: [String: [FieldDeclaration]] = [:]
    /// What the documents' keys come of.
    var documentOrigins: Set<String> = []
    /// Whether something needs all transactions as one list in memory.
    var listsTransactions = false
    var listsDocuments = false

    init(template: Template, scope: Scope, rowType: RecordType, findings: Findings) {
        self.template = template
        self.findings = findings
        self.rowType = rowType
        globalScope = scope
        for file in template.files { collect(file.tree) }
    }

    /// Notes the records' ids, and the fields of those that have some.
    private mutating func collect(_ tree: NodeDeclaration) {
        for id in Self.ids(of: tree, layout: nil) where !ids.contains(id) { ids.append(id) }
        for node in tree.all {
            if case .fields(let fields) = node.writing, let id = node.id {
                fieldsById[id] = fieldsById[id] ?? fields
            }
        }
    }

    mutating func formula(_ text: ExpressionText, _ place: Place) throws(Diagnostic) -> Formula {
        try formula(text.text, at: text.node, offset: 0, place)
    }

    mutating func condition(_ text: ExpressionText, _ place: Place) throws(Diagnostic) -> Formula {
        let formula = try formula(text, place)
        guard formula.type == .bool else {
            throw text.node.diagnostic(
                "type",
                "a condition is a bool, this is \(formula.type.withArticle)",
                cure: "compare it: ... == ..."
            )
        }
        return formula
    }

    /// Compiles a text with holes in the form of its place.
    ///
    /// `shiftedBy`: how far the text begins before the node's own, for places in messages.
    mutating func text(_ text: ExpressionText, _ place: Place, _ format: FormatDeclaration)
        throws(Diagnostic) -> TextTemplate
    {
        try self.text(text.text, at: text.node, place, format)
    }

    mutating func text(
        _ source: String,
        at node: YAMLNode,
        shiftedBy shift: Int = 0,
        _ place: Place,
        _ format: FormatDeclaration
    ) throws(Diagnostic) -> TextTemplate {
        var pieces: [TextTemplate.Piece] = []
        for part in try TextTemplate.parts(of: source, at: node) {
            switch part {
            case .literal(let text): pieces.append(.literal(Array(text.utf8)))
            case .hole(let text, let pattern, let start, let patternStart):
                // A hole that is wrong is left out: the next one is checked too.
                let piece = findings.collect { () throws(Diagnostic) in
                    try hole(
                        text,
                        at: start - shift,
                        pattern.map { ($0, patternStart - shift) },
                        node,
                        place,
                        format
                    )
                }
                if let piece { pieces.append(piece) }
            }
        }
        return TextTemplate(pieces: pieces)
    }

    /// One hole of a text; `offset` and the pattern's are where they stand in the node's text.
    private mutating func hole(
        _ text: String,
        at offset: Int,
        _ pattern: (text: String, offset: Int)?,
        _ node: YAMLNode,
        _ place: Place,
        _ format: FormatDeclaration
    ) throws(Diagnostic) -> TextTemplate.Piece {
        let formula = try formula(text, at: node, offset: offset, place)
        do throws(FormError) {
            let form = try FieldForm(
                type: formula.type,
                format: format,
                encoding: place.form.encoding,
                pattern: pattern?.text
            )
            warnOfForm(form, formula, node, offset..<offset + text.utf8.count)
            return .hole(formula, form)
        } catch {
            if error.name == "pattern", let pattern {
                let range = pattern.offset..<pattern.offset + max(1, pattern.text.utf8.count)
                throw error.diagnostic(at: node, range)
            }
            throw error.diagnostic(at: node, offset..<offset + text.utf8.count)
        }
    }

    mutating func declare(
        _ name: String,
        _ type: ValueType,
        bounds: Bounds = .unknown,
        _ node: YAMLNode,
        _ scope: inout Scope
    ) throws(Diagnostic) -> Int {
        guard !scope.declaredNames.contains(name) else {
            throw node.diagnostic(
                "hidden-name",
                "'\(name)' has a meaning here already",
                cure: "choose another name"
            )
        }
        return scope.declare(name, type, bounds: bounds)
    }

    // MARK: Groups

    func groupType(
        keys: [RecordType.Member],
        named name: String,
        ofDocuments: Bool,
        hasSerial: Bool
    ) -> RecordType {
        let documents = documentType.map(ValueType.record) ?? .record(rowType)
        return RecordType(
            name: "'\(name)'",
            members: [
                .init("transactions", .list(.record(rowType))),
                .init("position", .int, bounds: .count),
                .init("written", .record(Self.nothingWritten)),
                .init(hasSerial ? "serial" : "", .int),
                .init(ofDocuments ? "documents" : "", .list(documents)),
            ] + keys
        )
    }

    static let nothingWritten = RecordType(name: "'written'", memberNoun: "record id", members: [])

    /// The type of `written`: what each record has written, and `all` for their number.
    func writtenType() -> RecordType {
        let empty = RecordType(name: "a record", memberNoun: "field", members: [])
        var members = ids.map { id in
            RecordType.Member(id, .list(.record(recordType(id))))
        }
        members.append(.init("all", .list(.record(empty))))
        return RecordType(name: "'written'", memberNoun: "record id", members: members)
    }

    func recordType(_ id: String) -> RecordType {
        RecordType(name: "a record '\(id)'", memberNoun: "field", members: written[id] ?? [])
    }

    /// Adds what a record of an id has; what not every record of the id has may be absent.
    mutating func note(_ members: [RecordType.Member], as id: String) {
        guard let known = written[id] else {
            written[id] = members
            return
        }
        var joined: [RecordType.Member] = []
        for member in known {
            guard let other = members.first(where: { $0.name == member.name }) else {
                joined.append(
                    .init(member.name, Self.optional(member.type), bounds: member.bounds)
                )
                continue
            }
            joined.append(
                .init(
                    member.name,
                    Self.joined(member.type, other.type),
                    bounds: member.bounds.joined(with: other.bounds)
                )
            )
        }
        for member in members where !known.contains(where: { $0.name == member.name }) {
            joined.append(.init(member.name, Self.optional(member.type), bounds: member.bounds))
        }
        written[id] = joined
    }

    private static func optional(_ type: ValueType) -> ValueType {
        type.isOptional ? type : .optional(type)
    }

    private static func joined(_ one: ValueType, _ two: ValueType) -> ValueType {
        if one == two { return one }
        if one.isOptional || two.isOptional { return optional(joined(one.present, two.present)) }
        switch (one, two) {
        case (.int, .decimal), (.decimal, .int):
            return .decimal(places: nil)
        case (.decimal(let first?), .decimal(let second?)):
            return .decimal(places: max(first, second))
        case (.decimal, .decimal): return .decimal(places: nil)
        default: return optional(one)
        }
    }

    /// Marks a place's id as one that records have, in the template's order.
    func idPlace(_ id: String) -> Int? { ids.firstIndex(of: id) }
}

extension PlanBuilder {
    mutating func compileSkeleton(_ file: ExpressionText, _ place: Place) throws(Diagnostic)
        -> XMLSkeleton
    {
        try require(place, .xml, "a skeleton", file.node)
        var compiler = try SkeletonCompiler(
            file: try TemplateFolder.path(of: file),
            at: file.node,
            form: place.form,
            format: place.format
        )
        return try compiler.compile(&self, place)
    }
}
