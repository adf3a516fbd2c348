internal import Transactions

extension RowProgram {
    /// Appends an instant as its pattern has it.
    @inline(__always)
    func time(
        _ row: borrowing ScannedRow,
        _ at: Int,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let number = Int(truncatingIfNeeded: ops[at].number)
        let word = Int(ops[at].word)
        let seconds = Int64(bitPattern: row[word])
        let zone = Int(patterns[number].zone)
        if !machine.clocks[zone].covers(seconds) {
            guard machine.clocks[zone].cover(seconds) else { return false }
        }
        let (day, clock) = machine.clocks[zone].local(seconds)
        if machine.patternDays[number] != day {
            guard setDay(number, day, &machine) else { return false }
        }
        let second = patterns[number].isDate ? 0 : clock
        if styles[style].quotesAlways { buffer.append(0x22) }
        let length = Int(patterns[number].count)
        let padding = Int(styles[style].width) &- length
        if styles[style].form == .fixedWidth {
            guard padding >= 0 else { return false }
            if styles[style].alignsRight { buffer.append(styles[style].pad, times: padding) }
        }
        let start = buffer.count
        buffer.append(machine.days.span, Int(patterns[number].start), length)
        var index = Int(patterns[number].clockDigits)
        while index < Int(patterns[number].lastDigits) {
            let place = start &+ Int(digits[index].offset)
            switch digits[index].part {
            case .hour: buffer.setPair(second / 3_600, at: place)
            case .minute: buffer.setPair(second / 60 % 60, at: place)
            case .second: buffer.setPair(second % 60, at: place)
            default:
                let nanoseconds = patterns[number].isDate ? 0 : Int(row[word &+ 1])
                let milliseconds = nanoseconds / 1_000_000
                buffer.set(0x30 &+ UInt8(milliseconds / 100), at: place)
                buffer.setPair(milliseconds % 100, at: place &+ 1)
            }
            index &+= 1
        }
        if styles[style].quotesAlways { buffer.append(0x22) }
        if styles[style].form == .fixedWidth, !styles[style].alignsRight {
            buffer.append(styles[style].pad, times: padding)
        }
        return true
    }

    /// Sets the digits of a pattern's day; false where the calendar has no such day.
    ///
    /// Rows come in order of time, so one text serves many.
    @inline(never)
    private func setDay(_ number: Int, _ days: Int64, _ machine: inout RowMachine) -> Bool {
        guard let date = CalendarDate(daysSinceEpoch: Int(days)) else { return false }
        let pattern = patterns[number]
        let (year, month, day) = date.components
        func set(_ value: Int, _ count: Int, _ place: Int) {
            var left = value
            for index in (place..<place + count).reversed() {
                machine.days[index] = 0x30 + UInt8(left % 10)
                left /= 10
            }
        }
        for index in Int(pattern.firstDigits)..<Int(pattern.clockDigits) {
            let place = Int(pattern.start + digits[index].offset)
            switch digits[index].part {
            case .year: set(year, 4, place)
            case .shortYear: set(year % 100, 2, place)
            case .month: set(month, 2, place)
            default: set(day, 2, place)
            }
        }
        machine.patternDays[number] = days
        return true
    }
}
