import Expressions
import Foundation
import Testing
import Transactions

/// What is written to do harm ends with an error, soon, and within a small stack.
struct `Hostile expressions` {
    private func outcome(_ source: String) throws -> String {
        try CELCase(source: source, expected: "", bindings: nil).outcome()
    }

    private static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test(arguments: [
        repeated("(", 20_000) + "1" + repeated(")", 20_000),
        repeated("[", 20_000) + repeated("]", 20_000),
        repeated("{'a': ", 9_000) + "1" + repeated("}", 9_000),
        repeated("-", 60_000) + "1",
        repeated("!", 60_000) + "true",
        "1" + repeated(" + 1", 15_000),
        "true" + repeated(" && true", 7_000),
        "x" + repeated(".y", 30_000),
        "'a'" + repeated(".trim()", 8_000),
        "[1]" + repeated("[0]", 20_000),
        repeated("true ? 1 : ", 5_000) + "2",
        "1" + repeated(" == 1 ? 1 : 1", 4_000),
        repeated("size(", 10_000) + "'a'" + repeated(")", 10_000),
        repeated("[1].map(x, ", 5_000) + "1" + repeated(")", 5_000),
        repeated("has(", 10_000) + "a.b" + repeated(")", 10_000),
        repeated("optional.of(", 5_000) + "1" + repeated(")", 5_000),
    ])
    func `nesting without end is refused, not followed`(_ source: String) throws {
        #expect(try outcome(source) == "!too-deep")
    }

    @Test func `a source beyond 64 KiB is refused`() throws {
        #expect(try outcome("'" + Self.repeated("a", 65_536) + "'") == "!too-long")
    }

    /// The deepest that is allowed, on half of the stack that a thread has here, built for debugging.
    @Test(arguments: [
        repeated("(", 126) + "1" + repeated(")", 126),
        repeated("[", 126) + repeated("]", 126),
        repeated("-", 126) + "1",
        repeated("!", 126) + "true",
        "1" + repeated(" + 1", 126),
        "'a'" + repeated(".trim()", 126),
        repeated("size([", 50) + "1" + repeated("])", 50),
        repeated("[1].map(x, ", 100) + "1" + repeated(")", 100),
        repeated("cel.bind(x, 1, ", 100) + "1" + repeated(")", 100),
        repeated("math.abs(", 120) + "1" + repeated(")", 120),
        repeated("round(", 100) + "1.5" + repeated(", 1)", 100),
        repeated("true ? 1 : (", 60) + "1" + repeated(")", 60),
        repeated("true && (", 60) + "true" + repeated(")", 60),
        repeated("'%s'.format([", 60) + "1" + repeated("])", 60),
        repeated("{'a': ", 100) + "1" + repeated("}", 100),
    ])
    func `the deepest allowed fits half of a stack`(_ source: String) throws {
        let done = DispatchSemaphore(value: 0)
        let result = Result()
        let thread = Thread {
            result.set((try? outcome(source)) ?? "no outcome")
            done.signal()
        }
        thread.stackSize = 4 * 1_024 * 1_024
        thread.start()
        done.wait()
        #expect(!result.get().hasPrefix("!"), "\(result.get())")
    }

    private final class Result: @unchecked Sendable {
        private let lock = NSLock()
        private var text = ""
        func set(_ text: String) { lock.withLock { self.text = text } }
        func get() -> String { lock.withLock { text } }
    }

    /// `cel.bind` doubles a list so many times.
    private static func doubling(_ start: String, times: Int, then body: (String) -> String)
        -> String
    {
        var source = "cel.bind(v0, \(start), "
        for step in 1...times { source += "cel.bind(v\(step), v\(step - 1) + v\(step - 1), " }
        return source + body("v\(times)") + repeated(")", times + 1)
    }

    /// `cel.bind` puts a list into the next twice, so many times.
    private static func sharing(times: Int, then body: (String) -> String) -> String {
        var source = "cel.bind(v0, [1], "
        for step in 1...times { source += "cel.bind(v\(step), [v\(step - 1), v\(step - 1)], " }
        return source + body("v\(times)") + repeated(")", times + 1)
    }

    /// What is known of a length is added without an overflow.
    @Test(arguments: [
        "'aa' + truncate(x, 9223372036854775807)",
        "truncate(x, 9223372036854775807) + truncate(x, 9223372036854775807)",
        "withCheckDigit(truncate(x, 9223372036854775807), 'mod-10')",
        "'aa' + x.substring(0, 9223372036854775807)",
        doubling("x", times: 60) { $0 },
        doubling("x", times: 100) { "string(\($0).size())" },
    ])
    func `a bound of any size is added`(_ source: String) throws {
        let zone = try TimeZoneRules(identifier: "Europe/Tallinn")
        let pad = try ScratchPad(bindings: #"{"x": "abc"}"#, timeZone: zone)
        let checked = try pad.check(source)
        #expect(checked.bounds.length.map { $0 <= 1_000_000 } ?? true)
    }

    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            (doubling("'ab'", times: 60) { $0 }, "!too-large"),
            (doubling("[1]", times: 60) { $0 }, "!too-much-work"),
            (doubling("[1]", times: 17) { "\($0).map(x, \($0).sum()).sum()" }, "!too-much-work"),
            (
                doubling("[1]", times: 12) { "\($0).map(x, \($0).map(y, x + y).sum()).sum()" },
                "!too-much-work"
            ),
            (doubling("['aaaaaaaa']", times: 16) { "\($0).join()" }, "!too-large"),
            (
                doubling("['aaaaaaaa']", times: 12) { "\($0).map(x, \($0).join())" },
                "!too-much-work"
            ),
            (doubling("'a'", times: 16) { "\($0).replace('a', \($0))" }, "!too-large"),
            (doubling("'a'", times: 15) { "\($0).contains(\($0) + 'b')" }, "false"),
            (doubling("'a'", times: 15) { "\($0).indexOf(\($0) + 'b')" }, "-1"),
            (doubling("'a'", times: 15) { "\($0).matches('(a*)*b')" }, "false"),
            (doubling("'a'", times: 15) { "\($0).matches(\($0))" }, "!pattern"),
            (
                doubling("'a'", times: 15) { "\($0).split('').map(x, \($0).split(''))" },
                "!too-much-work"
            ),
            (doubling("'a'", times: 15) { "'%s%s%s'.format([\($0), \($0), \($0)])" }, "!too-large"),
            (sharing(times: 24) { $0 }, "!too-much-work"),
            (sharing(times: 40) { "\($0) == \($0)" }, "!too-much-work"),
            (sharing(times: 40) { "\($0) + \($0)" }, "!too-much-work"),
            (sharing(times: 40) { "'%s'.format([\($0)])" }, "!too-much-work"),
            (sharing(times: 40) { "{'a': \($0)}" }, "!too-much-work"),
            (sharing(times: 40) { "[\($0)].distinct()" }, "!too-much-work"),
            (sharing(times: 3) { "\($0) == \($0)" }, "true"),
            (
                doubling("[1]", times: 14) { "\($0).map(x, \($0) == \($0))" },
                "!too-much-work"
            ),
            (
                doubling("[1]", times: 14) { "\($0).map(x, \($0)).map(x, 1)" },
                "!too-much-work"
            ),
            (
                doubling("[pad('', 65536, '0')]", times: 14) { $0 },
                "!too-much-work"
            ),
            ("pad('', 65536, '0').size()", "65536"),
            ("pad('', 65536, 'ä')", "!too-large"),
            ("pad('', 9223372036854775807, '0')", "!arguments"),
            ("pad('', [9223372036854775807][0], '0')", "!arguments"),
            ("'%.101f'.format([1.5])", "!pattern"),
            ("'%.99999999999999999999f'.format([1.5])", "!pattern"),
            ("truncate('a', 9223372036854775807)", #""a""#),
            ("mask('abc', 9223372036854775807, 9223372036854775807)", #""***""#),
            ("'abc'.substring(-9223372036854775808, 9223372036854775807)", "!index"),
            ("'abc'.charAt(9223372036854775807)", "!index"),
            ("'abc'.split('b', 9223372036854775807)", #"["a", "c"]"#),
            ("'abc'.replace('b', 'x', 9223372036854775807)", #""axc""#),
            ("round(1.5, 9223372036854775807)", "!arguments"),
            ("round(1.5, -9223372036854775808)", "!arguments"),
            ("[1.5].avg(-1)", "!arguments"),
            ("[1.5].avg([9223372036854775807][0])", "!arguments"),
            ("addDays(date('9999-12-31'), 1)", "!overflow"),
            ("addDays(date('2026-01-01'), 9223372036854775807)", "!overflow"),
            ("addMonths(date('2026-01-01'), -9223372036854775808)", "!overflow"),
            ("timestamp(9223372036854775807)", "!overflow"),
            ("math.bitShiftLeft(1, 9223372036854775807)", "0"),
            ("timestamp('9999-12-31T23:59:59Z').getDate('+23:59')", "31"),
            ("date(timestamp('9999-12-31T23:59:59Z'))", #""9999-12-31""#),
            ("duration('9999999999999999999999h')", "!conversion"),
            ("duration('-9223372036854775808ns')", #""-9223372036.854775808s""#),
            ("-1 * -9223372036854775808", "!overflow"),
            ("1e36 * 1e36", "!overflow"),
            ("0.000000000000000001 * 0.000000000000000000000000000001", "!overflow"),
            ("string(date('2026-01-01'), '')", "!pattern"),
            ("withCheckDigit('', '7-3-1')", "!arguments"),
            ("''.matches('\\u0000')", "false"),
            ("'a'.matches('a{1001}')", "!pattern"),
            ("'a'.matches('((a{100}){100}){100}')", "!pattern"),
        ]
    )
    func `work without end is stopped`(_ source: String, _ expected: String) throws {
        #expect(try outcome(source) == expected)
    }

    @Test func `any bytes end with a result or a documented error`() throws {
        var generator = SeededGenerator(seed: 20_261_125)
        let words = [
            "1", "1.5", "'a'", "x", "a.b", "(", ")", "[", "]", "{", "}", ",", ":", "?", ".", ".?",
            "[?", "+", "-", "*", "/", "%", "!", "&&", "||", "==", "<", "in", "has", "map", "filter",
            "all", "size", "round", "true", "null", "'", "\"", "\\", "r'", "\n", "//", "`", "é",
            "\u{0}",
            "format", "'%s'", "cel.bind", "optional.of", "orValue", "1e99", "0x",
            "9223372036854775808",
        ]
        let known = Set(
            ExpressionErrorName.allCases.map(\.rawValue)
                + EvaluationErrorName.allCases.map(\.rawValue)
        )
        for _ in 0..<4_000 {
            let source = (0..<Int.random(in: 1...14, using: &generator))
                .map { _ in words.randomElement(using: &generator) ?? "" }
                .joined(separator: Bool.random(using: &generator) ? " " : "")
            let outcome = try outcome(source)
            if outcome.hasPrefix("!") {
                #expect(known.contains(String(outcome.dropFirst())), "\(source): \(outcome)")
            }
        }
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
