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
        guard writing.append(element, depth: depth, isHeard: true, isRepeated: true) else {
            return nil
        }
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
    ///
    /// An element that always has something in it never vanishes: nothing is marked to be taken back, and
    /// its tags join what stands beside them. Half the ops of job C were such marks.
    ///
    /// `isHeard`: whether something around it asks if it was written.
    mutating func append(
        _ element: XMLSkeleton.Element,
        depth: Int,
        isHeard: Bool,
        isRepeated: Bool = false
    ) -> Bool {
        guard isRepeated || element.loop == nil else { return false }
        var without: [Int] = []
        if let condition = element.condition {
            guard condition.streams.isEmpty, let shape = condition.expression.shape,
                let test = values.test(shape), let jumps = draft.test(test)
            else { return false }
            without = jumps
        }
        let stays = Self.stays(element)
        if !stays { draft.op(.begin) }
        if skeleton.isIndented { draft.literal(indent(depth)) }
        draft.literal(element.start)
        for (start, text) in element.attributes {
            guard append(text, before: start, behind: [0x22], isHeard: false) else { return false }
        }
        guard !element.children.isEmpty else {
            draft.literal(Array("/>".utf8))
            if isHeard { draft.op(.written) }
            return leaveOut(without, isRepeated)
        }
        draft.literal([0x3E])
        for child in element.children {
            guard append(child, depth: depth + 1, isHeard: !stays) else { return false }
        }
        // An element that vanished goes on behind its end tag.
        let end = stays ? nil : draft.jumpingEnd()
        if skeleton.isIndented, !element.hasText { draft.literal(indent(depth)) }
        draft.literal(element.end)
        if let end {
            draft.settle([end])
        } else if isHeard {
            draft.op(.written)
        }
        return leaveOut(without, isRepeated)
    }

    private mutating func leaveOut(_ without: [Int], _ isRepeated: Bool) -> Bool {
        if isRepeated {
            compiler.finish(&draft, without)
        } else {
            draft.settle(without)
        }
        return true
    }

    /// Whether an element that is entered always has something in it.
    private static func stays(_ element: XMLSkeleton.Element) -> Bool {
        element.children.isEmpty || element.children.contains(where: stays)
    }

    private static func stays(_ node: XMLSkeleton.Node) -> Bool {
        switch node {
        case .text(let text):
            !text.vanishes
                || text.pieces.allSatisfy { piece in
                    if case .hole(let formula, _) = piece { !formula.type.isOptional } else { true }
                }
        case .element(let element):
            element.loop == nil && element.condition == nil && stays(element)
        case .part(let nodes): nodes.contains(where: stays)
        case .choose: false
        }
    }

    private func indent(_ depth: Int) -> [UInt8] {
        [0x0A] + [UInt8](repeating: 0x20, count: depth * 2)
    }

    private mutating func append(_ node: XMLSkeleton.Node, depth: Int, isHeard: Bool) -> Bool {
        switch node {
        case .text(let text): return append(text, before: [], behind: [], isHeard: isHeard)
        case .element(let element): return append(element, depth: depth, isHeard: isHeard)
        case .part(let nodes):
            for inner in nodes {
                guard append(inner, depth: depth, isHeard: isHeard) else { return false }
            }
            return true
        case .choose(let branches): return choose(branches, depth: depth, isHeard: isHeard)
        }
    }

    /// The first branch whose condition holds.
    private mutating func choose(
        _ branches: [XMLSkeleton.Node],
        depth: Int,
        isHeard: Bool
    ) -> Bool {
        var ends: [Int] = []
        for branch in branches {
            var otherwise: [Int] = []
            if case .element(let element) = branch, let condition = element.condition {
                guard condition.streams.isEmpty, let shape = condition.expression.shape,
                    let test = values.test(shape), let jumps = draft.test(test)
                else { return false }
                otherwise = jumps
            }
            guard append(branch, depth: depth, isHeard: isHeard) else { return false }
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
        behind: [UInt8],
        isHeard: Bool
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
        // An attribute is nothing that keeps an element: nobody hears of it.
        if isHeard { draft.op(.written) }
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
