internal import Expressions
internal import Transactions

/// What a record does for one row, as ops over the row's bytes (docs/design/row-program.md).
///
/// Immutable; what changes from row to row is in a `RowMachine`.
final class RowProgram: Sendable {
    /// A lookup by a text field, asked once a row.
    struct Lookup: Sendable {
        let table: LookupTable
        let index: LookupTable.TextIndex
        let word: Int
        let bit: UInt32
    }

    /// A column of a lookup as a cell.
    struct Cell: Sendable {
        let lookup: Int
        let column: Int
        let encode: @Sendable (Value) -> [UInt8]?
    }

    /// What stands for all rows of a loop.
    struct Outer: Sendable {
        let formula: Formula
        let encode: @Sendable (Value) -> [UInt8]?
    }

    /// A sum over what is written, fed by a register; -1 only counts.
    struct Sum: Sendable {
        let level: Int
        let accumulator: Int
        let register: Int
        /// Decimals of the register's numbers.
        let places: Int
    }

    let ops: [RowOp]
    let styles: [RowStyle]
    let patterns: [RowPattern]
    /// Where the digits of patterns go, counted from the pattern's start.
    let digits: [(offset: Int, part: RowPattern.Part)]
    let zones: [TimeZoneRules]
    let pool: [UInt8]
    let lookups: [Lookup]
    let cells: [Cell]
    let outers: [Outer]
    let sums: [Sum]
    let registers: Int
    /// The encoding's table, for texts beyond ASCII.
    let encoding: CharacterEncoding

    /// The most numbers that a record keeps for its sums.
    static let mostRegisters = 32
    /// The most lookups that a record asks.
    static let mostLookups = 16

    init(_ draft: RowProgramDraft, encoding: CharacterEncoding) {
        ops = draft.ops
        styles = draft.styles
        patterns = draft.patterns
        digits = draft.digits
        zones = draft.zones
        pool = draft.pool
        lookups = draft.lookups
        cells = draft.cells
        outers = draft.outers
        sums = draft.sums
        registers = draft.registers
        self.encoding = encoding
    }

    /// What became of a row.
    enum Outcome {
        /// Its record is in the buffer.
        case written
        /// Its condition leaves it out.
        case leftOut
        /// Nothing is in the buffer: the general path knows what to do.
        case unsure
    }

    /// Runs for one row.
    func run(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Outcome {
        let start = buffer.count
        guard row.reverses == nil, machine.ask(self, row, bytes) else { return .unsure }
        machine.begin()
        let outcome = steps(row, bytes, &machine, &buffer)
        if outcome == .written, machine.add(self) { return .written }
        buffer.cut(to: start)
        return outcome == .leftOut ? .leftOut : .unsure
    }

    /// Runs a program that only asks.
    func test(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ machine: inout RowMachine
    ) -> Outcome {
        guard row.reverses == nil, machine.ask(self, row, bytes) else { return .unsure }
        guard !ops.isEmpty else { return .written }
        var none = RowBuffer(capacity: 0)
        return steps(row, bytes, &machine, &none)
    }

    /// Whether programs are run; tests switch them off to compare (for the task that asks).
    @TaskLocal static var isEnabled = true

    private func steps(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Outcome {
        // References of their own: a span of a property would end with the access to it.
        let (ownOps, ownPool) = (ops, pool)
        let ops = ownOps.span
        let pool = ownPool.span
        var next = 0
        while next < ops.count {
            let op = ops[next]
            next &+= 1
            let isPresent = row.present & op.bit != 0
            switch op.kind {
            case .literal:
                guard buffer.hasRoom(Int(op.count)) else { return .unsure }
                buffer.append(pool, Int(op.start), Int(op.count))
            case .text, .amount, .integer, .time:
                guard isPresent else {
                    guard op.allowsAbsent, buffer.hasRoom(Int(op.count)) else { return .unsure }
                    buffer.append(pool, Int(op.start), Int(op.count))
                    continue
                }
                let style = styles[Int(op.style)]
                guard buffer.hasRoom(Int(style.leadCount) &+ Int(style.width) &+ 128) else {
                    return .unsure
                }
                buffer.append(pool, Int(style.leadStart), Int(style.leadCount))
                let isSure =
                    switch op.kind {
                    case .text: text(row, bytes, op, style, &machine, &buffer)
                    case .time: time(row, op, style, pool, &machine, &buffer)
                    default: number(row, op, style, &machine, &buffer)
                    }
                guard isSure else { return .unsure }
            case .column:
                guard column(op, &machine, &buffer) else { return .unsure }
            case .outer:
                guard machine.append(outer: Int(op.start), to: &buffer) else { return .unsure }
            case .jump: next = Int(op.target)
            case .jumpIfAbsent: if !isPresent { next = Int(op.target) }
            case .jumpIfColumnAbsent:
                let cell = cells[Int(op.start)]
                if lookups[cell.lookup].table.isAbsent(machine.found[cell.lookup], cell.column) {
                    next = Int(op.target)
                }
            case .jumpUnlessAmount:
                guard isPresent else { return .unsure }
                if Int64(bitPattern: row.words[Int(op.word)]) != op.number { next = Int(op.target) }
            case .jumpUnlessText:
                guard isPresent else { return .unsure }
                guard let isEqual = isText(row, bytes, op, pool) else { return .unsure }
                if !isEqual { next = Int(op.target) }
            case .leaveOut: return .leftOut
            case .begin: guard machine.open(buffer.count) else { return .unsure }
            case .written: machine.isWritten = true
            case .end:
                if let mark = machine.close() {
                    buffer.cut(to: mark)
                    next = Int(op.target)
                }
            }
        }
        return .written
    }

    /// Whether a field is a text of ASCII; nil where it has other characters, which may be the same in
    /// another normal form.
    private func isText(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ op: RowOp,
        _ pool: Span<UInt8>
    ) -> Bool? {
        let length = Int(row.words[Int(op.word) &+ 1])
        let mark = row.words[Int(op.word)]
        let start = Int(mark & ~ScannedRow.decodedMark)
        let isDecoded = mark & ScannedRow.decodedMark != 0
        var isEqual = length == Int(op.count)
        for index in 0..<length {
            let byte = isDecoded ? row.decoded[start &+ index] : bytes[start &+ index]
            if byte >= 0x80 { return nil }
            isEqual = isEqual && byte == pool[Int(op.start) &+ index]
        }
        return isEqual
    }

    /// A column's cell, encoded by the general path when it is first met.
    private func column(_ op: RowOp, _ machine: inout RowMachine, _ buffer: inout RowBuffer) -> Bool
    {
        let number = Int(op.start)
        let found = machine.found[cells[number].lookup]
        if machine.cells[number][found].count == 0 { machine.encode(self, number, found) }
        let place = machine.cells[number][found]
        guard place.start >= 0, buffer.hasRoom(place.count) else { return false }
        buffer.append(machine.pool.span, place.start, place.count - 1)
        return true
    }
}
