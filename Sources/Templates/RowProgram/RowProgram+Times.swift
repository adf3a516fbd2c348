internal import Transactions

extension RowProgram {
    /// Appends an instant as its pattern has it.
    @inline(__always)
    func time(
        _ row: borrowing ScannedRow,
        _ words: Span<UInt64>,
        _ ops: Span<RowOp>,
        _ at: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ pool: Span<UInt8>,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let pattern = patterns[Int(ops[at].number)]
        let word = Int(ops[at].word)
        guard machine.clocks[pattern.zone].set(Int64(bitPattern: words[word])) else {
            return false
        }
        let (year, month, day) = machine.clocks[pattern.zone].date
        let second = pattern.isDate ? 0 : machine.clocks[pattern.zone].second
        if styles[style].quotesAlways { buffer.append(0x22) }
        let length = Int(pattern.count)
        let padding = Int(styles[style].width) &- length
        if styles[style].form == .fixedWidth {
            guard padding >= 0 else { return false }
            if styles[style].alignsRight { buffer.append(styles[style].pad, times: padding) }
        }
        let start = buffer.count
        buffer.append(pool, Int(pattern.start), length)
        for index in pattern.digits {
            let (offset, part) = digits[index]
            let place = start &+ offset
            switch part {
            case .year:
                buffer.setPair(year / 100, at: place)
                buffer.setPair(year % 100, at: place &+ 2)
            case .shortYear: buffer.setPair(year % 100, at: place)
            case .month: buffer.setPair(month, at: place)
            case .day: buffer.setPair(day, at: place)
            case .hour: buffer.setPair(second / 3_600, at: place)
            case .minute: buffer.setPair(second / 60 % 60, at: place)
            case .second: buffer.setPair(second % 60, at: place)
            case .millisecond:
                let nanoseconds = pattern.isDate ? 0 : Int(words[word &+ 1])
                let milliseconds = nanoseconds / 1_000_000
                buffer.set(0x30 &+ UInt8(milliseconds / 100), at: place)
                buffer.setPair(milliseconds % 100, at: place &+ 1)
            }
        }
        if styles[style].quotesAlways { buffer.append(0x22) }
        if styles[style].form == .fixedWidth, !styles[style].alignsRight {
            buffer.append(styles[style].pad, times: padding)
        }
        return true
    }
}

extension RowBuffer {
    /// Sets two digits of a number below 100.
    @inline(__always)
    mutating func setPair(_ value: Int, at place: Int) {
        set(0x30 &+ UInt8(truncatingIfNeeded: value / 10), at: place)
        set(0x30 &+ UInt8(truncatingIfNeeded: value % 10), at: place &+ 1)
    }
}
