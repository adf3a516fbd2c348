/// A call that needs each element of a list once and keeps none of them:
/// `part.transactions.map(t, t.net).sum()`, `written.detail.size()`.
///
/// Whoever owns the list can compute it while the elements go by, and put a variable in its place.
public struct StreamCall: Sendable {
    /// What is made of the elements.
    public enum Result: String, Sendable {
        /// How many there are.
        case size
        /// Their sum.
        case sum
        /// The least.
        case min
        /// The greatest.
        case max
        /// The one value that all have.
        case same
        /// Whether one fulfils the condition.
        case exists
        /// Whether all fulfil it.
        case all
    }

    /// The list, as a dotted path.
    public let base: String
    /// What is made of the elements.
    public let result: Result
    /// What a macro calls an element; empty where none is looked at.
    public let variable: String
    /// Which elements count, in UTF-8 offsets of the source; nil for all.
    public let condition: Range<Int>?
    /// What is taken of an element; nil where only their number counts.
    public let body: Range<Int>?
    /// The whole call.
    public let range: Range<Int>

    /// The outermost such calls of an expression over lists that `isStream` knows by their path.
    ///
    /// - Throws: `ExpressionError` when the text is no expression.
    public static func calls(in source: String, where isStream: (String) -> Bool)
        throws(ExpressionError) -> [StreamCall]
    {
        var calls: [StreamCall] = []
        collect(try Parser.parse(source), isStream, into: &calls)
        return calls
    }

    private static func collect(
        _ node: SyntaxNode,
        _ isStream: (String) -> Bool,
        into calls: inout [StreamCall]
    ) {
        if let call = StreamCall(node), isStream(call.base) {
            calls.append(call)
            return
        }
        for child in node.children { collect(child, isStream, into: &calls) }
    }

    private init?(_ node: SyntaxNode) {
        guard case .call(let receiver?, let name, let arguments) = node.kind,
            let result = Result(rawValue: name)
        else { return nil }
        self.result = result
        range = node.range
        if result == .exists || result == .all {
            guard arguments.count == 2, case .name(let variable, _) = arguments[0].kind,
                let base = receiver.path
            else { return nil }
            self.base = base
            self.variable = variable
            condition = nil
            body = arguments[1].range
            return
        }
        guard arguments.isEmpty else { return nil }
        if let base = receiver.path {
            guard result == .size else { return nil }
            self.base = base
            variable = ""
            condition = nil
            body = nil
            return
        }
        guard case .call(let list?, let macro, let parts) = receiver.kind,
            case .name(let variable, _)? = parts.first?.kind
        else { return nil }
        self.variable = variable
        switch (macro, parts.count) {
        case ("filter", 2) where result == .size:
            guard let base = list.path else { return nil }
            self.base = base
            condition = parts[1].range
            body = nil
        case ("map", 2):
            body = parts[1].range
            // A filter before the map, if it calls the element by the same name.
            if case .call(let inner?, "filter", let test) = list.kind, test.count == 2,
                case .name(variable, _) = test[0].kind, let base = inner.path
            {
                self.base = base
                condition = test[1].range
            } else {
                guard let base = list.path else { return nil }
                self.base = base
                condition = nil
            }
        case ("map", 3):
            guard let base = list.path else { return nil }
            self.base = base
            condition = parts[1].range
            body = parts[2].range
        default: return nil
        }
    }
}

extension SyntaxNode {
    /// The parts that are evaluated in the same scope; a macro's body, which has names of its own, is
    /// none of them.
    fileprivate var children: [SyntaxNode] {
        switch kind {
        case .null, .bool, .int, .decimal, .string, .name: return []
        case .member(let base, _, _): return [base]
        case .index(let base, let index, _): return [base, index]
        case .call(let receiver, let name, let arguments):
            let isMacro =
                receiver != nil && (Macro.Kind(name) != nil || name == "bind" || name == "optMap")
            return (receiver.map { [$0] } ?? []) + (isMacro ? [] : arguments)
        case .list(let elements): return elements.map(\.value)
        case .map(let entries): return entries.flatMap { [$0.key, $0.value] }
        case .not(let inner), .negate(let inner): return [inner]
        case .binary(_, let left, let right): return [left, right]
        case .conditional(let condition, let first, let second):
            return [condition, first, second]
        }
    }
}

/// A comparison that is all of an expression, so that a message can show both of its sides.
public struct ComparisonSides: Sendable {
    /// The operator: `==`, `<=` and so on.
    public let symbol: String
    /// Where the sides stand, in UTF-8 offsets of the source.
    public let left, right: Range<Int>

    /// The sides of an expression; nil when it is no comparison.
    ///
    /// - Throws: `ExpressionError` when the text is no expression.
    public init?(of source: String) throws(ExpressionError) {
        guard case .binary(let symbol, let left, let right) = try Parser.parse(source).kind,
            ["==", "!=", "<", "<=", ">", ">="].contains(symbol)
        else { return nil }
        self.symbol = symbol
        self.left = left.range
        self.right = right.range
    }
}
