internal import Transactions

/// Reads rows of the usual form straight into columns; whatever is odd it leaves to `RowParser`.
///
/// It never says that a row is bad: it takes a row only where `RowParser` would take it without a
/// warning and with the same content, so there is one set of rules and one of messages. JSONDecoder
/// needs 23 CPU s for 1M rows of the benchmark (Swift 6.3, x86_64).
struct RowScanner {
    /// The row is not of the usual form, right or wrong, or not whole.
    struct Odd: Error {}

    /// Where a text stands: in the bytes, or in `decoded` where the start has the mark.
    typealias Place = (start: UInt64, count: UInt64)

    /// The row that was scanned last; its texts stand in the bytes it was scanned from.
    private(set) var row: ScannedRow

    private let acceptsContractNumber: Bool
    /// The length of the contract that the answer was asked for, which begins `row.decoded`.
    private let contractCount: Int?
    private let required: UInt32
    private let hasProductType: Bool
    /// The keys that rows may have, which whoever scans passes along: of `self` each row would ask for them.
    let names: [RowKey]
    /// The keys that followed each key last and before that; -1 for none.
    ///
    /// The last place stands for the brace and for keys that are not known. Rows of one answer have one
    /// order, with gaps, so most keys are found by one comparison.
    private var followers = InlineArray<64, (last: Int8, before: Int8)>(repeating: (-1, -1))
    private static let start = 63

    private var misspelt: Place = (0, 0)
    private var unknown: [Range<Int>] = []
    private var days = DayCache()

    private static let contractSlot = 2 * Int(Field.contractNumber.rawValue)
    private static let contractBit: UInt32 = 1 << UInt32(Field.contractNumber.rawValue)

    init(feed: Feed, contractNumber: String?, acceptsContractNumber: Bool) {
        row = ScannedRow(feed: feed)
        row.decoded = Array((contractNumber ?? "").utf8)
        contractCount = contractNumber?.utf8.count
        self.acceptsContractNumber = acceptsContractNumber
        names = RowKey.all(of: feed)
        hasProductType = feed.fields.contains(.occProductType)
        required = RowParser.required(of: feed).reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    }

    private func copy(of place: Place, _ bytes: Span<UInt8>) -> [UInt8] {
        let start = Int(place.start & ~ScannedRow.decodedMark)
        let isDecoded = place.start & ScannedRow.decodedMark != 0
        return (start..<start + Int(place.count)).map { isDecoded ? row.decoded[$0] : bytes[$0] }
    }

    /// Gives the row that was scanned last away, and takes the memory of another for the next one.
    mutating func give(to other: inout ScannedRow) {
        let contract = row.decoded.prefix(contractCount ?? 0)
        swap(&row, &other)
        if row.line != 1 || row.isReversal { row = ScannedRow(feed: other.feed) }
        row.feed = other.feed
        if !row.decoded.isEmpty { row.decoded.removeAll(keepingCapacity: true) }
        if !contract.isEmpty { row.decoded.append(contentsOf: contract) }
    }

    /// Scans the object that begins at `start`, at a brace; returns where it ends.
    ///
    /// Behind the row's bytes `ScannedText.padding` zeros belong to the span.
    mutating func scan(_ bytes: Span<UInt8>, from start: Int, _ names: Span<RowKey>) throws(Odd)
        -> Int
    {
        row.begin()
        misspelt.count = 0
        if !unknown.isEmpty { unknown.removeAll(keepingCapacity: true) }
        let extra = row.decoded.count - (contractCount ?? 0)
        if extra > 0 { row.decoded.removeLast(extra) }
        if let contractCount {
            row.set(Self.contractSlot, ScannedRow.decodedMark)
            row.set(Self.contractSlot + 1, UInt64(contractCount))
            row.present = Self.contractBit
        }
        let end = try members(bytes, start + 1, names)
        try settleProductType(bytes)
        guard row.present & required == required else { throw Odd() }
        row.hasPlainTexts = true
        return end
    }

    /// Goes over the members to behind the closing brace.
    ///
    /// All that usual rows need stands in this one loop, its state in variables of its own: as functions
    /// that hand a position on through memory it took 2.3 times the instructions (job A, Swift 6.3).
    private mutating func members(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ names: Span<RowKey>
    ) throws(Odd) -> Int {
        var position = start
        var previous = Self.start
        var seen: UInt64 = 0
        var present: UInt32 = 0
        while true {
            // The key that followed in an earlier row: found so, keys cost a quarter of what a search did.
            // `followers` and `key` know no index that is none of `names`.
            var index = Int(followers.span[previous].last)
            if index >= 0, unsafe names[unchecked: index].stands(at: position, in: bytes) {
                position &+= unsafe names[unchecked: index].count
            } else {
                (index, position) = try key(bytes, position, previous, names)
                if index < 0 {
                    row.present |= present
                    return position
                }
            }
            previous = index
            let name = unsafe names[unchecked: index]
            var first = bytes[position]
            if first <= 0x20 {
                position = ScannedText.blanksEnd(bytes, position)
                first = bytes[position]
            }
            // A doubled key: the checked path names it.
            guard seen & name.mark == 0 else { throw Odd() }
            seen |= name.mark
            if first == 0x6E {
                position = try ScannedText.end(of: "null", bytes, position)
            } else {
                let slot = name.slot
                switch name.value {
                case .text:
                    var place: Place = (UInt64(truncatingIfNeeded: position &+ 1), 0)
                    let end = ScannedText.plainEnd(bytes, position &+ 1)
                    if first == 0x22, bytes[end] == 0x22 {
                        place.count = UInt64(truncatingIfNeeded: end &- position &- 1)
                        position = end &+ 1
                    } else {
                        (place, position) = try text(bytes, position)
                    }
                    // An empty text means "none" (trap 31).
                    if place.count > 0 {
                        guard place.count <= RowParser.longestText else { throw Odd() }
                        row.set(slot, place.start, place.count)
                        present |= name.bit
                    }
                case .amount:
                    let amount = try ScannedNumber.amount(bytes, &position)
                    row.set(slot, UInt64(bitPattern: amount))
                    present |= name.bit
                case .timestamp:
                    guard first == 0x22 else { throw Odd() }
                    let instant = try days.instant(bytes, &position)
                    row.set(slot, UInt64(bitPattern: instant.seconds), instant.nanoseconds)
                    present |= name.bit
                case .integer:
                    let number = try ScannedNumber.integer(bytes, &position)
                    row.set(slot, UInt64(bitPattern: number))
                    present |= name.bit
                case .misspeltType:
                    guard first == 0x22 else { throw Odd() }
                    (misspelt, position) = try text(bytes, position)
                    guard misspelt.count <= RowParser.longestText else { throw Odd() }
                case .contract: position = try contract(bytes, position)
                }
            }
            var sign = bytes[position]
            if sign <= 0x20 {
                position = ScannedText.blanksEnd(bytes, position)
                sign = bytes[position]
            }
            position &+= 1
            if sign == 0x7D {
                row.present |= present
                return position
            }
            guard sign == 0x2C else { throw Odd() }
        }
    }

    // MARK: Keys

    /// The index of the next known key from a place on, and where its value begins; -1 and the object's end
    /// where there is none.
    ///
    /// Unknown members are passed.
    @inline(never)
    private mutating func key(
        _ bytes: Span<UInt8>,
        _ place: Int,
        _ previous: Int,
        _ names: Span<RowKey>
    ) throws(Odd) -> (index: Int, end: Int) {
        var place = place
        var previous = previous
        while true {
            let start = ScannedText.blanksEnd(bytes, place)
            guard bytes[start] == 0x22 else { throw Odd() }
            // Where an earlier row had a gap, or this one has.
            let (last, before) = followers.span[previous]
            if last >= 0, names[Int(last)].stands(at: start, in: bytes) {
                return (Int(last), start + names[Int(last)].count)
            }
            if before >= 0, names[Int(before)].stands(at: start, in: bytes) {
                followers[previous] = (before, last)
                return (Int(before), start + names[Int(before)].count)
            }
            let quote = ScannedText.plainEnd(bytes, start + 1)
            guard bytes[quote] == 0x22 else { throw Odd() }
            let end = quote + 1
            let colon = ScannedText.blanksEnd(bytes, end)
            guard bytes[colon] == 0x3A else { throw Odd() }
            for index in names.indices where names[index].matches(start..<end, in: bytes) {
                if Int(last) != index { followers[previous] = (Int8(index), last) }
                return (index, colon + 1)
            }
            try note(start + 1..<quote, bytes)
            let value = ScannedText.blanksEnd(bytes, colon + 1)
            place = ScannedText.blanksEnd(bytes, try skipped(bytes, value))
            if bytes[place] == 0x7D { return (-1, place + 1) }
            guard bytes[place] == 0x2C else { throw Odd() }
            place += 1
            previous = Self.start
        }
    }

    /// Remembers an unknown key, so that it is not taken twice.
    private mutating func note(_ key: Range<Int>, _ bytes: Span<UInt8>) throws(Odd) {
        guard unknown.count < 8 else { throw Odd() }
        for other in unknown where other.count == key.count {
            guard zip(other, key).contains(where: { bytes[$0] != bytes[$1] }) else { throw Odd() }
        }
        unknown.append(key)
    }

    // MARK: Values

    /// The contract that a row brings, where it may; where its value ends.
    private mutating func contract(_ bytes: Span<UInt8>, _ start: Int) throws(Odd) -> Int {
        guard acceptsContractNumber else { return try skipped(bytes, start) }
        guard bytes[start] == 0x22 else { throw Odd() }
        let (place, end) = try text(bytes, start)
        row.set(Self.contractSlot, place.start)
        row.set(Self.contractSlot + 1, place.count)
        row.present |= Self.contractBit
        return end
    }

    /// Any text, or a number whose digits stand for one (trap 29); and where it ends.
    @inline(never)
    private mutating func text(_ bytes: Span<UInt8>, _ position: Int) throws(Odd) -> (Place, Int) {
        guard bytes[position] == 0x22 else {
            let end = try ScannedNumber.end(bytes, position)
            return ((UInt64(position), UInt64(end - position)), end)
        }
        let start = position + 1
        let stop = ScannedText.end(bytes, from: ScannedText.plainEnd(bytes, start))
        guard bytes[stop] != 0x22 else {
            return ((UInt64(start), UInt64(stop - start)), stop + 1)
        }
        let end = try ScannedText.quote(bytes, from: stop)
        let begin = row.decoded.count
        do throws(JSONProblem) {
            try JSONText.decode(bytes.extracting(start..<end), into: &row.decoded)
        } catch {
            throw Odd()
        }
        let range = begin..<row.decoded.count
        guard ScannedText.isUTF8(row.decoded.span, range) else { throw Odd() }
        return ((UInt64(begin) | ScannedRow.decodedMark, UInt64(range.count)), end + 1)
    }

    /// Passes a value that is not used: a text, a number, or a word; lists and objects are odd.
    private mutating func skipped(_ bytes: Span<UInt8>, _ start: Int) throws(Odd) -> Int {
        switch bytes[start] {
        case 0x22: try text(bytes, start).1
        case 0x6E: try ScannedText.end(of: "null", bytes, start)
        case 0x74: try ScannedText.end(of: "true", bytes, start)
        case 0x66: try ScannedText.end(of: "false", bytes, start)
        default: try ScannedNumber.end(bytes, start)
        }
    }

    /// Trap 26: the misspelt key stands in for the right one; where both differ, `RowParser` warns.
    private mutating func settleProductType(_ bytes: Span<UInt8>) throws(Odd) {
        guard misspelt.count > 0, hasProductType else { return }
        let field = Int(Field.occProductType.rawValue)
        if row.present & (1 << UInt32(field)) == 0 {
            row.set(2 * field, misspelt.start)
            row.set(2 * field + 1, misspelt.count)
            row.present |= 1 << UInt32(field)
        } else {
            let right: Place = (row[2 * field], row[2 * field + 1])
            guard copy(of: right, bytes) == copy(of: misspelt, bytes) else { throw Odd() }
        }
    }
}
