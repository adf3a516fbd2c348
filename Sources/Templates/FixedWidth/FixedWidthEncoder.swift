/// Writes records of fixed-width fields, each counted in bytes of the encoding or in characters.
struct FixedWidthEncoder: Sendable {
    let fields: [CompiledField]

    /// Appends one field.
    ///
    /// `text`: the field as UTF-8, policies applied; `isAbsent`: whether it stands for no value.
    /// `scratch`: a buffer that nobody else holds.
    func append(
        _ text: [UInt8],
        isAbsent: Bool,
        at index: Int,
        to output: inout [UInt8],
        _ form: OutputForm,
        _ substitutions: inout Substitutions
    ) throws(FormError) {
        let look = fields[index].look
        let start = output.count
        form.encoding.append(text, to: &output)
        var size = look.countsCharacters ? UTF8Cursor.count(text) : output.count - start
        if size > look.width {
            guard !look.isNumber, look.cuts else {
                throw FormError(
                    name: "width",
                    message: "value needs \(size) columns, field has \(look.width)",
                    cure: look.isNumber
                        ? "widen the field" : "widen the field, or set overflow: cut"
                )
            }
            output.removeSubrange(start...)
            size = cut(text, look, to: &output, form)
            substitutions.cuts += 1
        }
        guard size < look.width else { return }
        let pad = isAbsent ? look.textPad : look.pad
        let count = look.width - size
        var padding = count
        // A pad of several bytes (UTF-16) fills as many bytes as it takes.
        if !look.countsCharacters, pad.count > 1 { padding = count / pad.count }
        let alignsRight = isAbsent ? look.textAlignsRight : look.alignsRight
        if !alignsRight {
            if pad.count == 1 {
                // Byte by byte into room that is there: an appended array costs ten times as much.
                for _ in 0..<padding { output.append(pad[0]) }
            } else {
                for _ in 0..<padding { output.append(contentsOf: pad) }
            }
            return
        }
        var place = start
        if look.padsZeros, !isAbsent, text.first == 0x2D || text.first == 0x2B {
            // Zeros go between the sign and the digits.
            place += form.encoding.bytes("-").count
        }
        let filler =
            pad.count == 1
            ? [UInt8](repeating: pad[0], count: padding)
            : Array(repeatElement(pad, count: padding).joined())
        output.insert(contentsOf: filler, at: place)
    }

    /// Appends as many whole characters as fit; returns their size.
    private func cut(
        _ text: [UInt8],
        _ look: FieldLook,
        to output: inout [UInt8],
        _ form: OutputForm
    ) -> Int {
        var place = 0
        var size = 0
        while place < text.count {
            let start = place
            _ = UTF8Cursor.next(text, &place)
            let before = output.count
            form.encoding.append(Array(text[start..<place]), to: &output)
            let grown = look.countsCharacters ? 1 : output.count - before
            guard size + grown <= look.width else {
                output.removeSubrange(before...)
                break
            }
            size += grown
        }
        return size
    }
}
