/// `'...'.format([...])`, whose list may hold values of several types.
extension Checker {
    mutating func checkFormat(
        _ receiver: SyntaxNode,
        _ arguments: [SyntaxNode],
        _ node: SyntaxNode
    ) throws(ExpressionError) -> Typed {
        let base = try checkPresent(receiver, for: "'format'", wants: "a string")
        guard arguments.count == 1, base.type.fits(.string) else {
            throw ExpressionError(
                .arguments,
                "'format' is called on a text with one list",
                cure: "write '%s'.format([...])",
                at: node.mark
            )
        }
        let (list, elements) = try checkFormatArguments(arguments[0])
        let prepared: FormatText?
        if let text = base.constant?.text {
            do throws(PatternError) {
                prepared = try FormatText(text)
            } catch {
                throw ExpressionError(.pattern, error.message, cure: error.cure, at: receiver.range)
            }
        } else {
            prepared = nil
        }
        if let prepared, let elements { try check(prepared, elements, receiver) }
        let (text, values, range) = (base.evaluation, list.evaluation, node.range)
        let typed = Typed(.string, range) { frame throws(EvaluationError) in
            do throws(EvaluationError) {
                let form: FormatText
                if let prepared {
                    form = prepared
                } else {
                    form = try Self.form(text(&frame).asText)
                }
                let result = try form.text(try values(&frame).asList)
                return .string(try Limits.checked(result, &frame, range))
            } catch {
                throw error.located(range)
            }
        }
        return folded(typed, [base, list])
    }

    private static func form(_ text: String) throws(EvaluationError) -> FormatText {
        do throws(PatternError) {
            return try FormatText(text)
        } catch {
            throw EvaluationError(.pattern, error.message)
        }
    }

    private func check(_ form: FormatText, _ elements: [Typed], _ receiver: SyntaxNode)
        throws(ExpressionError)
    {
        guard form.clauseCount <= elements.count else {
            throw ExpressionError(
                .pattern,
                "the format has \(Self.counted(form.clauseCount, "clause")), the list \(Self.counted(elements.count, "value"))",
                cure: "a percent sign is written '%%'",
                at: receiver.range
            )
        }
        var next = 0
        for case .clause(let letter, _) in form.parts {
            let element = elements[next]
            next += 1
            guard FormatText.accepts(letter, element.type) else {
                throw ExpressionError(
                    .type,
                    "'%\(letter)' does not take \(Self.article(element.type))",
                    cure: element.type.isOptional
                        ? "say what stands for an absent one: orValue(...)"
                        : "'%s' takes every plain value",
                    at: element.range
                )
            }
        }
    }

    /// The values to put in; their parts too where the list is written in place.
    private mutating func checkFormatArguments(_ node: SyntaxNode) throws(ExpressionError)
        -> (list: Typed, elements: [Typed]?)
    {
        guard case .list(let elements) = node.kind else {
            let list = try checkPresent(node, for: "'format'", wants: "a list")
            guard case .list = list.type else {
                throw ExpressionError(
                    .arguments,
                    "'format' takes a list, this is \(Self.article(list.type))",
                    cure: "write '%s'.format([...])",
                    at: node.range
                )
            }
            return (list, nil)
        }
        var parts: [Typed] = []
        for element in elements { parts.append(try checkMixed(element.value)) }
        return (mixedList(parts, node), parts)
    }

    private func mixedList(_ parts: [Typed], _ node: SyntaxNode) -> Typed {
        let evaluations = parts.map(\.evaluation)
        let typed = Typed(.list(.unknown), node.range) { frame throws(EvaluationError) in
            var values: [Value] = []
            for evaluation in evaluations { values.append(try evaluation(&frame)) }
            return .list(values)
        }
        return folded(typed, parts)
    }

    /// A value to put in; lists and maps written in place may mix types too.
    private mutating func checkMixed(_ node: SyntaxNode) throws(ExpressionError) -> Typed {
        switch node.kind {
        case .list(let elements):
            var parts: [Typed] = []
            for element in elements { parts.append(try checkMixed(element.value)) }
            return mixedList(parts, node)
        case .map(let entries):
            var keys: [Typed] = []
            var values: [Typed] = []
            for entry in entries {
                keys.append(try checkPresent(entry.key, for: "a key", wants: "a value"))
                values.append(try checkMixed(entry.value))
            }
            let pairs = zip(keys, values).map { ($0.evaluation, $1.evaluation, $0.range) }
            let typed = Typed(.map(.unknown, .unknown), node.range) {
                frame throws(EvaluationError) in
                var map = MapValue()
                for (key, value, range) in pairs {
                    guard map.insert(try key(&frame), try value(&frame)) else {
                        throw EvaluationError(.arguments, "the map has this key twice")
                            .located(range)
                    }
                }
                return .map(map)
            }
            return folded(typed, keys + values)
        default:
            let part = try check(node)
            if case .record(let record) = part.type {
                throw ExpressionError(
                    .type,
                    "'format' cannot write \(record.name)",
                    cure:
                        "write its members: \(node.path ?? "x").\(record.members.first?.name ?? "...")",
                    at: node.range
                )
            }
            return part
        }
    }
}
