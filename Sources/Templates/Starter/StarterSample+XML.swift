internal import Transactions

extension StarterSample {
    /// A template with a skeleton made of the example.
    func xml() throws(Diagnostic) -> StarterTemplate {
        var roots: [XMLNode.Element] = []
        for text in texts {
            do throws(XMLProblem) {
                // What was decoded is UTF-8 now, whatever its declaration says.
                roots.append(try XMLReader.root(of: Array(Self.withoutDeclaration(text.text).utf8)))
            } catch {
                throw Diagnostic(
                    "example",
                    "begins like XML and is none: \(error.message)",
                    cure: "mend the example",
                    file: file,
                    line: error.line
                )
            }
        }
        var guesses: [Guess] = []
        let path = XMLExample.repeated(in: roots)
        let items = roots.map { path.map($0.elements(at:)) ?? [] }
        let leaves = XMLExample.leaves(of: items.joined().map { $0 })
        let feed = feed(of: leaves.map(\.heading))
        var columns = ColumnGuesser(
            leaves.map { ExampleColumn(heading: $0.heading, raw: $0.cells) },
            feed: feed.feed
        ).columns
        for index in columns.indices { columns[index].name = leaves[index].path }
        var form = StarterForm(columns)
        // Patterns stand in the holes; the format keeps ISO's day for what has none.
        if form.datePattern?.contains("H") == true { form.datePattern = nil }
        var text = opening(kind: "xml", feed: feed, guesses: &guesses)
        let isIndented = texts.contains { $0.lines.contains { $0.hasPrefix(" ") } }
        text.add(
            "  indent: \(isIndented)",
            isIndented ? "its lines are indented" : "its lines are not"
        )
        form.write(to: &text, isFixedWidth: false, guesses: &guesses)
        let hasCurrency = feed.feed.fields.contains(.currency)
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
        text.add("    skeleton: skeleton.xml", "the example with holes for what changes")
        var skeleton = XMLSkeletonWriter(
            part: hasCurrency ? "part." : "",
            loop: path,
            columns: columns,
            roots: roots,
            items: items
        )
        if let root = roots.first { skeleton.write(root) }
        guesses.append(
            Guess(
                what: "loop",
                value: path?.joined(separator: "/") ?? "",
                reason: path == nil
                    ? "no element repeats: add t:for-each where rows belong"
                    : "the element that repeats"
            )
        )
        guesses += skeleton.guesses
        return StarterTemplate(
            template: text.text,
            others: [("skeleton.xml", skeleton.text)],
            name: name,
            feed: feed.feed,
            guesses: guesses
        )
    }

    private static func withoutDeclaration(_ text: String) -> String {
        guard text.hasPrefix("<?xml"), let end = text.firstRange(of: "?>") else { return text }
        return String(text[end.upperBound...])
    }
}

/// Where rows stand in example documents.
enum XMLExample {
    /// The path, from the root's children on, of the element that repeats most and has most in it.
    static func repeated(in roots: [XMLNode.Element]) -> [String]? {
        var best: (weight: Int, path: [String])?
        func visit(_ element: XMLNode.Element, _ path: [String]) {
            var counts: [String: Int] = [:]
            for child in element.elements { counts[child.name, default: 0] += 1 }
            var seen: Set<String> = []
            for child in element.elements {
                let own = path + [child.name]
                let size = child.size
                let count = counts[child.name] ?? 1
                if size > 1 {
                    let sounds = Self.words.contains { child.localName.lowercased().hasSuffix($0) }
                    let weight = count > 1 ? count * size : sounds ? size : 0
                    if weight > 0, best.map({ weight > $0.weight }) ?? true { best = (weight, own) }
                }
                if seen.insert(child.name).inserted, count == 1 { visit(child, own) }
            }
        }
        for root in roots { visit(root, []) }
        return best?.path
    }

    private static let words = [
        "transaction", "transactions", "line", "row", "item", "entry", "record", "tehing", "rida",
        "posting", "rad", "zeile", "rivi",
    ]

    /// A text or attribute of the repeated element in all its instances.
    struct Leaf {
        /// `Product`, `Product@code`, `Header/Count`.
        let path: String
        /// What it is called: its element's name, or the attribute's with the element's before it.
        let heading: String
        /// Its texts, empty where an instance lacks it.
        var cells: [String]
    }

    /// The leaves of instances, in the order of the instance with most in it.
    static func leaves(of items: [XMLNode.Element]) -> [Leaf] {
        guard let model = items.max(by: { $0.size < $1.size }) else { return [] }
        let texts = items.map { Dictionary($0.leaves(""), uniquingKeysWith: { first, _ in first }) }
        var paths = model.leaves("").map(\.0)
        for item in items {
            for (path, _) in item.leaves("") where !paths.contains(path) { paths.append(path) }
        }
        return paths.map { path in
            Leaf(path: path, heading: heading(path), cells: texts.map { $0[path] ?? "" })
        }
    }

    private static func heading(_ path: String) -> String {
        let parts = path.split(separator: "/").last ?? ""
        let names = parts.split(separator: "@", omittingEmptySubsequences: false).map { name in
            String(name.split(separator: ":").last ?? "")
        }
        guard names.count == 2 else { return names.first ?? "" }
        let joined = names[0] + names[1]
        return ColumnMeaning(heading: joined) != nil ? joined : names[1]
    }
}

extension XMLNode.Element {
    /// The elements right inside.
    var elements: [XMLNode.Element] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The text right inside, without blanks at its ends.
    var ownText: String {
        let text = children.map { if case .text(let text, _) = $0 { text } else { "" } }.joined()
        return String(
            text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        )
    }

    /// Leaves and attributes in it.
    var size: Int {
        attributes.count + (elements.isEmpty ? 1 : 0) + elements.map(\.size).reduce(0, +)
    }

    /// The elements at a path below this one.
    func elements(at path: [String]) -> [XMLNode.Element] {
        guard let name = path.first else { return [self] }
        return elements.filter { $0.name == name }.flatMap {
            $0.elements(at: Array(path.dropFirst()))
        }
    }

    /// Texts and attributes by path.
    func leaves(_ path: String) -> [(String, String)] {
        var leaves = attributes.map { ("\(path)@\($0.name)", $0.value) }
        if elements.isEmpty { leaves.append((path, ownText)) }
        for element in elements {
            leaves += element.leaves(path.isEmpty ? element.name : "\(path)/\(element.name)")
        }
        return leaves
    }
}
