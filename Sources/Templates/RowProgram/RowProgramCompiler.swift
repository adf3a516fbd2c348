internal import Expressions
internal import Transactions

/// Makes row programs of a plan's records, where all that a record does has a shape.
struct RowProgramCompiler {
    let plan: Plan

    /// The program of a node that goes over transactions; nil where it has none.
    func program(for node: CompiledNode, _ form: OutputForm) -> RowProgram? {
        guard case .items(let list, let slot, let order, _) = node.loop, order.isEmpty,
            list.isOfRows, node.checks.isEmpty, Self.isServed(form.encoding),
            case .record(let writer, let note) = node.writing
        else { return nil }
        var values = RowValues(plan: plan, rowSlot: slot)
        for (slot, value) in node.bindings {
            guard value.streams.isEmpty, let shape = value.expression.shape else { return nil }
            values.bindings[slot] = shape
        }
        var draft = RowProgramDraft(mayLack: plan.selection.mayLack)
        var leaving: [Int] = []
        if let condition = node.condition {
            guard condition.streams.isEmpty, let shape = condition.expression.shape,
                let test = values.test(shape), let jumps = draft.test(test)
            else { return nil }
            leaving = jumps
        }
        guard let places = sums(note, writer.fields, values, &draft) else { return nil }
        for (index, field) in writer.fields.enumerated() {
            let isWritten =
                switch writer {
                case .delimited(let encoder):
                    cell(encoder, index, form, values, places[index], &draft)
                case .fixedWidth(let encoder):
                    cell(encoder, index, form, values, places[index], &draft)
                case .json: false
                }
            guard isWritten, field.look.pad.count == 1 || field.look.width == 0 else { return nil }
        }
        draft.literal(form.lineEnd)
        finish(&draft, leaving)
        return RowProgram(draft, encoding: form.encoding)
    }

    /// Puts what leaves a row out behind the last op.
    func finish(_ draft: inout RowProgramDraft, _ leaving: [Int]) {
        guard !leaving.isEmpty else { return }
        let end = draft.jump()
        draft.settle(leaving)
        draft.op(.leaveOut)
        draft.settle([end])
    }

    /// Encodings of which ASCII is a part and characters are one byte, or UTF-8.
    private static func isServed(_ encoding: CharacterEncoding) -> Bool {
        encoding.keepsASCII && (encoding.name == "utf-8" || !encoding.isUnicode)
    }

    // MARK: Sums

    /// The registers of fields that sums over the record ask for; nil where a sum asks for more.
    private func sums(
        _ note: CompiledNode.RecordNote,
        _ fields: [CompiledField],
        _ values: RowValues,
        _ draft: inout RowProgramDraft
    ) -> [Int?]? {
        var registers = [Int?](repeating: nil, count: fields.count)
        for level in note.levels {
            for (number, sum) in plan.levels[level].written.enumerated() {
                guard sum.record == nil || sum.record == note.id else { continue }
                guard sum.body != nil else {
                    guard sum.condition == nil, sum.result == .size else { return nil }
                    draft.sums.append(
                        .init(level: level, accumulator: number, register: -1, places: 0)
                    )
                    continue
                }
                guard sum.result == .sum, let member = sum.member, sum.record != nil else {
                    return nil
                }
                let index = note.members.isEmpty ? member : note.members[member]
                guard fields.indices.contains(index),
                    case .value(let formula, _) = fields[index].content, formula.streams.isEmpty,
                    let shape = formula.expression.shape
                else { return nil }
                let places: Int
                switch values.value(shape) {
                case .amount(let field, let count)? where !plan.selection.isOptional(field):
                    places = count
                case .integer(let field)? where !plan.selection.isOptional(field): places = -1
                default: return nil
                }
                guard let register = registers[index] ?? draft.register() else { return nil }
                registers[index] = register
                draft.sums.append(
                    .init(level: level, accumulator: number, register: register, places: places)
                )
            }
        }
        return registers
    }

    // MARK: Cells

    private func cell(
        _ encoder: DelimitedEncoder,
        _ index: Int,
        _ form: OutputForm,
        _ values: RowValues,
        _ register: Int?,
        _ draft: inout RowProgramDraft
    ) -> Bool {
        let field = encoder.fields[index]
        let encode: @Sendable ([UInt8]?) -> [UInt8]? = { text in
            var text = text ?? field.look.absent
            var output: [UInt8] = []
            var altered = Substitutions()
            do throws(FormError) {
                try encoder.append(&text, at: index, to: &output, form, &altered)
            } catch {
                // Nothing is lost: the row is left to the general path, which fails with this.
                return nil
            }
            return altered == Substitutions() ? output : nil
        }
        var style = RowStyle(form: .delimited)
        style.delimiter = form.delimiter
        style.lead = index > 0 ? form.delimiter : 0
        style.guardsFormulas = field.look.isText && field.look.formulas != .keep
        style.quotesAlways =
            field.look.quote == .always || field.look.quote == .text && field.look.isQuotedText
        style.neverQuotes = field.look.quote == .never
        guard form.delimiterBytes.count == 1, form.delimiter < 0x80 else { return false }
        return cell(field, style, form, values, register, &draft, encode)
    }

    private func cell(
        _ encoder: FixedWidthEncoder,
        _ index: Int,
        _ form: OutputForm,
        _ values: RowValues,
        _ register: Int?,
        _ draft: inout RowProgramDraft
    ) -> Bool {
        let field = encoder.fields[index]
        let encode: @Sendable ([UInt8]?) -> [UInt8]? = { text in
            var output: [UInt8] = []
            var altered = Substitutions()
            do throws(FormError) {
                try encoder.append(
                    text ?? field.look.absent,
                    isAbsent: text == nil,
                    at: index,
                    to: &output,
                    form,
                    &altered
                )
            } catch {
                // Nothing is lost: the row is left to the general path, which fails with this.
                return nil
            }
            return altered == Substitutions() ? output : nil
        }
        var style = RowStyle(form: .fixedWidth)
        style.width = Int32(field.look.width)
        style.alignsRight = field.look.alignsRight
        style.padsZeros = field.look.padsZeros
        style.pad = field.look.pad.first ?? 0x20
        style.cuts = field.look.cuts && !field.look.isNumber
        // Widths in characters of UTF-8 need them counted.
        guard field.look.pad.count == 1, field.look.width <= 4_096 else { return false }
        return cell(field, style, form, values, register, &draft, encode)
    }

    /// Appends a field; `encode` makes the cell of a text, or of none.
    private func cell(
        _ field: CompiledField,
        _ plain: RowStyle,
        _ form: OutputForm,
        _ values: RowValues,
        _ register: Int?,
        _ draft: inout RowProgramDraft,
        _ encode: @escaping @Sendable ([UInt8]?) -> [UInt8]?
    ) -> Bool {
        guard let absent = encode(nil) else { return false }
        switch field.content {
        case .nothing:
            draft.literal(absent)
            return register == nil
        case .text(let text):
            guard register == nil, let constant = text.constant,
                let bytes = encode(Array(constant.utf8))
            else { return false }
            draft.literal(bytes)
            return true
        case .value(let formula, let fieldForm):
            guard formula.streams.isEmpty, let shape = formula.expression.shape,
                let value = values.value(shape), var style = styled(plain, fieldForm, form)
            else { return false }
            // A number or time that needs quotes by its own signs is the general path's.
            if style.form == .delimited, style.mark == style.delimiter { return false }
            if style.isMapped == false, !form.encoding.isUnicode { return false }
            style.watch = watch(style)
            let number = draft.add(style)
            return draft.cell(
                value,
                formula,
                .init(field: fieldForm, style: number) { value in
                    var text: [UInt8] = []
                    var altered = 0
                    do throws(FormError) {
                        let isPresent = try fieldForm.append(value, to: &text, altered: &altered)
                        return altered == 0 ? encode(isPresent ? text : nil) : nil
                    } catch {
                        // Nothing is lost: the row is left to the general path, which fails with this.
                        return nil
                    }
                },
                absent,
                register: register
            )
        }
    }

    /// A cell's style with what its value's form adds; nil where ops do not know it.
    func styled(_ plain: RowStyle, _ field: FieldForm, _ form: OutputForm) -> RowStyle? {
        var style = plain
        let format = field.format
        guard format.escapes.isEmpty else { return nil }
        if let most = format.textMost { style.most = Int32(clamping: most) }
        style.control =
            format.kind == .xml || format.kind == .json
            ? .keep : format.controlCharacters ?? .reject
        style.isMapped = !form.encoding.isUnicode
        if case .replace(let text)? = format.unmappable, text.utf8.count == 1,
            let byte = text.utf8.first, byte < 0x80
        {
            style.replacement = byte
        }
        guard field.isNumber else { return style }
        // Room is asked for once a row (`RowProgram.room`).
        guard let number = field.numberStyle, number.wholeDigits + number.places.lowerBound <= 64
        else { return nil }
        style.sign = number.sign
        style.leastPlaces = Int8(number.places.lowerBound)
        style.mostPlaces = Int8(number.places.upperBound)
        style.wholeDigits = Int32(number.wholeDigits)
        style.mark = number.mark
        return style
    }

    /// What a plain text is looked through for, which has no quotes and no control characters but 0x7F; nil
    /// where that is too much.
    func watch(_ style: RowStyle) -> RowBuffer.Watch? {
        var bytes: Set<UInt8> = style.control == .keep ? [] : [0x7F]
        switch style.form {
        case .delimited:
            if style.delimiter >= 0x20 { bytes.insert(style.delimiter) }
            // A formula may begin behind what spreadsheets take for a delimiter.
            if style.guardsFormulas { bytes.formUnion([0x2C, 0x3B, 0x7C]) }
        case .fixedWidth: break
        case .text, .attribute: bytes = [0x26, 0x3C, 0x3E]
        }
        bytes.remove(0x22)
        return .init(bytes.sorted(), notASCII: style.form != .delimited || style.isMapped)
    }
}

extension CompiledNode.List {
    /// Whether its elements are transactions.
    var isOfRows: Bool {
        switch self {
        case .transactions, .transactionsOf: true
        default: false
        }
    }
}
