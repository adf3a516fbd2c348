internal import Expressions

/// Why a skeleton cannot be written for these values.
struct SkeletonFailure: Error {
    let name: String
    let message: String
}

/// A skeleton after checking: escaped bytes with holes.
struct XMLSkeleton: Sendable {
    indirect enum Node: Sendable {
        case text(XMLText)
        case element(Element)
        /// The first branch whose condition holds.
        case choose([Node])
        case part([Node])
    }

    struct Element: Sendable {
        let name: String
        /// Namespace declarations and constant attributes, written and escaped.
        let constantAttributes: String
        let attributes: [(name: String, value: XMLText)]
        let children: [Node]
        let loop: (list: Expression, slot: Int)?
        let condition: Expression?
    }

    /// Text with holes; escaping is for text, or for attributes in double quotes.
    struct XMLText: Sendable {
        let template: TextTemplate
        let isAttribute: Bool

        /// The single hole that is all there is, apart from blanks.
        var onlyHole: Bool {
            var holes = 0
            for piece in template.pieces {
                switch piece {
                case .hole: holes += 1
                case .literal(let text):
                    if text.contains(where: { !$0.isWhitespace }) { return false }
                }
            }
            return holes == 1
        }
    }

    let root: [Node]
    let isIndented: Bool
    let blanksControlCharacters: Bool

    /// Appends the document, declaration included.
    func write(_ frame: inout Frame, to output: inout [UInt8]) throws(SkeletonFailure) {
        output.append(contentsOf: #"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)
        if !isIndented { output.append(0x0A) }
        for node in root { _ = try write(node, &frame, to: &output, depth: 0) }
        output.append(0x0A)
    }

    /// Writes a node; false when it vanished and left nothing behind.
    private func write(
        _ node: Node,
        _ frame: inout Frame,
        to output: inout [UInt8],
        depth: Int
    ) throws(SkeletonFailure) -> Bool {
        switch node {
        case .text(let text): return try write(text, &frame, to: &output)
        case .element(let element): return try write(element, &frame, to: &output, depth: depth)
        case .part(let nodes):
            var isWritten = false
            for inner in nodes where try write(inner, &frame, to: &output, depth: depth) {
                isWritten = true
            }
            return isWritten
        case .choose(let branches):
            for branch in branches {
                if case .element(let element) = branch, let condition = element.condition {
                    guard case .bool(true) = try value(of: condition, &frame) else { continue }
                }
                return try write(branch, &frame, to: &output, depth: depth)
            }
            return false
        }
    }

    private func value(of expression: Expression, _ frame: inout Frame) throws(SkeletonFailure)
        -> Value
    {
        do throws(EvaluationError) {
            return try expression.evaluate(&frame)
        } catch {
            throw SkeletonFailure(name: error.name, message: error.message)
        }
    }

    private func write(
        _ element: Element,
        _ frame: inout Frame,
        to output: inout [UInt8],
        depth: Int
    ) throws(SkeletonFailure) -> Bool {
        guard let (list, slot) = element.loop else {
            return try writeOnce(element, &frame, to: &output, depth: depth)
        }
        guard case .list(let values) = try value(of: list, &frame) else { return false }
        var isWritten = false
        for value in values {
            frame[slot] = value
            if try writeOnce(element, &frame, to: &output, depth: depth) { isWritten = true }
        }
        return isWritten
    }

    private func writeOnce(
        _ element: Element,
        _ frame: inout Frame,
        to output: inout [UInt8],
        depth: Int
    ) throws(SkeletonFailure) -> Bool {
        if let condition = element.condition {
            guard case .bool(true) = try value(of: condition, &frame) else { return false }
        }
        let start = output.count
        if isIndented { indent(depth, &output) }
        output.append(0x3C)
        output.append(contentsOf: element.name.utf8)
        output.append(contentsOf: element.constantAttributes.utf8)
        for (name, text) in element.attributes {
            let place = output.count
            output.append(0x20)
            output.append(contentsOf: name.utf8)
            output.append(contentsOf: "=\"".utf8)
            if try write(text, &frame, to: &output) {
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
        var hasText = false
        for child in element.children {
            if case .text = child { hasText = true }
            if try write(child, &frame, to: &output, depth: depth + 1) { isWritten = true }
        }
        guard isWritten else {
            output.removeSubrange(start...)
            return false
        }
        if isIndented, !hasText { indent(depth, &output) }
        output.append(contentsOf: "</".utf8)
        output.append(contentsOf: element.name.utf8)
        output.append(0x3E)
        return true
    }

    private func indent(_ depth: Int, _ output: inout [UInt8]) {
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }

    /// Writes text; false when it is one hole whose value is absent.
    private func write(_ text: XMLText, _ frame: inout Frame, to output: inout [UInt8])
        throws(SkeletonFailure) -> Bool
    {
        let vanishes = text.onlyHole
        for piece in text.template.pieces {
            switch piece {
            case .literal(let literal):
                try escape(literal, text.isAttribute, to: &output)
            case .hole(let expression, let form):
                let value = try value(of: expression, &frame)
                if value.isAbsent, vanishes { return false }
                let written: String?
                do throws(FormError) {
                    written = try form.text(value)
                } catch {
                    throw SkeletonFailure(name: error.name, message: error.message)
                }
                try escape(written ?? "", text.isAttribute, to: &output)
            }
        }
        return true
    }

    /// Escapes by XML 1.0, 2.4 and 3.3.3: a raw CR would be read back as a line feed.
    private func escape(_ text: String, _ isAttribute: Bool, to output: inout [UInt8])
        throws(SkeletonFailure)
    {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: output.append(contentsOf: "&amp;".utf8)
            case 0x3C: output.append(contentsOf: "&lt;".utf8)
            case 0x3E: output.append(contentsOf: "&gt;".utf8)
            case 0x22 where isAttribute: output.append(contentsOf: "&quot;".utf8)
            case 0x0D: output.append(contentsOf: "&#13;".utf8)
            case 0x09 where isAttribute: output.append(contentsOf: "&#9;".utf8)
            case 0x0A where isAttribute: output.append(contentsOf: "&#10;".utf8)
            case 0x09, 0x0A, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF:
                output.append(contentsOf: String(scalar).utf8)
            default:
                // Characters that XML cannot carry at all (XML 1.0, 2.2).
                guard blanksControlCharacters else {
                    throw SkeletonFailure(
                        name: "control-character",
                        message: "value has a character that XML cannot carry"
                    )
                }
                output.append(0x20)
            }
        }
    }
}
