internal import Transactions

/// Gives every part of an expression its type, refuses what does not fit, folds constants and compiles
/// the rest to closures.
struct Checker {
    var scope: Scope
    /// The scope outside of all macros, which rooted names mean.
    let root: Scope
    /// Names and members that the expression uses, as dotted paths.
    var usedNames: Set<String> = []

    /// The text it was read from, for cures that repeat a part of it.
    private let source: [UInt8]

    /// Whether the member checked next is asked for its key alone, as `has` does.
    var asksForKey = false
    /// Whether the answer was about the key, whose value may be absent all the same.
    var answersKey = false

    init(scope: Scope, source: String) {
        self.source = Array(source.utf8)
        self.scope = scope
        root = scope
    }

    mutating func check(_ node: SyntaxNode) throws(ExpressionError) -> Typed {
        switch node.kind {
        case .null: return Typed(.null, node.range, constant: .null)
        case .bool(let value): return Typed(.bool, node.range, constant: .bool(value))
        case .int(let value): return Typed(.int, node.range, constant: .int(value))
        case .decimal(let value):
            return Typed(.decimal(places: value.scale), node.range, constant: .decimal(value))
        case .string(let text): return Typed(.string, node.range, constant: .string(text))
        case .name(let name, let isRooted):
            return try checkName(name, in: isRooted ? root : scope, node)
        case .member(let base, let name, let isOptional):
            return try checkMember(base, name, isOptional: isOptional, node)
        case .index(let base, let index, let isOptional):
            return try checkIndex(base, index, isOptional: isOptional, node)
        case .call(let receiver, let name, let arguments):
            return try checkCall(receiver, name, arguments, node)
        case .list(let elements): return try checkList(elements, node)
        case .map(let entries): return try checkMap(entries, node)
        case .not(let inner): return try checkNot(inner, node)
        case .negate(let inner): return try checkNegation(inner, node)
        case .binary("&&", let left, let right):
            return try checkLogic(left, right, node, isAnd: true)
        case .binary("||", let left, let right):
            return try checkLogic(left, right, node, isAnd: false)
        case .binary("in", let left, let right): return try checkContains(left, right, node)
        case .binary(let symbol, let left, let right):
            return try checkBinary(symbol, left, right, node)
        case .conditional(let condition, let first, let second):
            return try checkConditional(condition, first, second, node)
        }
    }

    /// A part that must have a value: an optional one is refused, with the cure.
    mutating func checkPresent(_ node: SyntaxNode, for user: String, wants: String)
        throws(ExpressionError) -> Typed
    {
        let typed = try check(node)
        try requirePresent(typed, node, for: user, wants: wants)
        return typed
    }

    func requirePresent(_ typed: Typed, _ node: SyntaxNode, for user: String, wants: String)
        throws(ExpressionError)
    {
        guard typed.type.isOptional else { return }
        let name = node.path.map { "'\($0)'" } ?? "the value"
        throw ExpressionError(
            .absentValue,
            "\(name) may be absent, \(user) needs \(wants)",
            cure: Self.cure(forAbsent: node.path, typed.type.present),
            at: node.range
        )
    }

    /// A part as it is written, for a cure that repeats it; `substitute` where that would be long.
    func written(_ node: SyntaxNode, or substitute: String) -> String {
        guard node.range.count <= 40, node.range.upperBound <= source.count else {
            return substitute
        }
        return String(decoding: source[node.range], as: UTF8.self)
    }

    /// A count with its noun: `1 key`, `2 keys`.
    static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// What to write where an absent value is in the way.
    static func cure(forAbsent path: String?, _ type: ValueType) -> String {
        let replacement =
            switch type {
            case .string: "''"
            case .int: "0"
            case .decimal: "0.0"
            case .bool: "false"
            case .list: "[]"
            case .map: "{}"
            default: "..."
            }
        return "say what stands for an absent one: \(path ?? "(...)").orValue(\(replacement))"
    }

    static func article(_ type: ValueType) -> String {
        switch type {
        case .int, .optional, .unknown: "an \(type)"
        case .record(let record): record.name
        case .null: "null"
        default: "a \(type)"
        }
    }

    /// A part that is a constant when all it is made of are, and that fails when one of them does or,
    /// being constant, it does itself.
    func folded(_ typed: Typed, _ parts: [Typed]) -> Typed {
        var typed = typed
        if let failure = parts.lazy.compactMap(\.failure).first {
            typed.failure = failure
            return typed
        }
        guard parts.allSatisfy({ $0.constant != nil }) else { return typed }
        return constant(typed)
    }

    /// The part with its value, which needs no variable.
    func constant(_ typed: Typed) -> Typed {
        var typed = typed
        var frame = Frame()
        do {
            var result = Typed(typed.type, typed.range, constant: try typed.evaluation(&frame))
            result.presentIfTrue = typed.presentIfTrue
            result.presentIfFalse = typed.presentIfFalse
            return result
        } catch {
            // Nothing is lost: the part keeps its evaluation and its failure. Where it is always needed
            // the failure is reported at once; behind && || and ?: it may never be.
            typed.failure = ExpressionError(error, at: typed.range)
            return typed
        }
    }
}
