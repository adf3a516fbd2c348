/// Dates and times as they stand in a column.
enum DateShape {
    /// What a column of them holds.
    enum Kind: Sendable {
        case date, time, both
    }

    /// Patterns in the order in which they win; those of few digits need a name that says date or time.
    private static let patterns: [(pattern: String, kind: Kind, needsName: Bool)] = [
        ("yyyy-MM-dd", .date, false), ("dd.MM.yyyy", .date, false), ("yyyyMMdd", .date, false),
        ("dd/MM/yyyy", .date, false), ("MM/dd/yyyy", .date, false), ("yyyy/MM/dd", .date, false),
        ("dd-MM-yyyy", .date, false), ("MM-dd-yyyy", .date, false), ("yyyy.MM.dd", .date, false),
        ("ddMMyyyy", .date, true), ("MMddyyyy", .date, true), ("dd.MM.yy", .date, false),
        ("dd/MM/yy", .date, false), ("MM/dd/yy", .date, false), ("dd-MM-yy", .date, false),
        ("MM-dd-yy", .date, false), ("yyMMdd", .date, true), ("ddMMyy", .date, true),
        ("ddMM", .date, true), ("yyyy-MM", .date, true), ("yyyyMM", .date, true),
        ("yyyy-MM-dd HH:mm:ss", .both, false), ("yyyy-MM-dd'T'HH:mm:ss", .both, false),
        ("yyyy-MM-dd'T'HH:mm:ss.SSS", .both, false), ("yyyy-MM-dd HH:mm", .both, false),
        ("dd.MM.yyyy HH:mm:ss", .both, false), ("dd.MM.yyyy HH:mm", .both, false),
        ("dd/MM/yyyy HH:mm", .both, false), ("MM/dd/yyyy HH:mm", .both, false),
        ("yyyyMMddHHmmss", .both, false), ("yyyyMMddHHmm", .both, false),
        ("yyyyMMddHHmmssSSS", .both, false), ("HH:mm:ss", .time, false), ("HH:mm", .time, false),
        ("HHmmss", .time, true), ("HHmm", .time, true),
    ]

    /// The pattern that all values have; `isNamed`: the column's name says that it is a date or time.
    static func pattern(of values: [String], isNamed: Bool, isTime: Bool = false)
        -> (pattern: String, kind: Kind, isAmbiguous: Bool)?
    {
        guard !values.isEmpty else { return nil }
        let found = patterns.filter { candidate in
            (!candidate.needsName || isNamed) && (!isTime || candidate.kind != .date)
                && values.allSatisfy { parts(of: $0, candidate.pattern) != nil }
        }
        guard var best = found.first else { return nil }
        // 03/11 or 11/03: the part that takes more values is the day.
        let swapped = found.first { $0.pattern == swap(best.pattern) && $0.pattern != best.pattern }
        if let swapped {
            let days = Set(values.compactMap { parts(of: $0, best.pattern)?["d"] })
            let months = Set(values.compactMap { parts(of: $0, best.pattern)?["M"] })
            if months.count > days.count { best = swapped }
        }
        return (best.pattern, best.kind, swapped != nil)
    }

    private static func swap(_ pattern: String) -> String {
        pattern.hasPrefix("dd") && pattern.contains("MM")
            ? String(pattern.map { $0 == "d" ? "M" : $0 == "M" ? "d" : $0 }) : ""
    }

    /// The numbers of a value by the pattern's letters; nil when it has another form.
    static func parts(of value: String, _ pattern: String) -> [Character: Int]? {
        var parts: [Character: Int] = [:]
        var rest = Substring(value)
        for letter in pattern where letter != "'" {
            guard let character = rest.popFirst() else { return nil }
            if letter.isLetter, letter != "T" {
                guard character.isASCII, let digit = character.wholeNumberValue else { return nil }
                parts[letter, default: 0] = parts[letter, default: 0] * 10 + digit
            } else if character != letter {
                return nil
            }
        }
        guard rest.isEmpty else { return nil }
        if let year = parts["y"] {
            guard pattern.contains("yyyy") ? (1990...2099).contains(year) : year <= 99 else {
                return nil
            }
        }
        let limits: [Character: ClosedRange<Int>] = [
            "M": 1...12, "d": 1...31, "H": 0...23, "m": 0...59, "s": 0...59,
        ]
        for (letter, range) in limits {
            if let part = parts[letter], !range.contains(part) { return nil }
        }
        return parts
    }
}
