/// Numbers as they stand in a column.
struct NumberShape: Sendable, Hashable {
    /// `.` or `,`; nil where no value has one.
    var mark: Character?
    /// The fewest and the most decimals written.
    var decimals: ClosedRange<Int> = 0...0
    /// `minus`, `plus_minus`, `trailing_minus`, `trailing_plus_minus` or `overpunch`.
    var sign = "minus"
    /// Whether a value is below zero.
    var hasNegative = false
    /// Whether some value begins with a zero that counts nothing.
    var isZeroPadded = false
    /// The values, in units of the last decimal place.
    var values: [Int] = []

    /// The last digit with its sign: `{ABCDEFGHI` for 0 to 9, `}JKLMNOPQR` for -0 to -9; six digits at
    /// least, or plates and codes would be taken for numbers.
    private static let positivePunch = Array("{ABCDEFGHI")
    private static let negativePunch = Array("}JKLMNOPQR")

    /// The shape that all values have; nil when one is no number.
    init?(_ texts: [String]) {
        guard !texts.isEmpty else { return nil }
        var read: [(number: Int, decimals: Int)] = []
        var styles: Set<String> = []
        var least = Int.max
        for text in texts {
            guard let part = Self.read(text) else { return nil }
            if let mark = part.mark {
                guard self.mark == nil || self.mark == mark else { return nil }
                self.mark = mark
            }
            read.append((part.number, part.decimals))
            if let style = part.style { styles.insert(style) }
            if part.number < 0 { hasNegative = true }
            if part.isZeroPadded { isZeroPadded = true }
            least = min(least, part.decimals)
        }
        let most = read.map(\.decimals).max() ?? 0
        decimals = least...most
        if styles.contains("overpunch") {
            guard mark == nil, texts.allSatisfy({ Self.read($0)?.style == "overpunch" }) else {
                return nil
            }
            sign = "overpunch"
        } else if styles.contains("plus_minus") {
            sign = "plus_minus"
        } else if styles.contains("trailing_plus_minus") {
            sign = "trailing_plus_minus"
        } else if styles.contains("trailing_minus") {
            sign = "trailing_minus"
        }
        for (number, places) in read {
            var scaled = number
            for _ in places..<most {
                let (product, isOver) = scaled.multipliedReportingOverflow(by: 10)
                guard !isOver else { return nil }
                scaled = product
            }
            values.append(scaled)
        }
    }

    private static func read(_ text: String) -> (
        number: Int, decimals: Int, mark: Character?, style: String?, isZeroPadded: Bool
    )? {
        var digits = Substring(text)
        var style: String?
        var isNegative = false
        if let first = digits.first, first == "+" || first == "-" {
            isNegative = first == "-"
            style = first == "+" ? "plus_minus" : "minus"
            digits.removeFirst()
        } else if let last = digits.last, last == "+" || last == "-" {
            isNegative = last == "-"
            style = last == "+" ? "trailing_plus_minus" : "trailing_minus"
            digits.removeLast()
        } else if let last = digits.last, digits.count > 5 {
            if let digit = positivePunch.firstIndex(of: last) {
                style = "overpunch"
                digits = digits.dropLast() + "\(digit)"
            } else if let digit = negativePunch.firstIndex(of: last) {
                style = "overpunch"
                isNegative = true
                digits = digits.dropLast() + "\(digit)"
            }
        }
        var mark: Character?
        var decimals = 0
        var number = 0
        var whole = ""
        for character in digits {
            if character == "." || character == "," {
                guard mark == nil else { return nil }
                mark = character
                continue
            }
            guard character.isASCII, let digit = character.wholeNumberValue else { return nil }
            let (product, isOver) = number.multipliedReportingOverflow(by: 10)
            guard !isOver, product <= Int.max - digit else { return nil }
            number = product + digit
            if mark != nil { decimals += 1 } else { whole.append(character) }
        }
        guard !whole.isEmpty, mark == nil || decimals > 0 else { return nil }
        return (
            isNegative ? -number : number, decimals, mark, style,
            whole.count > 1 && whole.first == "0"
        )
    }
}
