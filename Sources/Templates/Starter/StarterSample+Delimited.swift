internal import Transactions

extension StarterSample {
    /// A template for delimited text.
    func delimited(_ example: DelimitedExample) -> StarterTemplate {
        var guesses: [Guess] = []
        let feed = feed(of: example.headings ?? [])
        var columns = ColumnGuesser(example.columns, feed: feed.feed).columns
        name(&columns)
        let form = StarterForm(columns)
        var text = opening(kind: "delimited", feed: feed, guesses: &guesses)
        let delimiter = StarterText.scalar(example.delimiter)
        let delimiterReason = "gives \(columns.count) cells on nearly every line"
        text.add(
            "  delimiter: \(example.delimiter == "\t" ? delimiter : "\"\(example.delimiter)\"")",
            delimiterReason
        )
        guesses.append(
            Guess(what: "delimiter", value: example.delimiter, reason: delimiterReason)
        )
        let quoteReason =
            switch example.quote {
            case "always": "every cell stands in quotes"
            case "text": "columns of text stand in quotes, numbers do not"
            default: "quotes only where a cell needs them"
            }
        text.add("  quote: \(example.quote)", quoteReason)
        guesses.append(Guess(what: "quote", value: example.quote, reason: quoteReason))
        let isForPeople = example.guardsFormulas || encoding.hasMark || form.mark == ","
        text.add(
            "  formulas: \(isForPeople ? "apostrophe" : "keep")",
            isForPeople
                ? "it looks made for a spreadsheet: '=1+1' must not be calculated"
                : "it looks made for a machine; apostrophe guards people's spreadsheets"
        )
        text.add("  absent: \"\"", "what a row does not have is an empty cell")
        form.write(to: &text, isFixedWidth: false, guesses: &guesses)
        addFile(to: &text, feed.feed) { text, part in
            for title in example.titles {
                text.add(
                    "      - fields: [\(Self.fixed(title, example.quote))]",
                    "open: a title as the example has it; dates and sums in it want value: instead"
                )
                guesses.append(
                    Guess(
                        what: "title line",
                        value: "",
                        reason: "stands as in the example; give it values"
                    )
                )
            }
            let hasHeader = example.headings != nil
            let headerReason =
                hasHeader ? "the first row names the columns" : "the first row is a record"
            guesses.append(
                Guess(what: "header", value: hasHeader ? "yes" : "no", reason: headerReason)
            )
            if hasHeader {
                let quotes = ["text", "always"].contains(example.quote) && !example.quotesHeadings
                text.add(
                    quotes
                        ? "      - { names_of: row, format: { quote: when_needed } }"
                        : "      - names_of: row",
                    headerReason
                )
            }
            text.add("      - id: row")
            text.add("        for_each: \(part)transactions")
            text.add("        fields:")
            for column in columns { field(column, form, to: &text, &guesses) }
            for trailer in example.trailers {
                text.add(
                    "      - fields: [\(Self.fixed(trailer, example.quote))]",
                    "open: as the example has it; counts are written.row.size(), sums written.row.map(r, r.NAME).sum()"
                )
                guesses.append(
                    Guess(
                        what: "last line",
                        value: "",
                        reason: "stands as in the example; give it values"
                    )
                )
            }
        }
        controlTotals(columns, id: "row", feed: feed.feed, to: &text)
        return StarterTemplate(template: text.text, name: name, feed: feed.feed, guesses: guesses)
    }

    /// One file a currency where rows have one, else one file.
    func addFile(
        to text: inout StarterText,
        _ feed: Feed,
        _ records: (inout StarterText, String) -> Void
    ) {
        let hasCurrency = feed.fields.contains(.currency)
        text.add("files:")
        text.add("  - name: \(StarterText.scalar(fileName(groupedBy: hasCurrency ? "part" : nil)))")
        if hasCurrency {
            text.add(
                "    for_each: transactions",
                "one file a currency: sums of euros and kronor mean nothing"
            )
            text.add("    group_by: [currency]")
            text.add("    as: part")
        }
        text.add("    records:")
        records(&text, hasCurrency ? "part." : "")
    }

    /// Gives each column the name by which the template's expressions know it.
    func name(_ columns: inout [ExampleColumn]) {
        var used: Set<String> = []
        for index in columns.indices {
            let column = columns[index]
            // A heading stands as the example has it, twice or empty where that is so.
            if let heading = column.heading {
                columns[index].name = heading
                continue
            }
            var name =
                column.meaning.map { meaning in "\(meaning)" }
                ?? (column.text == nil ? "column\(index + 1)" : "")
            if name.isEmpty { name = column.text == nil ? "column\(index + 1)" : "type" }
            while !used.insert(name).inserted { name += "2" }
            columns[index].name = name
        }
    }

    /// Writes one field with its reason.
    func field(
        _ column: ExampleColumn,
        _ form: StarterForm,
        to text: inout StarterText,
        _ guesses: inout [Guess],
        indent: String = "          ",
        isLast: Bool = false
    ) {
        var keys: [String] = []
        if let fixed = column.text {
            keys.append("text: \(StarterText.literal(fixed))")
        } else {
            keys.append("name: \(StarterText.scalar(column.name))")
        }
        if let value = column.value { keys.append("value: \(StarterText.scalar(value))") }
        if let width = column.width {
            keys.append(
                isLast && column.value == nil && column.text == nil
                    ? "width: rest" : "width: \(width)"
            )
        }
        keys += form.differences(of: column)
        if column.width != nil, column.meaning == .productName || column.meaning == .driver {
            keys.append("overflow: cut")
        }
        let isFiller = column.filled.isEmpty && column.heading == nil
        let isOpen = column.value == nil && column.text == nil && !isFiller
        let reason =
            isOpen
            ? "open: cells look like \(column.look); add value: EXPRESSION, or text: FIXED"
            : column.reason
        text.add("\(indent)- { \(keys.joined(separator: ", ")) }", reason)
        guesses.append(
            Guess(
                what: column.heading.map { "column '\($0)'" } ?? "column \(column.name)",
                value: column.value ?? column.text.map { "'\($0)'" } ?? (isFiller ? "blank" : ""),
                reason: isOpen
                    ? "cells look like \(column.look); add value: or text:" : column.reason
            )
        )
    }

    /// Sums that must agree between rows and file, of the columns that are sums.
    func controlTotals(
        _ columns: [ExampleColumn],
        id: String,
        feed: Feed,
        to text: inout StarterText
    ) {
        let part = feed.fields.contains(.currency) ? "part." : ""
        let sums = columns.filter { column in
            [.net, .vat, .gross, .quantity].contains(column.meaning) && column.value != nil
                && Self.isWord(column.name) && columns.count { $0.name == column.name } == 1
        }
        guard !sums.isEmpty else { return }
        text.add("    control_totals:", "proves that what was selected is what was written")
        var names: Set<String> = []
        for column in sums {
            guard let meaning = column.meaning, let selected = column.sumOfTransactions(part, feed)
            else { continue }
            let written = "\(part)written.\(id).map(r, r.\(column.name)).sum()"
            // Two columns of one meaning have a total each.
            var name = names.contains("\(meaning)") ? column.name : "\(meaning)"
            while !names.insert(name).inserted { name += "2" }
            text.add(
                "      \(name): { selected: \(StarterText.scalar(selected)), written: \(StarterText.scalar(written)) }"
            )
        }
    }

    /// Cells as fields of fixed text, quoted as they are.
    private static func fixed(_ cells: [DelimitedExample.Cell], _ quote: String) -> String {
        let quotesTexts = quote == "text" || quote == "always"
        return cells.map { cell in
            if cell.text.isEmpty, !cell.isQuoted { return "{}" }
            let form = cell.isQuoted == quotesTexts || quote == "when_needed" && !cell.isQuoted
            let own = form ? "" : ", quote: \(cell.isQuoted ? "always" : "when_needed")"
            return "{ text: \(StarterText.literal(cell.text))\(own) }"
        }.joined(separator: ", ")
    }

    /// Whether a name can stand behind a point in an expression.
    static func isWord(_ name: String) -> Bool {
        name.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } == true
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
