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
    var cells: [(start: Int, count: Int)]
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
    /// The lookups' rows that were asked for, one lookup behind the other.
    private var used: [Bool]

    /// What policies altered in this row, and in all rows since it was last taken.
    var altered = Substitutions()
    private var allAltered = Substitutions()

    var clocks: [RowClock]
    /// The program's pool with the digits of each pattern's day, and these days.
    var days: [UInt8]
    var patternDays: [Int64]

    init(_ program: RowProgram) {
        let rows = program.lookups.reduce(0) { $0 + $1.table.count }
        cells = .init(
            repeating: (0, 0),
            count: program.cells.reduce(0) { $0 + program.lookups[$1.lookup].table.count }
        )
        totals = program.sums.map { _ in 0 }
        used = .init(repeating: false, count: rows)
        clocks = program.zones.map { RowClock($0) }
        // Zeros behind, so that the last text is copied by words as well.
        days = (0..<program.pool.count).map { program.pool[$0] } + [UInt8](repeating: 0, count: 8)
        patternDays = .init(repeating: .min, count: program.patterns.count)
    }

    /// Asks the lookups; false where one has no row.
    @inline(__always)
    mutating func ask(
        _ program: RowProgram,
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>
    ) -> Bool {
        var first = 0
        for number in program.lookups.indices {
            guard row.present & program.lookups[number].bit != 0 else { return false }
            let word = program.lookups[number].word
            let mark = row[word]
            let start = Int(mark & ~ScannedRow.decodedMark)
            let length = Int(truncatingIfNeeded: row[word &+ 1])
            let place =
                mark & ScannedRow.decodedMark == 0
                ? program.lookups[number].index.row(of: bytes, start, length)
                : program.lookups[number].index.row(of: row.decoded.span, start, length)
            guard place >= 0 else { return false }
            found[number] = place
            used[first &+ place] = true
            first &+= program.lookups[number].index.rowCount
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
        for index in 0..<program.summed.count {
            let (sum, register) = program.summed[index]
            guard !totals[sum].addingReportingOverflow(numbers[register]).overflow else {
                return false
            }
        }
        for index in 0..<program.summed.count {
            let (sum, register) = program.summed[index]
            totals[sum] &+= numbers[register]
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
        var first = 0
        for lookup in program.lookups {
            lookup.table.note(Array(used[first..<first + lookup.table.count]))
            first += lookup.table.count
        }
    }

    // MARK: Cells

    /// Makes the cell of a lookup's row, as the general path does.
    mutating func encode(_ program: RowProgram, _ number: Int, _ row: Int, at place: Int) {
        let cell = program.cells[number]
        guard let bytes = cell.encode(program.lookups[cell.lookup].table.value(row, cell.column))
        else {
            cells[place] = (-1, 1)
            return
        }
        cells[place] = (pool.count, bytes.count + 1)
        // Zeros behind, so that it is copied by words.
        pool += bytes + [UInt8](repeating: 0, count: 8)
    }

    /// Sets what stands for all rows of a loop; nil where the general path must write it.
    mutating func setOuters(_ texts: [[UInt8]?]) {
        outers = texts.map { text in
            guard let text else { return nil }
            defer { pool.append(contentsOf: text) }
            return (pool.count, text.count)
        }
    }

    func append(outer number: Int, to buffer: inout RowBuffer, leaving room: Int) -> Bool {
        guard let place = outers[number], buffer.hasRoom(place.count + room) else { return false }
        buffer.append(pool.span, place.start, place.count)
        return true
    }
}

/// Local time of instants that come in order: the offset holds until the zone's next change.
struct RowClock {
    let zone: TimeZoneRules
    private var from: Int64 = 0
    private var until: Int64 = 0
    private var offset: Int64 = 0

    /// Instants of the years 2 to 9998, where no offset leaves the calendar.
    private static let usual: Range<Int64> = -62_104_060_800..<253_370_764_800

    init(_ zone: TimeZoneRules) { self.zone = zone }

    /// Whether the offset at hand is that of an instant.
    @inline(__always)
    func covers(_ seconds: Int64) -> Bool { seconds >= from && seconds < until }

    /// Takes the offset at an instant; false where the general path must look.
    mutating func cover(_ seconds: Int64) -> Bool {
        guard Self.usual.contains(seconds) else { return false }
        (offset, from, until) = zone.period(at: seconds)
        return true
    }

    /// The local day of a covered instant, counted from 1970-01-01, and the second since its midnight.
    @inline(__always)
    func local(_ seconds: Int64) -> (day: Int64, second: Int) {
        // Floor division by a constant; the numbers are positive once shifted by 30,000 years.
        let shifted = seconds &+ offset &+ 86_400 &* 10_957_000
        return (shifted / 86_400 &- 10_957_000, Int(shifted % 86_400))
    }
}
