internal import Expressions
internal import Transactions

/// Elements of a skeleton that are repeated for transactions.
extension RowProgramCompiler {
    /// The program of an element; nil where it has none.
    func program(
        for element: XMLSkeleton.Element,
        _ skeleton: XMLSkeleton,
        _ form: OutputForm,
        depth: Int
    )
        -> RowProgram?
    {
        guard let loop = element.loop, loop.list.isOfRows, loop.grouping == nil,
            form.encoding.name == "utf-8"
        else {
            return nil
        }
        var values = RowValues(plan: plan, rowSlot: loop.slot)
        values.numberSlot = loop.numberSlot
        var writing = ElementWriting(
            compiler: self,
            skeleton: skeleton,
            form: form,
            values: values,
            draft: RowProgramDraft(mayLack: plan.selection.mayLack)
        )
        guard writing.append(element, depth: depth, isRepeated: true) else { return nil }
        return RowProgram(writing.draft, encoding: form.encoding)
    }
}

/// Writes an element's ops.
private struct ElementWriting {
    let compiler: RowProgramCompiler
    let skeleton: XMLSkeleton
    let form: OutputForm
    let values: RowValues
    var draft: RowProgramDraft

    /// Appends an element; false when ops cannot write it.
    mutating func append(_ element: XMLSkeleton.Element, depth: Int, isRepeated: Bool) -> Bool {
        guard isRepeated || element.loop == nil else { return false }
        var without: [Int] = []
        if let condition = element.condition {
            guard condition.streams.isEmpty, let shape = condition.expression.shape,
                let test = values.test(shape), let jumps = draft.test(test)
            else { return false }
            without = jumps
        }
        draft.op(.begin)
        if skeleton.isIndented { draft.literal(indent(depth)) }
        draft.literal(element.start)
        for (start, text) in element.attributes {
            guard append(text, before: start, behind: [0x22]) else { return false }
        }
        guard !element.children.isEmpty else {
            draft.literal(Array("/>".utf8))
            draft.op(.written)
            return end([], without, isRepeated)
        }
        draft.literal([0x3E])
        for child in element.children {
            guard append(child, depth: depth + 1) else { return false }
        }
        var closing: [UInt8] = []
        if skeleton.isIndented, !element.hasText { closing += indent(depth) }
        return end(closing + element.end, without, isRepeated)
    }

    private mutating func end(_ closing: [UInt8], _ without: [Int], _ isRepeated: Bool) -> Bool {
        // An element that vanished goes on behind its end tag.
        let end = draft.jumpingEnd()
        draft.literal(closing)
        draft.settle([end])
        if isRepeated {
            compiler.finish(&draft, without)
        } else {
            draft.settle(without)
        }
        return true
    }

    private func indent(_ depth: Int) -> [UInt8] {
        [0x0A] + [UInt8](repeating: 0x20, count: depth * 2)
    }

    private mutating func append(_ node: XMLSkeleton.Node, depth: Int) -> Bool {
        switch node {
        case .text(let text): return append(text, before: [], behind: [])
        case .element(let element): return append(element, depth: depth, isRepeated: false)
        case .part(let nodes):
            for inner in nodes {
                guard append(inner, depth: depth) else { return false }
            }
            return true
        case .choose(let branches): return choose(branches, depth: depth)
        }
    }

    /// The first branch whose condition holds.
    private mutating func choose(_ branches: [XMLSkeleton.Node], depth: Int) -> Bool {
        var ends: [Int] = []
        for branch in branches {
            var otherwise: [Int] = []
            if case .element(let element) = branch, let condition = element.condition {
                guard condition.streams.isEmpty, let shape = condition.expression.shape,
                    let test = values.test(shape), let jumps = draft.test(test)
                else { return false }
                otherwise = jumps
            }
            guard append(branch, depth: depth) else { return false }
            ends.append(draft.jump())
            draft.settle(otherwise)
        }
        draft.settle(ends)
        return true
    }

    /// Appends text with what stands around it, all of which vanishes where its only value is absent.
    private mutating func append(
        _ text: XMLSkeleton.XMLText,
        before: [UInt8],
        behind: [UInt8]
    ) -> Bool {
        var jumps: [Int] = []
        if text.vanishes {
            // Blanks beside a value that vanishes stay or go as the general path has it.
            guard text.pieces.count == 1 else { return false }
            // Whether the value is there is asked before anything is written.
            for case .hole(let formula, _) in text.pieces {
                guard formula.streams.isEmpty, let shape = formula.expression.shape,
                    let value = values.value(shape)
                else { return false }
                if formula.type.isOptional {
                    guard let test = values.presence(of: value), let found = draft.test(test) else {
                        return false
                    }
                    jumps = found
                }
            }
        }
        draft.literal(before)
        for piece in text.pieces {
            switch piece {
            case .literal(let literal): draft.literal(literal)
            case .hole(let formula, let fieldForm):
                guard hole(formula, fieldForm, text) else { return false }
            }
        }
        draft.literal(behind)
        // An attribute is nothing that keeps an element.
        if !text.isAttribute { draft.op(.written) }
        draft.settle(jumps)
        return true
    }

    private mutating func hole(_ formula: Formula, _ field: FieldForm, _ text: XMLSkeleton.XMLText)
        -> Bool
    {
        guard formula.streams.isEmpty, let shape = formula.expression.shape,
            let value = values.value(shape),
            var style = compiler.styled(
                RowStyle(form: text.isAttribute ? .attribute : .text),
                field,
                form
            )
        else { return false }
        style.watch = compiler.watch(style)
        let escaper = skeleton.escaper
        let absent = Array((field.format.absent ?? "").utf8)
        let number = draft.add(style)
        return draft.cell(
            value,
            formula,
            .init(field: field, style: number) { value in
                if value.isAbsent { return absent }
                var written: [UInt8] = []
                var output: [UInt8] = []
                var altered = 0
                do throws(FormError) {
                    _ = try field.append(value, to: &written, altered: &altered)
                    altered += try escaper.append(
                        written,
                        isAttribute: text.isAttribute,
                        to: &output
                    )
                } catch {
                    // Nothing is lost: the row is left to the general path, which fails with this.
                    return nil
                }
                return altered == 0 ? output : nil
            },
            absent
        )
    }
}
