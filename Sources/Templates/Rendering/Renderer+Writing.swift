internal import Expressions
internal import Transactions

extension Renderer {
    mutating func write(_ node: CompiledNode) throws {
        guard let form else { return }
        switch node.writing {
        case .records(let nodes): for inner in nodes { try run(inner) }
        case .checksum(let inner, let extent, let slot):
            let depth = checksums.count
            checksums.append(RunningChecksum(extent, from: output.count))
            defer { checksums.removeLast(checksums.count - depth) }
            try run(inner)
            checksums[depth].take(output)
            frame[slot] = .int(Int64(checksums[depth].value))
        case .names(let names, let encoder):
            beginTrace(node)
            for (index, name) in names.enumerated() {
                scratch.removeAll(keepingCapacity: true)
                scratch.append(contentsOf: name.utf8)
                trace?.name(name)
                do throws(FormError) {
                    try encoder.append(&scratch, at: index, to: &output, form, &substitutions)
                } catch {
                    throw FieldProblem(error, at: node.node)
                }
            }
            output.append(contentsOf: form.lineEnd)
            endTrace()
            records += 1
        case .record(let writer, let note):
            beginTrace(node)
            try write(writer, note, form)
            endTrace()
            try flushIfFull()
        case .lines(let text, let note, let memberSlots):
            beginTrace(node)
            try write(text, form, at: node.node)
            endTrace()
            records += 1
            if !note.levels.isEmpty {
                try self.note(memberSlots.map { frame[$0] }, note)
            }
            try flushIfFull()
        case .skeleton(let skeleton):
            beginTrace(node)
            try write(skeleton)
            endTrace()
            records += 1
        }
    }

    /// Writes one record of fields.
    private mutating func write(
        _ writer: RecordWriter,
        _ note: CompiledNode.RecordNote,
        _ form: OutputForm
    ) throws {
        let kept = note.id >= 0 ? keptMembers[note.id] : nil
        var values: [Value] = []
        var isFirst = true
        if case .json = writer { beginObject(form) }
        let fields = writer.fields
        for index in fields.indices {
            let field = fields[index]
            var isAbsent = false
            do {
                scratch.removeAll(keepingCapacity: true)
                switch field.content {
                case .nothing:
                    isAbsent = true
                    if kept != nil { values.append(.absent) }
                case .text(let text):
                    try append(text, at: field.node)
                    if kept != nil {
                        values.append(.string(String(decoding: scratch, as: UTF8.self)))
                    }
                case .value(let formula, let form):
                    let isKept = kept.map { note.members.isEmpty ? $0.isEmpty || $0[index] : true }
                    if isKept == true || form.shape == .other || !formula.streams.isEmpty {
                        let value = try value(of: formula)
                        if isKept != nil { values.append(value) }
                        isAbsent =
                            !(try form.append(
                                value,
                                to: &scratch,
                                altered: &substitutions.characters
                            ))
                    } else {
                        if isKept != nil { values.append(.absent) }
                        isAbsent = !(try append(formula, form))
                    }
                }
                if isAbsent { scratch.append(contentsOf: field.look.absent) }
                trace?.field(field, scratch, isAbsent: isAbsent)
                switch writer {
                case .delimited(let encoder):
                    try encoder.append(&scratch, at: index, to: &output, form, &substitutions)
                case .fixedWidth(let encoder):
                    try encoder.append(
                        scratch,
                        isAbsent: isAbsent,
                        at: index,
                        to: &output,
                        form,
                        &substitutions
                    )
                case .json(let encoder):
                    encoder.append(
                        scratch,
                        isAbsent: isAbsent,
                        at: index,
                        isFirst: &isFirst,
                        to: &output,
                        form.format
                    )
                }
            } catch let error as FormError {
                throw FieldProblem(error, at: field.node, field: field.name)
            } catch let error as EvaluationError {
                var problem = FieldProblem(Reason(error), at: field.node)
                problem.field = field.name
                throw problem
            }
        }
        if case .json = writer { output.append(0x7D) }
        if case .json = writer, form.format.framing == .array {
            // The array's end closes the last object's line.
        } else {
            output.append(contentsOf: form.lineEnd)
        }
        records += 1
        if !note.levels.isEmpty { try self.note(values, note) }
    }

    /// Appends a value that nothing else looks at, without making a `Value` of it; false when absent.
    private mutating func append(_ formula: Formula, _ form: FieldForm) throws -> Bool {
        guard form.shape == .text else {
            guard let number = try formula.expression.evaluateNumber(&frame) else { return false }
            try form.append(number, to: &scratch)
            return true
        }
        guard try formula.expression.appendText(&frame, to: &scratch) else { return false }
        try form.settle(&scratch, altered: &substitutions.characters)
        return true
    }

    private mutating func beginObject(_ form: OutputForm) {
        if form.format.framing == .array {
            output.append(records == 0 ? 0x5B : 0x2C)
            output.append(contentsOf: form.lineEnd)
        }
        output.append(0x7B)
    }

    /// Writes a text, its line ends in the file's form.
    private mutating func write(_ text: TextTemplate, _ form: OutputForm, at node: YAMLNode)
        throws
    {
        scratch.removeAll(keepingCapacity: true)
        try append(text, at: node)
        if scratch.last != 0x0A { scratch.append(0x0A) }
        var line: [UInt8] = []
        for byte in scratch {
            if byte != 0x0A {
                line.append(byte)
                continue
            }
            form.encoding.append(line, to: &output)
            output.append(contentsOf: form.lineEnd)
            line.removeAll(keepingCapacity: true)
        }
    }

    /// Appends a text with its holes filled to `scratch`.
    mutating func append(_ text: TextTemplate, at node: YAMLNode) throws {
        for piece in text.pieces {
            switch piece {
            case .literal(let literal): scratch.append(contentsOf: literal)
            case .hole(let formula, let form):
                let value = try value(of: formula, at: node)
                hole.removeAll(keepingCapacity: true)
                do throws(FormError) {
                    let isPresent = try form.append(
                        value,
                        to: &hole,
                        altered: &substitutions.characters
                    )
                    if !isPresent { hole.append(contentsOf: (form.format.absent ?? "").utf8) }
                } catch {
                    throw FieldProblem(error, at: node)
                }
                trace?.hole(formula, form, hole)
                scratch.append(contentsOf: hole)
            }
        }
    }

    /// A text as a string: names and messages.
    mutating func string(_ text: TextTemplate, at node: YAMLNode) throws -> String {
        scratch.removeAll(keepingCapacity: true)
        try append(text, at: node)
        return String(decoding: scratch, as: UTF8.self)
    }

    // MARK: Checks

    /// Refuses the document, or outside of documents the batch, when a check does not hold.
    mutating func check(_ node: CompiledNode) throws {
        for check in node.checks where !(try holds(check.that, at: check.node)) {
            var message = "the check does not hold: \(check.that.source)"
            if let text = check.message { message = try string(text, at: check.node) }
            if let (left, right) = check.sides {
                let values = try (value(of: left), value(of: right))
                message += ": \(plainText(values.0)) == \(plainText(values.1)) is false"
            }
            let reason = Reason(name: "check-failed", message: message)
            let document = documentAround()
            guard let positions = document else {
                throw RenderingError(
                    diagnostic: check.node.diagnostic(
                        reason.name,
                        message,
                        cure: "the batch is not published",
                        at: 0..<check.that.source.utf8.count
                    )
                )
            }
            diagnostics.append(
                check.node.diagnostic(
                    reason.name,
                    message,
                    cure: try rejectedCure(positions),
                    at: 0..<check.that.source.utf8.count
                )
            )
            try reject(positions, reason)
        }
    }

    /// The transactions of the innermost document; nil outside of documents.
    private func documentAround() -> [Int]? {
        for subject in subjects.reversed() {
            switch subject {
            case .document(let document): return document.positions
            case .row(let row): if plan.documents == nil { return [row.position] }
            case .group: break
            }
        }
        return nil
    }

    /// `document rejected with its 76 transactions (7000000002 and 75 more)`.
    private func rejectedCure(_ positions: [Int]) throws -> String {
        guard let first = positions.first else { return "document rejected" }
        let key = try source.transaction(at: first).transaction.key
        let more = positions.count > 1 ? " and \(positions.count - 1) more" : ""
        let noun = positions.count == 1 ? "transaction" : "\(positions.count) transactions"
        return "document rejected with its \(noun) (\(key)\(more))"
    }
}
