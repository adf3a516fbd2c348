/// Example files of fixed-width records, cut into columns.
struct FixedWidthExample: Sendable {
    /// Records that begin alike and have the same columns.
    struct Kind: Sendable {
        /// Their lines, with the number of the file they stand in.
        let lines: [(file: Int, text: [Character])]
        /// Where columns begin, counted from 0; the first is 0.
        let starts: [Int]
        /// Their length.
        let length: Int

        /// The columns as ranges.
        var ranges: [Range<Int>] {
            zip(starts, starts.dropFirst() + [length]).map { $0..<$1 }
        }

        /// The columns with their cells.
        var columns: [ExampleColumn] {
            ranges.map { range in
                ExampleColumn(
                    heading: nil,
                    raw: lines.map { String($0.text[range]) },
                    width: range.count
                )
            }
        }
    }

    /// Records before the details, in order.
    let headers: [Kind]
    /// The records that there are most of.
    let detail: Kind
    /// Records between details.
    let between: [Kind]
    /// Records behind the details.
    let trailers: [Kind]
    /// The length all records have; nil where kinds differ.
    let recordLength: Int?

    /// Cuts the texts into columns; nil when their lines are no fixed-width records.
    init?(_ texts: [ExampleText]) {
        var lines: [(file: Int, text: [Character])] = []
        for (file, text) in texts.enumerated() {
            lines += text.lines.filter { !$0.isEmpty }.map { (file, Array($0)) }
        }
        guard lines.count > 0 else { return nil }
        let kinds = Self.kinds(lines)
        for kind in kinds {
            let lengths = Set(kind.map(\.text.count))
            guard lengths.count == 1, let length = lengths.first, length >= 20 else { return nil }
        }
        guard let most = kinds.indices.max(by: { kinds[$0].count < kinds[$1].count }) else {
            return nil
        }
        // Of equally many the kind in the middle is the detail: header, detail, trailer.
        let candidates = kinds.indices.filter { kinds[$0].count == kinds[most].count }
        let chosen = candidates.count == kinds.count ? kinds.count / 2 : candidates[0]
        var headers: [Kind] = []
        var between: [Kind] = []
        var trailers: [Kind] = []
        let order = Dictionary(
            uniqueKeysWithValues: kinds.enumerated().compactMap { index, lines in
                lines.first.map { (Self.mark($0.text), index) }
            }
        )
        for (index, kind) in kinds.enumerated() where index != chosen {
            let cut = Kind(
                lines: kind,
                starts: Self.starts(kind.map(\.text)),
                length: kind[0].text.count
            )
            let places = texts.indices.flatMap { file -> [Bool] in
                let marks = lines.filter { $0.file == file }.compactMap {
                    order[Self.mark($0.text)]
                }
                guard let first = marks.firstIndex(of: chosen),
                    let last = marks.lastIndex(of: chosen)
                else { return [] }
                return marks.indices.filter { marks[$0] == index }.map { $0 < first || $0 > last }
                    + (marks.indices.contains { marks[$0] == index && $0 > last } ? [true] : [])
            }
            let isAfter = lines.lastIndex { order[Self.mark($0.text)] == index } ?? 0
            let detailStart = lines.firstIndex { order[Self.mark($0.text)] == chosen } ?? 0
            if places.contains(false) {
                between.append(cut)
            } else if isAfter > detailStart,
                (lines.firstIndex { order[Self.mark($0.text)] == index } ?? 0) > detailStart
            {
                trailers.append(cut)
            } else {
                headers.append(cut)
            }
        }
        let details = kinds[chosen]
        detail = Kind(
            lines: details,
            starts: Self.starts(details.map(\.text)),
            length: details[0].text.count
        )
        self.headers = headers
        self.between = between
        self.trailers = trailers
        let lengths = Set(kinds.map { $0[0].text.count })
        recordLength = lengths.count == 1 ? lengths.first : nil
    }

    private static func mark(_ line: [Character]) -> Character { line.first ?? " " }

    /// The lines by their first character, in order of appearance, where it tells kinds of records.
    private static func kinds(_ lines: [(file: Int, text: [Character])])
        -> [[(file: Int, text: [Character])]]
    {
        var order: [Character] = []
        var kinds: [Character: [(file: Int, text: [Character])]] = [:]
        for line in lines {
            let mark = mark(line.text)
            if kinds[mark] == nil { order.append(mark) }
            kinds[mark, default: []].append(line)
        }
        let areMarks =
            order.count <= 5
            && (order.allSatisfy { $0.isLetter && $0.isUppercase }
                || order.allSatisfy(\.isNumber)
                    && order == order.sorted()
                    && (kinds[order[0]]?.count ?? 0) <= (lines.last?.file ?? 0) + 1)
        return areMarks && order.count > 1 ? order.compactMap { kinds[$0] } : [lines]
    }

    private static let currencies = ["EUR", "SEK", "PLN", "NOK", "DKK", "USD", "GBP"].map(
        Array.init
    )

    /// Where columns begin.
    private static func starts(_ lines: [[Character]]) -> [Int] {
        let length = lines.first?.count ?? 0
        var starts = [0]
        func isBlank(_ line: [Character], _ column: Int) -> Bool { line[column] == " " }
        func all(_ column: Int, _ holds: (Character) -> Bool) -> Bool {
            lines.allSatisfy { holds($0[column]) }
        }
        func allRead(_ from: Int, _ pattern: String) -> Bool {
            let count = pattern.count
            return from + count <= length
                && lines.allSatisfy {
                    DateShape.parts(of: String($0[from..<from + count]), pattern) != nil
                }
        }
        func allAreCurrencies(_ from: Int) -> Bool {
            from + 3 <= length
                && lines.allSatisfy { currencies.contains(Array($0[from..<from + 3])) }
        }
        if all(0, { $0.isLetter && $0.isUppercase }), Set(lines.map { $0[0] }).count == 1,
            length > 1, all(1, { $0.isNumber })
        {
            starts.append(1)
        }
        for column in 1..<max(1, length) where column > (starts.last ?? 0) {
            let start = starts.last ?? 0
            // Behind a date, a currency: what follows is a column of its own.
            if column == start + 8, allRead(start, "yyyyMMdd"), !allRead(start, "yyyyMMddHHmmss"),
                !all(column, { $0 == " " }), all(column, { $0 != "-" })
            {
                starts.append(column)
            } else if column == start + 10, !all(column, { $0 == " " }),
                ["dd.MM.yyyy", "MM/dd/yyyy", "dd/MM/yyyy", "yyyy-MM-dd"].contains(where: {
                    allRead(start, $0)
                })
            {
                starts.append(column)
            } else if column == start + 1, all(start, { "DC".contains($0) }),
                Set(lines.map { $0[start] }).count > 1,
                all(column, { $0 == " " || $0.isNumber })
            {
                // Debit and credit: the amount stands behind its side.
                starts.append(column)
            } else if column == start + 14, allRead(start, "yyyyMMddHHmmss") {
                starts.append(column)
            } else if column == start + 3, allAreCurrencies(start) {
                starts.append(column)
            } else if allAreCurrencies(column), all(column - 1, { !$0.isLetter }) {
                starts.append(column)
            } else if all(column, { $0 == "+" || $0 == "-" }),
                lines.contains(where: { $0[column] == "+" }),
                column + 1 < length, all(column + 1, \.isNumber)
            {
                starts.append(column)
            } else {
                let begun = lines.filter { !isBlank($0, column) }
                guard !begun.isEmpty, begun.allSatisfy({ isBlank($0, column - 1) }) else {
                    continue
                }
                let isWide = begun.contains { column >= 2 && isBlank($0, column - 2) }
                if isWide || begun.count == lines.count && lines.count > 2 {
                    starts.append(column)
                }
            }
        }
        return refined(starts, lines)
    }

    /// Numbers stand at the right: blanks before them are theirs, blanks behind them are nobody's.
    private static func refined(_ starts: [Int], _ lines: [[Character]]) -> [Int] {
        let length = lines.first?.count ?? 0
        var result: [Int] = []
        let ranges = zip(starts, starts.dropFirst() + [length]).map { $0..<$1 }
        for (index, range) in ranges.enumerated() {
            let cells = lines.map { $0[range] }
            let ends = cells.map { cell in (cell.lastIndex { $0 != " " } ?? cell.startIndex - 1) + 1
            }
            let texts = cells.map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
            let isNumber = NumberShape(texts).map {
                $0.isZeroPadded || $0.mark != nil || $0.sign != "minus"
            }
            var start = range.lowerBound
            // Blank-padded numbers that end together begin where the cells before them end.
            if index > 0, let end = ends.first, Set(ends).count == 1, isNumber == true,
                NumberShape(texts)?.isZeroPadded == false, let previous = result.last
            {
                let before = lines.map { line in
                    (line[previous..<range.lowerBound].lastIndex { $0 != " " } ?? previous) + 1
                }
                if end > start { start = max(previous + 1, before.max() ?? start) }
                // A column that is blank in every record belongs to the number behind it.
                if before.allSatisfy({ $0 == previous + 1 }),
                    lines.allSatisfy({ $0[previous] == " " })
                {
                    result.removeLast()
                    start = previous
                }
            }
            result.append(start)
            if isNumber == true, Set(ends).count == 1, let end = ends.first, end < range.upperBound,
                range.upperBound - end > 1
            {
                result.append(end)
            }
        }
        return result
    }
}
