internal import Transactions

extension RowProgram {
    /// Appends a text: copied and looked through in one go, and only where something special is in it
    /// written again.
    @inline(__always)
    func text(
        _ row: borrowing ScannedRow,
        _ words: Span<UInt64>,
        _ bytes: Span<UInt8>,
        _ word: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let mark = words[word]
        let start = Int(mark & ~ScannedRow.decodedMark)
        let length = Int(words[word &+ 1])
        // Escaped for XML a character takes at most six bytes.
        guard length <= Int(styles[style].most),
            buffer.hasRoom(length &* 6 &+ Int(styles[style].width))
        else {
            return false
        }
        if mark & ScannedRow.decodedMark != 0 {
            return text(row.decoded.span, start, length, styles, style, &machine, &buffer)
        }
        return text(bytes, start, length, styles, style, &machine, &buffer)
    }

    @inline(__always)
    private func text(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let cell = buffer.count
        switch styles[style].form {
        case .delimited:
            if styles[style].guardsFormulas, length > 0, Self.mayBeFormula(source[start]) {
                return false
            }
            if styles[style].quotesAlways { buffer.append(0x22) }
            if buffer.copy(source, start, length, watching: styles[style].watch) {
                if styles[style].quotesAlways { buffer.append(0x22) }
                return true
            }
            buffer.cut(to: cell)
            return special(source, start, length, styles, style, &machine, &buffer)
        case .fixedWidth:
            let padding = Int(styles[style].width) &- length
            if padding >= 0, !styles[style].alignsRight {
                if buffer.copy(source, start, length, watching: styles[style].watch) {
                    buffer.append(styles[style].pad, times: padding)
                    return true
                }
                buffer.cut(to: cell)
            }
            return special(source, start, length, styles, style, &machine, &buffer)
        case .text, .attribute:
            if buffer.copy(source, start, length, watching: styles[style].watch) { return true }
            buffer.cut(to: cell)
            return escaped(source, start, length, styles, style, &buffer)
        }
    }

    /// Whether a spreadsheet may take a text that begins so for a formula.
    @inline(__always)
    private static func mayBeFormula(_ first: UInt8) -> Bool {
        switch first {
        case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A, 0xEF: true
        default: false
        }
    }

    /// Delimited or fixed text with quotes, control characters or characters beyond ASCII.
    private func special(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        // Whether it is a formula behind a delimiter the general path knows.
        if styles[style].guardsFormulas { return false }
        machine.scratch.removeAll(keepingCapacity: true)
        var place = start
        let end = start &+ length
        while place < end {
            let byte = source[place]
            if byte < 0x20 || byte == 0x7F {
                switch styles[style].control {
                case .reject: return false
                case .keep: machine.scratch.append(byte)
                case .blank:
                    machine.scratch.append(0x20)
                    machine.altered.characters += 1
                }
                place &+= 1
            } else if byte >= 0x80, !styles[style].isMapped, styles[style].form == .fixedWidth {
                // Widths may be counted in characters or in bytes: the general path knows.
                return false
            } else if byte < 0x80 || !styles[style].isMapped {
                machine.scratch.append(byte)
                place &+= 1
            } else {
                let code = Self.codePoint(source, &place)
                if let mapped = encoding.byte(of: code) {
                    machine.scratch.append(mapped)
                } else {
                    guard styles[style].replacement != 0 else { return false }
                    machine.scratch.append(styles[style].replacement)
                    machine.altered.characters += 1
                }
            }
        }
        return styles[style].form == .delimited
            ? delimited(styles, style, &machine, &buffer) : fixed(styles, style, &machine, &buffer)
    }

    /// A code point of valid UTF-8 beyond ASCII.
    private static func codePoint(_ source: Span<UInt8>, _ place: inout Int) -> UInt32 {
        let first = UInt32(source[place])
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        var code = first & (0xFF >> (UInt32(length) + 1))
        for index in 1..<length { code = code << 6 | UInt32(source[place &+ index] & 0x3F) }
        place &+= length
        return code
    }

    private func delimited(
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let delimiter = styles[style].delimiter
        let needsQuotes =
            styles[style].quotesAlways
            || machine.scratch.contains {
                $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D
            }
        if needsQuotes {
            guard !styles[style].neverQuotes else { return false }
            buffer.append(0x22)
        }
        for byte in machine.scratch {
            if byte == 0x22 { buffer.append(0x22) }
            buffer.append(byte)
        }
        if needsQuotes { buffer.append(0x22) }
        return true
    }

    private func fixed(
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        var size = machine.scratch.count
        let width = Int(styles[style].width)
        if size > width {
            guard styles[style].cuts else { return false }
            size = width
            machine.altered.cuts += 1
        }
        if styles[style].padsZeros, let first = machine.scratch.first,
            first == 0x2D || first == 0x2B
        {
            return false
        }
        if styles[style].alignsRight { buffer.append(styles[style].pad, times: width &- size) }
        buffer.append(machine.scratch.span, 0, size)
        if !styles[style].alignsRight { buffer.append(styles[style].pad, times: width &- size) }
        return true
    }

    /// Text for XML with characters that are escaped (XML 1.0, 2.2 and 2.4).
    private func escaped(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ styles: Span<RowStyle>,
        _ style: Int,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let isAttribute = styles[style].form == .attribute
        for index in start..<start &+ length {
            let byte = source[index]
            switch byte {
            case 0x26: buffer.append("&amp;")
            case 0x3C: buffer.append("&lt;")
            case 0x3E: buffer.append("&gt;")
            case 0x22 where isAttribute: buffer.append("&quot;")
            case 0x0D: buffer.append("&#13;")
            case 0x09 where isAttribute: buffer.append("&#9;")
            case 0x0A where isAttribute: buffer.append("&#10;")
            case 0x09, 0x0A, 0x20...0x7F: buffer.append(byte)
            case 0x00..<0x20: return false
            default:
                guard !styles[style].isMapped else { return false }
                // U+FFFE and U+FFFF are none of XML's characters.
                if byte == 0xEF, source[index &+ 1] == 0xBF, source[index &+ 2] >= 0xBE {
                    return false
                }
                buffer.append(byte)
            }
        }
        return true
    }
}

extension RowBuffer {
    /// Appends a literal of ASCII.
    fileprivate mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(unsafe text.utf8Start[index]) }
    }
}
