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
}
