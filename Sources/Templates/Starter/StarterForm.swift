/// The form that most columns of an example have: what `format` says, so that fields need not.
struct StarterForm: Sendable {
    var decimals = 2
    var mark: Character?
    var isImplied = false
    var sign = "minus"
    var isZeroPadded = false
    var isNumberLeft = false
    var datePattern: String?

    /// Takes the form that occurs most.
    init(_ columns: [ExampleColumn]) {
        let amounts = columns.filter { $0.meaning?.isAmount == true }
        let numbers = amounts.compactMap(\.number)
        decimals =
            Self.most(
                amounts.compactMap { column in
                    column.isImplied ? 2 : column.number?.decimals.upperBound
                }
            ) ?? 2
        let others = columns.compactMap(\.number).filter { $0.mark != nil }
        if numbers.isEmpty { decimals = Self.most(others.map(\.decimals.upperBound)) ?? 2 }
        mark = Self.most(numbers.compactMap(\.mark)) ?? Self.most(others.compactMap(\.mark))
        isImplied = amounts.contains(where: \.isImplied) && mark == nil
        let loose = columns.filter { column in
            guard column.width != nil, column.pattern == nil, let number = column.number else {
                return false
            }
            return number.hasNegative || number.sign != "minus" || column.isRightAligned
        }
        if amounts.isEmpty, !loose.isEmpty {
            mark = Self.most(loose.compactMap { $0.number?.mark })
            isImplied = mark == nil
        }
        sign = Self.most(numbers.map(\.sign).filter { $0 != "minus" }) ?? "minus"
        isZeroPadded = numbers.count(where: \.isZeroPadded) * 2 > numbers.count
        isNumberLeft =
            !amounts.isEmpty && !amounts.contains(where: { $0.isRightAligned }) && !isZeroPadded
            && amounts.contains { $0.raw.contains { $0.last == " " && $0.contains { $0 != " " } } }
        datePattern =
            Self.most(columns.compactMap(\.pattern).filter { !$0.contains("H") })
            ?? Self.most(columns.compactMap(\.pattern))
    }

    /// The element that occurs most, the first of those that do.
    static func most<Element: Hashable>(_ elements: [Element]) -> Element? {
        var counts: [Element: Int] = [:]
        for element in elements { counts[element, default: 0] += 1 }
        let highest = counts.values.max()
        return elements.first { counts[$0] == highest }
    }

    /// The `number:` and `date:` keys, with the reasons.
    func write(to text: inout StarterText, isFixedWidth: Bool, guesses: inout [Guess]) {
        let markText = isImplied ? "implied" : mark.map { "\"\($0)\"" } ?? "\".\""
        let markReason =
            isImplied
            ? "amounts have no mark; that two digits are decimals is a guess"
            : mark == nil ? "no amount with decimals in the example" : "as amounts are written"
        var number = "  number: { decimals: \(decimals), decimal_mark: \(markText), sign: \(sign)"
        if isFixedWidth {
            number +=
                ", align: \(isNumberLeft ? "left" : "right"), pad: \"\(isZeroPadded ? "0" : " ")\", overflow: reject"
        }
        text.add(number + " }", markReason)
        guesses.append(
            Guess(
                what: "decimal_mark",
                value: isImplied ? "implied" : mark.map(String.init) ?? ".",
                reason: markReason
            )
        )
        guesses.append(Guess(what: "decimals", value: "\(decimals)", reason: "of most amounts"))
        let reason =
            datePattern == nil ? "no plain dates in rows: ISO's form" : "as most dates are written"
        text.add("  date: { pattern: \(StarterText.scalar(datePattern ?? "yyyy-MM-dd")) }", reason)
        guesses.append(
            Guess(what: "date_pattern", value: datePattern ?? "yyyy-MM-dd", reason: reason)
        )
    }

    /// What a column's form differs in from this one, as keys of a field.
    func differences(of column: ExampleColumn) -> [String] {
        guard let meaning = column.meaning, column.value != nil else { return [] }
        var keys: [String] = []
        if let pattern = column.pattern {
            if pattern != (datePattern ?? "yyyy-MM-dd") {
                keys.append("pattern: \(StarterText.scalar(pattern))")
            }
            return keys
        }
        guard meaning.isAmount else { return keys }
        guard let number = column.number else {
            // An empty column is rounded to cents.
            if decimals != 2 { keys.append("decimals: 2") }
            return keys
        }
        let places = column.isImplied ? 2 : number.decimals.upperBound
        if places != decimals { keys.append("decimals: \(places)") }
        if let mark = number.mark, mark != self.mark { keys.append("decimal_mark: \"\(mark)\"") }
        if number.sign != sign, column.width != nil {
            keys.append(
                "sign: \(number.sign == "minus" && !number.hasNegative && sign != "minus" ? "unsigned" : number.sign)"
            )
        }
        if column.width != nil, number.isZeroPadded != isZeroPadded {
            keys.append("pad: \"\(number.isZeroPadded ? "0" : " ")\"")
        }
        return keys
    }
}
