internal import Expressions
public import Transactions

extension Plan {
    /// Proves a template for an export.
    ///
    /// - Parameters:
    ///   - template: the template as written.
    ///   - parameters: what the export sets them to.
    ///   - lookups: the lookups' files by name.
    ///   - owner: where the export stands, for messages about what it lacks.
    ///   - timeZone: the zone of accounting dates.
    ///   - when: the export's condition.
    ///   - programVersion: what `run.version` says.
    ///   - invoices: the export's `invoice` section; a plan with `model: invoice` renders nothing without.
    ///   - standingIn: whether empty tables and values of the right type stand in for lookups and
    ///     parameters that are not given; such a plan is for checks only.
    ///   - findings: takes all that is wrong, together with what reading the template found.
    /// - Throws: `Diagnostic` with the place of the first thing that is wrong.
    public init(
        template: Template,
        parameters: YAMLNode?,
        lookups: [String: String],
        owner: YAMLNode?,
        timeZone: TimeZoneRules,
        when: YAMLNode?,
        programVersion: String,
        invoices: InvoiceOptions? = nil,
        standingIn: Bool = false,
        findings: Findings? = nil
    ) throws(Diagnostic) {
        let findings = findings ?? Findings()
        let values = try ParameterValues(
            template.parameters,
            given: parameters,
            owner: owner,
            template: template,
            standingIn: standingIn,
            findings
        )
        var scope = Scope(timeZone: timeZone)
        let run = scope.declare(
            "run",
            .record(RecordType(name: "'run'", members: [.init("version", .string)]))
        )
        let batch = scope.declare("batch", .record(BatchContext.type))
        let parameterSlot = scope.declare("parameters", .record(values.type))
        let tables = Self.tables(template, lookups, owner, standingIn: standingIn, findings)
        for table in tables { table.declare(in: &scope) }
        let mayLack = Self.mayLack(template, findings)
        var rowType = RecordType(
            name: "a transaction",
            memberNoun: "field",
            members: TransactionRow.members(of: template, mayLack: mayLack)
        )
        // Selection: bare fields, then what derive adds, one by one.
        var rowScope = scope
        let selectionRow = rowScope.declare("transaction ", .record(rowType))
        rowScope.declareMembers(of: selectionRow, rowType)
        var used: Set<String> = []
        var whenExpression: Expression?
        if let when {
            whenExpression = findings.collect { () throws(Diagnostic) in
                let compiled = try Expression(try when.text(), at: when, in: rowScope)
                guard compiled.type == .bool else {
                    throw when.diagnostic(
                        "type",
                        "a condition is a bool, this is \(compiled.type.withArticle)",
                        cure: "compare it: ... == ..."
                    )
                }
                used.formUnion(compiled.usedNames)
                return compiled
            }
        }
        let required = Self.required(template, findings)
        for field in required { rowScope.narrow(field.name) }
        var members = rowType.members.map { member in
            required.contains { $0.name == member.name }
                ? RecordType.Member(member.name, member.type.present) : member
        }
        var derived: [(slot: Int, value: Expression)] = []
        var origins: [String: Set<String>] = [:]
        var tracer = PlanBuilder(
            template: template,
            scope: scope,
            rowType: rowType,
            findings: findings
        )
        for (index, declaration) in template.derived.enumerated() {
            let text = declaration.expression
            let value = findings.collect(declaring: declaration.name) { () throws(Diagnostic) in
                do throws(Diagnostic) {
                    let value = try Expression(text.text, at: text.node, in: rowScope)
                    let slot = try tracer.declare(
                        declaration.name,
                        value.type,
                        bounds: value.bounds,
                        text.node,
                        &rowScope
                    )
                    derived.append((slot, value))
                    return value
                } catch {
                    throw error.ofOrder(template.derived[index...])
                }
            }
            guard let value else { continue }
            used.formUnion(value.usedNames)
            members.append(.init(declaration.name, value.type, bounds: value.bounds))
            origins[declaration.name] = tracer.origins(of: value.usedNames)
            tracer.origins = origins
        }
        rowType = RecordType(name: "a transaction", memberNoun: "field", members: members)
        let transactions = scope.declare("transactions", .list(.record(rowType)))
        var builder = PlanBuilder(
            template: template,
            scope: scope,
            rowType: rowType,
            findings: findings
        )
        builder.origins = origins
        builder.parameterValues = values.known
        builder.usedNames = used
        builder.levels = [LevelPlan(slot: nil)]
        let documentsPlan =
            findings.collect { () throws(Diagnostic) in
                try builder.compileDocuments(scope, invoices, timeZone)
            } ?? nil
        if documentsPlan == nil, let declaration = template.documents {
            findings.lose(declaration.itemName)
        }
        let documents = scope.declare(
            "documents",
            .list(.record(builder.documentType ?? rowType))
        )
        builder.globalScope = scope
        let documentChecks =
            findings.collect { () throws(Diagnostic) in
                try builder.compileDocumentChecks(scope)
            } ?? nil
        var files: [CompiledFile] = []
        for file in template.files where template.isFormatKnown || file.tree.format.kind != nil {
            let compiled = findings.collect { () throws(Diagnostic) in
                try builder.compile(file, scope)
            }
            if let compiled { files.append(compiled) }
        }
        builder.reportSameNames()
        let package =
            findings.collect { () throws(Diagnostic) in try builder.compilePackage(scope) } ?? nil
        // What is wrong may be what uses a name.
        if findings.errors.isEmpty { builder.warnOfUnused() }
        findings.warn(builder.warnings)
        try findings.throwFirst()
        self.template = template
        self.files = files
        self.lookups = tables
        standIns =
            values.standIns.map { "parameter '\($0)'" }
            + tables.filter { $0.file == nil }.map { "lookup '\($0.declaration.name)'" }
        self.parameters = values.texts
        self.timeZone = timeZone
        self.programVersion = programVersion
        self.documents = documentsPlan
        self.documentChecks = documentChecks
        self.package = package
        ids = builder.ids
        levels = builder.levels
        lists = (builder.listsTransactions, builder.listsDocuments)
        parameterRecord = ValuesRecord(values: values.values)
        slots = PlanSlots(
            run: run,
            batch: batch,
            parameters: parameterSlot,
            transactions: transactions,
            documents: documents
        )
        namesCarryBatch = (package.map { [$0.name] } ?? files.map(\.name)).allSatisfy { name in
            name.pieces.contains { piece in
                guard case .hole(let formula, _) = piece else { return false }
                return formula.usedNames.contains("batch.number")
                    || formula.usedNames.contains("batch.id")
            }
        }
        warnings = builder.warnings
        let fields = Self.fields(in: builder.usedNames, template)
        materialFields = fields.union(required).union(
            documentsPlan?.invoices == nil ? [] : InvoicePlan.fields
        )
        selection = Selection(
            batchSlot: batch,
            rowSlot: selectionRow,
            when: whenExpression,
            required: required,
            derived: derived,
            fields: template.feed.fields,
            wanted: fields.filter { !$0.isOptional && !mayLack.contains($0) }
                .sorted { $0.rawValue < $1.rawValue },
            mayLack: mayLack
        )
    }

    private static func fields(in usedNames: Set<String>, _ template: Template) -> Set<Field> {
        let names = usedNames.compactMap { $0.split(separator: ".").last.map(String.init) }
        return Set(names.compactMap { Field(name: $0) }).intersection(template.feed.fields)
    }

    /// The fields that the template can do without.
    private static func mayLack(_ template: Template, _ findings: Findings) -> Set<Field> {
        var fields: Set<Field> = []
        for text in template.optional {
            guard let field = Field(name: text.text), template.feed.fields.contains(field),
                field != .transactionId
            else {
                findings.report(
                    text.node.diagnostic(
                        "unknown-name",
                        text.text == "transactionId"
                            ? "no transaction lacks its id"
                            : "a transaction has no field '\(text.text)'",
                        cure: nearestName(to: text.text, among: template.feed.fields.map(\.name))
                            .map { "did you mean '\($0)'?" }
                            ?? "name a field of \(template.feed.rawValue)"
                    )
                )
                continue
            }
            fields.insert(field)
        }
        return fields
    }

    private static func required(_ template: Template, _ findings: Findings) -> [Field] {
        var required = template.documents?.model == nil ? [] : InvoicePlan.required
        for text in template.requires {
            guard let field = Field(name: text.text), template.feed.fields.contains(field) else {
                findings.report(
                    text.node.diagnostic(
                        "unknown-name",
                        "a transaction has no field '\(text.text)'",
                        cure: nearestName(to: text.text, among: template.feed.fields.map(\.name))
                            .map { "did you mean '\($0)'?" }
                            ?? "name a field of \(template.feed.rawValue)"
                    )
                )
                continue
            }
            if !required.contains(field) { required.append(field) }
        }
        return required
    }

    private static func tables(
        _ template: Template,
        _ lookups: [String: String],
        _ owner: YAMLNode?,
        standingIn: Bool,
        _ findings: Findings
    ) -> [LookupTable] {
        for name in lookups.keys.sorted()
        where !template.lookups.contains(where: { $0.name == name }) {
            findings.report(
                (owner ?? template.node).diagnostic(
                    "unknown-key",
                    "template '\(template.name)' has no lookup '\(name)'",
                    cure: nearestName(to: name, among: template.lookups.map(\.name)).map {
                        "did you mean '\($0)'?"
                    } ?? "leave it out"
                )
            )
        }
        var tables: [LookupTable] = []
        for declaration in template.lookups {
            let file = lookups[declaration.name]
            if file == nil, !standingIn {
                findings.report(
                    (owner ?? declaration.node).diagnostic(
                        "missing-lookup",
                        "template '\(template.name)' needs lookup '\(declaration.name)'",
                        cure: "add lookups: { \(declaration.name): FILE.csv }"
                    )
                )
            }
            // With a wrong file its columns are known all the same.
            let table =
                findings.collect { () throws(Diagnostic) in
                    try LookupTable(declaration, file: file, findings)
                }
                ?? findings.collect(declaring: declaration.name) { () throws(Diagnostic) in
                    try LookupTable(declaration, file: nil, findings)
                }
            if let table { tables.append(table) }
        }
        return tables
    }
}

extension PlanBuilder {
    /// The place of something that stands outside of all files.
    private func outerPlace(_ scope: Scope) -> Place {
        Place(
            scope: scope,
            levels: [Level(id: 0, name: "", kind: .batch, type: nil, keyOrigins: [])],
            format: Plan.plainFormat,
            form: .plain,
            mixesCurrencies: false
        )
    }

    mutating func compileDocuments(
        _ scope: Scope,
        _ options: InvoiceOptions?,
        _ timeZone: TimeZoneRules
    ) throws(Diagnostic) -> DocumentsPlan? {
        guard let declaration = template.documents else { return nil }
        var place = outerPlace(scope)
        let numberedFrom: Formula?
        if let text = declaration.numberedFrom {
            let compiled = try formula(text, place)
            guard compiled.type == .int else {
                throw text.node.diagnostic(
                    "type",
                    "numbers are an int, this is \(compiled.type.withArticle)",
                    cure: "numbered_from: 1, or an int parameter"
                )
            }
            numberedFrom = compiled
        } else {
            numberedFrom = nil
        }
        let slot = try declareRow(declaration.node, &place)
        let name = declaration.itemName
        let invoices = try declaration.model.map { model throws(Diagnostic) in
            try invoicePlan(model, options, timeZone)
        }
        var (keys, members, origins) = try compileKeys(declaration.groupBy, named: name, place)
        if invoices != nil { (members, origins) = invoiceMembers(named: name) }
        documentOrigins = origins
        documentType = groupType(
            keys: members,
            named: name,
            ofDocuments: false,
            hasSerial: numberedFrom != nil
        )
        return DocumentsPlan(
            rowSlot: slot,
            keys: keys,
            allowsIncomplete: declaration.allowsIncomplete,
            numberedFrom: numberedFrom,
            invoices: invoices,
            node: declaration.node
        )
    }

    /// A node over the documents that writes nothing and has their checks.
    mutating func compileDocumentChecks(_ scope: Scope) throws(Diagnostic) -> CompiledNode? {
        guard let declaration = template.documents, !declaration.checks.isEmpty,
            let type = documentType
        else { return nil }
        var place = outerPlace(scope)
        let name = declaration.itemName
        let slot = try declare(name, .record(type), declaration.node, &place.scope)
        let level = addLevel(name, .document, slot, type, documentOrigins, &place)
        return CompiledNode(
            loop: .items(.documents, slot: slot, order: [], level: level),
            bindings: [],
            condition: nil,
            writing: .records([]),
            checks: compileChecks(declaration.checks, place),
            node: declaration.node
        )
    }

    mutating func compilePackage(_ scope: Scope) throws(Diagnostic) -> (
        name: TextTemplate, node: YAMLNode
    )? {
        guard let declaration = template.package else { return nil }
        return (try fileName(declaration.name, outerPlace(scope)), declaration.name.node)
    }
}
