internal import Expressions
internal import Transactions

/// Why a field, a text or a node has no value; whose failure it is the enclosing item decides.
struct FieldProblem: Error {
    let reason: Reason
    let node: YAMLNode
    var cure: String?
    /// The field in question, for the message.
    var field: String?
    /// Where the cause is written, if elsewhere.
    var cause: YAMLNode?

    init(_ reason: Reason, at node: YAMLNode, cure: String? = nil) {
        self.reason = reason
        self.node = node
        self.cure = cure
    }

    init(_ error: FormError, at node: YAMLNode, field: String? = nil) {
        reason = Reason(name: error.name, message: error.message)
        self.node = node
        cure = error.cure
        self.field = field
        cause = error.node
    }
}

/// Whose failure it is when something inside fails.
enum Subject {
    case row(TransactionRow)
    case group(GroupRecord)
    case document(GroupRecord)
}

/// What a level keeps while its item is open.
struct LevelState {
    var rows: [Accumulator] = []
    var written: [Accumulator] = []
    /// Whether `rows` is complete.
    var isReady = false
    /// The group or document; nil for the batch and for files.
    var holder: GroupRecord?
}

/// Runs a plan over transactions.
///
/// Each pass writes as it goes. When a transaction cannot be mapped the pass goes on without writing, to
/// find all that cannot; then the sink starts over and the next pass leaves them out. Batches without a
/// rejection, which are nearly all, cost one pass.
struct Renderer<Sink: FileSink> {
    let plan: Plan
    let source: any TransactionSource
    let lister: RowLister
    let batch: BatchContext
    /// Places of transactions that earlier passes rejected.
    let excluded: Set<Int>

    var frame = Frame(slots: 64)
    /// Where sums find their elements, apart from the names around them.
    var sumFrame = Frame(slots: 16)
    var selector: Selector
    var states: [LevelState]
    var documents: [GroupRecord] = []
    /// The invoices made, with the exact sums of their rows.
    var invoices: [Rendering.Invoice] = []
    /// What people must know of invoices that go out.
    var notices: [String] = []
    var subjects: [Subject] = []

    var sink: BackgroundSink<Sink>
    var form: OutputForm?
    var output: [UInt8] = []
    /// The text of one field, and of one hole in a text.
    var scratch: [UInt8] = []
    var hole: [UInt8] = []
    var records = 0
    var bytes = 0
    /// Sums over what the nodes around this place write.
    var checksums: [RunningChecksum] = []
    var substitutions = Substitutions()
    var names: [String: Set<[UInt8]>] = [:]
    /// Transactions met in this pass.
    var count = 0
    var isCounted = false

    /// What this pass found, by place.
    var rejections: [Int: (key: TransactionKey, reason: Reason)] = [:]
    var diagnostics: [Diagnostic] = []
    /// What is written, value by value; nil but for previews.
    var trace: RecordTrace?
    /// Whether anything was rejected, so that nothing more is written.
    var isSpoiled = false
    /// Each record id: which of its members sums look at; nil where none does.
    let keptMembers: [[Bool]?]

    /// Programs of nodes and elements, made when they are first met.
    var programs = RowPrograms()
    /// Rows of the group at hand.
    var groupRows = GroupRows()

    /// Bytes after which the buffer goes to the sink.
    static var chunk: Int { 1 << 18 }

    init(
        plan: Plan,
        source: any TransactionSource,
        batch: BatchContext,
        excluded: Set<Int>,
        sink: Sink
    ) {
        self.sink = BackgroundSink(sink)
        self.plan = plan
        self.source = source
        self.batch = batch
        self.excluded = excluded
        selector = plan.selector(batch: batch)
        lister = RowLister(source: source, selector: selector)
        states = plan.levels.map { LevelState(rows: Self.fresh($0.rows.count)) }
        keptMembers = plan.ids.indices.map { plan.keptMembers(of: $0) }
        plan.setGlobals(&frame, batch)
        plan.setGlobals(&sumFrame, batch)
    }

    static func fresh(_ count: Int) -> [Accumulator] {
        [Accumulator](repeating: Accumulator(), count: count)
    }

    /// Opens a level for an item.
    mutating func open(_ level: Int, _ holder: GroupRecord?) {
        states[level].rows = Self.fresh(plan.levels[level].rows.count)
        states[level].written = Self.fresh(plan.levels[level].written.count)
        states[level].isReady = false
        states[level].holder = holder
    }

    // MARK: Values

    /// The value of an expression, its sums brought up to date.
    mutating func value(of formula: Formula) throws -> Value {
        for stream in formula.streams {
            if !stream.isWritten { try sumRows(of: stream.level) }
            let level = plan.levels[stream.level]
            frame[stream.slot] =
                stream.isWritten
                ? try states[stream.level].written[stream.accumulator].value(
                    level.written[stream.accumulator].result
                )
                : try states[stream.level].rows[stream.accumulator].value(
                    level.rows[stream.accumulator].result
                )
        }
        return try formula.expression.evaluate(&frame)
    }

    /// The value, with a failure at the node's place.
    mutating func value(of formula: Formula, at node: YAMLNode) throws -> Value {
        do {
            return try value(of: formula)
        } catch let error as EvaluationError {
            throw FieldProblem(Reason(error), at: node)
        }
    }

    mutating func holds(_ formula: Formula, at node: YAMLNode) throws -> Bool {
        if case .bool(true) = try value(of: formula, at: node) { return true }
        return false
    }

    /// Reads a level's transactions for its sums, unless a loop has done so in passing.
    mutating func sumRows(of level: Int) throws {
        guard !states[level].isReady else { return }
        if try sumRowsByProgram(of: level) { return }
        var sums = Self.fresh(plan.levels[level].rows.count)
        let list: CompiledNode.List =
            states[level].holder == nil
            ? .transactions
            : .transactionsOf(slot: plan.levels[level].slot ?? 0, level: level)
        try visit(list) { renderer, row in
            renderer.add(row, to: &sums, of: level)
        }
        states[level].rows = sums
        states[level].isReady = true
    }

    /// Adds a transaction to sums; what has no value there is rejected.
    mutating func add(_ row: TransactionRow, to sums: inout [Accumulator], of level: Int) {
        let plans = plan.levels[level].rows
        do throws(EvaluationError) {
            for index in plans.indices {
                let value = try element(row, plans[index])
                if let value { try sums[index].add(value, plans[index].result) }
            }
        } catch {
            reject(row, Reason(error))
        }
    }

    /// What an element gives to a sum; nil when the sum's condition leaves it out.
    private mutating func element(_ record: any RecordValue, _ sum: AccumulatorPlan)
        throws(EvaluationError) -> Value?
    {
        guard let body = sum.body else {
            guard let condition = sum.condition else { return .absent }
            sumFrame[sum.slot] = .record(record)
            guard case .bool(true) = try condition.evaluate(&sumFrame) else { return nil }
            return .absent
        }
        if let member = sum.member { return try record.member(member) }
        sumFrame[sum.slot] = .record(record)
        if let condition = sum.condition {
            guard case .bool(true) = try condition.evaluate(&sumFrame) else { return nil }
        }
        return try body.evaluate(&sumFrame)
    }

    /// Counts a written record in all levels around it.
    mutating func note(_ values: [Value], _ note: CompiledNode.RecordNote) throws {
        for level in note.levels {
            let plans = plan.levels[level].written
            guard !plans.isEmpty else { continue }
            for index in plans.indices {
                let sum = plans[index]
                guard sum.record == nil || sum.record == note.id else { continue }
                guard sum.body != nil else {
                    try states[level].written[index].add(.absent, sum.result)
                    continue
                }
                if let member = sum.member, note.members.isEmpty, member < values.count {
                    try states[level].written[index].add(values[member], sum.result)
                    continue
                }
                let record = WrittenRecord(values: values, places: note.members)
                if let value = try element(record, sum) {
                    try states[level].written[index].add(value, sum.result)
                }
            }
        }
    }

    // MARK: Failures

    mutating func reject(_ row: TransactionRow, _ reason: Reason) {
        isSpoiled = true
        output.removeAll(keepingCapacity: true)
        if rejections[row.position] == nil {
            rejections[row.position] = (row.transaction.key, reason)
        }
    }

    /// Rejects all transactions at places, for one reason.
    mutating func reject(_ positions: [Int], _ reason: Reason) throws {
        for position in positions where rejections[position] == nil {
            let key = try source.transaction(at: position).transaction.key
            rejections[position] = (key, reason)
        }
        isSpoiled = true
        output.removeAll(keepingCapacity: true)
    }

    /// A failure belongs to the innermost transaction, document or group around it.
    mutating func fail(_ problem: FieldProblem) throws {
        let field = problem.field.map { "field '\($0)': " } ?? ""
        let reason = Reason(
            name: problem.reason.name,
            message: field + problem.reason.message,
            cure: problem.cure
        )
        switch subjects.last {
        case .row(let row)?:
            let name = problem.field.map { ", \($0)" } ?? ""
            diagnostics.append(
                diagnostic(
                    problem,
                    "transaction \(row.transaction.key)\(name): \(problem.reason.message)"
                )
            )
            reject(row, reason)
        case .group(let group)?, .document(let group)?:
            let document = subjects.lazy.reversed().compactMap { subject -> GroupRecord? in
                if case .document(let document) = subject { document } else { nil }
            }.first
            diagnostics.append(diagnostic(problem, field + problem.reason.message))
            try reject((document ?? group).positions, reason)
        case nil: throw RenderingError(diagnostic: diagnostic(problem, reason.message))
        }
    }

    private func diagnostic(_ problem: FieldProblem, _ message: String) -> Diagnostic {
        let place = problem.cause ?? problem.node
        return place.diagnostic(
            problem.reason.name,
            message,
            cure: problem.cure ?? "mend the template, or the data",
            path: problem.node.path
        )
    }
}

/// What a record wrote, under the members of its id.
private struct WrittenRecord: RecordValue {
    let values: [Value]
    let places: [Int]

    func member(_ index: Int) throws(EvaluationError) -> Value {
        if places.isEmpty { return index < values.count ? values[index] : .absent }
        guard index < places.count, places[index] >= 0 else { return .absent }
        return values[places[index]]
    }
}
