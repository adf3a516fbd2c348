internal import Expressions

/// What a record of a file looks like to someone who has only the template: its cells one by one.
final class RecordShape: Sendable {
    /// One cell.
    struct Cell: Sendable {
        enum Content: Sendable {
            case number(FieldForm)
            case text
            case bool
            /// What is not read back: a date, a time.
            case unread
        }

        let name: String?
        let content: Content
        /// What stands there in every record; nil where it varies.
        let constant: [UInt8]?
        let absent: [UInt8]
        let mayBeAbsent: Bool
        let look: FieldLook
    }

    let cells: [Cell]
    /// The record's place among the plan's ids; -1 where it has none.
    let id: Int
    /// The levels that count it.
    let levels: [Int]
    /// Where each member of the id's type is among the cells, -1 where it is none; empty for one order.
    let members: [Int]
    /// Columns of the whole record, where it has widths.
    let width: Int
    /// Whether it is a record of column names.
    let isNames: Bool

    init(_ writer: RecordWriter, _ note: CompiledNode.RecordNote, _ constants: ConstantReader) {
        cells = writer.fields.map { field in
            let content: Cell.Content
            var mayBeAbsent = false
            switch field.content {
            case .value(_, let form):
                mayBeAbsent = form.type.isOptional
                switch form.type.present {
                case .int, .decimal: content = .number(form)
                case .string: content = .text
                case .bool: content = .bool
                default: content = .unread
                }
            case .text: content = .text
            case .nothing:
                content = .text
                mayBeAbsent = true
            }
            return Cell(
                name: field.name,
                content: content,
                constant: constants.constant(of: field),
                absent: field.look.absent,
                mayBeAbsent: mayBeAbsent,
                look: field.look
            )
        }
        id = note.id
        levels = note.levels
        members = note.members
        width = writer.fields.reduce(0) { $0 + $1.look.width }
        isNames = false
    }

    init(names: [String], _ encoder: DelimitedEncoder) {
        cells = zip(names, encoder.fields).map { name, field in
            Cell(
                name: name,
                content: .text,
                constant: Array(name.utf8),
                absent: [],
                mayBeAbsent: false,
                look: field.look
            )
        }
        id = -1
        levels = []
        members = []
        width = 0
        isNames = true
    }

    /// Whether a cell may hold a text.
    func admits(_ text: ArraySlice<UInt8>, at index: Int) -> Bool {
        let cell = cells[index]
        if let constant = cell.constant { return text.elementsEqual(constant) }
        if cell.mayBeAbsent, text.elementsEqual(cell.absent) { return true }
        switch cell.content {
        case .number(let form):
            // A pattern may write groups, which nobody can tell from decimals.
            return form.hasNumberPattern || NumberReading.value(text, form) != nil
        case .bool: return text.elementsEqual("true".utf8) || text.elementsEqual("false".utf8)
        case .text, .unread: return true
        }
    }

    /// The value of a cell; nil for what is not read back.
    func value(_ text: ArraySlice<UInt8>, at index: Int) -> Value? {
        let cell = cells[index]
        if cell.mayBeAbsent, text.elementsEqual(cell.absent) { return .absent }
        switch cell.content {
        case .number(let form): return NumberReading.value(text, form)
        case .text: return .string(String(decoding: text, as: UTF8.self))
        case .bool: return .bool(text.elementsEqual("true".utf8))
        case .unread: return nil
        }
    }

    /// How much of it stands alike in every record.
    var constantBytes: Int { cells.reduce(0) { $0 + ($1.constant?.count ?? 0) } }

    /// Whether what one says of a record the other says too.
    func isSame(as other: RecordShape) -> Bool {
        id == other.id && members == other.members && cells.count == other.cells.count
    }
}

/// Finds the cells that stand alike in every record: texts, and what is made of parameters alone.
struct ConstantReader {
    private var frame: Frame
    /// Names that have one value in every record.
    private var names: Set<String> = ["parameters", "batch"]

    init(_ plan: Plan, _ batch: BatchContext) {
        frame = Frame(slots: 64)
        plan.setGlobals(&frame, batch)
    }

    /// The reader for what stands within a node: its `let` may bind constants, or hide some.
    func within(_ node: CompiledNode, binding bound: [String]) -> ConstantReader {
        var inner = self
        guard bound.count == node.bindings.count else {
            inner.names = ["parameters", "batch"]
            return inner
        }
        for (name, binding) in zip(bound, node.bindings) {
            inner.names.remove(name)
            guard binding.value.streams.isEmpty,
                binding.value.usedNames.isSubset(of: inner.names)
            else { continue }
            do throws(EvaluationError) {
                inner.frame[binding.slot] = try binding.value.expression.evaluate(&inner.frame)
                inner.names.insert(name)
            } catch {
                // It has no value that could be known before.
                continue
            }
        }
        return inner
    }

    /// The text of a cell before padding; nil where it varies, or where a policy may alter it.
    func constant(of field: CompiledField) -> [UInt8]? {
        let text: [UInt8]?
        switch field.content {
        case .text(let template): text = template.constant.map { Array($0.utf8) }
        case .value(let formula, let form): text = constant(of: formula, form, field.look.absent)
        case .nothing: text = field.look.absent
        }
        guard let text, !DelimitedEncoder.isFormula(text) else { return nil }
        if field.look.width > 0, UTF8Cursor.count(text) > field.look.width { return nil }
        return text
    }

    /// What a hole or value always is; nil where it varies.
    func constant(of formula: Formula, _ form: FieldForm, _ absent: [UInt8]) -> [UInt8]? {
        guard formula.streams.isEmpty, formula.usedNames.isSubset(of: names) else {
            return nil
        }
        var frame = frame
        var text: [UInt8] = []
        var altered = 0
        do {
            let value = try formula.expression.evaluate(&frame)
            return try form.append(value, to: &text, altered: &altered) ? text : absent
        } catch {
            // Then nothing is known of it before; the writer has refused it, or it varies.
            return nil
        }
    }
}
