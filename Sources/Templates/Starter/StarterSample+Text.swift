extension StarterSample {
    /// A template for text that is none of the other forms: the lines as they are, one of them a loop.
    func text() -> StarterTemplate {
        var guesses: [Guess] = []
        let feed = feed(of: [])
        var text = opening(kind: "text", feed: feed, guesses: &guesses)
        let lines = texts.first?.lines ?? []
        let words = lines.joined(separator: " ").split { $0 == " " || $0 == "\t" }.map(Self.bare)
        let dates = words.compactMap { DateShape.pattern(of: [$0], isNamed: false) }
            .filter { $0.kind == .date }.map(\.pattern)
        let amounts = words.compactMap { NumberShape([$0]) }.filter { $0.mark != nil }
        let pattern = StarterForm.most(dates)
        let mark = StarterForm.most(amounts.compactMap(\.mark)) ?? "."
        let decimals = StarterForm.most(amounts.map(\.decimals.upperBound)) ?? 2
        let markReason = amounts.isEmpty ? "no amounts in the example" : "as amounts are written"
        let dateReason =
            pattern == nil ? "no plain dates in rows: ISO's form" : "as most dates are written"
        if words.count < lines.joined().count, lines.contains(where: { $0.contains("\"") }) {
            text.add(
                "  escape: { \"\\\"\": \"'\" }",
                "values stand in quotes: one inside would end them"
            )
        }
        text.add("  absent: \"-\"", "what a row does not have")
        text.add("  number: { decimals: \(decimals), decimal_mark: \"\(mark)\" }", markReason)
        text.add("  date: { pattern: \(StarterText.scalar(pattern ?? "yyyy-MM-dd")) }", dateReason)
        guesses.append(Guess(what: "decimal_mark", value: "\(mark)", reason: markReason))
        guesses.append(
            Guess(what: "date_pattern", value: pattern ?? "yyyy-MM-dd", reason: dateReason)
        )
        let looks = lines.map(Self.look)
        let loop = Self.loop(lines, looks)
        addFile(to: &text, feed.feed) { text, part in
            let before = Array(lines[..<(loop ?? 0)].prefix(40))
            Self.add(before, "open: as in the example; holes are ${expression}", to: &text)
            let line = loop.map { lines[$0] } ?? ""
            text.add("      - id: row", "the line with amounts that comes most, once a transaction")
            text.add("        for_each: \(part)transactions")
            text.add("        lines: \(StarterText.scalar(Self.holes(line, decimals)))")
            if let loop {
                // Of what follows, lines of the same look are other transactions.
                let behind = (loop..<lines.count).filter { looks[$0] != looks[loop] }.map {
                    lines[$0]
                }
                Self.add(Array(behind.prefix(40)), "open: as in the example", to: &text)
            }
            guesses.append(
                Guess(
                    what: "lines",
                    value: "",
                    reason:
                        "dates, amounts and long numbers became holes; the rest is the example's"
                )
            )
        }
        return StarterTemplate(template: text.text, name: name, feed: feed.feed, guesses: guesses)
    }

    private static func add(_ lines: [String], _ comment: String, to text: inout StarterText) {
        guard lines.contains(where: { !$0.isEmpty }) else { return }
        let literals = lines.map(literal)
        // A block shows lines as they are; what YAML would take for its own indent is quoted instead.
        let isPlain =
            literals.first.map { !$0.isEmpty && $0.first != " " && $0.first != "\t" } == true
            && literals.allSatisfy {
                $0.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\t" }
            }
        guard isPlain else {
            text.add(
                "      - lines: \(StarterText.scalar(literals.joined(separator: "\n")))",
                comment
            )
            return
        }
        text.add("      - lines: |", comment)
        for literal in literals { text.add(literal.isEmpty ? "" : "          \(literal)") }
    }

    private static func literal(_ line: String) -> String { line.replacing("${", with: "$${") }

    /// A word without quotes and brackets around it.
    private static func bare(_ word: some StringProtocol) -> String {
        String(word.filter { !"\"{}()[];".contains($0) })
    }

    /// The first words of a line, numbers as `0`.
    private static func look(_ line: String) -> String {
        line.split { $0 == " " || $0 == "\t" }.prefix(2).map { word in
            word.contains(where: \.isNumber) ? "0" : String(word.prefix(6))
        }.joined(separator: " ")
    }

    /// The first line of the look that most lines with an amount have; without amounts, of any.
    private static func loop(_ lines: [String], _ looks: [String]) -> Int? {
        let amounts = lines.indices.filter { index in
            let words = lines[index].split { $0 == " " || $0 == "\t" }
            return words.count > 1 && !words[0].hasPrefix("#PROGRAM")
                && words.contains { NumberShape([bare($0)])?.mark != nil }
        }
        let candidates = amounts.isEmpty ? lines.indices.filter { !looks[$0].isEmpty } : amounts
        let most = StarterForm.most(candidates.map { looks[$0] })
        return candidates.first { looks[$0] == most }
    }

    /// A line with holes for what its words look like.
    private static func holes(_ line: String, _ decimals: Int) -> String {
        var result = ""
        var word = ""
        for character in line + " " {
            guard character == " " || character == "\t" else {
                word.append(character)
                continue
            }
            result += hole(word, decimals)
            result.append(character)
            word = ""
        }
        return String(result.dropLast())
    }

    private static func hole(_ word: String, _ decimals: Int) -> String {
        let bare = bare(word)
        let hole: String
        if bare.isEmpty {
            return literal(word)
        } else if DateShape.pattern(of: [bare], isNamed: false)?.kind == .date {
            hole = "${date(transactionTime)}"
        } else if bare.count >= 7, bare.allSatisfy(\.isNumber) {
            hole = "${transactionId}"
        } else if ["EUR", "SEK", "PLN", "NOK", "DKK", "USD"].contains(bare) {
            hole = "${currency}"
        } else if let number = NumberShape([bare]), number.mark != nil {
            hole = "${round(totalPrice, \(min(number.decimals.upperBound, decimals)))}"
        } else {
            return literal(word)
        }
        return literal(word).replacing(bare, with: hole)
    }
}
