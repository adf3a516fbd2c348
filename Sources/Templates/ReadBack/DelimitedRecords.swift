/// Cuts delimited text into records and cells (RFC 4180), as a stranger would.
struct DelimitedRecords {
    /// A record: the cells' text without quotes, and where each ends.
    struct Record {
        var bytes: [UInt8] = []
        var ends: [Int] = []

        var count: Int { ends.count }

        subscript(index: Int) -> ArraySlice<UInt8> {
            bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
        }

        fileprivate mutating func clear() {
            bytes.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
        }
    }

    private enum State { case begin, plain, quoted, closed, ending }

    private let delimiter: UInt8
    private var state = State.begin
    private var record = Record()
    /// Records taken.
    private(set) var count = 0
    /// Whether records end with CR LF; nil before the first.
    private(set) var hasCarriageReturns: Bool?

    init(delimiter: UInt8) { self.delimiter = delimiter }

    /// Takes UTF-8 in any pieces.
    ///
    /// - Throws: `ReadBackProblem` for what is no delimited text.
    mutating func take(_ bytes: [UInt8], _ each: (Record, Int) throws -> Void) throws {
        for byte in bytes {
            switch state {
            case .quoted:
                if byte == 0x22 { state = .closed } else { record.bytes.append(byte) }
            case .ending where byte != 0x0A:
                throw problem("a carriage return stands alone")
            case .closed where byte == 0x22:
                record.bytes.append(byte)
                state = .quoted
            default:
                if byte == delimiter {
                    record.ends.append(record.bytes.count)
                    state = .begin
                } else if byte == 0x0A {
                    try end(hasCarriageReturn: state == .ending, each)
                } else if byte == 0x0D {
                    state = .ending
                } else if byte == 0x22, state == .begin {
                    state = .quoted
                } else if state == .closed {
                    throw problem("something stands behind a quoted cell")
                } else {
                    record.bytes.append(byte)
                    state = .plain
                }
            }
        }
    }

    /// Takes the last record, if it has no line end.
    mutating func finish(_ each: (Record, Int) throws -> Void) throws {
        guard state != .quoted else { throw problem("a quoted cell has no end") }
        guard state != .begin || !record.ends.isEmpty else { return }
        throw problem("the last record has no end")
    }

    private mutating func end(
        hasCarriageReturn: Bool,
        _ each: (Record, Int) throws -> Void
    ) throws {
        guard hasCarriageReturns == nil || hasCarriageReturns == hasCarriageReturn else {
            throw problem("its end is not that of the records before")
        }
        hasCarriageReturns = hasCarriageReturn
        record.ends.append(record.bytes.count)
        count += 1
        try each(record, count)
        record.clear()
        state = .begin
    }

    private func problem(_ message: String) -> ReadBackProblem {
        ReadBackProblem(line: count + 1, message: message)
    }
}

/// What is wrong with a file that was read back, and in which record.
struct ReadBackProblem: Error {
    /// Counted from 1.
    let line: Int
    let message: String
}
