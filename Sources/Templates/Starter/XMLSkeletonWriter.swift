internal import Transactions

/// Writes an example document as a skeleton: what changes becomes a hole, what repeats a loop.
struct XMLSkeletonWriter {
    /// `part.` where a file is one of a group, else empty.
    let part: String
    /// The path of the element that repeats.
    let loop: [String]?
    /// What its texts and attributes are, named by their paths.
    let columns: [ExampleColumn]
    /// The examples.
    let roots: [XMLNode.Element]
    /// The repeated elements of each example.
    let items: [[XMLNode.Element]]

    /// The skeleton.
    private(set) var text = ""
    /// What was guessed.
    private(set) var guesses: [Guess] = []

    init(
        part: String,
        loop: [String]?,
        columns: [ExampleColumn],
        roots: [XMLNode.Element],
        items: [[XMLNode.Element]]
    ) {
        self.part = part
        self.loop = loop
        self.columns = columns
        self.roots = roots
        self.items = items
    }

    /// Writes the whole document.
    mutating func write(_ root: XMLNode.Element) {
        text += "<t:skeleton xmlns:t=\"urn:occ-export:template\">\n"
        write(root, path: [], depth: 1)
        text += "</t:skeleton>\n"
    }

    private mutating func write(_ element: XMLNode.Element, path: [String], depth: Int) {
        let indent = String(repeating: "  ", count: depth)
        let isLoop = depth > 1 && path == loop
        let model = isLoop ? items.joined().max { $0.size < $1.size } ?? element : element
        text += "\(indent)<\(element.name)"
        for declaration in element.declarations {
            let name = declaration.prefix.isEmpty ? "xmlns" : "xmlns:\(declaration.prefix)"
            text += " \(name)=\"\(Self.escaped(declaration.uri))\""
        }
        if isLoop {
            text += " t:for-each=\"\(part)transactions\" t:as=\"row\""
            writeItem(model, path: "", indent: indent, isOpen: true)
            return
        }
        var comments = ""
        for attribute in element.attributes {
            let hole = outer(path, attribute: attribute.name, attribute.value)
            text += " \(attribute.name)=\"\(hole.text)\""
            comments += Self.comment(hole.comment, of: attribute.name)
        }
        if element.elements.isEmpty {
            let hole = outer(path, attribute: nil, element.ownText)
            text += ">\(hole.text)</\(element.name)>\(comments)\(Self.comment(hole.comment))\n"
            return
        }
        text += ">\(comments)\n"
        var isLoopWritten = false
        for child in element.elements {
            let inner = path + [child.name]
            if inner == loop {
                if isLoopWritten { continue }
                isLoopWritten = true
            }
            write(child, path: inner, depth: depth + 1)
        }
        text += "\(indent)</\(element.name)>\n"
    }

    /// The repeated element, or something in it; its start tag is open when it comes from outside.
    private mutating func writeItem(
        _ element: XMLNode.Element,
        path: String,
        indent: String,
        isOpen: Bool = false
    ) {
        if !isOpen {
            text += "\(indent)<\(element.name)"
            for declaration in element.declarations {
                let name = declaration.prefix.isEmpty ? "xmlns" : "xmlns:\(declaration.prefix)"
                text += " \(name)=\"\(Self.escaped(declaration.uri))\""
            }
        }
        var comments = ""
        for attribute in element.attributes {
            let hole = inner("\(path)@\(attribute.name)", attribute.value)
            text += " \(attribute.name)=\"\(hole.text)\""
            comments += Self.comment(hole.comment, of: attribute.name)
        }
        if element.elements.isEmpty {
            let hole = inner(path, element.ownText)
            text += ">\(hole.text)</\(element.name)>\(comments)\(Self.comment(hole.comment))\n"
            return
        }
        text += ">\(comments)\n"
        for child in element.elements {
            writeItem(
                child,
                path: path.isEmpty ? child.name : "\(path)/\(child.name)",
                indent: indent + "  "
            )
        }
        text += "\(indent)</\(element.name)>\n"
    }

    /// The hole for a text of a row.
    private mutating func inner(_ path: String, _ example: String) -> (
        text: String, comment: String
    ) {
        guard let column = columns.first(where: { $0.name == path }), let value = column.value,
            let meaning = column.meaning
        else {
            if !example.isEmpty {
                guesses.append(
                    Guess(what: path, value: "", reason: "stands as in the example; give it ${...}")
                )
            }
            return (
                Self.escaped(example.replacing("${", with: "$${")),
                example.isEmpty ? "" : "open: as in the example"
            )
        }
        var expression = value
        for field in [meaning].compactMap({ meaning in
            meaning.field(of: .contractTransactions) ?? meaning.field(of: .evTransactions)
        }) {
            expression = Self.qualified(expression, field.name)
        }
        guesses.append(Guess(what: path, value: value, reason: column.reason))
        return ("${\(Self.escaped(expression))\(Self.pattern(column))}", column.reason)
    }

    /// `row.` before a field's name.
    private static func qualified(_ expression: String, _ name: String) -> String {
        guard let range = expression.firstRange(of: name) else { return expression }
        return expression.replacingCharacters(in: range, with: "row.\(name)")
    }

    /// `:0.00` or `:yyyy-MM-dd`.
    private static func pattern(_ column: ExampleColumn) -> String {
        if let pattern = column.pattern { return ":\(pattern)" }
        guard let number = column.number, column.meaning?.isAmount == true else { return "" }
        let (least, most) = (number.decimals.lowerBound, number.decimals.upperBound)
        guard most > 0 else { return ":0" }
        return ":0." + String(repeating: "0", count: least)
            + String(repeating: "#", count: most - least)
    }

    /// The hole for a text outside of rows: a count, a sum, the currency, a day.
    private mutating func outer(_ path: [String], attribute: String?, _ example: String)
        -> (text: String, comment: String)
    {
        let place = path.joined(separator: "/") + (attribute.map { "@\($0)" } ?? "")
        let texts = roots.map { root -> String? in
            guard let element = root.elements(at: path).first else { return nil }
            guard let attribute else { return element.ownText }
            return element.attributes.first { $0.name == attribute }?.value
        }
        let filled = texts.compactMap { $0 }
        func hole(_ expression: String, _ pattern: String, _ reason: String) -> (
            text: String, comment: String
        ) {
            guesses.append(Guess(what: place, value: expression, reason: reason))
            return ("${\(Self.escaped(expression))\(pattern)}", reason)
        }
        if filled.count == roots.count, let numbers = NumberShape(filled) {
            if numbers.values == items.map(\.count), loop != nil {
                return hole(
                    "\(part)transactions.size()",
                    "",
                    "it is the number of rows in every example"
                )
            }
            for column in columns {
                guard let value = column.value, let meaning = column.meaning, meaning.isAmount,
                    let field = meaning.field(of: .contractTransactions),
                    let shape = column.number, shape.values.count == column.cells.count,
                    shape.decimals.upperBound == numbers.decimals.upperBound
                else { continue }
                var sums: [Int] = []
                var place = 0
                for items in items {
                    sums.append(shape.values[place..<place + items.count].reduce(0, +))
                    place += items.count
                }
                guard sums == numbers.values, sums.contains(where: { $0 != 0 }) else { continue }
                let inside = value.replacing(field.name, with: "t.\(field.name)")
                return hole(
                    "\(part)transactions.map(t, \(inside)).sum()",
                    Self.pattern(column),
                    "it is the sum of \(column.name) in every example"
                )
            }
        }
        if part == "part.", !filled.isEmpty,
            filled.allSatisfy({ ["EUR", "SEK", "PLN", "NOK", "DKK", "USD", "GBP"].contains($0) })
        {
            return hole("part.currency", "", "the code of a currency")
        }
        if let found = DateShape.pattern(of: filled, isNamed: false), found.kind == .both {
            return hole(
                "local(batch.created)",
                ":\(found.pattern)",
                "a time outside of rows: that of the run"
            )
        }
        if let found = DateShape.pattern(of: filled, isNamed: false), found.kind == .date {
            return hole(
                "batch.day",
                ":\(found.pattern)",
                "a date outside of rows: the day of the run"
            )
        }
        if !example.isEmpty {
            guesses.append(
                Guess(what: place, value: "", reason: "stands as in the example; give it ${...}")
            )
        }
        return (
            Self.escaped(example.replacing("${", with: "$${")),
            example.isEmpty ? "" : "open: as in the example"
        )
    }

    /// A comment beside an element; two hyphens would end it.
    private static func comment(_ reason: String, of attribute: String? = nil) -> String {
        guard !reason.isEmpty else { return "" }
        let text = (attribute.map { "\($0): " } ?? "") + reason
        return " <!-- \(text.replacing("--", with: "- -")) -->"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

extension String {
    /// The text with a range of it replaced.
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String
    {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
