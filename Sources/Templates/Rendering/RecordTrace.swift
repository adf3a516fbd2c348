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
        var positions: [Int]
        var entries: [Entry] = []
    }

    /// An element of a document that was written for one item of a loop.
    private struct Item {
        let range: Range<Int>
        let positions: [Int]
    }

    private(set) var records: [Record] = []
    /// The file that is being written.
    var file = ""
    private let query: Query
    private var open: Record?
    private var hasFields = false
    /// The items around the place, outermost first; nil where an item is none of rows.
    private var openItems: [(start: Int, positions: [Int])?] = []
    /// The items of the open record that the query asks for, each behind those inside it.
    private var items: [Item] = []

    init(_ query: Query = .all) { self.query = query }

    /// A record begins; texts outside of records, such as file names, are not kept.
    mutating func begin(_ node: CompiledNode, at place: Int, for positions: [Int]) {
        let id: Int
        (openItems, items) = ([], [])
        switch node.writing {
        // Previews show rows.
        case .names where keepsAll: return
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
                positions: openItems.last { $0 != nil }??.positions ?? positions
            )
        )
    }

    /// The name of a column was written.
    mutating func name(_ text: String) {
        open?.entries.append(
            Entry(
                name: nil,
                text: text,
                isAbsent: false,
                source: "column name",
                form: nil,
                field: nil
            )
        )
    }

    /// An element for an item of a loop begins; `positions` is nil where the item is none of rows.
    mutating func beginItem(at place: Int, for positions: [Int]?) {
        openItems.append(positions.map { (place, $0) })
    }

    /// The element is complete, or has vanished.
    mutating func endItem(at place: Int, isWritten: Bool) {
        guard let last = openItems.popLast(), let item = last, isWritten else { return }
        let range = item.start..<max(item.start, place)
        switch query {
        case .all: return
        case .bytes(let file, let bytes):
            guard self.file == file, range.overlaps(bytes) else { return }
        case .row(let position): guard item.positions.contains(position) else { return }
        }
        items.append(Item(range: range, positions: item.positions))
    }

    /// The items without one inside.
    private var innermostItems: [Item] {
        var found: [Item] = []
        for item in items {
            if let last = found.last, item.range.contains(last.range.lowerBound) { continue }
            found.append(item)
        }
        return found
    }

    private var keepsAll: Bool { if case .all = query { true } else { false } }

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
            let inner = innermostItems
            if !inner.isEmpty { record.positions = Self.joined(inner.map(\.positions)) }
        case .row(let position):
            let inner = innermostItems
            for item in inner {
                var part = record
                part.range = item.range
                part.positions = item.positions
                part.entries.removeAll { entry in entry.at.map { !item.range.contains($0) } ?? true
                }
                records.append(part)
            }
            guard inner.isEmpty, record.positions.contains(position) else { return }
            record.entries.removeAll { $0.at != nil }
        }
        records.append(record)
    }

    /// Each place once, in order.
    private static func joined(_ lists: [[Int]]) -> [Int] {
        var seen: Set<Int> = []
        return lists.joined().filter { seen.insert($0).inserted }
    }
}
