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
    /// The lookup of each cell.
    private let cellLookups: [Int]
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
        cellLookups = draft.cells.map(\.lookup)
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
        // Once a row: each time, the array is copied (Swift 6.3).
        let words = row.words.span
        guard row.reverses == nil, machine.ask(self, row, words, bytes) else { return .unsure }
        machine.begin()
        let outcome = steps(row, words, bytes, &machine, &buffer)
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
        let words = row.words.span
        guard row.reverses == nil, machine.ask(self, row, words, bytes) else { return .unsure }
        guard !ops.isEmpty else { return .written }
        var none = RowBuffer(capacity: 0)
        return steps(row, words, bytes, &machine, &none)
    }

    /// Whether programs are run; tests switch them off to compare (for the task that asks).
    @TaskLocal static var isEnabled = true

    /// Ops and styles are read field by field where they stand: copied as a whole, each op waited for
    /// the copy (a third of this function's time, job A, Swift 6.3).
    private func steps(
        _ row: borrowing ScannedRow,
        _ words: Span<UInt64>,
        _ bytes: Span<UInt8>,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Outcome {
        // References of their own: a span of a property would end with the access to it.
        let (ownOps, ownPool, ownStyles) = (ops, pool, styles)
        let ops = ownOps.span
        let pool = ownPool.span
        let styles = ownStyles.span
        var next = 0
        while next < ops.count {
            let at = next
            next &+= 1
            let isPresent = row.present & ops[at].bit != 0
            let kind = ops[at].kind
            switch kind {
            case .literal:
                guard buffer.hasRoom(Int(ops[at].count)) else { return .unsure }
                buffer.append(pool, Int(ops[at].start), Int(ops[at].count))
            case .text, .amount, .integer, .time, .number:
                guard isPresent || kind == .number else {
                    guard ops[at].allowsAbsent, buffer.hasRoom(Int(ops[at].count)) else {
                        return .unsure
                    }
                    buffer.append(pool, Int(ops[at].start), Int(ops[at].count))
                    continue
                }
                let style = Int(ops[at].style)
                let lead = Int(styles[style].leadCount)
                guard buffer.hasRoom(lead &+ Int(styles[style].width) &+ 128) else {
                    return .unsure
                }
                // A delimiter, as a rule.
                if lead == 1 {
                    buffer.append(pool[Int(styles[style].leadStart)])
                } else if lead > 0 {
                    buffer.append(pool, Int(styles[style].leadStart), lead)
                }
                let word = Int(ops[at].word)
                let isSure =
                    switch kind {
                    case .text: text(row, words, bytes, word, styles, style, &machine, &buffer)
                    case .time: time(row, words, ops, at, styles, style, pool, &machine, &buffer)
                    case .number: append(machine.number, 0, styles, style, &buffer)
                    default: number(row, words, ops, at, styles, style, &machine, &buffer)
                    }
                guard isSure else { return .unsure }
            case .column:
                guard column(Int(ops[at].start), &machine, &buffer) else { return .unsure }
            case .outer:
                guard machine.append(outer: Int(ops[at].start), to: &buffer) else { return .unsure }
            case .jump: next = Int(ops[at].target)
            case .jumpIfAbsent: if !isPresent { next = Int(ops[at].target) }
            case .jumpIfColumnAbsent:
                let cell = cells[Int(ops[at].start)]
                if lookups[cell.lookup].table.isAbsent(machine.found[cell.lookup], cell.column) {
                    next = Int(ops[at].target)
                }
            case .jumpUnlessAmount:
                guard isPresent else { return .unsure }
                if Int64(bitPattern: words[Int(ops[at].word)]) != ops[at].number {
                    next = Int(ops[at].target)
                }
            case .jumpUnlessText:
                guard isPresent, let isEqual = isText(row, words, bytes, ops[at], pool) else {
                    return .unsure
                }
                if !isEqual { next = Int(ops[at].target) }
            case .leaveOut: return .leftOut
            case .begin: guard machine.open(buffer.count) else { return .unsure }
            case .written: machine.isWritten = true
            case .end:
                if let mark = machine.close() {
                    buffer.cut(to: mark)
                    next = Int(ops[at].target)
                }
            }
        }
        return .written
    }

    /// Whether a field is a text of ASCII; nil where it has other characters, which may be the same in
    /// another normal form.
    private func isText(
        _ row: borrowing ScannedRow,
        _ words: Span<UInt64>,
        _ bytes: Span<UInt8>,
        _ op: RowOp,
        _ pool: Span<UInt8>
    ) -> Bool? {
        let length = Int(words[Int(op.word) &+ 1])
        let mark = words[Int(op.word)]
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
    private func column(_ number: Int, _ machine: inout RowMachine, _ buffer: inout RowBuffer)
        -> Bool
    {
        let found = machine.found[cellLookups[number]]
        let first = machine.cells[number][found]
        if first.count == 0 { machine.encode(self, number, found) }
        let place = first.count == 0 ? machine.cells[number][found] : first
        guard place.start >= 0, buffer.hasRoom(place.count) else { return false }
        buffer.append(machine.pool.span, place.start, place.count - 1)
        return true
    }
}
