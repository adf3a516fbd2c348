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

    let ops: ConstantTable<RowOp>
    let styles: ConstantTable<RowStyle>
    let patterns: ConstantTable<RowPattern>
    /// Where the digits of patterns go.
    let digits: ConstantTable<RowPattern.Digits>
    let pool: ConstantBytes
    /// The lookups asked, and where each has its rows in `RowMachine.used`.
    let lookups: [Lookup]
    let cells: [Cell]
    /// The lookup of each cell, and where its texts are in `RowMachine.cells`.
    let cellPlaces: ConstantTable<(lookup: Int, first: Int)>
    let zones: [TimeZoneRules]
    let outers: [Outer]
    let sums: [Sum]
    /// The sums that have a register, and these.
    let summed: ConstantTable<(sum: Int, register: Int)>
    /// The encoding's table, for texts beyond ASCII.
    let encoding: CharacterEncoding
    /// What the ops of a row may write, but for long texts, lookups' columns and what stands for all rows.
    let room: Int

    /// The most numbers that a record keeps for its sums.
    static let mostRegisters = 32
    /// The most lookups that a record asks.
    static let mostLookups = 16
    /// Texts up to this length need not ask for room.
    static let shortText = 64

    init(_ draft: RowProgramDraft, encoding: CharacterEncoding) {
        ops = ConstantTable(draft.ops)
        styles = ConstantTable(draft.styles)
        patterns = ConstantTable(draft.patterns)
        digits = ConstantTable(draft.digits)
        pool = ConstantBytes(draft.pool)
        lookups = draft.lookups
        cells = draft.cells
        var first = 0
        cellPlaces = ConstantTable(
            draft.cells.map { cell in
                defer { first += draft.lookups[cell.lookup].table.count }
                return (cell.lookup, first)
            }
        )
        zones = draft.zones
        outers = draft.outers
        sums = draft.sums
        summed = ConstantTable(
            draft.sums.indices.filter { draft.sums[$0].register >= 0 }
                .map { ($0, draft.sums[$0].register) }
        )
        self.encoding = encoding
        room = draft.ops.reduce(0) { room, op in
            let width =
                draft.styles.indices.contains(Int(op.style)) ? draft.styles[Int(op.style)].width : 0
            return room + Int(op.count) + Int(width) + Self.shortText * 6 + 128
        }
    }

    deinit {
        ops.free()
        styles.free()
        patterns.free()
        digits.free()
        pool.free()
        cellPlaces.free()
        summed.free()
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
        guard !row.isReversal, buffer.hasRoom(room), machine.ask(self, row, bytes) else {
            return .unsure
        }
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
        guard !row.isReversal, machine.ask(self, row, bytes) else { return .unsure }
        guard ops.count > 0 else { return .written }
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
        let present = row.present
        var next = 0
        while next < ops.count {
            let at = next
            next &+= 1
            let isPresent = present & ops[at].bit != 0
            switch ops[at].kind {
            case .literal: buffer.append(pool, Int(ops[at].start), Int(ops[at].count))
            case .text, .amount, .integer, .time, .number:
                guard isPresent else {
                    guard ops[at].allowsAbsent else { return .unsure }
                    buffer.append(pool, Int(ops[at].start), Int(ops[at].count))
                    continue
                }
                let style = Int(ops[at].style)
                if styles[style].lead != 0 { buffer.append(styles[style].lead) }
                let word = Int(ops[at].word)
                let isSure =
                    switch ops[at].kind {
                    case .text: text(row, bytes, word, style, &machine, &buffer)
                    case .time: time(row, at, style, &machine, &buffer)
                    case .number: append(machine.number, 0, style, &buffer)
                    case .integer:
                        keep(Int64(bitPattern: row[word]), 0, at, style, &machine, &buffer)
                    default:
                        keep(
                            Self.rounded(Int64(bitPattern: row[word]), ops[at].places),
                            Int(ops[at].places),
                            at,
                            style,
                            &machine,
                            &buffer
                        )
                    }
                guard isSure else { return .unsure }
            case .column:
                guard column(Int(ops[at].start), &machine, &buffer) else { return .unsure }
            case .outer:
                guard machine.append(outer: Int(ops[at].start), to: &buffer, leaving: room) else {
                    return .unsure
                }
            case .jump: next = Int(ops[at].target)
            case .jumpIfAbsent: if !isPresent { next = Int(ops[at].target) }
            case .jumpIfColumnAbsent:
                let cell = cells[Int(ops[at].start)]
                if lookups[cell.lookup].table.isAbsent(machine.found[cell.lookup], cell.column) {
                    next = Int(ops[at].target)
                }
            case .jumpUnlessAmount:
                guard isPresent else { return .unsure }
                if Int64(bitPattern: row[Int(ops[at].word)]) != ops[at].number {
                    next = Int(ops[at].target)
                }
            case .jumpUnlessText:
                guard isPresent, let isEqual = isText(row, bytes, at) else { return .unsure }
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
    private func isText(_ row: borrowing ScannedRow, _ bytes: Span<UInt8>, _ at: Int) -> Bool? {
        let length = Int(row[Int(ops[at].word) &+ 1])
        let mark = row[Int(ops[at].word)]
        let start = Int(mark & ~ScannedRow.decodedMark)
        let isDecoded = mark & ScannedRow.decodedMark != 0
        var isEqual = length == Int(ops[at].count)
        for index in 0..<length {
            let byte = isDecoded ? row.decoded[start &+ index] : bytes[start &+ index]
            if byte >= 0x80 { return nil }
            isEqual = isEqual && byte == pool[Int(ops[at].start) &+ index]
        }
        return isEqual
    }

    /// A column's cell, encoded by the general path when it is first met.
    private func column(_ number: Int, _ machine: inout RowMachine, _ buffer: inout RowBuffer)
        -> Bool
    {
        let found = machine.found[cellPlaces[number].lookup]
        let cell = cellPlaces[number].first &+ found
        if machine.cells[cell].count == 0 { machine.encode(self, number, found, at: cell) }
        let (start, count) = machine.cells[cell]
        guard start >= 0, buffer.hasRoom(count &+ room) else { return false }
        buffer.append(machine.pool.span, start, count &- 1)
        return true
    }
}
