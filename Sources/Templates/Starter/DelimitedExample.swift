/// Example files of delimited text, cut into cells.
struct DelimitedExample: Sendable {
    /// One cell, and whether it stood in quotes.
    struct Cell: Sendable, Hashable {
        let text: String
        let isQuoted: Bool
    }

    /// What stands between two cells.
    let delimiter: String
    /// Lines before the body, which have another number of cells.
    let titles: [[Cell]]
    /// The headings; nil where the body begins with a record.
    let headings: [String]?
    /// Whether they stand in quotes.
    let quotesHeadings: Bool
    /// The records, all of the same number of cells.
    let records: [[Cell]]
    /// Lines behind the body.
    let trailers: [[Cell]]
    /// `when_needed`, `text`, `always`.
    let quote: String
    /// Whether a cell begins with an apostrophe before a sign that spreadsheets calculate with.
    let guardsFormulas: Bool

    static let delimiters: [Character] = [";", ",", "\t", "|"]

    /// Cuts the texts at the delimiter that gives most lines the same number of cells; nil when none does.
    init?(_ texts: [String]) {
        var best: (delimiter: Character, files: [[[Cell]]], count: Int, share: Double)?
        for delimiter in Self.delimiters {
            let files = texts.compactMap { Self.rows(of: $0, delimiter) }
            guard files.count == texts.count else { continue }
            let counts = files.joined().reduce(into: [Int: Int]()) { $0[$1.count, default: 0] += 1 }
            let lines = counts.values.reduce(0, +)
            guard let mode = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
                mode.key > 1
            else { continue }
            // A title of its own in each file takes nothing away from a body of few lines.
            let share = Double(mode.value) / Double(max(1, lines - files.count))
            guard share >= 0.6 else { continue }
            if best.map({ (share, mode.key) > ($0.share, $0.count) }) ?? true {
                best = (delimiter, files, mode.key, share)
            }
        }
        guard let best else { return nil }
        delimiter = String(best.delimiter)
        let count = best.count
        var titles: [[Cell]] = []
        var trailers: [[Cell]] = []
        var bodies: [[[Cell]]] = []
        for rows in best.files {
            guard let first = rows.firstIndex(where: { $0.count == count }),
                let last = rows.lastIndex(where: { $0.count == count })
            else { continue }
            if titles.isEmpty { titles = Array(rows[..<first]) }
            if trailers.isEmpty { trailers = Array(rows[(last + 1)...]) }
            bodies.append(rows[first...last].filter { $0.count == count })
        }
        self.titles = titles
        self.trailers = trailers
        guard let opening = bodies.first?.first else { return nil }
        let isHeading = Self.isHeading(opening, bodies)
        headings = isHeading ? opening.map(\.text) : nil
        quotesHeadings = isHeading && opening.contains(where: \.isQuoted)
        records = bodies.flatMap { rows in
            isHeading && rows.first?.map(\.text) == opening.map(\.text)
                ? Array(rows.dropFirst()) : rows
        }
        quote = Self.quoting(records)
        guardsFormulas = records.joined().contains { cell in
            cell.text.first == "'" && "=+-@".contains(cell.text.dropFirst().first ?? " ")
        }
    }

    /// The rows of a text; nil when a quote is left open or has something behind it.
    private static func rows(of text: String, _ delimiter: Character) -> [[Cell]]? {
        var rows: [[Cell]] = []
        var row: [Cell] = []
        var cell = ""
        var isQuoted = false
        var isOpen = false
        var isClosed = false
        let characters = Array(text)
        var place = 0
        func ended() -> Cell { Cell(text: cell, isQuoted: isQuoted) }
        while place < characters.count {
            let character = characters[place]
            place += 1
            if isOpen {
                if character == "\"" {
                    if place < characters.count, characters[place] == "\"" {
                        cell.append("\"")
                        place += 1
                    } else {
                        isOpen = false
                        isClosed = true
                    }
                } else {
                    cell.append(character)
                }
            } else if character == delimiter {
                row.append(ended())
                (cell, isQuoted, isClosed) = ("", false, false)
            } else if character.isNewline {
                if !(row.isEmpty && cell.isEmpty && !isQuoted) { rows.append(row + [ended()]) }
                (row, cell, isQuoted, isClosed) = ([], "", false, false)
            } else if character == "\"", cell.isEmpty, !isQuoted {
                (isOpen, isQuoted) = (true, true)
            } else if isClosed {
                return nil
            } else {
                cell.append(character)
            }
        }
        guard !isOpen else { return nil }
        if !(row.isEmpty && cell.isEmpty && !isQuoted) { rows.append(row + [ended()]) }
        return rows
    }

    /// Whether a row names the columns: words only (some may be empty), and the same in every file or
    /// unlike what follows.
    private static func isHeading(_ row: [Cell], _ bodies: [[[Cell]]]) -> Bool {
        let texts = row.map(\.text)
        let words = texts.filter { !$0.isEmpty }
        guard words.count * 2 > texts.count, words.allSatisfy({ $0.contains(where: \.isLetter) })
        else { return false }
        let known = words.count { ColumnMeaning(heading: $0) != nil }
        if known * 3 >= words.count, Set(words).count * 2 > words.count { return true }
        if bodies.count > 1 { return bodies.allSatisfy { $0.first?.map(\.text) == texts } }
        // Numbers and dates below, where the first row has words.
        return bodies.joined().dropFirst().contains { row in
            row.contains {
                $0.text.contains(where: \.isNumber) && !$0.text.contains(where: \.isLetter)
            }
        }
    }

    private static func quoting(_ records: [[Cell]]) -> String {
        let cells = records.joined().filter { !$0.text.isEmpty || $0.isQuoted }
        guard cells.contains(where: \.isQuoted) else { return "when_needed" }
        if cells.allSatisfy(\.isQuoted) { return "always" }
        let columns = records.first?.indices ?? 0..<0
        let quoted = columns.filter { column in records.allSatisfy { $0[column].isQuoted } }
        let bare = cells.filter { !$0.isQuoted }
        let needed = cells.allSatisfy { cell in
            !cell.isQuoted || cell.text.contains { ";,\t|\"\r\n".contains($0) }
        }
        // Whole columns in quotes, and what is bare are numbers.
        return !needed && !quoted.isEmpty && NumberShape(bare.map(\.text)) != nil
            ? "text" : needed ? "when_needed" : quoted.isEmpty ? "when_needed" : "text"
    }

    /// The columns of the body.
    var columns: [ExampleColumn] {
        (records.first?.indices ?? headings?.indices ?? 0..<0).map { index in
            ExampleColumn(heading: headings?[index], raw: records.map { $0[index].text })
        }
    }
}
