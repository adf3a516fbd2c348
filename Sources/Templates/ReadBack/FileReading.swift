internal import Expressions

/// One file read back: its records told apart by the template, its control totals added up again.
final class FileReading {
    private let file: CompiledFile
    private let name: String
    private let shapes: [RecordShape]
    private let lineShapes: [LineShape]
    private var totals: FoundTotals
    private(set) var found = FoundFile()

    init(_ rendered: RenderedFile, _ file: CompiledFile, _ plan: Plan, _ batch: BatchContext) {
        self.file = file
        name = rendered.name
        totals = FoundTotals(file, plan, batch)
        var shapes: [RecordShape] = []
        var lineShapes: [LineShape] = []
        func collect(_ node: CompiledNode, _ outer: ConstantReader) {
            let names = Self.names(of: node.node)
            let constants = outer.within(node, binding: names)
            switch node.writing {
            case .record(let writer, let note):
                shapes.append(RecordShape(writer, note, constants))
            case .names(let names, let encoder):
                shapes.append(RecordShape(names: names, encoder))
            case .lines(let text, let note, let slots):
                let known = names.count == slots.count ? names : []
                lineShapes.append(LineShape(text, note, names: known, constants))
            case .records(let nodes): for inner in nodes { collect(inner, constants) }
            case .checksum(let inner, _, _): collect(inner, constants)
            case .skeleton: break
            }
        }
        collect(file.tree, ConstantReader(plan, batch))
        self.shapes = shapes
        self.lineShapes = lineShapes
    }

    /// The names that a node's `let` binds, in order.
    private static func names(of node: YAMLNode) -> [String] {
        guard case .mapping(let entries) = node.content else { return [] }
        for (key, value) in entries {
            guard case .scalar("let", _) = key.content, case .mapping(let bound) = value.content
            else { continue }
            return bound.compactMap { name, _ in
                if case .scalar(let text, _) = name.content { text } else { nil }
            }
        }
        return []
    }

    /// Reads the file.
    ///
    /// - Throws: `ReadBackProblem` where it is not what the template writes.
    func read(_ source: @escaping ByteSource) throws {
        switch file.form.kind {
        case .delimited where !file.form.lineEnd.isEmpty: try readDelimited(source)
        case .fixedWidth: try readFixedWidth(source)
        case .text where !file.form.lineEnd.isEmpty: try readText(source)
        case .json: try readJSON(source)
        default: totals.doubtAll()
        }
        found.controlTotals = totals.values()
    }

    private func decoded(_ source: @escaping ByteSource, _ take: ([UInt8]) throws -> Void) throws {
        var decoder = FileDecoder(file.form.encoding)
        var text: [UInt8] = []
        try source { bytes in
            text.removeAll(keepingCapacity: true)
            decoder.decode(bytes, to: &text)
            try take(text)
        }
        text.removeAll(keepingCapacity: true)
        decoder.finish(to: &text)
        try take(text)
    }

    // MARK: Delimited text

    /// The cells of the first record, and what ends it; the bytes behind it are not looked at.
    static func firstRecord(
        _ form: OutputForm,
        _ source: ByteSource
    ) throws -> (cells: [String], lineEnd: String)? {
        var decoder = FileDecoder(form.encoding)
        var records = DelimitedRecords(delimiter: form.delimiter)
        var first: [String]?
        try source { bytes in
            guard first == nil else { return }
            var text: [UInt8] = []
            decoder.decode(bytes, to: &text)
            do {
                try records.take(text) { record, _ in
                    first = (0..<record.count).map { String(decoding: record[$0], as: UTF8.self) }
                    throw FirstRecordRead()
                }
            } catch is FirstRecordRead {}
        }
        return first.map { ($0, records.hasCarriageReturns == true ? "\r\n" : "\n") }
    }

    /// Ends the reading behind the first record.
    private struct FirstRecordRead: Error {}

    private func readDelimited(_ source: @escaping ByteSource) throws {
        var records = DelimitedRecords(delimiter: file.form.delimiter)
        func take(_ record: DelimitedRecords.Record, _ number: Int) throws {
            if number == 1 {
                self.found.firstRecord = (0..<record.count).map {
                    String(decoding: record[$0], as: UTF8.self)
                }
            }
            let matching = self.shapes.filter { shape in
                shape.cells.count == record.count
                    && shape.cells.indices.allSatisfy { shape.admits(record[$0], at: $0) }
            }
            try self.note(matching, number) { shape in record }
        }
        try decoded(source) { try records.take($0, take) }
        try records.finish(take)
        self.found.records = records.count
        self.found.hasCarriageReturns = records.hasCarriageReturns ?? false
    }

    /// Takes a record that has these shapes; with several of them, nothing is known of their sums.
    private func note(
        _ matching: [RecordShape],
        _ number: Int,
        _ cells: (RecordShape) -> DelimitedRecords.Record?
    ) throws {
        guard !matching.isEmpty else {
            throw ReadBackProblem(line: number, message: "is no record that the template writes")
        }
        guard !totals.isEmpty else { return }
        guard
            let first = meant(
                matching,
                id: \.id,
                constantBytes: \.constantBytes,
                { $0.isSame(as: $1) }
            )
        else { return }
        guard first.id >= 0, let record = cells(first) else { return }
        totals.note(
            id: first.id,
            levels: first.levels,
            FoundRecord(
                values: first.cells.indices.map { first.value(record[$0], at: $0) },
                places: first.members
            )
        )
    }

    /// The one of several shapes that a record is taken for.
    ///
    /// It is the one of which most stands alike in every record; nil where nobody can tell; then nothing is known of their sums.
    private func meant<Shape>(
        _ matching: [Shape],
        id: (Shape) -> Int,
        constantBytes: (Shape) -> Int,
        _ isSame: (Shape, Shape) -> Bool
    ) -> Shape? {
        guard let first = matching.first else { return nil }
        guard matching.dropFirst().contains(where: { !isSame(first, $0) }) else { return first }
        let most = matching.map(constantBytes).max() ?? 0
        let likely = matching.filter { constantBytes($0) == most }
        guard matching.allSatisfy({ id($0) >= 0 }), let best = likely.first,
            likely.allSatisfy({ isSame(best, $0) })
        else {
            totals.doubt(Set(matching.map(id)))
            return nil
        }
        found.hasGuesses = true
        return best
    }

    // MARK: Fixed widths

    private func readFixedWidth(_ source: @escaping ByteSource) throws {
        let cutters = shapes.map { FixedWidthRecords($0, file.form.encoding) }
        let columns = ColumnCount(
            file.form.encoding,
            countsCharacters: shapes.first?.cells.first?.look.countsCharacters ?? false
        )
        let widths = Set(shapes.map(\.width))
        func take(_ line: ArraySlice<UInt8>, _ number: Int) throws {
            let width = columns.columns(of: line)
            guard widths.contains(width) else {
                throw ReadBackProblem(
                    line: number,
                    message:
                        "is \(width) columns wide; the template's records have \(widths.sorted().map(String.init).joined(separator: " or "))"
                )
            }
            var records: [(RecordShape, DelimitedRecords.Record)] = []
            for (shape, cutter) in zip(self.shapes, cutters) where shape.width == width {
                if let record = cutter.cells(of: line) { records.append((shape, record)) }
            }
            try self.note(records.map(\.0), number) { shape in
                records.first { $0.0 === shape }?.1
            }
        }
        self.found.records = try lines(
            source,
            width: widths.count == 1 ? widths.first : nil,
            columns,
            take
        )
    }

    /// Cuts a file into lines; without line ends into records of one width.
    private func lines(
        _ source: @escaping ByteSource,
        width: Int?,
        _ columns: ColumnCount,
        _ take: (ArraySlice<UInt8>, Int) throws -> Void
    ) throws -> Int {
        let isCutByWidth = file.form.lineEnd.isEmpty
        guard !isCutByWidth || width != nil else {
            totals.doubtAll()
            return -1
        }
        let hasCarriageReturn = file.form.format.lineEnd == .crlf
        var rest: [UInt8] = []
        var count = 0
        try decoded(source) { bytes in
            rest += bytes
            var start = 0
            if isCutByWidth, let width {
                var end = 0
                var size = 0
                while end < rest.count {
                    size += columns.columns(ofCharacterBeginningWith: rest[end])
                    end += 1
                    while end < rest.count, rest[end] & 0xC0 == 0x80 { end += 1 }
                    guard size >= width, end < rest.count || size == width else { continue }
                    count += 1
                    try take(rest[start..<end], count)
                    start = end
                    size = 0
                }
            } else {
                while let end = rest[start...].firstIndex(of: 0x0A) {
                    count += 1
                    var line = rest[start..<end]
                    if hasCarriageReturn {
                        guard line.popLast() == 0x0D else {
                            throw ReadBackProblem(line: count, message: "does not end with CR LF")
                        }
                    }
                    try take(line, count)
                    start = end + 1
                }
            }
            rest.removeSubrange(..<start)
        }
        guard rest.isEmpty else {
            throw ReadBackProblem(line: count + 1, message: "the last record has no end")
        }
        return count
    }

    // MARK: Lines of text

    private func readText(_ source: @escaping ByteSource) throws {
        let most = lineShapes.map(\.lines.count).max() ?? 1
        var waiting: [[UInt8]] = []
        var number = 1
        func takeRecord() throws {
            let matching = self.lineShapes.compactMap { shape in
                shape.values(of: waiting[...]).map { (shape: shape, values: $0) }
            }
            // Of records that begin alike the one with the most lines is meant.
            guard let longest = matching.map(\.shape.lines.count).max() else {
                throw ReadBackProblem(line: number, message: "is no line that the template writes")
            }
            let longestOnes = matching.filter { $0.shape.lines.count == longest }
            let first = self.meant(
                longestOnes,
                id: \.shape.id,
                constantBytes: \.shape.constantBytes
            ) { $0.shape.id == $1.shape.id }
            if let first, first.shape.id >= 0 {
                self.totals.note(
                    id: first.shape.id,
                    levels: first.shape.levels,
                    FoundRecord(values: first.values, places: first.shape.members)
                )
            }
            waiting.removeFirst(longest)
            number += longest
            self.found.records += 1
        }
        _ = try lines(source, width: nil, ColumnCount(.utf8, countsCharacters: true)) { line, _ in
            waiting.append(Array(line))
            while waiting.count >= most { try takeRecord() }
        }
        while !waiting.isEmpty { try takeRecord() }
    }

    // MARK: JSON

    private func readJSON(_ source: @escaping ByteSource) throws {
        var bytes: [UInt8] = []
        try decoded(source) { bytes += $0 }
        var records = JSONRecords(bytes)
        self.found.records = try records.read(
            isArray: file.form.format.framing == .array
        ) { members, number in
            var matching: [RecordShape] = []
            var values: [Int: DelimitedRecords.Record] = [:]
            for (index, shape) in self.shapes.enumerated() {
                guard let record = Self.record(members, shape) else { continue }
                values[index] = record
                matching.append(shape)
            }
            try self.note(matching, number) { shape in
                self.shapes.firstIndex { $0 === shape }.flatMap { values[$0] }
            }
        }
    }

    /// The members in the order of a shape's cells; nil when they are none of that shape.
    private static func record(_ members: [JSONRecords.Member], _ shape: RecordShape)
        -> DelimitedRecords.Record?
    {
        var record = DelimitedRecords.Record()
        var used = 0
        for (index, cell) in shape.cells.enumerated() {
            let name = Array((cell.name ?? "field\(index + 1)").utf8)
            if let member = members.first(where: { $0.name == name }) {
                used += 1
                let isNull = !member.isText && member.text.elementsEqual("null".utf8)
                let text = isNull ? cell.absent : member.text
                guard shape.admits(text[...], at: index) else { return nil }
                record.bytes += text
            } else {
                guard cell.mayBeAbsent else { return nil }
                record.bytes += cell.absent
            }
            record.ends.append(record.bytes.count)
        }
        return used == members.count ? record : nil
    }
}
