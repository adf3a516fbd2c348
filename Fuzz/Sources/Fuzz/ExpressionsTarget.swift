internal import Expressions
internal import Transactions

/// Expressions: a value of the type promised, or a documented error within the source.
struct ExpressionsTarget: FuzzTarget {
    private let pad: ScratchPad
    private static let bindings = """
        {"i": 7, "d": 12.40, "t": "Diislikütus", "b": true, "l": [1, 2, 3], "x": [1.5, 2.25],
         "s": ["a", "b"], "m": {"a": 1, "b": 2}, "r": {"a": 1, "n": "x"}, "n": null,
         "w": "2026-11-25T10:15:30Z"}
        """

    init() {
        do {
            pad = try ScratchPad(
                bindings: Self.bindings,
                timeZone: TimeZoneRules(identifier: "Europe/Tallinn")
            )
        } catch {
            complain("\(error)")
        }
    }

    func read(_ bytes: [UInt8]) {
        let source = String(decoding: bytes, as: UTF8.self)
        let length = source.utf8.count
        do throws(ExpressionError) {
            let expression = try pad.check(source)
            do throws(EvaluationError) {
                _ = try pad.evaluate(expression).description
            } catch {
                claim(
                    EvaluationErrorName(rawValue: error.name) != nil,
                    "evaluation: '\(error.name)'"
                )
                if let range = error.range { requirePlace(range, length, source) }
                Catalogue.require(error.name)
            }
        } catch {
            claim(
                ExpressionErrorName(rawValue: error.name) != nil
                    || EvaluationErrorName(rawValue: error.name) != nil,
                "check: '\(error.name)'"
            )
            requirePlace(error.range, length, source)
            Catalogue.require(error.name)
        }
    }

    private func requirePlace(_ range: Range<Int>, _ length: Int, _ source: String) {
        claim(range.upperBound <= length + 1, "\(range) lies outside of \(length) bytes")
        _ = SourcePlace(range, in: source)
    }
}
