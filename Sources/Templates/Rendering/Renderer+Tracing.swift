/// What previews and `explain` are told of while records are written; an export's rendering tells nothing.
extension Renderer {
    mutating func beginTrace(_ node: CompiledNode) {
        guard trace != nil else { return }
        let (place, positions) = (bytes + output.count, subjectPositions)
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

    /// The places of the rows for which something is being written: those of the innermost item.
    private var subjectPositions: [Int] {
        switch subjects.last {
        case .row(let row)?: [row.position]
        case .group(let group)?, .document(let group)?: group.positions
        case nil: []
        }
    }
}
