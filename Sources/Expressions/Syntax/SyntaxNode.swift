internal import Transactions

/// An expression as written, each part with its place in the source.
struct SyntaxNode: Sendable {
    indirect enum Kind: Sendable {
        case bool(Bool)
        case int(Int64)
        case decimal(ExactDecimal)
        case string(String)
        case name(String)
        case member(SyntaxNode, String, isOptional: Bool)
        case index(SyntaxNode, SyntaxNode)
        case call(receiver: SyntaxNode?, name: String, arguments: [SyntaxNode])
        case list([SyntaxNode])
        case not(SyntaxNode)
        case negate(SyntaxNode)
        case binary(String, SyntaxNode, SyntaxNode)
        case conditional(SyntaxNode, SyntaxNode, SyntaxNode)
    }

    let kind: Kind
    /// UTF-8 offsets of the whole part.
    let range: Range<Int>
    /// UTF-8 offsets of the name that a message should mark: a member's or a function's.
    let mark: Range<Int>

    init(_ kind: Kind, _ range: Range<Int>, mark: Range<Int>? = nil) {
        self.kind = kind
        self.range = range
        self.mark = mark ?? range
    }

    /// `a.b.c` as text, by which `hasValue()` narrows; nil for anything else.
    var path: String? {
        switch kind {
        case .name(let name): name
        case .member(let base, let name, false): base.path.map { "\($0).\(name)" }
        default: nil
        }
    }
}
