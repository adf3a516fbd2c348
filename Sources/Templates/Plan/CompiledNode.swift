internal import Expressions

/// A node of the tree after checking: what it goes over, and what it writes.
final class CompiledNode: Sendable {
    /// What a node goes over.
    enum Loop: Sendable {
        /// Nothing: it runs once.
        case once
        /// The elements of a list, in a slot; rows of transactions and documents among them.
        case items(Expression, slot: Int, order: [Expression])
        /// Groups of the elements, by keys; each key is evaluated with the element in `slot`.
        case groups(
            Expression,
            slot: Int,
            keys: [Expression],
            order: [Expression],
            groupSlot: Int,
            ofDocuments: Bool
        )
    }

    enum Writing: Sendable {
        case record(RecordWriter, id: String?)
        case lines(TextTemplate, id: String?, memberSlots: [Int])
        case names([String])
        case skeleton(XMLSkeleton)
        case records([CompiledNode])
    }

    struct Check: Sendable {
        let that: Expression
        let message: TextTemplate?
        let node: YAMLNode
    }

    let loop: Loop
    let bindings: [(slot: Int, value: Expression)]
    let condition: Expression?
    let writing: Writing
    let checks: [Check]
    /// The slots whose `written` counts this node's records.
    let writtenSlots: [Int]

    init(
        loop: Loop,
        bindings: [(slot: Int, value: Expression)],
        condition: Expression?,
        writing: Writing,
        checks: [Check],
        writtenSlots: [Int]
    ) {
        self.loop = loop
        self.bindings = bindings
        self.condition = condition
        self.writing = writing
        self.checks = checks
        self.writtenSlots = writtenSlots
    }
}

/// A file of the plan.
struct CompiledFile: Sendable {
    let name: TextTemplate
    let nameNode: YAMLNode
    let tree: CompiledNode
    let format: FormatDeclaration
    let writer: OutputForm
    let writtenSlot: Int
    let writtenIds: [String]
    let controlTotals: [(name: String, selected: Expression, written: Expression)]
    let schemas: [String]
}

/// Writes one record of a delimited or fixed-width file.
enum RecordWriter: Sendable {
    case delimited(DelimitedEncoder)
    case fixedWidth(FixedWidthEncoder)
}

/// What a whole file needs to be written: encoding, line ends, marks.
struct OutputForm: Sendable {
    let kind: FormatDeclaration.Kind
    let encoding: CharacterEncoding
    let lineEnd: [UInt8]
    let byteOrderMark: [UInt8]
    let format: FormatDeclaration

    /// Appends a text in the file's encoding and by its policies; returns what was replaced.
    func append(_ text: String, to output: inout [UInt8], _ format: FormatDeclaration)
        throws(FormError) -> Int
    {
        var text = text
        var replaced = 0
        if format.controlCharacters != .keep,
            text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        {
            guard format.controlCharacters == .blank else {
                throw FormError(
                    name: "control-character",
                    message: "value has a control character",
                    cure: "control_characters: blank, or keep"
                )
            }
            text = String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
                )
            )
            replaced += 1
        }
        do throws(UnmappableCharacter) {
            replaced += try encoding.append(
                text,
                to: &output,
                format.unmappable ?? .reject,
                format.transliterations
            )
        } catch {
            throw FormError(
                name: "unmappable",
                message: error.message,
                cure: "unmappable: transliterate, or unmappable: { replace: \"?\" }"
            )
        }
        return replaced
    }
}

/// A field of a record after checking.
struct CompiledField: Sendable {
    enum Content: Sendable {
        case value(Expression, FieldForm)
        case text(TextTemplate)
        case nothing
    }

    let name: String?
    let content: Content
    let format: FormatDeclaration
    let node: YAMLNode
    /// Bytes or characters of the field in a fixed-width record, 0 in a delimited one.
    let width: Int
}
