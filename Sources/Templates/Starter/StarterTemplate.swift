public import Transactions

/// A template to begin with: the files of its folder, and what was guessed on the way.
public struct StarterTemplate: Sendable {
    /// An example file's name and content.
    public struct Example: Sendable {
        /// The file's own name, which gives the template's file name.
        public let name: String
        /// What is in it.
        public let bytes: [UInt8]

        /// Names an example.
        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The folder's files: name (with a folder before it where it stands in one) and content.
    public let files: [(name: String, text: String)]
    /// What was guessed, in the order of the file; empty for a starter that is not made of an example.
    public let guesses: [Guess]
    /// The kind of transactions.
    public let feed: Feed

    init(
        template: String,
        others: [(name: String, text: String)] = [],
        name: String,
        feed: Feed,
        guesses: [Guess]
    ) {
        self.feed = feed
        self.guesses = guesses
        files =
            [("template.yaml", template)] + others + [
                ("README.md", Self.readMe(name, guesses)),
                ("tests/basic/transactions.json", StarterRows.json(feed)),
            ]
    }

    /// Makes a template that writes files like the examples.
    ///
    /// - Parameters:
    ///   - examples: files of one kind, the more the better: what differs between them shows.
    ///   - name: the template's name, for its README.
    ///   - feed: the kind of transactions; nil to go by the headings.
    /// - Throws: `Diagnostic` when an example is not understood.
    public init(inferring examples: [Example], name: String, feed: Feed?) throws(Diagnostic) {
        let file = examples.first?.name ?? ""
        guard !examples.isEmpty, examples.contains(where: { !$0.bytes.isEmpty }) else {
            throw Diagnostic(
                "example",
                "is empty",
                cure: "give a file with a few records in it",
                file: file
            )
        }
        guard !examples.contains(where: { $0.bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }) else {
            throw Diagnostic(
                "example",
                "is a zip archive",
                cure:
                    "unpack it, and give a text file that was in it; of a workbook, save one as CSV",
                file: file
            )
        }
        guard let encoding = ExampleEncoding(examples.map(\.bytes)) else {
            throw Diagnostic(
                "example",
                "is no text in an encoding that is known here",
                cure: "save it as UTF-8, and set encoding: in the template afterwards",
                file: file
            )
        }
        if let place = encoding.texts.firstIndex(where: ExampleEncoding.isBinary) {
            throw Diagnostic(
                "example",
                "is no text: it is full of control characters",
                cure: "give a file that the target system reads as text",
                file: examples[place].name
            )
        }
        let sample = StarterSample(
            file: file,
            name: name,
            encoding: encoding,
            texts: encoding.texts.map(ExampleText.init),
            feed: feed ?? .contractTransactions,
            isFeedGiven: feed != nil
        )
        let opening = encoding.texts.first?.first { !$0.isWhitespace }
        if opening == "<" {
            self = try sample.xml()
        } else if opening == "{" || opening == "[", let json = JSONExample(encoding.texts) {
            self = sample.json(json)
        } else if let delimited = DelimitedExample(encoding.texts) {
            self = sample.delimited(delimited)
        } else if let fixed = FixedWidthExample(sample.texts) {
            self = sample.fixedWidth(fixed)
        } else {
            self = sample.text()
        }
    }

    private static func readMe(_ name: String, _ guesses: [Guess]) -> String {
        let open = guesses.filter(\.isOpen)
        var text = """
            # \(name)

            What it makes, for whom, and which manual of the target system says so: write it here.

            Every value that was guessed has a comment with the reason beside it in `template.yaml`.

                occ-export template check \(name)
                occ-export template preview \(name)
                occ-export template test \(name)

            `tests/basic` holds made-up rows and what they become. Read the files in
            `tests/basic/expected` once: they are what the target system gets.

            """
        if !open.isEmpty {
            text += "\nOpen questions:\n\n"
            for guess in open { text += "- `\(guess.what)`: \(guess.reason)\n" }
        }
        return text
    }
}

/// Examples that are read, and what the template is for.
struct StarterSample: Sendable {
    let file: String
    let name: String
    let encoding: ExampleEncoding
    let texts: [ExampleText]
    let feed: Feed
    let isFeedGiven: Bool

    /// The line end that the examples have.
    var lineEnd: String {
        if let text = texts.first(where: { $0.lineEnd != "none" }) { return text.lineEnd }
        // One line without an end says nothing; several records without ends do.
        return texts.contains { $0.lines.count > 1 } ? "none" : "lf"
    }

    /// The feed that the headings speak of, where none is given.
    func feed(of headings: [String]) -> (feed: Feed, reason: String) {
        if isFeedGiven { return (feed, "as asked") }
        let meanings = headings.compactMap { ColumnMeaning(heading: $0) }
        if meanings.contains(.charger) || meanings.contains(.connector) {
            return (.evTransactions, "its headings speak of charging")
        }
        return (feed, "the usual one; --feed says another")
    }

    /// The lines that every template begins with.
    func opening(
        kind: String,
        feed: (feed: Feed, reason: String),
        guesses: inout [Guess]
    ) -> StarterText {
        var text = StarterText()
        text.add(
            "",
            "Made of \(file). Each guess has its reason beside it; 'open' says what is not known."
        )
        text.add("version: 1")
        text.add("title: \(StarterText.scalar("Files like \(file)"))")
        text.add("feed: \(feed.feed.rawValue)", feed.reason)
        text.add("format:")
        text.add("  kind: \(kind)")
        text.add("  encoding: \(encoding.name)", encoding.reason)
        guesses.append(Guess(what: "kind", value: kind, reason: "the look of its lines"))
        guesses.append(Guess(what: "encoding", value: encoding.name, reason: encoding.reason))
        guesses.append(
            Guess(
                what: "byte_order_mark",
                value: "\(encoding.hasMark)",
                reason: encoding.hasMark ? "it has one" : "it has none"
            )
        )
        if encoding.hasMark { text.add("  byte_order_mark: true", "it has one") }
        if kind != "xml" {
            text.add("  line_end: \(lineEnd)", "as its lines end")
            guesses.append(Guess(what: "line_end", value: lineEnd, reason: "as its lines end"))
        }
        if !encoding.name.hasPrefix("utf") {
            text.add(
                "  unmappable: transliterate",
                "letters the encoding lacks lose their marks, which is counted; or: reject"
            )
        }
        text.add("  control_characters: blank", "a tab or line end inside a name becomes a blank")
        return text
    }

    /// The file's name in the template: currency and number of the example's become expressions.
    func fileName(groupedBy group: String?) -> String {
        var name = file.split(separator: "/").last.map(String.init) ?? file
        name = name.replacing("${", with: "$${")
        var ending = ""
        if let point = name.lastIndex(of: "."), point != name.startIndex {
            ending = String(name[point...])
            name = String(name[..<point])
        }
        let words = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        let kept = words.filter { word in
            !(word.count == 3 && word.allSatisfy { $0.isUppercase && $0.isASCII })
                && !(word.count > 0 && word.allSatisfy { $0.isNumber || $0 == "-" })
        }
        name = kept.joined(separator: "_")
        if name.isEmpty { name = "export" }
        if let group { name += "_${\(group).currency}" }
        return name + "_${batch.number}" + ending
    }
}
