internal import Transactions

/// An expression as written, each part with its place in the source.
struct SyntaxNode: Sendable {
    indirect enum Kind: Sendable {
        case null
        case bool(Bool)
        case int(Int64)
        case decimal(ExactDecimal)
        case string(String)
        /// A name; a rooted one, `.name`, means what stands outside of all macros.
        case name(String, isRooted: Bool)
        case member(SyntaxNode, String, isOptional: Bool)
        case index(SyntaxNode, SyntaxNode, isOptional: Bool)
        case call(receiver: SyntaxNode?, name: String, arguments: [SyntaxNode])
        case list([Element])
        case map([Entry])
        case not(SyntaxNode)
        case negate(SyntaxNode)
        case binary(String, SyntaxNode, SyntaxNode)
        case conditional(SyntaxNode, SyntaxNode, SyntaxNode)
    }

    /// One element of a list; an optional one, `?x`, is left out where it is absent.
    struct Element: Sendable {
        let value: SyntaxNode
        let isOptional: Bool
    }

    /// One entry of a map; an optional one, `?k: x`, is left out where x is absent.
    struct Entry: Sendable {
        let key: SyntaxNode
        let value: SyntaxNode
        let isOptional: Bool
    }

    let kind: Kind
    /// UTF-8 offsets of the whole part.
    let range: Range<Int>
    /// UTF-8 offsets of the name or sign that a message should mark: a member's, a function's.
    let mark: Range<Int>
    /// Levels of parts within parts, so that whoever follows them knows how deep that goes.
    let depth: Int

    init(_ kind: Kind, _ range: Range<Int>, mark: Range<Int>? = nil) {
        self.kind = kind
        self.range = range
        self.mark = mark ?? range
        depth = 1 + Self.innerDepth(kind)
    }

    private static func innerDepth(_ kind: Kind) -> Int {
        switch kind {
        case .null, .bool, .int, .decimal, .string, .name: 0
        case .member(let inner, _, _), .not(let inner), .negate(let inner): inner.depth
        case .index(let one, let two, _), .binary(_, let one, let two): max(one.depth, two.depth)
        case .call(let receiver, _, let arguments):
            arguments.reduce(receiver?.depth ?? 0) { max($0, $1.depth) }
        case .list(let elements): elements.reduce(0) { max($0, $1.value.depth) }
        case .map(let entries): entries.reduce(0) { max($0, $1.key.depth, $1.value.depth) }
        case .conditional(let one, let two, let three): max(one.depth, two.depth, three.depth)
        }
    }

    /// `a.b.c` as text, by which `hasValue()` narrows; nil for anything else.
    var path: String? {
        switch kind {
        case .name(let name, false): name
        case .member(let base, let name, false): base.path.map { "\($0).\(name)" }
        default: nil
        }
    }
}
