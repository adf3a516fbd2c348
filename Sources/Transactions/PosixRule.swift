/// The rule after a tz file's last transition: a POSIX TZ string such as
/// `EET-2EEST,M3.5.0/3,M10.5.0/4` (RFC 8536, 3.3).
///
/// Names are skipped; days by month, week and weekday (`M`), by number (`J`, plain).
struct PosixRule: Sendable, Hashable {
    private enum Day: Hashable {
        case weekday(month: Int, week: Int, day: Int)
        case julian(Int)
        case ordinal(Int)
    }
    private struct Change: Hashable {
        let day: Day
        let seconds: Int
    }

    private let standard: Int
    private let summer: (offset: Int, start: Change, end: Change)?

    static func == (left: PosixRule, right: PosixRule) -> Bool {
        left.standard == right.standard && left.summer?.offset == right.summer?.offset
            && left.summer?.start == right.summer?.start && left.summer?.end == right.summer?.end
    }

    func hash(into hasher: inout Hasher) { hasher.combine(standard) }

    /// Reads the rule; nil for an empty or unknown text.
    init?(_ text: String) {
        var rest = Substring(text)
        guard Self.skipName(&rest), let offset = Self.time(&rest) else { return nil }
        standard = -offset
        if rest.isEmpty {
            summer = nil
            return
        }
        guard Self.skipName(&rest) else { return nil }
        var summerOffset = standard + 3_600
        if rest.first != "," {
            guard let offset = Self.time(&rest) else { return nil }
            summerOffset = -offset
        }
        guard let start = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else {
            return nil
        }
        summer = (summerOffset, start, end)
    }

    func offset(at instant: UTCTimestamp) -> Int {
        guard let summer else { return standard }
        let local = LocalTime(instant, offset: standard)
        let year = local.date.components.year
        let start = Self.seconds(of: summer.start, year: year) - Int64(standard)
        let end = Self.seconds(of: summer.end, year: year) - Int64(summer.offset)
        let isSummer =
            start < end
            ? instant.seconds >= start && instant.seconds < end
            : instant.seconds >= start || instant.seconds < end
        return isSummer ? summer.offset : standard
    }

    /// The two changes of a year: the instant, and seconds east of UTC from then on; none without summer
    /// time.
    func changes(in year: Int) -> [(instant: Int64, offset: Int)] {
        guard let summer else { return [] }
        let start = Self.seconds(of: summer.start, year: year) - Int64(standard)
        let end = Self.seconds(of: summer.end, year: year) - Int64(summer.offset)
        let changes = [(instant: start, offset: summer.offset), (instant: end, offset: standard)]
        return changes.sorted { $0.instant < $1.instant }
    }

    /// Seconds since 1970 of a change, by the clock that stands before it.
    private static func seconds(of change: Change, year: Int) -> Int64 {
        let january = Int64((CalendarDate(year: year, month: 1, day: 1) ?? .first).daysSinceEpoch)
        let day: Int64
        switch change.day {
        case .ordinal(let number): day = january + Int64(number)
        case .julian(let number):
            let isLeap = CalendarDate.daysIn(month: 2, year: year) == 29
            day = january + Int64(number - 1) + (isLeap && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CalendarDate(year: year, month: month, day: 1) ?? .first
            var number = 1 + (weekday - first.dayOfWeek + 7) % 7 + (week - 1) * 7
            if number > CalendarDate.daysIn(month: month, year: year) { number -= 7 }
            day = Int64(first.daysSinceEpoch) + Int64(number - 1)
        }
        return day * 86_400 + Int64(change.seconds)
    }

    private static func skipName(_ text: inout Substring) -> Bool {
        if text.first == "<" {
            guard let end = text.firstIndex(of: ">") else { return false }
            text = text[text.index(after: end)...]
            return true
        }
        let name = text.prefix { $0.isLetter }
        text = text.dropFirst(name.count)
        return name.count >= 3
    }

    private static func number(_ text: inout Substring) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        text = text.dropFirst(digits.count)
        return digits.count <= 4 ? Int(digits) : nil
    }

    private static func time(_ text: inout Substring) -> Int? {
        var sign = 1
        if text.first == "-" || text.first == "+" {
            sign = text.first == "-" ? -1 : 1
            text = text.dropFirst()
        }
        guard let hours = number(&text) else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where text.first == ":" {
            text = text.dropFirst()
            guard let part = number(&text) else { return nil }
            seconds += part * unit
        }
        return sign * seconds
    }

    private static func change(_ text: inout Substring) -> Change? {
        guard text.first == "," else { return nil }
        text = text.dropFirst()
        let day: Day
        switch text.first {
        case "M":
            text = text.dropFirst()
            guard let month = number(&text), text.first == "." else { return nil }
            text = text.dropFirst()
            guard let week = number(&text), text.first == "." else { return nil }
            text = text.dropFirst()
            guard let weekday = number(&text), (1...12).contains(month), (1...5).contains(week),
                (0...6).contains(weekday)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        case "J":
            text = text.dropFirst()
            guard let count = number(&text), (1...365).contains(count) else { return nil }
            day = .julian(count)
        default:
            guard let count = number(&text), (0...365).contains(count) else { return nil }
            day = .ordinal(count)
        }
        guard text.first == "/" else { return Change(day: day, seconds: 7_200) }
        text = text.dropFirst()
        return time(&text).map { Change(day: day, seconds: $0) }
    }
}
