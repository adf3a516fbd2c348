internal import Expressions

extension Renderer {
    /// Writes all files of one pass.
    mutating func writeFiles() throws -> [RenderedFile] {
        try makeDocuments()
        return try writeMadeDocuments()
    }

    /// Writes all files of the documents at hand.
    mutating func writeMadeDocuments() throws -> [RenderedFile] {
        if let checks = plan.documentChecks { try run(checks) }
        if plan.lists.transactions || plan.lists.documents { try listAll() }
        var package: String?
        if let declared = plan.package {
            let name = try fileName(declared.name, at: declared.node).name
            if !isSpoiled { try sink.beginPackage(name) }
            package = name
        }
        var rendered: [RenderedFile] = []
        for (index, file) in plan.files.enumerated() {
            form = file.form
            try items(of: file.tree) { renderer in
                if let one = try renderer.write(file, index, package) { rendered.append(one) }
            }
        }
        if package != nil, !isSpoiled { try sink.endPackage() }
        // Where nothing went over the transactions they are counted all the same.
        if !isCounted { try visit(.transactions) { _, _ in } }
        if isSpoiled { try spread() }
        return rendered
    }

    /// Puts whole lists where expressions ask for them.
    private mutating func listAll() throws {
        var rows: [Value] = []
        if plan.lists.transactions || plan.documents == nil {
            try visit(.transactions) { _, row in rows.append(.record(row)) }
        }
        frame[plan.slots.transactions] = .list(rows)
        frame[plan.slots.documents] = .list(
            plan.documents == nil ? rows : documents.map { .record($0) }
        )
    }

    /// Writes one file; nil when its `when` leaves it out.
    private mutating func write(_ file: CompiledFile, _ declaration: Int, _ package: String?) throws
        -> RenderedFile?
    {
        guard try enter(file.tree) else { return nil }
        open(file.level, nil)
        records = 0
        bytes = 0
        substitutions = Substitutions()
        output.removeAll(keepingCapacity: true)
        let name = try freeName(file)
        if !isSpoiled { try sink.begin(name) }
        trace?.file = name
        output.append(contentsOf: file.form.byteOrderMark)
        try write(file.tree)
        try check(file.tree)
        if file.form.kind == .json, file.form.format.framing == .array {
            if records == 0 { output.append(0x5B) }
            output.append(contentsOf: file.form.lineEnd)
            output.append(0x5D)
            output.append(contentsOf: file.form.lineEnd)
        }
        var totals: [RenderedFile.ControlTotal] = []
        for total in file.controlTotals where !isSpoiled {
            totals.append(try controlTotal(total))
        }
        try flush()
        if !isSpoiled { try sink.end() }
        var altered: [String: Int] = [:]
        if substitutions.characters > 0 { altered["characters"] = substitutions.characters }
        if substitutions.formulas > 0 { altered["formulas"] = substitutions.formulas }
        if substitutions.cuts > 0 { altered["cuts"] = substitutions.cuts }
        return RenderedFile(
            name: name,
            package: package,
            kind: file.form.kind.rawValue,
            encoding: file.form.encoding.name,
            records: records,
            bytes: bytes,
            controlTotals: totals,
            substitutions: altered,
            schemas: file.schemas,
            delimiter: file.form.kind == .delimited ? file.format.delimiter ?? "," : nil,
            declaration: declaration
        )
    }

    /// A name that no file of the batch has yet, even where case does not count.
    ///
    /// Values that only making them safe, or their case, made alike get a short hash of what they were;
    /// the first keeps the plain name, for it is written by then.
    private mutating func freeName(_ file: CompiledFile) throws -> String {
        var (name, values) = try fileName(file.name, at: file.nameNode)
        if let others = names[name.lowercased()], !others.contains(values) {
            names[name.lowercased()]?.insert(values)
            let dot = name.lastIndex(of: ".") ?? name.endIndex
            name.insert(contentsOf: "_\(Self.shortHash(values))", at: dot)
            try checkLength(of: name, at: file.nameNode)
        }
        guard names[name.lowercased()] == nil else {
            throw RenderingError(
                diagnostic: file.nameNode.diagnostic(
                    "doubled-name",
                    "two files are called '\(name)'",
                    cure: "put what tells them apart into the name"
                )
            )
        }
        names[name.lowercased()] = [values]
        return name
    }

    /// Eight hexadecimal digits of FNV-1a (32 bit): it tells a few names apart and guards nothing.
    private static func shortHash(_ bytes: [UInt8]) -> String {
        var hash: UInt32 = 0x811C_9DC5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// A file's name: its fixed parts as they are, each value made safe; and the values as they were.
    private mutating func fileName(_ text: TextTemplate, at node: YAMLNode) throws -> (
        name: String, values: [UInt8]
    ) {
        var name: [UInt8] = []
        var values: [UInt8] = []
        for piece in text.pieces {
            switch piece {
            case .literal(let literal): name.append(contentsOf: literal)
            case .hole(let formula, let form):
                let value = try value(of: formula, at: node)
                hole.removeAll(keepingCapacity: true)
                do throws(FormError) {
                    _ = try form.append(value, to: &hole, altered: &substitutions.characters)
                } catch {
                    throw FieldProblem(error, at: node)
                }
                name.append(contentsOf: FileName.part(hole))
                values.append(contentsOf: hole)
                values.append(0)
            }
        }
        let whole = FileName.whole(String(decoding: name, as: UTF8.self))
        try checkLength(of: whole, at: node)
        return (whole, values)
    }

    private func checkLength(of name: String, at node: YAMLNode) throws {
        guard name.utf8.count <= FileName.longest else {
            throw FieldProblem(
                Reason(
                    name: "file-name",
                    message:
                        "the file's name has \(name.utf8.count) bytes, \(FileName.longest) are allowed"
                ),
                at: node,
                cure: "shorten its fixed parts"
            )
        }
    }

    private mutating func controlTotal(
        _ total: (name: String, selected: Formula, written: Formula, node: YAMLNode)
    ) throws -> RenderedFile.ControlTotal {
        let selected = try value(of: total.selected, at: total.node)
        let written = try value(of: total.written, at: total.node)
        guard selected == written else {
            throw RenderingError(
                diagnostic: total.node.diagnostic(
                    "control-total",
                    "control total '\(total.name)' differs: selected \(plainText(selected)), written \(plainText(written))",
                    cure: "the batch is not published; mend the template"
                )
            )
        }
        return .init(
            name: total.name,
            selected: plainText(selected),
            written: plainText(written)
        )
    }

    /// Gives the buffer to the sink.
    mutating func flush() throws {
        bytes += output.count
        for index in checksums.indices {
            checksums[index].take(output)
            checksums[index].start = 0
        }
        if !isSpoiled { try sink.write(&output) }
        output.removeAll(keepingCapacity: true)
    }

    /// Gives the buffer to the sink when it is full; called where nothing of it may be taken back.
    mutating func flushIfFull() throws {
        if output.count >= Self.chunk { try flush() }
    }

    /// A rejected transaction takes its document along, unless the template lets it be incomplete.
    private mutating func spread() throws {
        guard let declaration = plan.documents, !declaration.allowsIncomplete else { return }
        for document in documents {
            guard let cause = document.positions.first(where: { rejections[$0] != nil }),
                let key = rejections[cause]?.key
            else { continue }
            let rest = document.positions.filter { rejections[$0] == nil }
            try reject(
                rest,
                Reason(name: "document", message: "its document waits for transaction \(key)")
            )
        }
    }
}
