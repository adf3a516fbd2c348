/// What a rendering writes, record by record, for previews and for `explain`; an export's rendering
/// keeps none.
struct RecordTrace {
    /// Which records are kept.
    enum Query {
        /// All.
        case all
        /// Those that wrote one of these bytes of a file.
        case bytes(file: String, Range<Int>)
        /// Those that were written for the row at a place of the source, or for a group that has it.
        case row(Int)
    }

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
        /// Where in its file it stands; nil where only the record's place is known.
        var at: Int?
        /// The places of the rows that it was written for; nil where they are the record's.
        var positions: [Int]?
    }

    struct Record {
        let node: YAMLNode
        let id: Int?
        let file: String
        /// Where in the file it begins and ends.
        var range: Range<Int>
        /// The places of the rows that it was written for; empty for what is written of all.
        let positions: [Int]
        var entries: [Entry] = []
    }

    private(set) var records: [Record] = []
    /// The file that is being written.
    var file = ""
    private let query: Query
    private var open: Record?
    private var hasFields = false

    init(_ query: Query = .all) { self.query = query }

    /// A record begins; texts outside of records, such as file names, are not kept.
    mutating func begin(_ node: CompiledNode, at place: Int, for positions: [Int]) {
        let id: Int
        switch node.writing {
        case .record(_, let note): (id, hasFields) = (note.id, true)
        case .lines(_, let note, _): (id, hasFields) = (note.id, false)
        default: (id, hasFields) = (-1, false)
        }
        open = Record(
            node: node.node,
            id: id < 0 ? nil : id,
            file: file,
            range: place..<place,
            positions: positions
        )
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
    mutating func hole(
        _ formula: Formula,
        _ form: FieldForm,
        _ text: [UInt8],
        at place: Int? = nil,
        for positions: [Int]? = nil
    ) {
        guard !hasFields else { return }
        open?.entries.append(
            Entry(
                name: nil,
                text: String(decoding: text, as: UTF8.self),
                isAbsent: false,
                source: formula.source,
                form: form,
                field: nil,
                at: place,
                positions: positions
            )
        )
    }

    /// The record is complete.
    mutating func end(at place: Int) {
        defer { open = nil }
        guard var record = open else { return }
        record.range = record.range.lowerBound..<place
        switch query {
        case .all: break
        case .bytes(let file, let range):
            guard record.file == file, record.range.overlaps(range) else { return }
            // Of a document only what stands in these bytes.
            record.entries.removeAll { entry in entry.at.map { !range.contains($0) } ?? false }
        case .row(let position):
            let inner = record.entries.filter { $0.positions?.contains(position) ?? false }
            if let first = inner.compactMap(\.at).min(), let last = inner.compactMap(\.at).max() {
                record.entries = inner
                record.range = first..<(last + 1)
            } else {
                guard record.positions.contains(position) else { return }
                record.entries.removeAll { $0.at != nil }
            }
        }
        records.append(record)
    }
}
