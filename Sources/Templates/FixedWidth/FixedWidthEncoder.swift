internal import Expressions

/// Writes one record of fixed-width fields, each counted in bytes of the encoding or in characters.
struct FixedWidthEncoder: Sendable {
    let fields: [CompiledField]

    func append(
        _ texts: [(text: String?, isText: Bool)],
        to output: inout [UInt8],
        _ form: OutputForm
    ) throws(FieldFailure) -> Substitutions {
        var substitutions = Substitutions()
        for (field, cell) in zip(fields, texts) {
            do throws(FormError) {
                let text = cell.text ?? field.format.absent ?? ""
                try append(text, of: field, to: &output, form, &substitutions)
            } catch {
                throw FieldFailure(field: field, error: error)
            }
        }
        output.append(contentsOf: form.lineEnd)
        return substitutions
    }

    private func append(
        _ text: String,
        of field: CompiledField,
        to output: inout [UInt8],
        _ form: OutputForm,
        _ substitutions: inout Substitutions
    ) throws(FormError) {
        let format = field.format
        var isNumber = false
        if case .value(_, let fieldForm) = field.content { isNumber = fieldForm.isNumber }
        let countsCharacters = format.countedIn == .characters
        var encoded: [UInt8] = []
        substitutions.characters += try form.append(text, to: &encoded, format)
        func size(_ text: String, _ bytes: [UInt8]) -> Int {
            countsCharacters ? text.unicodeScalars.count : bytes.count
        }
        if size(text, encoded) > field.width {
            guard !isNumber, format.textOverflow == .cut else {
                throw FormError(
                    name: "width",
                    message: "value needs \(size(text, encoded)) columns, field has \(field.width)",
                    cure: isNumber ? "widen the field" : "widen the field, or set overflow: cut"
                )
            }
            // Whole characters only, as many as fit.
            var kept = text.unicodeScalars
            repeat {
                kept.removeLast()
                encoded = []
                _ = try form.append(String(kept), to: &encoded, format)
            } while size(String(kept), encoded) > field.width
            substitutions.cuts += 1
            pad(encoded, String(kept), field, isNumber, countsCharacters, to: &output, form)
            return
        }
        pad(encoded, text, field, isNumber, countsCharacters, to: &output, form)
    }

    private func pad(
        _ encoded: [UInt8],
        _ text: String,
        _ field: CompiledField,
        _ isNumber: Bool,
        _ countsCharacters: Bool,
        to output: inout [UInt8],
        _ form: OutputForm
    ) {
        let format = field.format
        let used = countsCharacters ? text.unicodeScalars.count : encoded.count
        let filler = (isNumber && !text.isEmpty ? format.numberPad : format.textPad) ?? 0x20
        let align =
            (isNumber ? format.numberAlign : format.textAlign) ?? (isNumber ? .right : .left)
        var padding: [UInt8] = []
        let letters = String(repeating: String(UnicodeScalar(filler)), count: field.width - used)
        // The pad is an ASCII character, which every encoding has.
        padding.append(contentsOf: form.ascii(letters))
        if align == .left {
            output.append(contentsOf: encoded)
            output.append(contentsOf: padding)
        } else if filler == 0x30, isNumber, text.first == "-" || text.first == "+" {
            // Zeros go between the sign and the digits.
            output.append(encoded[0])
            output.append(contentsOf: padding)
            output.append(contentsOf: encoded.dropFirst())
        } else {
            output.append(contentsOf: padding)
            output.append(contentsOf: encoded)
        }
    }
}

extension OutputForm {
    /// ASCII text in the file's encoding (EBCDIC has other bytes for it).
    func ascii(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(UnmappableCharacter) {
            _ = try encoding.append(text, to: &bytes, .reject, [:])
        } catch {
            // Every encoding of CharacterEncoding.names has the printable ASCII characters.
            return Array(text.utf8)
        }
        return bytes
    }
}
