internal import Expressions

extension Renderer {
    /// Writes a document, declaration included.
    mutating func write(_ skeleton: XMLSkeleton) throws {
        output.append(contentsOf: skeleton.escaper.declaration)
        if !skeleton.isIndented { output.append(0x0A) }
        for node in skeleton.root { _ = try write(node, skeleton, depth: 0) }
        output.append(0x0A)
    }

    /// Writes a node; false when it vanished and left nothing behind.
    private mutating func write(_ node: XMLSkeleton.Node, _ skeleton: XMLSkeleton, depth: Int)
        throws -> Bool
    {
        switch node {
        case .text(let text): return try write(text, skeleton)
        case .element(let element): return try write(element, skeleton, depth: depth)
        case .part(let nodes):
            var isWritten = false
            for inner in nodes where try write(inner, skeleton, depth: depth) { isWritten = true }
            return isWritten
        case .choose(let branches):
            for branch in branches {
                if case .element(let element) = branch, let condition = element.condition {
                    guard try holds(condition, at: element.node) else { continue }
                }
                return try write(branch, skeleton, depth: depth)
            }
            return false
        }
    }

    private mutating func write(
        _ element: XMLSkeleton.Element,
        _ skeleton: XMLSkeleton,
        depth: Int
    ) throws -> Bool {
        guard let loop = element.loop else {
            return try writeOnce(element, skeleton, depth: depth)
        }
        var isWritten = false
        var number: Int64 = 0
        func body(_ renderer: inout Self) throws {
            number += 1
            if let slot = loop.numberSlot { renderer.frame[slot] = .int(number) }
            if try renderer.writeOnce(element, skeleton, depth: depth) {
                isWritten = true
                // What encloses a written element cannot vanish any more, so the buffer may go.
                try renderer.flushIfFull()
            }
        }
        if let grouping = loop.grouping {
            let groups = try groups(
                of: loop.list,
                grouping.rowSlot,
                grouping.keys,
                at: element.node
            )
            for group in groups {
                frame[loop.slot] = .record(group)
                open(grouping.level, group)
                try attempt(.group(group), body)
            }
            return isWritten
        }
        if let form, trace == nil, loop.list.isOfRows,
            let work = programs.work(
                element,
                { [plan] in
                    RowProgramCompiler(plan: plan).program(
                        for: element,
                        skeleton,
                        form,
                        depth: depth
                    )
                }
            )
        {
            let isRun = try run(work, loop.list, loop.slot, counting: false) { renderer in
                number = work.number - 1
                try body(&renderer)
            }
            if isRun { return isWritten || work.anyWritten }
        }
        try goOver(loop.list, loop.slot, [], loop.level, at: element.node, body)
        return isWritten
    }

    private mutating func writeOnce(
        _ element: XMLSkeleton.Element,
        _ skeleton: XMLSkeleton,
        depth: Int
    ) throws -> Bool {
        if let condition = element.condition {
            guard try holds(condition, at: element.node) else { return false }
        }
        let mark = bytes + output.count
        if skeleton.isIndented { indent(depth) }
        output.append(contentsOf: element.start)
        for (start, text) in element.attributes {
            let place = output.count
            output.append(contentsOf: start)
            if try write(text, skeleton) {
                output.append(0x22)
            } else {
                output.removeSubrange(place...)
            }
        }
        guard !element.children.isEmpty else {
            output.append(contentsOf: "/>".utf8)
            return true
        }
        output.append(0x3E)
        var isWritten = false
        for child in element.children
        where try write(child, skeleton, depth: depth + 1) {
            isWritten = true
        }
        guard isWritten else {
            let place = mark - bytes
            if place >= 0, place < output.count { output.removeSubrange(place...) }
            return false
        }
        if skeleton.isIndented, !element.hasText { indent(depth) }
        output.append(contentsOf: element.end)
        return true
    }

    private mutating func indent(_ depth: Int) {
        output.append(0x0A)
        for _ in 0..<depth * 2 { output.append(0x20) }
    }

    /// Writes text; false when it is one hole whose value is absent.
    private mutating func write(_ text: XMLSkeleton.XMLText, _ skeleton: XMLSkeleton) throws
        -> Bool
    {
        for piece in text.pieces {
            switch piece {
            case .literal(let literal): output.append(contentsOf: literal)
            case .hole(let formula, let form):
                let value = try value(of: formula, at: text.node)
                if value.isAbsent {
                    if text.vanishes { return false }
                    output.append(contentsOf: (form.format.absent ?? "").utf8)
                    continue
                }
                hole.removeAll(keepingCapacity: true)
                do throws(FormError) {
                    _ = try form.append(value, to: &hole, altered: &substitutions.characters)
                    traceHole(formula, form)
                    substitutions.characters += try skeleton.escaper.append(
                        hole,
                        isAttribute: text.isAttribute,
                        to: &output
                    )
                } catch {
                    throw FieldProblem(error, at: text.node)
                }
            }
        }
        return true
    }
}
