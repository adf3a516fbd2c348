internal import Expressions

/// What previews and `explain` are told of while records are written; an export's rendering tells nothing.
extension Renderer {
    mutating func beginTrace(_ node: CompiledNode) {
        guard trace != nil else { return }
        let place = bytes + output.count
        // The names of columns are of no row.
        let positions = if case .names = node.writing { [Int]() } else { subjectPositions }
        trace?.begin(node, at: place, for: positions)
    }

    mutating func endTrace() {
        guard trace != nil else { return }
        let place = bytes + output.count
        trace?.end(at: place)
    }

    /// A hole of a document is about to be written.
    mutating func traceHole(_ formula: Formula, _ form: FieldForm) {
        guard trace != nil else { return }
        let (place, text, positions) = (bytes + output.count, hole, subjectPositions)
        trace?.hole(formula, form, text, at: place, for: positions)
    }

    /// An element of a document is about to be written for the item in a slot; `indent`: whether a line
    /// end comes first.
    mutating func beginTraceItem(in slot: Int, indent: Bool) {
        guard trace != nil else { return }
        var positions: [Int]?
        if case .record(let record) = frame[slot] {
            switch record {
            case let row as TransactionRow: positions = [row.position]
            case let group as GroupRecord: positions = group.positions
            // A line of an invoice has a row, its parties and totals have none.
            case let invoice as InvoiceRecord:
                positions = invoice.rowPositions.isEmpty ? nil : invoice.rowPositions
            default: break
            }
        }
        let place = bytes + output.count + (indent ? 1 : 0)
        trace?.beginItem(at: place, for: positions)
    }

    mutating func endTraceItem(isWritten: Bool) {
        guard trace != nil else { return }
        let place = bytes + output.count
        trace?.endItem(at: place, isWritten: isWritten)
    }

    /// The places of the rows for which something is being written: those of the innermost item.
    private var subjectPositions: [Int] {
        switch subjects.last {
        case .row(let row)?: [row.position]
        case .group(let group)?, .document(let group)?: group.positions
        case nil: []
        }
    }
}
