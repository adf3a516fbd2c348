internal import Expressions

/// Text with `${expression}` and `${expression:pattern}` inside; `$${` writes `${`.
struct TextTemplate: Sendable {
    enum Piece: Sendable {
        case literal(String)
        case hole(Expression, FieldForm)
    }

    let pieces: [Piece]

    /// Compiles a text.
    ///
    /// `node`: where it stands, for messages.
    /// `format`: the form of what the holes yield; plain for names and messages.
    init(
        _ source: String,
        at node: YAMLNode,
        in scope: Scope,
        format: FormatDeclaration
    ) throws(Diagnostic) {
        var pieces: [Piece] = []
        for part in try Self.parts(of: source, at: node) {
            switch part {
            case .literal(let text): pieces.append(.literal(text))
            case .hole(let text, let pattern, let offset):
                let expression = try Expression(text, at: node, offset: offset, in: scope)
                do throws(FormError) {
                    pieces.append(
                        .hole(
                            expression,
                            try FieldForm(
                                type: expression.type,
                                format: format,
                                pattern: pattern
                            )
                        )
                    )
                } catch {
                    throw node.diagnostic(
                        error.name,
                        error.message,
                        cure: error.cure,
                        at: offset..<offset + text.utf8.count
                    )
                }
            }
        }
        self.pieces = pieces
    }

    enum Part {
        case literal(String)
        case hole(String, pattern: String?, offset: Int)
    }

    /// Cuts a text at its holes; `offset` is where the expression begins, in UTF-8.
    static func parts(of source: String, at node: YAMLNode) throws(Diagnostic) -> [Part] {
        let bytes = Array(source.utf8)
        var parts: [Part] = []
        var literal: [UInt8] = []
        var position = 0
        func flush() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while position < bytes.count {
            let rest = bytes[position...]
            if rest.starts(with: "$${".utf8) {
                literal += Array("${".utf8)
                position += 3
            } else if rest.starts(with: "${".utf8) {
                flush()
                let start = position + 2
                guard let (end, colon) = holeEnd(bytes, from: start) else {
                    throw node.diagnostic(
                        "syntax",
                        "'${' has no closing '}'",
                        cure: "write $${ for the two characters",
                        at: position..<position + 2
                    )
                }
                let text = String(decoding: bytes[start..<(colon ?? end)], as: UTF8.self)
                let pattern = colon.map { String(decoding: bytes[($0 + 1)..<end], as: UTF8.self) }
                parts.append(.hole(text, pattern: pattern, offset: start))
                position = end + 1
            } else {
                literal.append(bytes[position])
                position += 1
            }
        }
        flush()
        return parts
    }

    /// Where a hole ends, and where its pattern begins: at a colon that belongs to no `?`.
    private static func holeEnd(_ bytes: [UInt8], from start: Int) -> (end: Int, colon: Int?)? {
        var depth = 0
        var questions = 0
        var colon: Int?
        var position = start
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 0x22 where colon == nil, 0x27 where colon == nil:
                // A text in quotes, which may hold any sign.
                position += 1
                while position < bytes.count, bytes[position] != byte {
                    position += bytes[position] == 0x5C ? 2 : 1
                }
            case 0x28, 0x5B, 0x7B: depth += 1
            case 0x7D where depth == 0: return (position, colon)
            case 0x29, 0x5D, 0x7D: depth -= 1
            case 0x3F where depth == 0 && position > start && bytes[position - 1] != 0x2E:
                questions += 1
            case 0x3A where depth == 0 && colon == nil:
                if questions > 0 { questions -= 1 } else { colon = position }
            default: break
            }
            position += 1
        }
        return nil
    }
}

extension Expression {
    /// Compiles an expression that stands in a document, with its errors pointing there.
    init(_ source: String, at node: YAMLNode, offset: Int = 0, in scope: Scope) throws(Diagnostic) {
        do throws(ExpressionError) {
            try self.init(source, in: scope)
        } catch {
            let range = error.range.lowerBound + offset..<error.range.upperBound + offset
            throw node.diagnostic(error.name, error.message, cure: error.cure, at: range)
        }
    }

    /// The same, from its declaration.
    init(_ text: ExpressionText, in scope: Scope) throws(Diagnostic) {
        try self.init(text.text, at: text.node, in: scope)
    }

    /// The same, where a condition is wanted.
    init(condition text: ExpressionText, in scope: Scope) throws(Diagnostic) {
        try self.init(text, in: scope)
        guard type == .bool else {
            throw text.node.diagnostic("type", "a condition is a bool, this is a \(type)")
        }
    }
}
