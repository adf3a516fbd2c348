internal import Expressions
internal import Transactions

/// What a row program keeps from row to row: lookups found, cells made, sums, the last day.
struct RowMachine {
    /// The rows that the lookups found for this row.
    var found = [Int](repeating: 0, count: RowProgram.mostLookups)
    /// Numbers of this row that sums ask for.
    var numbers = [Int64](repeating: 0, count: RowProgram.mostRegisters)
    /// Cells of lookups' rows, by cell and row: their place in `pool` and one more than their length;
    /// a negative start for what the general path must write.
    var cells: [[(start: Int, count: Int)]]
    var pool: [UInt8] = []
    private var outers: [(start: Int, count: Int)?] = []

    /// The row's number in its loop, counted from 1.
    var number: Int64 = 0
    /// Whether something of the innermost element was written.
    var isWritten = false
    private var marks = [(mark: Int, isWritten: Bool)](repeating: (0, false), count: 64)
    private var depth = 0

    private var totals: [Int64]
    private(set) var count: Int64 = 0
    private var used: [[Bool]]

    /// What policies altered in this row, and in all rows since it was last taken.
    var altered = Substitutions()
    private var allAltered = Substitutions()

    var clocks: [RowClock]
    /// A text on its way through an encoding's table.
    var scratch: [UInt8] = []

    init(_ program: RowProgram) {
        cells = program.cells.map { cell in
            [(start: Int, count: Int)](
                repeating: (0, 0),
                count: program.lookups[cell.lookup].table.count
            )
        }
        totals = program.sums.map { _ in 0 }
        used = program.lookups.map { [Bool](repeating: false, count: $0.table.count) }
        clocks = program.zones.map { RowClock($0) }
    }

    /// Asks the lookups; false where one has no row.
    @inline(__always)
    mutating func ask(
        _ program: RowProgram,
        _ row: borrowing ScannedRow,
        _ words: Span<UInt64>,
        _ bytes: Span<UInt8>
    ) -> Bool {
        for number in program.lookups.indices {
            guard row.present & program.lookups[number].bit != 0 else { return false }
            let word = program.lookups[number].word
            let mark = words[word]
            let start = Int(mark & ~ScannedRow.decodedMark)
            let length = Int(words[word &+ 1])
            let place =
                mark & ScannedRow.decodedMark == 0
                ? program.lookups[number].index.row(of: bytes, start, length)
                : program.lookups[number].index.row(of: row.decoded.span, start, length)
            guard place >= 0 else { return false }
            found[number] = place
            used[number][place] = true
        }
        return true
    }

    /// Begins a row.
    @inline(__always)
    mutating func begin() {
        depth = 0
        isWritten = false
        altered = Substitutions()
    }

    /// Begins an element; false where they nest too deep.
    mutating func open(_ mark: Int) -> Bool {
        guard depth < 64 else { return false }
        marks[depth] = (mark, isWritten)
        depth &+= 1
        isWritten = false
        return true
    }

    /// Ends an element; where it began, if nothing of it was written.
    mutating func close() -> Int? {
        depth &-= 1
        let outer = marks[depth]
        defer { isWritten = isWritten || outer.isWritten }
        return isWritten ? nil : outer.mark
    }

    // MARK: Sums

    /// Adds the row's numbers to all sums, or to none: false where one does not fit.
    @inline(__always)
    mutating func add(_ program: RowProgram) -> Bool {
        for index in program.sums.indices where program.sums[index].register >= 0 {
            let number = numbers[program.sums[index].register]
            guard !totals[index].addingReportingOverflow(number).overflow else { return false }
        }
        for index in program.sums.indices where program.sums[index].register >= 0 {
            totals[index] &+= numbers[program.sums[index].register]
        }
        count &+= 1
        if altered != Substitutions() {
            allAltered.characters += altered.characters
            allAltered.cuts += altered.cuts
        }
        return true
    }

    /// What the rows since the last time add up to, which begins anew.
    mutating func takeSums(_ body: (_ sum: Int, _ count: Int64, _ total: Int64) throws -> Void)
        rethrows
    {
        for index in totals.indices { try body(index, count, totals[index]) }
        for index in totals.indices { totals[index] = 0 }
        count = 0
    }

    /// What policies altered since the last time.
    mutating func takeSubstitutions() -> Substitutions {
        defer { allAltered = Substitutions() }
        return allAltered
    }

    /// Tells the lookups which rows were asked for.
    func noteUse(_ program: RowProgram) {
        for (lookup, used) in zip(program.lookups, used) { lookup.table.note(used) }
    }

    // MARK: Cells

    /// Makes the cell of a lookup's row, as the general path does.
    mutating func encode(_ program: RowProgram, _ number: Int, _ row: Int) {
        let cell = program.cells[number]
        guard let bytes = cell.encode(program.lookups[cell.lookup].table.value(row, cell.column))
        else {
            cells[number][row] = (-1, 1)
            return
        }
        cells[number][row] = (pool.count, bytes.count + 1)
        pool.append(contentsOf: bytes)
    }

    /// Sets what stands for all rows of a loop; nil where the general path must write it.
    mutating func setOuters(_ texts: [[UInt8]?]) {
        outers = texts.map { text in
            guard let text else { return nil }
            defer { pool.append(contentsOf: text) }
            return (pool.count, text.count)
        }
    }

    func append(outer number: Int, to buffer: inout RowBuffer) -> Bool {
        guard let place = outers[number], buffer.hasRoom(place.count) else { return false }
        buffer.append(pool.span, place.start, place.count)
        return true
    }
}

/// Local time of instants that come in order: the offset holds until the zone's next change, and the
/// day's digits for the day.
struct RowClock {
    let zone: TimeZoneRules
    private var from: Int64 = 0
    private var until: Int64 = 0
    private var offset: Int64 = 0
    private var day: Int64 = .min
    /// The local day, counted from 1970-01-01.
    var days: Int64 { day }
    private(set) var date: (year: Int, month: Int, day: Int) = (1970, 1, 1)
    /// Seconds since the day's midnight.
    private(set) var second = 0

    /// Instants of the years 2 to 9998, where no offset leaves the calendar.
    private static let usual: Range<Int64> = -62_104_060_800..<253_370_764_800

    init(_ zone: TimeZoneRules) { self.zone = zone }

    /// Sets the clock; false where the general path must look.
    @inline(__always)
    mutating func set(_ seconds: Int64) -> Bool {
        if seconds < from || seconds >= until {
            guard Self.usual.contains(seconds) else { return false }
            (offset, from, until) = zone.period(at: seconds)
        }
        let local = seconds &+ offset
        // Floor division by a constant; the numbers are positive once shifted by 30,000 years.
        let shifted = local &+ 86_400 &* 10_957_000
        let days = shifted / 86_400 &- 10_957_000
        second = Int(shifted % 86_400)
        if days != day {
            guard let date = CalendarDate(daysSinceEpoch: Int(days)) else { return false }
            self.date = date.components
            day = days
        }
        return true
    }
}
