internal import Expressions
internal import Transactions

extension Renderer {
    /// Runs a node for each of its items.
    mutating func run(_ node: CompiledNode) throws {
        if try runByProgram(node) { return }
        try items(of: node) { renderer in try renderer.runOnce(node) }
    }

    /// Binds, tests, writes and checks one item.
    mutating func runOnce(_ node: CompiledNode) throws {
        guard try enter(node) else { return }
        try write(node)
        try check(node)
    }

    /// Evaluates `let` and `when`; false when the item is left out.
    mutating func enter(_ node: CompiledNode) throws -> Bool {
        for (slot, value) in node.bindings {
            frame[slot] = try self.value(of: value, at: node.node)
        }
        guard let condition = node.condition else { return true }
        return try holds(condition, at: node.node)
    }

    /// Runs a body for each item of a node's loop; a failing item is rejected and the rest goes on.
    mutating func items(of node: CompiledNode, _ body: (inout Self) throws -> Void) throws {
        switch node.loop {
        case .once: try body(&self)
        case .items(let list, let slot, let order, let level):
            try goOver(list, slot, order, level, at: node.node, body)
        case .groups(let list, let slot, let keys, let order, let groupSlot, let level):
            let groups = try groups(of: list, slot, keys, at: node.node)
            let sorted = try ordered(groups, order, groupSlot, at: node.node)
            for group in sorted {
                frame[groupSlot] = .record(group)
                open(level, group)
                try attempt(.group(group), body)
            }
        }
    }

    mutating func goOver(
        _ list: CompiledNode.List,
        _ slot: Int,
        _ order: [Formula],
        _ level: Int?,
        at node: YAMLNode,
        _ body: (inout Self) throws -> Void
    ) throws {
        switch list {
        case .transactions, .transactionsOf:
            guard order.isEmpty else {
                try goOverOrdered(list, slot, order, at: node, body)
                return
            }
            try goOverRows(list, slot, body)
        case .documents, .documentsOf:
            let found = documents(of: list)
            for document in try ordered(found, order, slot, at: node) {
                frame[slot] = .record(document)
                if let level { open(level, document) }
                try attempt(.document(document), body)
            }
        case .values(let formula):
            guard case .list(let values) = try value(of: formula, at: node) else { return }
            var keyed: [(keys: [Value], value: Value)] = []
            for value in values {
                frame[slot] = value
                keyed.append((try keys(order, at: node), value))
            }
            if !order.isEmpty { keyed.sort { KeyOrder.isBefore($0.keys, $1.keys) } }
            for (_, value) in keyed {
                frame[slot] = value
                if case .record(let record) = value, let row = record as? TransactionRow {
                    try attempt(.row(row), body)
                } else {
                    try body(&self)
                }
            }
        }
    }

    /// Goes over transactions, and keeps the sums of their level in passing if nothing asked for them
    /// before.
    private mutating func goOverRows(
        _ list: CompiledNode.List,
        _ slot: Int,
        _ body: (inout Self) throws -> Void
    ) throws {
        let level = if case .transactionsOf(_, let level) = list { level } else { 0 }
        var sums = states[level].rows.map { _ in Accumulator() }
        let isSumming = !sums.isEmpty && !states[level].isReady
        try visit(list) { renderer, row in
            if isSumming, !renderer.states[level].isReady {
                renderer.add(row, to: &sums, of: level)
            }
            renderer.frame[slot] = .record(row)
            try renderer.attempt(.row(row), body)
        }
        if isSumming, !states[level].isReady {
            states[level].rows = sums
            states[level].isReady = true
        }
    }

    /// Goes over transactions by keys: their places are sorted, then each is read again.
    private mutating func goOverOrdered(
        _ list: CompiledNode.List,
        _ slot: Int,
        _ order: [Formula],
        at node: YAMLNode,
        _ body: (inout Self) throws -> Void
    ) throws {
        var keyed: [(keys: [Value], position: Int)] = []
        try visit(list) { renderer, row in
            renderer.frame[slot] = .record(row)
            try renderer.attempt(.row(row)) { renderer in
                keyed.append((try renderer.keys(order, at: node), row.position))
            }
        }
        keyed.sort { one, two in
            if KeyOrder.isBefore(one.keys, two.keys) { return true }
            if KeyOrder.isBefore(two.keys, one.keys) { return false }
            return one.position < two.position
        }
        for (_, position) in keyed {
            let row = try row(at: position)
            frame[slot] = .record(row)
            try attempt(.row(row), body)
        }
    }

    /// Runs a body for a subject; what fails inside is the subject's failure.
    mutating func attempt(_ subject: Subject, _ body: (inout Self) throws -> Void) throws {
        subjects.append(subject)
        do {
            try body(&self)
        } catch let problem as FieldProblem {
            try fail(problem)
        }
        subjects.removeLast()
    }

    // MARK: Elements

    /// Visits transactions in the batch's order.
    mutating func visit(
        _ list: CompiledNode.List,
        _ body: (inout Self, TransactionRow) throws -> Void
    ) throws {
        switch list {
        case .transactions:
            let source = source
            let counts = !isCounted
            isCounted = true
            try source.visit { position, selected in
                guard !excluded.contains(position) else { return }
                if counts { count += 1 }
                let row = try self.row(selected, position)
                try body(&self, row)
            }
        case .transactionsOf(let slot, _):
            guard case .record(let record) = frame[slot], let group = record as? GroupRecord
            else { return }
            for position in group.positions { try body(&self, try row(at: position)) }
        case .documents, .documentsOf, .values: break
        }
    }

    mutating func row(at position: Int) throws -> TransactionRow {
        try row(try source.transaction(at: position), position)
    }

    mutating func row(_ selected: SelectedTransaction, _ position: Int) throws
        -> TransactionRow
    {
        do throws(EvaluationError) {
            return try selector.row(selected, position: position)
        } catch {
            // What is selected was derived before; only a source that changes in between comes here.
            throw RenderingError(
                diagnostic: plan.template.node.diagnostic(
                    error.name,
                    "transaction \(selected.transaction.key): \(error.message)",
                    cure: "run again"
                )
            )
        }
    }

    func documents(of list: CompiledNode.List) -> [GroupRecord] {
        guard case .documentsOf(let slot) = list else { return documents }
        guard case .record(let record) = frame[slot] else { return [] }
        return (record as? GroupRecord)?.documents ?? []
    }

    mutating func keys(_ formulas: [Formula], at node: YAMLNode) throws -> [Value] {
        var keys: [Value] = []
        keys.reserveCapacity(formulas.count)
        for formula in formulas { keys.append(try value(of: formula, at: node)) }
        return keys
    }

    private mutating func ordered(
        _ groups: [GroupRecord],
        _ order: [Formula],
        _ slot: Int,
        at node: YAMLNode
    ) throws -> [GroupRecord] {
        guard !order.isEmpty else { return groups }
        var keyed: [(keys: [Value], index: Int)] = []
        for (index, group) in groups.enumerated() {
            frame[slot] = .record(group)
            keyed.append((try keys(order, at: node), index))
        }
        keyed.sort { one, two in
            if KeyOrder.isBefore(one.keys, two.keys) { return true }
            if KeyOrder.isBefore(two.keys, one.keys) { return false }
            return one.index < two.index
        }
        return keyed.map { groups[$0.index] }
    }

    // MARK: Groups

    /// Groups transactions by keys: from their bytes where the keys are plain fields.
    private mutating func groups(
        _ list: CompiledNode.List,
        _ slot: Int,
        _ keys: [Formula],
        at node: YAMLNode
    ) throws -> GroupIndex {
        var index = GroupIndex()
        let fast = programs.keys(keys, RowValues(plan: plan, rowSlot: slot))
        try visitRows(list) { renderer, position, scanned, bytes in
            if let fast, index.add(position, scanned, bytes, fast) { return }
            let row = try renderer.row(scanned, bytes, position)
            renderer.frame[slot] = .record(row)
            try renderer.attempt(.row(row)) { renderer in
                index.add(position, try renderer.keys(keys, at: node))
            }
        }
        return index
    }

    /// Groups elements; groups come ascending by their keys, elements keep their order.
    ///
    /// Only places are kept.
    mutating func groups(
        of list: CompiledNode.List,
        _ slot: Int,
        _ keys: [Formula],
        at node: YAMLNode
    ) throws -> [GroupRecord] {
        var index = GroupIndex()
        switch list {
        case .documents, .documentsOf:
            let found = documents(of: list)
            for (place, document) in found.enumerated() {
                frame[slot] = .record(document)
                try attempt(.document(document)) { renderer in
                    index.add(place, try renderer.keys(keys, at: node))
                }
            }
            return index.sorted().enumerated().map { position, group in
                let documents = group.places.map { found[$0] }
                return GroupRecord(
                    keys: group.keys,
                    positions: documents.flatMap(\.positions).sorted(),
                    documents: documents,
                    position: position + 1,
                    serial: 0,
                    rows: lister
                )
            }
        case .transactions, .transactionsOf: index = try groups(list, slot, keys, at: node)
        case .values(let formula):
            guard case .list(let values) = try value(of: formula, at: node) else { return [] }
            for case .record(let record) in values {
                guard let row = record as? TransactionRow else { continue }
                frame[slot] = .record(row)
                try attempt(.row(row)) { renderer in
                    index.add(row.position, try renderer.keys(keys, at: node))
                }
            }
        }
        return index.sorted().enumerated().map { position, group in
            GroupRecord(
                keys: group.keys,
                positions: group.places,
                documents: [],
                position: position + 1,
                serial: 0,
                rows: lister
            )
        }
    }

    /// Groups the transactions into documents, before anything is written.
    mutating func makeDocuments() throws {
        guard let declaration = plan.documents else { return }
        var serial = Int64(batch.nextSerial ?? 0)
        if let first = declaration.numberedFrom, batch.nextSerial == nil {
            guard case .int(let number) = try value(of: first, at: declaration.node) else { return }
            serial = number
        }
        if let invoices = declaration.invoices {
            try makeInvoices(invoices, firstSerial: serial)
            return
        }
        var index = try groups(
            .transactions,
            declaration.rowSlot,
            declaration.keys,
            at: declaration.node
        )
        if try source.settle() {
            count = 0
            isCounted = false
            index = try groups(
                .transactions,
                declaration.rowSlot,
                declaration.keys,
                at: declaration.node
            )
        }
        documents = index.sorted().enumerated().map { position, group in
            GroupRecord(
                keys: group.keys,
                positions: group.places,
                documents: [],
                position: position + 1,
                serial: serial + Int64(position),
                rows: lister
            )
        }
    }
}

/// Places of elements by their keys.
struct GroupIndex {
    private var groups: [(keys: [Value], places: [Int])] = []
    private var byKeys: [[Value]: Int] = [:]
    /// Groups by the bytes of their keys.
    private var byBytes = RowKeyTable()
    /// The group of the element before, for rows of one group often come together; and where the bytes
    /// of its keys stand, -1 where it was found by values.
    private var last = -1
    private var lastStart = -1

    mutating func add(_ place: Int, _ keys: [Value]) {
        lastStart = -1
        if last >= 0, groups[last].keys == keys {
            groups[last].places.append(place)
            return
        }
        if let known = byKeys[keys] {
            last = known
            groups[known].places.append(place)
        } else {
            last = groups.count
            byKeys[keys] = last
            groups.append((keys, [place]))
        }
    }

    /// Adds a row by the bytes of its keys; false where they cannot be told.
    mutating func add(
        _ place: Int,
        _ row: borrowing ScannedRow,
        _ span: Span<UInt8>,
        _ keys: RowKeys
    ) -> Bool {
        guard keys.areIn(row) else { return false }
        if lastStart >= 0, byBytes.has(keys, row, span, at: lastStart) {
            groups[last].places.append(place)
        } else if let known = byBytes.group(keys, row, span) {
            (last, lastStart) = known
            groups[last].places.append(place)
        } else {
            // Texts that are equal in another normal form are one key.
            add(place, keys.values(row, span))
            lastStart = byBytes.add(keys, row, span, last)
        }
        return true
    }

    /// The groups, ascending by their keys.
    func sorted() -> [(keys: [Value], places: [Int])] {
        groups.sorted { KeyOrder.isBefore($0.keys, $1.keys) }
    }
}

/// How keys follow one another: the first that differs decides.
enum KeyOrder {
    static func isBefore(_ one: [Value], _ two: [Value]) -> Bool {
        for (left, right) in zip(one, two) where left != right {
            return Value.isOrdered(left, right)
        }
        return false
    }
}
