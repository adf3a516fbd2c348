internal import Transactions

/// Days and instants: what is read comes back from its own text.
struct DatesTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let day = CalendarDate(text) {
            claim(CalendarDate(day.description) == day, "\(day) does not come back")
            _ = day.adding(days: Int(bytes.first ?? 0) * 10_000)
            _ = day.adding(months: -Int(bytes.last ?? 0) * 100)
        }
        if let instant = UTCTimestamp(rfc3339: text) {
            claim(
                UTCTimestamp(rfc3339: instant.description) == instant,
                "\(instant) does not come back"
            )
        }
        if case .instant(let instant)? = UTCTimestamp.reading(bytes) {
            claim(UTCTimestamp(instant.description) == instant, "\(instant) does not come back")
            _ = instant.adding(seconds: .max)
        }
    }
}

/// Amounts: what is read comes back, arithmetic ends with a value or nil.
struct DecimalsTarget: FuzzTarget {
    func read(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { ExactDecimal($0) }
        for number in numbers {
            claim(ExactDecimal(number.description) == number, "\(number) does not come back")
            claim(
                ExactDecimal(number.normalized.description) == number,
                "\(number) is another when shortened"
            )
            for places in 0...6 {
                let rounded = number.rounded(to: places, .halfUp)
                claim(rounded.scale <= max(places, 0), "\(number) rounded to \(places): \(rounded)")
            }
        }
        for part in parts {
            if let amount = FixedDecimal(part) {
                claim(FixedDecimal(amount.description) == amount, "\(amount) does not come back")
                claim(ExactDecimal(part) == amount.exact, "\(amount) is another number")
            }
        }
        guard numbers.count == 2 else { return }
        let (a, b) = (numbers[0], numbers[1])
        if let sum = a.adding(b), let back = sum.subtracting(b) {
            claim(back == a, "\(a) + \(b) - \(b) is \(back)")
        }
        _ = a.multiplied(by: b)
        _ = a.divided(by: b, to: 4, .halfEven)
        claim((a < b) != (b <= a), "\(a) and \(b) have no order")
    }
}
