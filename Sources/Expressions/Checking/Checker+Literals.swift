internal import Transactions

/// Lists and maps as written.
extension Checker {
    mutating func checkList(_ elements: [SyntaxNode.Element], _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        var parts: [Typed] = []
        var type = ValueType.unknown
        for element in elements {
            let part = try checkEntry(element.value, isOptional: element.isOptional)
            let held = element.isOptional ? part.type.present : part.type
            guard let joined = type.joined(with: held) else {
                throw ExpressionError(
                    .type,
                    "a list holds values of one type, here \(type) and \(held)",
                    cure: "give all one type: string(...), decimal(...)",
                    at: element.value.range
                )
            }
            type = joined
            parts.append(part)
        }
        let evaluations = parts.map(\.evaluation)
        let optional = elements.map(\.isOptional)
        var typed = Typed(.list(type), node.range) { frame throws(EvaluationError) in
            var values: [Value] = []
            values.reserveCapacity(evaluations.count)
            for (index, evaluation) in evaluations.enumerated() {
                let value = try evaluation(&frame)
                if optional[index], value.isAbsent { continue }
                values.append(value)
            }
            return .list(values)
        }
        if let first = parts.first {
            typed.bounds = parts.dropFirst().reduce(first.bounds) { $0.joined(with: $1.bounds) }
        }
        return folded(typed, parts)
    }

    private mutating func checkEntry(_ node: SyntaxNode, isOptional: Bool) throws(ExpressionError)
        -> Typed
    {
        let part = try check(node)
        guard !isOptional || part.type.isOptional else {
            throw ExpressionError(
                .type,
                "'?' takes what may be absent, this is \(Self.article(part.type))",
                cure: "leave '?' out",
                at: node.range
            )
        }
        return part
    }

    mutating func checkMap(_ entries: [SyntaxNode.Entry], _ node: SyntaxNode)
        throws(ExpressionError) -> Typed
    {
        var keys: [Typed] = []
        var values: [Typed] = []
        var (keyType, valueType) = (ValueType.unknown, ValueType.unknown)
        for entry in entries {
            let key = try checkPresent(entry.key, for: "a key", wants: "a value")
            switch key.type {
            case .bool, .int, .string, .unknown: break
            default:
                throw ExpressionError(
                    .type,
                    "a key is a string, an int or a bool, not \(Self.article(key.type))",
                    at: entry.key.range
                )
            }
            let value = try checkEntry(entry.value, isOptional: entry.isOptional)
            let held = entry.isOptional ? value.type.present : value.type
            guard let joinedKey = keyType.joined(with: key.type) else {
                throw ExpressionError(
                    .type,
                    "the keys of a map have one type, here \(keyType) and \(key.type)",
                    at: entry.key.range
                )
            }
            guard let joinedValue = valueType.joined(with: held) else {
                throw ExpressionError(
                    .type,
                    "the values of a map have one type, here \(valueType) and \(held)",
                    at: entry.value.range
                )
            }
            (keyType, valueType) = (joinedKey, joinedValue)
            keys.append(key)
            values.append(value)
        }
        let pairs = zip(keys, values).map { ($0.evaluation, $1.evaluation, $0.range) }
        let optional = entries.map(\.isOptional)
        let typed = Typed(.map(keyType, valueType), node.range) { frame throws(EvaluationError) in
            var map = MapValue()
            for (index, (key, value, range)) in pairs.enumerated() {
                let name = try key(&frame)
                let held = try value(&frame)
                if optional[index], held.isAbsent { continue }
                guard map.insert(name, held) else {
                    throw EvaluationError(.arguments, "the map has this key twice").located(range)
                }
            }
            return .map(map)
        }
        return folded(typed, keys + values)
    }
}
