extension StarterSample {
    /// A template for JSON objects.
    func json(_ example: JSONExample) -> StarterTemplate {
        var guesses: [Guess] = []
        let feed = feed(of: example.keys)
        var columns = ColumnGuesser(example.columns, feed: feed.feed).columns
        name(&columns)
        let form = StarterForm(columns)
        var text = opening(kind: "json", feed: feed, guesses: &guesses)
        let reason =
            example.framing == "array" ? "one array holds all objects" : "one object a line"
        text.add("  framing: \(example.framing)", reason)
        guesses.append(Guess(what: "framing", value: example.framing, reason: reason))
        form.write(to: &text, isFixedWidth: false, guesses: &guesses)
        addFile(to: &text, feed.feed) { text, part in
            text.add("      - id: row")
            text.add("        for_each: \(part)transactions")
            text.add("        fields:")
            for column in columns { field(column, form, to: &text, &guesses) }
        }
        controlTotals(columns, id: "row", feed: feed.feed, to: &text)
        return StarterTemplate(template: text.text, name: name, feed: feed.feed, guesses: guesses)
    }

    /// A template for text that is none of the other forms: the lines as they are, one of them a loop.
    func text() -> StarterTemplate {
        var guesses: [Guess] = []
        let feed = feed(of: [])
        var text = opening(kind: "text", feed: feed, guesses: &guesses)
        let lines = texts.first?.lines ?? []
        let words = lines.map {
            $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        }
        let dates = words.joined().compactMap {
            DateShape.pattern(of: [Self.bare($0)], isNamed: false)
        }
        .filter { $0.kind == .date }.map(\.pattern)
        let pattern =
            dates.first { date in dates.count { $0 == date } * 2 >= dates.count } ?? dates.first
        let amounts = words.joined().compactMap { NumberShape([Self.bare($0)]) }.filter {
            $0.mark != nil
        }
        let mark = amounts.first?.mark ?? "."
        let decimals = amounts.map(\.decimals.upperBound).min() ?? 2
        text.add(
            "  number: { decimals: \(decimals), decimal_mark: \"\(mark)\" }",
            "as amounts are written"
        )
        text.add(
            "  date: { pattern: \(StarterText.scalar(pattern ?? "yyyy-MM-dd")) }",
            pattern == nil ? "no plain dates in rows: ISO's form" : "as most dates are written"
        )
        guesses.append(
            Guess(what: "decimal_mark", value: "\(mark)", reason: "as amounts are written")
        )
        guesses.append(
            Guess(
                what: "date_pattern",
                value: pattern ?? "yyyy-MM-dd",
                reason: "as most dates are written"
            )
        )
        let loop = Self.loop(lines)
        addFile(to: &text, feed.feed) { text, part in
            if let loop, loop > 0 {
                text.add("      - lines: |", "open: as in the example; holes are ${expression}")
                for line in lines[..<loop].prefix(40) {
                    text.add("          \(Self.literal(line))")
                }
            }
            let line = loop.map { lines[$0] } ?? lines.first ?? ""
            text.add("      - id: row", "the line that comes most often, once a transaction")
            text.add("        for_each: \(part)transactions")
            text.add("        lines: \(StarterText.scalar(Self.holes(line)))")
            guesses.append(
                Guess(
                    what: "lines",
                    value: "",
                    reason:
                        "dates, long numbers and currencies became holes; the rest stands as in the example"
                )
            )
        }
        return StarterTemplate(template: text.text, name: name, feed: feed.feed, guesses: guesses)
    }

    private static func literal(_ line: String) -> String { line.replacing("${", with: "$${") }

    /// A word without quotes and commas around it.
    private static func bare(_ word: String) -> String {
        word.filter { !"\"{}()[];".contains($0) }
    }

    /// The first line of the look that most lines have.
    private static func loop(_ lines: [String]) -> Int? {
        let looks = lines.map { line in
            line.split(separator: " ").prefix(2).map { word in
                word.contains(where: \.isNumber) ? "0" : String(word.prefix(6))
            }.joined(separator: " ")
        }
        var counts: [String: Int] = [:]
        for look in looks where !look.isEmpty { counts[look, default: 0] += 1 }
        guard let most = counts.values.max(), most > 1 else { return nil }
        return looks.firstIndex { counts[$0] == most }
    }

    /// A line with holes for what its words look like.
    private static func holes(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false).map { part -> String in
            let word = String(part)
            let bare = bare(word)
            let hole: String
            if DateShape.pattern(of: [bare], isNamed: false)?.kind == .date {
                hole = "${date(transactionTime)}"
            } else if bare.count >= 7, bare.allSatisfy(\.isNumber) {
                hole = "${transactionId}"
            } else if ["EUR", "SEK", "PLN", "NOK", "DKK", "USD"].contains(bare) {
                hole = "${currency}"
            } else if let number = NumberShape([bare]), number.mark != nil {
                hole = "${round(totalPrice, \(number.decimals.upperBound))}"
            } else {
                return literal(word)
            }
            return literal(word).replacing(bare, with: hole)
        }.joined(separator: " ")
    }
}
