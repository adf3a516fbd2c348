internal import Expressions
internal import Transactions

extension PlanBuilder {
    /// Checks an expression and takes its sums out.
    mutating func formula(
        _ source: String,
        at node: YAMLNode,
        offset: Int,
        _ place: Place
    ) throws(Diagnostic) -> Formula {
        var scope = place.scope
        if source.contains("written") { declareWritten(in: &scope, place.levels) }
        // The whole text first: its types and messages are those of the template.
        let whole: Expression
        do throws(Diagnostic) {
            whole = try Expression(source, at: node, offset: offset, in: scope)
        } catch {
            // The fields of a record that stands behind are not known yet.
            if error.name == "unknown-name" {
                try refuseWrittenLater(source, at: node, offset: offset, place)
            }
            throw error
        }
        usedNames.formUnion(whole.usedNames)
        let calls: [StreamCall]
        do throws(ExpressionError) {
            calls = try StreamCall.calls(in: source) { target(of: $0, place.levels) != nil }
        } catch {
            throw error.diagnostic(at: node, offset)
        }
        var text = Array(source.utf8)
        var streams: [Formula.Stream] = []
        for call in calls {
            guard let target = target(of: call.base, place.levels) else { continue }
            guard
                let accumulator = try accumulator(
                    call,
                    target,
                    source,
                    node,
                    offset,
                    scope,
                    place
                )
            else { continue }
            warnOfWrittenLater(call, target, node, offset, place)
            let name = "value\(streams.count)_"
            let variable = scope.declare(name, accumulator.type, bounds: accumulator.bounds)
            streams.append(
                Formula.Stream(
                    slot: variable,
                    level: target.level,
                    accumulator: accumulator.index,
                    isWritten: target.isWritten
                )
            )
            // Blanks fill what the name leaves, so that places in the text stay where they are.
            let filler = Array(name.utf8) + [UInt8](repeating: 0x20, count: call.range.count)
            text.replaceSubrange(call.range, with: filler.prefix(call.range.count))
        }
        let remaining =
            streams.isEmpty
            ? whole
            : try Expression(
                String(decoding: text, as: UTF8.self),
                at: node,
                offset: offset,
                in: scope
            )
        try refuseKept(remaining, node, place.levels)
        if remaining.usedNames.contains("transactions") { listsTransactions = true }
        if remaining.usedNames.contains("documents") { listsDocuments = true }
        return Formula(
            expression: remaining,
            source: source,
            usedNames: whole.usedNames,
            streams: streams
        )
    }

    /// What was written is only counted and summed, so that nothing of it is kept.
    private func refuseKept(_ expression: Expression, _ node: YAMLNode, _ levels: [Level])
        throws(Diagnostic)
    {
        let roots = levels.map { $0.kind == .file ? "written" : "\($0.name).written" }
        guard
            expression.usedNames.contains(where: { name in
                roots.contains { name == $0 || name.hasPrefix($0 + ".") }
            })
        else { return }
        throw node.diagnostic(
            "written",
            "what was written is only counted and summed",
            cure: "size(), or map(r, ...) and then sum(), min(), max() or same()"
        )
    }

    /// Where a stream's elements go by.
    struct Target {
        let level: Int
        let isWritten: Bool
        /// The record id; empty for transactions, `all` for every record.
        let id: String
    }

    func target(of path: String, _ levels: [Level]) -> Target? {
        let words = path.split(separator: ".").map(String.init)
        func id(_ word: String) -> String? { word == "all" || ids.contains(word) ? word : nil }
        switch words.count {
        case 1: return path == "transactions" ? Target(level: 0, isWritten: false, id: "") : nil
        case 2:
            if words[0] == "written", let file = levels.first(where: { $0.kind == .file }) {
                return id(words[1]).map { Target(level: file.id, isWritten: true, id: $0) }
            }
            guard words[1] == "transactions",
                let level = levels.last(where: { $0.name == words[0] })
            else { return nil }
            return Target(level: level.id, isWritten: false, id: "")
        case 3:
            guard words[1] == "written", let level = levels.last(where: { $0.name == words[0] })
            else { return nil }
            return id(words[2]).map { Target(level: level.id, isWritten: true, id: $0) }
        default: return nil
        }
    }

    /// The accumulator of a call; nil when its body looks at more than its element, which for
    /// transactions means that they are listed.
    private mutating func accumulator(
        _ call: StreamCall,
        _ target: Target,
        _ source: String,
        _ node: YAMLNode,
        _ offset: Int,
        _ scope: Scope,
        _ place: Place
    ) throws(Diagnostic) -> (index: Int, type: ValueType, bounds: Bounds)? {
        let bytes = Array(source.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let whole = try Expression(part(call.range), at: node, offset: offset, in: scope)
        let type = whole.type
        var inner = globalScope
        let element = target.isWritten ? recordType(target.id) : rowType
        let slot = inner.declare(
            call.variable.isEmpty ? "element " : call.variable,
            .record(element)
        )
        var condition: Expression?
        var body: Expression?
        do throws(ExpressionError) {
            if let range = call.condition {
                let compiled = try Expression(part(range), in: inner)
                condition = compiled
                inner = inner.narrowed(by: compiled)
            }
            if let range = call.body { body = try Expression(part(range), in: inner) }
        } catch {
            guard target.isWritten else { return nil }
            throw node.diagnostic(
                "written",
                "a sum over what was written looks only at its fields: \(error.message)",
                cure: "let the record carry the value as a field",
                at: call.range.lowerBound + offset..<call.range.upperBound + offset
            )
        }
        // As rows go by there is no list of all of them to look at.
        let names = (body?.usedNames ?? []).union(condition?.usedNames ?? [])
        if let list = ["documents", "transactions"].first(where: names.contains) {
            guard target.isWritten else { return nil }
            throw node.diagnostic(
                "written",
                "a sum over what was written looks only at its fields, not at all \(list)",
                cure: "let the record carry the value as a field",
                at: call.range.lowerBound + offset..<call.range.upperBound + offset
            )
        }
        var member: Int?
        if let body, let range = call.body {
            let words = part(range).split(separator: ".", omittingEmptySubsequences: false)
            if words.count == 2, words[0] == call.variable {
                member = element.index(of: String(words[1]))
            }
            if target.isWritten {
                for name in body.usedNames.union(condition?.usedNames ?? []) {
                    guard name.hasPrefix("."),
                        let found = element.members.first(where: { "." + $0.name == name })
                    else { continue }
                    assumedMembers.append((target.id, found, node))
                }
            }
            warnOfMixedCurrencies(call, body, target, node, offset, place)
        }
        let plan = AccumulatorPlan(
            result: call.result,
            condition: condition,
            body: body,
            member: condition == nil ? member : nil,
            slot: slot,
            record: target.isWritten && target.id != "all" ? idPlace(target.id) : nil,
            type: type
        )
        return (add(plan, part(call.range), target), type, whole.bounds)
    }

    private mutating func add(_ plan: AccumulatorPlan, _ source: String, _ target: Target) -> Int {
        if target.isWritten {
            let sources = levels[target.level].writtenSources
            for (index, other) in levels[target.level].written.enumerated()
            where plan.isSame(as: other, source: source, sources[index]) {
                return index
            }
            levels[target.level].written.append(plan)
            levels[target.level].writtenSources.append(source)
            return levels[target.level].written.count - 1
        }
        let sources = levels[target.level].rowSources
        for (index, other) in levels[target.level].rows.enumerated()
        where plan.isSame(as: other, source: source, sources[index]) {
            return index
        }
        levels[target.level].rows.append(plan)
        levels[target.level].rowSources.append(source)
        return levels[target.level].rows.count - 1
    }

    private func declareWritten(in scope: inout Scope, _ levels: [Level]) {
        let type = writtenType()
        for level in levels {
            switch level.kind {
            case .batch: break
            case .file: scope.redeclare("written", .record(type))
            case .group, .document:
                guard let record = level.type else { continue }
                let members = record.members.map {
                    $0.name == "written" ? RecordType.Member("written", .record(type)) : $0
                }
                scope.redeclare(
                    level.name,
                    .record(RecordType(name: record.name, members: members))
                )
            }
        }
    }

    // MARK: Where values come from

    /// The fields of a row that an expression's value comes of; `lookup` for a lookup's columns.
    func origins(of names: Set<String>) -> Set<String> {
        var found: Set<String> = []
        for name in names {
            if name.hasPrefix("lookups.") {
                found.insert("lookup")
                continue
            }
            let words = name.split(separator: ".").map(String.init)
            if let known = origins[name] {
                found.formUnion(known)
            } else if words.count == 1, !name.hasPrefix("."), Field(name: name) != nil {
                found.insert(name)
            } else if name.hasPrefix("."), let last = words.last {
                if let known = origins[last] {
                    found.formUnion(known)
                } else if Field(name: last) != nil {
                    found.insert(last)
                }
            }
        }
        return found
    }

    private static let money: Set<String> = [
        "netPricePerUnit", "discountPerUnit", "pricePerUnit", "totalPrice", "vatAmount",
        "netAmount",
    ]

    /// A sum of money over several currencies is a hash total at best.
    private mutating func warnOfMixedCurrencies(
        _ call: StreamCall,
        _ body: Expression,
        _ target: Target,
        _ node: YAMLNode,
        _ offset: Int,
        _ place: Place
    ) {
        guard call.result == .sum, !place.mixesCurrencies else { return }
        var sources = origins(of: body.usedNames)
        if target.isWritten, let fields = writtenOrigins[target.id] {
            sources = []
            for name in body.usedNames where name.hasPrefix(".") {
                sources.formUnion(fields[String(name.dropFirst())] ?? [])
            }
        }
        guard !sources.isDisjoint(with: Self.money) else { return }
        for enclosing in place.levels {
            if enclosing.keyOrigins.contains("currency") { return }
            if enclosing.id == target.level { break }
        }
        warnings.append(
            node.diagnostic(
                "mixed-currencies",
                "amounts are summed, and no group around them has one currency",
                cure: "add currency to group_by, or mixed_currencies: true on the file",
                severity: .warning,
                at: call.range.lowerBound + offset..<call.range.upperBound + offset
            )
        )
    }
}
