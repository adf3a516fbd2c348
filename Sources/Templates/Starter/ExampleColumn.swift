internal import Transactions

/// One column of an example file: what stands in it, and what it is taken for.
struct ExampleColumn: Sendable {
    /// Its heading, where the file has one.
    let heading: String?
    /// Its cells without padding, a record each; some may be empty.
    let cells: [String]
    /// Its cells as they stand.
    let raw: [String]
    /// Columns of a fixed-width record; nil for delimited text.
    let width: Int?

    /// The field's name in the template; expressions elsewhere use it.
    var name = ""
    /// Its expression; nil where nothing could be guessed.
    var value: String?
    /// Its fixed text.
    var text: String?
    /// Why.
    var reason = ""
    var pattern: String?
    var number: NumberShape?
    var meaning: ColumnMeaning?
    /// Whether the number's decimals stand without a mark.
    var isImplied = false

    /// The cells that hold something.
    var filled: [String] { cells.filter { !$0.isEmpty } }

    init(heading: String?, raw: [String], width: Int? = nil) {
        self.heading = heading
        self.raw = raw
        self.width = width
        cells = raw.map { cell in
            var text = Substring(cell)
            while text.first == " " { text.removeFirst() }
            while text.last == " " { text.removeLast() }
            return String(text)
        }
    }

    /// A cell's look without what it says: `0` a digit, `A` and `a` letters.
    var look: String {
        guard let cell = filled.first else { return "empty" }
        let shape = cell.prefix(24).map { character -> Character in
            character.isNumber
                ? "0" : character.isUppercase ? "A" : character.isLetter ? "a" : character
        }
        return "'\(String(shape))\(cell.count > 24 ? "…" : "")'"
    }

    /// What its values add up to before a record is written; nil where it is none of a feed's fields.
    func sumOfTransactions(_ part: String, _ feed: Feed) -> String? {
        guard let value, let field = meaning?.field(of: feed) else { return nil }
        let element = value.replacing(field.name, with: "t.\(field.name)")
        return "\(part)transactions.map(t, \(element)).sum()"
    }

    /// Whether values have a blank on their left where they are shorter than the column.
    var isRightAligned: Bool {
        raw.contains { $0.first == " " && $0.last != " " }
            && !raw.contains { $0.first != " " && $0.last == " " }
    }
}

/// Finds out what the columns of a record are: by heading, else by how the values look.
struct ColumnGuesser {
    let feed: Feed
    private(set) var columns: [ExampleColumn]
    private var taken: Set<String> = []

    /// Guesses all columns; `rows` of the same example stand in the same place of each column.
    init(_ columns: [ExampleColumn], feed: Feed) {
        self.columns = columns
        self.feed = feed
        for index in columns.indices { readShape(index) }
        guessByHeading()
        guessByLook()
        guessByArithmetic()
        for index in columns.indices { settle(index) }
    }

    private static let currencies: Set<String> = [
        "EUR", "SEK", "PLN", "NOK", "DKK", "USD", "GBP", "CZK", "CHF", "HUF", "RON",
    ]

    private mutating func readShape(_ index: Int) {
        var column = columns[index]
        if let heading = column.heading { column.meaning = ColumnMeaning(heading: heading) }
        if column.meaning?.field(of: feed) == nil { column.meaning = nil }
        if column.meaning?.isMoment == true || column.meaning == nil {
            let isTime = [.time, .started, .ended].contains(column.meaning)
            if let found = DateShape.pattern(
                of: column.filled,
                isNamed: column.meaning?.isMoment == true,
                isTime: isTime
            ) ?? DateShape.pattern(of: column.filled, isNamed: column.meaning?.isMoment == true) {
                column.pattern = found.pattern
            }
        }
        if column.pattern == nil, column.width != nil, column.meaning == nil {
            // Six digits that are a day of these years; which of the two, the year tells.
            column.pattern = ["yyMMdd", "ddMMyy"].first { pattern in
                !column.filled.isEmpty
                    && column.filled.allSatisfy {
                        DateShape.parts(of: $0, pattern)?["y"].map((20...30).contains) == true
                    }
            }
        }
        if column.pattern == nil { column.number = NumberShape(column.filled) }
        columns[index] = column
    }

    private mutating func guessByHeading() {
        for index in columns.indices {
            guard let meaning = columns[index].meaning, let heading = columns[index].heading else {
                continue
            }
            // "Product" may head codes as well as names.
            if meaning == .productName, !columns[index].filled.isEmpty,
                columns[index].filled.allSatisfy({ $0.allSatisfy(\.isNumber) })
            {
                columns[index].meaning = .productCode
            }
            if meaning.isMoment, columns[index].pattern == nil, !columns[index].filled.isEmpty {
                // A heading that says date over cells that are none means something else.
                columns[index].meaning = nil
                continue
            }
            if meaning.isAmount, columns[index].number == nil, !columns[index].filled.isEmpty {
                columns[index].meaning = nil
                continue
            }
            columns[index].reason = "its heading '\(heading)'"
            taken.insert("\(columns[index].meaning ?? meaning)")
        }
    }

    private mutating func take(_ index: Int, _ meaning: ColumnMeaning, _ reason: String) {
        guard columns[index].meaning == nil, meaning.field(of: feed) != nil,
            taken.insert("\(meaning)").inserted
        else { return }
        columns[index].meaning = meaning
        columns[index].reason = reason
    }

    private mutating func guessByLook() {
        for index in columns.indices where columns[index].meaning == nil {
            let column = columns[index]
            let filled = column.filled
            guard !filled.isEmpty else { continue }
            let areDigits = filled.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
            let lengths = Set(filled.map(\.count))
            if let pattern = column.pattern {
                let isFirst = !taken.contains("date") && !taken.contains("time")
                let hasTime = pattern.contains("HH")
                if hasTime {
                    take(index, .time, "its cells are clock times")
                } else if isFirst {
                    take(index, .date, "its cells are dates, and it is the first such column")
                } else {
                    take(index, .invoiceDate, "its cells are dates, and another column is the day")
                }
            } else if filled.allSatisfy(Self.currencies.contains) {
                take(index, .currency, "its cells are codes of currencies")
            } else if areDigits, lengths.isSubset(of: [16, 17, 18, 19]) {
                take(index, .card, "its cells have 16 to 19 digits")
            } else if areDigits, filled.count == Set(filled).count,
                column.number?.isZeroPadded != true,
                lengths.allSatisfy({ (7...20).contains($0) })
            {
                take(index, .transactionId, "its cells are long numbers, all unlike")
            } else if filled.allSatisfy(Self.isInvoiceNumber) {
                take(index, .invoiceNo, "its cells are a date and a number, as invoice numbers are")
            } else if filled.allSatisfy(Self.isPlate) {
                take(index, .plate, "its cells look like number plates")
            } else if areDigits, lengths == [4], column.width != nil || column.heading == nil {
                take(index, .productCode, "its cells are codes of four digits")
            } else if filled.allSatisfy({ $0.first == "S" && $0.dropFirst().allSatisfy(\.isNumber) }
            ) {
                take(index, .station, "its cells look like numbers of stations")
            } else if column.heading == nil,
                filled.contains(where: { $0.contains(where: \.isLowercase) })
            {
                take(index, .productName, "the first column of words")
            }
        }
    }

    /// `20261031-19001`.
    private static func isInvoiceNumber(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].count == 8
            && DateShape.parts(of: String(parts[0]), "yyyyMMdd") != nil
            && !parts[1].isEmpty && parts[1].allSatisfy(\.isNumber)
    }

    /// Two or three letters with two to four digits, in either order.
    private static func isPlate(_ text: String) -> Bool {
        let plain = text.filter { $0 != " " && $0 != "-" }
        let letters = plain.count(where: \.isLetter)
        let digits = plain.count(where: \.isNumber)
        let turns = zip(plain, plain.dropFirst()).count { $0.isLetter != $1.isLetter }
        return letters + digits == plain.count && (2...3).contains(letters)
            && (2...4).contains(digits) && turns <= 2 && plain.allSatisfy(\.isASCII)
            && plain == plain.uppercased()
    }

    /// Three amounts of which two add up to the third are net, VAT and gross.
    private mutating func guessByArithmetic() {
        let amounts = columns.indices.filter { index in
            let column = columns[index]
            guard let number = column.number, column.pattern == nil else { return false }
            return (column.meaning == nil || column.meaning?.isAmount == true)
                && column.filled.count == column.cells.count && number.values.contains { $0 != 0 }
                && (number.mark != nil || number.sign != "minus" || number.isZeroPadded)
        }
        for (place, first) in amounts.enumerated() {
            for (offset, second) in amounts[(place + 1)...].enumerated() {
                for third in amounts[(place + offset + 2)...] {
                    guard let a = columns[first].number, let b = columns[second].number,
                        let c = columns[third].number,
                        a.decimals.upperBound == c.decimals.upperBound,
                        b.decimals.upperBound == c.decimals.upperBound,
                        a.values.indices.allSatisfy({ a.values[$0] + b.values[$0] == c.values[$0] })
                    else { continue }
                    let reason = "it and its neighbours add up: net and VAT make the total"
                    take(first, .net, reason)
                    take(second, .vat, reason)
                    take(third, .gross, reason)
                    if let before = amounts[..<place].last {
                        take(before, .quantity, "an amount before net, VAT and total")
                    }
                    return
                }
            }
        }
    }

    /// Writes what is known of a column as an expression, a pattern and decimals.
    private mutating func settle(_ index: Int) {
        var column = columns[index]
        defer { columns[index] = column }
        guard let meaning = column.meaning, let field = meaning.field(of: feed) else {
            let constant = Set(column.raw).count == 1 && column.heading == nil
            if constant, let text = column.filled.first, text.count <= 3, index == 0 {
                column.text = text
                column.reason = "the same in every record: its type"
            } else if column.filled.isEmpty {
                column.reason = "empty in every record"
            }
            column.pattern = nil
            return
        }
        switch field.kind {
        case .timestamp:
            let pattern = column.pattern ?? ""
            let call = pattern.contains("H") ? "local" : "date"
            // An invoice date may be absent, and date(...) wants an instant.
            column.value =
                field.isOptional
                ? "\(field.name).optMap(t, \(call)(t))" : "\(call)(\(field.name))"
        case .amount:
            // Implied decimals cannot be seen: two are usual for money.
            column.isImplied = column.width != nil && column.number.map { $0.mark == nil } ?? false
            let places = column.isImplied ? 2 : column.number?.decimals.upperBound ?? 2
            column.value = places < 4 ? "round(\(field.name), \(places))" : field.name
        case .text, .integer:
            column.value = field.name
            column.number = nil
            column.pattern = nil
        }
    }
}
