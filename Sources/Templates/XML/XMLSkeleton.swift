internal import Expressions

/// A skeleton after checking: escaped bytes with holes.
struct XMLSkeleton: Sendable {
    indirect enum Node: Sendable {
        case text(XMLText)
        case element(Element)
        /// The first branch whose condition holds.
        case choose([Node])
        case part([Node])
    }

    /// What an element is repeated for.
    struct Loop: Sendable {
        let list: CompiledNode.List
        let slot: Int
        /// The level of a document's sums.
        let level: Int?
        /// How the list's transactions are grouped; the slot then has the group.
        let grouping: Grouping?
        /// The slot of the element's number, counted from 1.
        let numberSlot: Int?

        /// Whether it is for one element, to give a value a name: `t:for-each="[x]" t:as="y"`.
        var isForOne: Bool {
            if case .values(let formula) = list { formula.expression.isListOfOne } else { false }
        }
    }

    /// Groups of transactions by keys, ascending.
    struct Grouping: Sendable {
        let keys: [Formula]
        /// The slot of the transaction that the keys look at.
        let rowSlot: Int
        let level: Int
    }

    /// A class, as are other parts of a plan: a copy is one retain, and a program is kept by it.
    final class Element: Sendable {
        /// `<name` with namespace declarations, escaped.
        let start: [UInt8]
        /// `</name>`.
        let end: [UInt8]
        /// Each attribute as ` name="`, and its value.
        let attributes: [(start: [UInt8], value: XMLText)]
        let children: [Node]
        /// Whether text stands among the children, which an indent would change.
        let hasText: Bool
        let loop: Loop?
        let condition: Formula?
        let node: YAMLNode

        init(
            start: [UInt8],
            end: [UInt8],
            attributes: [(start: [UInt8], value: XMLText)],
            children: [Node],
            hasText: Bool,
            loop: Loop?,
            condition: Formula?,
            node: YAMLNode
        ) {
            self.start = start
            self.end = end
            self.attributes = attributes
            self.children = children
            self.hasText = hasText
            self.loop = loop
            self.condition = condition
            self.node = node
        }
    }

    /// Text with holes; escaping is for text, or for attributes in double quotes.
    struct XMLText: Sendable {
        let pieces: [TextTemplate.Piece]
        let isAttribute: Bool
        /// Whether it vanishes where a value is absent: it is that value, apart from blanks.
        let vanishes: Bool
        let node: YAMLNode
    }

    let root: [Node]
    let isIndented: Bool
    let escaper: XMLEscaper
}

/// Writes text as XML has it (XML 1.0, 2.2, 2.4 and 3.3.3).
struct XMLEscaper: Sendable {
    let encoding: CharacterEncoding
    let control: FormatDeclaration.ControlCharacters

    /// `<?xml version="1.0" encoding="UTF-8"?>`.
    var declaration: [UInt8] {
        Array("<?xml version=\"1.0\" encoding=\"\(encoding.name.uppercased())\"?>".utf8)
    }

    private static let ampersand = Array("&amp;".utf8)
    private static let less = Array("&lt;".utf8)
    private static let greater = Array("&gt;".utf8)
    private static let quote = Array("&quot;".utf8)
    private static let carriageReturn = Array("&#13;".utf8)
    private static let tab = Array("&#9;".utf8)
    private static let lineFeed = Array("&#10;".utf8)

    /// Appends valid UTF-8, escaped; returns how many characters that XML cannot carry were blanked.
    func append(_ text: [UInt8], isAttribute: Bool, to output: inout [UInt8]) throws(FormError)
        -> Int
    {
        var blanked = 0
        var place = 0
        var start = 0
        let copies = encoding.isUnicode
        while place < text.count {
            let byte = text[place]
            // Nearly all bytes need nothing: they are copied in runs.
            if byte >= 0x3F && byte < 0x80 || byte >= 0x27 && byte < 0x3C || byte == 0x20 {
                place += 1
                continue
            }
            let from = place
            let code = UTF8Cursor.next(text, &place)
            var escape: [UInt8]?
            switch code {
            case 0x26: escape = Self.ampersand
            case 0x3C: escape = Self.less
            case 0x3E: escape = Self.greater
            case 0x22 where isAttribute: escape = Self.quote
            // A raw CR would be read back as a line feed.
            case 0x0D: escape = Self.carriageReturn
            case 0x09 where isAttribute: escape = Self.tab
            case 0x0A where isAttribute: escape = Self.lineFeed
            case 0x09, 0x0A, 0x20...0x7F: break
            case 0x80...0xFFFD, 0x10000...0x10FFFF:
                if !copies { escape = foreign(code, text[from..<place]) }
            default:
                guard control == .blank else {
                    throw FormError(
                        name: "control-character",
                        message: "value has a character that XML cannot carry",
                        cure: "control_characters: blank"
                    )
                }
                escape = [0x20]
                blanked += 1
            }
            guard let escape else { continue }
            output.append(contentsOf: text[start..<from])
            output.append(contentsOf: escape)
            start = place
        }
        output.append(contentsOf: text[start...])
        return blanked
    }

    /// A character in an encoding of one byte, or a reference to it.
    private func foreign(_ code: UInt32, _ utf8: ArraySlice<UInt8>) -> [UInt8] {
        guard let scalar = Unicode.Scalar(code), encoding.has(scalar) else {
            return Array("&#\(code);".utf8)
        }
        var bytes: [UInt8] = []
        encoding.append(Array(utf8), to: &bytes)
        return bytes
    }
}
