/// What a rendering writes, record by record, for previews; an export's rendering keeps none.
struct RecordTrace {
    /// A value as it was written.
    struct Entry {
        /// The field's name; nil for a hole in a text.
        let name: String?
        /// The text before padding and quoting.
        let text: String
        let isAbsent: Bool
        /// The expression or text as it stands in the template.
        let source: String
        /// The value's form; nil for fixed text.
        let form: FieldForm?
        let field: CompiledField?
    }

    struct Record {
        let node: YAMLNode
        let id: Int?
        var entries: [Entry] = []
    }

    private(set) var records: [Record] = []
    private var open: Record?
    private var hasFields = false

    /// A record begins; texts outside of records, such as file names, are not kept.
    mutating func begin(_ node: CompiledNode) {
        switch node.writing {
        case .record(_, let note):
            open = Record(node: node.node, id: note.id < 0 ? nil : note.id)
            hasFields = true
        case .lines(_, let note, _):
            open = Record(node: node.node, id: note.id < 0 ? nil : note.id)
            hasFields = false
        default:
            open = Record(node: node.node, id: nil)
            hasFields = false
        }
    }

    /// A field of the record has its text.
    mutating func field(_ field: CompiledField, _ text: [UInt8], isAbsent: Bool) {
        let source: String
        var form: FieldForm?
        switch field.content {
        case .value(let formula, let own):
            source = formula.source
            form = own
        case .text: source = "fixed text"
        case .nothing: source = ""
        }
        open?.entries.append(
            Entry(
                name: field.name,
                text: String(decoding: text, as: UTF8.self),
                isAbsent: isAbsent,
                source: source,
                form: form,
                field: field
            )
        )
    }

    /// A hole in a line or a skeleton has its text.
    mutating func hole(_ formula: Formula, _ form: FieldForm, _ text: [UInt8]) {
        guard !hasFields else { return }
        open?.entries.append(
            Entry(
                name: nil,
                text: String(decoding: text, as: UTF8.self),
                isAbsent: false,
                source: formula.source,
                form: form,
                field: nil
            )
        )
    }

    /// The record is complete.
    mutating func end() {
        if let open { records.append(open) }
        open = nil
    }
}
