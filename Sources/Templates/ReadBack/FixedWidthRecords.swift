/// Cuts a line of fixed widths into cells, each without its padding.
struct FixedWidthRecords {
    private let columns: ColumnCount
    private let shape: RecordShape
    /// Each cell's pad, and that of an absent value, as ASCII.
    private let pads: [(pad: UInt8, absent: UInt8)]

    init(_ shape: RecordShape, _ encoding: CharacterEncoding) {
        self.shape = shape
        columns = ColumnCount(
            encoding,
            countsCharacters: shape.cells.first?.look.countsCharacters ?? false
        )
        func plain(_ pad: [UInt8]) -> UInt8 {
            var decoder = FileDecoder(encoding)
            var text: [UInt8] = []
            decoder.decode(pad[...], to: &text)
            decoder.finish(to: &text)
            return text.first ?? 0x20
        }
        pads = shape.cells.map { (plain($0.look.pad), plain($0.look.textPad)) }
    }

    /// The cells of a line; nil when it is no record of this shape.
    func cells(of line: ArraySlice<UInt8>) -> DelimitedRecords.Record? {
        var record = DelimitedRecords.Record()
        var place = line.startIndex
        for (index, cell) in shape.cells.enumerated() {
            let start = place
            var width = 0
            while width < cell.look.width, place < line.endIndex {
                width += columns.columns(ofCharacterBeginningWith: line[place])
                place += 1
                while place < line.endIndex, line[place] & 0xC0 == 0x80 { place += 1 }
            }
            guard width == cell.look.width, let text = text(line[start..<place], at: index) else {
                return nil
            }
            record.bytes += text
            record.ends.append(record.bytes.count)
        }
        return place == line.endIndex ? record : nil
    }

    /// A cell's text without its padding; nil when it cannot stand there.
    private func text(_ raw: ArraySlice<UInt8>, at index: Int) -> ArraySlice<UInt8>? {
        let cell = shape.cells[index]
        let look = cell.look
        if let constant = cell.constant {
            let padded = Self.trimmed(constant[...], pads[index].pad, fromLeft: look.alignsRight)
            let found = Self.trimmed(raw, pads[index].pad, fromLeft: look.alignsRight)
            let isIt = raw.elementsEqual(constant) || found.elementsEqual(padded)
            return isIt ? constant[...] : nil
        }
        if cell.mayBeAbsent {
            let found = Self.trimmed(raw, pads[index].absent, fromLeft: look.textAlignsRight)
            let absent = Self.trimmed(
                cell.absent[...],
                pads[index].absent,
                fromLeft: look.textAlignsRight
            )
            if found.elementsEqual(absent) { return cell.absent[...] }
        }
        // Zeros before a number say nothing.
        var text = raw
        if !look.padsZeros {
            text = Self.trimmed(raw, pads[index].pad, fromLeft: look.alignsRight)
        }
        return shape.admits(text, at: index) ? text : nil
    }

    private static func trimmed(_ text: ArraySlice<UInt8>, _ pad: UInt8, fromLeft: Bool)
        -> ArraySlice<UInt8>
    {
        var text = text
        if fromLeft {
            while text.first == pad { text.removeFirst() }
        } else {
            while text.last == pad { text.removeLast() }
        }
        return text
    }
}
