internal import Transactions

extension StarterSample {
    /// A template for fixed-width records.
    func fixedWidth(_ example: FixedWidthExample) -> StarterTemplate {
        var guesses: [Guess] = []
        let feed = feed(of: [])
        var columns = ColumnGuesser(example.detail.columns, feed: feed.feed).columns
        name(&columns)
        var form = StarterForm(columns)
        if form.datePattern?.contains("H") ?? true {
            // Details have times only: the days of headers and trailers are the plain dates.
            let others = (example.headers + example.between + example.trailers).flatMap(\.columns)
            let patterns = others.compactMap { column -> String? in
                guard let found = DateShape.pattern(of: column.filled, isNamed: false),
                    found.kind == .date
                else { return nil }
                return found.pattern
            }
            form.datePattern = StarterForm.most(patterns) ?? form.datePattern
        }
        var text = opening(kind: "fixed_width", feed: feed, guesses: &guesses)
        if let length = example.recordLength {
            text.add("  record_length: \(length)", "every line has that many characters")
            guesses.append(
                Guess(what: "record_length", value: "\(length)", reason: "every line has it")
            )
        }
        text.add(
            "  counted_in: \(encoding.name.hasPrefix("utf") ? "characters" : "bytes")",
            encoding.name.hasPrefix("utf")
                ? "the lines agree in characters; ask whether the target counts bytes"
                : "one byte a character here"
        )
        text.add("  absent: \"\"", "what a row does not have is blank")
        text.add(
            "  text: { align: left, pad: \" \", overflow: reject }",
            "a row whose text does not fit is rejected; or: cut"
        )
        form.write(to: &text, isFixedWidth: true, guesses: &guesses)
        addFile(to: &text, feed.feed) { text, part in
            for kind in example.headers + example.between {
                let details = Details(example: example, columns: columns, feed: feed.feed)
                record(kind, details, form, part, to: &text, &guesses)
            }
            text.add("      - id: detail")
            text.add("        for_each: \(part)transactions")
            text.add("        fields:")
            for (index, column) in columns.enumerated() {
                let isLast = index == columns.count - 1 && example.recordLength != nil
                field(column, form, to: &text, &guesses, isLast: isLast && column.filled.isEmpty)
            }
            for kind in example.trailers {
                let details = Details(
                    example: example,
                    columns: columns,
                    feed: feed.feed,
                    areWritten: true
                )
                record(kind, details, form, part, to: &text, &guesses)
            }
        }
        controlTotals(columns, id: "detail", feed: feed.feed, to: &text)
        return StarterTemplate(template: text.text, name: name, feed: feed.feed, guesses: guesses)
    }

    /// The details of an example, and what to count of them.
    private struct Details {
        let example: FixedWidthExample
        let columns: [ExampleColumn]
        let feed: Feed
        /// Whether the details stand before: what was written is counted, else what will be.
        var areWritten = false

        /// How many there are.
        func count(_ part: String) -> String {
            areWritten ? "\(part)written.detail.size()" : "\(part)transactions.size()"
        }

        /// What a column of them adds up to.
        func sum(_ column: ExampleColumn, _ part: String) -> String? {
            areWritten
                ? "\(part)written.detail.map(r, r.\(column.name)).sum()"
                : column.sumOfTransactions(part, feed)
        }
    }

    /// A record that stands once in a file: what in it counts or sums up the details is found by value.
    private func record(
        _ kind: FixedWidthExample.Kind,
        _ details: Details,
        _ form: StarterForm,
        _ part: String,
        to text: inout StarterText,
        _ guesses: inout [Guess]
    ) {
        text.add(
            "      - fields:",
            "a record that begins with '\(kind.lines.first?.text.first ?? " ")'"
        )
        var used: Set<String> = []
        for (index, raw) in kind.columns.enumerated() {
            var column = raw
            column.name = "column\(index + 1)"
            let isFiller = column.filled.isEmpty
            if index == 0, Set(column.raw).count == 1, let mark = column.filled.first,
                mark.count <= 6
            {
                column.text = mark
                column.reason = "the same in every such record: its type"
            } else if let sum = total(column, kind, details, part) {
                column.value = sum.value
                column.reason = sum.reason
                column.meaning = .quantity
                column.number = NumberShape(column.filled)
                column.isImplied = sum.isSum
                if !sum.isSum { column.meaning = nil }
            } else if let pattern = DateShape.pattern(of: column.filled, isNamed: false),
                pattern.kind == .date, used.insert("day").inserted
            {
                column.value = "batch.day"
                column.meaning = .date
                column.pattern = pattern.pattern
                column.reason = "a date where no transaction is: the day of the run"
            } else if column.filled.allSatisfy({ $0.count == 3 && $0 == $0.uppercased() }),
                !column.filled.isEmpty, part == "part.",
                column.filled.allSatisfy({
                    ["EUR", "SEK", "PLN", "NOK", "DKK", "USD"].contains($0)
                }),
                used.insert("currency").inserted
            {
                column.value = "part.currency"
                column.reason = "the code of a currency"
            }
            var keys: [String] = []
            if let fixed = column.text { keys.append("text: \(StarterText.literal(fixed))") }
            if let value = column.value { keys.append("value: \(StarterText.scalar(value))") }
            let isRest =
                index == kind.starts.count - 1 && isFiller && details.example.recordLength != nil
            keys.append(isRest ? "width: rest" : "width: \(column.width ?? 1)")
            if column.meaning != nil { keys += form.differences(of: column) }
            if column.meaning == nil, column.value != nil, column.number != nil {
                keys.append("sign: unsigned")
                let isPadded = column.number?.isZeroPadded == true
                if isPadded != form.isZeroPadded { keys.append("pad: \"\(isPadded ? "0" : " ")\"") }
                let isLeft = !isPadded && column.raw.contains { $0.last == " " }
                if isLeft != form.isNumberLeft {
                    keys.append("align: \(isLeft ? "left" : "right")")
                }
            }
            let isOpen = column.text == nil && column.value == nil && !isFiller
            let reason =
                isOpen
                ? "open: looks like \(column.look); add value: EXPRESSION, or text: FIXED"
                : column.reason
            text.add("          - { \(keys.joined(separator: ", ")) }", reason)
            guesses.append(
                Guess(
                    what: "record '\(kind.lines.first?.text.first ?? " ")', column \(index + 1)",
                    value: column.text.map { "'\($0)'" } ?? column.value
                        ?? (isFiller ? "blank" : ""),
                    reason: isOpen
                        ? "looks like \(column.look); add value: or text:" : column.reason
                )
            )
        }
    }

    /// What a number of a header or trailer counts or sums up, in every example.
    private func total(
        _ column: ExampleColumn,
        _ kind: FixedWidthExample.Kind,
        _ details: Details,
        _ part: String
    ) -> (value: String, reason: String, isSum: Bool)? {
        guard column.filled.count == kind.lines.count,
            let numbers = NumberShape(column.filled)?.values
        else { return nil }
        let files = kind.lines.map(\.file)
        let lines = details.example.detail.lines
        let counts = files.map { file in lines.count { $0.file == file } }
        if numbers == counts {
            return (
                details.count(part), "it is the number of details in every example", false
            )
        }
        let others = counts.indices.map { counts[$0] + details.example.headers.count }
        if numbers == others.map({ $0 + details.example.trailers.count }),
            counts.allSatisfy({ $0 > 0 })
        {
            return (
                "\(details.count(part)) + \(details.example.headers.count + details.example.trailers.count)",
                "it is the number of lines, this one and headers included", false
            )
        }
        for detail in details.columns {
            guard detail.meaning?.isAmount == true, let shape = detail.number,
                detail.filled.count == detail.cells.count, let sum = details.sum(detail, part)
            else { continue }
            let sums = files.map { file in
                lines.indices.filter { lines[$0].file == file }.map { shape.values[$0] }.reduce(
                    0,
                    +
                )
            }
            if sums == numbers, numbers.contains(where: { $0 != 0 }) {
                return (sum, "it is the sum of column \(detail.name) in every example", true)
            }
        }
        return nil
    }
}
