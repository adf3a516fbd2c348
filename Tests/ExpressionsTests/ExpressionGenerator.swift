import Expressions
import Transactions

/// Makes random well-typed expressions over the names of `Property tests`.
struct ExpressionGenerator {
    var random: SeededGenerator
    /// Names of macros that stand around the place, by their type.
    private var inner: [(name: String, type: ValueType)] = []
    private var count = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    static let types: [ValueType] = [
        .int, .decimal(places: nil), .string, .bool, .date, .timestamp, .duration, .list(.int),
        .list(.string), .list(.decimal(places: nil)), .map(.string, .int), .optional(.string),
        .optional(.int),
    ]

    /// An expression of a random type.
    mutating func expression() -> (source: String, type: ValueType) {
        let type = Self.types.randomElement(using: &random) ?? .int
        return (make(type, Int.random(in: 1...4, using: &random)), type)
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &random) ?? ""
    }

    private mutating func leaf(_ type: ValueType) -> String {
        let fitting = inner.filter { $0.type == type }
        if let name = fitting.randomElement(using: &random)?.name, Bool.random(using: &random) {
            return name
        }
        return switch type {
        case .int: pick(["i", "j", "0", "1", "-3", "7", "100", "9223372036854775807"])
        case .decimal: pick(["d", "e", "0.0", "1.5", "-2.25", "0.001", "99999999999999.9999"])
        case .string: pick(["s", "u", "''", "'a'", "'Õun'", "r'\\d+'", "'12,5'"])
        case .bool: pick(["b", "true", "false"])
        case .date: pick(["day", "date('2024-02-29')", "date('9999-12-31')"])
        case .timestamp: pick(["t", "timestamp('2026-10-25T01:00:00Z')", "timestamp(0)"])
        case .duration: pick(["duration('1h')", "duration('-1.5s')", "duration('0s')"])
        case .list(.int): pick(["ints", "[1, 2, 3]", "[0]", "ints.filter(z, z > 0)"])
        case .list(.string): pick(["words", "['a', 'b']", "s.split('a')"])
        case .list: pick(["sums", "[1.5, -0.25]", "[1.0]"])
        case .map: pick(["counts", "{'a': 1, 'b': 2}", "{}.transformMap(k, v, 1)"])
        case .optional(.string): pick(["o", "optional.of('x')", "optional.ofNonZeroValue(s)"])
        case .optional: pick(["p", "optional.of(4)", "ints[?1]", "counts.?a", "counts[?'q']"])
        default: "i"
        }
    }

    /// An expression of a type with at most so many levels.
    private mutating func make(_ type: ValueType, _ depth: Int) -> String {
        guard depth > 0, Int.random(in: 0..<8, using: &random) > 0 else { return leaf(type) }
        let next = depth - 1
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return "(\(make(.bool, next)) ? \(make(type, next)) : \(make(type, next)))"
        case 1:
            if case .optional(let held) = type {
                return "\(make(type, next)).or(optional.of(\(make(held, next))))"
            }
            if type == .string || type == .int {
                return "\(make(.optional(type), next)).orValue(\(make(type, next)))"
            }
            return "cel.bind(\(fresh()), \(make(.int, next)), \(make(type, next)))"
        default: return special(type, next)
        }
    }

    private mutating func fresh() -> String {
        count += 1
        return "m\(count)"
    }

    private mutating func within(
        _ type: ValueType,
        _ body: (inout ExpressionGenerator, String) -> String
    ) -> (String, String) {
        let name = fresh()
        inner.append((name, type))
        defer { inner.removeLast() }
        return (name, body(&self, name))
    }

    private mutating func special(_ type: ValueType, _ depth: Int) -> String {
        switch type {
        case .int: return int(depth)
        case .decimal: return decimal(depth)
        case .string: return string(depth)
        case .bool: return bool(depth)
        case .date:
            return pick([
                "addDays(\(make(.date, depth)), \(leaf(.int)))",
                "monthStart(\(make(.date, depth)))",
                "monthEnd(\(make(.date, depth)))", "date(\(make(.timestamp, depth)))",
                "addMonths(\(make(.date, depth)), 3)",
            ])
        case .timestamp:
            return pick([
                "(\(make(.timestamp, depth)) + \(make(.duration, depth)))",
                "(\(make(.timestamp, depth)) - \(make(.duration, depth)))",
            ])
        case .duration:
            return pick([
                "(\(make(.duration, depth)) + \(make(.duration, depth)))",
                "(\(make(.timestamp, depth)) - \(make(.timestamp, depth)))",
            ])
        case .list(let element):
            let (name, body) = within(.int) { generator, _ in generator.make(element, depth) }
            return pick([
                "(\(make(type, depth)) + \(make(type, depth)))",
                "\(make(.list(.int), depth)).map(\(name), \(body))",
                "\(make(type, depth)).distinct()", "[\(make(element, depth)), \(leaf(element))]",
            ])
        case .map:
            return
                "\(make(.map(.string, .int), depth)).transformMap(k\(count), v\(count), v\(count) + 1)"
        case .optional(let held):
            let (name, body) = within(.int) { generator, _ in generator.make(held, depth) }
            return pick([
                "\(make(.optional(.int), depth)).optMap(\(name), \(body))",
                "optional.of(\(make(held, depth)))",
            ])
        default: return leaf(type)
        }
    }

    private mutating func int(_ depth: Int) -> String {
        let sign = pick(["+", "-", "*", "/", "%"])
        return pick([
            "(\(make(.int, depth)) \(sign) \(make(.int, depth)))", "-\(leaf(.int))",
            "\(make(.string, depth)).size()", "size(\(make(.list(.int), depth)))",
            "int(\(make(.decimal(places: nil), depth)))", "\(make(.list(.int), depth)).sum()",
            "\(make(.list(.int), depth))[\(leaf(.int))]", "year(\(make(.date, depth)))",
            "math.greatest(\(make(.int, depth)), \(leaf(.int)))", "counts['a']",
            "\(make(.timestamp, depth)).getHours('Europe/Tallinn')",
            "\(make(.string, depth)).indexOf('a')", "math.abs(\(make(.int, depth)))",
        ])
    }

    private mutating func decimal(_ depth: Int) -> String {
        let (type, sign) = (ValueType.decimal(places: nil), pick(["+", "-", "*"]))
        return pick([
            "(\(make(type, depth)) \(sign) \(make(type, depth)))",
            "(\(make(type, depth)) \(sign) \(make(.int, depth)))", "-\(leaf(type))",
            "round(\(make(type, depth)), 2)", "round(\(make(type, depth)), 1, 'half_even')",
            "round(\(make(type, depth)) / \(make(.int, depth)), 3)",
            "math.floor(\(make(type, depth)))",
            "math.abs(\(make(type, depth)))", "\(make(.list(type), depth)).sum()",
            "\(make(.list(type), depth)).max()", "\(make(.list(type), depth)).avg(2)",
            "decimal(\(make(.int, depth)))",
        ])
    }

    private mutating func string(_ depth: Int) -> String {
        pick([
            "(\(make(.string, depth)) + \(make(.string, depth)))", "string(\(make(.int, depth)))",
            "string(\(make(.date, depth)), 'dd.MM.yyyy')", "truncate(\(make(.string, depth)), 3)",
            "\(make(.string, depth)).upperAscii()", "pad(\(make(.string, depth)), 5, '0')",
            "mask(\(make(.string, depth)), 1, 1)", "\(make(.string, depth)).trim()",
            "\(make(.list(.string), depth)).join('-')",
            "\(make(.string, depth)).substring(\(leaf(.int)))",
            "\(make(.string, depth)).replace('a', \(leaf(.string)))",
            "transliterate(\(make(.string, depth)))",
            "'%s %d'.format([\(make(.decimal(places: nil), depth)), \(make(.int, depth))])",
            "string(round(\(make(.decimal(places: nil), depth)), 2), '0.00')",
            "\(make(.string, depth)).charAt(\(leaf(.int)))", "string(\(make(.duration, depth)))",
        ])
    }

    private mutating func bool(_ depth: Int) -> String {
        let (name, body) = within(.int) { generator, _ in generator.make(.bool, depth) }
        let comparison = pick(["<", "<=", ">", ">=", "==", "!="])
        let compared =
            [ValueType.int, .decimal(places: nil), .string, .date, .timestamp, .duration]
            .randomElement(using: &random) ?? .int
        return pick([
            "(\(make(.bool, depth)) && \(make(.bool, depth)))",
            "(\(make(.bool, depth)) || \(make(.bool, depth)))", "!\(make(.bool, depth))",
            "(\(make(compared, depth)) \(comparison) \(make(compared, depth)))",
            "(\(make(.int, depth)) \(comparison) \(make(.decimal(places: nil), depth)))",
            "(\(make(.int, depth)) in \(make(.list(.int), depth)))",
            "\(make(.optional(.int), depth)).hasValue()",
            "\(make(.list(.int), depth)).all(\(name), \(body))",
            "\(make(.list(.int), depth)).exists(\(name), \(body))",
            "\(make(.string, depth)).contains(\(leaf(.string)))",
            "\(make(.string, depth)).matches('^[a-c]*')",
            "(o.hasValue() && o.size() > 1)", "(!p.hasValue() || p > \(leaf(.int)))",
        ])
    }
}
