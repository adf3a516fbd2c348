internal import Expressions

extension PlanBuilder {
    mutating func compileChecks(_ declarations: [CheckDeclaration], _ place: Place)
        -> [CompiledNode.Check]
    {
        var checks: [CompiledNode.Check] = []
        for check in declarations {
            let that = findings.collect { () throws(Diagnostic) in
                try condition(check.that, place)
            }
            let message = check.message.flatMap { text in
                findings.collect { () throws(Diagnostic) in
                    try self.text(text, place, Plan.plainFormat)
                }
            }
            guard let that else { continue }
            checks.append(
                .init(
                    that: that,
                    sides: sides(of: check.that, place),
                    message: message,
                    node: check.that.node
                )
            )
        }
        return checks
    }

    /// Both sides of an `==`, as far as a message may show them.
    private mutating func sides(of that: ExpressionText, _ place: Place) -> (
        left: Formula, right: Formula
    )? {
        let found: ComparisonSides?
        do throws(ExpressionError) {
            found = try ComparisonSides(of: that.text)
        } catch {
            // The whole comparison has been checked; what cannot be taken apart is not shown.
            return nil
        }
        guard let found, found.symbol == "==" else { return nil }
        let bytes = Array(that.text.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        guard let left = side(part(found.left), that.node, place),
            let right = side(part(found.right), that.node, place)
        else { return nil }
        return (left, right)
    }

    /// A side of a comparison whose value a message may show: numbers, days and booleans.
    private mutating func side(_ text: String, _ node: YAMLNode, _ place: Place) -> Formula? {
        let compiled: Formula
        do throws(Diagnostic) {
            compiled = try formula(text, at: node, offset: 0, place)
        } catch {
            // The whole comparison has been checked; a side that does not stand alone is not shown.
            return nil
        }
        switch compiled.type {
        case .int, .decimal, .date, .bool: return compiled
        default: return nil
        }
    }
}
