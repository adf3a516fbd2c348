internal import Expressions
internal import Transactions

/// Programs that a rendering has made, with what they keep; nil for what has none.
struct RowPrograms {
    /// A program at work.
    final class Work {
        let program: RowProgram
        /// Taken out while the program goes over rows: as parts of an object each access to them was checked
        /// for others at run time, three times a row (a twentieth of job A, Swift 6.3).
        var tools: Tools?
        /// Whether an element stayed.
        var anyWritten = false
        /// The number of the row that goes the general way.
        var number: Int64 = 0

        init(_ program: RowProgram) {
            self.program = program
            tools = Tools(machine: RowMachine(program), buffer: RowBuffer())
        }
    }

    /// What a program changes from row to row.
    struct Tools: ~Copyable {
        var machine: RowMachine
        var buffer: RowBuffer
        var anyWritten = false
    }

    private var works: [ObjectIdentifier: Work?] = [:]
    private var sums: [Int: RowSums?] = [:]
    let isEnabled = RowProgram.isEnabled

    /// The program of what `object` stands for, made when it is first asked for.
    mutating func work(_ object: AnyObject, _ make: () -> RowProgram?) -> Work? {
        guard isEnabled else { return nil }
        if let known = works[ObjectIdentifier(object)] { return known }
        let made = make().map(Work.init)
        works[ObjectIdentifier(object)] = .some(made)
        return made
    }

    /// Empty sums of a level's transactions.
    mutating func sums(of level: Int, _ plan: Plan) -> RowSums? {
        guard isEnabled else { return nil }
        if let known = sums[level] { return known }
        let made = RowSums(plan.levels[level].rows, plan)
        sums[level] = .some(made)
        return made
    }

    func keys(_ keys: [Formula], _ values: RowValues) -> RowKeys? {
        isEnabled ? RowKeys(keys, values) : nil
    }
}

extension Renderer {
    /// Visits transactions as columns, in the batch's order.
    mutating func visitRows(
        _ list: CompiledNode.List,
        _ body: (inout Self, Int, borrowing ScannedRow, Span<UInt8>) throws -> Void
    ) throws {
        switch list {
        case .transactions:
            // Of its own what each row needs: of the renderer, which is generic, a field's place is looked up.
            let (source, excluded) = (source, excluded)
            let counts = !isCounted
            isCounted = true
            var met = 0
            defer { if counts { count += met } }
            try source.visitRows { position, row, bytes in
                guard excluded.isEmpty || !excluded.contains(position) else { return }
                met += 1
                try body(&self, position, row, bytes)
            }
        case .transactionsOf(let slot, _):
            guard case .record(let record) = frame[slot], let group = record as? GroupRecord
            else { return }
            if try groupRows.hold(group.positions, of: source) {
                let rows = groupRows
                try rows.visit(group.positions) { position, row, bytes in
                    try body(&self, position, row, bytes)
                }
                return
            }
            var row = ScannedRow(feed: plan.feed)
            var bytes: [UInt8] = []
            for position in group.positions {
                _ = try source.readRow(at: position, &row, &bytes, from: 0)
                try body(&self, position, row, bytes.span)
            }
        case .documents, .documentsOf, .values: break
        }
    }

    /// A row on its own, with what the template derives from it.
    mutating func row(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>, _ position: Int) throws
        -> TransactionRow
    {
        let transaction = row.transaction(bytes)
        return try self.row(
            SelectedTransaction(transaction, reverses: row.reverses),
            position
        )
    }

    /// Runs a node by its program; false where it has none.
    mutating func runByProgram(_ node: CompiledNode) throws -> Bool {
        guard trace == nil, let form, case .items(let list, let slot, _, _) = node.loop,
            list.isOfRows,
            let work = programs.work(
                node,
                { [plan] in RowProgramCompiler(plan: plan).program(for: node, form) }
            )
        else { return false }
        return try run(work, list, slot, counting: true) { renderer in try renderer.runOnce(node) }
    }

    /// Goes over transactions by a program; the row that it is not sure of goes through `body`.
    ///
    /// False where the program cannot serve.
    mutating func run(
        _ work: RowPrograms.Work,
        _ list: CompiledNode.List,
        _ slot: Int,
        counting: Bool,
        _ body: (inout Self) throws -> Void
    ) throws -> Bool {
        let level = if case .transactionsOf(_, let level) = list { level } else { 0 }
        let isSumming = !states[level].rows.isEmpty && !states[level].isReady
        guard !isSumming || programs.sums(of: level, plan) != nil else { return false }
        guard var tools = work.tools.take() else { return false }
        do {
            try run(work, &tools, list, slot, level, isSumming: isSumming, counting: counting, body)
        } catch {
            work.tools = consume tools
            throw error
        }
        work.anyWritten = tools.anyWritten
        work.tools = consume tools
        return true
    }

    private mutating func run(
        _ work: RowPrograms.Work,
        _ tools: inout RowPrograms.Tools,
        _ list: CompiledNode.List,
        _ slot: Int,
        _ level: Int,
        isSumming: Bool,
        counting: Bool,
        _ body: (inout Self) throws -> Void
    ) throws {
        let program = work.program
        var rowSums = isSumming ? programs.sums(of: level, plan) : nil
        try setOuters(program, &tools.machine)
        tools.machine.number = 0
        tools.anyWritten = false
        var sums = states[level].rows.map { _ in Accumulator() }
        let plans = plan.levels[level].rows
        try visitRows(list) { renderer, position, row, bytes in
            var own: TransactionRow?
            tools.machine.number += 1
            if isSumming, !renderer.states[level].isReady, rowSums?.add(row, bytes) == false {
                try rowSums?.settle(into: &sums, plans)
                let made = try renderer.row(row, bytes, position)
                renderer.add(made, to: &sums, of: level)
                own = made
            }
            switch program.run(row, bytes, &tools.machine, &tools.buffer) {
            case .written:
                if tools.machine.isWritten { tools.anyWritten = true }
                if tools.buffer.count >= RowBuffer.full {
                    try renderer.settle(program, &tools, counting: counting)
                    // Of an element whose lines have all vanished nothing is in the buffer.
                    try renderer.flushIfFull()
                }
            case .leftOut: break
            case .unsure:
                try renderer.settle(program, &tools, counting: counting)
                work.number = tools.machine.number
                let own = try own ?? renderer.row(row, bytes, position)
                renderer.frame[slot] = .record(own)
                try renderer.attempt(.row(own), body)
            }
        }
        try settle(program, &tools, counting: counting)
        tools.machine.noteUse(program)
        if isSumming, !states[level].isReady {
            try rowSums?.settle(into: &sums, plans)
            states[level].rows = sums
            states[level].isReady = true
        }
    }

    /// Evaluates what is the same for all rows; what fails there is left to the general path.
    private mutating func setOuters(_ program: RowProgram, _ machine: inout RowMachine) throws {
        guard !program.outers.isEmpty else { return }
        var texts: [[UInt8]?] = []
        for outer in program.outers {
            do {
                texts.append(outer.encode(try value(of: outer.formula)))
            } catch is EvaluationError {
                // Nothing is lost: each row fails with it on the general path.
                texts.append(nil)
            }
        }
        machine.setOuters(texts)
    }

    /// Takes over what a program wrote, counted and summed.
    private mutating func settle(
        _ program: RowProgram,
        _ tools: inout RowPrograms.Tools,
        counting: Bool
    ) throws {
        let altered = tools.machine.takeSubstitutions()
        substitutions.characters += altered.characters
        substitutions.cuts += altered.cuts
        if counting { records += Int(tools.machine.count) }
        try tools.machine.takeSums { index, count, total in
            guard count > 0 else { return }
            let sum = program.sums[index]
            let value: Value? =
                sum.register < 0
                ? nil
                : sum.places < 0
                    ? .int(total)
                    : .decimal(ExactDecimal(significand: Int128(total), scale: sum.places))
            let result = plan.levels[sum.level].written[sum.accumulator].result
            try states[sum.level].written[sum.accumulator].merge(count, value, result)
        }
        if isSpoiled {
            tools.buffer.cut(to: 0)
        } else {
            tools.buffer.drain(into: &output)
        }
    }

    /// Sums a level's transactions from their columns; false where that cannot be.
    mutating func sumRowsByProgram(of level: Int) throws -> Bool {
        guard var rowSums = programs.sums(of: level, plan) else { return false }
        var sums = Self.fresh(plan.levels[level].rows.count)
        let plans = plan.levels[level].rows
        let list: CompiledNode.List =
            states[level].holder == nil
            ? .transactions
            : .transactionsOf(slot: plan.levels[level].slot ?? 0, level: level)
        try visitRows(list) { renderer, position, row, bytes in
            guard !rowSums.add(row, bytes) else { return }
            try rowSums.settle(into: &sums, plans)
            let own = try renderer.row(row, bytes, position)
            renderer.add(own, to: &sums, of: level)
        }
        try rowSums.settle(into: &sums, plans)
        states[level].rows = sums
        states[level].isReady = true
        return true
    }
}
