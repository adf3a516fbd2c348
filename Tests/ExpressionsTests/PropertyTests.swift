import Expressions
import Testing
import Transactions

/// What the check of an expression promises holds for whatever it is evaluated with.
struct `Random expressions` {
    /// A variable with its type and some of the values it may have, as written.
    private static let variables: [(name: String, type: ValueType, values: [String])] = [
        ("i", .int, ["0", "1", "-1", "12", "9223372036854775807", "-9223372036854775808"]),
        ("j", .int, ["2", "-7", "1000000"]),
        ("d", .decimal(places: 4), ["0.0", "12.3450", "-0.0001", "99999999999999.9999"]),
        ("e", .decimal(places: 4), ["1.0", "-2.5", "0.3333"]),
        ("s", .string, ["''", "'abc'", "'Õõ 🚗'", "'aaaa'"]), ("u", .string, ["'x'", "'12'"]),
        ("b", .bool, ["true", "false"]),
        ("day", .date, ["date('2026-10-31')", "date('0001-01-01')"]),
        (
            "t", .timestamp,
            ["timestamp('2026-10-31T22:30:00Z')", "timestamp('9999-12-31T23:59:59Z')"]
        ),
        ("ints", .list(.int), ["[]", "[3, 1, 2]", "[0, 9223372036854775807]"]),
        ("words", .list(.string), ["[]", "['a', 'b', 'a']"]),
        ("sums", .list(.decimal(places: 4)), ["[1.5].filter(q, false)", "[1.5, 2.25]"]),
        ("counts", .map(.string, .int), ["{}", "{'a': 1, 'b': 2}"]),
        ("o", .optional(.string), ["optional.none()", "optional.of('abc')"]),
        ("p", .optional(.int), ["optional.none()", "optional.of(3)"]),
    ]

    private static let known = Set(EvaluationErrorName.allCases.map(\.rawValue))

    /// Whether a value is one of a static type, within what is known of its size.
    private static func fits(_ value: Value, _ type: ValueType, _ bounds: Bounds) -> Bool {
        switch (value, type) {
        case (.absent, .optional): true
        case (_, .optional(let held)): fits(value, held, bounds)
        case (.bool, .bool), (.date, .date), (.timestamp, .timestamp), (.duration, .duration),
            (.null, .null), (.datetime, .datetime):
            true
        case (.int(let whole), .int), (.int(let whole), .decimal):
            (bounds.wholeDigits.map { whole == 0 || String(whole.magnitude).count <= $0 } ?? true)
                && (whole >= 0 || !bounds.isNonNegative)
        case (.decimal(let number), .decimal(let places)):
            (places.map { number.normalized.scale <= $0 } ?? true)
                && (bounds.wholeDigits.map { digits in
                    let whole = number.rounded(to: 0, .towardZero).significand.magnitude
                    return whole == 0 || String(whole).count <= digits
                } ?? true) && (number >= .zero || !bounds.isNonNegative)
        case (.string(let text), .string):
            (bounds.length.map { text.unicodeScalars.count <= $0 } ?? true)
                && (!bounds.isASCII || text.utf8.allSatisfy { $0 < 0x80 })
        case (.list(let values), .list(let element)):
            values.allSatisfy { fits($0, element, bounds) }
        case (.map(let map), .map(let key, let held)):
            map.keys.allSatisfy { name in
                fits(name, key, .unknown) && map[name].map { fits($0, held, .unknown) } ?? false
            }
        default: false
        }
    }

    /// The scope, a frame and the same values as text to put in the variables' places.
    private func surroundings(_ random: inout SeededGenerator) throws -> (
        Scope, Frame, [String: String]
    ) {
        let zone = try TimeZoneRules(identifier: "Europe/Tallinn")
        var scope = Scope(timeZone: zone)
        var frame = Frame()
        var literals: [String: String] = [:]
        for variable in Self.variables {
            let literal = variable.values.randomElement(using: &random) ?? "0"
            let value = try Expressions.Expression(literal, in: Scope(timeZone: zone)).constant
            // As much is known of a variable as of all the values that it may have.
            let bounds = try variable.values.compactMap { text in
                try Expressions.Expression(text, in: Scope(timeZone: zone)).constant
            }.map(Bounds.init(of:))
            let known = bounds.dropFirst().reduce(bounds.first ?? .unknown) {
                $0.joined(with: $1)
            }
            let slot = scope.declare(variable.name, variable.type, bounds: known)
            frame[slot] = try #require(value)
            // Only a name can be shown to have a value.
            if !variable.type.isOptional { literals[variable.name] = "(\(literal))" }
        }
        return (scope, frame, literals)
    }

    /// The expression with each variable's value in its place.
    private func substituted(_ source: String, _ literals: [String: String]) -> String {
        var result = ""
        var word = ""
        var isQuoted = false
        for character in source + " " {
            if character == "'" { isQuoted.toggle() }
            if !isQuoted, character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            let isMember = result.last == "."
            result += isMember || isQuoted && character != "'" ? word : literals[word] ?? word
            word = ""
            result.append(character)
        }
        return String(result.dropLast())
    }

    /// What comes of an expression: its value as text with its kind, or the error's name.
    private enum Outcome: Equatable {
        case value(Value)
        case failure(String)
    }

    private func evaluated(_ source: String, _ scope: Scope, _ frame: Frame) throws -> Outcome {
        var frame = frame
        do {
            let checked = try Expressions.Expression(source, in: scope)
            if let constant = checked.constant {
                #expect(try checked.evaluate(&frame) == constant, "\(source)")
            }
            return .value(try checked.evaluate(&frame))
        } catch let error as EvaluationError {
            return .failure(error.name)
        } catch let error as ExpressionError {
            #expect(Self.known.contains(error.name), "\(source): \(error)")
            return .failure(error.name)
        }
    }

    @Test(arguments: 0..<40)
    func `yield what their check promised, or a documented error`(_ round: Int) throws {
        var random = SeededGenerator(seed: UInt64(round) &* 7_919 &+ 1)
        var generator = ExpressionGenerator(seed: UInt64(round) &+ 20_261_125)
        var values = 0
        for _ in 0..<60 {
            let (scope, frame, literals) = try surroundings(&random)
            let (source, type) = generator.expression()
            let outcome = try evaluated(source, scope, frame)
            if case .value(let value) = outcome {
                values += 1
                let checked = try Expressions.Expression(source, in: scope)
                #expect(checked.type.fits(type), "\(source): \(checked.type)")
                #expect(
                    Self.fits(value, checked.type, checked.bounds),
                    "\(source): \(value) is no \(checked.type) within \(checked.bounds)"
                )
                try compareShortWays(checked, value, frame)
            }
            // The same with the values written in place: folding changes nothing.
            let folded = substituted(source, literals)
            let second = try evaluated(folded, scope, frame)
            switch (outcome, second) {
            // Of several failures either may be met first.
            case (.failure, .failure): break
            default: #expect(second == outcome, "\(source)\n\(folded)")
            }
        }
        // Most have a value, else the rest would prove little.
        #expect(values > 25, "only \(values) of 60 have a value")
    }

    private func compareShortWays(
        _ checked: Expressions.Expression,
        _ value: Value,
        _ frame: Frame
    ) throws {
        var frame = frame
        switch value {
        case .bool(let truth): #expect(try checked.evaluateBool(&frame) == truth)
        case .int, .decimal: #expect(try checked.evaluateNumber(&frame) == value.number)
        case .string(let text):
            var bytes: [UInt8] = []
            #expect(try checked.appendText(&frame, to: &bytes))
            #expect(String(decoding: bytes, as: UTF8.self) == text)
        case .absent:
            var bytes: [UInt8] = []
            #expect(try !checked.appendText(&frame, to: &bytes))
            #expect(bytes.isEmpty)
        default: break
        }
    }

    /// Fields of a record, which have ways of their own to their numbers and texts.
    private struct Row: RecordValue {
        func member(_ index: Int) throws(EvaluationError) -> Value {
            switch index {
            case 0: .decimal(ExactDecimal(significand: 123_450, scale: 4))
            case 1: .string("Diislikütus")
            default: .absent
            }
        }
    }

    @Test(arguments: [
        "amount", "-amount", "amount + 1.5", "round(amount, 2)", "math.abs(amount)", "name",
        "plate",
        "plate.orValue(name)", "plate.orValue('-')", "row.amount", "row.name", "row.plate",
        "rows[0].amount", "rows[0].name", "amount > 1.0", "amount == 12.345", "!(amount < 0.0)",
        "amount > 0.0 && name != ''", "plate.hasValue() ? 1.0 : amount", "has(row.plate)",
    ])
    func `take the short way to the same value`(_ source: String) throws {
        let record = RecordType(
            name: "a row",
            members: [
                .init("amount", .decimal(places: 4)), .init("name", .string),
                .init("plate", .optional(.string)),
            ]
        )
        var scope = Scope(timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"))
        let slot = scope.declare("row", .record(record))
        scope.declareMembers(of: slot, record)
        let list = scope.declare("rows", .list(.record(record)))
        var frame = Frame()
        frame[slot] = .record(Row())
        frame[list] = .list([.record(Row())])
        let checked = try Expressions.Expression(source, in: scope)
        try compareShortWays(checked, try checked.evaluate(&frame), frame)
    }

    @Test func `say what they are made of where a shape can say it`() throws {
        let scope = try `Diagnostics of expressions`.scope()
        func shape(_ source: String) throws -> ExpressionShape? {
            try Expressions.Expression(source, in: scope).shape
        }
        guard case .member(slot: 0, index: 0)? = try shape("netAmount") else {
            Issue.record("a member is none")
            return
        }
        guard
            case .rounded(.member(slot: 0, index: 0), places: 2, .halfEven)? =
                try shape("round(netAmount, 2, 'half_even')")
        else {
            Issue.record("a rounded member is none")
            return
        }
        #expect(try shape("netAmount * 2") == nil)
        #expect(try shape("round(netAmount * 2, 2)") == nil)
    }
}
