import Expressions
import Testing
import Transactions

struct `Expressions` {
    static let record = RecordType(
        name: "a transaction",
        memberNoun: "field",
        members: [
            .init("netAmount", .decimal(places: 4)), .init("plateNumber", .optional(.string)),
            .init("transactionTime", .timestamp), .init("occProductName", .string),
        ]
    )

    private struct Row: RecordValue {
        let values: [Value]

        func member(_ index: Int) throws(EvaluationError) -> Value { values[index] }
    }

    private func scope() throws -> Scope {
        var scope = Scope(timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"))
        let slot = scope.declare("row", .record(Self.record))
        scope.declareMembers(of: slot, Self.record)
        return scope
    }

    private func value(_ source: String) throws -> String {
        let expression = try Expression(source, in: try scope())
        var frame = Frame()
        frame[0] = .record(
            Row(values: [
                .decimal(try #require(ExactDecimal("12.3450"))), .absent,
                .timestamp(try #require(UTCTimestamp("2026-10-31T22:30:00Z"))),
                .string("Diislikütus"),
            ])
        )
        return plainText(try expression.evaluate(&frame))
    }

    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 / 2", "3"), ("-7 % 3", "-1"),
        ("0.1 + 0.2 == 0.3", "true"), ("1 == 1.0", "true"), ("round(netAmount, 2)", "12.35"),
        ("round(-0.125, 2)", "-0.13"), ("round(0.125, 2, 'half_even')", "0.12"),
        ("divide(1, 3, 4)", "0.3333"), ("date(transactionTime)", "2026-11-01"),
        ("local(transactionTime)", "2026-11-01T00:30:00"),
        ("string(date(transactionTime), 'dd.MM.yyyy')", "01.11.2026"),
        ("string(netAmount, '0.00##')", "12.345"), ("plateNumber.orValue('-')", "-"),
        ("plateNumber.hasValue() ? plateNumber + '!' : 'none'", "none"),
        ("mask('9233450000000011', 6, 4)", "923345******0011"), ("mask('1234', 6, 4)", "****"),
        ("truncate('žš🚗x', 3)", "žš🚗"), ("occProductName.size()", "11"),
        ("[1, 2, 3].map(x, x * 2).sum()", "12"), ("[1, 2.5].max()", "2.5"),
        ("[3, 1].exists(x, x > 2)", "true"), ("[3, 1].all(x, x > 2)", "false"),
        ("[1, 2].exists(x, 1 / (x - 1) == 1)", "true"), ("false && 1 / 0 == 1", "false"),
        ("1 / 0 == 1 || true", "true"), ("'a' in ['b', 'a']", "true"),
        ("monthEnd(date('2024-02-10'))", "2024-02-29"), ("math.abs(-2.5)", "2.5"),
        ("'a,b'.split(',').join(';')", "a;b"), (#"'\u00e4\n'.size()"#, "2"), ("r'\\d'", "\\d"),
        ("-9223372036854775808", "-9223372036854775808"),
    ])
    func `are evaluated exactly`(_ source: String, _ expected: String) throws {
        #expect(try value(source) == expected)
    }

    struct Refusal: CustomTestStringConvertible {
        let source: String
        let message: String
        let cure: String?
        let marked: String
        var testDescription: String { source }
    }

    @Test(arguments: [
        Refusal(
            source: "round(netamount, 2)",
            message: "a transaction has no field 'netamount'",
            cure: "did you mean 'netAmount'?",
            marked: "netamount"
        ),
        Refusal(
            source: "occProductName + plateNumber",
            message: "'plateNumber' may be absent, '+' needs a string",
            cure: "say what stands for an absent one: plateNumber.orValue('')",
            marked: "plateNumber"
        ),
        Refusal(
            source: "netAmount / 3",
            message: "a decimal division must say how it is rounded",
            cure: "write divide(a, b, 2)",
            marked: "netAmount / 3"
        ),
        Refusal(
            source: "netAmount == 'x'",
            message: "a decimal never equals a string",
            cure: "compare values of one type",
            marked: "netAmount == 'x'"
        ),
        Refusal(
            source: "rond(1, 2)",
            message: "there is no function 'rond'",
            cure: "did you mean 'round'?",
            marked: "rond"
        ),
        Refusal(
            source: "string(date(transactionTime), 'dd.mm.yyyy')",
            message: "'mm' is minutes, and a date has none",
            cure: "the month is 'MM'",
            marked: "'dd.mm.yyyy'"
        ),
        Refusal(
            source: "99999999999999999999",
            message: "the number does not fit 64 bits",
            cure: nil,
            marked: "99999999999999999999"
        ),
        Refusal(
            source: "a = 1",
            message: "'=' is no operator",
            cure: "compare with '=='",
            marked: "="
        ),
    ])
    func `are refused with place and cure`(_ refusal: Refusal) throws {
        let scope = try scope()
        let error = #expect(throws: ExpressionError.self) {
            _ = try Expression(refusal.source, in: scope)
        }
        let found = try #require(error)
        #expect(found.message == refusal.message)
        #expect(found.cure == refusal.cure)
        let marked = Array(refusal.source.utf8)[found.range]
        #expect(String(decoding: marked, as: UTF8.self) == refusal.marked)
    }

    @Test func `nesting without end is refused, not followed`() throws {
        let scope = try scope()
        let deep =
            String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000)
        for source in [
            deep, String(repeating: "-", count: 10_000) + "1",
            String(repeating: "!", count: 10_000) + "true",
        ] {
            let error = #expect(throws: ExpressionError.self) {
                _ = try Expression(source, in: scope)
            }
            #expect(error?.name == "too-deep")
        }
    }

    @Test func `an overflow is an error, not another number`() throws {
        #expect(throws: EvaluationError.self) { try value("9223372036854775807 + 1") }
    }
}
