internal import Expressions

/// A node of the tree after checking: what it goes over, and what it writes.
final class CompiledNode: Sendable {
    /// The elements that a node goes over.
    enum List: Sendable {
        /// All transactions of the batch.
        case transactions
        /// The transactions of the group or document in a slot.
        case transactionsOf(slot: Int, level: Int)
        /// All documents of the batch.
        case documents
        /// The documents of the group in a slot.
        case documentsOf(slot: Int)
        /// Any other list.
        case values(Formula)
    }

    /// What a node goes over.
    enum Loop: Sendable {
        /// Nothing: it runs once.
        case once
        /// The elements of a list, in a slot.
        case items(List, slot: Int, order: [Formula], level: Int?)
        /// Groups of the elements, by keys; each key is evaluated with the element in `slot`.
        case groups(List, slot: Int, keys: [Formula], order: [Formula], groupSlot: Int, level: Int)
    }

    enum Writing: Sendable {
        case record(RecordWriter, RecordNote)
        case lines(TextTemplate, RecordNote, memberSlots: [Int])
        case names([String], DelimitedEncoder)
        case skeleton(XMLSkeleton)
        case records([CompiledNode])
        /// A node whose bytes are summed, into a slot.
        case checksum(CompiledNode, of: ChecksumDeclaration.Extent, slot: Int)
    }

    /// Under which id a record counts, and where.
    final class RecordNote: Sendable {
        let id: Int
        /// The levels around it that count or sum it.
        let levels: [Int]
        /// Where each member of the id's type is among the record's values, -1 where it has none;
        /// empty when both have one order.
        let members: [Int]

        init(id: Int, levels: [Int], members: [Int]) {
            self.id = id
            self.levels = levels
            self.members = members
        }
    }

    struct Check: Sendable {
        let that: Formula
        /// Both sides of an `==`, for the message.
        let sides: (left: Formula, right: Formula)?
        let message: TextTemplate?
        let node: YAMLNode
    }

    let loop: Loop
    let bindings: [(slot: Int, value: Formula)]
    let condition: Formula?
    let writing: Writing
    let checks: [Check]
    let node: YAMLNode

    init(
        loop: Loop,
        bindings: [(slot: Int, value: Formula)],
        condition: Formula?,
        writing: Writing,
        checks: [Check],
        node: YAMLNode
    ) {
        self.loop = loop
        self.bindings = bindings
        self.condition = condition
        self.writing = writing
        self.checks = checks
        self.node = node
    }
}

/// A file of the plan.
struct CompiledFile: Sendable {
    let name: TextTemplate
    let nameNode: YAMLNode
    let tree: CompiledNode
    let format: FormatDeclaration
    let form: OutputForm
    /// The level of what the file wrote.
    let level: Int
    let controlTotals: [(name: String, selected: Formula, written: Formula, node: YAMLNode)]
    let schemas: [String]
}

/// A field of a record after checking.
final class CompiledField: Sendable {
    enum Content: Sendable {
        case value(Formula, FieldForm)
        case text(TextTemplate)
        case nothing
    }

    let name: String?
    let content: Content
    let node: YAMLNode
    let look: FieldLook

    init(name: String?, content: Content, node: YAMLNode, look: FieldLook) {
        self.name = name
        self.content = content
        self.node = node
        self.look = look
    }
}

/// How a field's text stands in its record.
final class FieldLook: Sendable {
    /// What is written for an absent value.
    let absent: [UInt8]
    /// Whether it is text, which formula guards look at.
    let isText: Bool
    /// Whether quoting takes it for text.
    let isQuotedText: Bool
    let isNumber: Bool
    let quote: FormatDeclaration.Quote
    let formulas: FormatDeclaration.Formulas
    let width: Int
    let countsCharacters: Bool
    let alignsRight: Bool
    /// The pad in the file's encoding, and whether it is a zero, which goes behind a sign.
    let pad: [UInt8]
    let padsZeros: Bool
    /// The pad of an absent value.
    let textPad: [UInt8]
    let textAlignsRight: Bool
    let cuts: Bool

    init(
        _ format: FormatDeclaration,
        isText: Bool,
        isQuotedText: Bool,
        isNumber: Bool,
        width: Int,
        encoding: CharacterEncoding
    ) {
        absent = Array((format.absent ?? "").utf8)
        self.isText = isText
        self.isQuotedText = isQuotedText
        self.isNumber = isNumber
        quote = format.quote ?? .whenNeeded
        formulas = format.formulas ?? .reject
        self.width = width
        countsCharacters = format.countedIn == .characters
        let pad = (isNumber ? format.numberPad : format.textPad) ?? 0x20
        self.pad = encoding.bytes(String(UnicodeScalar(pad)))
        padsZeros = isNumber && pad == 0x30
        textPad = encoding.bytes(String(UnicodeScalar(format.textPad ?? 0x20)))
        textAlignsRight = format.textAlign == .right
        let align =
            (isNumber ? format.numberAlign : format.textAlign) ?? (isNumber ? .right : .left)
        alignsRight = align == .right
        cuts = format.textOverflow == .cut
    }
}

/// What a whole file needs to be written: encoding, line ends, marks.
final class OutputForm: Sendable {
    let kind: FormatDeclaration.Kind
    let encoding: CharacterEncoding
    let lineEnd: [UInt8]
    let byteOrderMark: [UInt8]
    let format: FormatDeclaration
    /// The delimiter as UTF-8 and in the file's encoding.
    let delimiter: UInt8
    let delimiterBytes: [UInt8]

    init(kind: FormatDeclaration.Kind, encoding: CharacterEncoding, format: FormatDeclaration) {
        self.kind = kind
        self.encoding = encoding
        self.format = format
        lineEnd =
            switch format.lineEnd ?? .lf {
            case .lf: encoding.bytes("\n")
            case .crlf: encoding.bytes("\r\n")
            case .none: []
            }
        byteOrderMark = format.byteOrderMark == true ? encoding.byteOrderMark : []
        delimiter = format.delimiter?.utf8.first ?? 0x2C
        delimiterBytes = encoding.bytes(format.delimiter ?? ",")
    }
}

extension OutputForm {
    /// The form of names and messages.
    static let plain = OutputForm(kind: .text, encoding: .utf8, format: Plan.plainFormat)
}

/// Writes one record of a file that has fields.
enum RecordWriter: Sendable {
    case delimited(DelimitedEncoder)
    case fixedWidth(FixedWidthEncoder)
    case json(JSONRecordEncoder)

    var fields: [CompiledField] {
        switch self {
        case .delimited(let encoder): encoder.fields
        case .fixedWidth(let encoder): encoder.fields
        case .json(let encoder): encoder.fields
        }
    }
}

/// What a file's policies altered; counted in the manifest.
struct Substitutions: Sendable, Hashable {
    /// Characters replaced or blanked.
    var characters = 0
    /// Texts that got an apostrophe against formulas.
    var formulas = 0
    /// Texts that were cut to their field.
    var cuts = 0
}
