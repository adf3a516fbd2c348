/// A macro over a list or a map, compiled.
struct Macro: Sendable {
    /// Which one.
    enum Kind: Sendable {
        case map, filter, all, exists, existsOne, transformList, transformMap, transformMapEntry

        init?(_ name: String) {
            switch name {
            case "map": self = .map
            case "filter": self = .filter
            case "all": self = .all
            case "exists": self = .exists
            case "exists_one", "existsOne": self = .existsOne
            case "transformList": self = .transformList
            case "transformMap": self = .transformMap
            case "transformMapEntry": self = .transformMapEntry
            default: return nil
            }
        }

        /// Whether its body is a condition.
        var wantsBool: Bool {
            switch self {
            case .filter, .all, .exists, .existsOne: true
            default: false
            }
        }

        var usage: String {
            switch self {
            case .map: "map(x, ...) or map(x, condition, ...)"
            case .filter: "filter(x, condition)"
            case .all: "all(x, condition) or all(index, x, condition)"
            case .exists: "exists(x, condition) or exists(index, x, condition)"
            case .existsOne: "exists_one(x, condition) or existsOne(index, x, condition)"
            case .transformList: "transformList(index, x, ...) or with a condition before the last"
            case .transformMap: "transformMap(key, x, ...) or with a condition before the last"
            case .transformMapEntry:
                "transformMapEntry(key, x, {...}) or with a condition before the last"
            }
        }

        /// How a call with so many arguments is read; nil where there is no such form.
        func form(of count: Int) -> Form? {
            switch (self, count) {
            case (.map, 2), (.filter, 2), (.all, 2), (.exists, 2), (.existsOne, 2):
                Form(variables: 1, hasFilter: false)
            case (.map, 3): Form(variables: 1, hasFilter: true)
            case (.all, 3), (.exists, 3), (.existsOne, 3), (.transformList, 3),
                (.transformMap, 3), (.transformMapEntry, 3):
                Form(variables: 2, hasFilter: false)
            case (.transformList, 4), (.transformMap, 4), (.transformMapEntry, 4):
                Form(variables: 2, hasFilter: true)
            default: nil
            }
        }
    }

    /// How many variables it has and whether a condition chooses the elements.
    struct Form: Sendable {
        let variables: Int
        let hasFilter: Bool
    }

    let kind: Kind
    let slots: [Int]
    let container: Evaluation
    let condition: Decision?
    let body: Evaluation
    /// The body where it is a condition.
    let decision: Decision?
    /// Whether the list comes from the data, so that its size may be gone through.
    let grantsSteps: Bool
    let range: Range<Int>

    /// What goes on during one run over the elements.
    private struct Run {
        var values: [Value] = []
        var entries = MapValue()
        var count = 0
        var failure: EvaluationError?
        var answer: Value?
    }

    var evaluation: Evaluation {
        { frame throws(EvaluationError) in
            let held = try container(&frame)
            var run = Run()
            switch held {
            case .list(let values):
                if grantsSteps { frame.allow(elements: values.count) }
                for (index, value) in values.enumerated() {
                    if slots.count == 2 {
                        frame[slots[0]] = .int(Int64(index))
                        frame[slots[1]] = value
                    } else {
                        frame[slots[0]] = value
                    }
                    try step(value, .int(Int64(index)), &frame, &run)
                    if let answer = run.answer { return answer }
                }
            case .map(let map):
                if grantsSteps { frame.allow(elements: map.count) }
                for key in map.keys {
                    frame[slots[0]] = key
                    if slots.count == 2 { frame[slots[1]] = map[key] ?? .absent }
                    try step(key, key, &frame, &run)
                    if let answer = run.answer { return answer }
                }
            default: throw EvaluationError(.type, "a list or map is needed here").located(range)
            }
            return try result(run)
        }
    }

    /// One element, which the macro's variables hold already.
    private func step(_ element: Value, _ key: Value, _ frame: inout Frame, _ run: inout Run)
        throws(EvaluationError)
    {
        try frame.spend(1)
        if let condition, !(try condition(&frame)) { return }
        switch kind {
        case .map, .transformList: run.values.append(try body(&frame))
        case .transformMap: _ = run.entries.insert(key, try body(&frame))
        case .transformMapEntry:
            let entries = try body(&frame).asMap
            for name in entries.keys {
                guard run.entries.insert(name, entries[name] ?? .absent) else {
                    throw EvaluationError(.arguments, "the map would have a key twice")
                        .located(range)
                }
            }
        case .filter: if try decided(&frame) { run.values.append(element) }
        case .existsOne: if try decided(&frame) { run.count += 1 }
        case .all, .exists:
            do throws(EvaluationError) {
                let wanted = kind == .exists
                if try decided(&frame) == wanted { run.answer = .bool(wanted) }
            } catch  where error.name != EvaluationErrorName.tooMuchWork.rawValue {
                // Another element may still decide; then the failure is of no account (cel-spec: errors
                // are absorbed as by && and ||).
                run.failure = run.failure ?? error
            }
        }
    }

    private func decided(_ frame: inout Frame) throws(EvaluationError) -> Bool {
        if let decision { return try decision(&frame) }
        return try body(&frame).asBool
    }

    private func result(_ run: Run) throws(EvaluationError) -> Value {
        if let failure = run.failure { throw failure }
        return switch kind {
        case .map, .filter, .transformList: .list(run.values)
        case .transformMap, .transformMapEntry: .map(run.entries)
        case .all: .bool(true)
        case .exists: .bool(false)
        case .existsOne: .bool(run.count == 1)
        }
    }
}
