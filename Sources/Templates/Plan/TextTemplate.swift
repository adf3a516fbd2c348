internal import Expressions

/// Text with `${expression}` and `${expression:pattern}` inside; `$${` writes `${`.
struct TextTemplate: Sendable {
    enum Piece: Sendable {
        case literal([UInt8])
        case hole(Formula, FieldForm)
    }

    let pieces: [Piece]
    /// The whole text, when nothing in it varies.
    let constant: String?

    enum Part {
        case literal(String)
        case hole(String, pattern: String?, offset: Int, patternOffset: Int)
    }

    init(pieces: [Piece]) {
        self.pieces = pieces
        var text = ""
        for piece in pieces {
            guard case .literal(let literal) = piece else {
                constant = nil
                return
            }
            text += String(decoding: literal, as: UTF8.self)
        }
        constant = text
    }

    /// Cuts a text at its holes; offsets, in UTF-8, are where expression and pattern begin.
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
            guard bytes[position] == 0x24 else {
                literal.append(bytes[position])
                position += 1
                continue
            }
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
                parts.append(
                    .hole(text, pattern: pattern, offset: start, patternOffset: (colon ?? end) + 1)
                )
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
            // The question mark of `.?` and `[?` belongs to an optional.
            case 0x3F
            where depth == 0 && position > start && bytes[position - 1] != 0x2E
                && bytes[position - 1] != 0x5B:
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
            throw error.diagnostic(at: node, offset)
        }
    }
}

extension ExpressionError {
    /// The error at its place in a document.
    func diagnostic(at node: YAMLNode, _ offset: Int) -> Diagnostic {
        node.diagnostic(
            name,
            message,
            cure: cure ?? "mend the expression",
            at: range.lowerBound + offset..<range.upperBound + offset
        )
    }
}
