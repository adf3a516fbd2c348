internal import Transactions

extension RowProgram {
    /// Appends a text: as a rule copied and looked through in one go.
    ///
    /// Only where something special is in it, or it is long, it is written again.
    @inline(__always)
    func text(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ word: Int,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        // Negative where the text stands in `decoded`.
        let start = Int(truncatingIfNeeded: row[word])
        let length = Int(truncatingIfNeeded: row[word &+ 1])
        if start >= 0, length > 0, length <= Int(styles[style].short), row.hasPlainTexts,
            start &+ length &+ 8 <= bytes.count,
            !styles[style].guardsFormulas || !Self.mayBeFormula(bytes[start]),
            let watch = styles[style].watch
        {
            let cell = buffer.count
            if buffer.copy(bytes, start, length, watching: watch) {
                if styles[style].form == .fixedWidth {
                    buffer.append(styles[style].pad, times: Int(styles[style].width) &- length)
                }
                return true
            }
            buffer.cut(to: cell)
        }
        return anyText(row, bytes, word, style, &machine, &buffer)
    }

    /// Appends any text.
    @inline(never)
    private func anyText(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ word: Int,
        _ style: Int,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let mark = row[word]
        let start = Int(mark & ~ScannedRow.decodedMark)
        let length = Int(row[word + 1])
        // Escaped for XML a character takes at most six bytes.
        guard length <= Int(styles[style].most), buffer.hasRoom(room + length * 6) else {
            return false
        }
        return mark & ScannedRow.decodedMark == 0
            ? anyText(bytes, start, length, styles[style], &machine, &buffer)
            : anyText(row.decoded.span, start, length, styles[style], &machine, &buffer)
    }

    private func anyText(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ style: RowStyle,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        switch style.form {
        case .delimited:
            if style.guardsFormulas, length > 0, Self.mayBeFormula(source[start]) { return false }
            return delimited(source, start, length, style, &machine, &buffer)
        case .fixedWidth: return fixed(source, start, length, style, &machine, &buffer)
        case .text, .attribute: return escaped(source, start, length, style, &buffer)
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

    /// Appends a text by the style's rules for control characters and for what the encoding lacks; false
    /// where the general path decides.
    ///
    /// `doubling` quotes; whether a delimited text needs them goes into `needsQuotes`.
    private func transcode(
        _ source: Span<UInt8>,
        _ range: Range<Int>,
        _ style: RowStyle,
        doubling: Bool,
        needsQuotes: inout Bool,
        _ altered: inout Substitutions,
        _ buffer: inout RowBuffer
    ) -> Bool {
        func put(_ byte: UInt8) {
            if byte == style.delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D {
                needsQuotes = true
                if doubling, byte == 0x22 { buffer.append(0x22) }
            }
            buffer.append(byte)
        }
        var place = range.lowerBound
        while place < range.upperBound {
            let byte = source[place]
            if byte >= 0x20, byte < 0x7F {
                put(byte)
                place &+= 1
            } else if byte < 0x80 {
                switch style.control {
                case .reject: return false
                case .keep: put(byte)
                case .blank:
                    put(0x20)
                    altered.characters += 1
                }
                place &+= 1
            } else if style.isMapped {
                if let mapped = encoding.byte(of: Self.codePoint(source, &place)) {
                    put(mapped)
                } else {
                    guard style.replacement != 0 else { return false }
                    put(style.replacement)
                    altered.characters += 1
                }
            } else {
                // Widths may be counted in characters or in bytes: the general path knows.
                guard style.form != .fixedWidth else { return false }
                put(byte)
                place &+= 1
            }
        }
        return true
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

    /// Delimited text with quotes, control characters or characters beyond ASCII.
    private func delimited(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ style: RowStyle,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        // Whether it is a formula behind a delimiter the general path knows.
        if style.guardsFormulas {
            for index in start..<start + length {
                switch source[index] {
                case 0..<0x20, 0x22, 0x2C, 0x3B, 0x7C, 0x7F, style.delimiter: return false
                case 0x80... where style.isMapped: return false
                default: break
                }
            }
        }
        let cell = buffer.count
        let range = start..<start + length
        var altered = machine.altered
        var needsQuotes = false
        guard
            transcode(
                source,
                range,
                style,
                doubling: false,
                needsQuotes: &needsQuotes,
                &altered,
                &buffer
            )
        else { return false }
        guard needsQuotes || style.quotesAlways else {
            machine.altered = altered
            return true
        }
        guard !style.neverQuotes else { return false }
        buffer.cut(to: cell)
        buffer.append(0x22)
        _ = transcode(
            source,
            range,
            style,
            doubling: true,
            needsQuotes: &needsQuotes,
            &machine.altered,
            &buffer
        )
        buffer.append(0x22)
        return true
    }

    /// Text of fixed width of any kind.
    private func fixed(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ style: RowStyle,
        _ machine: inout RowMachine,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let cell = buffer.count
        let width = Int(style.width)
        var needsQuotes = false
        guard
            transcode(
                source,
                start..<start + length,
                style,
                doubling: false,
                needsQuotes: &needsQuotes,
                &machine.altered,
                &buffer
            )
        else { return false }
        if buffer.count - cell > width {
            guard style.cuts else { return false }
            buffer.cut(to: cell + width)
            machine.altered.cuts += 1
        }
        // A sign would go before the zeros.
        if style.padsZeros, buffer.count > cell {
            let first = buffer.byte(at: cell)
            if first == 0x2D || first == 0x2B { return false }
        }
        let padding = width - (buffer.count - cell)
        if style.alignsRight {
            buffer.insert(style.pad, times: padding, at: cell)
        } else {
            buffer.append(style.pad, times: padding)
        }
        return true
    }

    /// Text for XML with characters that are escaped (XML 1.0, 2.2 and 2.4).
    private func escaped(
        _ source: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        _ style: RowStyle,
        _ buffer: inout RowBuffer
    ) -> Bool {
        let isAttribute = style.form == .attribute
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
                guard !style.isMapped else { return false }
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
