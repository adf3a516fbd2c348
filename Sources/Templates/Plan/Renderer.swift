internal import Expressions
internal import Transactions

/// Runs a plan over transactions: once to find what cannot be mapped, once to write.
struct Renderer {
    let plan: Plan
    let batch: BatchContext
    /// In a trial a failing row is noted and the rest goes on; nothing is written.
    let isTrial: Bool
    private(set) var rejections: [TransactionKey: Reason] = [:]

    private var frame = Frame()
    private var output: [UInt8] = []
    private var records = 0
    private var bytes = 0
    private var substitutions = Substitutions()
    private var form: OutputForm?
    /// Whose failure it is when something inside fails: a row, or all rows of a group or document.
    private var subjects: [[Value]] = []

    init(plan: Plan, batch: BatchContext, isTrial: Bool) {
        self.plan = plan
        self.batch = batch
        self.isTrial = isTrial
    }

    var rejectedKeys: Set<TransactionKey> { Set(rejections.keys) }

    /// Groups the rows into documents; nil where each transaction is one.
    mutating func documents(of rows: [SelectedTransaction]) throws -> [GroupRecord]? {
        guard let declaration = plan.documents else { return nil }
        setGlobals()
        var elements: [(key: [Value], element: Value)] = []
        for row in rows {
            frame[declaration.rowSlot] = row.row
            do throws(EvaluationError) {
                elements.append((try values(of: declaration.keys), row.row))
            } catch {
                reject([row.row], Reason(error))
            }
        }
        return groups(elements, ofDocuments: false)
    }

    private mutating func setGlobals() {
        frame[plan.slots.run] = .record(ValuesRecord(values: [.string(plan.programVersion)]))
        frame[plan.slots.batch] = batch.record
        frame[plan.slots.parameters] = .record(plan.parameterRecord)
    }

    private mutating func values(of expressions: [Expression]) throws(EvaluationError) -> [Value] {
        var values: [Value] = []
        for expression in expressions { values.append(try expression.evaluate(&frame)) }
        return values
    }

    /// Groups come ascending by their keys; elements keep their order.
    private func groups(_ elements: [(key: [Value], element: Value)], ofDocuments: Bool)
        -> [GroupRecord]
    {
        var members: [[Value]: [Value]] = [:]
        for (key, element) in elements { members[key, default: []].append(element) }
        let keys = members.keys.sorted { left, right in
            for (one, two) in zip(left, right) where one != two {
                return Value.isOrdered(one, two)
            }
            return false
        }
        return keys.enumerated().map { index, key in
            let elements = members[key] ?? []
            let rows = ofDocuments ? elements.flatMap(Self.rows) : elements
            return GroupRecord(
                keys: key,
                rows: rows,
                documents: ofDocuments ? elements : nil,
                position: index + 1,
                written: WrittenRecords(ids: plan.ids)
            )
        }
    }

    /// The transactions of an element: a row itself, or a group's rows.
    private static func rows(of element: Value) -> [Value] {
        guard case .record(let record) = element else { return [] }
        if let group = record as? GroupRecord { return group.rows }
        return record is TransactionRow ? [element] : []
    }

    private mutating func reject(_ rows: [Value], _ reason: Reason) {
        for case .record(let record) in rows {
            guard let row = record as? TransactionRow else { continue }
            rejections[row.transaction.key] = rejections[row.transaction.key] ?? reason
        }
    }

    /// Writes all files.
    mutating func files(
        _ rows: [SelectedTransaction],
        _ documents: [GroupRecord]?,
        to sink: inout some FileSink
    ) throws -> [RenderedFile] {
        setGlobals()
        let values = rows.map(\.row)
        frame[plan.slots.transactions] = .list(values)
        frame[plan.slots.documents] = .list(documents.map { $0.map { .record($0) } } ?? values)
        var rendered: [RenderedFile] = []
        for file in plan.files {
            form = file.writer
            let items = try items(of: file.tree)
            for item in items {
                enter(item)
                rendered.append(try write(file, item, to: &sink))
                leave()
            }
        }
        if isTrial, plan.documents != nil, let documents { spread(documents) }
        return rendered
    }

    /// A rejected row takes its document along, unless the template allows it to be incomplete.
    private mutating func spread(_ documents: [GroupRecord]) {
        guard plan.documents?.allowsIncomplete == false else { return }
        for document in documents {
            let keys = document.rows.compactMap { value -> TransactionKey? in
                guard case .record(let record) = value else { return nil }
                return (record as? TransactionRow)?.transaction.key
            }
            guard let cause = keys.first(where: { rejections[$0] != nil }) else { continue }
            for key in keys where rejections[key] == nil {
                rejections[key] = Reason(
                    name: "document",
                    message: "its document waits for transaction \(cause)"
                )
            }
        }
    }

    private mutating func write(
        _ file: CompiledFile,
        _ item: Item?,
        to sink: inout some FileSink
    ) throws -> RenderedFile {
        records = 0
        bytes = 0
        substitutions = Substitutions()
        output.removeAll(keepingCapacity: true)
        frame[file.writtenSlot] = .record(WrittenRecords(ids: plan.ids))
        let name: String
        do throws(FieldProblem) {
            name = FileName.safe(try text(of: file.name))
        } catch {
            throw RenderingError(
                diagnostic: file.nameNode.diagnostic(error.reason.name, error.reason.message)
            )
        }
        if !isTrial { try sink.begin(name) }
        output.append(contentsOf: file.writer.byteOrderMark)
        try body(of: file.tree, to: &sink)
        var totals: [RenderedFile.ControlTotal] = []
        if !isTrial || rejections.isEmpty {
            for total in file.controlTotals {
                let (selected, written) = try controlTotal(total, file)
                totals.append(.init(name: total.name, selected: selected, written: written))
            }
        }
        if !isTrial {
            try flush(to: &sink)
            try sink.end()
        }
        var altered: [String: Int] = [:]
        if substitutions.characters > 0 { altered["characters"] = substitutions.characters }
        if substitutions.formulas > 0 { altered["formulas"] = substitutions.formulas }
        if substitutions.cuts > 0 { altered["cuts"] = substitutions.cuts }
        return RenderedFile(
            name: name,
            kind: file.writer.kind.rawValue,
            encoding: file.writer.encoding.name,
            records: records,
            bytes: bytes,
            controlTotals: totals,
            substitutions: altered,
            schemas: file.schemas,
            delimiter: file.writer.kind == .delimited ? file.format.delimiter ?? "," : nil
        )
    }

    private mutating func controlTotal(
        _ total: (name: String, selected: Expression, written: Expression),
        _ file: CompiledFile
    ) throws -> (String, String) {
        do throws(EvaluationError) {
            let selected = try total.selected.evaluate(&frame)
            let written = try total.written.evaluate(&frame)
            guard selected == written else {
                throw EvaluationError(
                    "control-total",
                    "control total '\(total.name)' differs: selected \(plainText(selected)), written \(plainText(written))"
                )
            }
            return (plainText(selected), plainText(written))
        } catch {
            throw RenderingError(
                diagnostic: file.nameNode.diagnostic(
                    error.name,
                    error.message,
                    cure: "the file is not published; mend the template"
                )
            )
        }
    }

    private mutating func flush(to sink: inout some FileSink) throws {
        bytes += output.count
        try sink.write(output)
        output.removeAll(keepingCapacity: true)
    }

    // MARK: Nodes

    /// What a loop goes over, one by one.
    private enum Item {
        case element(Value, slot: Int)
        case group(GroupRecord, slot: Int)
    }

    private mutating func items(of node: CompiledNode) throws -> [Item?] {
        do throws(EvaluationError) {
            switch node.loop {
            case .once: return [nil]
            case .items(let list, let slot, let order):
                guard case .list(let elements) = try list.evaluate(&frame) else { return [] }
                return try ordered(elements, slot: slot, by: order).map { .element($0, slot: slot) }
            case .groups(let list, let slot, let keys, let order, let groupSlot, let ofDocuments):
                guard case .list(let elements) = try list.evaluate(&frame) else { return [] }
                var keyed: [(key: [Value], element: Value)] = []
                for element in elements {
                    frame[slot] = element
                    do throws(EvaluationError) {
                        keyed.append((try values(of: keys), element))
                    } catch {
                        guard isTrial else { throw error }
                        reject(Self.rows(of: element), Reason(error))
                    }
                }
                let groups = groups(keyed, ofDocuments: ofDocuments)
                let sorted = try ordered(groups.map { .record($0) }, slot: groupSlot, by: order)
                return sorted.compactMap {
                    guard case .record(let record) = $0, let group = record as? GroupRecord else {
                        return nil
                    }
                    return .group(group, slot: groupSlot)
                }
            }
        } catch {
            try fail(Reason(error))
            return []
        }
    }

    private mutating func ordered(_ elements: [Value], slot: Int, by order: [Expression])
        throws(EvaluationError) -> [Value]
    {
        guard !order.isEmpty else { return elements }
        var keyed: [(key: [Value], place: Int, element: Value)] = []
        for (place, element) in elements.enumerated() {
            frame[slot] = element
            keyed.append((try values(of: order), place, element))
        }
        keyed.sort { left, right in
            for (one, two) in zip(left.key, right.key) where one != two {
                return Value.isOrdered(one, two)
            }
            return left.place < right.place
        }
        return keyed.map(\.element)
    }

    private mutating func enter(_ item: Item?) {
        switch item {
        case nil: subjects.append([])
        case .element(let element, let slot)?:
            frame[slot] = element
            subjects.append(Self.rows(of: element))
        case .group(let group, let slot)?:
            frame[slot] = .record(group)
            subjects.append(group.rows)
        }
    }

    private mutating func leave() { subjects.removeLast() }

    private mutating func run(_ node: CompiledNode, to sink: inout some FileSink) throws {
        for item in try items(of: node) {
            enter(item)
            try body(of: node, to: &sink)
            leave()
        }
    }

    private mutating func body(of node: CompiledNode, to sink: inout some FileSink) throws {
        do throws(EvaluationError) {
            for (slot, value) in node.bindings { frame[slot] = try value.evaluate(&frame) }
            if let condition = node.condition, case .bool(false) = try condition.evaluate(&frame) {
                return
            }
        } catch {
            return try fail(Reason(error))
        }
        let start = output.count
        do throws(FieldProblem) {
            try write(node)
        } catch {
            output.removeSubrange(start...)
            return try fail(error.reason, error.node)
        }
        if case .records(let nodes) = node.writing {
            for inner in nodes { try run(inner, to: &sink) }
        }
        try check(node)
        if output.count >= 262_144 {
            if isTrial { output.removeAll(keepingCapacity: true) } else { try flush(to: &sink) }
        }
    }

    /// Notes a failure with the nearest transactions it belongs to; one that belongs to none stops.
    private mutating func fail(_ reason: Reason, _ node: YAMLNode? = nil) throws {
        guard isTrial, let rows = subjects.last(where: { !$0.isEmpty }) else {
            throw RenderingError(
                diagnostic: (node ?? plan.template.node).diagnostic(reason.name, reason.message)
            )
        }
        reject(rows, reason)
    }

    private mutating func check(_ node: CompiledNode) throws {
        for check in node.checks {
            do throws(EvaluationError) {
                if case .bool(true) = try check.that.evaluate(&frame) { continue }
            } catch {
                try fail(Reason(error), check.node)
                continue
            }
            // What was set aside may be what is missing: the next trial tells.
            guard !isTrial || rejections.isEmpty else { continue }
            var message = "the check does not hold: \(check.that.source)"
            do throws(FieldProblem) {
                if let text = check.message { message = try self.text(of: text) }
            } catch {
                message += " (its message failed too: \(error.reason.message))"
            }
            try fail(Reason(name: "check-failed", message: message), check.node)
        }
    }

    // MARK: Writing

    /// Why a record cannot be written.
    private struct FieldProblem: Error {
        let reason: Reason
        var node: YAMLNode?
    }

    private mutating func write(_ node: CompiledNode) throws(FieldProblem) {
        guard let form else { return }
        switch node.writing {
        case .records: break
        case .names(let names):
            let fields = names.map { name in
                CompiledField(
                    name: name,
                    content: .nothing,
                    format: form.format,
                    node: plan.template.node,
                    width: 0
                )
            }
            try record(.delimited(.init(fields: fields)), names.map { ($0, false) }, form)
        case .record(let writer, let id):
            let fields =
                switch writer {
                case .delimited(let encoder): encoder.fields
                case .fixedWidth(let encoder): encoder.fields
                }
            var texts: [(text: String?, isText: Bool)] = []
            var values: [Value] = []
            for field in fields {
                let (value, text, isText) = try content(of: field)
                values.append(value)
                texts.append((text, isText))
            }
            try record(writer, texts, form)
            if let id { note(.record(ValuesRecord(values: values)), id, node) }
        case .lines(let text, let id, let memberSlots):
            var lines = try self.text(of: text).split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            if lines.last?.isEmpty == true { lines.removeLast() }
            for line in lines {
                do throws(FormError) {
                    substitutions.characters += try form.append(
                        String(line),
                        to: &output,
                        form.format
                    )
                } catch {
                    throw FieldProblem(reason: Reason(name: error.name, message: error.message))
                }
                output.append(contentsOf: form.lineEnd)
            }
            records += 1
            if let id {
                note(.record(ValuesRecord(values: memberSlots.map { frame[$0] })), id, node)
            }
        case .skeleton(let skeleton):
            do throws(SkeletonFailure) {
                try skeleton.write(&frame, to: &output)
            } catch {
                throw FieldProblem(reason: Reason(name: error.name, message: error.message))
            }
            records += 1
        }
    }

    private mutating func note(_ record: Value, _ id: String, _ node: CompiledNode) {
        for slot in node.writtenSlots {
            guard case .record(let holder) = frame[slot] else { continue }
            if let group = holder as? GroupRecord { group.written.append(record, id: id) }
            if let written = holder as? WrittenRecords { written.append(record, id: id) }
        }
    }

    private mutating func content(of field: CompiledField) throws(FieldProblem) -> (
        value: Value, text: String?, isText: Bool
    ) {
        switch field.content {
        case .nothing: return (.absent, "", false)
        case .text(let template):
            let text = try text(of: template)
            return (.string(text), text, true)
        case .value(let expression, let fieldForm):
            let value: Value
            do throws(EvaluationError) {
                value = try expression.evaluate(&frame)
            } catch {
                throw FieldProblem(
                    reason: named(field, error.name, error.message),
                    node: field.node
                )
            }
            do throws(FormError) {
                return (value, try fieldForm.text(value), fieldForm.isText)
            } catch {
                throw FieldProblem(
                    reason: named(field, error.name, error.message),
                    node: field.node
                )
            }
        }
    }

    private func named(_ field: CompiledField, _ name: String, _ message: String) -> Reason {
        Reason(name: name, message: field.name.map { "field '\($0)': \(message)" } ?? message)
    }

    private mutating func record(
        _ writer: RecordWriter,
        _ texts: [(text: String?, isText: Bool)],
        _ form: OutputForm
    ) throws(FieldProblem) {
        do throws(FieldFailure) {
            switch writer {
            case .delimited(let encoder):
                substitutions.add(try encoder.append(texts, to: &output, form))
            case .fixedWidth(let encoder):
                substitutions.add(try encoder.append(texts, to: &output, form))
            }
        } catch {
            throw FieldProblem(
                reason: named(error.field, error.error.name, error.error.message),
                node: error.field.node
            )
        }
        records += 1
    }

    private mutating func text(of template: TextTemplate) throws(FieldProblem) -> String {
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .literal(let literal): text += literal
            case .hole(let expression, let fieldForm):
                let value: Value
                do throws(EvaluationError) {
                    value = try expression.evaluate(&frame)
                } catch {
                    throw FieldProblem(reason: Reason(error))
                }
                do throws(FormError) {
                    text += try fieldForm.text(value) ?? ""
                } catch {
                    throw FieldProblem(reason: Reason(name: error.name, message: error.message))
                }
            }
        }
        return text
    }
}

/// File names as shares and shells bear them (reliability: fixed part, number, dates, contract,
/// invoice number and currency only).
enum FileName {
    /// The name with every sign outside `[A-Za-z0-9._-]` as `-`, at most 120 bytes, no leading dot or
    /// dash.
    static func safe(_ text: String) -> String {
        var name = String(
            text.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": Character(scalar)
                default: "-"
                }
            }
        )
        while let first = name.first, first == "." || first == "-" { name.removeFirst() }
        if name.isEmpty { name = "export" }
        let devices: Set<String> = ["con", "prn", "aux", "nul", "com1", "lpt1"]
        if let stem = name.split(separator: ".").first, devices.contains(stem.lowercased()) {
            name = "_" + name
        }
        return String(name.prefix(120))
    }
}
