internal import Expressions
internal import Transactions

/// Adds up what control totals say was written, from what was found in the file.
struct FoundTotals {
    private struct Sum {
        let level: Int
        let place: Int
        let plan: AccumulatorPlan
        var accumulator = Accumulator()
        /// Whether a record of it could not be told, or not be read.
        var isUnsure = false
    }

    private var sums: [Sum] = []
    private var frame = Frame(slots: 16)
    private let file: CompiledFile

    init(_ file: CompiledFile, _ plan: Plan, _ batch: BatchContext) {
        self.file = file
        for total in file.controlTotals {
            for stream in total.written.streams where stream.isWritten {
                guard place(of: stream) == nil else { continue }
                sums.append(
                    Sum(
                        level: stream.level,
                        place: stream.accumulator,
                        plan: plan.levels[stream.level].written[stream.accumulator]
                    )
                )
            }
        }
        plan.setGlobals(&frame, batch)
    }

    private func place(of stream: Formula.Stream) -> Int? {
        sums.firstIndex { $0.level == stream.level && $0.place == stream.accumulator }
    }

    /// Whether anything is to be added up.
    var isEmpty: Bool { sums.isEmpty }

    /// Takes a record: its id, its levels, and the value of each member.
    mutating func note(id: Int, levels: [Int], _ record: FoundRecord) {
        for index in sums.indices {
            let plan = sums[index].plan
            guard levels.contains(sums[index].level),
                plan.record == nil || plan.record == id
            else { continue }
            do throws(EvaluationError) {
                if let value = try element(record, plan) {
                    try sums[index].accumulator.add(value, plan.result)
                }
            } catch {
                // The writer had a value there; what cannot be read back proves nothing.
                sums[index].isUnsure = true
            }
        }
    }

    /// A record may be of any of these ids: what sums one of them is not known any more.
    mutating func doubt(_ ids: Set<Int>) {
        for index in sums.indices {
            guard let record = sums[index].plan.record else { continue }
            if ids.contains(record) { sums[index].isUnsure = true }
        }
    }

    /// Nothing that was found may be trusted to be all.
    mutating func doubtAll() {
        for index in sums.indices { sums[index].isUnsure = true }
    }

    private mutating func element(_ record: FoundRecord, _ sum: AccumulatorPlan)
        throws(EvaluationError) -> Value?
    {
        frame[sum.slot] = .record(record)
        if let condition = sum.condition {
            guard case .bool(true) = try condition.evaluate(&frame) else { return nil }
        }
        guard let body = sum.body else { return .absent }
        if let member = sum.member { return try record.member(member) }
        return try body.evaluate(&frame)
    }

    /// The control totals that the file's own bytes tell.
    mutating func values() -> [(name: String, value: Value)] {
        var values: [(name: String, value: Value)] = []
        for total in file.controlTotals {
            let streams = total.written.streams
            let places = streams.compactMap { place(of: $0) }
            guard !streams.isEmpty, streams.allSatisfy(\.isWritten), places.count == streams.count,
                places.allSatisfy({ !sums[$0].isUnsure })
            else { continue }
            do throws(EvaluationError) {
                for (stream, place) in zip(streams, places) {
                    let sum = sums[place]
                    frame[stream.slot] = try sum.accumulator.value(sum.plan.result)
                }
                values.append((total.name, try total.written.expression.evaluate(&frame)))
            } catch {
                // It asks for more than the file has, such as the key of a group.
                continue
            }
        }
        return values
    }
}

/// A record as it was found, under the members of its id.
struct FoundRecord: RecordValue {
    /// The value of each cell; nil for what is not read back.
    let values: [Value?]
    /// Where each member is among the values; empty when both have one order.
    let places: [Int]

    func member(_ index: Int) throws(EvaluationError) -> Value {
        let place = places.isEmpty ? index : index < places.count ? places[index] : -1
        guard place >= 0, place < values.count else {
            if places.isEmpty { throw Self.unread }
            return .absent
        }
        guard let value = values[place] else { throw Self.unread }
        return value
    }

    private static let unread = EvaluationError("no-value", "the value is not read back")
}
