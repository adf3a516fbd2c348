internal import Transactions

/// Reads rows of the usual form straight into columns; whatever is odd it leaves to `RowParser`.
///
/// It never says that a row is bad: it takes a row only where `RowParser` would take it without a
/// warning and with the same content, so there is one set of rules and one of messages. JSONDecoder
/// needs 23 CPU s for 1M rows of the benchmark (Swift 6.3, x86_64).
struct RowScanner {
    /// What became of a row.
    enum Outcome {
        /// Scanned; the row ends before this position.
        case row(end: Int)
        /// The bytes end within the row.
        case incomplete
        /// Not of the usual form, right or wrong.
        case odd
    }

    /// Why scanning stopped.
    enum Stop: Error { case incomplete, odd }

    /// Where a text stands: in the bytes, or in `decoded` where the start has the mark.
    typealias Place = (start: UInt64, count: UInt64)

    /// The row that was scanned last; its texts stand in the bytes it was scanned from.
    private(set) var row: ScannedRow

    private let acceptsContractNumber: Bool
    /// The length of the contract that the answer was asked for, which begins `row.decoded`.
    private let contractCount: Int?
    private let required: UInt32
    private let hasProductType: Bool
    private let names: [RowKey]
    /// The keys that followed each key last and before that; -1 for none.
    ///
    /// The last place stands for the brace and for keys that are not known. Rows of one answer have one
    /// order, with gaps, so most keys are found by one comparison.
    private var followers = InlineArray<64, (last: Int8, before: Int8)>(repeating: (-1, -1))
    private static let start = 63

    private var seen: UInt64 = 0
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

    /// Scans the object that begins at `start`, at a brace.
    mutating func scan(_ bytes: Span<UInt8>, from start: Int) -> Outcome {
        row.present = 0
        seen = 0
        misspelt.count = 0
        if !unknown.isEmpty { unknown.removeAll(keepingCapacity: true) }
        let extra = row.decoded.count - (contractCount ?? 0)
        if extra > 0 { row.decoded.removeLast(extra) }
        if let contractCount {
            row.words[Self.contractSlot] = ScannedRow.decodedMark
            row.words[Self.contractSlot + 1] = UInt64(contractCount)
            row.present = Self.contractBit
        }
        var position = start + 1
        do throws(Stop) {
            try members(bytes, &position)
            try settleProductType(bytes)
            guard row.present & required == required else { return .odd }
            return .row(end: position)
        } catch {
            return error == .incomplete ? .incomplete : .odd
        }
    }

    private mutating func members(_ bytes: Span<UInt8>, _ position: inout Int) throws(Stop) {
        // A reference of its own: through `self` each access would ask for it anew.
        let names = names
        var previous = Self.start
        while true {
            guard try ScannedText.sign(bytes, &position) == 0x22 else { throw .odd }
            var index = guessed(bytes, &position, previous, names)
            if index < 0 {
                index = try key(bytes, &position, previous)
                guard try ScannedText.sign(bytes, &position) == 0x3A else { throw .odd }
                position += 1
            }
            let first = try ScannedText.sign(bytes, &position)
            if index >= 0 {
                let bit: UInt64 = 1 << UInt64(index)
                // A doubled key: the checked path names it.
                guard seen & bit == 0 else { throw .odd }
                seen |= bit
                let name = names[index]
                try value(name.target, name.kind, name.field, first, bytes, &position)
            } else {
                try skip(first, bytes, &position)
            }
            switch try ScannedText.sign(bytes, &position) {
            case 0x2C: position += 1
            case 0x7D:
                position += 1
                return
            default: throw .odd
            }
            previous = index < 0 ? Self.start : index
        }
    }

    /// The key with its colon that followed the one before in an earlier row; -1 where it is another.
    ///
    /// Most keys of most rows are found here by one comparison, which with the search of `key` for each
    /// took a quarter of the scan (1M rows of the benchmark, Swift 6.3).
    @inline(__always)
    private mutating func guessed(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        _ previous: Int,
        _ names: [RowKey]
    ) -> Int {
        let start = position &+ 1
        guard start &+ 24 <= bytes.count else { return -1 }
        let guess = Int(followers.span[previous].last)
        if guess >= 0, names[guess].stands(at: start, in: bytes) {
            position = start &+ names[guess].count &+ 1
            return guess
        }
        // Where that row had a gap, or this one has.
        let other = Int(followers.span[previous].before)
        if other >= 0, names[other].stands(at: start, in: bytes) {
            position = start &+ names[other].count &+ 1
            followers[previous] = (Int8(other), Int8(guess))
            return other
        }
        return -1
    }

    /// The index of the key at the position, which goes on behind its closing quote; -1 for a key
    /// that is not known.
    private mutating func key(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        _ previous: Int
    ) throws(Stop) -> Int {
        let start = position + 1
        let end = try ScannedText.end(bytes, start)
        guard end.isPlain else { throw .odd }
        position = end.quote + 1
        var index = -1
        for candidate in names.indices
        where names[candidate].matches(start..<position, in: bytes) {
            index = candidate
        }
        if index < 0 {
            try note(start..<end.quote, bytes)
        } else {
            let last = followers.span[previous].last
            if Int(last) != index { followers[previous] = (Int8(index), last) }
        }
        return index
    }

    /// Remembers an unknown key, so that it is not taken twice.
    private mutating func note(_ key: Range<Int>, _ bytes: Span<UInt8>) throws(Stop) {
        guard unknown.count < 8 else { throw .odd }
        for other in unknown where other.count == key.count {
            guard zip(other, key).contains(where: { bytes[$0] != bytes[$1] }) else { throw .odd }
        }
        unknown.append(key)
    }

    // MARK: Values

    @inline(__always)
    private mutating func value(
        _ target: RowKey.Target,
        _ kind: Field.Kind,
        _ field: Int,
        _ first: UInt8,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(Stop) {
        if first == 0x6E {
            try ScannedText.word("null", bytes, &position)
            return
        }
        switch target {
        case .field:
            let slot = 2 &* field
            switch kind {
            case .text:
                let place = try text(first, bytes, &position)
                // An empty text means "none" (trap 31).
                if place.count == 0 { return }
                guard place.count <= RowParser.longestText else { throw .odd }
                row.words[slot] = place.start
                row.words[slot + 1] = place.count
            case .amount:
                row.words[slot] = UInt64(bitPattern: try ScannedNumber.amount(bytes, &position))
            case .timestamp:
                guard first == 0x22 else { throw .odd }
                let instant = try days.instant(bytes, &position)
                row.words[slot] = UInt64(bitPattern: instant.seconds)
                row.words[slot + 1] = UInt64(instant.nanoseconds)
            case .integer:
                row.words[slot] = UInt64(bitPattern: try ScannedNumber.integer(bytes, &position))
            }
            row.present |= 1 << UInt32(field)
        case .misspeltType:
            guard first == 0x22 else { throw .odd }
            misspelt = try text(first, bytes, &position)
            guard misspelt.count <= RowParser.longestText else { throw .odd }
        case .contract:
            guard acceptsContractNumber else { return try skip(first, bytes, &position) }
            guard first == 0x22 else { throw .odd }
            let place = try text(first, bytes, &position)
            row.words[Self.contractSlot] = place.start
            row.words[Self.contractSlot + 1] = place.count
            row.present |= Self.contractBit
        }
    }

    /// A text, or a number whose digits stand for one (trap 29).
    private mutating func text(
        _ first: UInt8,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(Stop) -> Place {
        guard first == 0x22 else {
            let start = position
            try ScannedNumber.skip(bytes, &position)
            return (UInt64(start), UInt64(position - start))
        }
        let start = position + 1
        let end = try ScannedText.end(bytes, start)
        position = end.quote + 1
        guard end.hasEscape else {
            if !end.isASCII { try ScannedText.validate(bytes.extracting(start..<end.quote)) }
            return (UInt64(start), UInt64(end.quote - start))
        }
        let begin = row.decoded.count
        do throws(JSONProblem) {
            try JSONText.decode(bytes.extracting(start..<end.quote), into: &row.decoded)
        } catch {
            throw .odd
        }
        try ScannedText.validate(row.decoded.span.extracting(begin..<row.decoded.count))
        return (UInt64(begin) | ScannedRow.decodedMark, UInt64(row.decoded.count - begin))
    }

    /// Passes a value that is not used: a text, a number, or a word; lists and objects are odd.
    private mutating func skip(
        _ first: UInt8,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(Stop) {
        switch first {
        case 0x22: _ = try text(first, bytes, &position)
        case 0x6E: try ScannedText.word("null", bytes, &position)
        case 0x74: try ScannedText.word("true", bytes, &position)
        case 0x66: try ScannedText.word("false", bytes, &position)
        default: try ScannedNumber.skip(bytes, &position)
        }
    }

    /// Trap 26: the misspelt key stands in for the right one; where both differ, `RowParser` warns.
    private mutating func settleProductType(_ bytes: Span<UInt8>) throws(Stop) {
        guard misspelt.count > 0, hasProductType else { return }
        let field = Int(Field.occProductType.rawValue)
        if row.present & (1 << UInt32(field)) == 0 {
            row.words[2 * field] = misspelt.start
            row.words[2 * field + 1] = misspelt.count
            row.present |= 1 << UInt32(field)
        } else {
            let right: Place = (row.words.span[2 * field], row.words.span[2 * field + 1])
            guard copy(of: right, bytes) == copy(of: misspelt, bytes) else { throw .odd }
        }
    }
}
