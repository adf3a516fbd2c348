internal import Expressions

/// Warnings of sums over records that stand behind the expression: they are always empty.
extension PlanBuilder {
    /// A level, and a record whose place within it has been passed.
    struct PassedRecord: Hashable {
        let level: Int
        let id: String
    }

    /// A loop around a place: the records inside it may be written before the place comes again.
    struct EnclosingLoop {
        /// How many levels stand around the loop itself.
        let levelsOutside: Int
        let ids: Set<String>
    }

    /// Notes that what stands behind may count a node's records, even one that is wrong.
    mutating func pass(_ node: NodeDeclaration, _ place: Place) {
        for id in Self.ids(of: node, layout: place.layout?.name) {
            for level in place.levels {
                passedRecords.insert(PassedRecord(level: level.id, id: id))
            }
        }
    }

    /// Warns where nothing of a record can have been written.
    mutating func warnOfWrittenLater(
        _ call: StreamCall,
        _ target: Target,
        _ node: YAMLNode,
        _ offset: Int,
        _ place: Place
    ) {
        if let warning = writtenLater(call, target, node, offset, place, .warning) {
            warnings.append(warning)
        }
    }

    /// Refuses an expression that looks at fields of a record which stands behind.
    func refuseWrittenLater(
        _ source: String,
        at node: YAMLNode,
        offset: Int,
        _ place: Place
    ) throws(Diagnostic) {
        let calls: [StreamCall]
        do throws(ExpressionError) {
            calls = try StreamCall.calls(in: source) { target(of: $0, place.levels) != nil }
        } catch {
            throw error.diagnostic(at: node, offset)
        }
        for call in calls {
            if let target = target(of: call.base, place.levels),
                let error = writtenLater(call, target, node, offset, place, .error)
            {
                throw error
            }
        }
    }

    /// What is to be said of a sum over records that all stand behind: no loop brings the expression's
    /// place again within the level that is summed.
    private func writtenLater(
        _ call: StreamCall,
        _ target: Target,
        _ node: YAMLNode,
        _ offset: Int,
        _ place: Place,
        _ severity: Diagnostic.Severity
    ) -> Diagnostic? {
        let id = target.id
        // A running number may count all lines from the first on.
        guard target.isWritten, id != "all",
            !passedRecords.contains(PassedRecord(level: target.level, id: id)),
            let depth = place.levels.firstIndex(where: { $0.id == target.level }),
            !place.loops.contains(where: { $0.levelsOutside > depth && $0.ids.contains(id) })
        else { return nil }
        let level = place.levels[depth]
        let rows = level.kind == .file ? "transactions" : "\(level.name).transactions"
        return node.diagnostic(
            "written-later",
            "no record '\(id)' is written before this, it never finds one",
            cure: "take \(rows) instead, or put this behind them",
            severity: severity,
            at: call.range.lowerBound + offset..<call.range.upperBound + offset
        )
    }

    /// The records' ids in a node in the template's order: their own, or their layout's name.
    static func ids(of node: NodeDeclaration, layout outer: String?) -> [String] {
        let layout = node.layout?.text ?? outer
        switch node.writing {
        case .layout: return [node.id ?? layout].compactMap { $0 }
        case .records(let records):
            return records.flatMap { ids(of: $0, layout: layout) } + [node.id].compactMap { $0 }
        default: return [node.id].compactMap { $0 }
        }
    }
}
